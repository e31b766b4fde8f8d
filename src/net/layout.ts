/**
 * Where each parameter lies in the flat vector that holds them all. One vector each for parameters, for
 * each moment of the optimiser and for states: a step then feeds and fetches a handful of tensors, and
 * the optimiser is a few element-wise operators over one long vector.
 */
import { EwaldError } from "../errors.ts";
import type { Graph, Initial } from "./graph.ts";
import { describeShape, sameShape, sizeOf, type Shape } from "./shape.ts";

export interface Entry {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly size: number;
  readonly initial: Initial;
  readonly decay: boolean;
}

export interface Layout {
  readonly size: number;
  readonly entries: readonly Entry[];
}

/** Named weights: parameters and states. Data may be views of a flat vector. */
export type Weights = ReadonlyMap<string, { readonly shape: Shape; readonly data: Float32Array }>;

/** The leaves of `graph` of one kind that `keep` keeps, in the order in which they were made. */
export function layoutOf(
  graph: Graph,
  kind: "parameter" | "state",
  keep: (name: string) => boolean = () => true,
): Layout {
  const entries: Entry[] = [];
  let offset = 0;
  for (const { leaf, shape } of graph.nodes) {
    if (leaf?.kind !== kind || !keep(leaf.name)) continue;
    const size = sizeOf(shape);
    const { name, initial, decay } = leaf;
    entries.push({ name, shape, offset, size, initial, decay });
    offset += size;
  }
  return { size: offset, entries };
}

/** Views of the flat vector by name: writing to one writes to the vector. */
export function viewsOf(layout: Layout, flat: Float32Array): Weights {
  return new Map(
    layout.entries.map(({ name, shape, offset, size }) => [
      name,
      { shape, data: flat.subarray(offset, offset + size) },
    ]),
  );
}

/** Copies named weights into a flat vector. Throws `net/missing-weight` or `net/shape-mismatch`. */
export function packWeights(layout: Layout, weights: Weights, flat: Float32Array): void {
  for (const { name, shape, offset } of layout.entries) {
    const weight = weights.get(name);
    if (weight === undefined)
      throw new EwaldError("net/missing-weight", `no weights for "${name}" are given`);
    if (!sameShape(weight.shape, shape))
      throw new EwaldError(
        "net/shape-mismatch",
        `"${name}" has the shape ${describeShape(shape)}, the given weights ${describeShape(weight.shape)}`,
      );
    flat.set(weight.data, offset);
  }
}
