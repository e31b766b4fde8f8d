/** What the tests of the engine share: graphs run by every backend, finite differences, closeness. */
import { expect } from "vitest";
import { Random } from "../../src/math/random.ts";
import type { Value } from "../../src/net/graph.ts";
import { interpret } from "../../src/net/interpreter.ts";
import { emitModel } from "../../src/net/onnx/emit.ts";
import { loadRuntime } from "../../src/net/runtime.node.ts";
import type { Provider } from "../../src/net/runtime.ts";
import { reachable } from "../../src/net/graph.ts";
import { sizeOf } from "../../src/net/shape.ts";

export type Feeds = Record<string, Float64Array>;

/** Numbers for every leaf that `outputs` need; ints are left to the caller. */
export function randomFeeds(outputs: readonly Value[], seed: number, scale = 1): Feeds {
  const feeds: Feeds = {};
  for (const { leaf, shape, dtype } of reachable(outputs)) {
    if (leaf === undefined || leaf.kind === "constant" || dtype === "int") continue;
    const random = Random.fromSeed(seed, leaf.name);
    const data = new Float64Array(sizeOf(shape));
    if (leaf.kind === "scalar") data.fill(leaf.initial);
    else if (leaf.kind === "noise" && leaf.distribution === "uniform") random.fillUniform(data);
    else random.fillNormal(data, 0, scale);
    // float32 numbers, so that every backend gets the same input.
    feeds[leaf.name] = Float64Array.from(Float32Array.from(data));
  }
  return feeds;
}

/** The same graph by ONNX Runtime. */
export async function runOnnx(
  outputs: Record<string, Value>,
  feeds: Feeds,
  provider: Provider,
): Promise<Record<string, Float64Array>> {
  const runtime = await loadRuntime({ provider, threads: 1 });
  const packed = emitModel(asInputs(outputs));
  const session = await runtime.createSession(packed.bytes);
  const tensors = Object.fromEntries(
    packed.inputs.map(({ name, type, dims }) => {
      const data =
        type === "int32" ? Int32Array.from(feeds[name]!) : Float32Array.from(feeds[name]!);
      return [name, new runtime.Tensor(type as "float32", data as Float32Array, dims as number[])];
    }),
  );
  const results = await session.run(tensors);
  await session.release();
  return Object.fromEntries(
    Object.keys(outputs).map((name) => [
      name,
      Float64Array.from(results[name]!.data as Float32Array),
    ]),
  );
}

/** Parameters fed like inputs: the emitter would ask for packed vectors. */
function asInputs(outputs: Record<string, Value>): Record<string, Value> {
  for (const { leaf } of reachable(Object.values(outputs)))
    if (leaf?.kind === "parameter" || leaf?.kind === "state")
      throw new Error(`test graphs feed "${leaf.name}" as an input`);
  return outputs;
}

export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += (actual[i]! - expected[i]!) ** 2;
    size += expected[i]! ** 2;
  }
  return Math.sqrt(difference / Math.max(size, 1e-30));
}

/** Central differences of the scalar `loss` to every element of the fed leaf. */
export function finiteDifferences(loss: Value, leaf: string, feeds: Feeds, h = 1e-5): Float64Array {
  const at = Float64Array.from(feeds[leaf]!);
  const value = (): number => interpret({ loss }, { ...feeds, [leaf]: at }).loss[0]!;
  return at.map((x, i) => {
    at[i] = x + h;
    const above = value();
    at[i] = x - h;
    const below = value();
    at[i] = x;
    return (above - below) / (2 * h);
  });
}
