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

/**
 * The least stated probability from which on at least a `share` of the answers are right: where the isotonic curve of reliability (the
 * rising curve nearest to the outcomes, by pooling of adjacent violators) reaches it. 1 where it never does.
 * @param correct 1 where the answer was right, else 0
 * @throws EwaldError `samples/length`, `samples/empty`, `samples/not-finite`
 */
export function leastReliable(
  correct: ArrayLike<number>,
  confidence: ArrayLike<number>,
  share: number,
): number {
  checkPair(correct, confidence);
  const order = Array.from({ length: correct.length }, (_, i) => i).sort(
    (a, b) => confidence[a]! - confidence[b]!,
  );
  const pools: { from: number; count: number; hits: number }[] = [];
  for (const i of order) {
    let pool = { from: confidence[i]!, count: 1, hits: correct[i]! };
    for (let last = pools.at(-1); last !== undefined; last = pools.at(-1)) {
      const isTied = last.from === pool.from;
      if (!isTied && last.hits / last.count < pool.hits / pool.count) break;
      pools.pop();
      pool = { from: last.from, count: last.count + pool.count, hits: last.hits + pool.hits };
    }
    pools.push(pool);
  }
  return pools.find(({ count, hits }) => hits / count >= share)?.from ?? 1;
}

/** p = 1 / (1 + exp(-(slope · logit + intercept))). */
export interface PlattScaling {
  readonly slope: number;
  readonly intercept: number;
}

const PLATT_STEPS = 50;

/**
 * Probabilities from logits by logistic regression on held-out samples (J. Platt, 1999): Newton's method on the mean log loss.
 * The labels are drawn slightly towards one half, as Platt does, so that separable samples have a finite slope.
 * @param labels 0 or 1
 * @throws EwaldError `samples/length`, `samples/empty`, `samples/not-finite`, `metric/one-class`
 */
export function plattScaling(labels: ArrayLike<number>, logits: ArrayLike<number>): PlattScaling {
  checkPair(labels, logits);
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += labels[i]!;
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0)
    throw new EwaldError("metric/one-class", "calibration needs samples of both classes", {
      value: { positives, negatives },
    });
  const [low, high] = [1 / (negatives + 2), (positives + 1) / (positives + 2)];
  // Logits in units of their own size: a step of Newton's then means the same whatever the network.
  let size = 0;
  for (let i = 0; i < logits.length; i++) size += Math.abs(logits[i]!) / logits.length;
  const scale = size > 0 ? size : 1;
  const loss = (slope: number, intercept: number): number => {
    let sum = 0;
    for (let i = 0; i < labels.length; i++) {
      const z = (slope * logits[i]!) / scale + intercept;
      const target = labels[i] === 1 ? high : low;
      // ln(1 + eᶻ) - t z, without overflow.
      sum += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - target * z;
    }
    return sum;
  };
  let [slope, intercept] = [0, Math.log(positives / negatives)];
  let best = loss(slope, intercept);
  for (let step = 0; step < PLATT_STEPS; step++) {
    let [gradient1, gradient2, h11, h12, h22] = [0, 0, 1e-10, 0, 1e-10];
    for (let i = 0; i < labels.length; i++) {
      const x = logits[i]! / scale;
      const p = 1 / (1 + Math.exp(-(slope * x + intercept)));
      const error = p - (labels[i] === 1 ? high : low);
      const weight = p * (1 - p);
      gradient1 += error * x;
      gradient2 += error;
      h11 += weight * x * x;
      h12 += weight * x;
      h22 += weight;
    }
    const determinant = h11 * h22 - h12 * h12;
    const change1 = (h22 * gradient1 - h12 * gradient2) / determinant;
    const change2 = (h11 * gradient2 - h12 * gradient1) / determinant;
    let [share, next] = [1, loss(slope - change1, intercept - change2)];
    // Newton's step may overshoot where the sigmoid is flat; a shorter one always goes down.
    while (next > best && share > 1e-6) {
      share /= 2;
      next = loss(slope - share * change1, intercept - share * change2);
    }
    if (!(next < best)) break;
    slope -= share * change1;
    intercept -= share * change2;
    best = next;
  }
  return { slope: slope / scale, intercept };
}

/** Smallest mean −ln p of the true class over temperatures from 0.05 to 20: p = softmax(logits / T). */
export function temperatureScaling(truth: ArrayLike<number>, logits: ArrayLike<number>): number {
  const classes = logits.length / truth.length;
  const loss = (temperature: number): number => {
    let sum = 0;
    for (let i = 0; i < truth.length; i++) {
      let most = -Infinity;
      for (let c = 0; c < classes; c++) most = Math.max(most, logits[i * classes + c]!);
      let total = 0;
      for (let c = 0; c < classes; c++)
        total += Math.exp((logits[i * classes + c]! - most) / temperature);
      sum += Math.log(total) - (logits[i * classes + truth[i]!]! - most) / temperature;
    }
    return sum;
  };
  // Golden section over ln T: the loss is convex in 1/T, so there is one minimum.
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [from, to] = [Math.log(0.05), Math.log(20)];
  for (let step = 0; step < 60; step++) {
    const left = to - ratio * (to - from);
    const right = from + ratio * (to - from);
    if (loss(Math.exp(left)) < loss(Math.exp(right))) to = right;
    else from = left;
  }
  return Math.exp((from + to) / 2);
}
