/**
 * What the networks see of a scan: intensity over ln sin θ. On that axis a crystal that is larger or smaller by a factor gives
 * the same pattern, shifted, which is what convolutions are made for; and any wavelength comes to the same numbers.
 *
 * From counts: background (SNIP) and two standard deviations of noise away, area per bin, a little smoothing, root of the share
 * of the strongest point (weak lines tell types apart). A second channel says where the scan has data.
 */
import { EwaldError } from "../../errors.ts";
import { snip } from "../../scan/index.ts";
import { CU_KA1_ANGSTROM } from "./simulate.ts";

export const PATTERN_SIZE = 1536;
/** The axis runs from 2θ = 5° to 110° of Cu Kα1. */
const FIRST = Math.log(Math.sin((2.5 * Math.PI) / 180));
const LAST = Math.log(Math.sin((55 * Math.PI) / 180));
/** ln sin θ per bin. */
export const PATTERN_STEP = (LAST - FIRST) / PATTERN_SIZE;

/** ln sin θ (for Cu Kα1) at the middle of a bin. */
export function lnSinOfBin(bin: number): number {
  return FIRST + (bin + 0.5) * PATTERN_STEP;
}

/** Bin (with fraction) of an angle for Cu Kα1. */
export function binOfTwoThetaDeg(twoThetaDeg: number): number {
  return (Math.log(Math.sin((twoThetaDeg * Math.PI) / 360)) - FIRST) / PATTERN_STEP - 0.5;
}

/** 2θ in degrees, for Cu Kα1, of a bin's middle. */
export function twoThetaDegOfBin(bin: number): number {
  return (Math.asin(Math.exp(lnSinOfBin(bin))) * 360) / Math.PI;
}

export interface Pattern {
  /** √(I / I_max), (bins). */
  readonly intensity: Float32Array;
  /** 1 where the scan has data, (bins). */
  readonly observed: Float32Array;
}

/** SNIP window, half width in degrees: wider than any peak's foot, narrower than humps. */
const BACKGROUND_HALF_WIDTH_DEG = 1.5;
/** Share of the noise's standard deviation that is taken off. */
const NOISE_CUT = 2;
/** Smoothing: three bins. */
const KERNEL = [0.25, 0.5, 0.25] as const;

/** Noise by robust second differences at the level of the median, as a function of the root of the level. */
function noiseScale(values: Float64Array): { readonly sigma: number; readonly level: number } {
  const stride = Math.max(1, Math.floor(values.length / 600));
  const differences: number[] = [];
  const levels: number[] = [];
  for (let i = 1; i + 1 < values.length; i += stride) {
    differences.push(Math.abs(values[i - 1]! - 2 * values[i]! + values[i + 1]!));
    levels.push(values[i]!);
  }
  const middle = differences.length >> 1;
  differences.sort((a, b) => a - b);
  levels.sort((a, b) => a - b);
  return {
    sigma: ((differences[middle] ?? 0) * 1.4826) / Math.sqrt(6),
    level: levels[middle] ?? 0,
  };
}

/**
 * The pattern of a scan given as angles (rising, degrees) and intensities.
 * @param wavelengthAngstrom of the angles; bins are those of Cu Kα1 at the same sinθ/λ.
 * @throws EwaldError `identify/flat` where nothing stands above the background
 */
export function patternOf(
  twoThetaDeg: ArrayLike<number>,
  intensity: Float64Array,
  wavelengthAngstrom: number = CU_KA1_ANGSTROM,
): Pattern {
  const size = intensity.length;
  const stepDeg = (twoThetaDeg[size - 1]! - twoThetaDeg[0]!) / (size - 1);
  const level = snip(intensity, Math.max(1, Math.round(BACKGROUND_HALF_WIDTH_DEG / stepDeg)));
  const noise = noiseScale(intensity);
  const area = new Float64Array(PATTERN_SIZE);
  const covered = new Float64Array(PATTERN_SIZE);
  const toCopper = CU_KA1_ANGSTROM / wavelengthAngstrom;
  const edge = (angle: number): number => {
    const sin = Math.min(1, Math.sin((Math.max(angle, 0.01) * Math.PI) / 360) * toCopper);
    return (Math.log(sin) - FIRST) / PATTERN_STEP;
  };
  let left = edge(twoThetaDeg[0]! - stepDeg / 2);
  for (let i = 0; i < size; i++) {
    const right = edge(
      i + 1 < size ? (twoThetaDeg[i]! + twoThetaDeg[i + 1]!) / 2 : twoThetaDeg[i]! + stepDeg / 2,
    );
    const growth = noise.level > 0 ? Math.sqrt(Math.max(1, level[i]! / noise.level)) : 1;
    const net = Math.max(0, intensity[i]! - level[i]! - NOISE_CUT * noise.sigma * growth);
    const [from, to] = [
      Math.max(0, Math.floor(left)),
      Math.min(PATTERN_SIZE - 1, Math.floor(right)),
    ];
    for (let bin = from; bin <= to; bin++) {
      const overlap = Math.min(right, bin + 1) - Math.max(left, bin);
      if (overlap <= 0) continue;
      area[bin]! += net * overlap;
      covered[bin]! += overlap;
    }
    left = right;
  }
  return normalised(area, covered);
}

function normalised(area: Float64Array, covered: Float64Array): Pattern {
  const mean = area.map((value, bin) => (covered[bin]! > 0.3 ? value / covered[bin]! : 0));
  const smooth = mean.map(
    (value, bin) =>
      KERNEL[1] * value + KERNEL[0] * (mean[bin - 1] ?? 0) + KERNEL[2] * (mean[bin + 1] ?? 0),
  );
  let most = 0;
  for (const value of smooth) if (value > most) most = value;
  if (!(most > 0)) {
    throw new EwaldError("identify/flat", "nothing in the scan stands above background and noise", {
      hint: "Count longer, or check that the file holds the intended scan.",
    });
  }
  return {
    intensity: Float32Array.from(smooth, (value) => Math.sqrt(value / most)),
    observed: Float32Array.from(covered, (value) => (value > 0.3 ? 1 : 0)),
  };
}
