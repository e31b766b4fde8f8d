/**
 * How good the model is: what the witnesses say of samples whose type is known, and the figures made of it. Accuracy counts the
 * library's types; "none of them" counts in the rejection.
 */
import { elementsOf } from "../../crystal/composition/composition.ts";
import { parseFormula } from "../../crystal/composition/formula.ts";
import { rocAuc } from "../../math/metrics.ts";
import { probabilitiesOf, type WitnessWeights } from "./probability.ts";
import { fitThreshold, fitWeights, type Judged } from "./calibrate.ts";
import type { IdentifyOptions, StructureTypeModel } from "./predict.ts";
import { type Pattern, PATTERN_SIZE } from "../../scan/log-pattern.ts";
import type { Rejection } from "./scores.ts";
import type { SampleStore } from "./augment.ts";
import type { Sample } from "./dataset.ts";

/** A simulated sample as it was stored. */
export function storedPattern({ intensity, bins }: SampleStore, index: number): Pattern {
  const bytes = intensity.subarray(index * PATTERN_SIZE, (index + 1) * PATTERN_SIZE);
  const observed = new Float32Array(PATTERN_SIZE);
  observed.fill(1, bins[2 * index]!, bins[2 * index + 1]! + 1);
  return { intensity: Float32Array.from(bytes, (byte) => byte / 255), observed };
}

/** The elements of a formula as all that is known: each must be there, nothing else is. */
function elementsKnown(formula: string): IdentifyOptions {
  const must = elementsOf(parseFormula(formula));
  return { constraints: { must, may: [], atLeastOneOf: [], never: [] } };
}

/** One sample judged twice: by the scan alone, and with its elements given; null where they are not known. */
export interface JudgedTwice {
  readonly plain: Judged;
  readonly withElements: Judged | null;
  /** The answers of each network alone. */
  readonly networks: ReadonlyMap<string, Float64Array>;
}

export async function judgePattern(
  model: StructureTypeModel,
  pattern: Pattern,
  label: number,
  formula: string | null,
): Promise<JudgedTwice> {
  const evidence = await model.witness(pattern);
  const withElements =
    formula === null ? null : { ...model.witnesses(evidence, elementsKnown(formula)), label };
  const plain = { ...model.witnesses(evidence), label };
  return { plain, withElements, networks: evidence.networks };
}

/** Samples of a pool (`samplePool`), judged one after another. */
export async function judgePool(
  model: StructureTypeModel,
  { store, drawn }: { readonly store: SampleStore; readonly drawn: readonly Sample[] },
  onProgress?: (done: number) => void,
): Promise<JudgedTwice[]> {
  const judged: JudgedTwice[] = [];
  for (const [i, { formula }] of drawn.entries()) {
    const label = store.label[i]!;
    judged.push(await judgePattern(model, storedPattern(store, i), label, formula || null));
    onProgress?.(i + 1);
  }
  return judged;
}

/** The best type of a sample, its probability, and at which place the truth stands (0 is best). */
export function answerOf(
  judged: Judged,
  weights: WitnessWeights,
): { readonly type: number; readonly probability: number; readonly rank: number } {
  const types = judged.similarity.length;
  const probabilities = probabilitiesOf(judged, weights).subarray(0, types);
  const probability = probabilities.reduce((most, value) => Math.max(most, value), 0);
  const own = probabilities[judged.label] ?? -1;
  const rank = probabilities.reduce((count, value) => count + Number(value > own), 0);
  return { type: probabilities.indexOf(probability), probability, rank };
}

export interface Accuracy {
  readonly n: number;
  readonly top1: number;
  readonly top3: number;
}

/** Share of samples whose type comes first, and among the first three. */
export function accuracyOf(samples: readonly Judged[], weights: WitnessWeights): Accuracy {
  const ranks = samples.map((sample) => answerOf(sample, weights).rank);
  const share = (most: number): number =>
    ranks.filter((rank) => rank < most).length / Math.max(1, ranks.length);
  return { n: samples.length, top1: share(1), top3: share(3) };
}

/** How well the probability of the best type tells known types from unknown ones. */
export function rejectionOf(
  known: readonly number[],
  unknown: readonly number[],
  threshold: number,
): Rejection {
  const share = (values: readonly number[], isIn: (p: number) => boolean): number =>
    values.filter(isIn).length / values.length;
  const least = known.toSorted((a, b) => a - b)[Math.floor(0.05 * known.length)]!;
  return {
    known: known.length,
    unknown: unknown.length,
    balancedAccuracy:
      (share(known, (p) => p >= threshold) + share(unknown, (p) => p < threshold)) / 2,
    auroc: rocAuc([...known.map(() => 1), ...unknown.map(() => 0)], [...known, ...unknown]),
    falsePositivesAt95: share(unknown, (p) => p >= least),
  };
}

/**
 * Weights and threshold from validation samples of known types and samples of types that are kept out for this.
 * @param known judged with the compounds of the training part alone
 */
export function fitWitnesses(
  known: readonly JudgedTwice[],
  unknown: readonly JudgedTwice[],
): { readonly weights: WitnessWeights; readonly leastProbability: number } {
  // A scan of an unknown type is met about as often as six of known ones.
  const some = unknown.slice(0, Math.ceil(known.length / 6));
  const both = [...known, ...some];
  const weights = fitWeights(
    both.map(({ plain }) => plain),
    both.flatMap(({ withElements }) => (withElements === null ? [] : [withElements])),
  );
  const best = ({ plain }: JudgedTwice): number => answerOf(plain, weights).probability;
  return { weights, leastProbability: fitThreshold(known.map(best), unknown.map(best)) };
}
