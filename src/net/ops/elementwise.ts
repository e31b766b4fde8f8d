/**
 * Functions of one number: activations and what losses are made of.
 */
import { apply, type Operand, type Operator, type Value } from "../graph.ts";
import { add, div, mul, neg, sub } from "./core.ts";

interface Unary {
  readonly type: string;
  readonly compute: (x: number) => number;
  readonly gradient?: (dy: Value, x: Value, y: Value) => Value;
  readonly attributes?: Readonly<Record<string, { float: number }>>;
}

function unary(name: string, { type, compute, gradient, attributes }: Unary): (x: Value) => Value {
  const operator: Operator<null> = {
    name,
    shape: ([x]) => x!,
    emit: (emitter, inputs) => emitter.node(type, inputs, attributes),
    gradient: (dy, node) => [gradient?.(dy, node.inputs[0]!, node)],
    run: ([x]) => x!.data.map(compute),
  };
  return (x) => apply(operator, [x], null);
}

/** eˣ. */
export const exp = unary("exp", {
  type: "Exp",
  compute: Math.exp,
  gradient: (dy, _, y) => mul(dy, y),
});
/** Natural logarithm. */
export const log = unary("log", {
  type: "Log",
  compute: Math.log,
  gradient: (dy, x) => div(dy, x),
});
/** √x. */
export const sqrt = unary("sqrt", {
  type: "Sqrt",
  compute: Math.sqrt,
  gradient: (dy, _, y) => div(mul(dy, 0.5), y),
});
/** |x|. */
export const abs = unary("abs", {
  type: "Abs",
  compute: Math.abs,
  gradient: (dy, x) => mul(dy, sign(x)),
});
/** -1, 0 or 1; no gradient. */
export const sign = unary("sign", { type: "Sign", compute: Math.sign });
/**
 * 1 where x > 0, else 0; no gradient. As HardSigmoid with a huge slope, because Greater and Where run
 * on one thread. Below 1e-30 the answer is between.
 */
export const step = unary("step", {
  type: "HardSigmoid",
  compute: (x) => (x > 0 ? 1 : 0),
  attributes: { alpha: { float: 1e30 }, beta: { float: 0 } },
});
/** The larger of x and 0. */
export const relu = unary("relu", {
  type: "Relu",
  compute: (x) => Math.max(x, 0),
  gradient: (dy, _, y) => mul(dy, step(y)),
});
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = unary("sigmoid", {
  type: "Sigmoid",
  compute: (x) => 1 / (1 + Math.exp(-x)),
  gradient: (dy, _, y) => mul(dy, mul(y, sub(1, y))),
});
/** Hyperbolic tangent. */
export const tanh = unary("tanh", {
  type: "Tanh",
  compute: Math.tanh,
  gradient: (dy, _, y) => mul(dy, sub(1, mul(y, y))),
});
/** ln(1 + eˣ) without overflow. */
export const softplus = unary("softplus", {
  type: "Softplus",
  compute: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  gradient: (dy, x) => mul(dy, sigmoid(x)),
});
/** The error function, for GELU. */
export const erf = unary("erf", {
  type: "Erf",
  compute: errorFunction,
  gradient: (dy, x) => mul(dy, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
});

/** erf to double precision: Maclaurin series for small |x|, continued fraction of erfc (Lentz) beyond. */
function errorFunction(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; n < 80; n++) {
      term *= (-x * x) / n;
      total += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * total;
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI)));
}

/** Exponential linear unit: x for x > 0, else alpha·(eˣ - 1). */
export function elu(x: Value, alpha = 1): Value {
  // exp of the negative part only, so that large x never overflows: x⁻ = x - relu(x).
  const positive = relu(x);
  return add(positive, mul(sub(exp(sub(x, positive)), 1), alpha));
}

/** Self-normalising ELU (Klambauer et al. 2017). */
export function selu(x: Value): Value {
  return mul(elu(x, 1.6732632423543772), 1.0507009873554805);
}

/** x·Φ(x), exact (not the tanh approximation). */
export function gelu(x: Value): Value {
  return mul(mul(x, 0.5), add(erf(mul(x, Math.SQRT1_2)), 1));
}

/** x for x > 0, else slope·x; the slope a number or a value that broadcasts. */
export function leakyRelu(x: Value, slope: Operand): Value {
  const positive = relu(x);
  return add(positive, mul(sub(x, positive), slope));
}

/** x². */
export function square(x: Value): Value {
  return mul(x, x);
}

/** The larger of x and a bound. */
export function atLeast(x: Value, bound: number): Value {
  return add(relu(sub(x, bound)), bound);
}

/** The smaller of x and a bound. */
export function atMost(x: Value, bound: number): Value {
  return sub(bound, relu(sub(bound, x)));
}

/** The value as a constant: no gradient flows through. */
export const stopGradient = unary("stopGradient", { type: "Identity", compute: (x) => x });
