/** Scan → structure type. */
export {
  type WitnessWeights,
  probabilitiesOf,
  type Calibration,
  reliabilityOf,
  type Witnesses,
} from "./belief.ts";
export {
  descend,
  fitReliability,
  fitThreshold,
  fitWeights,
  type Judged,
  type Outcome,
} from "./calibrate.ts";
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
  type ExtensionRun,
  LEAST_COMPOUNDS,
  type MadeExtension,
  makeExtension,
  newTypes,
  type NewTypes,
  simulatedMembers,
} from "./extend.ts";
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
  AVERAGES_FILE,
  extendedFiles,
  loadExtendedModel,
  loadStructureTypeModel,
  loadTypeAverages,
  STRUCTURE_TYPE_FOLDER,
  structureTypeFiles,
} from "./model-files.ts";
export {
  type Evidence,
  type IdentifyOptions,
  patternOfScan,
  type StructureTypeFiles,
  StructureTypeModel,
} from "./model.ts";
export { convolutionalModel, LAST_CONVOLUTION } from "./network.ts";
export {
  type Identification,
  type SuspectedTube,
  type TiedType,
  type TypeCandidate,
  type WeighedType,
  type WeighedTypes,
} from "./result.ts";
export { type ExtensionScores, type Rejection } from "./scores.ts";
export { poolBatches, trainNetwork } from "./train.ts";
export { drawPattern, observedBins, SampleStore, unpackSample } from "./training-samples.ts";
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
