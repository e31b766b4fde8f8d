/**
 * Average patterns of types and the cosine to them: CrySTINet's similarity S, and alone the humblest way to tell a type, which
 * any network has to beat. Works on any axis: the paper's 5,250 angles, or the default model's ln sin θ.
 */
import { PATTERN_SIZE, type Pattern } from "../../scan/log-pattern.ts";
import { observedBins, type SampleStore } from "../../systems/structure-type/training-samples.ts";

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

/** Average patterns of a pool of training samples on the default model's axis; samples of no type are left out. */
export function poolAverages(pool: SampleStore, types: number): Float32Array[] {
  const sums = new AveragePatterns(types, PATTERN_SIZE);
  for (const [row, label] of pool.label.entries()) {
    if (label >= types) continue;
    const bytes = pool.intensity.subarray(row * PATTERN_SIZE, (row + 1) * PATTERN_SIZE);
    sums.add(label, bytes, [pool.bins[2 * row]!, pool.bins[2 * row + 1]!]);
  }
  return sums.averages();
}

/** Cosine of a default model's pattern to averages of {@link poolAverages}, (types): the humility baseline. */
export function nearestAverage(averages: readonly Float32Array[], pattern: Pattern): Float64Array {
  return cosineToAverages(averages, pattern.intensity, observedBins(pattern));
}
