import type { ReadScan } from "../src/scan/scan.ts";

export interface ScanTable {
  readonly text: string;
  readonly kind: "twoTheta" | "q" | "d" | "tof" | "none" | "assumed";
  readonly loose: boolean;
  readonly axis: readonly number[];
  readonly intensity: readonly number[];
}

/** Table number `index` under `seed`, and what it states. */
export function scanTable(seed: number, index: number): ScanTable;

/** What is wrong with a reading of the table, or undefined. */
export function wrongReading(table: ScanTable, read: ReadScan): string | undefined;
