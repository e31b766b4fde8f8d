/**
 * What every reader hands over, and the one place where it is checked and turned into a scan: sizes,
 * finite numbers, counts that are not negative, an axis that rises. A file whose axis starts again
 * holds several ranges; a doubled or misplaced angle is an error with its line.
 */
import { EwaldError, type Position, type Warning } from "../../errors.ts";
import type { AxisKind, Radiation } from "../../radiation/index.ts";
import type { IntensityUnit, Metadata, Scan, ScanRange } from "../scan.ts";
import { checkRange, orderedRange } from "../scan.ts";

/** One sweep as a reader found it. */
export interface DraftRange {
  readonly kind: AxisKind;
  readonly axis: Float64Array;
  readonly intensity: Float64Array;
  readonly esd?: Float64Array | undefined;
  readonly countTimeSeconds?: number | Float64Array | undefined;
  readonly monitor?: Float64Array | undefined;
  readonly attenuation?: Float64Array | undefined;
  readonly name?: string | undefined;
  /** Where point `index` stood in the file, for errors. */
  readonly position?: ((index: number) => Position) | undefined;
}

export interface Draft {
  readonly format: string;
  readonly ranges: readonly DraftRange[];
  readonly radiation: Radiation | null;
  readonly intensityUnit: IntensityUnit;
  /** Undefined and blank values are dropped. */
  readonly metadata: Readonly<Record<string, Metadata[string] | undefined>>;
}

/** A range of a multi-range column file needs so many points, or a jump of its axis is an error. */
const SHORTEST_RANGE = 10;
/** Steps that differ by more than this part belong to different ranges. */
const STEP_TOLERANCE = 0.05;

const DECIMALS = 1e8;

/** Whether a number is a decimal of at most eight places. */
function isDecimal(value: number): boolean {
  return Math.abs(value * DECIMALS - Math.round(value * DECIMALS)) < 1e-5 && Math.abs(value) < 1e6;
}

/**
 * Points from `start` in steps of `step`; where both are decimals, so are the points: 39.98, not
 * 39.980000000000004.
 */
export function steppedAxis(start: number, step: number, count: number): Float64Array {
  const axis = new Float64Array(count);
  const exact = isDecimal(start) && isDecimal(step);
  for (let i = 0; i < count; i++) {
    const value = start + i * step;
    axis[i] = exact ? Math.round(value * DECIMALS) / DECIMALS : value;
  }
  return axis;
}

/** `count` points that divide the way from `first` to `last` evenly. */
export function spannedAxis(first: number, last: number, count: number): Float64Array {
  const axis = new Float64Array(count);
  const step = count > 1 ? (last - first) / (count - 1) : 0;
  for (let i = 0; i < count; i++) axis[i] = first + i * step;
  if (count > 1) axis[count - 1] = last;
  return axis;
}

export function finishScan(draft: Draft, name: string | undefined, warnings: Warning[]): Scan {
  const ranges = draft.ranges.flatMap((range) => finishRange(range, draft.intensityUnit, warnings));
  if (ranges.length === 0) throw new EwaldError("scan/empty", "the file holds no data point");
  const metadata: Record<string, Metadata[string]> = {};
  for (const [key, value] of Object.entries(draft.metadata)) {
    if (value === undefined || value === "" || Number.isNaN(value)) continue;
    metadata[key] = value;
  }
  return {
    ranges,
    radiation: draft.radiation,
    intensityUnit: draft.intensityUnit,
    metadata,
    source: name === undefined ? { format: draft.format } : { name, format: draft.format },
    history: [],
  };
}

function finishRange(range: DraftRange, unit: IntensityUnit, warnings: Warning[]): ScanRange[] {
  if (range.axis.length !== range.intensity.length) {
    throw new EwaldError(
      "scan/truncated",
      `${range.axis.length} points are announced, ${range.intensity.length} are there`,
      { ...range.position?.(Math.min(range.axis.length, range.intensity.length)) },
    );
  }
  if (range.axis.length === 0) {
    throw new EwaldError("scan/empty", "a range without a data point", { ...range.position?.(0) });
  }
  checkFinite(range);
  checkCounts(range, unit, warnings);
  const rising = range.axis.length < 2 || range.axis[0]! < range.axis.at(-1)! ? 1 : -1;
  const starts = rangeStarts(range, rising, warnings);
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? range.axis.length;
    const part = orderedRange(cut(range, start, end));
    checkRange(part);
    return part;
  });
}

function checkFinite(range: DraftRange): void {
  for (let i = 0; i < range.axis.length; i++) {
    const x = range.axis[i]!;
    const y = range.intensity[i]!;
    if (Number.isFinite(x) && Number.isFinite(y)) continue;
    throw new EwaldError("scan/not-finite", `point ${i + 1} (${x}, ${y}) is not a number`, {
      value: Number.isFinite(x) ? y : x,
      ...range.position?.(i),
    });
  }
}

/**
 * A count cannot be negative, but a corrected intensity can: below a background, after smoothing. Whole
 * numbers throughout are counts, so a negative one is an error; among fractions it is a warning.
 */
function checkCounts(range: DraftRange, unit: IntensityUnit, warnings: Warning[]): void {
  const first = range.intensity.findIndex((value) => value < 0);
  if (first < 0) return;
  const value = range.intensity[first]!;
  const at = range.position?.(first);
  if (unit === "counts" ? Number.isInteger(value) : range.intensity.every(Number.isInteger)) {
    throw new EwaldError("scan/negative-counts", `point ${first + 1} has ${value} counts`, {
      value,
      unit: "counts",
      ...at,
      hint: "Counts cannot be negative: the file is damaged or its columns are mixed up.",
    });
  }
  warnings.push({
    code: "scan/negative-intensity",
    message: `intensities below zero (first ${value}): the scan was corrected before it was saved`,
    ...at,
  });
}

/**
 * Indices where a range begins. The axis may start again (several sweeps in one list of columns); one
 * point out of order, or an angle given twice in an even grid, is a damaged file.
 */
function rangeStarts(range: DraftRange, rising: 1 | -1, warnings: Warning[]): number[] {
  const { axis } = range;
  const starts = [0];
  for (let i = 1; i < axis.length; i++) {
    if ((axis[i]! - axis[i - 1]!) * rising > 0) continue;
    const lone = axis.length - i < SHORTEST_RANGE || i - starts.at(-1)! < SHORTEST_RANGE;
    if (lone || !startsRange(axis, i, rising)) throw outOfOrder(range, i);
    starts.push(i);
  }
  if (starts.length > 1) {
    warnings.push({
      code: "scan/several-ranges",
      message: `the axis starts again ${starts.length - 1} time(s): read as ${starts.length} ranges`,
      ...range.position?.(starts[1]!),
    });
  }
  return starts;
}

/** Whether the next points continue from point `i` on their own, and not on the old grid. */
function startsRange(axis: Float64Array, i: number, rising: 1 | -1): boolean {
  for (let k = i + 1; k < i + SHORTEST_RANGE; k++) {
    if ((axis[k]! - axis[k - 1]!) * rising <= 0) return false;
  }
  const before = axis[i - 1]! - axis[i - 2]!;
  const after = axis[i + 1]! - axis[i]!;
  const sameStep = Math.abs(after - before) <= STEP_TOLERANCE * Math.abs(before);
  // On an even grid, a step back by a point or less is a doubled or swapped point.
  return !(sameStep && Math.abs(axis[i]! - axis[i - 1]!) < 1.5 * Math.abs(before));
}

function outOfOrder(range: DraftRange, i: number): EwaldError {
  const [before, value] = [range.axis[i - 1]!, range.axis[i]!];
  const doubled = value === before;
  return new EwaldError(
    doubled ? "scan/doubled-angle" : "scan/unsorted-axis",
    doubled
      ? `point ${i + 1} repeats the position ${value}`
      : `point ${i + 1} at ${value} follows ${before}: the axis is not in order`,
    {
      value,
      ...range.position?.(i),
      hint: "Sort the points and remove the double ones; the file does not say which are right.",
    },
  );
}

function cut(range: DraftRange, start: number, end: number): ScanRange {
  const whole = start === 0 && end === range.axis.length;
  const part = (column: Float64Array): Float64Array => (whole ? column : column.slice(start, end));
  const { esd, monitor, attenuation, countTimeSeconds, name } = range;
  return {
    axis: { kind: range.kind, values: part(range.axis) },
    intensity: part(range.intensity),
    ...(esd === undefined ? {} : { esd: part(esd) }),
    ...(countTimeSeconds === undefined
      ? {}
      : {
          countTimeSeconds:
            typeof countTimeSeconds === "number" ? countTimeSeconds : part(countTimeSeconds),
        }),
    ...(monitor === undefined ? {} : { monitor: part(monitor) }),
    ...(attenuation === undefined ? {} : { attenuation: part(attenuation) }),
    ...(name === undefined || name === "" ? {} : { name }),
  };
}
