/** Where a loss became NaN or infinite: the first node, in order of computation, that is not finite. */
import { reachable, type Value } from "./graph.ts";
import { emitModel } from "./onnx/emit.ts";
import { concat } from "./ops/arrange.ts";
import { mul, reshape, sum } from "./ops/core.ts";
import type { Runtime, Tensor } from "./runtime.ts";
import { packingsOf, type StepGraph } from "./step.ts";

/** "layer "dense2" (log, forward)", or the input or parameter that brought it. */
function describe({ leaf, operator, layer, pass }: Value): string {
  if (leaf !== undefined && leaf.kind !== "constant") return `${leaf.kind} "${leaf.name}"`;
  return `layer "${layer === "" ? "top" : layer}" (${operator?.name ?? "constant"}, ${pass})`;
}

/**
 * Runs the step again with a flag for every node: its sum of x·0, which is NaN where any x is not
 * finite. Slow, and run once, after a failure.
 */
export async function firstNonFinite(
  runtime: Runtime,
  step: StepGraph,
  feeds: Readonly<Record<string, Tensor>>,
): Promise<string> {
  const nodes = reachable([step.outputs["metrics"]!]).filter(
    ({ dtype, leaf }) => dtype === "float" && leaf?.kind !== "constant",
  );
  const flags = nodes.map((node) => reshape(sum(mul(node, 0)), [1]));
  const outputs = { flags: concat(flags, 0) };
  const session = await runtime.createSession(
    emitModel(outputs, { packed: packingsOf(step) }).bytes,
  );
  const wanted = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name));
  const results = await session.run(Object.fromEntries(wanted));
  await session.release();
  const found = (results["flags"]!.data as Float32Array).findIndex(
    (flag) => !Number.isFinite(flag),
  );
  return found < 0 ? "no layer when computed again" : describe(nodes[found]!);
}
