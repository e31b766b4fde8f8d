/**
 * Least squares whose uncertainties are never better than the counting statistics say, and worse where the
 * model does not fit: the covariance of the given weights times max(1, reduced χ²).
 */
import {
  leastSquares,
  type LeastSquaresOptions,
  type LeastSquaresProblem,
} from "../math/least-squares.ts";

export interface WeightedFit {
  readonly parameters: Float64Array;
  /** Row-major (parameter, parameter). */
  readonly covariance: Float64Array;
  readonly esds: Float64Array;
}

/** Undefined where the observations do not determine the parameters. */
export function weightedFit(
  problem: LeastSquaresProblem,
  start: ArrayLike<number>,
  options: Omit<LeastSquaresOptions, "covarianceScale"> = {},
): WeightedFit | undefined {
  const fit = leastSquares(problem, start, { ...options, covarianceScale: "asGiven" });
  if (fit.covariance === null) return undefined;
  const freedom = problem.residualCount - start.length;
  const scale = freedom > 0 ? Math.max(1, fit.sumOfSquares / freedom) : 1;
  const covariance = fit.covariance.map((value) => value * scale);
  const esds = fit.parameters.map((_, i) => Math.sqrt(covariance[i * (start.length + 1)]!));
  return { parameters: fit.parameters, covariance, esds };
}
