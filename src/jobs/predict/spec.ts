/** Options and outputs of `predict`. */
import { EwaldError } from "../../errors.ts";
import type { JobSpec } from "../job.ts";
import type { OptionSchema } from "../options.ts";
import { MODELS, STRUCTURE_TASKS, SYMMETRY, THREADS } from "../shared-options.ts";

/** Rows of one figure: more are too small to read. */
const MOST_ROWS = 12;

export const PREDICT_OPTIONS = {
  task: {
    ...STRUCTURE_TASKS,
    help: "of metal,bulk,shear,stable,system (default: all)",
  },
  criticalPoints: {
    type: "flag",
    help: "the reciprocal points that decided over the properties (not over the system), with their share",
  },
  symmetry: SYMMETRY,
  withoutComposition: {
    type: "flag",
    help: "properties by the paper's network, which sees the reciprocal points and no element (default: the one that is told the elements too)",
  },
  withComposition: {
    type: "flag",
    help: "the default, refused where --models has no such network",
  },
  noKnown: {
    type: "flag",
    help: "the networks alone: known values are neither shown nor compared",
  },
  models: MODELS,
  threads: THREADS,
} as const satisfies OptionSchema;

export const PREDICT: JobSpec<typeof PREDICT_OPTIONS> = {
  name: "predict",
  summary: "metal, stiffness, stability, crystal system of structures",
  description:
    "What tables of calculations know of a structure (band gap, moduli, energies, with their source), and what trained networks predict: metal " +
    "or insulator, bulk modulus above 85 GPa, shear modulus above 34 GPa, within 20 meV/atom of the hull (stable), crystal system. A structure " +
    "unlike the training data is marked; a class too unlikely to be an answer reads undecided.",
  inputs: "files, folders and Parquet tables, - for standard input",
  takes: "structures",
  options: PREDICT_OPTIONS,
  outputs: {
    explain: {
      kind: "figure",
      placeholder: "<file>",
      help: `the reciprocal points that decided, as a figure of the first ${MOST_ROWS} structures, .svg or .png`,
      most: MOST_ROWS,
    },
  },
  examples: [
    "ewald predict examples/halite.cif",
    "ewald predict examples/quartz.cif --task metal,bulk --explain why.svg",
    "ewald predict structures/ table.parquet --json > predictions.jsonl",
  ],
  refuse({ withComposition, withoutComposition, task, criticalPoints }, outputs) {
    if (withComposition && withoutComposition)
      throw new EwaldError(
        "usage/contradiction",
        "--with-composition and --without-composition name two networks",
        {
          hint: "Give one of them; without either, the network that is told the elements is asked.",
        },
      );
    const asksWhy = criticalPoints || outputs.has("explain");
    if (asksWhy && task?.every((name) => name === "system") === true)
      throw new EwaldError(
        "usage/contradiction",
        `${outputs.has("explain") ? "--explain" : "--critical-points"} is for the properties, and --task asks for the crystal system alone`,
        {
          hint: "Of the system no points can be named: its network sees lengths and angles of the reciprocal cell. Add metal, bulk, shear or stable to --task.",
        },
      );
  },
  inThreads: false,
};
