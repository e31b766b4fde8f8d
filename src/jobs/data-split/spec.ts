/** Options and outputs of `data split`. */
import { COUNT, FRACTIONS, TABLE_ARGUMENT } from "../data-options.ts";
import type { WholeJobSpec } from "../job.ts";
import type { OptionSchema } from "../options.ts";

/** The options below that each method uses. */
export const HEEDED = {
  random: ["fractions", "seed"],
  grouped: ["by", "fractions", "seed"],
  hash: ["by", "fractions", "seed"],
  "k-fold": ["by", "folds", "seed"],
  column: [],
} as const;

// Without defaults of their own: an option that was given and changes nothing is refused.
export const DATA_SPLIT_OPTIONS = {
  method: {
    type: "choice",
    choices: ["random", "grouped", "hash", "k-fold", "column"],
    default: "grouped",
    placeholder: "<method>",
    help: "how",
  },
  by: {
    type: "choice",
    choices: ["formula", "structure-type", "chemical-system"],
    placeholder: "<key>",
    help: "what stays together (default: formula for grouped, nothing else)",
  },
  fractions: FRACTIONS,
  folds: { ...COUNT, placeholder: "<k>", help: "number of folds (default: 10)" },
  seed: { type: "text", placeholder: "<seed>", help: 'number or word (default: "1")' },
  out: { type: "file", placeholder: "<table>", help: "write the table with its split column" },
  save: {
    type: "file",
    placeholder: "<file.json>",
    help: "write the split: method, seed and the ids of every part",
  },
} as const satisfies OptionSchema;

export const DATA_SPLIT: WholeJobSpec<typeof DATA_SPLIT_OPTIONS> = {
  name: "data split",
  summary: "part a table for training and test, print the overlap",
  description:
    "Split a table: random (as papers do), grouped (what shares a key stays together), hash (adding rows moves no " +
    "other row), k-fold, or column (the split the table brings). What leaks from part to part is always printed.",
  arguments: [TABLE_ARGUMENT],
  options: DATA_SPLIT_OPTIONS,
  json: true,
  examples: [
    "ewald data split mine.parquet --by structure-type --save split.json",
    "ewald data split mine.parquet --method hash --by formula --out parted.parquet",
  ],
};
