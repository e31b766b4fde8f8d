/**
 * Losses: expressions over the graph, each a single number, the mean over the batch. Any other loss is
 * written with the same operators where it is needed.
 */
import type { Operand, Value } from "./graph.ts";
import type { Objective } from "./model.ts";
import { oneHot } from "./ops/arrange.ts";
import { add, div, mean, mul, neg, reshape, sub, sum } from "./ops/core.ts";
import { abs, atMost, exp, log, softplus, sqrt, square } from "./ops/elementwise.ts";
import { argmax, logSoftmax } from "./ops/reduce.ts";

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  /** Share of the target spread evenly over all classes. */
  readonly smoothing?: number;
  /** Weight per class; the mean is then weighted by those of the labels, as PyTorch does. */
  readonly weights?: readonly number[];
}

/** The cross-entropy of logits (batch, classes) and labels (batch) of class numbers. */
export function crossEntropy(
  logits: Value,
  labels: Value,
  { smoothing = 0, weights }: CrossEntropyOptions = {},
): Value {
  const classes = logits.shape[1]!;
  const hot = oneHot(labels, classes);
  const target = smoothing === 0 ? hot : add(mul(hot, 1 - smoothing), smoothing / classes);
  const terms = mul(target, logSoftmax(logits)); // (batch, classes)
  if (weights === undefined) return neg(mean(sum(terms, [1])));
  const weight = logits.graph.constant(weights);
  return neg(div(sum(mul(terms, weight)), sum(mul(hot, weight))));
}

/** The accuracy: share of samples whose largest logit is the label's: a metric without gradient. */
export function accuracy(logits: Value, labels: Value): Value {
  const hot = oneHot(labels, logits.shape[1]!);
  const best = oneHot(reshape(argmax(logits, 1), labels.shape), logits.shape[1]!);
  return mean(sum(mul(hot, best), [1]));
}

/** Training towards classes: an output `logits` (batch, classes), a target `label` of class numbers; accuracy is reported. */
export function classification(options: CrossEntropyOptions = {}): Objective {
  return {
    targets: { label: { shape: [], dtype: "int" } },
    build: (_graph, { logits }, { label }) => ({
      loss: crossEntropy(logits!, label!, options),
      accuracy: accuracy(logits!, label!),
    }),
  };
}

/** The binary cross-entropy of logits and targets (0 to 1) of one shape; `positiveWeight` multiplies the positive term. */
export function binaryCrossEntropy(logits: Value, targets: Value, positiveWeight = 1): Value {
  // -[w t ln σ(x) + (1-t) ln(1-σ(x))] = (1-t) x + (1 + (w-1) t) softplus(-x)
  const weight = add(mul(targets, positiveWeight - 1), 1);
  return mean(add(mul(sub(1, targets), logits), mul(weight, softplus(neg(logits)))));
}

/** Mean of (prediction − target)² over all elements, a scalar. */
export function meanSquaredError(prediction: Value, target: Value): Value {
  return mean(square(sub(prediction, target)));
}

/** Mean of |prediction − target| over all elements, a scalar. */
export function meanAbsoluteError(prediction: Value, target: Value): Value {
  return mean(abs(sub(prediction, target)));
}

/** The Huber loss: quadratic up to `delta`, linear beyond (Huber 1964). */
export function huber(prediction: Value, target: Value, delta = 1): Value {
  const error = abs(sub(prediction, target));
  const inner = atMost(error, delta);
  return mean(mul(inner, sub(error, mul(inner, 0.5))));
}

/** Mean squared difference of ln(1 + x); both must be above -1. */
export function meanSquaredLogError(prediction: Value, target: Value): Value {
  return mean(square(sub(log(add(prediction, 1)), log(add(target, 1)))));
}

/** Cosine of the angle between the rows of two (batch, features) values: (batch). */
export function cosineSimilarity(a: Value, b: Value, epsilon = 1e-12): Value {
  const norms = sqrt(add(mul(sum(square(a), [1]), sum(square(b), [1])), epsilon));
  return div(sum(mul(a, b), [1]), norms);
}

/** Mean of 1 - cosine over the batch. */
export function cosineLoss(prediction: Value, target: Value): Value {
  return sub(1, mean(cosineSimilarity(prediction, target)));
}

/** Mean of 1 - Pearson's correlation of each row with its target over the batch. */
export function pearsonLoss(prediction: Value, target: Value): Value {
  const centre = (x: Value): Value => sub(x, mean(x, [1], true));
  return cosineLoss(centre(prediction), centre(target));
}

/** KL divergence of N(mean, e^logVariance) from the standard normal: summed over features, mean over the batch. */
export function klNormal(average: Value, logVariance: Value): Value {
  const inner = sub(add(square(average), exp(logVariance)), add(logVariance, 1));
  return mul(mean(sum(inner, [1])), 0.5);
}

/** KL divergence of softmax(logits) from a target distribution, mean over the batch. */
export function klDivergence(logits: Value, target: Value): Value {
  const known = log(add(target, 1e-12));
  return mean(sum(mul(target, sub(known, logSoftmax(logits))), [1]));
}

/** Mean of `values` weighted by `weights` of the same shape (0 hides a missing label); 0 where all are 0. */
export function weightedMean(values: Value, weights: Operand): Value {
  if (typeof weights === "number") return mean(values);
  return div(sum(mul(values, weights)), add(sum(weights), 1e-12));
}
