/**
 * Maxima along an axis with their winners, softmax, variance.
 */
import { apply, type Operator, type Tensor64, type Value } from "../graph.ts";
import { normaliseAxes, reducedShape, sizeOf, stridesOf, type Shape } from "../shape.ts";
import { scatterAlong } from "./arrange.ts";
import { mean, mul, reshape, sub, sum } from "./core.ts";
import { exp } from "./elementwise.ts";

interface Along {
  readonly axis: number;
}

/** Calls `visit` for each line along `axis`: index of its first element and its number. */
function eachLine(
  shape: Shape,
  axis: number,
  visit: (start: number, stride: number, line: number) => void,
): void {
  const stride = stridesOf(shape)[axis]!;
  const length = shape[axis]!;
  const count = sizeOf(shape) / length;
  for (let line = 0; line < count; line++)
    visit(Math.floor(line / stride) * stride * length + (line % stride), stride, line);
}

const argmaxOperator: Operator<Along> = {
  name: "argmax",
  dtype: "int",
  shape: ([x], { axis }) => reducedShape(x!, [axis], true),
  // ArgMax answers in int64; indices are int32 here.
  emit: (emitter, [x], { axis }) =>
    emitter.node("Cast", [emitter.node("ArgMax", [x!], { axis, keepdims: 1 })], { to: 6 }),
  run([x], { axis }, shape) {
    const result = new Float64Array(sizeOf(shape));
    eachLine(x!.shape, axis, (start, stride, line) => {
      let best = 0;
      for (let i = 1; i < x!.shape[axis]!; i++)
        if (x!.data[start + i * stride]! > x!.data[start + best * stride]!) best = i;
      result[line] = best;
    });
    return result;
  },
};

/** Index of the first largest element along `axis`, which stays with length 1. */
export function argmax(x: Value, axis: number): Value {
  return apply(argmaxOperator, [x], { axis: normaliseAxes([axis], x.shape.length)[0]! });
}

const maxOperator: Operator<Along> = {
  name: "max",
  shape: ([x], { axis }) => reducedShape(x!, [axis], true),
  emit: (emitter, [x], { axis }) => emitter.node("ReduceMax", [x!, emitter.ints([axis])]),
  gradient(dy, { inputs: [x] }, { axis }) {
    return [scatterAlong(dy, argmax(x!, axis), axis, x!.shape[axis]!)];
  },
  run([x], { axis }, shape) {
    const result = new Float64Array(sizeOf(shape)).fill(-Infinity);
    eachLine(x!.shape, axis, (start, stride, line) => {
      for (let i = 0; i < x!.shape[axis]!; i++)
        result[line] = Math.max(result[line]!, x!.data[start + i * stride]!);
    });
    return result;
  },
};

/** Largest element along one axis; the gradient goes to the first winner. */
export function max(x: Value, axis: number, keep = false): Value {
  const chosen = normaliseAxes([axis], x.shape.length)[0]!;
  const kept = apply(maxOperator, [x], { axis: chosen });
  return keep ? kept : reshape(kept, reducedShape(x.shape, [chosen], false));
}

function softmaxData({ shape, data }: Tensor64, axis: number, logarithm: boolean): Float64Array {
  const result = new Float64Array(data.length);
  eachLine(shape, axis, (start, stride) => {
    let largest = -Infinity;
    let total = 0;
    for (let i = 0; i < shape[axis]!; i++) largest = Math.max(largest, data[start + i * stride]!);
    for (let i = 0; i < shape[axis]!; i++) total += Math.exp(data[start + i * stride]! - largest);
    for (let i = 0; i < shape[axis]!; i++) {
      const shifted = data[start + i * stride]! - largest;
      result[start + i * stride] = logarithm
        ? shifted - Math.log(total)
        : Math.exp(shifted) / total;
    }
  });
  return result;
}

const softmaxOperator: Operator<Along> = {
  name: "softmax",
  shape: ([x]) => x!,
  emit: (emitter, inputs, { axis }) => emitter.node("Softmax", inputs, { axis }),
  gradient: (dy, y, { axis }) => [mul(y, sub(dy, sum(mul(dy, y), [axis], true)))],
  run: ([x], { axis }) => softmaxData(x!, axis, false),
};

const logSoftmaxOperator: Operator<Along> = {
  name: "logSoftmax",
  shape: ([x]) => x!,
  emit: (emitter, inputs, { axis }) => emitter.node("LogSoftmax", inputs, { axis }),
  gradient: (dy, y, { axis }) => [sub(dy, mul(exp(y), sum(dy, [axis], true)))],
  run: ([x], { axis }) => softmaxData(x!, axis, true),
};

/** eˣ over its sum along an axis, the last unless said: positive, sums to 1. */
export function softmax(x: Value, axis = -1): Value {
  return apply(softmaxOperator, [x], { axis: normaliseAxes([axis], x.shape.length)[0]! });
}

/** Logarithm of {@link softmax}, computed without overflow. */
export function logSoftmax(x: Value, axis = -1): Value {
  return apply(logSoftmaxOperator, [x], { axis: normaliseAxes([axis], x.shape.length)[0]! });
}

/** Population variance over `axes`, which stay with length 1; two passes, so a large mean does no harm. */
export function variance(x: Value, axes: readonly number[]): Value {
  const centred = sub(x, mean(x, axes, true));
  return mean(mul(centred, centred), axes, true);
}
