/** What an input holds, whatever its format: the structures or the scan of a file, the rows of a table. */
import {
  type Structure,
  type Symmetry,
  analyzeSymmetry,
  loadSymmetry,
  readStructures,
} from "../crystal/index.ts";
import { EwaldError, type Warning } from "../errors.ts";
import { readScan, type Scan } from "../scan/index.ts";
import { type Input, readBytes } from "./inputs.ts";

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

export interface SymmetryOptions {
  readonly symprecAngstrom?: number;
}

export interface Contents {
  readonly contents: readonly Content[];
  /** What of the input could not be read, beside what could. */
  readonly failures: readonly EwaldError[];
}

/**
 * @param wanted `"scan"` takes the powder pattern of a CIF that holds a structure too.
 * @throws EwaldError of the readers, where nothing could be read
 */
export async function loadContents(
  input: Input,
  wanted: "anything" | "scan" = "anything",
): Promise<Contents> {
  await loadSymmetry();
  if (input.kind === "rows") return { contents: input.contents, failures: [] };
  const bytes = await readBytes(input.path);
  if (wanted === "scan") {
    const { scan, format, warnings } = readScan(bytes, { name: input.path });
    return {
      contents: [{ kind: "scan", input: input.path, format, scan, warnings }],
      failures: [],
    };
  }
  try {
    return structureContents(bytes, input.path);
  } catch (error) {
    if (!(error instanceof EwaldError) || !NO_STRUCTURE.has(error.code)) throw error;
    return { contents: [scanContent(bytes, input.path, error)], failures: [] };
  }
}

/** Codes with which the structure readers say that a file is none of theirs: it may be a scan. */
const NO_STRUCTURE: ReadonlySet<string> = new Set([
  "read/unrecognised",
  "read/other-file",
  "cif/no-structure",
  "json/no-structure",
]);

function scanContent(bytes: Uint8Array, path: string, noStructure: EwaldError): ScanContent {
  try {
    const { scan, format, warnings } = readScan(bytes, { name: path });
    return { kind: "scan", input: path, format, scan, warnings };
  } catch (error) {
    // Neither: of two refusals, the one that knows more of the file.
    const saysLittle =
      error instanceof EwaldError &&
      (error.code === "scan/unknown-format" ||
        (error.code === "scan/not-a-scan" && /^(?:cif|json)\//.test(noStructure.code)));
    throw saysLittle ? noStructure : error;
  }
}

function structureContents(bytes: Uint8Array, path: string): Contents {
  const { format, structures, failures } = readStructures(bytes, { name: path });
  const contents = structures.map(({ structure, name, warnings }) => ({
    kind: "structure" as const,
    input: path,
    ...(name === "" ? {} : { name }),
    format,
    structure,
    warnings,
  }));
  return { contents, failures };
}

/** @throws EwaldError `read/wrong-kind` for a scan */
export function requireStructure(content: Content): StructureContent {
  if (content.kind === "structure") return content;
  throw new EwaldError("read/wrong-kind", "this is a measured scan, not a structure", {
    source: content.input,
    hint: "ewald read and ewald convert take scans.",
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

/** Symmetry where it can be found; where not, the structure still scatters and the warning says why. */
export function symmetryOrWarning(
  structure: Structure,
  options: SymmetryOptions,
): { readonly symmetry: Symmetry | undefined; readonly warnings: readonly Warning[] } {
  try {
    return { symmetry: analyzeSymmetry(structure, options), warnings: [] };
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return { symmetry: undefined, warnings: [{ code: error.code, message: error.message }] };
  }
}
