/**
 * Reverse-mode differentiation: from a graph, more graph. Every operator says what its gradient is in
 * terms of other operators, so gradients run wherever the graph runs, and are themselves differentiable.
 */
import { EwaldError } from "../errors.ts";
import { reachable, type Operator, type Value } from "./graph.ts";
import { add } from "./ops/core.ts";
import { describeShape, sameShape } from "./shape.ts";

/**
 * The gradients of `sum(output · seed)` to each of `targets`, as values of their shapes. Without a seed
 * the output must be a single number. A target that the output does not depend on gives zeros.
 * Throws `net/no-gradient` where an operator on the way has none.
 */
export function gradients(output: Value, targets: readonly Value[], seed?: Value): Value[] {
  const { graph } = output;
  if (seed === undefined && output.shape.length > 0)
    throw new EwaldError(
      "net/no-gradient",
      `a gradient is taken of one number, not of ${describeShape(output.shape)}`,
      { hint: "Reduce with sum or mean first, or give a seed of that shape." },
    );
  const nodes = reachable([output]);
  const relevant = new Set<Value>(targets);
  for (const node of nodes)
    if (node.inputs.some((input) => relevant.has(input))) relevant.add(node);
  const arrived = new Map<Value, Value>();
  if (relevant.has(output)) arrived.set(output, seed ?? graph.constant([1], []));
  for (const node of nodes.reverse()) {
    const dy = arrived.get(node);
    if (dy === undefined || node.operator === undefined) continue;
    const wanted = node.inputs.map((input) => relevant.has(input) && input.dtype === "float");
    if (!wanted.includes(true)) continue;
    graph.asGradientOf(node.layer, () => passOn(node, dy, wanted, arrived));
  }
  return targets.map((target) => {
    return arrived.get(target) ?? zeros(target);
  });
}

function passOn(
  node: Value,
  dy: Value,
  wanted: readonly boolean[],
  arrived: Map<Value, Value>,
): void {
  const { gradient, name } = node.operator!;
  if (gradient === undefined)
    throw new EwaldError("net/no-gradient", `layer "${node.layer}": ${name} has no gradient`);
  const results = gradient(dy, node, node.attributes, wanted);
  for (const [i, result] of results.entries()) {
    if (result === undefined || wanted[i] !== true) continue;
    const input = node.inputs[i]!;
    if (!sameShape(result.shape, input.shape))
      throw new EwaldError(
        "net/shape-mismatch",
        `layer "${node.layer}": the gradient of ${name} has the shape ${describeShape(result.shape)}, its input ${describeShape(input.shape)}`,
      );
    const before = arrived.get(input);
    arrived.set(input, before === undefined ? result : add(before, result));
  }
}

function zeros({ graph, shape }: Value): Value {
  return graph.constant(new Float64Array(shape.reduce((size, n) => size * n, 1)), shape);
}

const customOperator: Operator<(dy: Value) => readonly (Value | undefined)[]> = {
  name: "withGradient",
  shape: ([y]) => y!,
  emit: (_, [y]) => y!,
  gradient: (dy, _, gradient) => [undefined, ...gradient(dy)],
  run: ([y]) => y!.data,
};

/**
 * `y` with a gradient written by hand: `gradient` returns that to each of `inputs`, and nothing flows
 * into the nodes that computed y. For formulas that are shorter than the chain rule (batch norm).
 */
export function withGradient(
  y: Value,
  inputs: readonly Value[],
  gradient: (dy: Value) => readonly (Value | undefined)[],
): Value {
  return y.graph.add(customOperator, [y, ...inputs], gradient);
}
