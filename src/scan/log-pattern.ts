/**
 * The pattern of a scan that the networks see: intensity over ln sin θ. On that axis a crystal that is larger or smaller by a factor gives
 * the same pattern, shifted, which is what convolutions are made for; and any wavelength comes to the same numbers.
 *
 * From what `observe` found: background and two standard deviations of noise away, area per bin, a little smoothing, root of the
 * share of the strongest point (weak lines tell types apart). A second channel says where the scan has data.
 */
import { EwaldError } from "../errors.ts";
import type { Levels } from "./observe.ts";
import { sinThetaOf, twoThetaDegOfSin } from "../radiation/angles.ts";
import { CU_KA1_ANGSTROM } from "../radiation/radiation.ts";

export const PATTERN_SIZE = 1536;
/** The axis runs from 2θ = 5° to 110° of Cu Kα1. */
const FIRST = Math.log(sinThetaOf(5));
const LAST = Math.log(sinThetaOf(110));
/** ln sin θ per bin. */
export const PATTERN_STEP = (LAST - FIRST) / PATTERN_SIZE;

/** ln sin θ (for Cu Kα1) at the middle of a bin. */
function lnSinOfBin(bin: number): number {
  return FIRST + (bin + 0.5) * PATTERN_STEP;
}

/** Bin (with fraction) of an angle for Cu Kα1. */
export function binOfTwoThetaDeg(twoThetaDeg: number): number {
  return (Math.log(sinThetaOf(twoThetaDeg)) - FIRST) / PATTERN_STEP - 0.5;
}

/** 2θ in degrees, for Cu Kα1, of a bin's middle. */
export function twoThetaDegOfBin(bin: number): number {
  return twoThetaDegOfSin(Math.exp(lnSinOfBin(bin)));
}

export interface Pattern {
  /** √(I / I_max), (bins). */
  readonly intensity: Float32Array;
  /** 1 where the scan has data, (bins). */
  readonly observed: Float32Array;
}

/** Standard deviations of a point's noise that are taken off. */
const NOISE_CUT = 2;
/** The least share of the strongest intensity that is a signal. */
const LEAST_SHARE = 1e-6;
/** Bins covered less than this by points of the scan hold no data. */
const LEAST_COVERED = 0.3;
/** Smoothing: three bins. */
const KERNEL = [0.25, 0.5, 0.25] as const;

/**
 * The pattern of a scan that was looked at; bins are those of Cu Kα1 at the same sinθ/λ.
 * @throws EwaldError `identify/flat` where nothing stands above the background
 */
export function patternOf({
  twoThetaDeg,
  intensity,
  background,
  noise,
  wavelengthAngstrom,
}: Levels): Pattern {
  const size = intensity.length;
  const stepDeg = (twoThetaDeg[size - 1]! - twoThetaDeg[0]!) / (size - 1);
  const area = new Float64Array(PATTERN_SIZE);
  const covered = new Float64Array(PATTERN_SIZE);
  const edges = binEdges(twoThetaDeg, stepDeg, CU_KA1_ANGSTROM / wavelengthAngstrom);
  for (let i = 0; i < size; i++) {
    const [left, right] = [edges[i]!, edges[i + 1]!];
    const net = Math.max(0, intensity[i]! - background[i]! - NOISE_CUT * noise[i]!);
    const last = Math.min(PATTERN_SIZE - 1, Math.floor(right));
    for (let bin = Math.max(0, Math.floor(left)); bin <= last; bin++) {
      const overlap = Math.min(right, bin + 1) - Math.max(left, bin);
      if (overlap <= 0) continue;
      area[bin]! += net * overlap;
      covered[bin]! += overlap;
    }
  }
  let top = 0;
  for (let i = 0; i < size; i++) top = Math.max(top, Math.abs(intensity[i]!));
  return normalised(area, covered, LEAST_SHARE * top);
}

/** Edges of a scan's points on the axis of bins: half way between neighbours. */
function binEdges(twoThetaDeg: ArrayLike<number>, stepDeg: number, toCopper: number): Float64Array {
  const size = twoThetaDeg.length;
  const edges = new Float64Array(size + 1);
  for (let i = 0; i <= size; i++) {
    const angle =
      i === 0
        ? twoThetaDeg[0]! - stepDeg / 2
        : i === size
          ? twoThetaDeg[size - 1]! + stepDeg / 2
          : (twoThetaDeg[i - 1]! + twoThetaDeg[i]!) / 2;
    const sin = sinThetaOf(Math.max(angle, 0.01)) * toCopper;
    edges[i] = (Math.log(Math.min(1, sin)) - FIRST) / PATTERN_STEP;
  }
  return edges;
}

/** @param least what is not above it is rounding, not signal */
function normalised(area: Float64Array, covered: Float64Array, least: number): Pattern {
  const intensity = new Float32Array(PATTERN_SIZE);
  const observed = new Float32Array(PATTERN_SIZE);
  for (let bin = 0; bin < PATTERN_SIZE; bin++) {
    observed[bin] = covered[bin]! > LEAST_COVERED ? 1 : 0;
    area[bin] = observed[bin]! * (area[bin]! / Math.max(covered[bin]!, LEAST_COVERED));
  }
  let most = 0;
  for (let bin = 0; bin < PATTERN_SIZE; bin++) {
    const before = bin === 0 ? 0 : area[bin - 1]!;
    const after = bin + 1 === PATTERN_SIZE ? 0 : area[bin + 1]!;
    intensity[bin] = KERNEL[1] * area[bin]! + KERNEL[0] * before + KERNEL[2] * after;
    if (intensity[bin]! > most) most = intensity[bin]!;
  }
  if (!(most > least)) {
    throw new EwaldError("identify/flat", "nothing in the scan stands above background and noise", {
      hint: "Count longer, or check that the file holds the intended scan.",
    });
  }
  for (let bin = 0; bin < PATTERN_SIZE; bin++) intensity[bin] = Math.sqrt(intensity[bin]! / most);
  return { intensity, observed };
}
