/**
 * Shapes of tensors, row-major. All dimensions are known numbers while a graph is built, so that every
 * mistake shows at the line that makes it. The batch of an exported inference graph is dynamic; it
 * travels through shape arithmetic as {@link DYNAMIC_BATCH}.
 */
import { EwaldError } from "../errors.ts";

export type Shape = readonly number[];

/**
 * The dynamic batch: the Mersenne prime 2³¹-1. No real dimension is a multiple of it, so any product of
 * dimensions that is divisible by it holds the batch, and it is written to ONNX as "-1" or by name.
 * Products stay exact below 2⁵³, that is 4 million numbers a sample.
 */
export const DYNAMIC_BATCH = 2 ** 31 - 1;

export function isDynamic(dimension: number): boolean {
  return dimension !== 0 && dimension % DYNAMIC_BATCH === 0;
}

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dimension of shape) size *= dimension;
  return size;
}

/** Elements to step over per axis, row-major. */
export function stridesOf(shape: Shape): number[] {
  const strides: number[] = Array.from({ length: shape.length }, () => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** "(64, 1, 5250)"; the dynamic batch prints as "batch". */
export function describeShape(shape: Shape): string {
  const words = shape.map((dimension) => {
    if (!isDynamic(dimension)) return String(dimension);
    const times = dimension / DYNAMIC_BATCH;
    return times === 1 ? "batch" : `${times}·batch`;
  });
  return `(${words.join(", ")})`;
}

/** The shape that two shapes broadcast to, by the rule of NumPy and ONNX; undefined where they do not. */
export function broadcastShape(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    result.push(left === 1 ? right : left);
  }
  return result;
}

/** Axes from 0 to rank - 1, sorted; negative ones count from the end. Throws `net/bad-axis`. */
export function normaliseAxes(axes: readonly number[], rank: number): number[] {
  const result = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  for (const axis of result)
    if (!Number.isInteger(axis) || axis < 0 || axis >= rank)
      throw new EwaldError("net/bad-axis", `no axis ${axis} in a tensor of rank ${rank}`, {
        value: axis,
      });
  return result.sort((a, b) => a - b);
}

/** The shape after a reduction over `axes` (normalised). */
export function reducedShape(shape: Shape, axes: readonly number[], keep: boolean): Shape {
  if (keep) return shape.map((dimension, axis) => (axes.includes(axis) ? 1 : dimension));
  return shape.filter((_, axis) => !axes.includes(axis));
}
