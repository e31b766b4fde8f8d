/** Options and outputs of `extend`. */
import { COUNT } from "../data-options.ts";
import type { WholeJobSpec } from "../job.ts";
import type { OptionSchema } from "../options.ts";

export const EXTEND_OPTIONS = {
  from: {
    type: "file",
    placeholder: "<path>",
    required: true,
    help: "folder or archive of structures (CIF and others), of any number of types",
  },
  name: {
    type: "text",
    placeholder: "<name>",
    required: true,
    help: "name of the extension; one of the same name is replaced",
  },
  models: {
    type: "file",
    placeholder: "<folder>",
    help: "folder of models to extend (default: EWALD_MODELS, or the user's data folder)",
  },
  seed: { ...COUNT, default: 1, help: "seed of samples and weights" },
  samples: { ...COUNT, help: "simulated scans to learn from (default: 8000)" },
  epochs: { ...COUNT, help: "rounds of training (default: 4)" },
  threads: { ...COUNT, help: "default: all cores" },
} as const satisfies OptionSchema;

export const EXTEND: WholeJobSpec<typeof EXTEND_OPTIONS> = {
  name: "extend",
  summary: "teach ewald identify further structure types",
  description:
    "Make an extension of the model of ewald identify out of structures of types that it does not know: one more small network, " +
    "trained in minutes and put beside the model, whose own weights stay as they are. What it does to known types and to the " +
    "rejection of unknown ones is measured before it is kept. A type needs 5 compounds of different formula; 50 are better.",
  arguments: [],
  options: EXTEND_OPTIONS,
  json: true,
  examples: ["ewald extend --from apatites/ --name apatites", "ewald identify scan.xy"],
};
