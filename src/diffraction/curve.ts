/** A simulated pattern as a curve to look at: even steps of 2θ, fine enough for its narrowest peak. */
import { EwaldError } from "../errors.ts";
import type { Broadening } from "./broadening.ts";
import { placePeaks, profile, type ProfilePeak } from "./profile.ts";

export interface PatternCurveOptions {
  /** From and to; the curve has a point at the first. */
  readonly twoThetaRangeDeg: readonly [number, number];
  readonly broadening: Broadening;
  /** Taken where no peak is narrow; default 0.01°. */
  readonly widestStepDeg?: number;
}

/** A calculated pattern as a curve over 2θ. */
export interface PatternCurve {
  readonly stepDeg: number;
  /** 2θ, degrees. */
  readonly x: Float64Array;
  /** Intensity, the highest point 100. */
  readonly y: Float64Array;
}

const WIDEST_STEP_DEG = 0.01;
/** Steps over the width of the narrowest peak: its height is then drawn to 1 %. */
const STEPS_PER_WIDTH = 8;
/** Ten times a full circle at the usual step. */
const MOST_POINTS = 360_000;

/**
 * The profile of a pattern in steps of `widestStepDeg` or, for narrow peaks, a smaller round number.
 * @throws EwaldError `profile/too-many-points`, and what `profile` throws
 */
export function patternCurve(
  pattern: { readonly peaks: readonly ProfilePeak[]; readonly wavelengthAngstrom: number },
  { twoThetaRangeDeg, broadening, widestStepDeg = WIDEST_STEP_DEG }: PatternCurveOptions,
): PatternCurve {
  const [from, to] = twoThetaRangeDeg;
  const widths = placePeaks(pattern, { broadening }).map(({ fwhm }) => fwhm);
  const narrowest = widths.reduce((least, fwhm) => Math.min(least, fwhm), Infinity);
  const stepDeg = Math.min(widestStepDeg, roundedDown(narrowest / STEPS_PER_WIDTH));
  const points = Math.floor((to - from) / stepDeg + 1e-6) + 1;
  if (points > MOST_POINTS) {
    throw new EwaldError(
      "profile/too-many-points",
      `peaks of ${narrowest.toPrecision(2)}° need steps of ${stepDeg}°, ${points} points over the range`,
      { value: points, hint: "Give a larger width (FWHM) or a smaller range of 2θ." },
    );
  }
  const x = Float64Array.from({ length: points }, (_, i) => from + i * stepDeg);
  const y = profile(pattern, x, { broadening });
  const highest = y.reduce((most, value) => Math.max(most, value), 0) || 1;
  return { stepDeg, x, y: y.map((value) => (100 * value) / highest) };
}

/** The largest of 1, 2, 5 times a power of ten that is no larger. */
function roundedDown(x: number): number {
  if (!Number.isFinite(x)) return x;
  const power = Math.floor(Math.log10(x) + 1e-9);
  const digit = [5, 2].find((one) => one <= x * 10 ** -power + 1e-9) ?? 1;
  return Number(`${digit}e${power}`);
}
