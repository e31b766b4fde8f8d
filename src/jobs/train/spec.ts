/** Options and outputs of the trainings: one command a system. */
import { COUNT, FRACTIONS } from "../data-options.ts";
import type { WholeJobSpec } from "../job.ts";
import type { FileOption, OptionSchema } from "../options.ts";
import { STRUCTURE_TASKS } from "../shared-options.ts";

const TABLES = {
  type: "file",
  many: true,
  required: true,
  help: "Parquet table, may be repeated",
} as const satisfies FileOption;

const THREADS = { ...COUNT, help: "default: all cores" } as const;

export const TRAIN_RECIPROCAL_OPTIONS = {
  table: TABLES,
  task: {
    ...STRUCTURE_TASKS,
    help: "of metal,bulk,shear,stable,system (default: those that the tables have labels for)",
  },
  withComposition: {
    type: "flag",
    help: "tell the network of properties the elements too (another model)",
  },
  out: {
    type: "file",
    placeholder: "<folder>",
    required: true,
    help: "folder of models to write into (ewald predict --models)",
  },
  split: {
    type: "choice",
    choices: ["grouped", "random"],
    default: "grouped",
    placeholder: "<method>",
    help: "grouped: a formula is in one part only; random: as the papers",
  },
  fractions: FRACTIONS,
  seed: { type: "text", default: "1", placeholder: "<seed>", help: "number or word" },
  epochs: { ...COUNT, help: "passes through the training part (default: 16, system 25)" },
  threads: THREADS,
  record: {
    type: "file",
    placeholder: "<folder>",
    help: "put the test part's numbers into this ledger (results)",
  },
} as const satisfies OptionSchema;

export const TRAIN_RECIPROCAL: WholeJobSpec<typeof TRAIN_RECIPROCAL_OPTIONS> = {
  name: "train reciprocal",
  summary: "metal, bulk, shear, stable, crystal system from the reciprocal lattice",
  description:
    "Train the networks that ewald predict asks. One network learns all properties that the tables have labels for (band_gap, " +
    "bulk_modulus, shear_modulus, e_above_hull), another the crystal systems. The best epoch on the validation part is kept, " +
    "probabilities are calibrated on it, and the test part is measured once, at the end.",
  arguments: [],
  options: TRAIN_RECIPROCAL_OPTIONS,
  json: false,
  examples: [
    "ewald train reciprocal --table mine.parquet --task metal,bulk --out my-models",
    "ewald predict new.cif --models my-models",
  ],
};

export const TRAIN_STRUCTURE_TYPE_OPTIONS = {
  table: TABLES,
  out: {
    type: "file",
    placeholder: "<folder>",
    required: true,
    help: "folder of models to write into (ewald identify --models)",
  },
  library: {
    type: "file",
    help: "library.json of another model (default: chosen from the tables)",
  },
  leastMembers: { ...COUNT, default: 20, help: "compounds a new library asks of a type" },
  networks: { ...COUNT, default: 3, help: "networks, seeds 1 to n; their answers are averaged" },
  samples: { ...COUNT, help: "simulated scans per network (default: 90000)" },
  epochs: { ...COUNT, help: "epochs of 500 batches (default: 10)" },
  threads: THREADS,
} as const satisfies OptionSchema;

export const TRAIN_STRUCTURE_TYPE: WholeJobSpec<typeof TRAIN_STRUCTURE_TYPE_OPTIONS> = {
  name: "train structure-type",
  summary: "structure types of powder scans",
  description:
    "Make the model that ewald identify asks: a library of structure types (chosen from the tables, or one that is given), known " +
    "compounds as peaks, and networks trained on simulated scans, one a seed. The evidence is weighed on the validation " +
    "part, and the test part is measured once, at the end. A formula is in one part only.",
  arguments: [],
  options: TRAIN_STRUCTURE_TYPE_OPTIONS,
  json: false,
  examples: [
    "ewald train structure-type --table mine.parquet --out my-models",
    "ewald identify scan.xy --models my-models",
  ],
};
