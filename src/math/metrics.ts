/**
 * How well predictions agree with the truth. Definitions are those of scikit-learn, against which the
 * tests hold golden values; where it warns and returns a made-up number (R² of a constant, ROC-AUC of
 * one class) this throws.
 *
 * Shapes: `truth`, `predicted`, `labels`, `scores` have one number per sample; class labels are 0 … K−1,
 * binary labels 0 or 1; `probabilities` and `classScores` are row-major (sample, class).
 */
import { EwaldError } from "../errors.ts";
import { checkFinite, checkPair } from "./samples.ts";

type Numbers = ArrayLike<number>;

function checkBinary(labels: Numbers): void {
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) {
      throw new EwaldError("metric/label", `label ${labels[i]} of sample ${i} is not 0 or 1`, {
        value: labels[i],
      });
    }
  }
}

/** Checks class labels 0 … classCount − 1. @throws EwaldError `metric/label` */
function checkClasses(labels: Numbers, classCount: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classCount) {
      throw new EwaldError(
        "metric/label",
        `label ${label} of sample ${i} is not a class from 0 to ${classCount - 1}`,
        { value: label },
      );
    }
  }
}

/** Number of classes of a (sample, class) array, checked against the labels. */
function classesOf(truth: Numbers, classScores: Numbers): number {
  const classCount = classScores.length / truth.length;
  if (truth.length === 0) throw new EwaldError("samples/empty", "no samples to measure");
  if (!Number.isInteger(classCount) || classCount < 2) {
    throw new EwaldError(
      "samples/length",
      `${classScores.length} scores are no whole number (≥ 2) of classes for ${truth.length} samples`,
      { value: [truth.length, classScores.length] },
    );
  }
  checkClasses(truth, classCount);
  checkFinite(classScores);
  return classCount;
}

// ---- regression

/** The mean absolute error of predictions: the mean of |predicted − true|. */
export function meanAbsoluteError(truth: Numbers, predicted: Numbers): number {
  checkPair(truth, predicted);
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += Math.abs(truth[i]! - predicted[i]!);
  return sum / truth.length;
}

/** RMSE. */
export function rootMeanSquareError(truth: Numbers, predicted: Numbers): number {
  return Math.sqrt(meanSquareError(truth, predicted));
}

function meanSquareError(truth: Numbers, predicted: Numbers): number {
  checkPair(truth, predicted);
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += (truth[i]! - predicted[i]!) ** 2;
  return sum / truth.length;
}

/**
 * R² = 1 − Σ(t − p)² / Σ(t − t̄)²; below 0 for predictions worse than the mean.
 * @throws EwaldError `metric/constant` where the truth does not vary
 */
export function coefficientOfDetermination(truth: Numbers, predicted: Numbers): number {
  checkPair(truth, predicted);
  let mean = 0;
  for (let i = 0; i < truth.length; i++) mean += truth[i]! / truth.length;
  let residual = 0;
  let total = 0;
  for (let i = 0; i < truth.length; i++) {
    residual += (truth[i]! - predicted[i]!) ** 2;
    total += (truth[i]! - mean) ** 2;
  }
  if (total === 0) {
    throw new EwaldError("metric/constant", "R² is not defined: the truth does not vary");
  }
  return 1 - residual / total;
}

// ---- binary classification by score

/** Counts at every distinct threshold, from the highest: samples with score ≥ threshold are called positive. */
export interface ThresholdCounts {
  readonly thresholds: Float64Array;
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly positives: number;
  readonly negatives: number;
}

/** The one pass behind ROC and precision-recall curves; samples of equal score count together. */
export function thresholdCounts(labels: Numbers, scores: Numbers): ThresholdCounts {
  checkPair(labels, scores);
  checkBinary(labels);
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i);
  order.sort((i, j) => scores[j]! - scores[i]!);
  const thresholds: number[] = [];
  const truePositives: number[] = [];
  const falsePositives: number[] = [];
  let hits = 0;
  for (let k = 0; k < order.length; k++) {
    const score = scores[order[k]!]!;
    hits += labels[order[k]!]!;
    if (k + 1 < order.length && scores[order[k + 1]!] === score) continue;
    thresholds.push(score);
    truePositives.push(hits);
    falsePositives.push(k + 1 - hits);
  }
  return {
    thresholds: Float64Array.from(thresholds),
    truePositives: Float64Array.from(truePositives),
    falsePositives: Float64Array.from(falsePositives),
    positives: hits,
    negatives: labels.length - hits,
  };
}

/**
 * Area under the ROC curve; ties count one half.
 * @throws EwaldError `metric/one-class`
 */
export function rocAuc(labels: Numbers, scores: Numbers): number {
  const { truePositives, falsePositives, positives, negatives } = thresholdCounts(labels, scores);
  if (positives === 0 || negatives === 0) {
    throw new EwaldError("metric/one-class", "ROC-AUC needs samples of both classes", {
      value: { positives, negatives },
    });
  }
  let area = 0;
  let lastTrue = 0;
  let lastFalse = 0;
  for (let i = 0; i < truePositives.length; i++) {
    area += ((falsePositives[i]! - lastFalse) * (truePositives[i]! + lastTrue)) / 2;
    lastTrue = truePositives[i]!;
    lastFalse = falsePositives[i]!;
  }
  return area / (positives * negatives);
}

/**
 * ROC-AUC of every class against the rest; `null` for a class that has no sample, or all of them.
 * The macro average is the mean over the numbers.
 */
export function rocAucPerClass(truth: Numbers, classScores: Numbers): (number | null)[] {
  const classCount = classesOf(truth, classScores);
  return Array.from({ length: classCount }, (_, label) => {
    const isLabel = Uint8Array.from(truth, (value) => (value === label ? 1 : 0));
    const scores = Float64Array.from(truth, (_, i) => classScores[i * classCount + label]!);
    const isMixed = isLabel.includes(0) && isLabel.includes(1);
    return isMixed ? rocAuc(isLabel, scores) : null;
  });
}

/**
 * Average precision Σ (Rₙ − Rₙ₋₁) Pₙ, without interpolation.
 * @throws EwaldError `metric/one-class` without a positive
 */
export function averagePrecision(labels: Numbers, scores: Numbers): number {
  const { truePositives, falsePositives, positives } = thresholdCounts(labels, scores);
  if (positives === 0) {
    throw new EwaldError("metric/one-class", "average precision needs a positive sample");
  }
  let sum = 0;
  let last = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const precision = truePositives[i]! / (truePositives[i]! + falsePositives[i]!);
    sum += ((truePositives[i]! - last) / positives) * precision;
    last = truePositives[i]!;
  }
  return sum;
}

// ---- classes

/** `counts[truth][predicted]`. Everything below is read off this matrix. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** How often each class (row) was called each class (column); classes are numbered from 0. */
export function confusionMatrix(
  truth: Numbers,
  predicted: Numbers,
  classCount: number,
): ConfusionMatrix {
  checkPair(truth, predicted);
  checkClasses(truth, classCount);
  checkClasses(predicted, classCount);
  const counts = Array.from({ length: classCount }, () =>
    Array.from({ length: classCount }, () => 0),
  );
  for (let i = 0; i < truth.length; i++) counts[truth[i]!]![predicted[i]!]!++;
  return counts;
}

/** Precision, recall and F1 of one class. A ratio without samples below the line is 0. */
export interface ClassScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Samples that truly are of this class. */
  readonly support: number;
  /** Samples called this class. */
  readonly called: number;
}

export function classScores(confusion: ConfusionMatrix): ClassScore[] {
  return confusion.map((row, label) => {
    const hits = row[label]!;
    const support = row.reduce((sum, count) => sum + count, 0);
    const called = confusion.reduce((sum, other) => sum + other[label]!, 0);
    return {
      precision: called === 0 ? 0 : hits / called,
      recall: support === 0 ? 0 : hits / support,
      f1: support + called === 0 ? 0 : (2 * hits) / (support + called),
      support,
      called,
    };
  });
}

export function accuracy(confusion: ConfusionMatrix): number {
  let hits = 0;
  let total = 0;
  for (const [label, row] of confusion.entries()) {
    hits += row[label]!;
    for (const count of row) total += count;
  }
  return hits / total;
}

/** Mean recall over the classes that occur in the truth. */
export function balancedAccuracy(confusion: ConfusionMatrix): number {
  const present = classScores(confusion).filter((score) => score.support > 0);
  return present.reduce((sum, score) => sum + score.recall, 0) / present.length;
}

/** Mean F1 over the classes that occur in the truth or in the predictions. */
export function macroF1(confusion: ConfusionMatrix): number {
  const present = classScores(confusion).filter((score) => score.support + score.called > 0);
  return present.reduce((sum, score) => sum + score.f1, 0) / present.length;
}

/**
 * Fraction of samples whose true class is among the k highest scores. Of classes tied at the border
 * each is as likely to be in: constant scores give k / K, not 0 or 1 by the order of the classes.
 */
export function topKAccuracy(truth: Numbers, classScores: Numbers, k: number): number {
  const classCount = classesOf(truth, classScores);
  if (!Number.isInteger(k) || k < 1) {
    throw new EwaldError("metric/top-k", `k = ${k} is not a whole number ≥ 1`, { value: k });
  }
  let hits = 0;
  for (let i = 0; i < truth.length; i++) {
    const own = classScores[i * classCount + truth[i]!]!;
    let above = 0;
    let tied = 0;
    for (let label = 0; label < classCount; label++) {
      const score = classScores[i * classCount + label]!;
      if (score > own) above++;
      else if (score === own) tied++;
    }
    hits += Math.min(1, Math.max(0, (k - above) / tied));
  }
  return hits / truth.length;
}

// ---- probabilities

/** Smallest probability that log loss takes the logarithm of: the resolution of float64, as scikit-learn. */
const SMALLEST_PROBABILITY = 2 ** -52;

function checkProbabilities(probabilities: Numbers): void {
  for (let i = 0; i < probabilities.length; i++) {
    if (!(probabilities[i]! >= 0 && probabilities[i]! <= 1)) {
      throw new EwaldError("metric/probability", `${probabilities[i]} is not a probability`, {
        value: probabilities[i],
      });
    }
  }
}

/** Mean (p − label)² of binary labels; `probabilities` are of label 1. */
export function brierScore(labels: Numbers, probabilities: Numbers): number {
  checkPair(labels, probabilities);
  checkBinary(labels);
  checkProbabilities(probabilities);
  return meanSquareError(labels, probabilities);
}

/** Mean −ln p of the true label, nats; `probabilities` are of label 1. */
export function binaryLogLoss(labels: Numbers, probabilities: Numbers): number {
  checkPair(labels, probabilities);
  checkBinary(labels);
  checkProbabilities(probabilities);
  let sum = 0;
  for (let i = 0; i < labels.length; i++) {
    const p = labels[i] === 1 ? probabilities[i]! : 1 - probabilities[i]!;
    sum -= Math.log(clip(p));
  }
  return sum / labels.length;
}

/** Mean −ln p of the true class, nats. `probabilities`: (sample, class). */
export function logLoss(truth: Numbers, probabilities: Numbers): number {
  const classCount = classesOf(truth, probabilities);
  checkProbabilities(probabilities);
  let sum = 0;
  for (let i = 0; i < truth.length; i++) {
    sum -= Math.log(clip(probabilities[i * classCount + truth[i]!]!));
  }
  return sum / truth.length;
}

function clip(probability: number): number {
  return Math.min(1 - SMALLEST_PROBABILITY, Math.max(SMALLEST_PROBABILITY, probability));
}
