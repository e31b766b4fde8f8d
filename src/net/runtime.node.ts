/** The runtime in Node: onnxruntime-node where it is installed, else WebAssembly with a word. */
import { availableParallelism } from "node:os";
import { EwaldError } from "../errors.ts";
import type * as OnnxWeb from "onnxruntime-web";
import type { Provider, Runtime, RuntimeOptions } from "./runtime.ts";

type Onnx = typeof OnnxWeb;

async function native(): Promise<Onnx | undefined> {
  try {
    // Optional: an install without native code falls back to WebAssembly.
    const module = (await import("onnxruntime-node")) as unknown as Onnx & { default?: Onnx };
    return module.default ?? module;
  } catch {
    return undefined;
  }
}

/**
 * ONNX Runtime: native where it is installed, else WebAssembly.
 * @throws EwaldError `net/no-provider` for a provider that this machine lacks.
 */
export async function loadRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const threads = options.threads ?? availableParallelism();
  const wanted = options.provider;
  if (wanted !== "wasm") {
    const onnx = await native();
    if (onnx !== undefined) return nativeRuntime(onnx, wanted ?? "cpu", threads);
    if (wanted !== undefined)
      throw new EwaldError("net/no-provider", `"${wanted}" needs onnxruntime-node`, {
        value: wanted,
        hint: "Install onnxruntime-node beside ewald, or take the provider wasm.",
      });
  }
  const onnx = await import("onnxruntime-web");
  onnx.env.wasm.numThreads = threads;
  onnx.env.logLevel = "error";
  const note =
    wanted === undefined
      ? "onnxruntime-node is not installed: WebAssembly, 4 times slower"
      : undefined;
  return {
    provider: "wasm",
    threads,
    version: `onnxruntime-web ${onnx.env.versions.web ?? onnx.env.versions.common}`,
    note,
    // Outputs stay in WebAssembly memory and are copied out.
    preallocates: false,
    Tensor: onnx.Tensor,
    createSession: (model) =>
      onnx.InferenceSession.create(model, { executionProviders: ["wasm"], logSeverityLevel: 3 }),
    now: () => performance.now(),
  };
}

function nativeRuntime(onnx: Onnx, provider: Provider, threads: number): Runtime {
  return {
    provider,
    threads,
    version: `onnxruntime-node ${onnx.env.versions.node ?? onnx.env.versions.common}`,
    note: undefined,
    preallocates: provider === "cpu",
    Tensor: onnx.Tensor,
    async createSession(model) {
      try {
        return await onnx.InferenceSession.create(model, {
          executionProviders: [provider],
          intraOpNumThreads: threads,
          interOpNumThreads: 1,
          logSeverityLevel: 3,
        });
      } catch (cause) {
        if (provider === "cpu") throw cause;
        throw new EwaldError("net/no-provider", `the provider "${provider}" does not work here`, {
          value: provider,
          hint: "Take the provider cpu.",
          cause,
        });
      }
    },
    now: () => performance.now(),
  };
}
