/** Savitzky-Golay smoothing and derivatives, and removal of spikes. */
import { sgg } from "ml-savitzky-golay-generalized";
import { EwaldError } from "../errors.ts";
import { median } from "../math/statistics.ts";
import { esdOf, knownEsd, processed, type Scan, type ScanRange } from "./scan.ts";

export interface SmoothOptions {
  /** Points in the window, odd; default 9. */
  readonly window?: number;
  /** Degree of the polynomial; default 3. */
  readonly degree?: number;
}

/**
 * Savitzky-Golay filter (A. Savitzky, M. J. E. Golay, Anal. Chem. 36 (1964) 1627; ends by the polynomial of
 * the first and last window, as scipy's `interp`). Derivatives are per point.
 * @throws EwaldError `scan/option` for a window that is even, too short or longer than the data.
 */
export function savitzkyGolay(
  intensity: Float64Array,
  options: SmoothOptions & { readonly derivative?: 0 | 1 | 2 } = {},
): Float64Array {
  const { window = 9, degree = 3, derivative = 0 } = options;
  if (window % 2 !== 1 || window < 5 || degree >= window || window > intensity.length) {
    throw new EwaldError(
      "scan/option",
      `a window of ${window} points cannot carry degree ${degree} over ${intensity.length} points`,
      { value: window, hint: "Take an odd window of at least 5 points, larger than the degree." },
    );
  }
  return Float64Array.from(
    sgg(intensity, 1, { windowSize: window, polynomial: degree, derivative }) as ArrayLike<number>,
  );
}

/**
 * Standard uncertainties of what the filter gives of independent points: the root of Σ c²σ². Its weights
 * are the answers to one point alone; the first and last half window share one polynomial each.
 */
function smoothedEsd(esd: Float64Array, window: number, degree: number): Float64Array {
  const weights = Array.from({ length: window }, (_, k) =>
    savitzkyGolay(
      Float64Array.from({ length: window }, (__, i) => (i === k ? 1 : 0)),
      { window, degree },
    ),
  );
  const half = (window - 1) / 2;
  const last = esd.length - window;
  return esd.map((_, i) => {
    const start = Math.min(Math.max(0, i - half), last);
    let variance = 0;
    for (let k = 0; k < window; k++) variance += (weights[k]![i - start]! * esd[start + k]!) ** 2;
    return Math.sqrt(variance);
  });
}

/**
 * The smoothed scan. Uncertainties that are known are propagated point by point; that neighbours are no
 * longer independent they cannot say.
 */
export function smooth(scan: Scan, options: SmoothOptions = {}): Scan {
  const { window = 9, degree = 3 } = options;
  const ranges = scan.ranges.map((range): ScanRange => {
    const intensity = savitzkyGolay(range.intensity, options);
    const esd = knownEsd(range, scan.intensityUnit);
    return {
      ...range,
      intensity,
      ...(esd === undefined ? {} : { esd: smoothedEsd(esd, window, degree) }),
    };
  });
  return processed(scan, ranges, { step: "savitzky-golay", parameters: { window, degree } });
}

export interface OutlierOptions {
  /** How many uncertainties above its surroundings a point must stand; default 8. */
  readonly threshold?: number;
  /** A spike is at most so many points wide; default 1. A real peak is wider. */
  readonly maxWidth?: number;
}

const NEIGHBOURS = 4;

/**
 * Indices of spikes (cosmic events, electronic noise) and of drop-outs: runs of at most `maxWidth` points
 * that differ from the median of their eight neighbours by more than `threshold` uncertainties and by
 * more than the neighbours differ among themselves.
 */
function findOutliers(range: ScanRange, options: OutlierOptions = {}): number[] {
  const { threshold = 8, maxWidth = 1 } = options;
  const { intensity } = range;
  const found: number[] = [];
  for (let i = 0; i < intensity.length; i++) {
    const around: number[] = [];
    for (let k = i - NEIGHBOURS - maxWidth + 1; k <= i + NEIGHBOURS + maxWidth - 1; k++) {
      if (Math.abs(k - i) >= maxWidth && k >= 0 && k < intensity.length) around.push(intensity[k]!);
    }
    if (around.length < NEIGHBOURS) continue;
    const middle = median(around);
    const spread = median(around.map((value) => Math.abs(value - middle))) * 1.4826;
    const noise = Math.sqrt(Math.max(1, Math.abs(middle)));
    const off = Math.abs(intensity[i]! - middle);
    // The neighbours at once tell a spike from the top of a sharp peak.
    const beside = Math.max(
      Math.abs((intensity[i - maxWidth] ?? middle) - middle),
      Math.abs((intensity[i + maxWidth] ?? middle) - middle),
    );
    if (off > threshold * Math.max(noise, spread) && off > 4 * beside) found.push(i);
  }
  return found;
}

/** The scan with spikes replaced by the line between their neighbours; the history counts them. */
export function removeOutliers(scan: Scan, options: OutlierOptions = {}): Scan {
  let removed = 0;
  const ranges = scan.ranges.map((range): ScanRange => {
    const spikes = new Set(findOutliers(range, options));
    removed += spikes.size;
    if (spikes.size === 0) return range;
    const intensity = Float64Array.from(range.intensity);
    const { values } = range.axis;
    for (const i of spikes) {
      let left = i - 1;
      while (left >= 0 && spikes.has(left)) left--;
      let right = i + 1;
      while (right < intensity.length && spikes.has(right)) right++;
      const a = left >= 0 ? range.intensity[left]! : range.intensity[right]!;
      const b = right < intensity.length ? range.intensity[right]! : a;
      const part =
        left < 0 || right >= intensity.length
          ? 0
          : (values[i]! - values[left]!) / (values[right]! - values[left]!);
      intensity[i] = a + (b - a) * part;
    }
    return Object.assign({}, range, {
      intensity,
      esd: Float64Array.from(esdOf(range, scan.intensityUnit)),
    });
  });
  const { threshold = 8, maxWidth = 1 } = options;
  return processed(scan, ranges, {
    step: "outliers",
    parameters: { threshold, maxWidth, removed },
  });
}
