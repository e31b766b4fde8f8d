/**
 * The operators that every gradient is made of: arithmetic with broadcasting, sums, means, reshape,
 * expand. Sums of squares are written as mul and sum: ReduceSumSquare sums naively in float32 (4e-5 off
 * at 168,000 elements).
 */
import { apply, refuse, type Operand, type Operator, type Tensor64, type Value } from "../graph.ts";
import {
  broadcastShape,
  describeShape,
  isDynamic,
  normaliseAxes,
  reducedShape,
  sameShape,
  sizeOf,
  stridesOf,
  type Shape,
} from "../shape.ts";

const reshapeOperator: Operator<Shape> = {
  name: "reshape",
  shape: ([x], to) =>
    sizeOf(x!) === sizeOf(to) ? to : refuse(`cannot hold ${describeShape(to)} of another size`),
  emit: (emitter, [x], to) => emitter.reshape(x!, to),
  gradient: (dy, { inputs: [x] }) => [reshape(dy, x!.shape)],
  run: ([x]) => x!.data,
};

/** The same numbers in another shape; one dimension may be -1, "what is left". */
export function reshape(x: Value, shape: Shape): Value {
  const known = sizeOf(shape.filter((dimension) => dimension !== -1));
  const to = shape.map((dimension) => (dimension === -1 ? sizeOf(x.shape) / known : dimension));
  if (sameShape(x.shape, to)) return x;
  return apply(x.dtype === "int" ? reshapeInts : reshapeOperator, [x], to);
}
const reshapeInts: Operator<Shape> = { ...reshapeOperator, dtype: "int", name: "reshape" };

const expandOperator: Operator<Shape> = {
  name: "expand",
  shape([x], to) {
    const broadcast = broadcastShape(x!, to);
    return broadcast !== undefined && sameShape(broadcast, to)
      ? to
      : refuse(`cannot spread over ${describeShape(to)}`);
  },
  emit(emitter, [x], to, { inputs }) {
    // Expand broadcasts both ways: where the input has the dynamic batch already, 1 is enough.
    const own = inputs[0]!.shape;
    const target = to.map((dimension, axis) =>
      isDynamic(dimension) && own[axis - to.length + own.length] === dimension ? 1 : dimension,
    );
    if (target.some(isDynamic)) refuse("nothing can be spread over a dynamic batch");
    return emitter.node("Expand", [x!, emitter.ints(target)]);
  },
  gradient: (dy, { inputs: [x] }) => [sumTo(dy, x!.shape)],
  run: ([x], to) => broadcastData(x!, to),
};

/** Repeats along axes of length 1 (and new leading axes) up to `shape`. */
export function expand(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : apply(expandOperator, [x], shape);
}

/** Sums a gradient over the axes along which its operand was broadcast. */
function sumTo(dy: Value, shape: Shape): Value {
  if (sameShape(dy.shape, shape)) return dy;
  const lead = dy.shape.length - shape.length;
  const axes: number[] = [];
  for (let axis = 0; axis < dy.shape.length; axis++)
    if (axis < lead || (shape[axis - lead] === 1 && dy.shape[axis] !== 1)) axes.push(axis);
  return reshape(sum(dy, axes, true), shape);
}

/** Reads `input` as if it had the (broadcast) shape `to`: source index of each element in turn. */
function* broadcastIndices(input: Shape, to: Shape): Generator<number> {
  const own = stridesOf(input);
  const lead = to.length - input.length;
  const strides = to.map((_, axis) =>
    axis < lead || input[axis - lead] === 1 ? 0 : own[axis - lead]!,
  );
  const size = sizeOf(to);
  const outer = stridesOf(to);
  for (let i = 0; i < size; i++) {
    let index = 0;
    for (let axis = 0; axis < to.length; axis++)
      index += (Math.floor(i / outer[axis]!) % to[axis]!) * strides[axis]!;
    yield index;
  }
}

/** The numbers of a float64 array repeated to a larger shape. */
export function broadcastData({ shape, data }: Tensor64, to: Shape): Float64Array {
  if (sameShape(shape, to)) return data;
  const result = new Float64Array(sizeOf(to));
  let i = 0;
  for (const index of broadcastIndices(shape, to)) result[i++] = data[index]!;
  return result;
}

function binary(
  name: string,
  type: string,
  compute: (a: number, b: number) => number,
  gradient: (dy: Value, a: Value, b: Value, y: Value) => readonly [() => Value, () => Value],
): (a: Operand, b: Operand) => Value {
  const operator: Operator<null> = {
    name,
    shape: ([a, b]) =>
      broadcastShape(a!, b!) ??
      refuse(`the shapes ${describeShape(a!)} and ${describeShape(b!)} do not broadcast`),
    emit: (emitter, inputs) => emitter.node(type, inputs),
    gradient(dy, node, _, wanted) {
      const [a, b] = node.inputs as [Value, Value];
      const [toA, toB] = gradient(dy, a, b, node);
      return [
        wanted[0] === true ? sumTo(toA(), a.shape) : undefined,
        wanted[1] === true ? sumTo(toB(), b.shape) : undefined,
      ];
    },
    run([a, b], _, shape) {
      const left = broadcastData(a!, shape);
      const right = broadcastData(b!, shape);
      return left.map((value, i) => compute(value, right[i]!));
    },
  };
  return (a, b) => {
    if (typeof a === "number") {
      const other = b as Value;
      return apply(operator, [other.graph.constant([a], []), other], null);
    }
    return apply(operator, [a, typeof b === "number" ? a.graph.constant([b], []) : b], null);
  };
}

/** x + y, shapes broadcast. */
export const add = binary(
  "add",
  "Add",
  (a, b) => a + b,
  (dy) => [() => dy, () => dy],
);
/** x − y, shapes broadcast. */
export const sub = binary(
  "sub",
  "Sub",
  (a, b) => a - b,
  (dy) => [() => dy, () => neg(dy)],
);
/** x · y, element by element, shapes broadcast. */
export const mul = binary(
  "mul",
  "Mul",
  (a, b) => a * b,
  (dy, a, b) => [() => mul(dy, b), () => mul(dy, a)],
);
/** x / y, shapes broadcast. */
export const div = binary(
  "div",
  "Div",
  (a, b) => a / b,
  (dy, _, b, y) => [() => div(dy, b), () => neg(mul(dy, div(y, b)))],
);

const negOperator: Operator<null> = {
  name: "neg",
  shape: ([x]) => x!,
  emit: (emitter, inputs) => emitter.node("Neg", inputs),
  gradient: (dy) => [neg(dy)],
  run: ([x]) => x!.data.map((value) => -value),
};

/** −x. */
export function neg(x: Value): Value {
  return apply(negOperator, [x], null);
}

interface Reduction {
  readonly axes: readonly number[];
  readonly keep: boolean;
}

/** For each element of the input, the index of the output element it belongs to. */
function* groups(shape: Shape, axes: readonly number[]): Generator<number> {
  const kept = stridesOf(reducedShape(shape, axes, true));
  const strides = stridesOf(shape);
  for (let i = 0; i < sizeOf(shape); i++) {
    let index = 0;
    for (let axis = 0; axis < shape.length; axis++)
      if (!axes.includes(axis))
        index += (Math.floor(i / strides[axis]!) % shape[axis]!) * kept[axis]!;
    yield index;
  }
}

function sums({ shape, data }: Tensor64, axes: readonly number[], output: Shape): Float64Array {
  const result = new Float64Array(sizeOf(output));
  let i = 0;
  for (const group of groups(shape, axes)) result[group]! += data[i++]!;
  return result;
}

/** The gradient of a reduction with its axes back, spread over the input. */
function spread(dy: Value, shape: Shape, axes: readonly number[]): Value {
  return expand(reshape(dy, reducedShape(shape, axes, true)), shape);
}

const sumOperator: Operator<Reduction> = {
  name: "sum",
  shape: ([x], { axes, keep }) => reducedShape(x!, axes, keep),
  emit: (emitter, [x], { axes, keep }) =>
    emitter.node("ReduceSum", [x!, emitter.ints(axes)], { keepdims: keep ? 1 : 0 }),
  gradient: (dy, { inputs: [x] }, { axes }) => [spread(dy, x!.shape, axes)],
  run: ([x], { axes }, shape) => sums(x!, axes, shape),
};

const meanOperator: Operator<Reduction> = {
  name: "mean",
  shape: ([x], { axes, keep }) => reducedShape(x!, axes, keep),
  emit: (emitter, [x], { axes, keep }) =>
    emitter.node("ReduceMean", [x!, emitter.ints(axes)], { keepdims: keep ? 1 : 0 }),
  gradient(dy, { inputs: [x] }, { axes }) {
    const count = sizeOf(axes.map((axis) => x!.shape[axis]!));
    if (isDynamic(count)) refuse("a mean over a dynamic batch has no gradient");
    return [spread(mul(dy, 1 / count), x!.shape, axes)];
  },
  run([x], { axes }, shape) {
    const count = x!.data.length / sizeOf(shape);
    return sums(x!, axes, shape).map((value) => value / count);
  },
};

function reduction(operator: Operator<Reduction>) {
  return (x: Value, axes?: readonly number[], keep = false): Value => {
    const all = x.shape.map((_, axis) => axis);
    const chosen = axes === undefined ? all : normaliseAxes(axes, x.shape.length);
    return chosen.length === 0 ? x : apply(operator, [x], { axes: chosen, keep });
  };
}

/** Sum over `axes` (default all). */
export const sum = reduction(sumOperator);
/** Mean over `axes` (default all). */
export const mean = reduction(meanOperator);
