/**
 * A powder profile: peaks turned into intensity on a grid of 2θ, d or Q. Each peak is a pseudo-Voigt whose area over the axis
 * of the grid is the peak's intensity; widths given over 2θ are carried to d or Q by the local slope of the axis.
 */
import { EwaldError } from "../errors.ts";
import { type AxisKind, axisPerDegree, convertAxis } from "../radiation/axis.ts";
import { type Broadening, type PeakPosition, peakWidth } from "./broadening.ts";
import {
  gaussian,
  lorentzian,
  pseudoVoigtDerivatives,
  type PseudoVoigtShape,
  windowInWidths,
} from "./peak-shapes.ts";

/** A peak as far as a profile needs it. */
export interface ProfilePeak extends PeakPosition {
  readonly intensity: number;
}

/** Widths and cut-off of the peaks of a profile. */
export interface ProfileOptions {
  /** What the grid's numbers are; default `"twoTheta"` (degrees). d in Å, Q in 1/Å. */
  readonly axis?: AxisKind;
  /** One width for all peaks, in units of the axis (then no `broadening`). */
  readonly fwhm?: number;
  /** Lorentzian share with `fwhm`: 0 Gaussian, 1 Lorentzian; default 0.5. */
  readonly eta?: number;
  /** Widths from size, strain and instrument (then no `fwhm`). */
  readonly broadening?: Broadening;
  /** Largest share of a peak's area that may lie outside of the window in which it is drawn; default 0.001. */
  readonly tail?: number;
}

const DEFAULT_TAIL = 1e-3;
const DEFAULT_ETA = 0.5;

/** A peak placed on the axis of the grid. */
export interface PlacedPeak extends PseudoVoigtShape {
  readonly position: number;
  readonly intensity: number;
}

/**
 * Where the peaks of a pattern lie on the axis and how wide they are: what {@link profile} draws.
 * @throws EwaldError `profile/options`, `profile/width`, `axis/…`
 */
export function placePeaks(
  pattern: { readonly peaks: readonly ProfilePeak[]; readonly wavelengthAngstrom: number },
  options: ProfileOptions,
): PlacedPeak[] {
  const axis = options.axis ?? "twoTheta";
  const { wavelengthAngstrom } = pattern;
  if ((options.fwhm === undefined) === (options.broadening === undefined)) {
    throw new EwaldError("profile/options", "a profile needs either fwhm or broadening", {
      hint: "Give fwhm in units of the axis, or broadening (Caglioti, size, strain).",
    });
  }
  if (options.fwhm !== undefined && !(options.fwhm > 0 && Number.isFinite(options.fwhm))) {
    throw new EwaldError("profile/width", `fwhm = ${options.fwhm} is no width`, {
      value: options.fwhm,
      hint: "Give a positive width in units of the axis.",
    });
  }
  const angles = pattern.peaks.map((peak) => peak.twoThetaDeg);
  const positions = convertAxis(angles, "twoTheta", axis, wavelengthAngstrom);
  return pattern.peaks.map((peak, i) => {
    const position = positions[i]!;
    const { intensity } = peak;
    if (options.broadening === undefined) {
      return { position, intensity, fwhm: options.fwhm!, eta: options.eta ?? DEFAULT_ETA };
    }
    const shape = peakWidth(peak, options.broadening, wavelengthAngstrom);
    return {
      ...shape,
      position,
      intensity,
      fwhm: shape.fwhm * axisPerDegree(axis, peak.twoThetaDeg, wavelengthAngstrom),
    };
  });
}

/**
 * Intensity at every point of the grid (units of peak intensity per unit of the axis).
 *
 * @param pattern result of `powderPattern`, or any peaks with the wavelength of their angles.
 * @param grid strictly rising or strictly falling.
 * @throws EwaldError `profile/grid`, `profile/options`, `profile/width`, `axis/…`
 */
export function profile(
  pattern: { readonly peaks: readonly ProfilePeak[]; readonly wavelengthAngstrom: number },
  grid: ArrayLike<number>,
  options: ProfileOptions,
): Float64Array {
  const isFalling = checkGrid(grid);
  const out = new Float64Array(grid.length);
  const tail = options.tail ?? DEFAULT_TAIL;
  for (const { position, intensity, fwhm, eta } of placePeaks(pattern, options)) {
    const reach = fwhm * windowInWidths(eta, tail);
    const [from, to] = windowOf(grid, isFalling, position - reach, position + reach);
    const [lorentz, gauss] = [intensity * eta, intensity * (1 - eta)];
    for (let i = from; i < to; i++) {
      const x = grid[i]! - position;
      out[i]! += lorentz * lorentzian(x, fwhm) + (gauss === 0 ? 0 : gauss * gaussian(x, fwhm));
    }
  }
  return out;
}

/** Derivatives of the profile to each peak's numbers; rows are peaks, (peaks × grid). */
export interface ProfileDerivatives {
  readonly profile: Float64Array;
  readonly intensity: readonly Float64Array[];
  readonly position: readonly Float64Array[];
  readonly fwhm: readonly Float64Array[];
  readonly eta: readonly Float64Array[];
}

/** The profile of placed peaks with its derivatives, for fits; no wings are cut. */
export function profileDerivatives(
  peaks: readonly PlacedPeak[],
  grid: ArrayLike<number>,
): ProfileDerivatives {
  const rows = (): Float64Array[] => peaks.map(() => new Float64Array(grid.length));
  const out = {
    profile: new Float64Array(grid.length),
    intensity: rows(),
    position: rows(),
    fwhm: rows(),
    eta: rows(),
  };
  peaks.forEach((peak, p) => {
    for (let i = 0; i < grid.length; i++) {
      const shape = pseudoVoigtDerivatives(grid[i]! - peak.position, peak.fwhm, peak.eta);
      out.profile[i]! += peak.intensity * shape.value;
      out.intensity[p]![i] = shape.value;
      out.position[p]![i] = peak.intensity * shape.position;
      out.fwhm[p]![i] = peak.intensity * shape.fwhm;
      out.eta[p]![i] = peak.intensity * shape.eta;
    }
  });
  return out;
}

/** True for a falling grid. */
function checkGrid(grid: ArrayLike<number>): boolean {
  const isFalling = grid.length > 1 && grid[1]! < grid[0]!;
  for (let i = 1; i < grid.length; i++) {
    const step = isFalling ? grid[i - 1]! - grid[i]! : grid[i]! - grid[i - 1]!;
    if (step > 0) continue;
    throw new EwaldError("profile/grid", `the grid neither rises nor falls at point ${i}`, {
      value: grid[i],
      hint: "Give strictly rising (or falling) positions.",
    });
  }
  return isFalling;
}

/** Indices [from, to) of the grid points between two positions. */
function windowOf(
  grid: ArrayLike<number>,
  isFalling: boolean,
  low: number,
  high: number,
): [number, number] {
  const firstWhere = (isPast: (value: number) => boolean): number => {
    let [from, to] = [0, grid.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isPast(grid[middle]!)) to = middle;
      else from = middle + 1;
    }
    return from;
  };
  return isFalling
    ? [firstWhere((value) => value <= high), firstWhere((value) => value < low)]
    : [firstWhere((value) => value >= low), firstWhere((value) => value > high)];
}
