/** The parts of the data layer that need Node: files, archives and journals on disk, the network. */
export { defaultCacheFolder, type FeatureCache, openFeatureCache } from "./feature-cache.node.ts";
export { fileIdentity, openStructureTable, saveStructureTable, tableFile } from "./files.node.ts";
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
export { notWritten, replaceFile } from "./replace-file.node.ts";
