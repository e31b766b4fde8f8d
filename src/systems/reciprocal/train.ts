/**
 * Training of the default network: all tasks on one trunk, each row teaching what it has a label for; the continuous
 * properties behind the classes are learned beside them. AdamW, warm-up and cosine, moving average of the weights, the best
 * epoch by the mean ROC-AUC of the validation rows.
 */
import { rocAuc } from "../../math/metrics.ts";
import type { Value } from "../../net/graph.ts";
import { weightedMean } from "../../net/losses.ts";
import type { Objective } from "../../net/model.ts";
import { slice } from "../../net/ops/arrange.ts";
import { add, mul, sub } from "../../net/ops/core.ts";
import { abs, atMost, softplus } from "../../net/ops/elementwise.ts";
import { adamW } from "../../net/optimisers.ts";
import { cosine } from "../../net/schedules.ts";
import { fit, type FitOptions, type FitResult } from "../../net/trainer.ts";
import { AUXILIARY_COUNT, dataBatches, type ReciprocalData } from "./dataset.ts";
import { propertyNetwork, type PropertyNetworkOptions } from "./network.ts";
import { PROPERTY_TASK_NAMES, type PropertyTaskName } from "./task.ts";

const TASKS = PROPERTY_TASK_NAMES.length;

/** ln(1 + eˣ) - t·x, the binary cross-entropy of a logit, term by term. */
function crossEntropyTerms(logits: Value, targets: Value): Value {
  return sub(softplus(logits), mul(targets, logits));
}

/** Huber's loss with δ = 1, term by term. */
function huberTerms(prediction: Value, target: Value): Value {
  const error = abs(sub(prediction, target));
  const inner = atMost(error, 1);
  return mul(inner, sub(error, mul(inner, 0.5)));
}

/** Sum over the columns of the mean over the rows that have a target there: each task counts once, however rare. */
function columnMeans(terms: Value, known: Value, columns: readonly number[]): Value {
  return columns
    .map((column) =>
      weightedMean(slice(terms, 1, column, column + 1), slice(known, 1, column, column + 1)),
    )
    .reduce((sumSoFar, next) => add(sumSoFar, next));
}

/** `auxiliaryWeight` is a scalar of the graph. */
function propertyObjective(tasks: readonly number[]): Objective {
  return {
    targets: {
      label: { shape: [TASKS] },
      known: { shape: [TASKS] },
      value: { shape: [AUXILIARY_COUNT] },
      valueKnown: { shape: [AUXILIARY_COUNT] },
    },
    build(graph, { logits, auxiliary }, { label, known, value, valueKnown }) {
      const classes = columnMeans(crossEntropyTerms(logits!, label!), known!, tasks);
      if (auxiliary === undefined) return { loss: classes };
      const all = Array.from({ length: AUXILIARY_COUNT }, (_, i) => i);
      const values = columnMeans(huberTerms(auxiliary, value!), valueKnown!, all);
      const weight = graph.scalar("auxiliaryWeight", 0.5);
      return { loss: add(classes, mul(values, weight)), classes };
    },
  };
}

export interface PropertyTrainOptions extends Pick<
  FitOptions,
  "runtime" | "seed" | "store" | "signal" | "onProgress" | "checkpointEvery"
> {
  readonly data: ReciprocalData;
  readonly trainRows: Uint32Array;
  readonly validationRows: Uint32Array;
  /** Default: all. */
  readonly tasks?: readonly PropertyTaskName[];
  /** Default 16. */
  readonly epochs?: number;
  /** Default 256. */
  readonly batch?: number;
  /** Default 0.002. */
  readonly learningRate?: number;
  /** Epochs without improvement of the validation after which the run stops; default 8. */
  readonly patience?: number;
  readonly network?: PropertyNetworkOptions;
}

/** The average reaches back over 3 % of the run: short runs are not held at their beginning, long ones are smoothed. */
export function averageDecay(steps: number): number {
  return Math.min(0.999, Math.max(0.5, 1 - 1 / (0.03 * steps)));
}

/** @throws EwaldError `net/too-few-samples`, `net/…` */
export async function trainProperties(options: PropertyTrainOptions): Promise<FitResult> {
  const { data, trainRows, validationRows, seed, epochs = 16, learningRate = 2e-3 } = options;
  const batch = Math.min(options.batch ?? 256, trainRows.length);
  const names = options.tasks ?? PROPERTY_TASK_NAMES;
  const tasks = names.map((name) => PROPERTY_TASK_NAMES.indexOf(name));
  const steps = epochs * Math.max(1, Math.floor(trainRows.length / batch));
  const rate = cosine({ peak: learningRate, warmUp: 0.05, floor: learningRate / 100 });
  const { runtime, store, signal, onProgress, checkpointEvery } = options;
  return fit({
    runtime,
    model: propertyNetwork({
      ...options.network,
      auxiliary: AUXILIARY_COUNT,
      withComposition: data.withComposition,
    }),
    objective: propertyObjective(tasks),
    batch,
    seed,
    epochs,
    optimiser: adamW({ learningRate, weightDecay: 0.02 }),
    averageDecay: averageDecay(steps),
    clipNorm: 5,
    scalars: (at) => ({ learningRate: rate(at) }),
    train: dataBatches(data, trainRows, batch, tasks, seed),
    ...(validationRows.length === 0
      ? {}
      : {
          validation: dataBatches(data, validationRows, batch, tasks),
          score: (results) => validationScores(results, names),
          monitor: { metric: "auc", better: "higher", patience: options.patience ?? 8 },
        }),
    ...(store === undefined ? {} : { store }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(checkpointEvery === undefined ? {} : { checkpointEvery }),
  });
}

/** ROC-AUC of each task over the rows that have its label, and their mean; 0.5 where a task has one class only. */
const validationScores: (
  results: Parameters<NonNullable<FitOptions["score"]>>[0],
  names: readonly PropertyTaskName[],
) => Record<string, number> = (results, names) => {
  const scores: Record<string, number> = {};
  let total = 0;
  for (const name of names) {
    const task = PROPERTY_TASK_NAMES.indexOf(name);
    const truth: number[] = [];
    const logits: number[] = [];
    for (const { batch, outputs } of results) {
      const { label, known } = batch as { label: Float32Array; known: Float32Array };
      for (let i = task; i < known.length; i += TASKS)
        if (known[i] === 1) {
          truth.push(label[i]!);
          logits.push(outputs["logits"]![i]!);
        }
    }
    const auc = truth.includes(0) && truth.includes(1) ? rocAuc(truth, logits) : 0.5;
    scores[`auc.${name}`] = auc;
    total += auc / names.length;
  }
  return { ...scores, auc: total };
};
