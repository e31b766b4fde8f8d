/** Options and outputs of `convert`. */
import type { JobSpec } from "../job.ts";
import type { OptionSchema } from "../options.ts";
import { AXIS, SCAN_KNOWN, SCAN_STEPS, SYMMETRY, SYMPREC } from "../shared-options.ts";

export const CONVERT_OPTIONS = {
  output: {
    type: "text",
    letter: "o",
    required: true,
    placeholder: "<file>",
    help: "out.cif, out.json, out.vasp or POSCAR; of scans out.xy, out.xye, out.cif, out.json; a folder, or - for standard output, with --format",
  },
  format: {
    type: "choice",
    choices: ["xy", "xye", "pdcif", "json", "cif", "poscar", "pymatgen-json"],
    placeholder: "<format>",
    help: "format in an output folder or on standard output: cif, poscar, pymatgen-json of structures, xy, xye, pdcif, json of scans",
  },
  symprec: {
    ...SYMPREC,
    help: "structures to CIF: the space group found within this distance and one site per orbit, in its standard cell unless the input is in a tabulated one, in place of the space group that the input states",
  },
  everyAtom: { type: "flag", help: "structures to CIF: every atom, in P 1" },
  symmetry: SYMMETRY,
  ...SCAN_KNOWN,
  ...SCAN_STEPS,
  axis: { ...AXIS, help: "write scans over 2theta, d or q" },
} as const satisfies OptionSchema;

export const CONVERT: JobSpec<typeof CONVERT_OPTIONS> = {
  name: "convert",
  summary: "write a structure or a scan in another format, a scan processed on the way",
  description:
    "Convert structures (CIF, POSCAR, pymatgen JSON, OPTIMADE JSON, Parquet tables) to CIF, POSCAR or pymatgen JSON, and " +
    "powder scans (every format of docs/scan-formats.md) to columns, pdCIF or JSON, with wavelength, metadata and the " +
    "steps that were asked for in the header. Inputs are recognised by content and never written over. In an output folder " +
    "what was found in a folder or an archive keeps its place below it; of inputs with one name the second gets -2, and a warning says so.",
  inputs: "files and folders, - for standard input",
  takes: "anything",
  options: CONVERT_OPTIONS,
  outputs: {},
  examples: [
    "ewald convert quartz.cif -o POSCAR",
    "ewald convert CONTCAR -o relaxed.cif --symprec 0.01",
    "ewald convert structures/ --format pymatgen-json -o json/",
    "ewald convert scan.brml -o scan.xy",
    "ewald convert scan.brml --format xy -o - | head",
    "ewald convert scan.raw -o scan.cif --instrument my-diffractometer.json",
    "ewald convert old.xy --wavelength CoKa12 --to-wavelength CuKa12 -o as-copper.xy",
    "ewald convert series/ --format xye --background snip -o clean/",
  ],
  inThreads: true,
  writesFiles: true,
};
