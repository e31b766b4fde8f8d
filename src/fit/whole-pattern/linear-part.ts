/**
 * The part of the model that is linear, solved at every step (variable projection: Golub & Pereyra 1973, SIAM J. Numer. Anal. 10,
 * 413; the Jacobian as Kaufman 1975, BIT 15, 49): scales of the phases, never negative, and a Chebyshev series on top of a wide
 * background. The series is made orthonormal under the weights once; what is left over is seen without it.
 */
import { nonNegativeLeastSquares } from "../../math/nnls.ts";
import type { MeasuredPoints } from "./measured-points.ts";

export interface LinearPart {
  /** Scales of curves of scale 1 that, with the series, come nearest to the scan; and what is left, in standard uncertainties. */
  readonly solve: (curves: readonly Float64Array[]) => {
    readonly scales: Float64Array;
    readonly residuals: Float64Array;
  };
  /** Curves over σ, without what the series could take: what a change of a parameter changes in the residuals. */
  readonly seen: (curve: Float64Array) => Float64Array;
  /** The background beside a sum of phases. */
  readonly background: (phases: Float64Array) => Float64Array;
  readonly terms: number;
}

export function linearPart(points: MeasuredPoints, terms: number): LinearPart {
  const { x, y, sigma, wide } = points;
  const basis = orthonormal(chebyshev(x, terms).map((term) => over(term, sigma)));
  const seen = (curve: Float64Array): Float64Array => without(over(curve, sigma), basis);
  const net = y.map((value, i) => value - wide[i]!);
  const observed = seen(net);
  return {
    terms: basis.length,
    seen,
    solve(curves) {
      const columns = curves.map(seen);
      const scales = nonNegativeLeastSquares(columns, observed);
      const residuals = observed.slice();
      for (const [j, column] of columns.entries()) addTimes(residuals, column, -scales[j]!);
      return { scales, residuals };
    },
    background(phases) {
      const left = over(net.map((value, i) => value - phases[i]!), sigma); // prettier-ignore
      const out = new Float64Array(x.length);
      for (const term of basis) addTimes(out, term, inner(term, left));
      return out.map((value, i) => wide[i]! + value * sigma[i]!);
    },
  };
}

/** Chebyshev polynomials of the first kind over the range of the points. */
function chebyshev(x: Float64Array, terms: number): Float64Array[] {
  const [first, last] = [x[0]!, x.at(-1)!];
  const t = x.map((value) => (2 * (value - first)) / (last - first) - 1);
  const out = [new Float64Array(x.length).fill(1), t];
  while (out.length < terms) {
    const [before, now] = out.slice(-2) as [Float64Array, Float64Array];
    out.push(t.map((value, i) => 2 * value * now[i]! - before[i]!));
  }
  return out.slice(0, terms);
}

/** Gram and Schmidt's orthonormal columns, modified; those that depend on the ones before are left out. */
export function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = [];
  for (const column of columns) {
    const before = Math.sqrt(inner(column, column));
    const left = without(column, basis);
    const length = Math.sqrt(inner(left, left));
    if (length > 1e-8 * before) basis.push(left.map((value) => value / length));
  }
  return basis;
}

/** A column without its parts along orthonormal ones. */
export function without(column: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const out = column.slice();
  for (const unit of basis) addTimes(out, unit, -inner(unit, out));
  return out;
}

function over(curve: Float64Array, sigma: Float64Array): Float64Array {
  return curve.map((value, i) => value / sigma[i]!);
}

function inner(u: Float64Array, v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += u[i]! * v[i]!;
  return sum;
}

/** out += factor · column */
export function addTimes(out: Float64Array, column: Float64Array, factor: number): void {
  for (let i = 0; i < out.length; i++) out[i]! += factor * column[i]!;
}
