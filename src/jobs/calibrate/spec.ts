/** Options and outputs of `calibrate`. */
import { STANDARDS } from "../../fit/standards.table.ts";
import type { WholeJobSpec } from "../job.ts";
import type { OptionSchema } from "../options.ts";
import { KIND_OF_RADIATION, SCAN_WAVELENGTH, SYMMETRY } from "../shared-options.ts";

const NAMES = Object.keys(STANDARDS).join(", ");

export const CALIBRATE_OPTIONS = {
  as: {
    type: "text",
    required: true,
    placeholder: "<standard>",
    help: `${NAMES}, or a CIF of the standard`,
  },
  symmetry: SYMMETRY,
  output: {
    type: "file",
    letter: "o",
    placeholder: "<file.json>",
    help: "write the instrument there (default: standard output)",
  },
  wavelength: SCAN_WAVELENGTH,
  radiation: KIND_OF_RADIATION,
  radius: {
    type: "number",
    unit: "mm",
    above: 0,
    help: "goniometer radius, for the displacement in mm",
  },
} as const satisfies OptionSchema;

export const CALIBRATE: WholeJobSpec<typeof CALIBRATE_OPTIONS> = {
  name: "calibrate",
  summary: "a diffractometer's zero shift, displacement and resolution from a standard",
  description:
    "Compare the peaks of a scan of a standard with where they must be. The result is a small JSON that --instrument " +
    "of other commands applies.",
  arguments: [{ name: "<scan>", help: "scan of the standard, - for standard input" }],
  options: CALIBRATE_OPTIONS,
  json: true,
  examples: [
    "ewald calibrate lab6.xrdml --as LaB6 -o my-diffractometer.json",
    "ewald calibrate corundum.xy --as Al2O3 --wavelength CuKa12",
    "ewald convert scan.xrdml --instrument my-diffractometer.json -o scan.xy",
  ],
};
