/**
 * One door for every structure format: what a file is, is decided by its content, never by its name.
 * gzip is unpacked (with a bound). What is no structure is refused by the name of what it is (`formats/signatures.ts`).
 */
import { EwaldError, withSource } from "../../errors.ts";
import { decodeInstrumentText } from "../../formats/instrument-text.ts";
import { signatureOf, unpacked } from "../../formats/signatures.ts";
import {
  type CifStructureOptions,
  readCifStructures,
  type ReadStructure,
} from "../cif/structure.ts";
import { readJsonStructures } from "./json-structure.ts";
import { readPoscar } from "./poscar.ts";

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
    return read(typeof input === "string" ? input : unpacked(input), options);
  } catch (error) {
    throw options.name === undefined ? error : withSource(error, options.name);
  }
}

function read(input: Uint8Array | string, options: CifStructureOptions): ReadStructures {
  const { format, kinds, what } = signatureOf(input);
  switch (format) {
    case "cif":
      return { format, ...readCifStructures(input, options) };
    case "poscar":
      return { format, structures: [readPoscar(input)], failures: [] };
    case "json":
      return readJsonStructures(input);
    case "empty":
      throw new EwaldError("read/empty", "the input is empty", { line: 1 });
    default:
  }
  const isKnown = kinds.length > 0 && format !== "text";
  if (isKnown) {
    throw new EwaldError("read/other-file", `this is ${what}, not a crystal structure`, {
      value: what,
      byte: 0,
    });
  }
  throw new EwaldError("read/unrecognised", "no structure format was recognised", {
    value: (typeof input === "string" ? input : decodeInstrumentText(input.subarray(0, 400)))
      .trimStart()
      .slice(0, 40),
    hint: "Known are CIF, POSCAR, pymatgen JSON and OPTIMADE JSON.",
  });
}
