/**
 * Structure tables and what makes training data of them. Pure; tables on disk: `ewald/node`.
 * @module ewald/data
 */
export { cleanedRows, planCleaning } from "./clean.ts";
export {
  type Content,
  type Contents,
  readContents,
  type ScanContent,
  type StructureContent,
} from "./contents.ts";
export { type EmbeddedOptions, embeddedRows } from "./embedded.ts";
export { leakage } from "./leakage.ts";
export { groupedSplit, kFoldSplit, randomSplit, type Split } from "./splits.ts";
export {
  rowStructure,
  type StructureRow,
  structureRow,
  type StructureTable,
} from "./structure-table.ts";
export { summariseTable } from "./summary.ts";
export { structureTableBytes } from "./table-writer.ts";
