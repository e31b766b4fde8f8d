/**
 * Non-negative least squares by active sets on the normal equations of columns brought to unit length (C. L. Lawson, R. J. Hanson,
 * Solving Least Squares Problems, 1974, chapter 23): for some tens of columns, such as the curves of phases in one scan.
 */
import { EwaldError } from "../errors.ts";

/** Gradient, of the observed vector's length, below which a column would add nothing. */
const NOTHING_TO_GAIN = 1e-10;
/** Added to the diagonal: columns that depend on each other share what belongs to them. */
const RIDGE = 1e-12;

/**
 * x ≥ 0 that minimises |Σ xⱼ columnⱼ − observed|.
 * @param columns of the length of `observed`; a column of zeros gets 0
 * @throws EwaldError `math/length`, `math/not-finite`
 */
export function nonNegativeLeastSquares(
  columns: readonly ArrayLike<number>[],
  observed: ArrayLike<number>,
): Float64Array {
  const n = columns.length;
  const lengths = columns.map((column) => {
    if (column.length !== observed.length) {
      throw new EwaldError("math/length", "a column is not as long as what is observed", {
        value: column.length,
        hint: `${observed.length} values are needed.`,
      });
    }
    return Math.sqrt(product(column, column));
  });
  const scale = Math.sqrt(product(observed, observed));
  if (![scale, ...lengths].every(Number.isFinite))
    throw new EwaldError("math/not-finite", "a column or what is observed holds no finite number");
  const x = new Float64Array(n);
  if (scale === 0) return x;
  const unit = (j: number): number => lengths[j]! || 1;
  const gram = columns.map((one, i) =>
    columns.map((other, j) => product(one, other) / (unit(i) * unit(j)) + (i === j ? RIDGE : 0)),
  );
  const target = columns.map((column, j) => product(column, observed) / (unit(j) * scale));
  solveActive(gram, target, x);
  return x.map((value, j) => (value * scale) / unit(j));
}

function product(u: ArrayLike<number>, v: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < u.length; i++) sum += u[i]! * v[i]!;
  return sum;
}

/** Fills `x`, all zeros, with the minimiser of ½ xᵀGx − tᵀx over x ≥ 0. */
function solveActive(gram: readonly number[][], target: readonly number[], x: Float64Array): void {
  let passive: number[] = [];
  // Each round lowers the sum of squares, so that no set of columns comes twice; the bound is for rounding.
  for (let round = 0; round < 3 * target.length + 10; round++) {
    let best = -1;
    let most = NOTHING_TO_GAIN;
    for (const [j, value] of target.entries()) {
      if (passive.includes(j)) continue;
      const gradient = value - passive.reduce((sum, k) => sum + gram[j]![k]! * x[k]!, 0);
      if (gradient > most) [best, most] = [j, gradient];
    }
    if (best < 0) return;
    passive.push(best);
    while (passive.length > 0) {
      const wanted = solvePassive(gram, target, passive);
      if (wanted.every((value) => value > 0)) {
        for (const [i, j] of passive.entries()) x[j] = wanted[i]!;
        break;
      }
      // As far towards it as nothing turns negative; what became zero leaves.
      let share = 1;
      for (const [i, j] of passive.entries())
        if (wanted[i]! <= 0) share = Math.min(share, x[j]! / (x[j]! - wanted[i]!));
      for (const [i, j] of passive.entries()) {
        x[j]! += share * (wanted[i]! - x[j]!);
        if (wanted[i]! <= 0 && x[j]! <= 1e-14) x[j] = 0;
      }
      passive = passive.filter((j) => x[j]! > 0);
    }
  }
}

/** The equations of some columns alone, by Cholesky's factors. */
function solvePassive(
  gram: readonly number[][],
  target: readonly number[],
  passive: readonly number[],
): number[] {
  const n = passive.length;
  const lower = passive.map(() => new Float64Array(n));
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k <= i; k++) {
      let sum = gram[passive[i]!]![passive[k]!]!;
      for (let m = 0; m < k; m++) sum -= lower[i]![m]! * lower[k]![m]!;
      lower[i]![k] = i === k ? Math.sqrt(Math.max(sum, RIDGE)) : sum / lower[k]![k]!;
    }
    let sum = target[passive[i]!]!;
    for (let m = 0; m < i; m++) sum -= lower[i]![m]! * y[m]!;
    y[i] = sum / lower[i]![i]!;
  }
  const solved = Array.from(y);
  for (let i = n - 1; i >= 0; i--) {
    for (let m = i + 1; m < n; m++) solved[i]! -= lower[m]![i]! * solved[m]!;
    solved[i]! /= lower[i]![i]!;
  }
  return solved;
}
