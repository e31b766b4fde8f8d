/** `ewald convert` of one input: the text of the file to write. */
import type { Content } from "../../data/index.ts";
import type { Warning } from "../../errors.ts";
import { pointCount, type WriteFormat, writeScan } from "../../scan/index.ts";
import { requireScan } from "../contents.ts";
import { processScan, type ScanProcessing } from "../scan-processing.ts";

export interface ConvertTaskOptions {
  readonly format: WriteFormat;
  readonly processing: ScanProcessing;
}

export interface ConvertRecord {
  readonly input: string;
  /** Format of the input. */
  readonly format: string;
  readonly points: number;
  readonly text: string;
  readonly warnings: readonly Warning[];
}

export function convertTask(content: Content, options: ConvertTaskOptions): ConvertRecord {
  const { input, format, scan, warnings } = requireScan(content);
  const result = processScan(scan, options.processing);
  const text = writeScan(result, options.format);
  return { input, format, points: pointCount(result), text, warnings };
}
