/** Trained models on disk: those of the package, or of a folder that training wrote. */
import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
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

/** The user's own models: EWALD_MODELS, else XDG_DATA_HOME/ewald/models, else ~/.local/share/ewald/models. */
export function defaultModelsFolder(environment: NodeJS.ProcessEnv = process.env): string {
  if (environment["EWALD_MODELS"]) return environment["EWALD_MODELS"];
  const data = environment["XDG_DATA_HOME"] || join(homedir(), ".local", "share");
  return join(data, "ewald", "models");
}

/** Models of a folder, which need not exist; a file that it lacks comes from the package: a folder may hold extensions alone. */
export function modelsOverPackage(folder = defaultModelsFolder()): ReadModelFile {
  const own = folderModels(folder);
  const shipped = packageModels();
  return async (path) => {
    try {
      return await own(path);
    } catch (error) {
      if (error instanceof EwaldError && error.code === "model/not-read") return shipped(path);
      throw error;
    }
  };
}

/**
 * The user's models of a system over those of the package.
 * @param folder default `defaultModelsFolder`, which need not exist
 * @throws EwaldError `model/not-read` where a folder is named that holds nothing of the system
 */
export function userModels(system: string, folder?: string): ReadModelFile {
  if (folder !== undefined && !existsSync(join(folder, system))) {
    throw new EwaldError("model/not-read", `the folder holds no models of ${system}`, {
      source: folder,
    });
  }
  return modelsOverPackage(folder);
}
