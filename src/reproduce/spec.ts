/** Options and outputs of `reproduce`. */
import type { WholeJobSpec } from "../jobs/job.ts";
import type { OptionSchema } from "../jobs/options.ts";

export const REPRODUCE_OPTIONS = {
  data: {
    type: "file",
    placeholder: "<folder>",
    help: "folder of the tables (default: EWALD_DATA)",
  },
  fast: { type: "flag", help: "smaller and quicker; the output says so" },
  record: {
    type: "file",
    placeholder: "<folder>",
    help: "put the numbers into this ledger (results)",
  },
  figures: {
    type: "file",
    placeholder: "<folder>",
    help: "draw the item's figures into this folder (SVG)",
  },
} as const satisfies OptionSchema;

export const REPRODUCE: WholeJobSpec<typeof REPRODUCE_OPTIONS> = {
  name: "reproduce",
  summary: "recompute a table or figure of one of the five papers",
  description:
    "Without arguments, list the papers; with a paper, its items and which can be recomputed; with an item, recompute it and " +
    "print the paper's number, ours with the paper's split, ours with the honest split, chance, and what differs in the data.",
  arguments: [
    { name: "[paper]", help: "name or beginning of it, or S1 … S5" },
    { name: "[item]", help: "number of the item" },
  ],
  options: REPRODUCE_OPTIONS,
  json: true,
  examples: [
    "ewald reproduce",
    "ewald reproduce S3",
    "ewald reproduce wang-2022-deepknet 43 --data tables/",
  ],
};
