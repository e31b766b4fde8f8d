/** Structure tables and everything that makes training data of them. Pure; disk and network stand in `node.ts`. */
export { augmentationCounts, classCounts, classWeights, oversample } from "./balance.ts";
export { CLEAN_RULES, type CleanRule } from "./clean-rules.ts";
export { clashOf, cleanedRows, type CleanOptions, type CleanPlan, planCleaning } from "./clean.ts";
export {
  type Content,
  type Contents,
  readContents,
  requireScan,
  requireStructure,
  type ReadContentsOptions,
  type WantedContent,
  type ScanContent,
  type StructureContent,
  symmetryOrWarning,
} from "./contents.ts";
export {
  describedRow,
  describeStructure,
  type Descriptors,
  TABLE_SYMPREC_ANGSTROM,
  withStructureTypes,
} from "./describe.ts";
export {
  EMBEDDED_PROVENANCE,
  EMBEDDED_SOURCE,
  type EmbeddedOptions,
  embeddedRows,
  RADIUS_TOLERANCE,
} from "./embedded.ts";
export {
  canonicalJson,
  decodeBlock,
  encodeBlock,
  type FeatureBlock,
  featureKey,
  type FeatureRequest,
} from "./feature-cache.ts";
export { ARCHIVE_ENDING, isArchive, isMeant, type SourceFile, tarFiles } from "./import/archive.ts";
export { codSource, parseCodList } from "./import/cod.ts";
export { type Politeness, type Web } from "./import/http.ts";
export {
  type CsvOptions,
  type FilesOptions,
  type ImportFile,
  type ImportItem,
  passedOverText,
  structuresOfCsv,
  structuresOfFiles,
} from "./import/local.ts";
export {
  materialsProjectSource,
  type MaterialsProjectRequest,
} from "./import/materials-project.ts";
export { optimadeSource, type OptimadeRequest } from "./import/optimade.ts";
export { readNamedStructures, readStructureFile } from "./import/reader.ts";
export {
  type FileContent,
  type ImportPage,
  type NamedStructure,
  type PagedSource,
  type RowMaker,
  type StructureReader,
} from "./import/source.ts";
export { leakage, LEAKAGE_KEYS, type Overlap, rowStructureType } from "./leakage.ts";
export {
  type ColumnKind,
  type ColumnSpec,
  openTable,
  type OpenTable,
  type RowOf,
  type TableFile,
} from "./parquet.ts";
export {
  decodeProvenance,
  encodeProvenance,
  knownProvenance,
  mergeProvenance,
  type Provenance,
  PROVENANCE_KEY,
} from "./provenance.ts";
export {
  columnSplit,
  DEFAULT_FRACTIONS,
  foldParts,
  type Fractions,
  groupedSplit,
  type GroupKey,
  hashSplit,
  type Identified,
  kFoldSplit,
  partOfId,
  randomSplit,
  type Split,
} from "./splits.ts";
export { LABEL_COLUMNS, LABEL_LIMITS, STRUCTURE_COLUMNS } from "./structure-columns.table.ts";
export {
  type ExtraValue,
  LABEL_NAMES,
  type LabelName,
  type Labels,
  provenanceOf,
  type ReportProblem,
  rowFault,
  type RowOptions,
  type RowProblem,
  rowStructure,
  type RowDescription,
  structureRow,
  type StructureRow,
  structureTable,
  type StructureTable,
  uniqueIds,
} from "./structure-table.ts";
export {
  CRYSTAL_SYSTEMS,
  type LabelSummary,
  summariseTable,
  type TableSummary,
} from "./summary.ts";
export {
  BLOCK_ROWS,
  type BlockStore,
  type FeatureRows,
  pointCloudFeature,
  rowsHash,
  type StructureFeature,
  tableFeatures,
} from "./table-features.ts";
export {
  structureTableBytes,
  tableFileOf,
  type TableSink,
  writeStructureTable,
  type WriteOptions,
} from "./table-writer.ts";
