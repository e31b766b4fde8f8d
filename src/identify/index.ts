/** The answer to a scan: which structure type, how sure, and why. */
export { candidateWarnings } from "./candidate-checks.ts";
export { checkScan, type ScanChecks } from "./checks.ts";
export {
  identifyScan,
  type IdentifyScanOptions,
  type LaidOver,
  LEAST_AGREEMENT,
  type Reference,
  type ScanIdentification,
  type TypeModel,
} from "./identify-scan.ts";
