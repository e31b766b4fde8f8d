/**
 * A measured powder scan: what the instrument counted, where, for how long and with which radiation.
 * Raw values are never overwritten: every processing step returns a new scan with one more entry in
 * its history.
 */
import { EwaldError, type Warning } from "../errors.ts";
import { type AxisKind, convertAxis } from "../radiation/axis.ts";
import { meanWavelength, type Radiation } from "../radiation/radiation.ts";

export interface ScanAxis {
  /** 2θ in degrees, d in Å, Q in 1/Å (with 2π), or time of flight in µs. */
  readonly kind: AxisKind;
  /** Strictly rising. */
  readonly values: Float64Array;
}

/** A point of the file that cannot be right: it is drawn where it stood, and nothing is computed with it. */
export interface LeftOutPoint {
  /** On the axis of its range. */
  readonly at: number;
  /** As the file gives it; NaN (null in JSON) where it gives no number. */
  readonly value: number;
}

/** A range of a scan: one uninterrupted sweep. All arrays have the length of `axis.values`. */
export interface ScanRange {
  readonly axis: ScanAxis;
  /** In the scan's `intensityUnit`. Where the file gives counts and an attenuation, their product. */
  readonly intensity: Float64Array;
  /** Standard uncertainty of `intensity`, where the file states it. */
  readonly esd?: Float64Array;
  /** Seconds per point: one number, or one for each point. */
  readonly countTimeSeconds?: number | Float64Array;
  /** Incident-beam monitor, where the file holds one. `intensity` is not divided by it. */
  readonly monitor?: Float64Array;
  /** Factor by which an attenuator weakened the beam, already contained in `intensity`. */
  readonly attenuation?: Float64Array;
  /** The file's name for this range. */
  readonly name?: string;
  /** Points of the file that are in none of the arrays above. */
  readonly leftOut?: readonly LeftOutPoint[];
}

export type IntensityUnit = "counts" | "counts/s" | "unknown";

export type MetadataValue = string | number | readonly string[];

/**
 * The file's statements about the measurement. Names used where known: `sample`, `comment`, `operator`,
 * `startedAt`, `endedAt`, `instrument`, `program`, `anode`, `tubeVoltageKv`, `tubeCurrentMa`,
 * `goniometerRadiusMm`, `monochromator`, `filter`, `detector`, `scanAxis`, `scanMode`,
 * `temperatureKelvin`, `monochromatorTwoThetaDeg`; other keys are the file's own.
 */
export type Metadata = Readonly<Record<string, MetadataValue>>;

/** One processing step, with everything needed to repeat it. */
export interface ScanStep {
  readonly step: string;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

export interface ScanSource {
  readonly name?: string;
  /** Format key such as "xrdml", or "simulation". */
  readonly format: string;
}

/** A measured powder scan: ranges over one axis, the radiation, what the file said, what was done to it. */
export interface Scan {
  readonly ranges: readonly ScanRange[];
  /** Null where the file names none: then ask, never assume. */
  readonly radiation: Radiation | null;
  readonly intensityUnit: IntensityUnit;
  readonly metadata: Metadata;
  readonly source: ScanSource;
  /** Oldest first; empty for a scan as read. */
  readonly history: readonly ScanStep[];
}

/** Total number of points of all ranges. */
export function pointCount(scan: Scan): number {
  return scan.ranges.reduce((sum, range) => sum + range.intensity.length, 0);
}

/**
 * The scan's mean wavelength in Å.
 * @throws EwaldError `scan/no-wavelength` where the file named none.
 */
export function scanWavelength(scan: Scan): number {
  if (scan.radiation === null) {
    throw new EwaldError(
      "scan/no-wavelength",
      "the file states no wavelength, and none is assumed",
      {
        ...(scan.source.name === undefined ? {} : { source: scan.source.name }),
        hint: "Give it: --wavelength CuKa or --wavelength 1.5406 (withRadiation in the library).",
      },
    );
  }
  return meanWavelength(scan.radiation);
}

/** The scan with the radiation that a person named; the history says so. */
export function withRadiation(scan: Scan, radiation: Radiation): Scan {
  const step: ScanStep = {
    step: "radiation",
    parameters: {
      wavelengthAngstrom: meanWavelength(radiation),
      kind: radiation.kind,
      ...(radiation.name === undefined ? {} : { name: radiation.name }),
    },
  };
  return { ...scan, radiation, history: [...scan.history, step] };
}

/**
 * The scan with other ranges and one more step of history.
 * @throws whatever {@link checkRange} throws.
 */
export function processed(scan: Scan, ranges: readonly ScanRange[], step: ScanStep): Scan {
  for (const range of ranges) checkRange(range);
  return { ...scan, ranges, history: [...scan.history, step] };
}

/**
 * Makes sure that a range is one: equal lengths, finite numbers, strictly rising axis.
 * @throws EwaldError `scan/length`, `scan/empty`, `scan/not-finite`, `scan/unsorted-axis`.
 */
export function checkRange(range: ScanRange): void {
  const { values } = range.axis;
  if (values.length === 0) throw new EwaldError("scan/empty", "a range without a point");
  const columns: readonly (readonly [string, Float64Array | undefined])[] = [
    ["intensity", range.intensity],
    ["esd", range.esd],
    ["monitor", range.monitor],
    ["attenuation", range.attenuation],
    [
      "countTimeSeconds",
      typeof range.countTimeSeconds === "number" ? undefined : range.countTimeSeconds,
    ],
  ];
  for (const [name, column] of columns) {
    if (column === undefined) continue;
    if (column.length !== values.length) {
      throw new EwaldError(
        "scan/length",
        `${name} has ${column.length} values for ${values.length} points`,
        { value: column.length },
      );
    }
    for (let i = 0; i < column.length; i++) {
      if (!Number.isFinite(column[i]!)) throw notFinite(name, i, column[i]!);
    }
  }
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i]!)) throw notFinite(range.axis.kind, i, values[i]!);
    if (i > 0 && values[i]! <= values[i - 1]!) {
      throw new EwaldError(
        "scan/unsorted-axis",
        `point ${i + 1} at ${values[i]} follows ${values[i - 1]}: the axis does not rise`,
        { value: values[i] },
      );
    }
  }
}

function notFinite(name: string, index: number, value: number): EwaldError {
  return new EwaldError("scan/not-finite", `${name} of point ${index + 1} is ${value}`, { value });
}

/** One range on another axis of the same radiation; d falls with 2θ, so its points are turned round. */
export function rangeOnAxis(
  range: ScanRange,
  kind: AxisKind,
  wavelengthAngstrom?: number,
): ScanRange {
  if (range.axis.kind === kind) return range;
  const convert = (values: Float64Array): Float64Array =>
    convertAxis(values, range.axis.kind, kind, wavelengthAngstrom);
  const values = convert(range.axis.values);
  const moved = leftOutMoved(range, convert);
  return orderedRange({ ...range, ...moved, axis: { kind, values } });
}

/** The points left out on another axis; those that have no place there are gone. */
export function leftOutMoved(
  { leftOut }: ScanRange,
  convert: (values: Float64Array) => Float64Array,
): Pick<ScanRange, "leftOut"> {
  if (leftOut === undefined) return {};
  const moved = leftOut.flatMap((point) => {
    if (!(point.at > 0)) return [];
    const [at = Number.NaN] = convert(Float64Array.of(point.at));
    return Number.isFinite(at) ? [{ ...point, at }] : [];
  });
  return { leftOut: moved };
}

function turned(column: Float64Array): Float64Array {
  return Float64Array.from(column).reverse();
}

/** The range with a rising axis: a falling one is turned round, all columns with it. */
export function orderedRange(range: ScanRange): ScanRange {
  const { values } = range.axis;
  if (values.length < 2 || values[0]! <= values.at(-1)!) return range;
  const { esd, monitor, attenuation, countTimeSeconds } = range;
  return {
    ...range,
    axis: { kind: range.axis.kind, values: turned(values) },
    intensity: turned(range.intensity),
    ...(esd === undefined ? {} : { esd: turned(esd) }),
    ...(monitor === undefined ? {} : { monitor: turned(monitor) }),
    ...(attenuation === undefined ? {} : { attenuation: turned(attenuation) }),
    ...(countTimeSeconds instanceof Float64Array
      ? { countTimeSeconds: turned(countTimeSeconds) }
      : {}),
  };
}

/** Counting time of a point, where the file states one. */
export function secondsAt({ countTimeSeconds: time }: ScanRange, i: number): number | undefined {
  return typeof time === "number" ? time : time?.[i];
}

/**
 * Standard uncertainties that are known: the file's own, √N of N counts (at least 1), and the same over the
 * time for rates; undefined for rates without a counting time and for intensities of unknown unit.
 */
export function knownEsd(range: ScanRange, unit: IntensityUnit): Float64Array | undefined {
  if (range.esd !== undefined) return range.esd;
  if (unit === "counts") return poissonEsd(range, () => 1);
  if (unit === "unknown" || range.countTimeSeconds === undefined) return undefined;
  const seconds = (i: number): number => secondsAt(range, i)!;
  return range.intensity.every((_, i) => seconds(i) > 0) ? poissonEsd(range, seconds) : undefined;
}

/** Uncertainties as weights: those that are known, else √intensity (at least 1). */
export function esdOf(range: ScanRange, unit: IntensityUnit): Float64Array {
  return knownEsd(range, unit) ?? poissonEsd(range, () => 1);
}

/** √N, where the intensity is `factor` × N counts in so many seconds. */
function poissonEsd(range: ScanRange, seconds: (i: number) => number): Float64Array {
  return Float64Array.from(range.intensity, (value, i) => {
    const perCount = (range.attenuation?.[i] ?? 1) / seconds(i);
    return perCount * Math.sqrt(Math.max(1, value / perCount));
  });
}

/** The result of a reader: the scan, the format it recognised and what was odd. */
export interface ReadScan {
  readonly scan: Scan;
  readonly format: string;
  readonly warnings: readonly Warning[];
}
