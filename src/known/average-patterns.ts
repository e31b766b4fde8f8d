/** Average patterns of types and the cosine to them: the similarity S of Chen 2024, and alone the humblest way to tell a type, which any network has to beat. Works on any axis: the paper's 5,250 angles, or ln sin θ. */

/** First and last point with data. */
export type Observed = readonly [number, number];

/** Sums patterns by type; what a pattern did not observe does not count. */
export class AveragePatterns {
  private readonly sums: readonly Float64Array[];
  private readonly counts: readonly Int32Array[];
  private readonly points: number;

  constructor(types: number, points: number) {
    this.points = points;
    this.sums = Array.from({ length: types }, () => new Float64Array(points));
    this.counts = Array.from({ length: types }, () => new Int32Array(points));
  }

  add(
    type: number,
    values: ArrayLike<number>,
    [first, last]: Observed = [0, this.points - 1],
  ): void {
    const [sum, count] = [this.sums[type]!, this.counts[type]!];
    for (let i = first; i <= last; i++) {
      sum[i]! += values[i]!;
      count[i]! += 1;
    }
  }

  /** The average of each type, (points); zeros where nothing was observed. */
  averages(): Float32Array[] {
    return this.sums.map((sum, type) =>
      Float32Array.from(sum, (value, i) => value / Math.max(1, this.counts[type]![i]!)),
    );
  }
}

/** Cosine of the pattern to each average, (types), over what was observed. */
export function cosineToAverages(
  averages: readonly Float32Array[],
  values: ArrayLike<number>,
  [first, last]: Observed = [0, values.length - 1],
): Float64Array {
  let own = 0;
  for (let i = first; i <= last; i++) own += values[i]! ** 2;
  return Float64Array.from(averages, (average) => {
    let [product, norm] = [0, 0];
    for (let i = first; i <= last; i++) {
      product += average[i]! * values[i]!;
      norm += average[i]! ** 2;
    }
    return product / Math.max(Math.sqrt(own * norm), 1e-12);
  });
}
