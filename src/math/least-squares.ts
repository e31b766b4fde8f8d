/**
 * Nonlinear least squares by Levenberg-Marquardt for dense problems of few parameters (say 100) and
 * many residuals (say 10⁵): minimises Σ rᵢ(p)². The linear problem of each step is solved by Householder
 * QR of the Jacobian, never by normal equations, so that correlated profile parameters keep their
 * digits; columns are scaled to their largest length so far (Moré 1978, Lecture Notes in Math. 630,
 * 105), damping follows the gain ratio (Nielsen 1999, IMM-REP-1999-05). Bounds: parameters held at a
 * bound by the gradient are frozen for the step, other steps are cut off at the box.
 */
import { EwaldError } from "../errors.ts";
import { type QrFactors, invertNormalMatrix, qrFactorise, solveDamped } from "./qr.ts";

export interface LeastSquaresProblem {
  /** Number of residuals, at least the number of parameters. */
  readonly residualCount: number;
  /** Writes the residuals, each divided by its standard uncertainty. */
  readonly residuals: (parameters: Float64Array, residuals: Float64Array) => void;
  /** Writes ∂rᵢ/∂pⱼ, row-major (residual, parameter). Without it: differences. */
  readonly jacobian?: (parameters: Float64Array, jacobian: Float64Array) => void;
}

export interface LeastSquaresOptions {
  /** One bound per parameter, ±Infinity for none. */
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
  /** Jacobians taken at most. */
  readonly maxIterations?: number;
  /** Relative changes of Σr² and of the parameters, and cosine of the gradient, that count as none. */
  readonly tolerance?: number;
  /**
   * `reduced` multiplies by Σr² / (residuals − free parameters): for uncertainties known up to a factor,
   * the custom of Rietveld programs. `asGiven` trusts the uncertainties in the residuals.
   */
  readonly covarianceScale?: "reduced" | "asGiven";
  /** Called after each accepted step; return false to stop there. */
  readonly onStep?: (step: { iteration: number; sumOfSquares: number }) => boolean | void;
}

export type LeastSquaresStatus = "converged" | "max-iterations" | "stopped";

export interface LeastSquaresResult {
  readonly parameters: Float64Array;
  readonly residuals: Float64Array;
  readonly sumOfSquares: number;
  readonly status: LeastSquaresStatus;
  readonly iterations: number;
  /** Parameters that ended on a bound; their uncertainties are 0. */
  readonly atBound: readonly number[];
  /**
   * Row-major (parameter, parameter). `null` where the residuals do not determine the parameters
   * (singular Jacobian) or there are no more residuals than parameters for `reduced`.
   */
  readonly covariance: Float64Array | null;
  /** Square roots of the diagonal of `covariance`. */
  readonly standardUncertainties: Float64Array | null;
}

const FIRST_DAMPING = 1e-3;
/** Beyond this damping a step is smaller than the resolution of float64. */
const LARGEST_DAMPING = 1e16;

interface State {
  readonly start: Float64Array;
  readonly parameters: Float64Array;
  readonly residuals: Float64Array;
  readonly jacobian: Float64Array;
  /** Lengths of the Jacobian's columns, the largest so far. */
  readonly scale: Float64Array;
  sumOfSquares: number;
}

/**
 * Least squares by Levenberg and Marquardt, parameters within bounds.
 * @throws EwaldError `least-squares/shape`, `least-squares/bounds`, `least-squares/not-finite` where a
 * residual or derivative at the start is not finite (later such steps are refused and shortened)
 */
export function leastSquares(
  problem: LeastSquaresProblem,
  start: ArrayLike<number>,
  options: LeastSquaresOptions = {},
): LeastSquaresResult {
  const box = checkedBox(problem, start, options);
  const tolerance = options.tolerance ?? 1e-10;
  const maxIterations = options.maxIterations ?? 200;
  const state = firstState(problem, start);
  let status: LeastSquaresStatus = "max-iterations";
  let damping = FIRST_DAMPING;
  let iterations = 0;
  while (iterations < maxIterations) {
    iterations++;
    fillJacobian(problem, state, box);
    const free = freeParameters(state, box);
    if (isStationary(state, free, tolerance)) {
      status = "converged";
      break;
    }
    const step = acceptedStep(problem, state, box, free, damping, tolerance);
    damping = step.damping;
    if (step.kind === "none") {
      status = "converged";
      break;
    }
    if (options.onStep?.({ iteration: iterations, sumOfSquares: state.sumOfSquares }) === false) {
      status = "stopped";
      break;
    }
    if (step.kind === "small") {
      status = "converged";
      break;
    }
  }
  fillJacobian(problem, state, box);
  return { ...finished(problem, state, box, options), status, iterations };
}

interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

function checkedBox(
  problem: LeastSquaresProblem,
  start: ArrayLike<number>,
  options: LeastSquaresOptions,
): Box {
  const count = start.length;
  const lower = Float64Array.from(options.lower ?? new Float64Array(count).fill(-Infinity));
  const upper = Float64Array.from(options.upper ?? new Float64Array(count).fill(Infinity));
  const isShape = count > 0 && lower.length === count && upper.length === count;
  if (!isShape || !Number.isInteger(problem.residualCount) || problem.residualCount < count) {
    throw new EwaldError(
      "least-squares/shape",
      `${problem.residualCount} residuals, ${count} parameters, ${lower.length} and ${upper.length} bounds`,
      { hint: "There must be at least as many residuals as parameters, and a bound for each." },
    );
  }
  for (let j = 0; j < count; j++) {
    if (lower[j]! <= start[j]! && start[j]! <= upper[j]!) continue;
    throw new EwaldError(
      "least-squares/bounds",
      `parameter ${j} starts at ${start[j]}, outside ${lower[j]} … ${upper[j]}`,
      { value: start[j] },
    );
  }
  return { lower, upper };
}

function firstState(problem: LeastSquaresProblem, start: ArrayLike<number>): State {
  const parameters = Float64Array.from(start);
  const residuals = new Float64Array(problem.residualCount);
  problem.residuals(parameters, residuals);
  const sumOfSquares = sumSquares(residuals);
  if (!Number.isFinite(sumOfSquares)) {
    throw new EwaldError("least-squares/not-finite", "the residuals at the start are not finite", {
      value: Array.from(start),
    });
  }
  const jacobian = new Float64Array(problem.residualCount * parameters.length);
  return {
    start: parameters.slice(),
    parameters,
    residuals,
    jacobian,
    scale: new Float64Array(start.length),
    sumOfSquares,
  };
}

function sumSquares(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

/** Jacobian at the present parameters, and the scale that follows from it. */
function fillJacobian(problem: LeastSquaresProblem, state: State, box: Box): void {
  const { parameters, jacobian, scale } = state;
  const count = parameters.length;
  if (problem.jacobian === undefined) differences(problem, state, box);
  else problem.jacobian(parameters, jacobian);
  for (let j = 0; j < count; j++) {
    let sum = 0;
    for (let i = j; i < jacobian.length; i += count) sum += jacobian[i]! * jacobian[i]!;
    if (!Number.isFinite(sum)) {
      throw new EwaldError(
        "least-squares/not-finite",
        `derivative by parameter ${j} is not finite`,
        {
          value: parameters[j],
        },
      );
    }
    scale[j] = Math.max(scale[j]!, Math.sqrt(sum));
  }
}

/** Central differences; one-sided where a bound is nearer than the step. */
function differences(problem: LeastSquaresProblem, state: State, box: Box): void {
  const { parameters, jacobian, start } = state;
  const count = parameters.length;
  const probe = parameters.slice();
  const above = new Float64Array(problem.residualCount);
  const below = new Float64Array(problem.residualCount);
  for (let j = 0; j < count; j++) {
    const at = parameters[j]!;
    // The cube root of the resolution of float64 balances truncation against rounding.
    const width = 6e-6 * (Math.max(Math.abs(at), 1e-3 * Math.abs(start[j]!)) || 1);
    const high = Math.min(at + width, box.upper[j]!);
    const low = Math.max(at - width, box.lower[j]!);
    if (high === low) continue;
    probe[j] = high;
    problem.residuals(probe, above);
    probe[j] = low;
    problem.residuals(probe, below);
    probe[j] = at;
    for (let i = 0; i < above.length; i++) {
      jacobian[i * count + j] = (above[i]! - below[i]!) / (high - low);
    }
  }
}

function gradient({ parameters, residuals, jacobian }: State): Float64Array {
  const count = parameters.length;
  const slope = new Float64Array(count);
  for (let i = 0; i < residuals.length; i++) {
    for (let j = 0; j < count; j++) slope[j]! += jacobian[i * count + j]! * residuals[i]!;
  }
  return slope;
}

/** Parameters that are not pressed against a bound. */
function freeParameters(state: State, { lower, upper }: Box): number[] {
  const slope = gradient(state);
  const free: number[] = [];
  for (let j = 0; j < slope.length; j++) {
    const at = state.parameters[j]!;
    const isHeld = (at <= lower[j]! && slope[j]! >= 0) || (at >= upper[j]! && slope[j]! <= 0);
    if (!isHeld) free.push(j);
  }
  return free;
}

/** The residuals are orthogonal to every column that can still move. */
function isStationary(state: State, free: readonly number[], tolerance: number): boolean {
  const length = Math.sqrt(state.sumOfSquares);
  if (length === 0 || free.length === 0) return true;
  const slope = gradient(state);
  return free.every((j) => Math.abs(slope[j]!) <= tolerance * state.scale[j]! * length);
}

/** Shortens the step until it lowers Σr²; moves `state` there. */
function acceptedStep(
  problem: LeastSquaresProblem,
  state: State,
  box: Box,
  free: readonly number[],
  firstDamping: number,
  tolerance: number,
): { kind: "step" | "small" | "none"; damping: number } {
  const factors = qrFactorise(state.jacobian, state.residuals, free, state.scale);
  const trial = state.parameters.slice();
  const residuals = new Float64Array(problem.residualCount);
  let damping = firstDamping;
  for (let growth = 2; damping <= LARGEST_DAMPING; growth *= 2) {
    const size = moveTo(trial, state, box, free, solveDamped(factors, damping));
    if (size === 0) return { kind: "none", damping };
    problem.residuals(trial, residuals);
    const sum = sumSquares(residuals);
    const predicted = predictedDecrease(state, trial, free, factors);
    const gain = (state.sumOfSquares - sum) / predicted;
    if (predicted > 0 && gain > 1e-4) {
      const isSmall =
        size <= tolerance ||
        (state.sumOfSquares - sum <= tolerance * state.sumOfSquares &&
          predicted <= tolerance * state.sumOfSquares);
      state.parameters.set(trial);
      state.residuals.set(residuals);
      state.sumOfSquares = sum;
      const factor = Math.max(1 / 3, 1 - (2 * Math.min(gain, 2) - 1) ** 3);
      return { kind: isSmall ? "small" : "step", damping: Math.max(damping * factor, 1e-15) };
    }
    if (size <= Number.EPSILON) return { kind: "none", damping };
    damping *= growth;
  }
  return { kind: "none", damping: FIRST_DAMPING };
}

/** `trial` = the present parameters plus the step, cut off at the box; returns the relative size of the step. */
function moveTo(
  trial: Float64Array,
  state: State,
  { lower, upper }: Box,
  free: readonly number[],
  step: Float64Array,
): number {
  let moved = 0;
  let whole = 0;
  for (const [k, j] of free.entries()) {
    const at = state.parameters[j]!;
    trial[j] = Math.min(upper[j]!, Math.max(lower[j]!, at + step[k]!));
    const scale = state.scale[j]! || 1;
    moved += ((trial[j] - at) * scale) ** 2;
    whole += (at * scale) ** 2;
  }
  return whole === 0 ? Math.sqrt(moved) : Math.sqrt(moved / whole);
}

/** Decrease of Σr² that the linear model promises for the step as cut off: −2 gᵀs − |J s|². */
function predictedDecrease(
  state: State,
  trial: Float64Array,
  free: readonly number[],
  { r, qtb, columnCount, scale }: QrFactors,
): number {
  // |Qᵀb + R s|² against |Qᵀb|²: the same in n numbers instead of m.
  let decrease = 0;
  for (let i = 0; i < columnCount; i++) {
    let change = 0;
    for (let k = i; k < columnCount; k++) {
      const j = free[k]!;
      change += r[i * columnCount + k]! * (trial[j]! - state.parameters[j]!) * scale[k]!;
    }
    decrease -= change * (2 * qtb[i]! + change);
  }
  return decrease;
}

function finished(
  problem: LeastSquaresProblem,
  state: State,
  box: Box,
  { covarianceScale = "reduced" }: LeastSquaresOptions,
): Omit<LeastSquaresResult, "status" | "iterations"> {
  const { parameters, residuals, sumOfSquares } = state;
  const count = parameters.length;
  const isAtBound = (j: number) =>
    parameters[j]! <= box.lower[j]! || parameters[j]! >= box.upper[j]!;
  const all = Array.from({ length: count }, (_, j) => j);
  const atBound = all.filter(isAtBound);
  const free = all.filter((j) => !isAtBound(j));
  const freedom = problem.residualCount - free.length;
  const factor = covarianceScale === "asGiven" ? 1 : sumOfSquares / freedom;
  const inverse =
    free.length === 0 || (covarianceScale === "reduced" && freedom === 0)
      ? null
      : invertNormalMatrix(qrFactorise(state.jacobian, residuals, free, state.scale));
  const common = { parameters, residuals, sumOfSquares, atBound };
  if (inverse === null) return { ...common, covariance: null, standardUncertainties: null };
  const covariance = new Float64Array(count * count);
  for (const [a, i] of free.entries()) {
    for (const [b, j] of free.entries()) {
      covariance[i * count + j] = factor * inverse[a * free.length + b]!;
    }
  }
  const standardUncertainties = Float64Array.from({ length: count }, (_, j) =>
    Math.sqrt(covariance[j * count + j]!),
  );
  return { ...common, covariance, standardUncertainties };
}
