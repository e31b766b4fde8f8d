/**
 * The runtime in a browser: WebGPU where an adapter answers, else WebAssembly, with threads where the
 * page is cross-origin isolated (COOP and COEP headers), else on one thread.
 */
import { EwaldError } from "../errors.ts";
import type { Provider, Runtime, RuntimeOptions } from "./runtime.ts";

interface Gpu {
  requestAdapter(): Promise<unknown>;
}

async function hasAdapter(): Promise<boolean> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  try {
    return gpu !== undefined && Boolean(await gpu.requestAdapter());
  } catch {
    return false;
  }
}

/**
 * ONNX Runtime in a browser: WebGPU where there is an adapter, else WebAssembly.
 * @throws EwaldError `net/no-provider` for a provider that this browser lacks.
 */
export async function loadRuntime(options: RuntimeOptions = {}): Promise<Runtime> {
  const wanted = options.provider;
  if (wanted === "cpu" || wanted === "cuda")
    throw new EwaldError("net/no-provider", `a browser has no provider "${wanted}"`, {
      value: wanted,
      hint: "Take wasm or webgpu.",
    });
  const gpu = wanted !== "wasm" && (await hasAdapter());
  if (wanted === "webgpu" && !gpu)
    throw new EwaldError("net/no-provider", "no WebGPU adapter answers in this browser", {
      value: wanted,
      hint: "Take the provider wasm.",
    });
  const provider: Provider = gpu ? "webgpu" : "wasm";
  const onnx = gpu ? await import("onnxruntime-web/webgpu") : await import("onnxruntime-web/wasm");
  const isolated = globalThis.crossOriginIsolated === true;
  const threads = isolated ? (options.threads ?? navigator.hardwareConcurrency) : 1;
  onnx.env.wasm.numThreads = threads;
  onnx.env.logLevel = "error";
  return {
    provider,
    threads,
    version: `onnxruntime-web ${onnx.env.versions.web ?? onnx.env.versions.common}`,
    note: isolated ? undefined : "the page is not cross-origin isolated: one thread",
    preallocates: false,
    Tensor: onnx.Tensor,
    createSession: (model) =>
      onnx.InferenceSession.create(model, { executionProviders: [provider], logSeverityLevel: 3 }),
    now: () => performance.now(),
  };
}
