/**
 * The package root: the main verbs, the readers, and what every layer throws. Layers are sub-paths: `ewald/crystal`, …; what needs
 * Node's files is `ewald/node`.
 * @module ewald
 */
export { type ReadStructures, readStructures } from "./crystal/io/read-structures.ts";
export { type Structure } from "./crystal/structure.ts";
export { type Contents, readContents } from "./data/contents.ts";
export {
  describeError,
  type ErrorDetails,
  EwaldError,
  type Position,
  type Warning,
} from "./errors.ts";
export { type ScanIdentification } from "./identify/identify-scan.ts";
export { type PredictRecord } from "./jobs/predict/record.ts";
export { type SimulateRecord } from "./jobs/simulate/record.ts";
export { type ReadModelFile } from "./models/model-store.ts";
export { type ClassPrediction } from "./models/prediction.ts";
export { readScan } from "./scan/read.ts";
export { type ReadScan, type Scan } from "./scan/scan.ts";
export {
  identify,
  type IdentifyInput,
  predict,
  type PredictInput,
  simulate,
  type SimulateInput,
} from "./verbs.ts";
export { ERROR_CODES, type ErrorCode } from "./error-codes.table.ts";
