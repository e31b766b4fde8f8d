/** Training of the default network on a pool of samples. */
import { Random } from "../../math/random.ts";
import type { BatchSource } from "../../net/batches.ts";
import { classification } from "../../net/losses.ts";
import { adamW } from "../../net/optimisers.ts";
import type { Progress } from "../../net/progress.ts";
import type { Runtime } from "../../net/runtime.ts";
import { cosine } from "../../net/schedules.ts";
import type { Store } from "../../net/store.ts";
import { fit, type FitResult } from "../../net/trainer.ts";
import { convolutionalModel } from "./network.ts";
import { PATTERN_SIZE } from "../../scan/log-pattern.ts";
import { type SampleStore, unpackSample } from "./augment.ts";

const BATCH = 128;
const EPOCHS = 10;
/** An epoch is so many steps, or {@link MOST_PASSES} over a small pool. */
const STEPS = 500;
const MOST_PASSES = 3;

/** Batches of stored samples: drawn at random and changed a little with a seed, in order and as they are without. */
function poolBatches(
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
  readonly classes: number;
  readonly pool: SampleStore;
  readonly validation: SampleStore;
  readonly seed: number | string;
  readonly epochs?: number;
  /** The decay of the moving average of the weights; default 0.999, too slow for runs of less than some thousand steps. */
  readonly averageDecay?: number;
  readonly store?: Store;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Peak learning rate; weights decay and are averaged as listed below. */
const LEARNING_RATE = 2e-3;
const AVERAGE_DECAY = 0.999;

export function trainNetwork(run: TrainingRun): Promise<FitResult> {
  const rate = cosine({ peak: LEARNING_RATE, warmUp: 0.03 });
  const { store, signal, onProgress } = run;
  return fit({
    runtime: run.runtime,
    model: convolutionalModel(run.classes),
    objective: classification({ smoothing: 0.05 }),
    batch: BATCH,
    seed: run.seed,
    epochs: run.epochs ?? EPOCHS,
    optimiser: adamW({ weightDecay: 0.02 }),
    clipNorm: 1,
    averageDecay: run.averageDecay ?? AVERAGE_DECAY,
    scalars: (at) => ({ learningRate: rate(at) }),
    train: poolBatches(
      run.pool,
      BATCH,
      Math.min(STEPS, Math.ceil((MOST_PASSES * run.pool.label.length) / BATCH)),
      run.seed,
    ),
    validation: poolBatches(
      run.validation,
      BATCH,
      Math.max(1, Math.floor(run.validation.label.length / BATCH)),
      null,
    ),
    monitor: { metric: "accuracy", better: "higher" },
    checkpointEvery: 250,
    ...(store === undefined ? {} : { store }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}
