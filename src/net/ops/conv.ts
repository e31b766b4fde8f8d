/**
 * Convolution over one or two axes, layout (batch, channels, …space). The gradients are written with
 * run-time weights, for which ONNX Runtime's Conv is fast (235-431 GFLOP/s) and ConvTranspose is not:
 *
 * - to the input: one Conv of dY with flipped, transposed weights. With a stride s the even, odd, …
 *   samples (phases) of dX are channels of one Conv, interleaved afterwards.
 * - to the weights: per tap, the product of dY and the shifted input, summed over the batch. (The trick
 *   of a Conv with batch and channel exchanged is 4-5 times slower.) Slice, Pad and Transpose run on one
 *   thread and cost a fixed time per run of memory that they copy. So each shift is one copy of long
 *   runs, rows of the input and columns of dY being shifted once for all taps: single-threaded time of
 *   W3 in bench/net.mjs fell from 215 to 65 ms against a padded map and a slice per tap.
 */
import { apply, refuse, type Operator, type Tensor64, type Value } from "../graph.ts";
import { sizeOf, type Shape } from "../shape.ts";
import { concat, everyNth, pad, sliceBox, takeRows, transpose } from "./arrange.ts";
import { mul, reshape, sum } from "./core.ts";
import { matmul } from "./matmul.ts";

/** The window of a convolution, per spatial axis; `before` and `after` count zeros added on either side. */
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

/** A convolution: x (batch, channels, …space), w (out, channels, …taps), bias (out) → (batch, out, …space). */
export function conv(x: Value, w: Value, window: Window, bias?: Value): Value {
  return apply(convOperator, bias === undefined ? [x, w] : [x, w, bias], window);
}

/**
 * Maps with fewer places go channels first: two copies, then one product sums over the batch too, where else
 * a product per sample is written and added up. Measured on lengths 63 to 2,625 with 32 to 256 channels.
 */
const SMALL_MAP = 1000;

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

/**
 * Weights of the phase convolution: (phases·channels, out, …taps), zero where a phase lacks a tap; up to the
 * last phase that has one.
 */
function phaseWeights(w: Value, taps: readonly (readonly number[][])[]): Value {
  const [out, channels, ...kernel] = w.shape as [number, number, ...number[]];
  const axes = kernel.map((_, axis) => axis + 2);
  const tapCount = sizeOf(kernel);
  const rows = reshape(transpose(w, [...axes, 1, 0]), [tapCount, channels, out]);
  const positions = combinations(taps.map((list) => range(list[0]!.length)));
  const byPhase = combinations(taps.map((list) => range(list.length))).map((phase) =>
    positions.map((position) => {
      const tap = taps.map((list, axis) => list[phase[axis]!]![position[axis]!]!);
      const flat = tap.reduce((index, t, axis) => index * kernel[axis]! + t, 0);
      return tap.includes(-1) ? tapCount : flat;
    }),
  );
  const phases = 1 + byPhase.findLastIndex((list) => list.some((tap) => tap < tapCount));
  const indices = byPhase.slice(0, phases).flat();
  const table = indices.includes(tapCount) ? pad(rows, [0, 0, 0], [1, 0, 0]) : rows;
  const picked = takeRows(table, w.graph.constant(indices, [indices.length], "int"));
  const lengths = taps.map((list) => list[0]!.length);
  const open = reshape(picked, [phases, positions.length, channels, out]);
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
  const phases = conv(dy, weights, { stride: ones, before, after, dilation });
  // Phases without a tap (a kernel shorter than the stride) are zero.
  const missing = sizeOf(window.stride) * channels - phases.shape[1]!;
  const phased = pad(
    phases,
    phases.shape.map(() => 0),
    [0, missing, ...space.map(() => 0)],
  );
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
  // Axis by axis, the last first: moving one axis is twice as fast as all at once.
  let whole = x;
  for (let axis = stride.length - 1; axis >= 0; axis--) {
    const step = stride[axis]!;
    const lead = batch * sizeOf(stride.slice(0, axis));
    const middle = channels * sizeOf(lengths.slice(0, axis + 1));
    const tail = sizeOf(lengths.slice(axis + 1)) * sizeOf(stride.slice(axis + 1));
    if (step > 1) whole = transpose(reshape(whole, [lead, step, middle, tail]), [0, 2, 1, 3]);
  }
  return reshape(whole, [
    batch,
    channels,
    ...lengths.map((length, axis) => length * stride[axis]!),
  ]);
}

/** Per tap of one axis: sample o gathers x at (o + shift)·stride + phase. */
function tapsOf(kernel: number, axis: number, { stride, before, dilation }: Window) {
  return range(kernel).map((t) => {
    const offset = t * dilation[axis]! - before[axis]!;
    const shift = Math.floor(offset / stride[axis]!);
    return { shift, phase: offset - shift * stride[axis]! };
  });
}

/** Zeros at the ends of the axes of space, up to the lengths `to`. */
function fit(x: Value, to: readonly number[]): Value {
  const after = to.map((length, axis) => length - x.shape[axis + 2]!);
  return pad(
    x,
    x.shape.map(() => 0),
    [0, 0, ...after],
  );
}

/** Gradient of a convolution to its kernel of shape `shape`. */
function convWeightGradient(dy: Value, x: Value, shape: Shape, window: Window): Value {
  // Both are laid on one grid (…rows, columns); a signal is a map of one column.
  const [outSpace, space] = [dy.shape.slice(2), x.shape.slice(2)];
  const { stride } = window;
  const grid = outSpace.map((n, axis) => Math.max(n, Math.ceil(space[axis]! / stride[axis]!)));
  const [out, channels, ...kernel] = shape as [number, number, ...number[]];
  const merged = sizeOf(grid) < SMALL_MAP;
  const first = (value: Value): Value =>
    merged ? transpose(value, [1, 0, ...range(grid.length).map((axis) => axis + 2)]) : value;
  const places = merged ? dy.shape[0]! * sizeOf(grid) : sizeOf(grid);
  const flat = (value: Value, of: number): Value =>
    reshape(value, merged ? [of, places] : [-1, of, places]);
  const errors = first(fit(dy, grid));
  const inputs = first(
    fit(
      x,
      grid.map((length, axis) => length * stride[axis]!),
    ),
  );
  const [rowTaps, columnTaps = [{ shift: 0, phase: 0 }]] = kernel.map((k, axis) =>
    tapsOf(k, axis, window),
  );
  const movedErrors = columnTaps.map(({ shift }) => flat(moveColumns(errors, shift), out));
  const products = rowTaps!.flatMap((row) =>
    columnTaps.map((column, q) => {
      const phase = [row.phase, column.phase].slice(0, grid.length);
      const sampled = everyNth(inputs, [0, 0, ...phase], [1, 1, ...stride]);
      const moved = flat(moveRows(sampled, row.shift), channels);
      const product = matmul(movedErrors[q]!, moved, { b: true });
      return merged ? reshape(product, [1, out, channels]) : sum(product, [0], true);
    }),
  );
  return reshape(transpose(concat(products, 0), [1, 2, 0]), shape);
}

/** (a, b, rows, …): place r takes what stood at r + by, zero where nothing did. */
function moveRows(x: Value, by: number): Value {
  const [a, b, rows, columns = 1] = x.shape as [number, number, number, number?];
  if (Math.abs(by) >= rows) return mul(x, 0);
  const moved = pad(reshape(x, [a * b, rows * columns]), [0, -by * columns], [0, by * columns]);
  return reshape(moved, x.shape);
}

/**
 * (a, b, rows, columns): place c takes what stood at c - by, zero where nothing did. Rows are short, and short
 * rows are slow to copy: what would cross a border is set to zero, and the whole moves as one piece.
 */
function moveColumns(x: Value, by: number): Value {
  if (by === 0) return x;
  const [, , rows, columns] = x.shape as [number, number, number, number];
  const stays = range(rows * columns).map((i) => {
    const to = (i % columns) + by;
    return to >= 0 && to < columns ? 1 : 0;
  });
  const kept = mul(x, x.graph.constant(stays, [rows, columns]));
  const moved = pad(reshape(kept, [sizeOf(x.shape)]), [by], [-by]);
  return Math.abs(by) < columns ? reshape(moved, x.shape) : kept;
}
