/**
 * The answer to a scan: which structure type, how sure, and why.
 * @module ewald/identify
 */
export { checkScan } from "./checks.ts";
export {
  identifyScan,
  type IdentifyScanOptions,
  type LaidOver,
  type Reference,
  type ScanIdentification,
} from "./identify-scan.ts";
