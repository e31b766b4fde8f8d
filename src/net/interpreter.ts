/**
 * The reference: computes a graph in float64, node by node, as plainly as possible. For tests and for
 * reading; two to three orders of magnitude slower than ONNX Runtime.
 */
import { EwaldError } from "../errors.ts";
import { reachable, type Tensor64, type Value, type Values } from "./graph.ts";
import { describeShape, sizeOf } from "./shape.ts";

/** Numbers of the leaves by name. Scalars that are not given keep their initial value. */
export type Feeds = Readonly<Record<string, ArrayLike<number>>>;

/** The numbers of each of `outputs`. Throws `net/missing-feed` and `net/shape-mismatch`. */
export function interpret<Names extends string>(
  outputs: Readonly<Record<Names, Value>>,
  feeds: Feeds,
): Record<Names, Float64Array> {
  const computed = new Map<Value, Tensor64>();
  for (const value of reachable(Object.values(outputs as Values))) {
    const inputs = value.inputs.map((input) => computed.get(input)!);
    const data =
      value.operator === undefined
        ? leafData(value, feeds)
        : value.operator.run(inputs, value.attributes, value.shape);
    computed.set(value, { shape: value.shape, data });
  }
  const pairs = Object.entries<Value>(outputs).map(([name, value]) => [
    name,
    computed.get(value)!.data,
  ]);
  return Object.fromEntries(pairs) as Record<Names, Float64Array>;
}

function leafData({ leaf, shape }: Value, feeds: Feeds): Float64Array {
  if (leaf?.kind === "constant") return leaf.data;
  const fed = feeds[leaf!.name];
  if (fed === undefined && leaf?.kind === "scalar") return Float64Array.of(leaf.initial);
  if (fed === undefined)
    throw new EwaldError("net/missing-feed", `nothing is fed for ${leaf!.kind} "${leaf!.name}"`);
  if (fed.length !== sizeOf(shape))
    throw new EwaldError(
      "net/shape-mismatch",
      `"${leaf!.name}" needs ${describeShape(shape)}, ${fed.length} numbers are fed`,
    );
  return Float64Array.from(fed);
}
