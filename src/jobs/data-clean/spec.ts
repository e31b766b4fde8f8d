/** Options and outputs of `data clean`. */
import { CLEAN_RULES } from "../../data/clean-rules.ts";
import type { WholeJobSpec } from "../job.ts";
import type { OptionSchema } from "../options.ts";
import { PROBLEM_REPORT, TABLE_ARGUMENT } from "../data-options.ts";

export const DATA_CLEAN_OPTIONS = {
  out: { type: "file", placeholder: "<table>", help: "write the cleaned table" },
  report: { ...PROBLEM_REPORT, help: "every decision, one JSON record a line" },
  lowestBy: {
    type: "choice",
    choices: ["e_above_hull", "formation_energy_per_atom"],
    placeholder: "<label>",
    help: "keep one polymorph per formula, lowest in this",
  },
  skip: {
    type: "list",
    choices: CLEAN_RULES,
    placeholder: "<rule,rule>",
    help: "rules not to apply",
  },
  nearest: {
    type: "number",
    unit: "Å",
    above: 0,
    help: "atoms nearer than this clash (default 0.65)",
  },
  cellTolerance: {
    type: "number",
    unit: "fraction",
    above: 0,
    help: "cells equal within this are duplicates (default 0.01)",
  },
  types: {
    type: "flag",
    help: "fill in structure types: computed once, they stay in the table",
  },
} as const satisfies OptionSchema;

export const DATA_CLEAN: WholeJobSpec<typeof DATA_CLEAN_OPTIONS> = {
  name: "data clean",
  summary: "leave out duplicates and mistakes, row by row with a reason",
  description:
    "Clean a table: ids twice, clashing atoms, labels out of range (taken off, the row stays), duplicates, ordering " +
    "variants of one alloy, and where asked all polymorphs of a formula but the lowest. Without --out nothing is written.",
  arguments: [TABLE_ARGUMENT],
  options: DATA_CLEAN_OPTIONS,
  json: false,
  examples: [
    "ewald data clean mine.parquet --report why.jsonl",
    "ewald data clean mine.parquet --out clean.parquet --lowest-by e_above_hull",
  ],
};
