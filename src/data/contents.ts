/**
 * What the bytes of a file hold, whatever its format: structures or a powder scan. The command line and the page ask here, so
 * that the same file means the same in both.
 */
import {
  analyzeSymmetry,
  type ReadStructuresOptions,
  readStructures,
  type Structure,
  type Symmetry,
  type SymmetryOptions,
} from "../crystal/index.ts";
import { EwaldError, type Warning } from "../errors.ts";
import { readScan, type Scan } from "../scan/index.ts";

export interface StructureContent {
  readonly kind: "structure";
  /** Path of the file or table it came from. */
  readonly input: string;
  /** Data block, title line or row id. */
  readonly name?: string;
  readonly format: string;
  readonly structure: Structure;
  readonly warnings: readonly Warning[];
}

export interface ScanContent {
  readonly kind: "scan";
  readonly input: string;
  readonly name?: string;
  readonly format: string;
  readonly scan: Scan;
  readonly warnings: readonly Warning[];
}

export type Content = StructureContent | ScanContent;

export interface Contents {
  readonly contents: readonly Content[];
  /** What of the input could not be read, beside what could. */
  readonly failures: readonly EwaldError[];
}

/** Codes with which the structure readers say that a file is none of theirs: it may be a scan. */
export const NO_STRUCTURE: ReadonlySet<string> = new Set([
  "read/unrecognised",
  "read/other-file",
  "cif/no-structure",
  "json/no-structure",
]);

/**
 * Of a CIF that holds a structure and a powder pattern, `"anything"` takes the structure, `"scan"` the pattern, and
 * `"one-kind"` refuses it.
 */
export type WantedContent = "anything" | "scan" | "one-kind";

/**
 * Needs `await loadSymmetry()`.
 * @param input name of the file, for messages
 * @throws EwaldError `read/two-kinds` where one kind was wanted; of the readers, where nothing could be read
 */
export function readContents(
  bytes: Uint8Array,
  input: string,
  wanted: WantedContent = "anything",
): Contents {
  if (wanted === "scan") {
    const { scan, format, warnings } = readScan(bytes, { name: input });
    return { contents: [{ kind: "scan", input, format, scan, warnings }], failures: [] };
  }
  try {
    const read = structureContents(bytes, { name: input });
    if (wanted === "one-kind" && read.contents[0]?.format === "cif") refuseScan(bytes, input);
    return read;
  } catch (error) {
    if (!(error instanceof EwaldError) || !NO_STRUCTURE.has(error.code)) throw error;
    return { contents: [scanContent(bytes, input, error)], failures: [] };
  }
}

/** @throws EwaldError `read/two-kinds` where a CIF whose structure was read holds a powder pattern too */
function refuseScan(bytes: Uint8Array, input: string): void {
  try {
    readScan(bytes, { name: input });
  } catch (error) {
    if (error instanceof EwaldError) return;
    throw error;
  }
  throw new EwaldError("read/two-kinds", "this CIF holds a structure and a powder pattern", {
    source: input,
    hint: "Say which one is meant by the format: cif and pymatgen-json are structures, pdcif and json scans.",
  });
}

function scanContent(bytes: Uint8Array, input: string, noStructure: EwaldError): ScanContent {
  try {
    const { scan, format, warnings } = readScan(bytes, { name: input });
    return { kind: "scan", input, format, scan, warnings };
  } catch (error) {
    // Neither: of two refusals, the one that knows more of the file.
    const saysLittle =
      error instanceof EwaldError &&
      (error.code === "scan/unknown-format" ||
        (error.code === "scan/not-a-scan" && /^(?:cif|json)\//.test(noStructure.code)));
    if (saysLittle && noStructure.code === "read/unrecognised") {
      throw new EwaldError(
        noStructure.code,
        "neither a structure nor a powder scan was recognised",
        {
          ...noStructure.details,
          hint: "Structures are CIF, POSCAR, pymatgen JSON or OPTIMADE JSON; scans are two columns of numbers or an instrument's file.",
        },
      );
    }
    throw saysLittle ? noStructure : error;
  }
}

function structureContents(
  bytes: Uint8Array,
  options: ReadStructuresOptions & { readonly name: string },
): Contents {
  const { format, structures, failures } = readStructures(bytes, options);
  const contents = structures.map(({ structure, name, warnings }) => ({
    kind: "structure" as const,
    input: options.name,
    ...(name === "" ? {} : { name }),
    format,
    structure,
    warnings,
  }));
  return { contents, failures };
}

/** Symmetry where it can be found; where not, the structure still scatters and the warning says why. */
export function symmetryOrWarning(
  structure: Structure,
  options: SymmetryOptions = {},
): { readonly symmetry: Symmetry | undefined; readonly warnings: readonly Warning[] } {
  try {
    return { symmetry: analyzeSymmetry(structure, options), warnings: [] };
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return { symmetry: undefined, warnings: [{ code: error.code, message: error.message }] };
  }
}

/** @throws EwaldError `read/wrong-kind` for a scan */
export function requireStructure(content: Content): StructureContent {
  if (content.kind === "structure") return content;
  throw new EwaldError("read/wrong-kind", "this is a measured scan, not a structure", {
    source: content.input,
    hint: "ewald identify finds structures to a scan; ewald read and ewald convert take scans too.",
  });
}

/** @throws EwaldError `read/wrong-kind` for a structure */
export function requireScan(content: Content): ScanContent {
  if (content.kind === "scan") return content;
  throw new EwaldError("read/wrong-kind", "this is a structure, not a measured scan", {
    source: content.input,
    hint: "ewald simulate gives the pattern of a structure.",
  });
}
