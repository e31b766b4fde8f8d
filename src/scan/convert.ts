/**
 * The same scan on another axis or at another wavelength. Changing the wavelength moves 2θ at constant d
 * and rescales intensities by the ratio of the Lorentz-polarisation factors, so that the scan looks as if
 * measured with the other tube (absorption, form factors and resolution stay those of the measurement).
 */
import { EwaldError } from "../errors.ts";
import { atOtherWavelength, isReached, thetaRadOf } from "../radiation/angles.ts";
import type { AxisKind } from "../radiation/axis.ts";
import { type LorentzPolarisation, lorentzPolarisationFactor } from "../radiation/polarisation.ts";
import { meanWavelength, type Radiation } from "../radiation/radiation.ts";
import {
  knownEsd,
  leftOutMoved,
  processed,
  rangeOnAxis,
  type Scan,
  type ScanRange,
  scanWavelength,
} from "./scan.ts";

/**
 * The scan over another axis: 2θ (degrees), d (Å) or Q (1/Å). Intensities stay as they are.
 * @throws EwaldError `scan/no-wavelength` where 2θ is involved and the scan has none, `axis/tof`.
 */
export function convertScanAxis(scan: Scan, to: AxisKind): Scan {
  const needsWavelength =
    scan.ranges.some((range) => range.axis.kind !== to) &&
    (to === "twoTheta" || scan.ranges.some((range) => range.axis.kind === "twoTheta"));
  const wavelength = needsWavelength ? scanWavelength(scan) : undefined;
  const ranges = scan.ranges.map((range) => {
    const positive = to === range.axis.kind ? range : abovePositive(range);
    return rangeOnAxis(withinReach(positive, to, wavelength), to, wavelength);
  });
  return processed(scan, ranges, {
    step: "axis",
    parameters: { to, ...(wavelength === undefined ? {} : { wavelengthAngstrom: wavelength }) },
  });
}

function selectPoints(range: ScanRange, keep: (value: number) => boolean, why: string): ScanRange {
  const rows = [...range.axis.values.keys()].filter((i) => keep(range.axis.values[i]!));
  const leftOut = range.leftOut?.filter(({ at }) => keep(at));
  if (rows.length === range.axis.values.length) return range;
  if (rows.length === 0) throw new EwaldError("scan/empty", `no point is left: ${why}`);
  const pick = (column: Float64Array): Float64Array =>
    Float64Array.from(rows, (row) => column[row]!);
  const { esd, monitor, attenuation, countTimeSeconds } = range;
  return Object.assign({}, range, {
    axis: { kind: range.axis.kind, values: pick(range.axis.values) },
    intensity: pick(range.intensity),
    ...(leftOut === undefined ? {} : { leftOut }),
    ...(esd === undefined ? {} : { esd: pick(esd) }),
    ...(monitor === undefined ? {} : { monitor: pick(monitor) }),
    ...(attenuation === undefined ? {} : { attenuation: pick(attenuation) }),
    ...(countTimeSeconds instanceof Float64Array
      ? { countTimeSeconds: pick(countTimeSeconds) }
      : {}),
  });
}

/** Angles at and below zero have no d. */
function abovePositive(range: ScanRange): ScanRange {
  return selectPoints(range, (value) => value > 0, "all angles are zero or less");
}

/** Spacings that the wavelength cannot reach have no 2θ. */
function withinReach(range: ScanRange, to: AxisKind, wavelength: number | undefined): ScanRange {
  if (to !== "twoTheta" || wavelength === undefined || range.axis.kind === "twoTheta") return range;
  const { kind } = range.axis;
  const reach = (value: number): boolean =>
    (kind === "d" ? wavelength / (2 * value) : (wavelength * value) / (4 * Math.PI)) <= 1;
  return selectPoints(range, reach, "the wavelength reaches none of these spacings");
}

function defaultFactor(radiation: Radiation): LorentzPolarisation {
  return { kind: radiation.kind === "xray" ? "unpolarised" : "lorentz" };
}

export interface WavelengthOptions {
  /** Geometric factor at the measurement; default by the kind of radiation, with the stated monochromator. */
  readonly from?: LorentzPolarisation;
  /** Geometric factor of the result; default by the kind of radiation, without monochromator. */
  readonly to?: LorentzPolarisation;
}

/**
 * The scan as 2θ of another radiation. Points beyond 180° are dropped; axes of d and Q stay, only the
 * radiation is noted.
 * @throws EwaldError `scan/no-wavelength` where the scan states none.
 */
export function convertWavelength(
  scan: Scan,
  radiation: Radiation,
  options: WavelengthOptions = {},
): Scan {
  const before = scanWavelength(scan);
  const after = meanWavelength(radiation);
  const monochromator = scan.metadata["monochromatorTwoThetaDeg"];
  const from: LorentzPolarisation =
    options.from ??
    (typeof monochromator === "number"
      ? { kind: "monochromator", twoThetaDeg: monochromator }
      : defaultFactor(scan.radiation!));
  const to = options.to ?? defaultFactor(radiation);
  const ranges = scan.ranges.map((range) => {
    if (range.axis.kind !== "twoTheta") return range;
    const reach = (value: number): boolean =>
      value > 0 && isReached(atOtherWavelength(value, after / before));
    const kept = selectPoints(range, reach, "the new wavelength reaches none of the spacings");
    const moved = (angles: Float64Array): Float64Array =>
      angles.map((angle) => atOtherWavelength(angle, after / before));
    const values = moved(kept.axis.values);
    const ratio = values.map((value, i) => {
      const old = thetaRadOf(kept.axis.values[i]!);
      return (
        lorentzPolarisationFactor(thetaRadOf(value), to) / lorentzPolarisationFactor(old, from)
      );
    });
    const esd = knownEsd(kept, scan.intensityUnit);
    const scaled = (column: Float64Array): Float64Array => column.map((one, i) => one * ratio[i]!);
    return Object.assign({}, kept, leftOutMoved(kept, moved), {
      axis: { kind: "twoTheta" as const, values },
      intensity: scaled(kept.intensity),
      ...(esd === undefined ? {} : { esd: scaled(esd) }),
    });
  });
  const result = processed(scan, ranges, {
    step: "wavelength",
    parameters: {
      fromAngstrom: before,
      toAngstrom: after,
      fromFactor: from.kind,
      toFactor: to.kind,
    },
  });
  // What were rates are still per second: merging must not divide them by the time.
  const isRate = scan.intensityUnit === "counts/s";
  return { ...result, radiation, intensityUnit: isRate ? "counts/s" : "unknown" };
}
