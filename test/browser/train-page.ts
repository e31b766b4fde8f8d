/** The page's script: trains the toy net in the browser. */
import { loadRuntime } from "#onnx";
import { trainToy } from "../net/toy.ts";

export async function run(): Promise<unknown> {
  const runtime = await loadRuntime();
  const { provider, threads, note } = runtime;
  return { losses: await trainToy(runtime), provider, threads, note };
}
