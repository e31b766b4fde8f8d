/** What jobs ask of the world, for the page: the models of its server and no files. */
import type { Environment } from "../../../src/jobs/job.ts";
import { EwaldError } from "../../../src/errors.ts";
import { networkRuntime, pageModels } from "./models.ts";
import type { Context } from "./tasks.ts";

/** How a wavelength was given here, for a warning. */
export const NAMED = "chosen here";

/** A job without models needs neither their address nor anybody to tell how far they are. */
export function pageEnvironment(
  models = "",
  context: Context = { progress: () => undefined },
): Environment {
  return {
    isFile: async () => false,
    readFile: async (path) => {
      throw new EwaldError("file/not-read", "the page reads no files by their path", {
        source: path,
      });
    },
    models: () => pageModels(models, context),
    runtime: networkRuntime,
  };
}
