/** The parts of the data layer that need Node: files on disk. */
export { openStructureTable, replaceFile, saveStructureTable, tableFile } from "./files.node.ts";
export {
  codeCommit,
  fileIdentity,
  type LedgerHead,
  machineClass,
  readLedger,
  recordResults,
  type RunStamp,
  runStamp,
} from "./ledger.node.ts";
