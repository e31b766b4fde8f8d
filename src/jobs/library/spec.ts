/** Options of the commands below `ewald library`. */
import { EwaldError } from "../../errors.ts";
import type { JobSpec, WholeJobSpec } from "../job.ts";
import type { ListOption, OptionSchema, TextOption } from "../options.ts";
import { ELEMENTS, SCAN_KNOWN } from "../shared-options.ts";

/** The libraries that are asked. */
const LIBRARY = {
  type: "list",
  placeholder: "<names>",
  help: "libraries of known phases, your own by name: mine,shipped (default: shipped)",
} as const satisfies ListOption;

const PHASE = { name: "<id>", help: "id of a phase, such as mp-390" } as const;

export const LIBRARY_SEARCH_OPTIONS = {
  ...ELEMENTS,
  ...SCAN_KNOWN,
  library: LIBRARY,
  most: {
    type: "number",
    unit: "",
    whole: true,
    least: 1,
    most: 200,
    default: 20,
    help: "phases in the answer",
  },
} as const satisfies OptionSchema;

export const LIBRARY_SEARCH: JobSpec<typeof LIBRARY_SEARCH_OPTIONS> = {
  name: "library search",
  summary: "known phases whose lines a scan shows",
  description:
    "Search the known phases by the peaks of a scan and by what is known of the elements. Phases that the scan cannot tell apart are one " +
    "answer with its members. The gap to the next answer says how sure the first is; the score alone does not.",
  inputs: "scans and folders, - for standard input",
  takes: "scans",
  options: LIBRARY_SEARCH_OPTIONS,
  outputs: {},
  examples: [
    "ewald library search examples/quartz-simulated.xy --elements Si,O",
    "ewald library search examples/olivine-quartz-simulated.xy --must Mg,Si,O --most 5 --json",
  ],
  inThreads: false,
};

export const LIBRARY_LIST_OPTIONS = {
  subSystems: { type: "flag", help: "phases of fewer of these elements, too" },
  library: LIBRARY,
} as const satisfies OptionSchema;

export const LIBRARY_LIST: WholeJobSpec<typeof LIBRARY_LIST_OPTIONS> = {
  name: "library list",
  summary: "known phases of a chemical system",
  description:
    "List the known phases of a chemical system with space group, cell volume, energy above the hull and source.",
  arguments: [{ name: "<system>", help: "elements: Li-Mn-O" }],
  options: LIBRARY_LIST_OPTIONS,
  json: true,
  examples: ["ewald library list Ti-O", "ewald library list Li-Mn-O --sub-systems --json"],
};

export const LIBRARY_SHOW_OPTIONS = { library: LIBRARY } as const satisfies OptionSchema;

export const LIBRARY_SHOW: WholeJobSpec<typeof LIBRARY_SHOW_OPTIONS> = {
  name: "library show",
  summary: "what is known of a phase",
  description: "Show a phase: formula, name, space group, cell, sites, source and reference.",
  arguments: [PHASE],
  options: LIBRARY_SHOW_OPTIONS,
  json: true,
  examples: ["ewald library show mp-390"],
};

const OUTPUT = {
  type: "text",
  placeholder: "<file>",
  letter: "o",
  required: true,
  help: "file to write: x.cif, or x.vasp or POSCAR; - for a CIF on standard output",
} as const satisfies TextOption;

export const LIBRARY_EXPORT_OPTIONS = {
  output: OUTPUT,
  library: LIBRARY,
} as const satisfies OptionSchema;

export const LIBRARY_EXPORT: WholeJobSpec<typeof LIBRARY_EXPORT_OPTIONS> = {
  name: "library export",
  summary: "a phase as CIF or POSCAR",
  description: "Write a phase as CIF, with its space group, or as POSCAR.",
  arguments: [PHASE],
  options: LIBRARY_EXPORT_OPTIONS,
  json: true,
  examples: ["ewald library export mp-390 -o anatase.cif"],
};

export const LIBRARY_BUILD_OPTIONS = {
  from: {
    type: "file",
    placeholder: "<path>",
    required: true,
    help: "folder or archive of structures (CIF and others), or a table of them (Parquet)",
  },
  name: {
    type: "text",
    placeholder: "<name>",
    required: true,
    help: "name of the library; one of the same name is replaced",
    check(name: string): void {
      if (name !== "shipped") return;
      throw new EwaldError("library/name", "the library called shipped is that of Ewald", {
        value: name,
        hint: "Take another name: --library mine,shipped then asks both.",
      });
    },
  },
  models: {
    type: "file",
    placeholder: "<folder>",
    help: "folder of models (default: EWALD_MODELS, or the user's data folder)",
  },
} as const satisfies OptionSchema;

export const LIBRARY_BUILD: WholeJobSpec<typeof LIBRARY_BUILD_OPTIONS> = {
  name: "library build",
  summary: "a library of your own structures",
  description:
    "Make a library of known phases out of your own structures: CIFs of the laboratory, a download of the COD, a table of " +
    "the importers. Its phases are searched, shown and exported as those that come with Ewald.",
  arguments: [],
  options: LIBRARY_BUILD_OPTIONS,
  json: true,
  examples: [
    "ewald library build --from cifs/ --name mine",
    "ewald library search scan.xy --library mine,shipped",
  ],
};
