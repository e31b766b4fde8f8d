/**
 * The draft that every reader hands over, and the one place where it is checked and turned into a scan: sizes,
 * finite numbers, counts that are not negative, an axis that rises. A file whose axis starts again
 * holds several ranges; a doubled or misplaced angle is an error with its line.
 */
import { type DraftRange } from "./draft-range.ts";
import { EwaldError, type Warning } from "../../errors.ts";
import type { Radiation } from "../../radiation/radiation.ts";
import {
  checkRange,
  type IntensityUnit,
  type Metadata,
  orderedRange,
  type Scan,
  type ScanRange,
} from "../scan.ts";
import { type CleanedRange, withoutInvalidPoints } from "./invalid-points.ts";
import { radiationOfTitles } from "./title-radiation.ts";

export interface Draft {
  readonly format: string;
  readonly ranges: readonly DraftRange[];
  readonly radiation: Radiation | null;
  /** The file says that it knows of none: words in its comment are then no statement. */
  readonly saysNoRadiation?: boolean;
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
    radiation:
      draft.radiation ??
      (draft.saysNoRadiation === true ? null : radiationOfTitles(metadata, warnings)),
    intensityUnit: draft.intensityUnit,
    metadata,
    source: name === undefined ? { format: draft.format } : { name, format: draft.format },
    history: [],
  };
}

function finishRange(given: DraftRange, unit: IntensityUnit, warnings: Warning[]): ScanRange[] {
  checkLengths(given);
  checkAxis(given);
  const cleaned = withoutInvalidPoints(given, unit, warnings);
  const range = withUsableEsd(cleaned.range, warnings);
  warnOfNegatives(range, warnings);
  const rising = range.axis.length < 2 || range.axis[0]! < range.axis.at(-1)! ? 1 : -1;
  const starts = rangeStarts(range, rising, warnings);
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? range.axis.length;
    const part = orderedRange({ ...cut(range, start, end), ...leftOutOf(cleaned, start, end) });
    checkRange(part);
    return part;
  });
}

/** Those of one part; those behind the last point belong to the last part. */
function leftOutOf(
  { range, leftOut }: CleanedRange,
  start: number,
  end: number,
): Pick<ScanRange, "leftOut"> {
  const within = leftOut
    .filter(
      ({ index }) =>
        index >= start && (index < end || (end === range.axis.length && index === end)),
    )
    .map(({ at, value }) => ({ at, value }));
  const all = [...(start === 0 ? (range.leftOut ?? []) : []), ...within];
  return all.length === 0 ? {} : { leftOut: all };
}

function checkLengths(range: DraftRange): void {
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
}

/** @throws EwaldError `scan/not-finite`: a point without a place cannot be drawn either */
function checkAxis(range: DraftRange): void {
  for (let i = 0; i < range.axis.length; i++) {
    const value = range.axis[i]!;
    if (Number.isFinite(value)) continue;
    throw new EwaldError(
      "scan/not-finite",
      `point ${i + 1} (${value}, ${range.intensity[i]!}) is not a number`,
      { value, ...range.position?.(i) },
    );
  }
}

/** An uncertainty is no negative number: a column that holds one is none, or its mark for "unknown" would become a weight. */
function withUsableEsd(range: DraftRange, warnings: Warning[]): DraftRange {
  const { esd } = range;
  const bad = esd?.findIndex((value) => !(value >= 0 && value < Infinity)) ?? -1;
  if (esd === undefined || bad < 0) return range;
  warnings.push({
    code: "scan/no-esd",
    message: `the uncertainties were left out: one of them is ${esd[bad]}`,
    ...range.position?.(bad),
  });
  return { ...range, esd: undefined };
}

function warnOfNegatives(range: DraftRange, warnings: Warning[]): void {
  const first = range.isNet === true ? -1 : range.intensity.findIndex((value) => value < 0);
  if (first < 0) return;
  warnings.push({
    code: "scan/negative-intensity",
    message: `intensities below zero (first ${range.intensity[first]!}): the scan was corrected before it was saved`,
    ...range.position?.(first),
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
