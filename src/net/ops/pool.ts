/**
 * Pooling and nearest upsampling over the axes of space, layout (batch, channels, …space).
 */
import { apply, refuse, type Operator, type Value } from "../graph.ts";
import { isDynamic, sizeOf, stridesOf, type Shape } from "../shape.ts";
import { scatterAlong } from "./arrange.ts";
import { mul, reshape } from "./core.ts";
import { convInputGradient, windowLength, type Window } from "./conv.ts";

interface Pooling extends Window {
  readonly kernel: readonly number[];
}

function pooledShape(x: Shape, pooling: Pooling): Shape {
  if (x.length !== pooling.kernel.length + 2)
    refuse(`a window over ${pooling.kernel.length} axes needs as many axes of space`);
  return x.map((length, axis) => {
    if (axis < 2) return length;
    const result = windowLength(length, pooling.kernel[axis - 2]!, pooling, axis - 2);
    return result > 0 ? result : refuse("the window is longer than the padded input");
  });
}

function attributesOf({ kernel, stride, before, after }: Pooling) {
  return { kernel_shape: kernel, strides: stride, pads: [...before, ...after] };
}

/** Calls `visit` with each output element and each input element under its window. */
function eachUnder(
  input: Shape,
  output: Shape,
  { kernel, stride, before }: Pooling,
  visit: (to: number, from: number) => void,
): void {
  const inner = stridesOf(input);
  const outer = stridesOf(output);
  const taps = stridesOf(kernel);
  for (let to = 0; to < sizeOf(output); to++) {
    const at = output.map((length, axis) => Math.floor(to / outer[axis]!) % length);
    for (let tap = 0; tap < sizeOf(kernel); tap++) {
      let from = at[0]! * inner[0]! + at[1]! * inner[1]!;
      let inside = true;
      for (let axis = 0; axis < kernel.length; axis++) {
        const offset = Math.floor(tap / taps[axis]!) % kernel[axis]!;
        const place = at[axis + 2]! * stride[axis]! + offset - before[axis]!;
        if (place < 0 || place >= input[axis + 2]!) inside = false;
        from += place * inner[axis + 2]!;
      }
      if (inside) visit(to, from);
    }
  }
}

/** MaxPool writes values and winners at once: both operators below ask for the same node. */
const maxPoolOperator: Operator<Pooling> = {
  name: "maxPool",
  shape: ([x], pooling) => pooledShape(x!, pooling),
  emit: (emitter, inputs, pooling, { graph }) =>
    emitter.nodeOf("MaxPool", inputs, attributesOf(pooling), graph.training ? 2 : 1)[0]!,
  gradient(dy, { inputs: [x] }, pooling) {
    const winners = apply(maxPoolWinnersOperator, [x!], pooling);
    const flat = [sizeOf(dy.shape)];
    const spread = scatterAlong(reshape(dy, flat), reshape(winners, flat), 0, sizeOf(x!.shape));
    return [reshape(spread, x!.shape)];
  },
  run([x], pooling, shape) {
    const result = new Float64Array(sizeOf(shape)).fill(-Infinity);
    eachUnder(x!.shape, shape, pooling, (to, from) => {
      result[to] = Math.max(result[to]!, x!.data[from]!);
    });
    return result;
  },
};

const maxPoolWinnersOperator: Operator<Pooling> = {
  name: "maxPoolWinners",
  dtype: "int",
  shape: ([x], pooling) => pooledShape(x!, pooling),
  emit(emitter, inputs, pooling) {
    const [, winners] = emitter.nodeOf("MaxPool", inputs, attributesOf(pooling), 2);
    return emitter.node("Cast", [winners!], { to: 6 });
  },
  run([x], pooling, shape) {
    const best = new Float64Array(sizeOf(shape)).fill(-Infinity);
    const result = new Float64Array(sizeOf(shape));
    eachUnder(x!.shape, shape, pooling, (to, from) => {
      if (x!.data[from]! <= best[to]!) return;
      best[to] = x!.data[from]!;
      result[to] = from;
    });
    return result;
  },
};

const avgPoolOperator: Operator<Pooling> = {
  name: "avgPool",
  shape: ([x], pooling) => pooledShape(x!, pooling),
  emit: (emitter, inputs, pooling) =>
    emitter.node("AveragePool", inputs, { ...attributesOf(pooling), count_include_pad: 1 }),
  gradient(dy, { inputs: [x] }, pooling) {
    const { kernel, stride, before } = pooling;
    const area = sizeOf(kernel);
    const space = x!.shape.slice(2);
    const tiled =
      kernel.every((size, axis) => size === stride[axis] && before[axis] === 0) &&
      space.every((length, axis) => length === dy.shape[axis + 2]! * kernel[axis]!);
    if (tiled) return [mul(upsample(dy, kernel), 1 / area)];
    // Every channel by itself through the gradient of a convolution with equal weights.
    const planes = x!.shape[0]! * x!.shape[1]!;
    const ones = x!.graph.constant(new Float64Array(area).fill(1 / area), [1, 1, ...kernel]);
    const alone = reshape(dy, [planes, 1, ...dy.shape.slice(2)]);
    const dx = convInputGradient(alone, ones, [planes, 1, ...space], pooling);
    return [reshape(dx, x!.shape)];
  },
  run([x], pooling, shape) {
    const result = new Float64Array(sizeOf(shape));
    const area = sizeOf(pooling.kernel);
    eachUnder(x!.shape, shape, pooling, (to, from) => {
      result[to]! += x!.data[from]! / area;
    });
    return result;
  },
};

/** Windows of a pooling: kernel, stride and padding for each axis behind batch and channels. */
export interface PoolOptions {
  readonly kernel: readonly number[];
  /** Default: the kernel (tiles). */
  readonly stride?: readonly number[];
  /** Zeros (for a maximum: nothing) on both sides, default none. */
  readonly padding?: readonly number[];
}

function poolingOf({ kernel, stride = kernel, padding }: PoolOptions): Pooling {
  const before = padding ?? kernel.map(() => 0);
  return { kernel, stride, before, after: before, dilation: kernel.map(() => 1) };
}

/** The largest of each window of x, (batch, channels, …). */
export function maxPool(x: Value, options: PoolOptions): Value {
  return apply(maxPoolOperator, [x], poolingOf(options));
}

/** Which element won each window: index into x laid flat. */
export function maxPoolWinners(x: Value, options: PoolOptions): Value {
  return apply(maxPoolWinnersOperator, [x], poolingOf(options));
}

/** Mean over windows; padding counts as zeros. */
export function avgPool(x: Value, options: PoolOptions): Value {
  return apply(avgPoolOperator, [x], poolingOf(options));
}

const upsampleOperator: Operator<readonly number[]> = {
  name: "upsample",
  shape: ([x], scale) =>
    x!.length === scale.length + 2
      ? x!.map((length, axis) => (axis < 2 ? length : length * scale[axis - 2]!))
      : refuse(`${scale.length} scales for ${x!.length - 2} axes of space`),
  emit(emitter, [x], scale) {
    const scales = emitter.floats([1, 1, ...scale], [scale.length + 2]);
    return emitter.node("Resize", [x!, "", scales], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    });
  },
  gradient: (dy, _, scale) => [mul(avgPool(dy, { kernel: scale }), sizeOf(scale))],
  run([x], scale, shape) {
    const result = new Float64Array(sizeOf(shape));
    const inner = stridesOf(x!.shape);
    const outer = stridesOf(shape);
    for (let i = 0; i < result.length; i++) {
      let from = 0;
      for (const [axis, length] of shape.entries()) {
        const at = Math.floor(i / outer[axis]!) % length;
        from += Math.floor(at / (scale[axis - 2] ?? 1)) * inner[axis]!;
      }
      result[i] = x!.data[from]!;
    }
    return result;
  },
};

/** Each sample of space repeated `scale` times (nearest neighbour). */
export function upsample(x: Value, scale: readonly number[]): Value {
  if (scale.some(isDynamic)) refuse("a scale cannot depend on the batch");
  return apply(upsampleOperator, [x], scale);
}
