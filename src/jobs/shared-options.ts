/** Options that mean the same in every job that has them. */
import { parseRadiation } from "../radiation/radiation.ts";
import type { FileOption, NumberOption } from "./options.ts";

export const RADIATION_KINDS = ["xray", "neutron", "electron"] as const;

export const SYMPREC = {
  type: "number",
  unit: "Å",
  above: 0,
  help: "distance by which an atom may miss its symmetry image (default 0.01)",
} as const satisfies NumberOption;

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

/** The name of a line or a number of Å, of any kind of radiation. @throws EwaldError as `parseRadiation` */
export function checkWavelength(text: string): void {
  parseRadiation(text);
}
