/**
 * Optimisers, in order of increasing complexity. Each is a few element-wise operators over the flat
 * vectors of parameters, gradient and moments. Formulas as PyTorch has them.
 */
import type { Value } from "./graph.ts";
import { add, div, mul, sub } from "./ops/core.ts";
import { sqrt } from "./ops/elementwise.ts";

export interface UpdateInputs {
  readonly parameters: Value;
  readonly gradient: Value;
  readonly moments: readonly Value[];
  /** Scalar input, so that a schedule never rebuilds the graph. */
  readonly learningRate: Value;
  /** 1 where weight decay applies, else 0; undefined where it applies everywhere. */
  readonly decayMask: Value | undefined;
  /** A scalar that `scalars` below sets at each step. */
  scalar(name: string): Value;
}

/** An optimiser: how weights follow their gradients. */
export interface Optimiser {
  readonly name: string;
  /** Vectors kept between steps beside the parameters. */
  readonly moments: number;
  readonly learningRate: number;
  readonly usesDecay: boolean;
  /** Scalars that depend on the number of the step alone, counted from 1. */
  scalars(step: number): Readonly<Record<string, number>>;
  update(inputs: UpdateInputs): { readonly parameters: Value; readonly moments: readonly Value[] };
}

function decayed(value: Value, amount: Value | number, { decayMask, parameters }: UpdateInputs) {
  const change = mul(parameters, amount);
  return add(value, decayMask === undefined ? change : mul(change, decayMask));
}

export interface SgdOptions {
  readonly learningRate?: number;
  readonly momentum?: number;
  /** L2 penalty added to the gradient. */
  readonly weightDecay?: number;
}

/** Gradient descent with momentum and weight decay. */
export function sgd(options: SgdOptions = {}): Optimiser {
  const { learningRate = 0.01, momentum = 0, weightDecay = 0 } = options;
  return {
    name: "sgd",
    moments: momentum === 0 ? 0 : 1,
    learningRate,
    usesDecay: weightDecay !== 0,
    scalars: () => ({}),
    update(inputs) {
      const raw = inputs.gradient;
      const gradient = weightDecay === 0 ? raw : decayed(raw, weightDecay, inputs);
      const [before] = inputs.moments;
      const velocity = before === undefined ? gradient : add(mul(before, momentum), gradient);
      const parameters = sub(inputs.parameters, mul(velocity, inputs.learningRate));
      return { parameters, moments: before === undefined ? [] : [velocity] };
    },
  };
}

export interface AdamOptions {
  readonly learningRate?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
}

/** The optimiser Adam (Kingma & Ba 2015); weight decay as L2 penalty. */
export function adam(options: AdamOptions = {}): Optimiser {
  return adamLike("adam", options, false);
}

/** The optimiser AdamW (Loshchilov & Hutter 2019); weight decay apart from the gradient, default 0.01. */
export function adamW(options: AdamOptions = {}): Optimiser {
  return adamLike("adamW", { weightDecay: 0.01, ...options }, true);
}

function adamLike(name: string, options: AdamOptions, decoupled: boolean): Optimiser {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weightDecay = 0 } = options;
  return {
    name,
    moments: 2,
    learningRate,
    usesDecay: weightDecay !== 0,
    // θ -= η/(1-β₁ᵗ)·m / (√(v/(1-β₂ᵗ)) + ε), with the corrections moved into two numbers.
    scalars(step) {
      const root = Math.sqrt(1 - beta2 ** step);
      return { "adam.correction": root / (1 - beta1 ** step), "adam.epsilon": epsilon * root };
    },
    update(inputs) {
      const { parameters, learningRate: rate } = inputs;
      const [m, v] = inputs.moments as [Value, Value];
      const raw = inputs.gradient;
      const gradient = weightDecay === 0 || decoupled ? raw : decayed(raw, weightDecay, inputs);
      const m2 = add(mul(m, beta1), mul(gradient, 1 - beta1));
      const v2 = add(mul(v, beta2), mul(mul(gradient, gradient), 1 - beta2));
      const size = mul(rate, inputs.scalar("adam.correction"));
      const change = mul(div(m2, add(sqrt(v2), inputs.scalar("adam.epsilon"))), size);
      const kept =
        weightDecay === 0 || !decoupled
          ? parameters
          : decayed(parameters, mul(rate, -weightDecay), inputs);
      return { parameters: sub(kept, change), moments: [m2, v2] };
    },
  };
}
