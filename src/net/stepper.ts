/**
 * Runs a training step: keeps the flat vectors of weights, moments and states in two sets of tensors,
 * one fed and one fetched, and swaps them after each step, so that nothing is copied.
 */
import { EwaldError } from "../errors.ts";
import { initialise } from "./initialise.ts";
import type { Model, Objective } from "./model.ts";
import type { InferenceSession, Runtime, Tensor } from "./runtime.ts";
import { sizeOf } from "./shape.ts";
import {
  buildStep,
  emitStep,
  PACKED,
  type FeedSpec,
  type StepGraph,
  type StepOptions,
} from "./step.ts";

/** Tensors of a batch (inputs and targets) or of noise, by name. */
export type Batch = Readonly<Record<string, Float32Array | Int32Array>>;

export interface Stepper {
  readonly step: StepGraph;
  readonly runtime: Runtime;
  /** Names of the vectors that a step changes: parameters, moment0 …, states, average. */
  readonly vectors: readonly string[];
  /** The numbers of a vector as they stand; a view that the next but one step overwrites. */
  read(vector: string): Float32Array;
  /** The numbers as they stood before the last step. */
  readPrevious(vector: string): Float32Array;
  write(vector: string, data: Float32Array): void;
  /** Parameters that stay as they are, as one vector. */
  readFrozen(): Float32Array;
  writeFrozen(data: Float32Array): void;
  /** One step; returns loss, metrics and gradientNorm. Scalars not given keep their initial values. */
  run(batch: Batch, scalars?: Readonly<Record<string, number>>): Promise<Record<string, number>>;
  /** The inputs of the last step, to compute it again. */
  feedsOfLastStep(batch: Batch, scalars: Readonly<Record<string, number>>): Record<string, Tensor>;
  release(): Promise<void>;
}

export async function createStepper(
  runtime: Runtime,
  model: Model,
  objective: Objective,
  options: StepOptions,
): Promise<Stepper> {
  const step = buildStep(model, objective, options);
  return new FlatStepper(
    runtime,
    step,
    await runtime.createSession(emitStep(step)),
    options.seed ?? 0,
  );
}

/** Wraps a batch's array as a tensor without copying it. Throws `net/missing-feed`, `net/shape-mismatch`. */
export function tensorOf(runtime: Runtime, { name, shape, dtype }: FeedSpec, batch: Batch): Tensor {
  const data = batch[name];
  if (data === undefined)
    throw new EwaldError("net/missing-feed", `the batch holds no "${name}"`, {
      hint: `It holds ${Object.keys(batch).join(", ") || "nothing"}.`,
    });
  const wanted = dtype === "int" ? Int32Array : Float32Array;
  if (data.length !== sizeOf(shape) || !(data instanceof wanted))
    throw new EwaldError(
      "net/shape-mismatch",
      `"${name}" needs a ${wanted.name} of ${shape.join("×")}, the batch holds a ${data.constructor.name} of ${data.length}`,
    );
  return dtype === "int"
    ? new runtime.Tensor("int32", data as Int32Array, shape)
    : new runtime.Tensor("float32", data as Float32Array, shape);
}

class FlatStepper implements Stepper {
  readonly step: StepGraph;
  readonly runtime: Runtime;
  readonly vectors: readonly string[];
  private readonly session: InferenceSession;
  private readonly current = new Map<string, Tensor>();
  private readonly spare = new Map<string, Tensor>();
  private readonly constants: Record<string, Tensor> = {};
  private readonly metricsTensor: Tensor;

  constructor(runtime: Runtime, step: StepGraph, session: InferenceSession, seed: number | string) {
    this.runtime = runtime;
    this.step = step;
    this.session = session;
    for (const [output, { shape }] of Object.entries(step.outputs)) {
      if (output === "metrics") continue;
      const vector = vectorOf(output);
      const zeros = (): Tensor =>
        new runtime.Tensor("float32", new Float32Array(sizeOf(shape)), shape);
      this.current.set(vector, zeros());
      this.spare.set(vector, zeros());
    }
    this.vectors = [...this.current.keys()];
    const start = initialise(step.trainable, seed);
    this.write(PACKED.trainable, start);
    if (this.current.has("average")) this.write("average", start);
    if (this.current.has(PACKED.states)) this.write(PACKED.states, initialise(step.states, seed));
    this.writeFrozen(initialise(step.frozen, seed));
    const { length } = step.metrics;
    this.metricsTensor = new runtime.Tensor("float32", new Float32Array(length), [length]);
  }

  read(vector: string): Float32Array {
    return this.tensor(this.current, vector).data as Float32Array;
  }

  readPrevious(vector: string): Float32Array {
    return this.tensor(this.spare, vector).data as Float32Array;
  }

  write(vector: string, data: Float32Array): void {
    this.read(vector).set(data);
  }

  readFrozen(): Float32Array {
    return (this.constants[PACKED.frozen]?.data as Float32Array | undefined) ?? new Float32Array();
  }

  writeFrozen(data: Float32Array): void {
    if (this.step.frozen.size > 0)
      this.constants[PACKED.frozen] = new this.runtime.Tensor("float32", data, [data.length]);
  }

  async run(
    batch: Batch,
    scalars: Readonly<Record<string, number>> = {},
  ): Promise<Record<string, number>> {
    const { runtime, step } = this;
    const feeds = this.feeds(batch, scalars, this.current);
    const fetches: Record<string, Tensor | null> = { metrics: this.metricsTensor };
    for (const vector of this.vectors) {
      fetches[outputOf(vector)] = this.spare.get(vector)!;
    }
    const results = runtime.preallocates
      ? await this.session.run(feeds, fetches as Record<string, Tensor>)
      : await this.session.run(feeds);
    for (const vector of this.vectors) {
      this.spare.set(vector, this.current.get(vector)!);
      this.current.set(vector, results[outputOf(vector)]!);
    }
    const metrics = results["metrics"]!.data as Float32Array;
    return Object.fromEntries(step.metrics.map((name, i) => [name, metrics[i]!]));
  }

  feedsOfLastStep(batch: Batch, scalars: Readonly<Record<string, number>>): Record<string, Tensor> {
    return this.feeds(batch, scalars, this.spare);
  }

  private feeds(
    batch: Batch,
    scalars: Readonly<Record<string, number>>,
    vectors: ReadonlyMap<string, Tensor>,
  ): Record<string, Tensor> {
    const { runtime } = this;
    const { inputs } = this.step;
    const feeds: Record<string, Tensor> = { ...this.constants, ...Object.fromEntries(vectors) };
    for (const spec of [...inputs.tensors, ...inputs.noises])
      feeds[spec.name] = tensorOf(runtime, spec, batch);
    for (const [name, initial] of Object.entries(inputs.scalars)) {
      const value = Float32Array.of(scalars[name] ?? initial);
      feeds[name] = new runtime.Tensor("float32", value, []);
    }
    // A vector that no node reads is no input of the model.
    for (const name of Object.keys(feeds))
      if (!this.session.inputNames.includes(name)) delete feeds[name];
    return feeds;
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  private tensor(set: ReadonlyMap<string, Tensor>, vector: string): Tensor {
    const tensor = set.get(vector);
    if (tensor === undefined)
      throw new EwaldError("net/no-vector", `this step keeps no "${vector}"`, {
        hint: `It keeps ${this.vectors.join(", ")}.`,
      });
    return tensor;
  }
}

function outputOf(vector: string): string {
  return `next${vector[0]!.toUpperCase()}${vector.slice(1)}`;
}

function vectorOf(output: string): string {
  return output[4]!.toLowerCase() + output.slice(5);
}
