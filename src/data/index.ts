/** Structure tables and everything that makes training data of them. Pure; disk and network stand in `node.ts`. */
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
  structureTableBytes,
  tableFileOf,
  type TableSink,
  writeStructureTable,
  type WriteOptions,
} from "./table-writer.ts";
export {
  checkLedger,
  type ComputedEntry,
  type LedgerEntry,
  type LedgerRole,
  type LedgerTable,
  parseLedger,
  type PaperEntry,
} from "../reproduce/ledger.ts";
export {
  formatEntry,
  formatValue,
  ledgerMarkdown,
  type LedgerLookup,
  renderLedgerMarkers,
} from "../reproduce/ledger-markdown.ts";
export { augmentationCounts, classCounts, classWeights, oversample } from "./balance.ts";
export { murmur3, sha256Hex } from "../formats/hash.ts";
export { leakage, LEAKAGE_KEYS, type Overlap, rowStructureType } from "./leakage.ts";
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
export { ARCHIVE_ENDING, isArchive, isMeant, type SourceFile, tarFiles } from "./import/archive.ts";
export { codSource, parseCodList } from "./import/cod.ts";
export type { Politeness, Web } from "./import/http.ts";
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
export type {
  FileContent,
  ImportPage,
  NamedStructure,
  PagedSource,
  RowMaker,
  StructureReader,
} from "./import/source.ts";
export {
  canonicalJson,
  decodeBlock,
  encodeBlock,
  type FeatureBlock,
  featureKey,
  type FeatureRequest,
} from "./feature-cache.ts";
export {
  CRYSTAL_SYSTEMS,
  type LabelSummary,
  summariseTable,
  type TableSummary,
} from "./summary.ts";
export { clashOf, cleanedRows, type CleanOptions, type CleanPlan, planCleaning } from "./clean.ts";
export { CLEAN_RULES, type CleanRule } from "./clean-rules.ts";
export { DATASET_RECIPES } from "../reproduce/dataset-counts.ts";
export {
  findItem,
  findPaper,
  ledgerEntries,
  type Measured,
  type Quantity,
  type Recipe,
  type RecipeContext,
  recipeIndex,
  type RecipeFigure,
  type RecipeResult,
  type ChartFigure,
  type CriticalPointsRecipeFigure,
  type GalleryFigure,
  type MatrixFigure,
  type ReproductionItem,
  type RunFacts,
} from "../reproduce/recipe.ts";
export { type PaperName, PAPERS, REPRODUCTION_ITEMS } from "../reproduce/items.table.ts";
export {
  describedRow,
  describeStructure,
  type Descriptors,
  TABLE_SYMPREC_ANGSTROM,
  withStructureTypes,
} from "./describe.ts";
export { readNamedStructures, readStructureFile } from "./import/reader.ts";
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
  EMBEDDED_PROVENANCE,
  EMBEDDED_SOURCE,
  type EmbeddedOptions,
  embeddedRows,
  RADIUS_TOLERANCE,
} from "./embedded.ts";
export {
  loadModel,
  loadFurtherFile,
  loadModelCard,
  type ModelCard,
  type ModelEntry,
  parseModelCard,
  type ReadModelFile,
  type StoredModel,
  urlModels,
} from "../models/model-store.ts";
export {
  type ClassPrediction,
  type ClassProbability,
  type KnownValue,
  likeliestClass,
  type ModelIdentity,
  type Prediction,
  probabilityOfClass,
  UNDECIDED,
  type ValuePrediction,
} from "../models/prediction.ts";
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
