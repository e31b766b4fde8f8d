/** Networks in the worker: ONNX Runtime and the trained models, fetched when first asked for, with a word on how far that is. */
import { loadRuntime } from "#onnx";
import { type ReadModelFile, urlModels } from "../../../src/models/model-store.ts";
import { EwaldError } from "../../../src/errors.ts";
import type { Runtime } from "../../../src/net/runtime.ts";
import { NO_RUNTIME } from "./protocol.ts";
import type { Context } from "./tasks.ts";

let runtime: Promise<Runtime> | undefined;

/**
 * Small networks: one thread is as quick as two, and starts no further workers.
 * @throws EwaldError `page/no-runtime`
 */
export function networkRuntime(): Promise<Runtime> {
  runtime ??= loadRuntime({ provider: "wasm", threads: 1 });
  return runtime.catch(noRuntime);
}

/** For what fails with the first network: the runtime's WebAssembly is fetched only then. */
export function noRuntime(cause: unknown): never {
  if (cause instanceof EwaldError) throw cause;
  throw new EwaldError(NO_RUNTIME, "the runtime of the networks could not be loaded", {
    cause,
    hint: "It is needed once; connect to where this page came from, and try again.",
  });
}

/** Lists of what a user trained beside the shipped models: the command line has them, the page does not. */
const USERS_OWN = /\/extensions\.json$/;

/** Models below `base`, the address of the folder `models/`. */
export function pageModels(base: string, { progress }: Context): ReadModelFile {
  const read = urlModels(base);
  return async (path) => {
    if (USERS_OWN.test(path))
      throw new EwaldError("model/not-read", "the page has the shipped models alone", {
        source: path,
      });
    progress({ text: `loading ${path.split("/").at(-1)}` });
    return read(path);
  };
}

/**
 * Makes sure that there are models before the runtime is loaded for them.
 * @throws EwaldError `page/no-model`
 */
export async function requireModels(read: ReadModelFile, system: string): Promise<void> {
  try {
    await read(`${system}/card.json`);
  } catch (cause) {
    const isMissing = cause instanceof EwaldError;
    throw new EwaldError(
      "page/no-model",
      isMissing
        ? "this copy of Ewald has no trained networks for this"
        : "the trained networks could not be loaded",
      {
        cause,
        hint: isMissing
          ? "Everything else works without them."
          : "They are needed once; connect to where this page came from.",
      },
    );
  }
}
