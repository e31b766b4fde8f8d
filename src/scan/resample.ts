/**
 * Other points, other scale: resampling that conserves area, cutting, merging of ranges, normalisation.
 */
import { EwaldError } from "../errors.ts";
import {
  esdOf,
  type IntensityUnit,
  processed,
  type Scan,
  type ScanRange,
  secondsAt,
} from "./scan.ts";

export interface GridOptions {
  /** First point, in units of the axis; default the first of the data. */
  readonly start?: number;
  /** Last point; default the last of the data. */
  readonly stop?: number;
  readonly step: number;
  /** Value of points of the grid outside the data; without it the grid ends where the data do. */
  readonly outside?: number;
}

const MAX_GRID_POINTS = 10_000_000;

/** Bin edges: half way between neighbours, the outer ones as wide as the next. */
export function binEdges(values: Float64Array): Float64Array {
  const size = values.length;
  const edges = new Float64Array(size + 1);
  for (let i = 1; i < size; i++) edges[i] = (values[i - 1]! + values[i]!) / 2;
  edges[0] = size > 1 ? values[0]! - (edges[1]! - values[0]!) : values[0]! - 0.5;
  edges[size] =
    size > 1 ? values[size - 1]! + (values[size - 1]! - edges[size - 1]!) : values[0]! + 0.5;
  return edges;
}

function gridOf(first: number, last: number, options: GridOptions): Float64Array {
  const { step } = options;
  const start = options.start ?? first;
  const stop = options.stop ?? last;
  const count = Math.floor((stop - start) / step + 1 + 1e-9);
  if (!(step > 0) || !(count >= 1) || count > MAX_GRID_POINTS) {
    throw new EwaldError(
      "scan/option",
      `no grid runs from ${start} to ${stop} in steps of ${step}`,
      {
        value: step,
      },
    );
  }
  return Float64Array.from({ length: count }, (_, i) => start + i * step);
}

/**
 * Intensities on other points such that the area under any stretch stays what it was (each point stands for
 * its bin; a new bin takes its overlaps). Narrower bins repeat a value, they do not interpolate: no peak
 * is invented. Uncertainties are propagated.
 */
function resampleRange(
  range: ScanRange,
  grid: Float64Array,
  outside: number | undefined,
  unit: IntensityUnit,
): ScanRange {
  const edges = binEdges(range.axis.values);
  const gridEdges = binEdges(grid);
  const esd = esdOf(range, unit);
  const size = grid.length;
  const intensity = new Float64Array(size);
  const out = new Float64Array(size);
  let from = 0;
  for (let g = 0; g < size; g++) {
    const left = gridEdges[g]!;
    const right = gridEdges[g + 1]!;
    while (from < esd.length - 1 && edges[from + 1]! <= left) from++;
    let area = 0;
    let variance = 0;
    let covered = 0;
    for (let i = from; i < esd.length && edges[i]! < right; i++) {
      const overlap = Math.min(right, edges[i + 1]!) - Math.max(left, edges[i]!);
      if (overlap <= 0) continue;
      area += range.intensity[i]! * overlap;
      variance += (esd[i]! * overlap) ** 2;
      covered += overlap;
    }
    intensity[g] =
      covered > 0 ? area / (outside === undefined ? covered : right - left) : (outside ?? 0);
    out[g] = covered > 0 ? Math.sqrt(variance) / covered : 0;
  }
  const { attenuation: _a, monitor: _m, countTimeSeconds: _t, ...rest } = range;
  const time = range.countTimeSeconds;
  return {
    ...rest,
    axis: { kind: range.axis.kind, values: grid },
    intensity,
    esd: out,
    ...(typeof time === "number" ? { countTimeSeconds: time } : {}),
  };
}

/** The scan on an even grid, range by range; the area of every stretch is conserved. */
export function resample(scan: Scan, options: GridOptions): Scan {
  const ranges = scan.ranges.flatMap((range) => {
    const { values } = range.axis;
    const grid = gridOf(values[0]!, values.at(-1)!, options);
    const edges = binEdges(values);
    const kept =
      options.outside === undefined
        ? grid.filter((at) => at >= edges[0]! && at <= edges.at(-1)!)
        : grid;
    return kept.length === 0
      ? []
      : [resampleRange(range, kept, options.outside, scan.intensityUnit)];
  });
  if (ranges.length === 0) {
    throw new EwaldError("scan/empty", "the grid lies outside the data", { value: options.start });
  }
  const parameters: Record<string, number> = { step: options.step };
  if (options.start !== undefined) parameters["start"] = options.start;
  if (options.stop !== undefined) parameters["stop"] = options.stop;
  if (options.outside !== undefined) parameters["outside"] = options.outside;
  return processed(scan, ranges, { step: "resample", parameters });
}

/** The points from `low` to `high` (both included) of every range. */
export function cutScan(scan: Scan, low: number, high: number): Scan {
  const ranges = scan.ranges.flatMap((range): ScanRange[] => {
    const { values } = range.axis;
    let start = 0;
    while (start < values.length && values[start]! < low) start++;
    let end = values.length;
    while (end > start && values[end - 1]! > high) end--;
    if (end === start) return [];
    const leftOut = range.leftOut?.filter(({ at }) => at >= low && at <= high);
    const part = (column: Float64Array): Float64Array => column.slice(start, end);
    const { esd, monitor, attenuation, countTimeSeconds } = range;
    return [
      Object.assign({}, range, {
        axis: { kind: range.axis.kind, values: part(values) },
        intensity: part(range.intensity),
        ...(leftOut === undefined ? {} : { leftOut }),
        ...(esd === undefined ? {} : { esd: part(esd) }),
        ...(monitor === undefined ? {} : { monitor: part(monitor) }),
        ...(attenuation === undefined ? {} : { attenuation: part(attenuation) }),
        ...(countTimeSeconds instanceof Float64Array
          ? { countTimeSeconds: part(countTimeSeconds) }
          : {}),
      }),
    ];
  });
  if (ranges.length === 0) {
    throw new EwaldError("scan/empty", `no point lies between ${low} and ${high}`, { value: low });
  }
  return processed(scan, ranges, { step: "cut", parameters: { low, high } });
}

/** Monitor counts, or seconds, or 1: what the counts of a point are in proportion to. */
function exposure(range: ScanRange, i: number): number {
  return range.monitor?.[i] ?? secondsAt(range, i) ?? 1;
}

/** The divisor that makes intensities of different points comparable: rates are per second already. */
function perExposure(range: ScanRange, i: number, unit: IntensityUnit): number {
  if (unit !== "counts/s") return exposure(range, i);
  return range.monitor === undefined ? 1 : range.monitor[i]! / (secondsAt(range, i) ?? 1);
}

/** The mean step of the finest range, in units of the axis. */
export function ownStep({ ranges }: Scan): number {
  const steps = ranges.map(
    ({ axis: { values } }) => (values.at(-1)! - values[0]!) / Math.max(1, values.length - 1),
  );
  const positive = steps.filter((step) => step > 0);
  return positive.length === 0 ? 1 : Math.min(...positive);
}

const UNITS = { twoTheta: "°", d: " Å", q: " 1/Å", tof: " µs" } as const;
/** A grid so many times finer than the data was meant for another axis: 0.02° is nothing in µs. */
const MOST_OVERSAMPLED = 20;

function checkMergeStep(scan: Scan, step: number): void {
  const own = ownStep(scan);
  if (!(step > 0) || step * MOST_OVERSAMPLED >= own) return;
  const unit = UNITS[scan.ranges[0]!.axis.kind];
  const plain = Number(own.toPrecision(3));
  throw new EwaldError(
    "scan/merge-step",
    `a step of ${step}${unit} is ${Math.round(own / step)} times finer than the scan's own of ${plain}${unit}`,
    { value: step, unit: unit.trim(), hint: `Merge with the scan's own step: ${plain}.` },
  );
}

/**
 * All ranges of a scan as one, on an even grid: where ranges overlap, the mean weighted by exposure, that is, the
 * rate of all counts together. Ranges of counts are scaled to the exposure of the first; counts/s are rates already.
 */
export function mergeRanges(scan: Scan, step: number): Scan {
  const [first, ...others] = scan.ranges;
  const unit = scan.intensityUnit;
  if (first === undefined || others.length === 0) return scan;
  checkMergeStep(scan, step);
  const lows = scan.ranges.map((range) => range.axis.values[0]!);
  const highs = scan.ranges.map((range) => range.axis.values.at(-1)!);
  const grid = gridOf(Math.min(...lows), Math.max(...highs), { step });
  const sum = new Float64Array(grid.length);
  const variance = new Float64Array(grid.length);
  const weight = new Float64Array(grid.length);
  for (const range of scan.ranges) {
    if (range.axis.kind !== first.axis.kind) {
      throw new EwaldError("scan/axis", "ranges on different axes cannot be merged", {
        value: range.axis.kind,
      });
    }
    const reference = perExposure(first, 0, unit);
    const scale = (value: number, i: number): number =>
      (value * reference) / perExposure(range, i, unit);
    const scaled = Object.assign({}, range, {
      intensity: range.intensity.map(scale),
      esd: esdOf(range, unit).map(scale),
    });
    const edges = binEdges(range.axis.values);
    const inside = grid.filter((at) => at >= edges[0]! && at <= edges.at(-1)!);
    if (inside.length === 0) continue;
    const part = resampleRange(scaled, inside, undefined, unit);
    const offset = grid.indexOf(inside[0]!);
    const exposed = exposure(range, 0);
    inside.forEach((_, i) => {
      sum[offset + i]! += part.intensity[i]! * exposed;
      variance[offset + i]! += (part.esd![i]! * exposed) ** 2;
      weight[offset + i]! += exposed;
    });
  }
  const kept = [...grid.keys()].filter((i) => weight[i]! > 0);
  const pick = (value: (i: number) => number): Float64Array => Float64Array.from(kept, value);
  const merged: ScanRange = {
    axis: { kind: first.axis.kind, values: pick((i) => grid[i]!) },
    intensity: pick((i) => sum[i]! / weight[i]!),
    esd: pick((i) => Math.sqrt(variance[i]!) / weight[i]!),
    ...allLeftOut(scan),
  };
  return processed(scan, [merged], { step: "merge-ranges", parameters: { step } });
}

function allLeftOut({ ranges }: Scan): Pick<ScanRange, "leftOut"> {
  const leftOut = ranges.flatMap((range) => range.leftOut ?? []);
  return leftOut.length === 0 ? {} : { leftOut };
}

export type Normalisation = "maximum" | "area" | "monitor" | "time";

/**
 * The scan on another scale: strongest point 100, area 1, or counts divided by the monitor (kept at its
 * mean) or by the counting time (counts/s are left as they are). One factor for all ranges, but for monitor and time.
 * @throws EwaldError `scan/option` where there is nothing to divide by.
 */
export function normalise(scan: Scan, to: Normalisation): Scan {
  const isRate = scan.intensityUnit === "counts/s";
  const factors = scan.ranges.map((range) =>
    to === "time" && isRate ? undefined : factorsOf(range, to),
  );
  let common = 1;
  if (to === "maximum") common = 100 / largest(scan);
  if (to === "area") common = 1 / areaOf(scan);
  if (!Number.isFinite(common) || common <= 0) {
    throw new EwaldError("scan/option", "a scan without intensity cannot be normalised");
  }
  const ranges = scan.ranges.map((range, r) => {
    const scale = (value: number, i: number): number => value * common * (factors[r]?.[i] ?? 1);
    return Object.assign({}, range, {
      intensity: range.intensity.map(scale),
      esd: Float64Array.from(esdOf(range, scan.intensityUnit)).map(scale),
    });
  });
  const result = processed(scan, ranges, { step: "normalise", parameters: { to, factor: common } });
  return { ...result, intensityUnit: to === "time" ? "counts/s" : "unknown" };
}

function largest(scan: Scan): number {
  let most = 0;
  for (const range of scan.ranges)
    for (const value of range.intensity) most = Math.max(most, value);
  return most;
}

function areaOf(scan: Scan): number {
  let area = 0;
  for (const range of scan.ranges) {
    const edges = binEdges(range.axis.values);
    range.intensity.forEach((value, i) => (area += value * (edges[i + 1]! - edges[i]!)));
  }
  return area;
}

function factorsOf(range: ScanRange, to: Normalisation): Float64Array | undefined {
  if (to === "monitor") {
    const { monitor } = range;
    if (monitor === undefined || !monitor.every((value) => value > 0)) {
      throw new EwaldError("scan/option", "the scan has no usable monitor to divide by");
    }
    const mean = monitor.reduce((sum, value) => sum + value, 0) / monitor.length;
    return monitor.map((value) => mean / value);
  }
  if (to === "time") {
    const seconds = range.intensity.map((_, i) => secondsAt(range, i) ?? 0);
    if (!seconds.every((value) => value > 0)) {
      throw new EwaldError("scan/option", "the scan states no counting time to divide by");
    }
    return seconds.map((value) => 1 / value);
  }
  return undefined;
}
