/** What is known of compounds from public tables, found by formula and structure. */
export { AveragePatterns, cosineToAverages, type Observed } from "./average-patterns.ts";
export { type BestCompound, Compounds, decodeCompounds, encodeCompounds } from "./compounds.ts";
export { agreementWithElements, type ElementEvidence, ElementModel } from "./elements.ts";
export { FormEnergies, type FormEnergy, knownEntry } from "./known-values-build.ts";
export { decodeKnownValues, encodeKnownValues } from "./known-values-file.ts";
export {
  type EntryValues,
  formulaKey,
  type Identity,
  identityOf,
  type KnownEntry,
  VALUE_SOURCES,
  type KnownMatch,
  KnownValues,
  type Matches,
  SHAPE_TOLERANCE,
  sourceText,
  spaceGroupClass,
  type ValueName,
  VOLUME_TOLERANCE,
} from "./known-values.ts";
export { chooseLibrary, LibraryBuilder } from "./library-build.ts";
export {
  type LibraryType,
  LIBRARY_VERSION,
  membersOf,
  nameOfType,
  parseLibrary,
  type StructureTypeLibrary,
  typeOfKey,
  type TypeVariant,
} from "./library.ts";
export { tableLines, type RowLines } from "./line-feature.ts";
export { KNOWN_FILE, KNOWN_FOLDER, loadKnownValues } from "./load.ts";
export { cellFactors, memberStructure, representativeStructure } from "./member-structure.ts";
export { substituted } from "./substitute.ts";
export {
  type Fit,
  fitCompound,
  peaksOfLines,
  peaksOfPattern,
  type PeakSet,
  type Target,
  targetOf,
} from "./templates.ts";
export {
  AVERAGE_GRID,
  decodeAverages,
  encodeAverages,
  type LaidAverage,
  layAverage,
  type TypeAverage,
  typeAverages,
} from "./type-averages.ts";
