/**
 * A training run: batches in, best weights out, with checkpoints from which a killed run goes on to the
 * same bits. Pure of clock, files and printing: those come as store, callbacks and abort signal.
 */
import { EwaldError } from "../errors.ts";
import { noiseFor, Prefetch, type BatchSource } from "./batches.ts";
import {
  CHECKPOINT,
  HISTORY,
  readCheckpoint,
  signatureOf,
  writeCheckpoint,
  type HistoryEntry,
  type RunState,
} from "./checkpoint.ts";
import { firstNonFinite } from "./diagnose.ts";
import { createEvaluator, type Evaluation, type Evaluator, type Vectors } from "./evaluator.ts";
import { packWeights, viewsOf, type Weights } from "./layout.ts";
import type { Model, Objective } from "./model.ts";
import type { Progress } from "./progress.ts";
import type { Runtime } from "./runtime.ts";
import type { Place } from "./schedules.ts";
import { PACKED, type StepOptions } from "./step.ts";
import { createStepper, type Batch, type Stepper } from "./stepper.ts";
import type { Store } from "./store.ts";

type Numbers = Readonly<Record<string, number>>;

export interface ScalarsAt extends Place {
  /** Metrics of the step before; empty at the first. */
  readonly lastMetrics: Numbers;
  /** The numbers that this function returned for the step before; empty at the first. */
  readonly previous: Numbers;
}

export interface Monitor {
  /** A metric of the validation, or of training where there is none. */
  readonly metric: string;
  readonly better: "lower" | "higher";
  /** Epochs without improvement after which the run stops; default never. */
  readonly patience?: number;
}

/** Options of {@link fit}: model, data, and how long to train. */
export interface FitOptions extends StepOptions {
  readonly runtime: Runtime;
  readonly model: Model;
  readonly objective: Objective;
  readonly seed: number | string;
  readonly epochs: number;
  readonly train: BatchSource;
  /** Batches of the same size, gone through in order after each epoch. */
  readonly validation?: BatchSource;
  /** Metrics of the whole validation set (AUC, say) added to the mean ones. */
  readonly score?: (
    results: readonly { batch: Batch; outputs: Evaluation["outputs"] }[],
  ) => Numbers;
  /** Default: the loss, lower is better, no early stopping. */
  readonly monitor?: Monitor;
  /** Scalars of the next step: learning rate, weights of losses. A pure function. */
  readonly scalars?: (at: ScalarsAt) => Numbers;
  /** Weights to begin with instead of initial ones (by name; a part of them is enough). */
  readonly initial?: Weights;
  /** Checkpoint and history go here; a checkpoint that is there already is continued. */
  readonly store?: Store;
  /** Steps between checkpoints within an epoch; one follows every epoch in any case. */
  readonly checkpointEvery?: number;
  readonly onProgress?: (progress: Progress) => void;
  /** Aborting ends the run after the step under way, with a checkpoint. */
  readonly signal?: AbortSignal;
}

/** The result of a training: the best weights, the last ones, the history. */
export interface FitResult {
  /** By the monitored metric; of the moving average where one is kept. */
  readonly best: Weights;
  readonly last: Weights;
  readonly history: readonly HistoryEntry[];
  readonly stopped: "finished" | "early" | "interrupted";
  readonly step: number;
  readonly dataShare: number;
}

/**
 * Trains a model. Throws `net/not-finite` with the step, the layer where it began and the last good checkpoint;
 * `net/other-checkpoint` where the store holds a run of another model.
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  const { runtime, model, objective, batch } = options;
  const stepper = await createStepper(runtime, model, objective, options);
  const evaluator =
    options.validation === undefined
      ? undefined
      : await createEvaluator(runtime, model, objective, batch, stepper.step);
  try {
    const run = new Run(options, stepper, evaluator);
    await run.begin();
    return await run.run();
  } finally {
    await stepper.release();
    await evaluator?.release();
  }
}

function mapNumbers(numbers: Numbers, change: (value: number, name: string) => number): Numbers {
  const pairs = Object.entries(numbers).map(([name, value]) => [name, change(value, name)]);
  return Object.fromEntries(pairs);
}

class Run {
  private readonly options: FitOptions;
  private readonly stepper: Stepper;
  private readonly evaluator: Evaluator | undefined;
  private readonly signature: readonly string[];
  private readonly monitor: Monitor;
  private state: RunState;
  private frozen: Float32Array;
  private best: Vectors = {};
  private savedStep = -1;
  private readonly time = { begin: 0, data: 0, steps: 0 };

  constructor(options: FitOptions, stepper: Stepper, evaluator: Evaluator | undefined) {
    this.options = options;
    this.stepper = stepper;
    this.evaluator = evaluator;
    this.signature = signatureOf(stepper.step, options.optimiser.name, options.batch);
    this.monitor = options.monitor ?? { metric: "loss", better: "lower" };
    this.frozen = stepper.readFrozen();
    this.state = {
      seed: options.seed,
      step: 0,
      epoch: 0,
      index: 0,
      sums: {},
      lastMetrics: {},
      scalars: {},
      best: null,
      history: [],
      done: false,
    };
  }

  /** Takes up the checkpoint of the store, or the weights to begin with. */
  async begin(): Promise<void> {
    const { initial, store, seed } = this.options;
    if (initial !== undefined) this.startFrom(initial);
    const bytes = await store?.read(CHECKPOINT);
    if (bytes === undefined) return;
    const { state, vectors } = readCheckpoint(bytes, this.signature);
    if (state.seed !== seed)
      throw new EwaldError(
        "net/other-checkpoint",
        `the checkpoint was begun with the seed ${state.seed}, this run has ${seed}`,
        { value: seed },
      );
    this.state = state;
    this.savedStep = state.step;
    for (const name of this.stepper.vectors) this.stepper.write(name, vectors.get(name)!);
    this.frozen = vectors.get(PACKED.frozen) ?? this.frozen;
    this.stepper.writeFrozen(this.frozen);
    const prefix = "best.";
    const best = [...vectors].filter(([name]) => name.startsWith(prefix));
    this.best = Object.fromEntries(best.map(([name, data]) => [name.slice(prefix.length), data]));
  }

  async run(): Promise<FitResult> {
    const { epochs, train, signal } = this.options;
    const { now } = this.options.runtime;
    const batches = new Prefetch(train, this.state, epochs);
    this.time.begin = now();
    let stopped: FitResult["stopped"] = this.state.done ? "early" : "finished";
    while (this.state.epoch < epochs && !this.state.done) {
      if (signal?.aborted === true) {
        stopped = "interrupted";
        break;
      }
      await this.step(batches);
      if (this.state.index < train.batchesPerEpoch) {
        const every = this.options.checkpointEvery ?? Infinity;
        if (this.state.step % every === 0) await this.save();
        this.report();
      } else if (await this.endEpoch()) stopped = "early";
    }
    if (this.savedStep !== this.state.step) await this.save();
    return this.result(stopped);
  }

  private async step(batches: Prefetch): Promise<void> {
    const { runtime, seed, epochs, optimiser, train } = this.options;
    const { state, stepper } = this;
    const began = runtime.now();
    const batch = await batches.take();
    const noises = noiseFor(stepper.step.inputs.noises, seed, state.epoch, state.index);
    this.time.data += runtime.now() - began;
    const steps = epochs * train.batchesPerEpoch;
    const at: ScalarsAt = {
      step: state.step,
      epoch: state.epoch + state.index / train.batchesPerEpoch,
      progress: steps > 1 ? state.step / (steps - 1) : 0,
      lastMetrics: state.lastMetrics,
      previous: state.scalars,
    };
    const chosen = this.options.scalars?.(at) ?? {};
    this.refuseUnknown(chosen);
    const scalars = { ...optimiser.scalars(state.step + 1), ...chosen };
    const feeds = { ...batch, ...noises };
    const metrics = await stepper.run(feeds, scalars);
    this.time.steps++;
    if (!Object.values(metrics).every(Number.isFinite)) await this.fail(metrics, feeds, scalars);
    const sums = mapNumbers(metrics, (value, name) => (state.sums[name] ?? 0) + value);
    this.state = {
      ...state,
      step: state.step + 1,
      index: state.index + 1,
      sums,
      lastMetrics: metrics,
      scalars: chosen,
    };
  }

  private refuseUnknown(scalars: Numbers): void {
    const known = this.stepper.step.inputs.scalars;
    for (const name of Object.keys(scalars))
      if (!(name in known))
        throw new EwaldError("net/unknown-scalar", `no scalar of this step is called "${name}"`, {
          value: name,
          hint: `It has ${Object.keys(known).join(", ")}.`,
        });
  }

  private async fail(metrics: Numbers, feeds: Batch, scalars: Numbers): Promise<never> {
    const { stepper, state } = this;
    const [name, value] = Object.entries(metrics).find(([, v]) => !Number.isFinite(v))!;
    const tensors = stepper.feedsOfLastStep(feeds, scalars);
    const where = await firstNonFinite(this.options.runtime, stepper.step, tensors);
    const { store } = this.options;
    const good =
      this.savedStep < 0 || store === undefined
        ? "no checkpoint was written"
        : `the last good checkpoint is ${store.describe(CHECKPOINT)} of step ${this.savedStep}`;
    throw new EwaldError(
      "net/not-finite",
      `${name} is ${value} at step ${state.step + 1} (epoch ${state.epoch + 1}), first in ${where}; ${good}`,
      { value, hint: "Lower the learning rate, clip gradients (clipNorm), or check the batch." },
    );
  }

  /** Validation, history, best weights, checkpoint. True when the run should stop early. */
  private async endEpoch(): Promise<boolean> {
    const { state, monitor } = this;
    const { batchesPerEpoch } = this.options.train;
    const train = mapNumbers(state.sums, (sum) => sum / batchesPerEpoch);
    const validation = await this.validate();
    const value = (validation ?? train)[monitor.metric];
    if (value === undefined)
      throw new EwaldError("net/unknown-metric", `no metric is called "${monitor.metric}"`, {
        value: monitor.metric,
        hint: `There are ${Object.keys(validation ?? train).join(", ")}.`,
      });
    const { best } = state;
    const sign = monitor.better === "lower" ? 1 : -1;
    const improved = best === null || sign * value < sign * best.value;
    if (improved) this.best = this.copyWeights();
    const epoch = state.epoch + 1;
    const entry: HistoryEntry = {
      epoch,
      step: state.step,
      train,
      ...(validation === undefined ? {} : { validation }),
      scalars: state.scalars,
      best: improved,
    };
    const bestNow = improved ? { epoch, value } : best;
    const early = epoch - bestNow.epoch >= (monitor.patience ?? Infinity);
    this.state = {
      ...state,
      epoch,
      index: 0,
      sums: {},
      best: bestNow,
      history: [...state.history, entry],
      done: early,
    };
    await this.save();
    this.report(entry);
    return early;
  }

  private async validate(): Promise<Numbers | undefined> {
    const { validation, score } = this.options;
    if (this.evaluator === undefined || validation === undefined) return undefined;
    const weights = this.weights();
    const sums: Record<string, number> = {};
    const results: { batch: Batch; outputs: Evaluation["outputs"] }[] = [];
    for (let index = 0; index < validation.batchesPerEpoch; index++) {
      const batch = await validation.get(0, index);
      const { metrics, outputs } = await this.evaluator.run(batch, weights, this.state.scalars);
      if (score !== undefined) results.push({ batch, outputs });
      for (const [name, value] of Object.entries(metrics)) sums[name] = (sums[name] ?? 0) + value;
    }
    return { ...mapNumbers(sums, (sum) => sum / validation.batchesPerEpoch), ...score?.(results) };
  }

  /** The weights that are evaluated and kept: the moving average where there is one. */
  private weights(): Vectors {
    const { stepper, frozen } = this;
    const averaged = stepper.vectors.includes("average");
    const weights: Record<string, Float32Array> = {
      [PACKED.trainable]: stepper.read(averaged ? "average" : PACKED.trainable),
      [PACKED.frozen]: frozen,
    };
    if (stepper.vectors.includes(PACKED.states))
      weights[PACKED.states] = stepper.read(PACKED.states);
    return weights;
  }

  private copyWeights(): Vectors {
    return Object.fromEntries(
      Object.entries(this.weights()).map(([name, data]) => [name, data.slice()]),
    );
  }

  private async save(): Promise<void> {
    const { store } = this.options;
    if (store === undefined) return;
    const vectors = new Map(this.stepper.vectors.map((name) => [name, this.stepper.read(name)]));
    if (this.frozen.length > 0) vectors.set(PACKED.frozen, this.frozen);
    for (const [name, data] of Object.entries(this.best)) vectors.set(`best.${name}`, data);
    const lines = this.state.history.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    await store.write(CHECKPOINT, writeCheckpoint(this.state, this.signature, vectors));
    await store.write(HISTORY, new TextEncoder().encode(lines));
    this.savedStep = this.state.step;
  }

  private startFrom(initial: Weights): void {
    const { step } = this.stepper;
    for (const [vector, layout] of [
      [PACKED.trainable, step.trainable],
      [PACKED.states, step.states],
      [PACKED.frozen, step.frozen],
    ] as const) {
      if (layout.size === 0) continue;
      const flat = vector === PACKED.frozen ? this.frozen : this.stepper.read(vector).slice();
      copyKnown(flat, layout, initial);
      if (vector === PACKED.frozen) this.stepper.writeFrozen(flat);
      else this.stepper.write(vector, flat);
    }
    if (this.stepper.vectors.includes("average"))
      this.stepper.write("average", this.stepper.read(PACKED.trainable));
  }

  private report(entry?: HistoryEntry): void {
    const { epochs, train, batch, onProgress, runtime } = this.options;
    if (onProgress === undefined) return;
    const steps = epochs * train.batchesPerEpoch;
    const seconds = (runtime.now() - this.time.begin) / 1000;
    const rate = this.time.steps / Math.max(seconds, 1e-9);
    const { step, epoch, lastMetrics } = this.state;
    onProgress({
      epoch: entry?.epoch ?? epoch + 1,
      epochs,
      step,
      steps,
      metrics: lastMetrics,
      samplesPerSecond: rate * batch,
      secondsLeft: (steps - step) / Math.max(rate, 1e-9),
      dataShare: this.dataShare(),
      ...(entry === undefined ? {} : { entry }),
    });
  }

  private dataShare(): number {
    return this.time.data / Math.max(this.options.runtime.now() - this.time.begin, 1e-9);
  }

  private result(stopped: FitResult["stopped"]): FitResult {
    const last = this.copyWeights();
    const best = this.state.best === null ? last : this.best;
    return {
      best: this.named(best),
      last: this.named(last),
      history: this.state.history,
      stopped,
      step: this.state.step,
      dataShare: this.dataShare(),
    };
  }

  private named(vectors: Vectors): Weights {
    const { trainable, frozen, states } = this.stepper.step;
    const views = (layout: typeof trainable, name: string): Weights =>
      layout.size === 0 ? new Map() : viewsOf(layout, vectors[name]!);
    return new Map([
      ...views(trainable, PACKED.trainable),
      ...views(frozen, PACKED.frozen),
      ...views(states, PACKED.states),
    ]);
  }
}

function copyKnown(
  flat: Float32Array,
  layout: Stepper["step"]["trainable"],
  weights: Weights,
): void {
  const known = layout.entries.filter(({ name }) => weights.has(name));
  packWeights({ ...layout, entries: known }, weights, flat);
}
