/** Training of the default networks on a pool of samples. */
import { Random } from "../../math/index.ts";
import {
  accuracy,
  adamW,
  type BatchSource,
  cosine,
  crossEntropy,
  fit,
  type FitResult,
  type Model,
  type Objective,
  type Progress,
  type Runtime,
  type Store,
} from "../../net/index.ts";
import { convolutionalModel, perceptronModel } from "./network.ts";
import { PATTERN_SIZE } from "./pattern.ts";
import { type SampleStore, unpackSample } from "./training-samples.ts";

export type NetworkKind = "convolutional" | "perceptron";

/** Batch and steps that the two networks want; an epoch is so many steps, or {@link MOST_PASSES} over a small pool. */
export const TRAINING: Readonly<
  Record<NetworkKind, { readonly batch: number; readonly steps: number; readonly epochs: number }>
> = {
  convolutional: { batch: 128, steps: 500, epochs: 10 },
  perceptron: { batch: 256, steps: 1000, epochs: 8 },
};

const MOST_PASSES = 3;

export function networkModel(kind: NetworkKind, classes: number): Model {
  return kind === "convolutional" ? convolutionalModel(classes) : perceptronModel(classes);
}

const OBJECTIVE: Objective = {
  targets: { label: { shape: [], dtype: "int" } },
  build: (_graph, { logits }, { label }) => ({
    loss: crossEntropy(logits!, label!, { smoothing: 0.05 }),
    accuracy: accuracy(logits!, label!),
  }),
};

/** Batches of stored samples: drawn at random and changed a little with a seed, in order and as they are without. */
export function poolBatches(
  { intensity, bins, label }: SampleStore,
  batch: number,
  batchesPerEpoch: number,
  seed: number | string | null,
): BatchSource {
  const count = label.length;
  return {
    batchesPerEpoch,
    get(epoch, index) {
      const random = seed === null ? null : Random.fromSeed(seed, "batch", epoch, index);
      const out = {
        intensity: new Float32Array(batch * PATTERN_SIZE),
        range: new Float32Array(2 * batch),
        label: new Int32Array(batch),
      };
      for (let i = 0; i < batch; i++) {
        const row = random === null ? (index * batch + i) % count : random.integer(0, count - 1);
        const bytes = intensity.subarray(row * PATTERN_SIZE, (row + 1) * PATTERN_SIZE);
        const range = [bins[2 * row]!, bins[2 * row + 1]!] as const;
        unpackSample(bytes, range, random, out.intensity, i * PATTERN_SIZE, out.range, 2 * i);
        out.label[i] = label[row]!;
      }
      return out;
    },
  };
}

interface TrainingRun {
  readonly runtime: Runtime;
  readonly kind: NetworkKind;
  readonly classes: number;
  readonly pool: SampleStore;
  readonly validation: SampleStore;
  readonly seed: number | string;
  readonly epochs?: number;
  /** Of the moving average of the weights; default 0.999, too slow for runs of less than some thousand steps. */
  readonly averageDecay?: number;
  readonly store?: Store;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Peak learning rate; weights decay and are averaged as listed below. */
const LEARNING_RATE = 2e-3;
const AVERAGE_DECAY = 0.999;

export function trainNetwork(run: TrainingRun): Promise<FitResult> {
  const { batch, steps, epochs } = TRAINING[run.kind];
  const rate = cosine({ peak: LEARNING_RATE, warmUp: 0.03 });
  const { store, signal, onProgress } = run;
  return fit({
    runtime: run.runtime,
    model: networkModel(run.kind, run.classes),
    objective: OBJECTIVE,
    batch,
    seed: run.seed,
    epochs: run.epochs ?? epochs,
    optimiser: adamW({ weightDecay: 0.02 }),
    clipNorm: 1,
    averageDecay: run.averageDecay ?? AVERAGE_DECAY,
    scalars: (at) => ({ learningRate: rate(at) }),
    train: poolBatches(
      run.pool,
      batch,
      Math.min(steps, Math.ceil((MOST_PASSES * run.pool.label.length) / batch)),
      run.seed,
    ),
    validation: poolBatches(
      run.validation,
      batch,
      Math.max(1, Math.floor(run.validation.label.length / batch)),
      null,
    ),
    monitor: { metric: "accuracy", better: "higher" },
    checkpointEvery: 250,
    ...(store === undefined ? {} : { store }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}
