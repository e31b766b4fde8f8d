/** Trained models on disk: those of the package, or of a folder that training wrote. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EwaldError } from "../errors.ts";
import type { ReadModelFile } from "./model-store.ts";

/** `models/` beside `src` and `dist`, whichever this file stands in. */
const PACKAGE_MODELS = fileURLToPath(new URL("../../models", import.meta.url));

/** Models below a folder laid out as `models/` is. Throws `model/not-read`. */
export function folderModels(folder: string): ReadModelFile {
  return async (path) => {
    try {
      return await readFile(join(folder, path));
    } catch (cause) {
      throw new EwaldError("model/not-read", "there is no such model", {
        source: join(folder, path),
        cause,
      });
    }
  };
}

/** The models that come with the package. */
export function packageModels(): ReadModelFile {
  return folderModels(PACKAGE_MODELS);
}
