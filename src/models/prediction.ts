/**
 * A trained model's answer to one input: one form for all systems, so that the answers of several can stand side by
 * side. A model that was not made for an input says so (`inDomain`, `reason`); where it could not even be asked (an
 * element without form factor), label and value are null. A class that is too unlikely to be an answer is "undecided". What tables know of
 * the input stands beside it, as `known`, and comes first wherever people read it.
 */

/** The model that gave a prediction; `hash` is the SHA-256 of its file. */
export interface ModelIdentity {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
}

/** A table's value for the input: not this model's word. */
export interface KnownValue {
  /** In its source: "mp-390". */
  readonly id: string;
  /** For people: "DFT, Materials Project mp-390". */
  readonly source: string;
  readonly value: number;
  readonly unit: string;
  /** The class that the value falls into, where classes are asked for. */
  readonly label?: string;
  /** The meaning of the value, where it is not simply the input's own. */
  readonly note?: string;
}

/** The label "undecided": of a class prediction whose probability its calibration does not support as an answer. */
export const UNDECIDED = "undecided";

interface PredictionBase {
  /** The task that was asked: "metal", "structure-type", "formation-energy". */
  readonly task: string;
  /** False where the input is unlike everything that the model was trained on. */
  readonly inDomain: boolean;
  /** Why not, or why undecided; for people. */
  readonly reason?: string;
  readonly model: ModelIdentity;
  /** Nearest structure first; absent where the tables have no value, or were not asked. */
  readonly known?: readonly KnownValue[];
}

/** A class and its probability. */
export interface ClassProbability {
  readonly label: string;
  readonly probability: number;
}

/** A prediction among classes, such as metal and insulator. */
export interface ClassPrediction extends PredictionBase {
  /** One of the classes; {@link UNDECIDED}, with the `reason`; null where the model could not be asked. */
  readonly label: string | null;
  /** Calibrated probability of the label; absent where that is no class. */
  readonly probability?: number;
  /** The other classes (all, where undecided), likeliest first; with the label's they sum to one. */
  readonly alternatives?: readonly ClassProbability[];
}

export interface ValuePrediction extends PredictionBase {
  readonly value: number | null;
  readonly unit: string;
  /** Standard uncertainty, in `unit`. */
  readonly uncertainty?: number;
}

/** A trained model's answer to one input: a class or a value. */
export type Prediction = ClassPrediction | ValuePrediction;

export interface ClassContext {
  /** Why the input is unlike the training data; null where it is not. */
  readonly outside: string | null;
  /** Why the likeliest class is no answer; null where it is one. */
  readonly undecided: string | null;
  readonly known?: readonly KnownValue[];
}

const knownPart = (known: readonly KnownValue[] = []): { known?: readonly KnownValue[] } =>
  known.length === 0 ? {} : { known };

/** @param classes all of the task; their probabilities sum to one */
export function classPrediction(
  task: string,
  classes: readonly ClassProbability[],
  model: ModelIdentity,
  { outside, undecided, known }: ClassContext,
): ClassPrediction {
  const ordered = classes.toSorted((a, b) => b.probability - a.probability);
  const [likeliest, ...others] = ordered as [ClassProbability, ...ClassProbability[]];
  const reason = outside ?? undecided;
  return {
    task,
    ...(undecided === null
      ? { label: likeliest.label, probability: likeliest.probability, alternatives: others }
      : { label: UNDECIDED, alternatives: ordered }),
    inDomain: outside === null,
    ...(reason === null ? {} : { reason }),
    model,
    ...knownPart(known),
  };
}

/** Where the model could not be asked. */
export function refusal(
  task: string,
  reason: string,
  model: ModelIdentity,
  known: readonly KnownValue[] = [],
): ClassPrediction {
  return { task, label: null, inDomain: false, reason, model, ...knownPart(known) };
}

/** The probability that a prediction gives to a class, whether it is the label or among the alternatives; 0 where it is neither. */
export function probabilityOfClass(prediction: ClassPrediction, label: string): number {
  if (prediction.label === label) return prediction.probability ?? 0;
  return prediction.alternatives?.find((other) => other.label === label)?.probability ?? 0;
}

/** The likeliest class of a prediction, decided or not; undefined where the model could not be asked. */
export function likeliestClass(prediction: ClassPrediction): ClassProbability | undefined {
  const { label, probability, alternatives } = prediction;
  return label !== null && probability !== undefined ? { label, probability } : alternatives?.[0];
}
