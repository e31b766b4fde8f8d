/**
 * Fits the few numbers that weigh the witnesses (on validation compounds), and calibrates what the outcome is worth (on
 * measured scans). Scalars only.
 */
import {
  probabilitiesOf,
  type WitnessWeights,
  type Calibration,
  type Witnesses,
} from "./probability.ts";

/** The witnesses' answers for a sample of known type; label = number of types for none of them. */
export interface Judged extends Witnesses {
  readonly label: number;
}

/** Mean −ln of the probability given to the truth. */
function probabilityLoss(samples: readonly Judged[], weights: WitnessWeights): number {
  let sum = 0;
  for (const sample of samples)
    sum -= Math.log(Math.max(probabilitiesOf(sample, weights)[sample.label]!, 1e-12));
  return sum / samples.length;
}

/** Lowers a function of a few numbers, one coordinate at a time in shrinking steps. Deterministic; no derivatives needed. */
function descend(
  start: readonly number[],
  steps: readonly number[],
  loss: (values: readonly number[]) => number,
  rounds = 45,
): number[] {
  let best = [...start];
  let least = loss(best);
  let step = [...steps];
  for (let round = 0; round < rounds; round++) {
    for (const [k, size] of step.entries()) {
      for (const sign of [1, -1]) {
        const tried = best.with(k, best[k]! + sign * size);
        const value = loss(tried);
        if (value < least) [best, least] = [tried, value];
      }
    }
    step = step.map((size) => size * 0.87);
  }
  return best;
}

/**
 * Weights that give the truth most probability: network, compounds and the unknown's similarity on samples without elements, the
 * two for elements on the same samples with them.
 */
export function fitWeights(
  withoutElements: readonly Judged[],
  withElements: readonly Judged[],
): WitnessWeights {
  const plain = (values: readonly number[]): WitnessWeights => ({
    network: values[0]!,
    compounds: values[1]!,
    unknownSimilarity: values[2]!,
    elements: 1,
    unknownElements: -10,
  });
  const first = plain(
    descend([1, 8, 0.6], [0.3, 4, 0.2], (values) =>
      probabilityLoss(withoutElements, plain(values)),
    ),
  );
  const [elements, unknownElements] = descend([1, -10], [0.3, 4], (values) =>
    probabilityLoss(withElements, { ...first, elements: values[0]!, unknownElements: values[1]! }),
  );
  return { ...first, elements: elements!, unknownElements: unknownElements! };
}

/** An answer's probability, and whether it was right. */
export interface Outcome {
  readonly probability: number;
  readonly right: boolean;
}

/** Platt's line from logit(probability) to the chance of being right, drawn towards the identity by a weak prior. */
export function fitReliability(outcomes: readonly Outcome[]): Calibration["reliability"] {
  const logits = outcomes.map(({ probability }) => {
    const p = Math.min(1 - 1e-6, Math.max(1e-6, probability));
    return Math.log(p / (1 - p));
  });
  const [slope, intercept] = descend([1, 0], [0.3, 0.5], ([a, b]) => {
    let sum = 0.5 * (a! - 1) ** 2 + 0.1 * b! ** 2;
    for (const [i, { right }] of outcomes.entries()) {
      const z = a! * logits[i]! + b!;
      sum += right ? Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z));
    }
    return sum;
  });
  return { slope: slope!, intercept: intercept! };
}

/** The probability that best parts known types from unknown ones: highest balanced accuracy; ties take the middle. */
export function fitThreshold(known: readonly number[], unknown: readonly number[]): number {
  const values = [...new Set([...known, ...unknown])].toSorted((a, b) => a - b);
  let best = { threshold: 0, accuracy: 0 };
  for (const [i, value] of values.entries()) {
    const threshold = i === 0 ? value : (values[i - 1]! + value) / 2;
    const kept = known.filter((p) => p >= threshold).length / known.length;
    const rejected = unknown.filter((p) => p < threshold).length / unknown.length;
    if (kept + rejected > 2 * best.accuracy) best = { threshold, accuracy: (kept + rejected) / 2 };
  }
  return best.threshold;
}
