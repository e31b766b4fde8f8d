/** How far two sets of lines are the same: each line a Gaussian over the axis of bins, heights the root of the intensity. */

/** Standard deviation of the Gaussians, bins: what zero shift, strain and 0.05 % of rounding leave. */
export const SIGMA = 5;
/** Gaussians further apart than this do not overlap. */
const REACH = 4 * SIGMA;

/** By distance in bins. */
const OVERLAP = Float64Array.from({ length: REACH + 1 }, (_, d) =>
  Math.exp((-d * d) / (2 * SIGMA * SIGMA)),
);

/** Lines in order of their bins; the first `count` of both columns. */
export interface Lines {
  readonly bin: ArrayLike<number>;
  readonly height: ArrayLike<number>;
  readonly count: number;
}

/** Σ over pairs of lines of heights times the overlap of their Gaussians. */
export function overlapOf(a: Lines, b: Lines): number {
  let [sum, from] = [0, 0];
  for (let i = 0; i < a.count; i++) {
    const at = a.bin[i]!;
    while (from < b.count && b.bin[from]! <= at - REACH) from++;
    for (let k = from; k < b.count && b.bin[k]! < at + REACH; k++)
      sum += a.height[i]! * b.height[k]! * OVERLAP[Math.round(Math.abs(b.bin[k]! - at))]!;
  }
  return sum;
}
