/** Options that mean the same in every job that has them. */
import { UNSEEN_BY_EDS } from "../crystal/composition/unseen-by-eds.ts";
import { EwaldError } from "../errors.ts";
import type { AxisKind } from "../radiation/axis.ts";
import type { LorentzPolarisation } from "../radiation/polarisation.ts";
import {
  type ChoiceOption,
  type CodedOption,
  type FileOption,
  type ListOption,
  type NumberOption,
  type OptionSchema,
  type RangeOption,
  type TextOption,
  wordsOf,
} from "./options.ts";

export const RADIATION_KINDS = ["xray", "neutron", "electron"] as const;

export const SYMPREC = {
  type: "number",
  unit: "Å",
  above: 0,
  help: "distance by which an atom may miss its symmetry image (default 0.01)",
} as const satisfies NumberOption;

export const SYMMETRY = {
  type: "choice",
  choices: ["listed", "declared"],
  placeholder: "<which>",
  help: "which to believe where the operations that a CIF lists and the space group that it names contradict (refused unless said)",
} as const satisfies ChoiceOption;

/** Questions on a structure. */
export const STRUCTURE_TASKS = {
  type: "list",
  choices: ["metal", "bulk", "shear", "stable", "system"],
  placeholder: "<tasks>",
} as const satisfies Omit<ListOption, "help">;

export const MODELS = {
  type: "file",
  placeholder: "<folder>",
  help: "folder of models (default: those that come with Ewald)",
} as const satisfies FileOption;

export const THREADS = {
  type: "number",
  unit: "",
  whole: true,
  least: 1,
  help: "threads of the networks (default: all cores)",
} as const satisfies NumberOption;

export const KIND_OF_RADIATION = {
  type: "choice",
  choices: RADIATION_KINDS,
  placeholder: "<kind>",
  help: "kind of radiation",
} as const satisfies ChoiceOption;

export const SCAN_WAVELENGTH = {
  type: "text",
  placeholder: "<line|Å>",
  help: "of the scan, where its file states none or you know better (a warning says where they differ): CuKa12, CoKa1, 1.5406",
} as const satisfies TextOption;

const AXES_BY_WORD: Readonly<Record<string, AxisKind>> = {
  "2theta": "twoTheta",
  twotheta: "twoTheta",
  d: "d",
  q: "q",
};

/** An axis by the words people use. @throws EwaldError `usage/axis` */
function parseAxis(text: string): AxisKind {
  const kind = AXES_BY_WORD[text.trim().toLowerCase()];
  return kind ?? refuseAxis(text, "2theta, d or q");
}

function checkAxis(kind: AxisKind): void {
  if (!Object.values(AXES_BY_WORD).includes(kind)) refuseAxis(kind, "twoTheta, d or q");
}

function refuseAxis(given: string, wanted: string): never {
  throw new EwaldError("usage/axis", `"${given}" is no axis`, {
    value: given,
    hint: `Give ${wanted}.`,
  });
}

export const AXIS = {
  type: "coded",
  placeholder: "<axis>",
  help: "show scans over 2theta, d or q",
  parse: parseAxis,
  check: checkAxis,
} as const satisfies CodedOption<AxisKind>;

/** Options for facts of scans that their files do not state. */
export const SCAN_KNOWN = {
  wavelength: SCAN_WAVELENGTH,
  radiation: { ...KIND_OF_RADIATION, help: "kind of radiation of scans" },
  instrument: {
    type: "file",
    placeholder: "<file.json>",
    help: "correct scans for what ewald calibrate found of the diffractometer",
  },
} as const satisfies OptionSchema;

/** What is done to scans, in the one order that it has. */
export const SCAN_STEPS = {
  removeOutliers: { type: "flag", help: "replace spikes of a single point" },
  merge: {
    type: "number",
    unit: "units of the axis",
    above: 0,
    placeholder: "<step>",
    help: "merge ranges on an even grid",
  },
  stripKa2: { type: "flag", help: "remove Kα2 (Rachinger)" },
  background: {
    type: "choice",
    choices: ["snip", "airpls"],
    placeholder: "<method>",
    help: "subtract the background",
  },
  smooth: {
    type: "number",
    unit: "",
    whole: true,
    odd: true,
    least: 5,
    placeholder: "<points>",
    help: "Savitzky-Golay over so many points, odd",
  },
  toWavelength: {
    type: "text",
    placeholder: "<line|Å>",
    help: "2θ of another radiation, intensities by the Lorentz-polarisation ratio",
  },
  axis: AXIS,
  range: { type: "range", unit: "", help: "keep this part of the axis" },
  step: {
    type: "number",
    unit: "units of the axis",
    above: 0,
    placeholder: "<step>",
    help: "even grid, area conserved",
  },
  normalise: {
    type: "choice",
    choices: ["maximum", "area", "monitor", "time"],
    placeholder: "<to>",
    help: "scale of the intensities",
  },
} as const satisfies OptionSchema;

function badPolarisation(value: string, message: string): EwaldError {
  return new EwaldError("usage/bad-option", `--lp: ${message}`, { value });
}

function parsePolarisation(text: string): LorentzPolarisation {
  const [kind, angle] = text.split(":");
  if (kind === "monochromator") {
    const twoThetaDeg = angle === undefined || angle.trim() === "" ? Number.NaN : Number(angle);
    if (twoThetaDeg > 0 && twoThetaDeg < 180) return { kind, twoThetaDeg };
    throw badPolarisation(
      text,
      `"${text}" names no angle 2θ of a monochromator above 0 and below 180°`,
    );
  }
  if ((kind === "unpolarised" || kind === "lorentz" || kind === "none") && angle === undefined) {
    return { kind };
  }
  throw badPolarisation(text, `"${text}" is not unpolarised, lorentz, none or monochromator:2θ`);
}

export const LP = {
  type: "coded",
  placeholder: "<factor>",
  help: "unpolarised, lorentz, none, or monochromator:2θ (default by radiation)",
  parse: parsePolarisation,
} as const satisfies CodedOption<LorentzPolarisation>;

export const INTENSITY_SCALE = {
  type: "choice",
  choices: ["linear", "sqrt", "log"],
  default: "linear",
  placeholder: "<scale>",
  help: "intensity scale of --plot",
} as const satisfies ChoiceOption;

export const VIEW = {
  type: "range",
  unit: "",
  help: "part of the axis that the figure shows (default: all)",
} as const satisfies RangeOption;

export const OFFSET = {
  type: "number",
  unit: "fraction",
  above: 0,
  default: 1,
  help: "distance of stacked curves, 1 is a full height",
} as const satisfies NumberOption;

/** More curves than this in one figure are lines nobody can tell apart. */
export const MOST_CURVES = 40;

const ELEMENT_LIST = {
  type: "list",
  placeholder: "<elements>",
} as const satisfies Omit<ListOption, "help">;

function parseElements(text: string): readonly string[] {
  const elements = wordsOf(text);
  if (elements.length > 0) return elements;
  throw new EwaldError("usage/bad-option", `--any-of: "${text}" is not a list`, { value: text });
}

/** Options for a person's knowledge of the elements in a sample. */
export const ELEMENTS = {
  composition: {
    type: "text",
    orFile: true,
    placeholder: "<text|file>",
    help: 'measured composition with errors, "Ti 33.1±0.5 O 66.9±1.0 at%", TiO2, wt%, or a file that holds one, such as the table of an EDS program, - for standard input',
  },
  elements: {
    ...ELEMENT_LIST,
    help: `an analysis: these are there, what an EDS does not see (${UNSEEN_BY_EDS.join(", ")}) may be, nothing else is: Ti,O`,
  },
  must: { ...ELEMENT_LIST, help: "elements that are there: Ti,O; what else is, stays open" },
  may: {
    ...ELEMENT_LIST,
    help: "elements that may be there; with it nothing else is but --must",
  },
  anyOf: {
    type: "coded",
    many: true,
    placeholder: "<elements>",
    help: "at least one of these is there, may be repeated",
    parse: parseElements,
  },
  never: { ...ELEMENT_LIST, help: "elements that are not there" },
} as const satisfies OptionSchema;
