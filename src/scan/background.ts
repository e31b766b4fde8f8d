/**
 * Background of a powder scan: SNIP and airPLS. Both find it; `subtractBackground` takes it away and
 * keeps the uncertainties. The measured intensities stay in the scan that was given.
 */
import { EwaldError } from "../errors.ts";
import { processed, type Scan, type ScanRange, type ScanStep } from "./scan.ts";
import { esdOf } from "./scan.ts";

export interface SnipOptions {
  readonly method: "snip";
  /** Half width of the largest clipping window in units of the axis; default 1 (° of 2θ). Wider than a peak's foot. */
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
 */
export function snip(intensity: Float64Array, halfWindow: number): Float64Array {
  const size = intensity.length;
  let lowest = 0;
  for (const value of intensity) if (value < lowest) lowest = value;
  const v = intensity.map((value) => Math.log(Math.log(Math.sqrt(value - lowest + 1) + 1) + 1));
  const clipped = v.slice();
  for (let p = Math.min(halfWindow, (size - 1) >> 1); p >= 1; p--) {
    for (let i = p; i < size - p; i++) {
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

const DEFAULT_HALF_WIDTH = 1;

/** Mean distance of the points. */
export function meanStep(range: ScanRange): number {
  const { values } = range.axis;
  return values.length < 2 ? 1 : (values.at(-1)! - values[0]!) / (values.length - 1);
}

/** The background under one range, a value for each point. */
export function background(range: ScanRange, options: BackgroundOptions): Float64Array {
  if (options.method === "airpls") return airPls(range.intensity, options);
  const halfWidth = options.halfWidth ?? DEFAULT_HALF_WIDTH;
  if (!(halfWidth > 0)) {
    throw new EwaldError("scan/option", `a SNIP window of ${halfWidth} clips nothing`, {
      value: halfWidth,
    });
  }
  return snip(range.intensity, Math.max(1, Math.round(halfWidth / meanStep(range))));
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
        ? { method: "snip", halfWidth: options.halfWidth ?? DEFAULT_HALF_WIDTH }
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
