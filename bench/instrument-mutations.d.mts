import type { ReadScan } from "../src/scan/scan.ts";

export interface InstrumentFile {
  readonly format: string;
  readonly text: string;
  readonly truth: object;
}

export function instrumentFile(seed: number, index: number): InstrumentFile;
export function wrongReading(
  file: InstrumentFile,
  outcome: Partial<ReadScan> & { readonly error?: Error },
): string | undefined;
