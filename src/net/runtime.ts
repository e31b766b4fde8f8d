/**
 * ONNX Runtime as Ewald sees it. Which one runs is decided in one file for Node (`runtime.node.ts`) and
 * one for the browser (`runtime.browser.ts`); the `imports` map of package.json picks the file (`#onnx`).
 */
import type { InferenceSession, Tensor, TensorConstructor } from "onnxruntime-web";

export type { InferenceSession, Tensor };

/** Native CPU code, WebAssembly, or a GPU. */
export type Provider = "cpu" | "cuda" | "wasm" | "webgpu";

export interface RuntimeOptions {
  /** Default: the fastest that works. A provider that is asked for by name and missing is an error. */
  readonly provider?: Provider;
  /** Default: the cores of the machine; one in a page that is not cross-origin isolated. */
  readonly threads?: number;
}

/** A runtime: it executes graphs. */
export interface Runtime {
  readonly provider: Provider;
  readonly threads: number;
  /** Name and version of the runtime: "onnxruntime-node 1.30.0". Results are bit-identical within one. */
  readonly version: string;
  /** Why not the fastest provider, where that was not asked for. */
  readonly note: string | undefined;
  /** Results can be written into tensors that the caller keeps, without a copy. */
  readonly preallocates: boolean;
  readonly Tensor: TensorConstructor;
  createSession(model: Uint8Array): Promise<InferenceSession>;
  /** Milliseconds of a clock that never goes back; for rates only. */
  now(): number;
}
