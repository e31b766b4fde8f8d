/**
 * A powder profile: peaks turned into intensity on a grid of 2θ, d or Q. Each peak is a pseudo-Voigt whose area over the axis
 * of the grid is the peak's intensity; widths given over 2θ are carried to d or Q by the local slope of the axis.
 */
import { EwaldError } from "../errors.ts";
import { type AxisKind, axisPerDegree, convertAxis } from "../radiation/axis.ts";
import { addLine, type Line, reachOfTail } from "../math/pseudo-voigt.ts";
import { type Broadening, type PeakPosition, peakWidth } from "./broadening.ts";

/** A peak as far as a profile needs it. */
export interface ProfilePeak extends PeakPosition {
  readonly intensity: number;
}

/** Widths and cut-off of the peaks of a profile. */
export interface ProfileOptions {
  /** The quantity of the grid's numbers; default `"twoTheta"` (degrees). d in Å, Q in 1/Å. */
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

/**
 * Where the peaks of a pattern lie on the axis and how wide they are: what {@link profile} draws.
 * @throws EwaldError `profile/options`, `profile/width`, `axis/…`
 */
export function placePeaks(
  pattern: { readonly peaks: readonly ProfilePeak[]; readonly wavelengthAngstrom: number },
  options: ProfileOptions,
): Line[] {
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
    const [position, area] = [positions[i]!, peak.intensity];
    if (options.broadening === undefined) {
      return { position, area, fwhm: options.fwhm!, eta: options.eta ?? DEFAULT_ETA };
    }
    const shape = peakWidth(peak, options.broadening, wavelengthAngstrom);
    return {
      ...shape,
      position,
      area,
      fwhm: shape.fwhm * axisPerDegree(axis, peak.twoThetaDeg, wavelengthAngstrom),
    };
  });
}

/**
 * The profile of a pattern: its intensity at every point of the grid (units of peak intensity per unit of the axis).
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
  const x = Float64Array.from(grid);
  if (isFalling) x.reverse();
  const out = new Float64Array(x.length);
  const tail = options.tail ?? DEFAULT_TAIL;
  for (const line of placePeaks(pattern, options))
    addLine(out, x, line, reachOfTail(line.eta, tail));
  return isFalling ? out.reverse() : out;
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
