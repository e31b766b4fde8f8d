/**
 * Measured powder scans: read, processed, searched for peaks, compared, written.
 * @module ewald/scan
 */
export { background, subtractBackground } from "./background.ts";
export { convertScanAxis, convertWavelength } from "./convert.ts";
export { applyInstrument, type Instrument, parseInstrument } from "./instrument.ts";
export { type Observation, observe } from "./observe.ts";
export { findPeaks, type ScanPeak } from "./peaks.ts";
export { type ProcessedScan, processScan, type ScanProcessing } from "./process.ts";
export { readScan } from "./read.ts";
export { mergeRanges, resample } from "./resample.ts";
export { type ReadScan, type Scan, type ScanRange, withRadiation } from "./scan.ts";
export { compareScans, type ScanSimilarity } from "./similarity.ts";
export { removeOutliers, smooth } from "./smooth.ts";
export { stripAlpha2 } from "./strip-alpha2.ts";
export { writeScan } from "./write.ts";
