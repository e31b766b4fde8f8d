/** The command line's answers to what jobs ask of the world: files of this machine, models of the package or a folder. */
import { userModels } from "../models/model-store.node.ts";
import type { Environment } from "../jobs/job.ts";
import { isFile, readBytes } from "./inputs.ts";

export const NODE_ENVIRONMENT: Environment = {
  isFile,
  readFile: readBytes,
  models: userModels,
  async runtime(options) {
    const { loadRuntime } = await import("#onnx");
    return loadRuntime(options);
  },
};
