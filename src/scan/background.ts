/**
 * Background of a powder scan: SNIP and airPLS. Both find it; `subtractBackground` takes it away and
 * keeps the uncertainties. The measured intensities stay in the scan that was given.
 */
import { EwaldError } from "../errors.ts";
import type { AxisKind } from "../radiation/axis.ts";
import { esdOf, processed, type Scan, type ScanRange, type ScanStep } from "./scan.ts";

export interface SnipOptions {
  readonly method: "snip";
  /**
   * Half width of the largest clipping window in units of the axis, wider than a peak's foot; default 1° of
   * 2θ, 0.1 1/Å of Q, and 4 % of the position for d and time of flight, whose peaks widen with it.
   */
  readonly halfWidth?: number;
}

export interface AirPlsOptions {
  readonly method: "airpls";
  /** Smoothness λ; default 1e5 (for order 2). Larger is stiffer; it scales with (points per degree)^(2 order). */
  readonly lambda?: number;
  /** Order of the differences that are penalised: 2 (default) or 1. */
  readonly order?: 1 | 2;
  /** Default 50. */
  readonly maxIterations?: number;
  /** Stop when the sum below the background is this part of Σ|y|; default 1e-3. */
  readonly tolerance?: number;
}

export type BackgroundOptions = SnipOptions | AirPlsOptions;

/**
 * SNIP: statistics-sensitive nonlinear iterative peak clipping (C. G. Ryan et al., Nucl. Instrum. Methods
 * B 34 (1988) 396) with the log-log-root transform and a window that shrinks from `halfWindow` points to
 * 1 (M. Morháč et al., Nucl. Instrum. Methods A 401 (1997) 113). Windows end at the ends of the data.
 * @param halfWindow Points, one number or one for each point.
 */
export function snip(intensity: Float64Array, halfWindow: number | Int32Array): Float64Array {
  const size = intensity.length;
  const own = typeof halfWindow === "number" ? undefined : halfWindow;
  let widest = typeof halfWindow === "number" ? halfWindow : 1;
  own?.forEach((points) => (widest = Math.max(widest, points)));
  let lowest = 0;
  for (const value of intensity) if (value < lowest) lowest = value;
  const v = intensity.map((value) => Math.log(Math.log(Math.sqrt(value - lowest + 1) + 1) + 1));
  const clipped = v.slice();
  for (let p = Math.min(widest, (size - 1) >> 1); p >= 1; p--) {
    for (let i = p; i < size - p; i++) {
      if (own !== undefined && own[i]! < p) continue;
      const mean = (v[i - p]! + v[i + p]!) / 2;
      clipped[i] = v[i]! < mean ? v[i]! : mean;
    }
    v.set(clipped);
  }
  return v.map((value) => (Math.exp(Math.exp(value) - 1) - 1) ** 2 - 1 + lowest);
}

/**
 * airPLS: adaptive iteratively reweighted penalised least squares (Z.-M. Zhang, S. Chen, Y.-Z. Liang,
 * Analyst 135 (2010) 1138; weights of eq. 9 as its authors corrected them).
 */
export function airPls(
  intensity: Float64Array,
  options: Omit<AirPlsOptions, "method"> = {},
): Float64Array {
  const { lambda = 1e5, order = 2, maxIterations = 50, tolerance = 1e-3 } = options;
  const size = intensity.length;
  if (size <= order) return Float64Array.from(intensity);
  let norm = 0;
  for (const value of intensity) norm += Math.abs(value);
  const weights = new Float64Array(size).fill(1);
  let baseline = intensity;
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    baseline = whittaker(intensity, weights, lambda, order);
    let below = 0;
    let count = 0;
    for (let i = 0; i < size; i++) {
      const residual = intensity[i]! - baseline[i]!;
      if (residual < 0) {
        below += residual;
        count++;
      }
    }
    if (count < 2 || Math.abs(below) < tolerance * norm) break;
    for (let i = 0; i < size; i++) {
      const residual = intensity[i]! - baseline[i]!;
      weights[i] = residual < 0 ? Math.exp(Math.min(700, (iteration * residual) / below)) : 0;
    }
  }
  return baseline;
}

/** Binomials of the differences: order 1 is −1 1, order 2 is 1 −2 1. */
const DIFFERENCES: Readonly<Record<1 | 2, readonly number[]>> = { 1: [-1, 1], 2: [1, -2, 1] };

/** (W + λ DᵀD) z = W y by banded LDLᵀ: time and memory grow with the number of points. */
function whittaker(
  y: Float64Array,
  weights: Float64Array,
  lambda: number,
  order: 1 | 2,
): Float64Array {
  const size = y.length;
  const difference = DIFFERENCES[order];
  const bands = Array.from({ length: order + 1 }, () => new Float64Array(size));
  for (let row = 0; row + order < size; row++) {
    for (let i = 0; i <= order; i++) {
      for (let k = 0; k <= i; k++) {
        bands[i - k]![row + k]! += lambda * difference[i]! * difference[k]!;
      }
    }
  }
  for (let i = 0; i < size; i++) bands[0]![i]! += weights[i]!;
  const z = y.map((value, i) => value * weights[i]!);
  const [diagonal] = bands as [Float64Array, ...Float64Array[]];
  for (let i = 0; i < size; i++) {
    for (let b = 1; b <= order && i + b < size; b++) {
      const factor = bands[b]![i]! / diagonal[i]!;
      for (let c = b; c <= order && i + c < size; c++) {
        bands[c - b]![i + b]! -= factor * bands[c]![i]!;
      }
      z[i + b]! -= factor * z[i]!;
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = z[i]!;
    for (let b = 1; b <= order && i + b < size; b++) sum -= bands[b]![i]! * z[i + b]!;
    z[i] = sum / diagonal[i]!;
  }
  return z;
}

const HALF_WIDTHS: Readonly<Partial<Record<AxisKind, number>>> = { twoTheta: 1, q: 0.1 };
const HALF_WIDTH_OF_POSITION = 0.04;

/** Mean distance of the points. */
export function meanStep(range: ScanRange): number {
  const { values } = range.axis;
  return values.length < 2 ? 1 : (values.at(-1)! - values[0]!) / (values.length - 1);
}

/** Half windows in points, at least `least`: even ones of so many units of the axis, else a part of the position. */
export function snipWindow(
  range: ScanRange,
  least: number,
  halfWidth = HALF_WIDTHS[range.axis.kind],
): number | Int32Array {
  if (halfWidth !== undefined) return Math.max(least, Math.round(halfWidth / meanStep(range)));
  const { values } = range.axis;
  let low = 0;
  let high = 0;
  return Int32Array.from(values, (value) => {
    const reach = HALF_WIDTH_OF_POSITION * value;
    while (values[low]! < value - reach) low++;
    while (high < values.length && values[high]! <= value + reach) high++;
    return Math.max(least, (high - low) >> 1);
  });
}

/** The background under one range of a scan, a value for each point. */
export function background(range: ScanRange, options: BackgroundOptions): Float64Array {
  if (options.method === "airpls") return airPls(range.intensity, options);
  const { halfWidth } = options;
  if (halfWidth !== undefined && !(halfWidth > 0)) {
    throw new EwaldError("scan/option", `a SNIP window of ${halfWidth} clips nothing`, {
      value: halfWidth,
    });
  }
  return snip(range.intensity, snipWindow(range, 1, halfWidth));
}

function snipParameters(scan: Scan, options: SnipOptions): Record<string, number> {
  const halfWidth = options.halfWidth ?? HALF_WIDTHS[scan.ranges[0]?.axis.kind ?? "twoTheta"];
  return halfWidth === undefined ? { halfWidthOfPosition: HALF_WIDTH_OF_POSITION } : { halfWidth };
}

/**
 * The scan without its background. Uncertainties are those of the counts: what is subtracted is smooth and
 * adds none.
 */
export function subtractBackground(scan: Scan, options: BackgroundOptions): Scan {
  const ranges = scan.ranges.map((range): ScanRange => {
    const level = background(range, options);
    const intensity = range.intensity.map((value, i) => value - level[i]!);
    return Object.assign({}, range, {
      intensity,
      esd: Float64Array.from(esdOf(range, scan.intensityUnit)),
    });
  });
  const step: ScanStep = {
    step: "background",
    parameters:
      options.method === "snip"
        ? { method: "snip", ...snipParameters(scan, options) }
        : {
            method: "airpls",
            lambda: options.lambda ?? 1e5,
            order: options.order ?? 2,
            maxIterations: options.maxIterations ?? 50,
            tolerance: options.tolerance ?? 1e-3,
          },
  };
  return processed(scan, ranges, step);
}
