export { type ReadOptions, readScan } from "./read.ts";
export {
  checkRange,
  esdOf,
  type IntensityUnit,
  type Metadata,
  type MetadataValue,
  pointCount,
  type ReadScan,
  type Scan,
  type ScanAxis,
  type ScanRange,
  type ScanSource,
  type ScanStep,
  scanWavelength,
  withRadiation,
} from "./scan.ts";
