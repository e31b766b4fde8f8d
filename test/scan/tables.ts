/** Tables for the tests of columns: sixty points from 20°, a peak of thousands among hundreds. */
import { EwaldError } from "../../src/errors.ts";
import { readScan } from "../../src/scan/read.ts";
import type { ReadScan } from "../../src/scan/scan.ts";
import { bytesOf } from "./fixtures/written.ts";

export const ANGLES = Array.from({ length: 60 }, (_, i) => Number((20 + i * 0.05).toFixed(2)));
export const COUNTS = ANGLES.map((_, i) => [1249, 9300, 12_500][i - 29] ?? 300 + i);

export const read = (text: string): ReadScan => readScan(bytesOf(text));

/** `row(angle, counts, index)` for every point below a heading. */
export function table(
  heading: string,
  row: (angle: string, counts: number, i: number) => string,
): string {
  const rows = ANGLES.map((angle, i) => row(angle.toFixed(2), COUNTS[i]!, i));
  return `${heading === "" ? "" : `${heading}\n`}${rows.join("\n")}\n`;
}

/** The only range of a table, as plain numbers. */
export function pointsOf(text: string): { axis: number[]; intensity: number[]; kind: string } {
  const { ranges } = read(text).scan;
  const [range] = ranges;
  if (ranges.length !== 1) throw new Error(`${ranges.length} ranges`);
  return {
    axis: Array.from(range!.axis.values),
    intensity: Array.from(range!.intensity),
    kind: range!.axis.kind,
  };
}

export function errorOf(text: string): EwaldError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof EwaldError) return error;
    throw error;
  }
  throw new Error("was read");
}

export const codesOf = (text: string): string[] => read(text).warnings.map(({ code }) => code);
