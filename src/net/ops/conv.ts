/**
 * Convolution over one or two axes, layout (batch, channels, …space). The gradients are written with
 * run-time weights, for which ONNX Runtime's Conv is fast (235-431 GFLOP/s) and ConvTranspose is not:
 *
 * - to the input: one Conv of dY with flipped, transposed weights. With a stride s the even, odd, …
 *   samples (phases) of dX are channels of one Conv, interleaved afterwards.
 * - to the weights: per tap, the product of dY and the shifted input, summed over the batch. (The trick
 *   of a Conv with batch and channel exchanged is 4-5 times slower.) Rows of a 2D map are laid end to
 *   end, so that a shift is one contiguous slice.
 */
import { apply, refuse, type Operator, type Tensor64, type Value } from "../graph.ts";
import { sizeOf, type Shape } from "../shape.ts";
import { concat, pad, sliceBox, slice, takeRows, transpose } from "./arrange.ts";
import { reshape, sum } from "./core.ts";
import { matmul } from "./matmul.ts";

/** Per spatial axis; `before` and `after` count zeros added on either side. */
export interface Window {
  readonly stride: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly dilation: readonly number[];
}

/** Samples that a window of `kernel` taps gives along one axis. */
export function windowLength(length: number, kernel: number, window: Window, axis: number): number {
  const reach = (kernel - 1) * window.dilation[axis]! + 1;
  const padded = length + window.before[axis]! + window.after[axis]!;
  return Math.floor((padded - reach) / window.stride[axis]!) + 1;
}

const convOperator: Operator<Window> = {
  name: "conv",
  shape([x, w, bias], window) {
    if (x!.length !== w!.length || x!.length < 3 || x!.length > 4)
      refuse("input and kernel must both be (…, …, space) with one or two axes of space");
    if (x![1] !== w![1]) refuse(`${x![1]} channels meet a kernel for ${w![1]}`);
    if (bias !== undefined && bias[0] !== w![0]) refuse("one bias per output channel is needed");
    const space = x!.slice(2).map((length, axis) => {
      if (window.stride[axis]! > 1 && window.dilation[axis]! > 1)
        refuse("a stride together with a dilation is not supported");
      const result = windowLength(length, w![axis + 2]!, window, axis);
      return result > 0 ? result : refuse("the kernel is longer than the padded input");
    });
    return [x![0]!, w![0]!, ...space];
  },
  emit: (emitter, inputs, { stride, before, after, dilation }) =>
    emitter.node("Conv", inputs, {
      strides: stride,
      pads: [...before, ...after],
      dilations: dilation,
    }),
  gradient(dy, { inputs: [x, w, bias] }, window, wanted) {
    return [
      wanted[0] === true ? convInputGradient(dy, w!, x!.shape, window) : undefined,
      wanted[1] === true ? convWeightGradient(dy, x!, w!.shape, window) : undefined,
      bias !== undefined && wanted[2] === true
        ? sum(dy, [0, ...dy.shape.slice(2).map((_, axis) => axis + 2)])
        : undefined,
    ];
  },
  run: ([x, w, bias], window, shape) => convData(x!, w!, bias, window, shape),
};

/** x (batch, channels, …space), w (out, channels, …taps), bias (out) → (batch, out, …space). */
export function conv(x: Value, w: Value, window: Window, bias?: Value): Value {
  return apply(convOperator, bias === undefined ? [x, w] : [x, w, bias], window);
}

/** One axis of space is computed as two of which the first has length 1. */
function asPlanes(shape: Shape): number[] {
  return shape.length === 3 ? [shape[0]!, shape[1]!, 1, shape[2]!] : [...shape];
}

function convData(
  x: Tensor64,
  w: Tensor64,
  bias: Tensor64 | undefined,
  window: Window,
  shape: Shape,
): Float64Array {
  const [, channels, height, width] = asPlanes(x.shape) as [number, number, number, number];
  const [, , tapsY, tapsX] = asPlanes(w.shape) as [number, number, number, number];
  const [batch, out, rows, columns] = asPlanes(shape) as [number, number, number, number];
  const of = (list: readonly number[], one: number): [number, number] =>
    list.length === 1 ? [one, list[0]!] : [list[0]!, list[1]!];
  const [strideY, strideX] = of(window.stride, 1);
  const [padY, padX] = of(window.before, 0);
  const [stepY, stepX] = of(window.dilation, 1);
  const result = new Float64Array(sizeOf(shape));
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let o = 0; o < out; o++)
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++) {
          let total = bias?.data[o] ?? 0;
          for (let c = 0; c < channels; c++)
            for (let p = 0; p < tapsY; p++) {
              const y = i * strideY + p * stepY - padY;
              if (y < 0 || y >= height) continue;
              for (let q = 0; q < tapsX; q++) {
                const z = j * strideX + q * stepX - padX;
                if (z < 0 || z >= width) continue;
                total +=
                  x.data[((b * channels + c) * height + y) * width + z]! *
                  w.data[((o * channels + c) * tapsY + p) * tapsX + q]!;
              }
            }
          result[at++] = total;
        }
  return result;
}

/** All combinations of one number from each list, the last list running fastest. */
function combinations(lists: readonly (readonly number[])[]): number[][] {
  return lists.reduce<number[][]>(
    (rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])),
    [[]],
  );
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/**
 * One axis of the input gradient. dX at n = u·s + r gathers dY at u + e times the tap r + p - e·s, for
 * every e for which that tap exists; `first` is the smallest e, `taps[r]` the taps of phase r by e.
 */
function phasesOf(kernel: number, stride: number, before: number, dilation: number) {
  if (dilation > 1) {
    const flipped = range(kernel).map((q) => kernel - 1 - q);
    return { first: before - (kernel - 1) * dilation, taps: [flipped] };
  }
  const first = Math.ceil((before - kernel + 1) / stride);
  const last = Math.floor((stride - 1 + before) / stride);
  const taps = range(stride).map((phase) =>
    range(last - first + 1).map((q) => {
      const tap = phase + before - (first + q) * stride;
      return tap >= 0 && tap < kernel ? tap : -1;
    }),
  );
  return { first, taps };
}

/** Weights of the phase convolution: (phases·channels, out, …taps), zero where a phase lacks a tap. */
function phaseWeights(w: Value, taps: readonly (readonly number[][])[]): Value {
  const [out, channels, ...kernel] = w.shape as [number, number, ...number[]];
  const axes = kernel.map((_, axis) => axis + 2);
  const tapCount = sizeOf(kernel);
  const rows = reshape(transpose(w, [...axes, 1, 0]), [tapCount, channels, out]);
  const indices: number[] = [];
  for (const phase of combinations(taps.map((list) => range(list.length))))
    for (const position of combinations(taps.map((list) => range(list[0]!.length)))) {
      const tap = taps.map((list, axis) => list[phase[axis]!]![position[axis]!]!);
      const flat = tap.reduce((index, t, axis) => index * kernel[axis]! + t, 0);
      indices.push(tap.includes(-1) ? tapCount : flat);
    }
  const table = indices.includes(tapCount) ? pad(rows, [0, 0, 0], [1, 0, 0]) : rows;
  const picked = takeRows(table, w.graph.constant(indices, [indices.length], "int"));
  const phases = sizeOf(taps.map((list) => list.length));
  const lengths = taps.map((list) => list[0]!.length);
  const open = reshape(picked, [phases, sizeOf(lengths), channels, out]);
  return reshape(transpose(open, [0, 2, 3, 1]), [phases * channels, out, ...lengths]);
}

/** Gradient of a convolution to its input of shape `shape`; as a layer of its own, transposed convolution. */
export function convInputGradient(dy: Value, w: Value, shape: Shape, window: Window): Value {
  const space = shape.slice(2);
  const [batch, channels] = shape as [number, number];
  const plans = space.map((_, axis) =>
    phasesOf(
      w.shape[axis + 2]!,
      window.stride[axis]!,
      window.before[axis]!,
      window.dilation[axis]!,
    ),
  );
  const lengths: number[] = [];
  const [before, after]: [number[], number[]] = [[], []];
  for (const [axis, length] of space.entries()) {
    const { first, taps } = plans[axis]!;
    if (first > 0) refuse("padding longer than the kernel");
    const reach = (taps[0]!.length - 1) * window.dilation[axis]!;
    const have = dy.shape[axis + 2]! - first - reach;
    const need = Math.max(Math.ceil(length / window.stride[axis]!), have);
    before.push(-first);
    after.push(need - have);
    lengths.push(need);
  }
  const ones = space.map(() => 1);
  const { dilation } = window;
  const weights = phaseWeights(
    w,
    plans.map(({ taps }) => taps),
  );
  const phased = conv(dy, weights, { stride: ones, before, after, dilation });
  const whole = interleave(phased, batch, channels, window.stride, lengths);
  return sliceBox(
    whole,
    whole.shape.map(() => 0),
    [batch, channels, ...space],
  );
}

/** (batch, phases·channels, …space) → (batch, channels, …space·stride): phases become neighbours. */
function interleave(
  x: Value,
  batch: number,
  channels: number,
  stride: readonly number[],
  lengths: readonly number[],
): Value {
  if (stride.every((step) => step === 1)) return x;
  const rank = stride.length;
  const open = reshape(x, [batch, ...stride, channels, ...lengths]);
  const order = [0, rank + 1, ...range(rank).flatMap((axis) => [rank + 2 + axis, 1 + axis])];
  return reshape(transpose(open, order), [
    batch,
    channels,
    ...lengths.map((length, axis) => length * stride[axis]!),
  ]);
}

/** Zeros added (or, where negative, elements cut off) at the end of each spatial axis, zeros at the start. */
function fit(x: Value, before: readonly number[], to: readonly number[]): Value {
  const space = x.shape.slice(2);
  const ends = space.map((length, axis) => Math.min(length, to[axis]! - before[axis]!));
  const cut = sliceBox(x, [0, 0, ...space.map(() => 0)], [...x.shape.slice(0, 2), ...ends]);
  const after = ends.map((length, axis) => to[axis]! - before[axis]! - length);
  return pad(cut, [0, 0, ...before], [0, 0, ...after]);
}

/** Gradient of a convolution to its kernel of shape `shape`. */
function convWeightGradient(dy: Value, x: Value, shape: Shape, window: Window): Value {
  const [batch, out, ...outSpace] = dy.shape as [number, number, ...number[]];
  const [, channels, ...kernel] = shape as [number, number, ...number[]];
  const { stride, dilation } = window;
  // Lengths, a multiple of the stride, that hold every tap of every sample.
  const padded = kernel.map((taps, axis) => {
    const reach = (outSpace[axis]! - 1) * stride[axis]! + (taps - 1) * dilation[axis]! + 1;
    return Math.ceil(reach / stride[axis]!) * stride[axis]!;
  });
  const rows = padded.map((length, axis) => length / stride[axis]!);
  const phases = splitPhases(fit(x, window.before, padded), stride, rows);
  // Rows of dY get the width of the padded input: then a shifted map is a contiguous piece.
  const width = rows.at(-1)!;
  const flat = dy.shape.length === 3 ? outSpace[0]! : (outSpace[0]! - 1) * width + outSpace[1]!;
  const wide = fit(
    dy,
    outSpace.map(() => 0),
    dy.shape.length === 3 ? outSpace : [outSpace[0]!, width],
  );
  const errors = slice(reshape(wide, [batch, out, -1]), 2, 0, flat); // (batch, out, positions)
  const taps = combinations(kernel.map(range)).map((tap) => {
    const at = tap.map((t, axis) => t * dilation[axis]!);
    const phase = at.reduce((index, t, axis) => index * stride[axis]! + (t % stride[axis]!), 0);
    const shift = at.reduce(
      (index, t, axis) => (axis === 0 ? 0 : index * width) + Math.floor(t / stride[axis]!),
      0,
    );
    const start = [0, phase * channels, shift];
    const shifted = sliceBox(phases, start, [batch, (phase + 1) * channels, shift + flat]);
    const product = matmul(errors, shifted, { b: true }); // (batch, out, channels)
    return sum(product, [0], true); // (1, out, channels)
  });
  return reshape(transpose(concat(taps, 0), [1, 2, 0]), shape);
}

/** (batch, channels, …space) → (batch, phases·channels, positions): samples of one phase side by side. */
function splitPhases(x: Value, stride: readonly number[], rows: readonly number[]): Value {
  const [batch, channels] = x.shape as [number, number];
  const positions = sizeOf(rows);
  if (stride.every((step) => step === 1)) return reshape(x, [batch, channels, positions]);
  const rank = stride.length;
  const open = reshape(x, [batch, channels, ...rows.flatMap((row, axis) => [row, stride[axis]!])]);
  const order = [
    0,
    ...range(rank).map((axis) => 3 + 2 * axis),
    1,
    ...range(rank).map((axis) => 2 + 2 * axis),
  ];
  return reshape(transpose(open, order), [batch, sizeOf(stride) * channels, positions]);
}
