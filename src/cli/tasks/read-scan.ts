/** `ewald read` of a scan: points, wavelength and metadata as a plain record. */
import type { ScanContent } from "../../data/contents.ts";
import type { Warning } from "../../errors.ts";
import { processScan, type ScanProcessing } from "../../scan/process.ts";
import { type ScanRecord, scanRecord } from "../../scan/write.ts";

export interface ReadScanRecord extends ScanRecord {
  readonly input: string;
  readonly warnings: readonly Warning[];
}

export function readScanTask(content: ScanContent, processing: ScanProcessing): ReadScanRecord {
  const { scan, warnings } = processScan(content.scan, processing);
  return {
    ...scanRecord(scan),
    input: content.input,
    warnings: [...content.warnings, ...warnings],
  };
}
