/**
 * Points that cannot be right among many that are: a negative count, the −9999 or −1 that a program writes where it has no
 * value, NaN, the largest integer of a dead pixel. They are left out of the numbers and kept beside them, so that a plot can
 * mark them. Where they are many, the file is damaged or its columns are mixed up, and it is refused.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { median } from "../../math/statistics.ts";
import type { AxisKind } from "../../radiation/axis.ts";
import type { IntensityUnit, LeftOutPoint } from "../scan.ts";
import type { DraftRange } from "./draft-range.ts";

/** At most this share of the points may be wrong; before the first and behind the last good one, half of them. */
const MOST_INVALID = 0.04;
const MOST_AT_ENDS = 0.5;
/** Values that programs write where there is none: -99, -999, …, the least 16 and 32 bit integers. */
const FILL_VALUE = /^-(?:9{2,}|32768|2147483648)$/;
/** A dead pixel of a photon counter, and "no value" of netCDF and of several reduction programs. */
const DEAD_PIXEL = 4_294_967_295;
const BEYOND_INTENSITY = 1e30;
/** A fill value lies so many times lower than the lowest measured value. */
const FAR_BELOW = 5;
/** A lone negative value so many noise widths below its neighbours is none of them. */
const NOISE_WIDTHS = 10;
const NEIGHBOURS = 5;
const SHOWN = 3;

export interface CleanedRange {
  readonly range: DraftRange;
  readonly leftOut: readonly (LeftOutPoint & { readonly index: number })[];
}

/**
 * The range without the points that cannot be right, and these.
 * @throws EwaldError `scan/not-finite`, `scan/negative-counts` where they are too many
 */
export function withoutInvalidPoints(
  range: DraftRange,
  unit: IntensityUnit,
  warnings: Warning[],
): CleanedRange {
  const { intensity } = range;
  const missing = missingPoints(intensity);
  const gaps = new Set(missing);
  const inside = insidePoints(missing, intensity.length);
  if (
    inside > MOST_INVALID * intensity.length ||
    missing.length > MOST_AT_ENDS * intensity.length
  ) {
    throw notFinite(range, missing);
  }
  const negative = negativePoints(range, unit, gaps);
  if (negative.length > MOST_INVALID * intensity.length) throw negativeCounts(range, negative[0]!);
  const invalid = [...missing, ...negative].sort((a, b) => a - b);
  if (invalid.length === 0) return { range, leftOut: [] };
  warnings.push(warningOf(range, invalid));
  return {
    range: withoutRows(range, new Set(invalid)),
    // Where it stood among the points that stay.
    leftOut: invalid.map((row, before) => ({
      index: row - before,
      at: range.axis[row]!,
      value: intensity[row]!,
    })),
  };
}

/** Points with none good before or behind them are the rim of a detector, not damage. */
function insidePoints(missing: readonly number[], size: number): number {
  const gaps = new Set(missing);
  let start = 0;
  while (gaps.has(start)) start++;
  let end = size;
  while (gaps.has(end - 1)) end--;
  return missing.filter((i) => i >= start && i < end).length;
}

function missingPoints(intensity: Float64Array): number[] {
  let lowest = 0;
  for (const value of intensity) {
    if (value < lowest && !FILL_VALUE.test(String(value))) lowest = value;
  }
  const found: number[] = [];
  intensity.forEach((value, i) => {
    const isFill = value < FAR_BELOW * lowest && FILL_VALUE.test(String(value));
    const isNone = !Number.isFinite(value) || Math.abs(value) >= BEYOND_INTENSITY;
    if (isFill || isNone || value === DEAD_PIXEL) found.push(i);
  });
  return found;
}

/**
 * A count cannot be negative; a corrected intensity can, below a background or after smoothing. Whole numbers throughout are
 * counts. Among fractions a negative value is wrong only where it stands far below its neighbours.
 */
function negativePoints(
  range: DraftRange,
  unit: IntensityUnit,
  gaps: ReadonlySet<number>,
): number[] {
  const { intensity } = range;
  const rows = [...intensity.keys()].filter((i) => !gaps.has(i) && intensity[i]! < 0);
  const [first] = rows;
  if (first === undefined || range.isNet === true) return [];
  const isWhole = (_: number, i: number): boolean => gaps.has(i) || Number.isInteger(intensity[i]!);
  const areCounts =
    unit === "counts" ? Number.isInteger(intensity[first]!) : intensity.every(isWhole);
  if (areCounts) return rows;
  if (rows.length > MOST_INVALID * intensity.length) return [];
  const bad = new Set([...rows, ...gaps]);
  return rows.filter((i) => isFarBelow(intensity, i, bad));
}

function isFarBelow(intensity: Float64Array, i: number, bad: ReadonlySet<number>): boolean {
  const around: number[] = [];
  for (let k = i - NEIGHBOURS; k <= i + NEIGHBOURS; k++) {
    if (k >= 0 && k < intensity.length && !bad.has(k)) around.push(intensity[k]!);
  }
  if (around.length < NEIGHBOURS) return false;
  const middle = median(around);
  const spread = 1.4826 * median(around.map((value) => Math.abs(value - middle)));
  return intensity[i]! < middle - NOISE_WIDTHS * Math.max(spread, Math.sqrt(Math.max(0, middle)));
}

const AXIS_TEXT: Readonly<Record<AxisKind, readonly [name: string, unit: string]>> = {
  twoTheta: ["2θ", "°"],
  d: ["d", " Å"],
  q: ["Q", " 1/Å"],
  tof: ["a time of flight of", " µs"],
};

function warningOf(range: DraftRange, invalid: readonly number[]): Warning {
  const [name, unit] = AXIS_TEXT[range.kind];
  const said = invalid
    .slice(0, SHOWN)
    .map((i) => `${range.intensity[i]} at ${name} = ${Number(range.axis[i]!.toFixed(5))}${unit}`)
    .join(", ")
    .replaceAll("of = ", "of ");
  const more = invalid.length > SHOWN ? `, and ${invalid.length - SHOWN} more` : "";
  const what =
    invalid.length === 1
      ? "1 point that cannot be right was"
      : `${invalid.length} points that cannot be right were`;
  return {
    code: "scan/invalid-points",
    message: `${what} left out of ${range.intensity.length}: ${said}${more}`,
    ...range.position?.(invalid[0]!),
  };
}

function withoutRows(range: DraftRange, invalid: ReadonlySet<number>): DraftRange {
  const rows = [...range.intensity.keys()].filter((i) => !invalid.has(i));
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => column[row]!);
  const { esd, monitor, attenuation, countTimeSeconds: time, position } = range;
  return {
    ...range,
    axis: pick(range.axis),
    intensity: pick(range.intensity),
    esd: esd && pick(esd),
    monitor: monitor && pick(monitor),
    attenuation: attenuation && pick(attenuation),
    countTimeSeconds: time instanceof Float64Array ? pick(time) : time,
    position: position && ((i) => position(rows[Math.min(i, rows.length - 1)] ?? 0)),
  };
}

function notFinite(range: DraftRange, missing: readonly number[]): EwaldError {
  const [i] = missing as [number];
  const value = range.intensity[i]!;
  const others = missing.length - 1;
  return new EwaldError(
    "scan/not-finite",
    `point ${i + 1} (${range.axis[i]!}, ${value}) is not a number${others === 0 ? "" : `, nor are ${others} others of ${range.intensity.length}`}`,
    { value, ...range.position?.(i) },
  );
}

function negativeCounts(range: DraftRange, i: number): EwaldError {
  const value = range.intensity[i]!;
  return new EwaldError("scan/negative-counts", `point ${i + 1} has ${value} counts`, {
    value,
    unit: "counts",
    ...range.position?.(i),
    hint: "Counts cannot be negative: the file is damaged or its columns are mixed up.",
  });
}
