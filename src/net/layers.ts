/**
 * Layers: functions from value to value that add their parameters to the graph, each in a scope of its
 * own. Layouts: (batch, features), (batch, channels, …space), or (channels, …) for point-wise layers.
 */
import { withGradient } from "./autodiff.ts";
import { EwaldError } from "../errors.ts";
import type { Initial, Operand, Value } from "./graph.ts";
import { constantly, heNormal, xavierUniform } from "./initialise.ts";
import { takeRows } from "./ops/arrange.ts";
import { conv, convInputGradient, type Window } from "./ops/conv.ts";
import { add, div, mean, mul, neg, reshape, sub, sum } from "./ops/core.ts";
import { exp, leakyRelu, sqrt, step, tanh } from "./ops/elementwise.ts";
import { matmul } from "./ops/matmul.ts";
import { softmax, variance } from "./ops/reduce.ts";
import { sizeOf, type Shape } from "./shape.ts";

interface Named {
  /** Scope of the layer, default its kind. */
  readonly name?: string;
}

/** Options of {@link dense} and {@link pointwise}. */
export interface DenseOptions extends Named {
  readonly bias?: boolean;
  /** Default He normal. */
  readonly initial?: Initial;
}

/** A dense layer: (…, features) → (…, units). Weights (units, features), as PyTorch has them. */
export function dense(x: Value, units: number, options: DenseOptions = {}): Value {
  const { graph, shape } = x;
  const features = shape.at(-1)!;
  return graph.scope(options.name ?? "dense", () => {
    const initial = options.initial ?? heNormal(features);
    const weight = graph.parameter("weight", [units, features], initial);
    const rows = reshape(x, [sizeOf(shape.slice(0, -1)), features]);
    const product = matmul(rows, weight, { b: true });
    const biased = options.bias === false ? product : add(product, biasOf(x, units));
    return reshape(biased, [...shape.slice(0, -1), units]);
  });
}

/**
 * A dense layer at every point, channels first: (features, points) → (units, points). The fast form for
 * point clouds: one product, and a batch norm over axis 0 reads memory in order.
 */
export function pointwise(x: Value, units: number, options: DenseOptions = {}): Value {
  const { graph } = x;
  const [features] = x.shape as [number, number];
  return graph.scope(options.name ?? "pointwise", () => {
    const initial = options.initial ?? heNormal(features);
    const product = matmul(graph.parameter("weight", [units, features], initial), x);
    return options.bias === false ? product : add(product, reshape(biasOf(x, units), [units, 1]));
  });
}

function biasOf({ graph }: Value, size: number): Value {
  return graph.parameter("bias", [size], constantly(0), false);
}

/** Options of {@link convolution}. */
export interface ConvolutionOptions extends Named {
  /** Taps per axis of space; one number for all. */
  readonly kernel: number | readonly number[];
  readonly stride?: number | readonly number[];
  /** Zeros on both sides; "same" keeps ceil(length / stride); default "same". */
  readonly padding?: number | readonly number[] | "same" | "valid";
  readonly dilation?: number | readonly number[];
  readonly bias?: boolean;
  readonly initial?: Initial;
}

function perAxis(value: number | readonly number[], axes: number): readonly number[] {
  return typeof value === "number" ? Array.from({ length: axes }, () => value) : value;
}

function windowOf(space: Shape, kernel: readonly number[], options: ConvolutionOptions): Window {
  const stride = perAxis(options.stride ?? 1, space.length);
  const dilation = perAxis(options.dilation ?? 1, space.length);
  const padding = options.padding ?? "same";
  if (padding !== "same") {
    const before = perAxis(padding === "valid" ? 0 : padding, space.length);
    return { stride, before, after: before, dilation };
  }
  const total = space.map((length, axis) => {
    const reach = (kernel[axis]! - 1) * dilation[axis]! + 1;
    const samples = Math.ceil(length / stride[axis]!);
    return Math.max((samples - 1) * stride[axis]! + reach - length, 0);
  });
  const before = total.map((zeros) => Math.floor(zeros / 2));
  return { stride, before, after: total.map((zeros, i) => zeros - before[i]!), dilation };
}

/** A convolution layer: (batch, channels, …space) → (batch, out, …space). Weights (out, channels, …taps). */
export function convolution(x: Value, out: number, options: ConvolutionOptions): Value {
  const { graph } = x;
  const [, channels, ...space] = x.shape as [number, number, ...number[]];
  const kernel = perAxis(options.kernel, space.length);
  return graph.scope(options.name ?? "convolution", () => {
    const initial = options.initial ?? heNormal(channels * sizeOf(kernel));
    const weight = graph.parameter("weight", [out, channels, ...kernel], initial);
    const bias = options.bias === false ? undefined : biasOf(x, out);
    return conv(x, weight, windowOf(space, kernel, options), bias);
  });
}

/** Options of {@link transposedConvolution}. */
export interface TransposedConvolutionOptions extends Named {
  readonly kernel: number | readonly number[];
  readonly stride: number | readonly number[];
  /** Samples cut from both sides, default none. */
  readonly padding?: number | readonly number[];
  /** Extra samples at the end, default none. */
  readonly outputPadding?: number | readonly number[];
  readonly bias?: boolean;
  readonly initial?: Initial;
}

/** Learned upsampling: the gradient of a convolution as a layer. Weights (channels, out, …taps). */
export function transposedConvolution(
  x: Value,
  out: number,
  options: TransposedConvolutionOptions,
): Value {
  const { graph } = x;
  const [batch, channels, ...space] = x.shape as [number, number, ...number[]];
  const axes = space.length;
  const [kernel, stride] = [perAxis(options.kernel, axes), perAxis(options.stride, axes)];
  const padding = perAxis(options.padding ?? 0, axes);
  const extra = perAxis(options.outputPadding ?? 0, axes);
  const dilation = perAxis(1, axes);
  return graph.scope(options.name ?? "transposedConvolution", () => {
    const initial = options.initial ?? heNormal(channels * sizeOf(kernel));
    const weight = graph.parameter("weight", [channels, out, ...kernel], initial);
    const lengths = space.map(
      (length, i) => (length - 1) * stride[i]! - 2 * padding[i]! + kernel[i]! + extra[i]!,
    );
    const window = { stride, before: padding, after: padding, dilation };
    const y = convInputGradient(x, weight, [batch, out, ...lengths], window);
    if (options.bias === false) return y;
    return add(y, reshape(biasOf(x, out), [out, ...space.map(() => 1)]));
  });
}

/** Options of {@link batchNorm}. */
export interface BatchNormOptions extends Named {
  /** Axis of the channels, default 1. */
  readonly axis?: number;
  /** Weight of the new batch in the running statistics, default 0.1. */
  readonly momentum?: number;
  readonly epsilon?: number;
}

/**
 * Batch normalisation (Ioffe & Szegedy 2015). In training by the statistics of the batch, which also move the running ones
 * (variance unbiased, as PyTorch); at inference, or where the layer is frozen, by the running ones.
 */
export function batchNorm(x: Value, options: BatchNormOptions = {}): Value {
  const { axis = 1, momentum = 0.1, epsilon = 1e-5 } = options;
  const { graph, shape } = x;
  const channels = shape[axis]!;
  const broadcast = shape.map((_, i) => (i === axis ? channels : 1));
  const axes = shape.flatMap((_, i) => (i === axis ? [] : [i]));
  return graph.scope(options.name ?? "batchNorm", () => {
    const scale = graph.parameter("scale", [channels], constantly(1), false);
    const shift = graph.parameter("shift", [channels], constantly(0), false);
    const runningMean = graph.state("mean", [channels], constantly(0));
    const runningVariance = graph.state("variance", [channels], constantly(1));
    const wide = (value: Value): Value => reshape(value, broadcast);
    const normalise = (centre: Value, spread: Value): Value => {
      const factor = div(wide(scale), sqrt(add(spread, epsilon)));
      return add(mul(x, factor), sub(wide(shift), mul(centre, factor)));
    };
    if (!graph.training || graph.isFrozen(graph.layer))
      return normalise(wide(runningMean), wide(runningVariance));
    const count = sizeOf(axes.map((i) => shape[i]!));
    if (count < 2)
      throw new EwaldError("net/no-variance", `layer "${graph.layer}": one value per channel`, {
        hint: "Train with a batch of two or more.",
      });
    const centre = mean(x, axes, true);
    const spread = variance(x, axes);
    const move = (running: Value, now: Value): Value =>
      add(mul(running, 1 - momentum), mul(reshape(now, [channels]), momentum));
    graph.update(runningMean, move(runningMean, centre));
    graph.update(runningVariance, move(runningVariance, mul(spread, count / (count - 1))));
    // By hand: a·dY + b·X + c with per-channel a, b, c. The chain rule would take twice the passes.
    return withGradient(normalise(centre, spread), [x, scale, shift], (dy) => {
      const inverse = div(1, sqrt(add(spread, epsilon)));
      const toShift = sum(dy, axes, true);
      const toScale = mul(sub(sum(mul(dy, x), axes, true), mul(centre, toShift)), inverse);
      const a = mul(wide(scale), inverse);
      const b = mul(mul(a, inverse), mul(toScale, -1 / count));
      const c = neg(add(mul(a, mul(toShift, 1 / count)), mul(b, centre)));
      const toX = add(add(mul(dy, a), mul(x, b)), c);
      return [toX, reshape(toScale, [channels]), reshape(toShift, [channels])];
    });
  });
}

/**
 * Dropout: drops elements with probability `rate` in training and scales the rest by 1/(1 - rate). The random
 * numbers are an input from the seeded generator.
 */
export function dropout(x: Value, rate: Operand, options: Named = {}): Value {
  const { graph } = x;
  if (!graph.training || rate === 0) return x;
  return graph.scope(options.name ?? "dropout", () => {
    const uniform = graph.noise("uniform", x.shape, "uniform");
    const keep = typeof rate === "number" ? 1 / (1 - rate) : div(1, sub(1, rate));
    return mul(x, mul(step(sub(uniform, rate)), keep));
  });
}

/** An embedding: integers (…) → their vectors (…, width). */
export function embedding(
  indices: Value,
  count: number,
  width: number,
  options: Named & { readonly initial?: Initial } = {},
): Value {
  const { graph } = indices;
  return graph.scope(options.name ?? "embedding", () => {
    const initial = options.initial ?? { kind: "normal", scale: 1 };
    return takeRows(graph.parameter("table", [count, width], initial), indices);
  });
}

/** ReLU with a learned slope below zero, one per channel (axis 1). */
export function prelu(x: Value, options: Named & { readonly initial?: number } = {}): Value {
  const { graph, shape } = x;
  return graph.scope(options.name ?? "prelu", () => {
    const slopes = graph.parameter(
      "slope",
      [shape[1]!],
      constantly(options.initial ?? 0.25),
      false,
    );
    return leakyRelu(
      x,
      reshape(
        slopes,
        shape.map((size, axis) => (axis === 1 ? size : 1)),
      ),
    );
  });
}

/**
 * Weighted mean over items, the weights learned: softmax over items of v·tanh(W x).
 * (batch, items, features) → (batch, features). The weights are offered as "attention".
 */
export function attentionPool(x: Value, options: Named & { readonly hidden?: number } = {}): Value {
  const { graph } = x;
  const [batch, items, features] = x.shape as [number, number, number];
  const hidden = options.hidden ?? features;
  const name = options.name ?? "attention";
  return graph.scope(name, () => {
    const open = tanh(dense(x, hidden, { initial: xavierUniform(features, hidden) }));
    const scores = dense(open, 1, { bias: false, initial: xavierUniform(hidden, 1) });
    const weights = softmax(reshape(scores, [batch, 1, items]), 2);
    graph.name(graph.layer, reshape(weights, [batch, items]));
    return reshape(matmul(weights, x), [batch, features]);
  });
}

/** A draw from N(mean, e^logVariance) in training (Kingma & Welling 2014), the mean at inference. */
export function sampleNormal(average: Value, logVariance: Value, options: Named = {}): Value {
  const { graph, shape } = average;
  if (!graph.training) return average;
  return graph.scope(options.name ?? "sample", () => {
    const noise = graph.noise("normal", shape, "normal");
    return add(average, mul(exp(mul(logVariance, 0.5)), noise));
  });
}

/** Mean over all axes of space: (batch, channels, …space) → (batch, channels). */
export function globalMean(x: Value): Value {
  return mean(
    x,
    x.shape.slice(2).map((_, axis) => axis + 2),
  );
}
