/** The parts of the data layer that need Node: files, archives and journals on disk, the network. */
export { defaultCacheFolder, type FeatureCache, openFeatureCache } from "./feature-cache.node.ts";
export {
  notWritten,
  openStructureTable,
  replaceFile,
  saveStructureTable,
  tableFile,
} from "./files.node.ts";
export { fileIdentity } from "./files.node.ts";
export { isAtOrBelow, type PassedOver, passedOverWords, walkFolder } from "./folder-walk.node.ts";
export {
  folderFiles,
  importItems,
  importPages,
  type ImportProgress,
  type ImportReport,
  sourceFiles,
  systemWeb,
  tarArchiveFiles,
  textPieces,
  zipArchiveFiles,
} from "./import/import.node.ts";
