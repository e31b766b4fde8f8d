/**
 * Average patterns of types and the cosine to them: CrySTINet's similarity S, and alone the humblest way to tell a type, which
 * any network has to beat. Works on any axis: the paper's 5,250 angles, or the default model's ln sin θ.
 */
import { AveragePatterns } from "../../known/average-patterns.ts";
import { cosineToAverages } from "../../known/average-patterns.ts";
import { PATTERN_SIZE, type Pattern } from "../../scan/log-pattern.ts";
import { observedBins, type SampleStore } from "../../systems/structure-type/augment.ts";

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
