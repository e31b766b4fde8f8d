/** Training of the network of crystal systems: rows that say their system, conventional cells, intensities unseen. */
import type { FeatureRows } from "../../data/table-features.ts";
import {
  accuracy as accuracyOf,
  confusionMatrix,
  type ConfusionMatrix,
} from "../../math/metrics.ts";
import { arrayBatches } from "../../net/batches.ts";
import { classification } from "../../net/losses.ts";
import { adamW } from "../../net/optimisers.ts";
import type { Predictor } from "../../net/predictor.ts";
import { cosine } from "../../net/schedules.ts";
import type { Batch } from "../../net/stepper.ts";
import { fit, type FitOptions, type FitResult } from "../../net/trainer.ts";
import { decisionLimit } from "./evaluate.ts";
import { SYSTEM_CHANNELS, SYSTEM_PAIRS, systemNetwork } from "./network.ts";
import { SYSTEM_CLASSES, systemClass } from "./task.ts";
import { averageDecay } from "./train.ts";

const SIZE = SYSTEM_PAIRS * SYSTEM_CHANNELS;

export interface SystemData {
  readonly rows: readonly { readonly id: string; readonly formula: string | null }[];
  /** (rows, 3, 4) */
  readonly pairs: Float32Array;
  /** Class numbers. */
  readonly label: Int32Array;
}

/** Rows with a crystal system and a conventional cell; with `icsdOnly`, those tied to an ICSD entry, as the paper. */
export async function collectSystemData(
  parts: AsyncIterable<FeatureRows> | Iterable<FeatureRows>,
  icsdOnly: boolean,
): Promise<SystemData> {
  const rows: { id: string; formula: string | null }[] = [];
  const pairs: number[] = [];
  const label: number[] = [];
  for await (const { rows: some, block } of parts) {
    for (const [i, row] of some.entries()) {
      const own = block.data.subarray(i * SIZE, (i + 1) * SIZE);
      if (row.crystalSystem === null || Number.isNaN(own[0])) continue;
      if (icsdOnly && row.inIcsd !== true) continue;
      rows.push({ id: row.id, formula: row.formula });
      pairs.push(...own);
      label.push(systemClass(row.crystalSystem));
    }
  }
  return { rows, pairs: Float32Array.from(pairs), label: Int32Array.from(label) };
}

function take(
  { rows, pairs, label }: SystemData,
  ids: ReadonlySet<string>,
): { count: number; batch: { pairs: Float32Array; label: Int32Array } } {
  const chosen = rows.flatMap(({ id }, i) => (ids.has(id) ? [i] : []));
  const own = new Float32Array(chosen.length * SIZE);
  for (const [i, row] of chosen.entries())
    own.set(pairs.subarray(row * SIZE, (row + 1) * SIZE), i * SIZE);
  return {
    count: chosen.length,
    batch: { pairs: own, label: Int32Array.from(chosen, (row) => label[row]!) },
  };
}

export interface SystemTrainOptions extends Pick<
  FitOptions,
  "runtime" | "seed" | "store" | "signal" | "onProgress"
> {
  readonly data: SystemData;
  readonly trainIds: ReadonlySet<string>;
  readonly validationIds: ReadonlySet<string>;
  /** Default 25. */
  readonly epochs?: number;
}

/** @throws EwaldError `net/too-few-samples` */
export async function trainSystem(options: SystemTrainOptions): Promise<FitResult> {
  const { data, trainIds, validationIds, seed, epochs = 25, ...rest } = options;
  const train = take(data, trainIds);
  const validation = take(data, validationIds);
  const batch = Math.min(256, train.count, Math.max(1, validation.count));
  const rate = cosine({ peak: 3e-3, warmUp: 0.05, floor: 3e-5 });
  return fit({
    ...rest,
    model: systemNetwork(),
    objective: classification(),
    batch,
    seed,
    epochs,
    optimiser: adamW({ learningRate: 3e-3 }),
    averageDecay: averageDecay(epochs * Math.max(1, Math.floor(train.count / batch))),
    scalars: (at) => ({ learningRate: rate(at) }),
    train: arrayBatches(train.batch, train.count, batch, seed),
    ...(validation.count === 0
      ? {}
      : {
          validation: arrayBatches(validation.batch, validation.count, batch),
          monitor: { metric: "accuracy", better: "higher", patience: 10 },
        }),
  });
}

export interface SystemAnswers {
  readonly truth: Int32Array;
  /** (rows, 6) */
  readonly logits: Float32Array;
  readonly confusion: ConfusionMatrix;
  readonly accuracy: number;
}

/** A trained network's answers for the rows. */
export async function systemAnswers(
  predictor: Predictor,
  data: SystemData,
  ids: ReadonlySet<string>,
): Promise<SystemAnswers> {
  const { count, batch } = take(data, ids);
  const inputs: Batch = { pairs: batch.pairs };
  const logits = (await predictor.run(inputs))["logits"]!.data as Float32Array;
  const classes = SYSTEM_CLASSES.length;
  const called = Int32Array.from({ length: count }, (_, i) => {
    const own = logits.subarray(i * classes, (i + 1) * classes);
    return own.indexOf(Math.max(...own));
  });
  const confusion = confusionMatrix(batch.label, called, classes);
  return { truth: batch.label, logits, confusion, accuracy: accuracyOf(confusion) };
}

/** The least probability of a crystal system that is an answer; on structures that were not trained on. */
export function systemDecisionLimit({ truth, logits }: SystemAnswers, temperature: number): number {
  const classes = SYSTEM_CLASSES.length;
  const correct: number[] = [];
  const confidence: number[] = [];
  for (let i = 0; i < truth.length; i++) {
    const own = Array.from({ length: classes }, (_, c) => logits[i * classes + c]!);
    const most = Math.max(...own);
    correct.push(own.indexOf(most) === truth[i] ? 1 : 0);
    const total = own.reduce((sum, logit) => sum + Math.exp((logit - most) / temperature), 0);
    confidence.push(1 / total);
  }
  return decisionLimit(correct, confidence);
}
