/** Plain statistics of samples. All throw EwaldError `samples/empty` or `samples/not-finite`. */
import { EwaldError } from "../errors.ts";
import type { Random } from "./random.ts";
import { checkFinite, checkPair } from "./samples.ts";

function checkSamples(values: ArrayLike<number>, fewest = 1): void {
  if (values.length < fewest) {
    throw new EwaldError("samples/empty", `${values.length} samples where ${fewest} are needed`, {
      value: values.length,
    });
  }
  checkFinite(values);
}

export function mean(values: ArrayLike<number>): number {
  checkSamples(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** The standard deviation of a sample (n − 1 below the line); needs two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  checkSamples(values, 2);
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i]! - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/**
 * Linear between order statistics (type 7 of Hyndman & Fan 1996, NumPy's default).
 * @throws EwaldError `samples/quantile` for a level outside 0 … 1
 */
export function quantile(values: ArrayLike<number>, level: number): number {
  checkSamples(values);
  return sortedQuantile(Float64Array.from(values).sort(), level);
}

function sortedQuantile(sorted: Float64Array, level: number): number {
  if (!(level >= 0 && level <= 1)) {
    throw new EwaldError("samples/quantile", `level ${level} is not between 0 and 1`, {
      value: level,
    });
  }
  const place = level * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

export interface Interval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Percentile bootstrap (Efron & Tibshirani 1993, chapter 13): the statistic of the samples and the
 * interval that holds it in `level` of the resamplings. The statistic is given indices, so that several
 * arrays (truth, prediction, group) can be resampled together.
 */
export function bootstrapInterval(
  count: number,
  statistic: (indices: Uint32Array) => number,
  random: Random,
  { level = 0.95, resamplings = 1000 }: { level?: number; resamplings?: number } = {},
): Interval {
  if (!Number.isInteger(count) || count < 1) {
    throw new EwaldError("samples/empty", `${count} samples cannot be resampled`, { value: count });
  }
  const indices = Uint32Array.from({ length: count }, (_, i) => i);
  const estimate = statistic(indices);
  const values = new Float64Array(resamplings);
  for (let n = 0; n < resamplings; n++) {
    for (let i = 0; i < count; i++) indices[i] = random.integer(0, count - 1);
    values[n] = statistic(indices);
  }
  checkSamples(values);
  values.sort();
  const tail = (1 - level) / 2;
  return {
    estimate,
    lower: sortedQuantile(values, tail),
    upper: sortedQuantile(values, 1 - tail),
  };
}

/** Pearson's r. @throws EwaldError `samples/constant` where one side does not vary */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkPair(a, b);
  const meanA = mean(a);
  const meanB = mean(b);
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    const da = a[i]! - meanA;
    const db = b[i]! - meanB;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  if (aa === 0 || bb === 0) {
    throw new EwaldError("samples/constant", "no correlation: one side does not vary");
  }
  // Two roots: the product of two sums of squares of small numbers underflows first.
  return Math.max(-1, Math.min(1, ab / (Math.sqrt(aa) * Math.sqrt(bb))));
}

/** Spearman's ρ: Pearson's r of the ranks, ties at their mean rank. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkPair(a, b);
  return pearson(ranks(a), ranks(b));
}

/** From 1; equal values share their mean rank. */
export function ranks(values: ArrayLike<number>): Float64Array {
  checkSamples(values);
  const order = Uint32Array.from({ length: values.length }, (_, i) => i);
  order.sort((i, j) => values[i]! - values[j]!);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let k = start; k < end; k++) result[order[k]!] = (start + end + 1) / 2;
    start = end;
  }
  return result;
}
