/**
 * The training step as one graph: forward, backward, clipping, optimiser, moving average. Weights travel
 * as flat vectors in and out, everything else that changes from step to step is an input.
 */
import { gradients } from "./autodiff.ts";
import type { DType, Graph, Value, Values } from "./graph.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { buildModel, buildObjective, type Model, type Objective } from "./model.ts";
import { emitModel, type Packing } from "./onnx/emit.ts";
import { concat } from "./ops/arrange.ts";
import { add, div, expand, mul, reshape, sub, sum } from "./ops/core.ts";
import { atMost, sqrt } from "./ops/elementwise.ts";
import type { Optimiser } from "./optimisers.ts";
import { type Shape, sizeOf } from "./shape.ts";

export interface StepOptions {
  readonly batch: number;
  readonly optimiser: Optimiser;
  /** Parameters that stay as they are. */
  readonly frozen?: (name: string) => boolean;
  /** Gradients longer than this are shortened to it; a scalar input "clipNorm" thereafter. */
  readonly clipNorm?: number;
  /** Keeps a moving average of the weights; a scalar input "averageDecay" thereafter. */
  readonly averageDecay?: number;
  /** The seed of the initial weights, default 0. */
  readonly seed?: number | string;
}

/** A tensor that the caller feeds. */
export interface FeedSpec {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Inputs by name besides the flat vectors, and the outputs that come back. */
interface ProgramInputs {
  readonly tensors: readonly FeedSpec[];
  readonly noises: readonly (FeedSpec & { readonly distribution: "uniform" | "normal" })[];
  /** Scalars with their initial values. */
  readonly scalars: Readonly<Record<string, number>>;
}

export interface StepGraph {
  readonly graph: Graph;
  readonly trainable: Layout;
  readonly frozen: Layout;
  readonly states: Layout;
  readonly inputs: ProgramInputs;
  /** Names of the numbers in the output "metrics": the loss first, "gradientNorm" last. */
  readonly metrics: readonly string[];
  /** metrics, and the next parameters, moment0 …, states, average. */
  readonly outputs: Values;
}

export const PACKED = { trainable: "parameters", frozen: "frozen", states: "states" } as const;

/** Which flat vectors a program reads. */
export function packingsOf(step: Pick<StepGraph, "trainable" | "frozen" | "states">): Packing[] {
  return [
    { input: PACKED.trainable, layout: step.trainable },
    { input: PACKED.frozen, layout: step.frozen },
    { input: PACKED.states, layout: step.states },
  ].filter(({ layout }) => layout.size > 0);
}

/** Everything that must be fed to a graph besides packed weights. */
function inputsOf(graph: Graph, vectors: ReadonlySet<string>): ProgramInputs {
  const scalars: Record<string, number> = {};
  const noises: (FeedSpec & { distribution: "uniform" | "normal" })[] = [];
  const tensors: FeedSpec[] = [];
  for (const { leaf, shape, dtype } of graph.nodes) {
    if (leaf?.kind === "scalar") scalars[leaf.name] = leaf.initial;
    else if (leaf?.kind === "noise")
      noises.push({ name: leaf.name, shape, dtype, distribution: leaf.distribution });
    else if (leaf?.kind === "input" && !vectors.has(leaf.name))
      tensors.push({ name: leaf.name, shape, dtype });
  }
  return { tensors, noises, scalars };
}

export function buildStep(model: Model, objective: Objective, options: StepOptions): StepGraph {
  const { batch } = options;
  const frozenBy = options.frozen ?? (() => false);
  const built = buildModel(model, { batch, training: true, frozen: frozenBy });
  const { graph } = built;
  const metrics = lossFirst(buildObjective(built, objective));
  const trainable = layoutOf(graph, "parameter", (name) => !frozenBy(name));
  const frozen = layoutOf(graph, "parameter", frozenBy);
  const states = layoutOf(graph, "state");
  const flat = flatGradient(graph, metrics[0]![1], trainable);
  return graph.scope("optimiser", () => {
    const norm = sqrt(sum(mul(flat, flat)));
    const next = nextVectors(graph, options, trainable, clip(flat, norm, options.clipNorm));
    const outputs: Record<string, Value> = {
      metrics: concat(
        [...metrics.map(([, metric]) => metric), norm].map((metric) => reshape(metric, [1])),
        0,
      ),
      ...next.outputs,
    };
    if (states.size > 0) outputs["nextStates"] = nextStates(graph, states);
    return {
      graph,
      trainable,
      frozen,
      states,
      inputs: inputsOf(graph, next.vectors),
      metrics: [...metrics.map(([name]) => name), "gradientNorm"],
      outputs,
    };
  });
}

function lossFirst(metrics: Values): [string, Value][] {
  return Object.entries(metrics).sort(([a], [b]) => Number(b === "loss") - Number(a === "loss"));
}

function leafValue(graph: Graph, name: string): Value {
  return graph.nodes.find(
    ({ leaf }) => leaf !== undefined && "name" in leaf && leaf.name === name,
  )!;
}

function flatGradient(graph: Graph, loss: Value, trainable: Layout): Value {
  const targets = trainable.entries.map(({ name }) => leafValue(graph, name));
  const parts = gradients(loss, targets);
  return concat(
    parts.map((part) => reshape(part, [sizeOf(part.shape)])),
    0,
  );
}

/** Scaled down to the norm allowed, as PyTorch's clip_grad_norm_. */
function clip(gradient: Value, norm: Value, clipNorm: number | undefined): Value {
  if (clipNorm === undefined) return gradient;
  const allowed = gradient.graph.scalar("clipNorm", clipNorm);
  return mul(gradient, atMost(div(allowed, add(norm, 1e-6)), 1));
}

function nextVectors(
  graph: Graph,
  { optimiser, averageDecay }: StepOptions,
  layout: Layout,
  gradient: Value,
) {
  const vector = (name: string): Value => graph.feed(name, [layout.size]);
  const parameters = vector(PACKED.trainable);
  const moments = Array.from({ length: optimiser.moments }, (_, i) => vector(`moment${i}`));
  const vectors = new Set([PACKED.trainable as string, ...moments.map((_, i) => `moment${i}`)]);
  const next = optimiser.update({
    parameters,
    gradient,
    moments,
    learningRate: graph.scalar("learningRate", optimiser.learningRate),
    decayMask: optimiser.usesDecay ? decayMask(graph, layout) : undefined,
    scalar: (name) => graph.scalar(name, 1),
  });
  const outputs: Record<string, Value> = { nextParameters: next.parameters };
  for (const [i, moment] of next.moments.entries()) outputs[`nextMoment${i}`] = moment;
  if (averageDecay !== undefined) {
    const average = vector("average");
    vectors.add("average");
    const share = sub(1, graph.scalar("averageDecay", averageDecay));
    outputs["nextAverage"] = add(average, mul(sub(next.parameters, average), share));
  }
  return { outputs, vectors };
}

/** One per parameter that decays, zero per one that does not; undefined where all decay. */
function decayMask(graph: Graph, { entries }: Layout): Value | undefined {
  if (entries.every(({ decay }) => decay)) return undefined;
  const parts = entries.map(({ decay, size }) =>
    expand(graph.constant([decay ? 1 : 0], [1]), [size]),
  );
  return concat(parts, 0);
}

function nextStates(graph: Graph, { entries }: Layout): Value {
  const parts = entries.map(({ name, size }) =>
    reshape(graph.updates.get(name) ?? leafValue(graph, name), [size]),
  );
  return concat(parts, 0);
}

/** The step as an ONNX model. */
export function emitStep(step: StepGraph): Uint8Array<ArrayBuffer> {
  return emitModel(step.outputs, { packed: packingsOf(step) }).bytes;
}

export interface EvaluationGraph {
  readonly graph: Graph;
  readonly inputs: ProgramInputs;
  readonly metrics: readonly string[];
  readonly outputs: Values;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Loss, metrics and chosen outputs without training: running statistics, no dropout. */
export function buildEvaluation(
  model: Model,
  objective: Objective,
  batch: number,
  packed: readonly Packing[],
): EvaluationGraph {
  const built = buildModel(model, { batch });
  const values = lossFirst(buildObjective(built, objective));
  const outputs: Values = {
    metrics: concat(
      values.map(([, metric]) => reshape(metric, [1])),
      0,
    ),
    ...built.outputs,
  };
  const { bytes } = emitModel(outputs, { packed });
  const names = values.map(([name]) => name);
  return {
    graph: built.graph,
    inputs: inputsOf(built.graph, new Set()),
    metrics: names,
    outputs,
    bytes,
  };
}
