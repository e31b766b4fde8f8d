/** Options and outputs of `data show`. */
import { TABLE_ARGUMENT } from "../data-options.ts";
import type { WholeJobSpec } from "../job.ts";
import type { OptionSchema } from "../options.ts";

export const DATA_SHOW_OPTIONS = {
  plot: { type: "file", help: "figure as .svg or .png" },
} as const satisfies OptionSchema;

export const DATA_SHOW: WholeJobSpec<typeof DATA_SHOW_OPTIONS> = {
  name: "data show",
  summary: "what a table holds",
  description:
    "Count a table of structures: crystal systems, elements, structure types, labels, splits, licence.",
  arguments: [TABLE_ARGUMENT],
  options: DATA_SHOW_OPTIONS,
  json: true,
  examples: ["ewald data show mine.parquet", "ewald data show mine.parquet --plot mine.svg"],
};
