/**
 * Operators that move numbers: transpose, concat, slice, pad, gather and scatter, one-hot.
 */
import { apply, refuse, type Operator, type Value } from "../graph.ts";
import {
  describeShape,
  isDynamic,
  normaliseAxes,
  reducedShape,
  sameShape,
  sizeOf,
  stridesOf,
  type Shape,
} from "../shape.ts";
import { expand, reshape } from "./core.ts";

const transposeOperator: Operator<readonly number[]> = {
  name: "transpose",
  shape: ([x], order) =>
    order.length === x!.length && new Set(order).size === order.length
      ? order.map((axis) => x![axis]!)
      : refuse(`axes (${order.join(", ")}) are no order of them`),
  emit: (emitter, inputs, order) => emitter.node("Transpose", inputs, { perm: order }),
  gradient: (dy, _, order) => [transpose(dy, invert(order))],
  run([x], order, shape) {
    const strides = stridesOf(x!.shape);
    const result = new Float64Array(x!.data.length);
    const outer = stridesOf(shape);
    for (let i = 0; i < result.length; i++) {
      let from = 0;
      for (let axis = 0; axis < order.length; axis++)
        from += (Math.floor(i / outer[axis]!) % shape[axis]!) * strides[order[axis]!]!;
      result[i] = x!.data[from]!;
    }
    return result;
  },
};

function invert(order: readonly number[]): number[] {
  const result: number[] = [];
  for (const [i, axis] of order.entries()) result[axis] = i;
  return result;
}

/** Axis i of the result is axis `order[i]` of x. */
export function transpose(x: Value, order: readonly number[]): Value {
  return order.every((axis, i) => axis === i) ? x : apply(transposeOperator, [x], order);
}

const concatOperator: Operator<{ axis: number }> = {
  name: "concat",
  shape(inputs, { axis }) {
    const first = inputs[0]!;
    for (const other of inputs)
      if (!sameShape(reducedShape(other, [axis], true), reducedShape(first, [axis], true)))
        refuse(`they differ beside axis ${axis}`);
    const length = inputs.reduce((total, shape) => total + shape[axis]!, 0);
    return first.map((dimension, i) => (i === axis ? length : dimension));
  },
  emit: (emitter, inputs, { axis }) => emitter.node("Concat", inputs, { axis }),
  gradient(dy, { inputs }, { axis }, wanted) {
    let offset = 0;
    return inputs.map((input, i) => {
      const start = offset;
      offset += input.shape[axis]!;
      return wanted[i] === true ? slice(dy, axis, start, offset) : undefined;
    });
  },
  run(inputs, { axis }, shape) {
    const result = new Float64Array(sizeOf(shape));
    const block = sizeOf(shape.slice(axis));
    let offset = 0;
    for (const { shape: own, data } of inputs) {
      const part = sizeOf(own.slice(axis));
      for (let from = 0, to = offset; from < data.length; from += part, to += block)
        result.set(data.subarray(from, from + part), to);
      offset += part;
    }
    return result;
  },
};

/** Values one after another along an axis; other axes must agree. */
export function concat(values: readonly Value[], axis: number): Value {
  if (values.length === 1) return values[0]!;
  const [chosen] = normaliseAxes([axis], values[0]!.shape.length);
  return apply(concatOperator, values, { axis: chosen! });
}

interface Range {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Copies between a small tensor and its place inside a larger one. */
function window(
  small: Shape,
  large: Shape,
  starts: readonly number[],
  copy: (small: number, large: number) => void,
): void {
  const inner = stridesOf(small);
  const outer = stridesOf(large);
  const size = sizeOf(small);
  for (let i = 0; i < size; i++) {
    let index = 0;
    for (let axis = 0; axis < small.length; axis++)
      index += ((Math.floor(i / inner[axis]!) % small[axis]!) + starts[axis]!) * outer[axis]!;
    copy(i, index);
  }
}

const sliceOperator: Operator<Range> = {
  name: "slice",
  shape: ([x], { starts, ends }) =>
    x!.map((dimension, axis) => {
      const [from, to] = [starts[axis]!, ends[axis]!];
      if (from < 0 || to > dimension || from >= to)
        refuse(`no elements ${from} to ${to} along axis ${axis}`);
      return to - from;
    }),
  emit(emitter, [x], { starts, ends }, node) {
    const { shape } = node.inputs[0]!;
    const axes = shape.flatMap((size, i) => (starts[i] === 0 && ends[i] === size ? [] : [i]));
    const pick = (list: readonly number[]): number[] => axes.map((axis) => list[axis]!);
    const [from, to] = [emitter.ints(pick(starts)), emitter.ends(pick(ends))];
    return emitter.node("Slice", [x!, from, to, emitter.ints(axes)]);
  },
  gradient(dy, { inputs: [x] }, { starts, ends }) {
    return [
      pad(
        dy,
        starts,
        x!.shape.map((dimension, axis) => dimension - ends[axis]!),
      ),
    ];
  },
  run([x], { starts }, shape) {
    const result = new Float64Array(sizeOf(shape));
    window(shape, x!.shape, starts, (to, from) => (result[to] = x!.data[from]!));
    return result;
  },
};

/** A box out of x: elements `starts` to before `ends` of each axis. */
export function sliceBox(x: Value, starts: readonly number[], ends: readonly number[]): Value {
  const whole = starts.every((start, axis) => start === 0 && ends[axis] === x.shape[axis]);
  return whole ? x : apply(sliceOperator, [x], { starts, ends });
}

/** Elements `start` to before `end` along one axis. */
export function slice(x: Value, axis: number, start: number, end: number): Value {
  const [chosen] = normaliseAxes([axis], x.shape.length);
  return sliceBox(
    x,
    x.shape.map((_, i) => (i === chosen ? start : 0)),
    x.shape.map((size, i) => (i === chosen ? end : size)),
  );
}

const padOperator: Operator<{ before: readonly number[]; after: readonly number[] }> = {
  name: "pad",
  shape: ([x], { before, after }) =>
    x!.map((size, axis) => {
      const [start, end] = [before[axis]!, after[axis]!];
      if (Math.max(0, -start) + Math.max(0, -end) >= size)
        refuse(`nothing is left of axis ${axis}`);
      return size + start + end;
    }),
  emit: (emitter, [x], { before, after }) =>
    emitter.node("Pad", [x!, emitter.ints([...before, ...after])], { mode: "constant" }),
  gradient: (dy, _, { before, after }) => [pad(dy, before.map(negated), after.map(negated))],
  run([x], { before }, shape) {
    const result = new Float64Array(sizeOf(shape));
    const inner = stridesOf(x!.shape);
    const outer = stridesOf(shape);
    for (const [i, value] of x!.data.entries()) {
      let to = 0;
      const inside = shape.every((length, axis) => {
        const at = (Math.floor(i / inner[axis]!) % x!.shape[axis]!) + before[axis]!;
        to += at * outer[axis]!;
        return at >= 0 && at < length;
      });
      if (inside) result[to] = value;
    }
    return result;
  },
};

const negated = (count: number): number => 0 - count;

/** Zeros around x, per axis; a negative number cuts elements off. */
export function pad(x: Value, before: readonly number[], after: readonly number[]): Value {
  const none = before.every((size, axis) => size === 0 && after[axis] === 0);
  return none ? x : apply(padOperator, [x], { before, after });
}

interface Sampling {
  readonly first: readonly number[];
  readonly step: readonly number[];
}

const everyNthOperator: Operator<Sampling> = {
  name: "everyNth",
  shape: ([x], { first, step }) =>
    x!.map((size, axis) => {
      const [start, every] = [first[axis]!, step[axis]!];
      if (size % every !== 0 || start >= every)
        refuse(`axis ${axis} does not hold whole steps of ${every}`);
      return size / every;
    }),
  emit(emitter, [x], { first, step }, node) {
    const axes = step.flatMap((n, axis) => (n === 1 ? [] : [axis]));
    const pick = (list: readonly number[]): string => emitter.ints(axes.map((axis) => list[axis]!));
    const ends = node.inputs[0]!.shape;
    return emitter.node("Slice", [x!, pick(first), pick(ends), emitter.ints(axes), pick(step)]);
  },
  gradient(dy, { inputs: [x] }, { first, step }) {
    const open = reshape(
      dy,
      dy.shape.flatMap((size) => [size, 1]),
    );
    const before = first.flatMap((start) => [0, start]);
    const after = step.flatMap((n, axis) => [0, n - 1 - first[axis]!]);
    return [reshape(pad(open, before, after), x!.shape)];
  },
  run([x], { first, step }, shape) {
    const inner = stridesOf(x!.shape);
    const outer = stridesOf(shape);
    return Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
      let from = 0;
      for (const [axis, length] of shape.entries())
        from +=
          ((Math.floor(i / outer[axis]!) % length) * step[axis]! + first[axis]!) * inner[axis]!;
      return x!.data[from]!;
    });
  },
};

/** Elements `first`, `first + step`, … along each axis, whose length is a multiple of the step. */
export function everyNth(x: Value, first: readonly number[], step: readonly number[]): Value {
  return step.every((n) => n === 1) ? x : apply(everyNthOperator, [x], { first, step });
}

const takeRowsOperator: Operator<null> = {
  name: "takeRows",
  shape: ([table, indices]) => [...indices!, ...table!.slice(1)],
  emit: (emitter, inputs) => emitter.node("Gather", inputs, { axis: 0 }),
  gradient(dy, { inputs: [table, indices] }) {
    const width = sizeOf(table!.shape.slice(1));
    const count = sizeOf(indices!.shape);
    const rows = expandInts(reshape(indices!, [count, 1]), [count, width]);
    const flat = scatterAlong(reshape(dy, [count, width]), rows, 0, table!.shape[0]!);
    return [reshape(flat, table!.shape), undefined];
  },
  run([table, indices], _, shape) {
    const width = sizeOf(table!.shape.slice(1));
    const result = new Float64Array(sizeOf(shape));
    for (const [i, row] of indices!.data.entries())
      result.set(table!.data.subarray(row * width, (row + 1) * width), i * width);
    return result;
  },
};

/** Rows of a table by index (an embedding): the shape of `indices`, then that of a row. */
export function takeRows(table: Value, indices: Value): Value {
  return apply(takeRowsOperator, [table, indices], null);
}

const expandIntsOperator: Operator<Shape> = {
  name: "expand",
  dtype: "int",
  shape: (_, to) => to,
  emit: (emitter, [x], to) => emitter.node("Expand", [x!, emitter.ints(to)]),
  run([x], to) {
    const width = to[1]!;
    return Float64Array.from({ length: sizeOf(to) }, (_, i) => x!.data[Math.floor(i / width)]!);
  },
};

function expandInts(column: Value, shape: Shape): Value {
  return apply(expandIntsOperator, [column], shape);
}

interface Scatter {
  readonly axis: number;
  readonly size: number;
}

const scatterAlongOperator: Operator<Scatter> = {
  name: "scatterAlong",
  shape: ([updates, indices], { axis, size }) =>
    sameShape(updates!, indices!)
      ? updates!.map((dimension, i) => (i === axis ? size : dimension))
      : refuse(`indices ${describeShape(indices!)} differ from updates`),
  emit(emitter, [updates, indices], { axis }, node) {
    if (node.shape.some(isDynamic)) refuse("no scatter with a dynamic batch");
    const zeros = emitter.node("Expand", [emitter.floats([0], []), emitter.ints(node.shape)]);
    const inputs = [zeros, indices!, updates!];
    return emitter.node("ScatterElements", inputs, { axis, reduction: "add" });
  },
  gradient: (dy, { inputs: [, indices] }, { axis }) => [gatherAlong(dy, indices!, axis), undefined],
  run([updates, indices], { axis }, shape) {
    const result = new Float64Array(sizeOf(shape));
    const strides = stridesOf(shape);
    const own = stridesOf(updates!.shape);
    for (let i = 0; i < updates!.data.length; i++) {
      let to = 0;
      for (let a = 0; a < shape.length; a++) {
        const at = a === axis ? indices!.data[i]! : Math.floor(i / own[a]!) % updates!.shape[a]!;
        to += at * strides[a]!;
      }
      result[to]! += updates!.data[i]!;
    }
    return result;
  },
};

/** Zeros with `updates` added at `indices` along `axis`, which gets the length `size`. */
export function scatterAlong(updates: Value, indices: Value, axis: number, size: number): Value {
  return apply(scatterAlongOperator, [updates, indices], { axis, size });
}

const gatherAlongOperator: Operator<{ axis: number }> = {
  name: "gatherAlong",
  shape: ([, indices]) => indices!,
  emit: (emitter, inputs, { axis }) => emitter.node("GatherElements", inputs, { axis }),
  gradient: (dy, { inputs: [x, indices] }, { axis }) => [
    scatterAlong(dy, indices!, axis, x!.shape[axis]!),
    undefined,
  ],
  run([x, indices], { axis }, shape) {
    const strides = stridesOf(x!.shape);
    const own = stridesOf(shape);
    return Float64Array.from({ length: sizeOf(shape) }, (_, i) => {
      let from = 0;
      for (let a = 0; a < shape.length; a++) {
        const at = a === axis ? indices!.data[i]! : Math.floor(i / own[a]!) % shape[a]!;
        from += at * strides[a]!;
      }
      return x!.data[from]!;
    });
  },
};

/** The elements of x at `indices` along `axis`. */
export function gatherAlong(x: Value, indices: Value, axis: number): Value {
  return apply(gatherAlongOperator, [x, indices], { axis });
}

const oneHotOperator: Operator<{ depth: number }> = {
  name: "oneHot",
  shape: ([indices], { depth }) => [...indices!, depth],
  emit(emitter, [indices], { depth }) {
    const wide = emitter.node("Cast", [indices!], { to: 7 });
    const values = emitter.floats([0, 1], [2]);
    return emitter.node("OneHot", [wide, emitter.ints([depth]), values], { axis: -1 });
  },
  run([indices], { depth }, shape) {
    const result = new Float64Array(sizeOf(shape));
    for (const [i, index] of indices!.data.entries())
      if (index >= 0 && index < depth) result[i * depth + index] = 1;
    return result;
  },
};

/** Class numbers as rows of zeros with a one: (…) → (…, depth). */
export function oneHot(indices: Value, depth: number): Value {
  return apply(oneHotOperator, [indices], { depth });
}

/** Repeats x along a new axis before `axis`. */
export function repeatAlong(x: Value, axis: number, times: number): Value {
  const kept = [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)];
  return expand(
    reshape(x, kept),
    kept.map((size, i) => (i === axis ? times : size)),
  );
}
