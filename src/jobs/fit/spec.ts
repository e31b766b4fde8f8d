/** Options and outputs of `fit`. */
import { EwaldError } from "../../errors.ts";
import type { Vec3 } from "../../math/matrix3.ts";
import type { JobSpec } from "../job.ts";
import type { CodedOption, OptionSchema } from "../options.ts";
import { INTENSITY_SCALE, LP, SCAN_KNOWN, SYMMETRY } from "../shared-options.ts";

/** The plane of a preferred orientation; without a phase it is that of the only one. */
export interface TexturePlane {
  readonly phase?: string;
  readonly hkl: Vec3;
}

/** @throws EwaldError `usage/bad-option` */
function parsePlane(text: string): TexturePlane {
  const match = /^(?:(.+):)?(-?\d+),(-?\d+),(-?\d+)$/.exec(text.replaceAll(" ", ""));
  const hkl = [Number(match?.[2]), Number(match?.[3]), Number(match?.[4])] as const;
  if (match === null || hkl.every((index) => index === 0)) {
    throw new EwaldError("usage/bad-option", `--texture: "${text}" is no plane`, {
      value: text,
      hint: "Write h,k,l such as 0,0,1, or with several phases calcite:1,0,4.",
    });
  }
  return { hkl, ...(match[1] === undefined ? {} : { phase: match[1] }) };
}

/** @throws EwaldError `usage/bad-option` */
function parseExcluded(text: string): readonly [number, number] {
  const [from = NaN, to = NaN, ...rest] = text.split(":").map(Number);
  if (from < to && rest.length === 0) return [from, to];
  throw new EwaldError("usage/bad-option", `--exclude: "${text}" is no range of 2θ`, {
    value: text,
    unit: "°",
    hint: "Write FROM:TO, such as 20:22.",
  });
}

export const FIT_OPTIONS = {
  phase: {
    type: "file",
    many: true,
    required: true,
    help: "structure of a phase in the scan, may be repeated: a file, or an id of ewald library such as mp-390; it is called by its name or id",
  },
  ...SCAN_KNOWN,
  instrument: {
    ...SCAN_KNOWN.instrument,
    help: "shift and widths of the diffractometer as ewald calibrate found them: what is fitted comes on top",
  },
  leBail: {
    type: "flag",
    help: "heights as the scan has them (Le Bail): cells and widths without atoms, no amounts",
  },
  free: {
    type: "list",
    choices: ["cell", "shift", "width", "asymmetry", "size", "strain", "texture", "b"],
    placeholder: "<groups>",
    help: "what may change (default: everything that applies)",
  },
  texture: {
    type: "coded",
    many: true,
    placeholder: "<[phase:]h,k,l>",
    help: "plane of a preferred orientation to fit (March-Dollase), may be repeated",
    parse: parsePlane,
  } satisfies CodedOption<TexturePlane>,
  shift: {
    type: "choice",
    choices: ["displacement", "zero"],
    default: "displacement",
    placeholder: "<which>",
    help: "the error of the angles that is fitted: of the specimen's height, or of the zero",
  },
  lp: LP,
  anomalous: {
    type: "choice",
    choices: ["on", "off"],
    default: "on",
    help: "f' and f'' of X-rays at the wavelength",
  },
  ions: { type: "flag", help: "take ions' form factors where the file states oxidation states" },
  exclude: {
    type: "coded",
    many: true,
    placeholder: "<from:to>",
    help: "range of 2θ that is left out, degrees, may be repeated",
    parse: parseExcluded,
  } satisfies CodedOption<readonly [number, number]>,
  backgroundTerms: {
    type: "number",
    unit: "",
    whole: true,
    least: 1,
    most: 36,
    default: 8,
    help: "terms of the background",
  },
  cells: {
    type: "choice",
    choices: ["match", "given"],
    default: "match",
    help: "where cells start: lines laid on the scan first, axes within 2 %, or as the files have them",
  },
  symmetry: SYMMETRY,
  scale: INTENSITY_SCALE,
} as const satisfies OptionSchema;

/** A stack of fits in one figure would show none. */
const MOST_DRAWN = 1;
/** Blocks of one CIF. */
const MOST_WRITTEN = 1000;

export const FIT: JobSpec<typeof FIT_OPTIONS> = {
  name: "fit",
  summary: "cells, amounts and widths of known phases in powder scans",
  description:
    "Fit the patterns of one or several phases to whole powder scans by least squares: cells, weight fractions, crystallite size, " +
    "strain, texture, displacement parameters, each with its uncertainty, and what the phases leave unexplained.",
  inputs: "scans and folders, - for standard input",
  takes: "scans",
  options: FIT_OPTIONS,
  outputs: {
    plot: {
      kind: "figure",
      placeholder: "<file>",
      help: "figure as .svg or .png: scan, calculated curve, lines of each phase, difference",
      most: MOST_DRAWN,
    },
    cif: {
      kind: "text",
      placeholder: "<file.cif>",
      help: "the structures with their fitted cells, a data block for each",
      most: MOST_WRITTEN,
    },
  },
  examples: [
    "ewald fit examples/quartz-simulated.xy --phase examples/quartz.cif",
    "ewald fit examples/olivine-quartz-simulated.xy --phase examples/olivine.cif --phase examples/quartz.cif --plot fit.svg --cif fitted.cif",
    "ewald fit scan.xrdml --phase calcite.cif --texture 1,0,4 --lp monochromator:26.6 --exclude 43:44.5",
    "ewald fit scan.xrdml --phase mine.cif --le-bail --json",
    "ewald fit scans/ --phase rutile.cif --phase anatase.cif --instrument instrument.json --json > fits.jsonl",
  ],
  inThreads: true,
};
