/**
 * Removal of Kα2 after W. A. Rachinger, J. Sci. Instrum. 25 (1948) 254: going up in 2θ, from each point
 * the Kα1 intensity found where its Kα2 comes from is subtracted, times the ratio. Exact for noiseless
 * data; noise adds up, so the uncertainties are propagated. For fitting, model the doublet instead.
 */
import { EwaldError } from "../errors.ts";
import { atOtherWavelength } from "../radiation/angles.ts";
import { monochromatic, type Radiation } from "../radiation/radiation.ts";
import { esdOf, type IntensityUnit, processed, type Scan, type ScanRange } from "./scan.ts";

export interface Doublet {
  readonly alpha1Angstrom: number;
  readonly alpha2Angstrom: number;
  /** Kα2 : Kα1. */
  readonly ratio: number;
}

/** The doublet of a radiation of two lines within 1 %, or undefined. */
export function doubletOf(radiation: Radiation | null): Doublet | undefined {
  const [first, second, ...rest] = radiation?.lines ?? [];
  if (first === undefined || second === undefined || rest.length > 0) return undefined;
  const apart = Math.abs(second.wavelengthAngstrom / first.wavelengthAngstrom - 1);
  if (apart > 0.01 || apart === 0) return undefined;
  return {
    alpha1Angstrom: first.wavelengthAngstrom,
    alpha2Angstrom: second.wavelengthAngstrom,
    ratio: second.weight / first.weight,
  };
}

/** The range's Kα1 part; `level` is a background, which has no Kα2 of its own and is put back. */
function stripRange(
  range: ScanRange,
  doublet: Doublet,
  level: Float64Array | undefined,
  unit: IntensityUnit,
): ScanRange {
  const { values } = range.axis;
  const intensity = range.intensity.map((value, i) => value - (level?.[i] ?? 0));
  const variance = esdOf(range, unit).map((esd) => esd * esd);
  let k = 0;
  for (let i = 0; i < values.length; i++) {
    const from = atOtherWavelength(values[i]!, doublet.alpha1Angstrom / doublet.alpha2Angstrom);
    if (!(from >= values[0]!)) continue;
    while (k + 1 < i && values[k + 1]! <= from) k++;
    // Near 2θ = 0 the shift is less than a step: then the point itself is its own source.
    const right = Math.min(k + 1, i);
    const width = values[right]! - values[k]!;
    const part = width > 0 ? Math.min(1, (from - values[k]!) / width) : 0;
    if (right === i) {
      // I(i) = I1(i) + r[(1 − p) I1(k) + p I1(i)], solved for I1(i).
      const own = 1 + doublet.ratio * part;
      const other = doublet.ratio * (1 - part);
      intensity[i] = (intensity[i]! - other * intensity[k]!) / own;
      variance[i] = (variance[i]! + other * other * variance[k]!) / (own * own);
      continue;
    }
    const source = (1 - part) * intensity[k]! + part * intensity[right]!;
    intensity[i] = intensity[i]! - doublet.ratio * source;
    const sourceVariance = (1 - part) ** 2 * variance[k]! + part ** 2 * variance[right]!;
    variance[i] = variance[i]! + doublet.ratio ** 2 * sourceVariance;
  }
  return Object.assign({}, range, {
    intensity: level === undefined ? intensity : intensity.map((value, i) => value + level[i]!),
    esd: variance.map(Math.sqrt),
  });
}

/**
 * The scan as Kα1 alone would give it.
 *
 * @param backgrounds Background of each range (see `background`), best given: it holds no Kα2. Without it
 * the first Kα2 shift of each range, which has no source, keeps its Kα2.
 * @throws EwaldError `scan/no-doublet` where the radiation is no Kα doublet, `scan/axis` off 2θ.
 */
export function stripAlpha2(scan: Scan, backgrounds?: readonly Float64Array[]): Scan {
  const doublet = doubletOf(scan.radiation);
  if (doublet === undefined || scan.radiation === null) {
    throw new EwaldError("scan/no-doublet", "the scan's radiation is no Kα1-Kα2 doublet", {
      value: scan.radiation?.name ?? null,
      hint: "Give it first, for example --wavelength CuKa12.",
    });
  }
  const ranges = scan.ranges.map((range, i) => {
    if (range.axis.kind !== "twoTheta") {
      throw new EwaldError("scan/axis", "Kα2 is stripped on a 2θ axis", { value: range.axis.kind });
    }
    return stripRange(range, doublet, backgrounds?.[i], scan.intensityUnit);
  });
  const stripped = processed(scan, ranges, { step: "strip-alpha2", parameters: { ...doublet } });
  const name = /^([A-Z][a-z]?)Ka1/.exec(scan.radiation.name ?? "")?.[1];
  return {
    ...stripped,
    radiation: {
      ...monochromatic(doublet.alpha1Angstrom, scan.radiation.kind),
      ...(name === undefined ? {} : { name: `${name}Ka1` }),
    },
  };
}
