/** Running trained networks over data, measuring what they say, and making probabilities of it. */
import {
  expectedCalibrationError,
  leastReliable,
  type PlattScaling,
  plattScaling,
  reliabilityBins,
} from "../../math/calibration.ts";
import { accuracy, brierScore, confusionMatrix, rocAuc } from "../../math/metrics.ts";
import { exportModel } from "../../net/export.ts";
import type { Model } from "../../net/model.ts";
import { loadPredictor, type Predictor } from "../../net/predictor.ts";
import type { Runtime } from "../../net/runtime.ts";
import type { FitResult } from "../../net/trainer.ts";
import { dataBatches, type ReciprocalData } from "./dataset.ts";
import { PROPERTY_TASK_NAMES, type PropertyTaskName } from "./task.ts";

const TASKS = PROPERTY_TASK_NAMES.length;
const BATCH = 256;

/** Scores of one task over the rows that have its label. */
export interface TaskScore {
  readonly n: number;
  readonly positives: number;
  readonly auc: number;
  readonly accuracy: number;
  readonly brier: number;
  readonly calibrationError: number;
  /** Share of the answers that are no "undecided", and how many of those are right. */
  readonly decided: number;
  readonly decidedAccuracy: number;
}

/** A network just trained, ready to be asked: for measuring, not to be kept. */
export function trainedPredictor(
  runtime: Runtime,
  model: Model,
  weights: FitResult["best"],
): Promise<Predictor> {
  const metadata = { dataHash: "", commit: "", attribution: "" };
  return loadPredictor(runtime, exportModel(model, weights, { metadata }));
}

/** Logits of the rows, (rows, tasks). */
export async function propertyLogits(
  predictor: Predictor,
  data: ReciprocalData,
  rows: Uint32Array,
): Promise<Float32Array> {
  const logits = new Float32Array(rows.length * TASKS);
  const batches = dataBatches(data, rows, BATCH, []);
  for (let index = 0; index < batches.batchesPerEpoch; index++) {
    const answer = await predictor.run(await batches.get(0, index));
    const left = logits.length - index * BATCH * TASKS;
    logits.set((answer["logits"]!.data as Float32Array).subarray(0, left), index * BATCH * TASKS);
  }
  return logits;
}

interface Column {
  readonly truth: number[];
  readonly logits: number[];
}

/** Truth and logits of one task where its label is known. */
function taskColumn(
  data: ReciprocalData,
  rows: Uint32Array,
  logits: Float32Array,
  name: PropertyTaskName,
): Column {
  const task = PROPERTY_TASK_NAMES.indexOf(name);
  const column: Column = { truth: [], logits: [] };
  for (const [i, row] of rows.entries()) {
    const target = data.targets[row * TASKS + task]!;
    if (Number.isNaN(target)) continue;
    column.truth.push(target);
    column.logits.push(logits[i * TASKS + task]!);
  }
  return column;
}

export type Calibration = Readonly<Partial<Record<PropertyTaskName, PlattScaling>>>;

/** @throws EwaldError `metric/one-class` where the rows hold one class of a task only */
export function calibrateProperties(
  data: ReciprocalData,
  rows: Uint32Array,
  logits: Float32Array,
  names: readonly PropertyTaskName[],
): Calibration {
  return Object.fromEntries(
    names.map((name) => {
      const column = taskColumn(data, rows, logits, name);
      return [name, plattScaling(column.truth, column.logits)];
    }),
  );
}

/** Probability that the answer is the task's second label. */
export function probabilityOf(logit: number, { slope, intercept }: PlattScaling): number {
  return 1 / (1 + Math.exp(-(slope * logit + intercept)));
}

/** The share of answers that are right where they are least sure, at least. Less sure ones are "undecided". */
const DECIDED_SHARE = 2 / 3;

/** By task: the least probability of an answer that is given; on rows that were not trained on. */
export type DecisionLimits = Readonly<Partial<Record<PropertyTaskName, number>>>;

/** To two digits, upwards. */
export function decisionLimit(correct: readonly number[], confidence: readonly number[]): number {
  return Math.ceil(100 * leastReliable(correct, confidence, DECIDED_SHARE) - 1e-9) / 100;
}

/** @throws EwaldError `samples/empty` */
export function decisionLimits(
  data: ReciprocalData,
  rows: Uint32Array,
  logits: Float32Array,
  calibration: Calibration,
): DecisionLimits {
  return Object.fromEntries(
    Object.entries(calibration).map(([name, scaling]) => {
      const column = taskColumn(data, rows, logits, name as PropertyTaskName);
      const probabilities = column.logits.map((logit) => probabilityOf(logit, scaling));
      const correct = probabilities.map((p, i) => ((p > 0.5 ? 1 : 0) === column.truth[i] ? 1 : 0));
      return [
        name,
        decisionLimit(
          correct,
          probabilities.map((p) => Math.max(p, 1 - p)),
        ),
      ];
    }),
  );
}

/** @throws EwaldError `metric/one-class`, `samples/empty` */
export function scoreProperties(
  data: ReciprocalData,
  rows: Uint32Array,
  logits: Float32Array,
  calibration: Calibration,
  limits: DecisionLimits = {},
): Readonly<Partial<Record<PropertyTaskName, TaskScore>>> {
  return Object.fromEntries(
    Object.entries(calibration).map(([name, scaling]) => {
      const column = taskColumn(data, rows, logits, name as PropertyTaskName);
      const probabilities = column.logits.map((logit) => probabilityOf(logit, scaling));
      const called = probabilities.map((p) => (p > 0.5 ? 1 : 0));
      const limit = limits[name as PropertyTaskName] ?? 0;
      const given = [...probabilities.keys()].filter(
        (i) => Math.max(probabilities[i]!, 1 - probabilities[i]!) >= limit,
      );
      const right = given.filter((i) => called[i] === column.truth[i]);
      const score: TaskScore = {
        n: column.truth.length,
        positives: column.truth.reduce((sum, label) => sum + label, 0),
        auc: rocAuc(column.truth, column.logits),
        accuracy: accuracy(confusionMatrix(column.truth, called, 2)),
        brier: brierScore(column.truth, probabilities),
        calibrationError: expectedCalibrationError(reliabilityBins(column.truth, probabilities)),
        decided: given.length / called.length,
        decidedAccuracy: given.length === 0 ? 0 : right.length / given.length,
      };
      return [name, score];
    }),
  );
}
