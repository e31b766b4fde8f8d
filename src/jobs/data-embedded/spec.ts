/** Options and outputs of `data embedded`. */
import { COUNT, OUT_TABLE } from "../data-options.ts";
import type { WholeJobSpec } from "../job.ts";
import type { OptionSchema } from "../options.ts";

export const DATA_EMBEDDED_OPTIONS = {
  out: OUT_TABLE,
  perType: { ...COUNT, default: 24, help: "decorations of each structure type, at most" },
  mostAtoms: {
    ...COUNT,
    default: 40,
    help: "leave out types with more atoms in the primitive cell",
  },
  seed: { ...COUNT, default: 1, help: "another table" },
} as const satisfies OptionSchema;

export const DATA_EMBEDDED: WholeJobSpec<typeof DATA_EMBEDDED_OPTIONS> = {
  name: "data embedded",
  summary: "make the embedded default table, from structure-type facts alone",
  description:
    "Decorate known structure types with elements of fitting radius and charge. Enough to train and test every system " +
    "on a fresh machine; it is not data, and every output made from it says so.",
  arguments: [],
  options: DATA_EMBEDDED_OPTIONS,
  json: false,
  examples: ["ewald data embedded --out table.parquet"],
};
