/** Options and outputs of `read`. */
import { EwaldError } from "../../errors.ts";
import type { JobSpec } from "../job.ts";
import type { OptionSchema } from "../options.ts";
import {
  AXIS,
  INTENSITY_SCALE,
  MOST_CURVES,
  OFFSET,
  SCAN_KNOWN,
  SYMMETRY,
  SYMPREC,
  VIEW,
} from "../shared-options.ts";

export const READ_OPTIONS = {
  symprec: SYMPREC,
  symmetry: SYMMETRY,
  ...SCAN_KNOWN,
  axis: AXIS,
  overlay: {
    type: "flag",
    help: "draw the scans of --plot over each other, each scaled to its maximum",
  },
  view: VIEW,
  scale: INTENSITY_SCALE,
  offset: OFFSET,
} as const satisfies OptionSchema;

export const READ: JobSpec<typeof READ_OPTIONS> = {
  name: "read",
  summary: "say what is in structure and scan files",
  description:
    "Read structures (CIF, POSCAR, pymatgen JSON, OPTIMADE JSON) and powder scans (docs/scan-formats.md), recognised by content, " +
    "and say what they hold. A folder means every file below it, - standard input.",
  inputs: "files and folders",
  takes: "anything",
  options: READ_OPTIONS,
  outputs: {
    plot: {
      kind: "figure",
      placeholder: "<file>",
      help: "figure of the scans as .svg or .png, stacked",
      most: MOST_CURVES,
    },
  },
  refuse: ({ view }, outputs) => {
    if (view === undefined || outputs.has("plot")) return;
    throw new EwaldError("usage/contradiction", "--view is of a figure, and none is asked for", {
      hint: "Add --plot scans.svg.",
    });
  },
  examples: [
    "ewald read examples/quartz.cif",
    "ewald read structures/ --json > structures.jsonl",
    "ewald read monday.xrdml tuesday.brml --plot compare.svg",
    "ewald read old.xy --wavelength CuKa12 --axis d --json",
    "curl -s … | ewald read - --symprec 0.1",
  ],
  inThreads: true,
};
