/** Options that mean the same in every job that has them. */
import type { ChoiceOption, FileOption, NumberOption, TextOption } from "./options.ts";

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
