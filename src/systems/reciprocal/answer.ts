/** From probabilities to an answer: a class, or "undecided" with the reason. */
import {
  type ClassPrediction,
  classPrediction,
  type ClassProbability,
  type KnownValue,
  type ModelIdentity,
} from "../../models/prediction.ts";

export interface AnswerContext {
  /** Why the input is unlike the training data; null where it is not. */
  readonly reason: string | null;
  /** Least probability of a class that is an answer; default 0. */
  readonly limit?: number | undefined;
  readonly known?: readonly KnownValue[];
}

/** Whole percent, rounded down: what is below a limit must not read as the limit. */
const percentBelow = (probability: number): string => `${Math.floor(100 * probability)} %`;

/** Why none of the classes is an answer; null where the likeliest is. */
function undecidedReason(
  { label, probability }: ClassProbability,
  { limit = 0, known = [] }: AnswerContext,
): string | null {
  if (probability < limit)
    return `${label} with ${percentBelow(probability)}: below ${Math.round(100 * limit)} % a third or more of such answers are wrong`;
  const [first] = known;
  const contradicts = first !== undefined && known.every((one) => one.label !== label);
  return contradicts
    ? `the network says ${label} with ${percentBelow(probability)}, the known value says otherwise: ${first.label}`
    : null;
}

/** @param classes all of the task; their probabilities sum to one */
export function answerOf(
  task: string,
  classes: readonly ClassProbability[],
  model: ModelIdentity,
  context: AnswerContext,
): ClassPrediction {
  const likeliest = classes.reduce((best, one) =>
    one.probability > best.probability ? one : best,
  );
  const { reason: outside, known = [] } = context;
  const undecided = undecidedReason(likeliest, context);
  return classPrediction(task, classes, model, { outside, undecided, known });
}
