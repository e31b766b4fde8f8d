/**
 * Does a stated probability mean what it says? Reliability diagram and expected calibration error
 * (Guo et al. 2017, arXiv:1706.04599, eq. 3).
 */
import { EwaldError } from "../errors.ts";
import { checkPair } from "./samples.ts";

export interface ReliabilityBin {
  /** The bin holds lower < confidence ≤ upper; the first one holds its lower end too. */
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
  /** Mean stated confidence; `null` in an empty bin. */
  readonly meanConfidence: number | null;
  /** Fraction that was right; `null` in an empty bin. */
  readonly fractionCorrect: number | null;
}

/**
 * @param correct 1 where the prediction was right (or the binary label, for the probability of label 1)
 * @param confidence stated probability of being right
 * @throws EwaldError `samples/length`, `samples/empty`, `samples/not-finite`, `metric/label`, `metric/probability`, `metric/bins`
 */
export function reliabilityBins(
  correct: ArrayLike<number>,
  confidence: ArrayLike<number>,
  binCount = 15,
): ReliabilityBin[] {
  checkPair(correct, confidence);
  if (!Number.isInteger(binCount) || binCount < 1) {
    throw new EwaldError("metric/bins", `${binCount} is not a number of bins`, { value: binCount });
  }
  const counts = new Float64Array(binCount);
  const confidences = new Float64Array(binCount);
  const hits = new Float64Array(binCount);
  for (let i = 0; i < correct.length; i++) {
    const p = confidence[i]!;
    if (!(p >= 0 && p <= 1)) {
      throw new EwaldError("metric/probability", `${p} is not a probability`, { value: p });
    }
    if (correct[i] !== 0 && correct[i] !== 1) {
      throw new EwaldError("metric/label", `outcome ${correct[i]} is not 0 or 1`, {
        value: correct[i],
      });
    }
    const bin = Math.max(0, Math.ceil(p * binCount) - 1);
    counts[bin]!++;
    confidences[bin]! += p;
    hits[bin]! += correct[i]!;
  }
  return Array.from(counts, (count, bin) => ({
    lower: bin / binCount,
    upper: (bin + 1) / binCount,
    count,
    meanConfidence: count === 0 ? null : confidences[bin]! / count,
    fractionCorrect: count === 0 ? null : hits[bin]! / count,
  }));
}

/** Σ (bin count / all) · |fraction correct − mean confidence|. */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  return bins.reduce((sum, { count, fractionCorrect, meanConfidence }) => {
    if (fractionCorrect === null || meanConfidence === null) return sum;
    return sum + (count / total) * Math.abs(fractionCorrect - meanConfidence);
  }, 0);
}
