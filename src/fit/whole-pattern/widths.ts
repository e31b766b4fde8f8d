/** Widths of the lines of a fit: Caglioti's Gaussian and an instrument's Lorentzian, size and strain of the phase on top. */
import {
  type PseudoVoigtShape,
  thompsonCoxHastings,
  thompsonCoxHastingsSlopes,
} from "../../diffraction/broadening.ts";
import { RADIANS } from "../../radiation/angles.ts";
import { type PhasePlaces, SHARED } from "./parameters.ts";

/** 4 ε tan θ in degrees per ε. */
export const STRAIN_DEG = 4 / RADIANS;

/** A line's place as widths see it; the numbers of a stage's start. */
export interface WidthAngles {
  readonly tan: number;
  readonly perCos: number;
  /** Lorentzian width of the instrument there, degrees. */
  readonly lorentzDeg: number;
  /** The Gaussian width² comes down to this, smoothly, where Caglioti's polynomial ends at 0: the steps of the scan see no less. */
  readonly leastGauss2: number;
}

/** Caglioti's polynomial, kept positive, and its slope against the polynomial. */
function gaussSquared(
  p: ArrayLike<number>,
  { tan, leastGauss2 }: WidthAngles,
): { readonly value: number; readonly slope: number } {
  const sum = p[SHARED.u]! * tan * tan + p[SHARED.v]! * tan + p[SHARED.w]!;
  const root = Math.hypot(sum, 2 * leastGauss2);
  // A difference of numbers that are nearly the same would have no digits left.
  const value = sum > 0 ? (sum + root) / 2 : (2 * leastGauss2 ** 2) / (root - sum);
  return { value, slope: value / root };
}

function lorentz(p: ArrayLike<number>, places: PhasePlaces, at: WidthAngles): number {
  return at.lorentzDeg + p[places.size]! * at.perCos + p[places.strain]! * STRAIN_DEG * at.tan;
}

/** Width and Lorentzian share of a line. */
export function shapeAt(
  p: ArrayLike<number>,
  places: PhasePlaces,
  at: WidthAngles,
): PseudoVoigtShape {
  return thompsonCoxHastings(Math.sqrt(gaussSquared(p, at).value), lorentz(p, places, at));
}

/** How the shape changes with Caglioti's polynomial and with the Lorentzian. */
export function shapeSlopesAt(
  p: ArrayLike<number>,
  places: PhasePlaces,
  at: WidthAngles,
): { readonly byGauss2: PseudoVoigtShape; readonly byLorentz: PseudoVoigtShape } {
  const { value, slope } = gaussSquared(p, at);
  const gauss = Math.sqrt(value);
  const slopes = thompsonCoxHastingsSlopes(gauss, lorentz(p, places, at));
  return { byGauss2: times(slopes.byGauss, slope / (2 * gauss)), byLorentz: slopes.byLorentz };
}

/** A shape's change, so many times as fast. */
export function times({ fwhm, eta }: PseudoVoigtShape, factor: number): PseudoVoigtShape {
  return { fwhm: fwhm * factor, eta: eta * factor };
}
