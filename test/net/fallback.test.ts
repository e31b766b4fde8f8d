/** A machine without onnxruntime-node (no build for it, or left out at install): WebAssembly, with a word. */
import { afterEach, expect, test, vi } from "vitest";
import { loadRuntime } from "../../src/net/runtime.node.ts";
import { trainToy } from "./toy.ts";

afterEach(() => void vi.doUnmock("onnxruntime-node"));

function withoutNative(): void {
  vi.doMock("onnxruntime-node", () => {
    throw new Error("Cannot find package 'onnxruntime-node'");
  });
}

test("the toy net trains to the losses that native code gives", async () => {
  const native = await trainToy(await loadRuntime({ provider: "cpu", threads: 1 }));
  withoutNative();
  const runtime = await loadRuntime({ threads: 1 });
  expect(runtime).toMatchObject({
    provider: "wasm",
    preallocates: false,
    note: "onnxruntime-node is not installed: WebAssembly, 4 times slower",
  });
  expect(runtime.version).toMatch(/^onnxruntime-web \d/);
  const losses = await trainToy(runtime);
  expect(losses).toHaveLength(native.length);
  // float32 sums differ in their last digits, training spreads them.
  for (const [epoch, loss] of losses.entries())
    expect(Math.abs(loss - native[epoch]!), `epoch ${epoch + 1}`).toBeLessThan(2e-3);
});

test("a provider asked for by name is not replaced in silence", async () => {
  withoutNative();
  for (const provider of ["cpu", "cuda"] as const)
    await expect(loadRuntime({ provider })).rejects.toMatchObject({
      code: "net/no-provider",
      details: expect.objectContaining({ value: provider }),
    });
  const asked = await loadRuntime({ provider: "wasm", threads: 1 });
  expect(asked).toMatchObject({ provider: "wasm", note: undefined });
});
