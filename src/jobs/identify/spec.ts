/** Options and outputs of `identify`. */
import { EwaldError } from "../../errors.ts";
import type { JobSpec } from "../job.ts";
import type { CodedOption, OptionSchema } from "../options.ts";
import {
  ELEMENTS,
  INTENSITY_SCALE,
  MODELS,
  SCAN_KNOWN,
  SYMMETRY,
  THREADS,
  VIEW,
} from "../shared-options.ts";

/** Largest change of a reference's axes, %: beyond it another crystal would be laid over the scan. */
export const MOST_CHANGE_PERCENT = 10;
/** Where a cell may change and nobody says by how much. */
export const USUAL_CHANGE_PERCENT = 1;
/** Scans that one report holds: each is some 150 kB. */
const MOST_REPORTED = 100;

/** @throws EwaldError `usage/fit-reference` */
function parseCellChange(words: string): number {
  const percent = /^\d*\.?\d+\s*%?$/.test(words) ? Number.parseFloat(words) : NaN;
  checkCellChange(percent, words);
  return percent;
}

/** @param written what a person wrote */
function checkCellChange(percent: number, written: unknown = percent): void {
  if (percent > 0 && percent <= MOST_CHANGE_PERCENT) return;
  throw new EwaldError(
    "usage/fit-reference",
    `--fit-reference takes a change of the cell in per cent, above 0 and up to ${MOST_CHANGE_PERCENT}`,
    {
      value: written,
      unit: "%",
      hint: "Write --fit-reference 1 after the scans, or before another option; alone it stands for 1 %.",
    },
  );
}

export const IDENTIFY_OPTIONS = {
  ...ELEMENTS,
  ...SCAN_KNOWN,
  reference: {
    type: "file",
    many: true,
    help: "structure to lay over the scan, may be repeated",
  },
  fitReference: {
    type: "coded",
    alone: String(USUAL_CHANGE_PERCENT),
    placeholder: "<percent>",
    help: `let the cells of --reference change by up to so much (default ${USUAL_CHANGE_PERCENT} %); without it they are laid over the scan as they are`,
    parse: parseCellChange,
    check: (percent) => checkCellChange(percent),
  } satisfies CodedOption<number>,
  symmetry: SYMMETRY,
  top: {
    type: "number",
    unit: "",
    whole: true,
    least: 1,
    default: 5,
    help: "candidates in the answer",
  },
  view: { ...VIEW, unit: "°", help: "part of 2θ that the figure of --report shows (default: all)" },
  scale: {
    ...INTENSITY_SCALE,
    default: "sqrt",
    help: "intensity scale of the figure of --report",
  },
  models: {
    ...MODELS,
    help: "folder of models (default: those that come with Ewald, and what ewald extend added)",
  },
  threads: THREADS,
} as const satisfies OptionSchema;

export const IDENTIFY: JobSpec<typeof IDENTIFY_OPTIONS> = {
  name: "identify",
  summary: "structure type of measured powder scans",
  description:
    "Which structure type does a powder scan show? The most probable of the library's types with a reliability that was " +
    "measured, or none of them; what is odd in the scan; the nearest known compound. Elements help most: name what you know.",
  inputs: "scans and folders, - for standard input",
  takes: "scans",
  options: IDENTIFY_OPTIONS,
  outputs: {
    report: {
      kind: "html",
      placeholder: "<file.html>",
      help: "the answer with its evidence drawn, as one page to send",
      most: MOST_REPORTED,
    },
  },
  examples: [
    "ewald identify examples/olivine-quartz-simulated.xy",
    'ewald identify examples/olivine-quartz-simulated.xy --composition "MgO 45(1) SiO2 43(1) FeO 12(1) wt%" --report olivine.html',
    "ewald identify scan.raw --elements Ti,O --reference examples/rutile.cif --fit-reference 1",
    "ewald identify scans/ --wavelength CuKa12 --json > answers.jsonl",
    "ewald identify scan.xrdml --composition eds.txt",
  ],
  refuse: ({ fitReference, reference, view }, outputs) => {
    if (view !== undefined && !outputs.has("report")) {
      throw new EwaldError("usage/contradiction", "--view is of the figure of a report", {
        hint: "Add --report answer.html.",
      });
    }
    if (fitReference === undefined || (reference ?? []).length > 0) return;
    throw new EwaldError("usage/fit-reference", "--fit-reference without --reference", {
      hint: "Name the structure whose cell may change: --reference mine.cif.",
    });
  },
  inThreads: false,
};
