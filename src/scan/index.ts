/** Public names of this folder. */
export {
  type AirPlsOptions,
  airPls,
  background,
  type BackgroundOptions,
  snip,
  type SnipOptions,
  subtractBackground,
} from "./background.ts";
export { convertScanAxis, convertWavelength, type WavelengthOptions } from "./convert.ts";
export {
  applyInstrument,
  calibrateInstrument,
  type CalibrationOptions,
  type Instrument,
  type ObservedPeak,
  parseInstrument,
  type Resolution,
  resolutionWidth,
} from "./instrument.ts";
export {
  type Pattern,
  patternOf,
  PATTERN_SIZE,
  PATTERN_STEP,
  binOfTwoThetaDeg,
  twoThetaDegOfBin,
} from "./log-pattern.ts";
export { observe, type Observation } from "./observe.ts";
export {
  findPeaks,
  noiseOf,
  type PeakOptions,
  type ScanPeak,
  type SearchedPeak,
  searchPeaks,
} from "./peaks.ts";
export {
  checkedProcessing,
  type ProcessedScan,
  processScan,
  type ScanProcessing,
  withKnownRadiation,
} from "./process.ts";
export { type ReadOptions, readScan } from "./read.ts";
export {
  cutScan,
  type GridOptions,
  mergeRanges,
  type Normalisation,
  normalise,
  ownStep,
  resample,
} from "./resample.ts";
export {
  checkRange,
  esdOf,
  knownEsd,
  type IntensityUnit,
  type Metadata,
  type MetadataValue,
  pointCount,
  type ReadScan,
  type Scan,
  type ScanAxis,
  type LeftOutPoint,
  type ScanRange,
  type ScanSource,
  type ScanStep,
  scanWavelength,
  withRadiation,
} from "./scan.ts";
export {
  compareScans,
  cosineSimilarity,
  dtwDistance,
  jensenShannonDivergence,
  matchPeakPositions,
  type PeakMatch,
  pearsonCorrelation,
  type ScanSimilarity,
} from "./similarity.ts";
export {
  findOutliers,
  type OutlierOptions,
  removeOutliers,
  savitzkyGolay,
  smooth,
  type SmoothOptions,
} from "./smooth.ts";
export { type Doublet, doubletOf, stripAlpha2 } from "./strip-alpha2.ts";
export {
  type ScanRangeRecord,
  type ScanRecord,
  scanRecord,
  type WriteFormat,
  writeScan,
} from "./write.ts";
