/** What is known of compounds from public tables, found by formula and structure. */
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
export { FormEnergies, type FormEnergy, knownEntry } from "./known-values-build.ts";
export { decodeKnownValues, encodeKnownValues } from "./known-values-file.ts";
export { KNOWN_FILE, KNOWN_FOLDER, loadKnownValues } from "./load.ts";
