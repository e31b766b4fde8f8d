/** Networks in the worker: ONNX Runtime and the trained models, fetched when first asked for, with a word on how far that is. */
import { type ReadModelFile, urlModels } from "../../../src/data/index.ts";
import { EwaldError } from "../../../src/errors.ts";
import { loadRuntime, type Runtime } from "../../../src/net/index.ts";
import type { Context } from "./tasks.ts";

let runtime: Promise<Runtime> | undefined;

/** Small networks: one thread is as quick as two, and starts no further workers. */
export function networkRuntime(): Promise<Runtime> {
  runtime ??= loadRuntime({ provider: "wasm", threads: 1 });
  return runtime;
}

/** Models below `base`, the address of the folder `models/`. */
export function pageModels(base: string, { progress }: Context): ReadModelFile {
  const read = urlModels(base);
  return async (path) => {
    progress({ text: `loading ${path.split("/").at(-1)}` });
    try {
      return await read(path);
    } catch (cause) {
      if (cause instanceof EwaldError && !/answered 404/.test(cause.message)) throw cause;
      const offline = !(cause instanceof EwaldError);
      throw new EwaldError(
        "page/no-model",
        offline
          ? "the trained networks could not be loaded"
          : "this copy of Ewald has no trained networks for this",
        {
          cause,
          hint: offline
            ? "They are needed once; connect to where this page came from."
            : "Everything else works without them.",
        },
      );
    }
  };
}
