/** Training and measuring the paper's network (`pointNet`) on point clouds: the faithful side of every comparison. */
import { Random } from "../../math/random.ts";
import { classification } from "../../net/losses.ts";
import type { Model } from "../../net/model.ts";
import { adam, type Optimiser } from "../../net/optimisers.ts";
import type { Predictor } from "../../net/predictor.ts";
import type { Runtime } from "../../net/runtime.ts";
import { cosine } from "../../net/schedules.ts";
import { fit, type FitOptions, type FitResult } from "../../net/trainer.ts";
import { cloudBatches, type CloudBatchOptions, type CloudData, cloudInputs } from "./clouds.ts";
import { trainedPredictor } from "../../systems/reciprocal/evaluate.ts";

export interface CloudTrainOptions
  extends
    Pick<FitOptions, "runtime" | "store" | "signal" | "onProgress">,
    Omit<CloudBatchOptions, "batch" | "seed"> {
  readonly model: Model;
  readonly data: CloudData;
  readonly trainRows: Uint32Array;
  readonly validationRows: Uint32Array;
  readonly seed: number | string;
  readonly epochs: number;
  /** Default 128. */
  readonly batch?: number;
  /** Default 0.001. */
  readonly learningRate?: number;
  /** Default Adam. */
  readonly optimiser?: Optimiser;
}

/** Adam, cosine decay; the best epoch by the validation's loss. @throws EwaldError `net/too-few-samples` */
export async function trainCloud(options: CloudTrainOptions): Promise<FitResult> {
  const { data, trainRows, validationRows, seed, epochs, batch = 128 } = options;
  const { runtime, model, store, signal, onProgress } = options;
  const rate = cosine({ peak: options.learningRate ?? 1e-3 });
  return fit({
    runtime,
    model,
    objective: classification(),
    batch,
    seed,
    epochs,
    optimiser: options.optimiser ?? adam(),
    scalars: (at) => ({ learningRate: rate(at) }),
    train: cloudBatches(data, trainRows, { ...options, batch, seed }),
    ...(validationRows.length < batch
      ? {}
      : { validation: cloudBatches(data, validationRows, inOrder(options, batch)) }),
    ...(store === undefined ? {} : { store }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

function inOrder(
  { points, channels, intensities, recipe }: CloudTrainOptions,
  batch: number,
): CloudBatchOptions {
  return {
    points,
    channels,
    batch,
    ...(intensities === undefined ? {} : { intensities }),
    ...(recipe === undefined ? {} : { recipe }),
  };
}

const CHUNK = 256;

/** How the clouds of one chunk are turned and ordered: by a generator, or not at all. */
export type TurnsOf = (chunk: number) => Random | null;

/** Logits of the rows, (rows, classes), in one go. */
export async function cloudAnswers(
  predictor: Predictor,
  clouds: Float32Array,
  rows: Uint32Array,
  options: Omit<CloudBatchOptions, "batch" | "seed">,
  turnsOf: TurnsOf,
): Promise<Float32Array> {
  let logits: Float32Array | undefined;
  for (let from = 0; from < rows.length; from += CHUNK) {
    const inputs = cloudInputs(clouds, rows.subarray(from, from + CHUNK), options, turnsOf(from));
    const { data, shape } = (await predictor.run(inputs))["logits"]!;
    logits ??= new Float32Array(rows.length * shape[1]!);
    logits.set(data, from * shape[1]!);
  }
  return logits!;
}

/**
 * Logits of the rows, (rows, classes): the mean over `passes` random turns and orders (1: as stored), since this network is
 * not invariant.
 */
export async function cloudLogits(
  runtime: Runtime,
  model: Model,
  weights: FitResult["best"],
  data: CloudData,
  rows: Uint32Array,
  options: Omit<CloudBatchOptions, "batch" | "seed"> & { readonly passes?: number },
): Promise<Float32Array> {
  const predictor = await trainedPredictor(runtime, model, weights);
  const { passes = 1 } = options;
  let logits: Float32Array | undefined;
  for (let pass = 0; pass < passes; pass++) {
    const turnsOf: TurnsOf = (chunk) =>
      passes === 1 ? null : Random.fromSeed(1, "turns", pass, chunk);
    const some = await cloudAnswers(predictor, data.clouds, rows, options, turnsOf);
    logits ??= new Float32Array(some.length);
    for (let i = 0; i < some.length; i++) logits[i]! += some[i]! / passes;
  }
  await predictor.release();
  return logits!;
}
