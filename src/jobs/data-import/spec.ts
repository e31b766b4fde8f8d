/** Options and outputs of the ways of `data import`. */
import { COUNT, OUT_TABLE, pairOption, PROBLEM_REPORT } from "../data-options.ts";
import type { WholeJobSpec } from "../job.ts";
import type { OptionSchema, TextOption } from "../options.ts";

const COMMON = { out: OUT_TABLE, report: PROBLEM_REPORT } as const;

const text = <H extends string>(placeholder: string, help: H) =>
  ({ type: "text", placeholder, help }) as const satisfies TextOption;

const LOCAL = {
  ...COMMON,
  source: text("<name>", "name of the collection (default: the file's)"),
  licence: text("<licence>", "licence of the data, an SPDX identifier where there is one"),
  cite: { ...text("<citation>", "citation, may be repeated"), many: true },
} as const satisfies OptionSchema;

export const FILES_OPTIONS = LOCAL;
export const DATA_IMPORT_FILES: WholeJobSpec<typeof FILES_OPTIONS> = {
  name: "data import files",
  summary: "a folder, tar, tar.gz or zip of structure files",
  description: "Read every structure of a folder or an archive into a table.",
  arguments: [
    {
      name: "<path>",
      help: "folder, archive or one file (CIF, POSCAR, pymatgen JSON, OPTIMADE JSON)",
    },
  ],
  options: FILES_OPTIONS,
  json: false,
  examples: [
    "ewald data import files cifs/ --out mine.parquet --licence CC-BY-4.0 --cite 'A. Author (2026)'",
  ],
};

export const CSV_OPTIONS = {
  ...LOCAL,
  cifColumn: { ...text("<name>", "column of the CIF text"), default: "cif" },
  idColumn: text("<name>", "column of the id (default: material_id, id or name)"),
  label: pairOption("<column=label>", "column that holds a label, may be repeated"),
} as const satisfies OptionSchema;

export const DATA_IMPORT_CSV: WholeJobSpec<typeof CSV_OPTIONS> = {
  name: "data import csv",
  summary: "a CSV with a CIF per row (the form of MP-20)",
  description: "Read a CSV that holds a CIF in every row into a table.",
  arguments: [{ name: "<file>", help: "CSV table" }],
  options: CSV_OPTIONS,
  json: false,
  examples: ["ewald data import csv mp20.csv --out mp20.parquet --label band_gap=band_gap"],
};

export const OPTIMADE_OPTIONS = {
  ...COMMON,
  filter: text("<filter>", `OPTIMADE filter, e.g. 'elements HAS ALL "Si","O" AND nelements=2'`),
  field: { ...text("<name>", "further field to keep, may be repeated"), many: true },
  label: pairOption("<field=label>", "field that holds a label, may be repeated"),
  pageLimit: { ...COUNT, help: "entries per page" },
  licence: text("<licence>", "licence, where the server states none"),
} as const satisfies OptionSchema;

export const DATA_IMPORT_OPTIMADE: WholeJobSpec<typeof OPTIMADE_OPTIONS> = {
  name: "data import optimade",
  summary: "any OPTIMADE server",
  description:
    "Follow a server's pages to the end, politely. A killed run goes on where it stood when the same command is given again.",
  arguments: [
    {
      name: "<url>",
      help: "base address, e.g. https://optimade.materialscloud.org/main/mc3d-pbe-v1",
    },
  ],
  options: OPTIMADE_OPTIONS,
  json: false,
  examples: [],
};

export const MP_OPTIONS = {
  ...COMMON,
  query: pairOption(
    "<term=value>",
    "search term of its API, e.g. elements=Si,O or nelements=2; may be repeated",
  ),
  pageLimit: { ...COUNT, help: "entries per page, at most 1000" },
  url: text("<address>", "another address of the API"),
} as const satisfies OptionSchema;

export const DATA_IMPORT_MP: WholeJobSpec<typeof MP_OPTIONS> = {
  name: "data import mp",
  summary: "the Materials Project (key in MP_API_KEY)",
  description: "Ask the Materials Project for structures; the key stands in MP_API_KEY.",
  arguments: [],
  options: MP_OPTIONS,
  json: false,
  examples: [],
};

export const COD_OPTIONS = {
  ...COMMON,
  url: text("<address>", "another address of the database"),
} as const satisfies OptionSchema;

export const DATA_IMPORT_COD: WholeJobSpec<typeof COD_OPTIONS> = {
  name: "data import cod",
  summary: "entries of the Crystallography Open Database by number",
  description: "Fetch the listed entries of the Crystallography Open Database, politely.",
  arguments: [{ name: "<list>", help: "text file of COD numbers" }],
  options: COD_OPTIONS,
  json: false,
  examples: [],
};
