/** Scan → structure type. */
export {
  drawConditions,
  type ScanConditions,
  type StrainLimits,
  type TextureAxis,
} from "../../diffraction/scan-conditions.ts";
export { chooseLibrary, LibraryBuilder } from "../../known/library-build.ts";
export {
  type CellParameters,
  type LineList,
  lineList,
  type OwnCell,
  ownLines,
} from "../../diffraction/line-list.ts";
export {
  type LibraryType,
  LIBRARY_VERSION,
  membersOf,
  nameOfType,
  parseLibrary,
  type StructureTypeLibrary,
  typeOfKey,
  type TypeVariant,
} from "../../known/library.ts";
export {
  type Pattern,
  patternOf,
  PATTERN_SIZE,
  PATTERN_STEP,
  binOfTwoThetaDeg,
  twoThetaDegOfBin,
} from "../../scan/log-pattern.ts";
export {
  type AngleGrid,
  CU_KA1_ANGSTROM,
  drawLines,
  PAPER_GRID,
  placeLines,
  simulateScan,
  strainedCell,
} from "../../diffraction/simulated-scan.ts";
export { convolutionalModel, LAST_CONVOLUTION } from "./network.ts";
export { drawPattern, observedBins, SampleStore, unpackSample } from "./training-samples.ts";
export { substituted } from "../../known/substitute.ts";
export { agreementWithElements, type ElementEvidence, ElementModel } from "../../known/elements.ts";
export {
  type Fit,
  fitCompound,
  peaksOfLines,
  peaksOfPattern,
  type PeakSet,
  type Target,
  targetOf,
} from "../../known/templates.ts";
export {
  type BestCompound,
  Compounds,
  decodeCompounds,
  encodeCompounds,
} from "../../known/compounds.ts";
export {
  type MeasuredMineral,
  ROCKJOCK_PHASES,
  RRUFF_LABELS,
} from "../../reproduce/measured/measured-types.table.ts";
export {
  type WitnessWeights,
  probabilitiesOf,
  type Calibration,
  reliabilityOf,
  type Witnesses,
} from "./belief.ts";
export {
  type Evidence,
  type IdentifyOptions,
  patternOfScan,
  type StructureTypeFiles,
  StructureTypeModel,
} from "./model.ts";
export {
  cellFactors,
  memberStructure,
  representativeStructure,
} from "../../known/member-structure.ts";
export { observe, type Observation, type ObservedPeak } from "../../scan/observe.ts";
export {
  overlay,
  type Overlay,
  type OverlayLine,
  type OverlayOptions,
  overlayOwn,
} from "../../fit/overlay.ts";
export { drawnTogether } from "../../fit/drawn-together.ts";
export {
  crossFittedAgreement,
  fitLeastAgreement,
  type OverlayOutcome,
  overlayOutcomes,
} from "../../reproduce/measured/overlay-agreement.ts";
export { checkScan, type ScanChecks } from "../../identify/checks.ts";
export type {
  CellIs,
  Identification,
  SuspectedTube,
  TiedType,
  TypeCandidate,
  WeighedType,
  WeighedTypes,
} from "./result.ts";
export { candidateWarnings } from "../../identify/candidate-checks.ts";
export {
  identifyScan,
  type IdentifyScanOptions,
  type LaidOver,
  LEAST_AGREEMENT,
  type Reference,
  type ScanIdentification,
  type TypeModel,
} from "../../identify/identify-scan.ts";
export { tableLines, type RowLines } from "../../known/line-feature.ts";
export {
  type CompoundSet,
  compoundSet,
  filledTypes,
  type Part,
  partOfFormula,
  type Sample,
  samplePool,
  unknownCompounds,
} from "./training-set.ts";
export {
  type Accuracy,
  accuracyOf,
  answerOf,
  elementsKnown,
  fitWitnesses,
  judgePattern,
  type JudgedTwice,
  judgePool,
  rejectionOf,
  storedPattern,
} from "./evaluate.ts";
export {
  compoundsOf,
  judgingPools,
  type JudgingPools,
  type MadeModel,
  makeModel,
  type ModelRun,
  type ModelScores,
  scoresOf,
} from "./make-model.ts";
export {
  measuredScan,
  type MeasuredScan,
  measuredScans,
} from "../../reproduce/measured/measured-scans.ts";
export { poolBatches, trainNetwork } from "./train.ts";
export {
  checkExtensionName,
  EXTENSION_VERSION,
  type ExtensionFiles,
  extensionNames,
  extensionPath,
  type ExtensionRecord,
  EXTENSIONS_FILE,
  extensionsText,
  joinedProbabilities,
  OTHERS_SHARE,
  readExtensions,
} from "./extension.ts";
export {
  type ExtensionRun,
  LEAST_COMPOUNDS,
  type MadeExtension,
  makeExtension,
  newTypes,
  type NewTypes,
  simulatedMembers,
} from "./extend.ts";
export {
  AVERAGE_GRID,
  decodeAverages,
  encodeAverages,
  type LaidAverage,
  layAverage,
  type TypeAverage,
  typeAverages,
} from "../../known/type-averages.ts";
export {
  AVERAGES_FILE,
  extendedFiles,
  loadExtendedModel,
  loadStructureTypeModel,
  loadTypeAverages,
  STRUCTURE_TYPE_FOLDER,
  structureTypeFiles,
} from "./model-files.ts";
export {
  descend,
  fitReliability,
  fitThreshold,
  fitWeights,
  type Judged,
  type Outcome,
} from "./calibrate.ts";
export {
  AveragePatterns,
  cosineToAverages,
  nearestAverage,
  type Observed,
  poolAverages,
} from "../../reproduce/crystinet/average.ts";
export {
  measuredPattern,
  type RangeDeg,
  simulatedPattern,
} from "../../reproduce/crystinet/patterns.ts";
export {
  nextLambda,
  RCNET,
  RCNET_FEATURES,
  rcnetModel,
  rcnetObjective,
  type RcnetShape,
} from "../../reproduce/crystinet/rcnet.ts";
export { type TypeGroups, typeGroups } from "../../reproduce/crystinet/groups.ts";
export {
  type CrystinetSplit,
  drawPlanned,
  partOfPattern,
  type PlannedPattern,
  planPatterns,
} from "../../reproduce/crystinet/pattern-plan.ts";
export {
  peaksByPlace,
  placeDeg,
  RcnetSaliency,
  type Saliency,
} from "../../reproduce/crystinet/saliency.ts";
export {
  type CrystinetRegime,
  EVENING_REGIME,
  type LabelledPatterns,
  PAPER_REGIME,
  type RcnetRun,
  trainRcnet,
} from "../../reproduce/crystinet/train.ts";
export {
  Crystinet,
  type CrystinetAnswer,
  type CrystinetEvidence,
  PAPER_ALPHA,
  type RcnetFile,
  reliabilities,
  similarityOfCosine,
  weigh,
} from "../../reproduce/crystinet/union.ts";
export type { ExtensionScores, Rejection } from "./scores.ts";
