/** Options and outputs of `simulate`. */
import type { Texture } from "../../diffraction/texture.ts";
import { EwaldError } from "../../errors.ts";
import type { JobSpec } from "../job.ts";
import type { CodedOption, OptionSchema } from "../options.ts";
import {
  INTENSITY_SCALE,
  LP,
  MOST_CURVES,
  OFFSET,
  RADIATION_KINDS,
  SYMMETRY,
  SYMPREC,
} from "../shared-options.ts";

function badOption(flag: string, value: string, message: string): EwaldError {
  return new EwaldError("usage/bad-option", `${flag}: ${message}`, { value });
}

function parseTexture(text: string): Texture {
  const match = /^(-?\d+),(-?\d+),(-?\d+):([\d.]+)$/.exec(text.replaceAll(" ", ""));
  if (match === null) {
    throw badOption("--texture", text, `"${text}" is not h,k,l:r, such as 0,0,1:0.7`);
  }
  const hkl = [Number(match[1]), Number(match[2]), Number(match[3])] as const;
  if (hkl.every((index) => index === 0)) throw badOption("--texture", text, "0,0,0 is no plane");
  const r = Number(match[4]);
  if (r > 0) return { hkl, r };
  throw badOption("--texture", text, `"${match[4]}" is not a positive March parameter`);
}

export const SIMULATE_OPTIONS = {
  radiation: { type: "choice", choices: RADIATION_KINDS, default: "xray", help: "radiation" },
  wavelength: {
    type: "text",
    placeholder: "<line|Å>",
    help: "CuKa, MoKa1, CuKa1+CuKa2, … or Å (default CuKa for X-rays)",
  },
  twoTheta: {
    type: "range",
    unit: "°",
    least: 0,
    most: 180,
    default: [5, 90],
    help: "range of 2θ, degrees",
  },
  formFactors: {
    type: "choice",
    choices: ["international-tables", "waasmaier-kirfel", "four-gaussian", "four-gaussian-clamped"],
    default: "international-tables",
    placeholder: "<table>",
    help: "X-ray form factors",
  },
  ions: { type: "flag", help: "take ions' form factors where the file states oxidation states" },
  anomalous: { type: "flag", help: "add f' and f'' at the wavelength" },
  lp: LP,
  texture: {
    type: "coded",
    placeholder: "<h,k,l:r>",
    help: "March-Dollase preferred orientation, r = 1 is random",
    parse: parseTexture,
  } satisfies CodedOption<Texture>,
  bIso: {
    type: "number",
    unit: "Å²",
    least: 0,
    help: "displacement parameter B for all atoms, in place of the file's; 0 switches displacements off",
  },
  symprec: SYMPREC,
  symmetry: SYMMETRY,
  fwhm: {
    type: "number",
    unit: "degrees",
    above: 0,
    default: 0.12,
    help: "width of the instrument's peaks in --plot and --pattern",
  },
  size: {
    type: "number",
    unit: "Å",
    above: 0,
    help: "crystallite size that broadens the peaks further",
  },
  strain: {
    type: "number",
    unit: "Δd/d",
    above: 0,
    help: "microstrain that broadens the peaks further, 0.001 is 0.1 %",
  },
  reference: { type: "file", many: true, help: "structure to overlay in --plot, may be repeated" },
  scale: INTENSITY_SCALE,
  offset: OFFSET,
} as const satisfies OptionSchema;

export const SIMULATE: JobSpec<typeof SIMULATE_OPTIONS> = {
  name: "simulate",
  summary: "powder pattern of structures, as numbers and a picture",
  description:
    "Simulate the powder diffraction of structures (CIF, POSCAR, pymatgen JSON, OPTIMADE JSON). " +
    "Cu Kα X-rays unless said otherwise; what was assumed stands in the output.",
  inputs: "files and folders, - for standard input",
  takes: "structures",
  options: SIMULATE_OPTIONS,
  outputs: {
    plot: {
      kind: "figure",
      placeholder: "<file>",
      help: "figure as .svg or .png: curves stacked, hkl ticks below",
      most: MOST_CURVES,
    },
    pattern: {
      kind: "text",
      placeholder: "<file.xy>",
      help: "the profile as two columns, 2θ and intensity (one structure)",
      most: 2,
    },
  },
  examples: [
    "ewald simulate examples/quartz.cif",
    "ewald simulate examples/rutile.cif examples/anatase.cif --plot titania.png",
    "ewald simulate mine.cif --reference examples/quartz.cif --plot compare.svg",
    "ewald simulate structures/ --json > patterns.jsonl",
    "ewald simulate mine.cif --radiation neutron --wavelength 1.594 --two-theta 10:150",
    "ewald simulate mine.cif --wavelength CuKa1+CuKa2 --pattern mine.xy",
  ],
  refuse: ({ reference }, outputs) => {
    if (reference === undefined || outputs.has("plot")) return;
    throw new EwaldError(
      "usage/contradiction",
      "--reference is drawn in a figure, and none is asked for",
      { hint: "Add --plot figure.svg." },
    );
  },
  inThreads: true,
};
