/**
 * One door for every structure format: what a file is, is decided by its content, never by its name.
 * gzip is unpacked (with a bound). What is no structure is refused by the name of what it is.
 */
import { EwaldError, withSource } from "../../errors.ts";
import { looksLikeJson } from "../../formats/instrument-text.ts";
import { gunzip, isGzip } from "../../formats/zip.ts";
import {
  type CifStructureOptions,
  readCifStructures,
  type ReadStructure,
} from "../cif/structure.ts";
import { readJsonStructures } from "./json-structure.ts";
import { looksLikePoscar, readPoscar } from "./poscar.ts";

export type StructureFormat = "cif" | "poscar" | "pymatgen-json" | "optimade-json";

export interface ReadStructuresOptions extends CifStructureOptions {
  /** Name of the input, for messages. */
  readonly name?: string;
}

/** The contents of a structure file: its format, the structures, and those that could not be read. */
export interface ReadStructures {
  readonly format: StructureFormat;
  readonly structures: readonly ReadStructure[];
  /** Structures of the same file that could not be read; those above could. */
  readonly failures: readonly EwaldError[];
}

/**
 * All structures of a CIF, POSCAR, pymatgen JSON or OPTIMADE JSON, recognised by content; gzip is unpacked. Cells in Å, positions
 * as fractions of the cell.
 * @throws EwaldError `read/empty`, `read/unrecognised`, `read/other-file` (the value says what it is), and the
 * codes of the reader of the format
 * @example
 * ```js
 * import { readFile } from "node:fs/promises";
 * import { readStructures } from "ewald";
 *
 * const { format, structures } = readStructures(await readFile("examples/rutile.cif"));
 * console.log(format, structures[0].structure.sites.length); // cif 6
 * ```
 */
export function readStructures(
  input: Uint8Array | string,
  options: ReadStructuresOptions = {},
): ReadStructures {
  try {
    return read(typeof input !== "string" && isGzip(input) ? gunzip(input) : input, options);
  } catch (error) {
    throw options.name === undefined ? error : withSource(error, options.name);
  }
}

function read(input: Uint8Array | string, options: CifStructureOptions): ReadStructures {
  const head = headOf(input);
  const other = knownOther(head);
  if (other !== undefined) {
    throw new EwaldError("read/other-file", `this is ${other}, not a crystal structure`, {
      value: other,
      byte: 0,
    });
  }
  const start = head.trimStart();
  if (start === "") throw new EwaldError("read/empty", "the input is empty", { line: 1 });
  if (looksLikeJson(start)) return readJsonStructures(input);
  if (looksLikePoscar(head)) {
    return { format: "poscar", structures: [readPoscar(input)], failures: [] };
  }
  if (looksLikeCif(head)) return { format: "cif", ...readCifStructures(input, options) };
  throw new EwaldError("read/unrecognised", "no structure format was recognised", {
    value: start.slice(0, 40),
    hint: "Known are CIF, POSCAR, pymatgen JSON and OPTIMADE JSON.",
  });
}

/** Enough for the longest honest preamble of comments before a CIF's first data block. */
const HEAD_BYTES = 65_536;

function headOf(input: Uint8Array | string): string {
  if (typeof input === "string") return input.slice(0, HEAD_BYTES);
  const encoding =
    input[0] === 0xff && input[1] === 0xfe
      ? "utf-16le"
      : input[0] === 0xfe && input[1] === 0xff
        ? "utf-16be"
        : "latin1";
  const text = new TextDecoder(encoding).decode(input.subarray(0, HEAD_BYTES));
  return text.replace(/^(?:\ufeff|ï»¿)/, "");
}

function looksLikeCif(head: string): boolean {
  return (
    /^[ \t]*(?:data_|loop_|global_|save_|_[A-Za-z][\w.[\]/-]*(?:\s|$))/im.test(head) ||
    head.startsWith("#\\#CIF")
  );
}

const OTHER_FILES: readonly (readonly [RegExp, string])[] = [
  [/^\u0089PNG/, "a PNG image"],
  [/^ÿØÿ/, "a JPEG image"],
  [/^(?:II\*\0|MM\0\*)/, "a TIFF image"],
  [/^GIF8/, "a GIF image"],
  [/^%PDF/, "a PDF document"],
  [/^PK[^\w\s]{2}/, "a ZIP archive"],
  [/^PAR1/, "a Parquet table"],
  [/^RAW[ 1-4]/, "a Bruker RAW scan"],
  [/^\s*<(?:\?xml|!DOCTYPE|html|xrdMeasurement)/i, "an XML or HTML document"],
  [/^\*RAS_/, "a Rigaku scan"],
];

function knownOther(head: string): string | undefined {
  return OTHER_FILES.find(([pattern]) => pattern.test(head))?.[1];
}
