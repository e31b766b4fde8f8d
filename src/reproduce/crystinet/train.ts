/** Training of one RCNet on the patterns of its group. */
import { EwaldError } from "../../errors.ts";
import { arrayBatches, type BatchSource } from "../../net/batches.ts";
import { adam } from "../../net/optimisers.ts";
import type { Progress } from "../../net/progress.ts";
import type { Runtime } from "../../net/runtime.ts";
import { cosine } from "../../net/schedules.ts";
import type { Store } from "../../net/store.ts";
import { fit, type FitResult } from "../../net/trainer.ts";
import { nextLambda, RCNET, rcnetModel, rcnetObjective, type RcnetShape } from "./rcnet.ts";

export interface CrystinetRegime {
  /** Patterns of all types together, test ones included. */
  readonly patterns: number;
  readonly passes: number;
  readonly batch: number;
  readonly learningRate: number;
  /** λ of the confidence loss does not fall below this. */
  readonly leastLambda: number;
  readonly shape: RcnetShape;
}

/** The paper's regime: months on two cores. */
export const PAPER_REGIME: CrystinetRegime = {
  patterns: 617_041,
  passes: 400,
  batch: 1024,
  learningRate: 1e-3,
  leastLambda: 0,
  shape: RCNET,
};

/**
 * The regime of an evening on two busy cores: six points averaged into one (0.12°) and a kernel of as many degrees (0.6°), the paper's
 * depth with eight filters for ten; a dropout of 0.2, since 0.5 needs far more steps; and hints that keep a price: else λ sinks until the
 * budget is spent, and confidence means nothing before the task is learnt to the end.
 */
export const EVENING_REGIME: CrystinetRegime = {
  patterns: 30_000,
  passes: 30,
  batch: 16,
  learningRate: 1.5e-3,
  leastLambda: 0.05,
  shape: { ...RCNET, binning: 6, kernel: 5, filters: 8, dropout: 0.2 },
};

/** Patterns, one after another in parts of 255, and their class in the network. */
export interface LabelledPatterns {
  readonly intensity: Uint8Array;
  readonly label: Int32Array;
}

/** @param patterns from 0 to 1, of one length */
export function packPatterns(
  patterns: readonly Float32Array[],
  labels: readonly number[],
): LabelledPatterns {
  const size = patterns[0]?.length ?? 0;
  const intensity = new Uint8Array(patterns.length * size);
  for (const [row, pattern] of patterns.entries())
    for (let i = 0; i < size; i++) intensity[row * size + i] = Math.round(255 * pattern[i]!);
  return { intensity, label: Int32Array.from(labels) };
}

export interface RcnetRun {
  readonly runtime: Runtime;
  readonly regime: CrystinetRegime;
  readonly types: number;
  readonly train: LabelledPatterns;
  readonly validation: LabelledPatterns;
  readonly seed: number | string;
  readonly store?: Store;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Shuffled by seed and epoch, or in order without a seed. */
function batchesOf(
  { intensity, label }: LabelledPatterns,
  batch: number,
  seed?: number | string,
): BatchSource {
  const rows = arrayBatches({ row: Int32Array.from(label.keys()) }, label.length, batch, seed);
  const size = intensity.length / label.length;
  return {
    batchesPerEpoch: rows.batchesPerEpoch,
    async get(epoch, index) {
      const { row } = await rows.get(epoch, index);
      const values = new Float32Array(batch * size);
      for (let i = 0; i < batch; i++)
        for (let k = 0; k < size; k++) values[i * size + k] = intensity[row![i]! * size + k]! / 255;
      return { intensity: values, label: Int32Array.from(row!, (at) => label[at]!) };
    },
  };
}

/** @throws EwaldError `net/interrupted` where the signal ended it, `net/too-few-samples` */
export async function trainRcnet(run: RcnetRun): Promise<FitResult> {
  const { runtime, regime, types, seed, store, signal, onProgress } = run;
  const { batch, passes } = regime;
  const rate = cosine({ peak: regime.learningRate, warmUp: 0.05, floor: 1e-5 });
  const hasValidation = run.validation.label.length >= batch;
  const result = await fit({
    runtime,
    model: rcnetModel(types, regime.shape),
    objective: rcnetObjective(types),
    batch,
    seed,
    epochs: passes,
    optimiser: adam(),
    clipNorm: 1,
    scalars: (at) => ({ learningRate: rate(at), lambda: nextLambda(at, regime.leastLambda) }),
    train: batchesOf(run.train, batch, seed),
    ...(hasValidation ? { validation: batchesOf(run.validation, batch) } : {}),
    monitor: { metric: "accuracy", better: "higher" },
    checkpointEvery: 50,
    ...(store === undefined ? {} : { store }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if (result.stopped === "interrupted") {
    throw new EwaldError("net/interrupted", `training was ended at step ${result.step}`, {
      hint: "Run the same command again: it goes on from there.",
    });
  }
  return result;
}
