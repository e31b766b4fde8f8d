/** What an input holds, whatever its format: the structures of a file or the rows of a table. */
import {
  type Structure,
  type Symmetry,
  analyzeSymmetry,
  loadSymmetry,
  readStructures,
} from "../crystal/index.ts";
import { EwaldError, type Warning } from "../errors.ts";
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

export interface SymmetryOptions {
  readonly symprecAngstrom?: number;
}

export interface Contents {
  readonly contents: readonly StructureContent[];
  /** What of the input could not be read, beside what could. */
  readonly failures: readonly EwaldError[];
}

/** @throws EwaldError of the readers, where nothing could be read */
export async function loadContents(input: Input): Promise<Contents> {
  await loadSymmetry();
  if (input.kind === "rows") return { contents: input.contents, failures: [] };
  const bytes = await readBytes(input.path);
  const { format, structures, failures } = readStructures(bytes, { name: input.path });
  const contents = structures.map(({ structure, name, warnings }) => ({
    kind: "structure" as const,
    input: input.path,
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
  options: SymmetryOptions,
): { readonly symmetry: Symmetry | undefined; readonly warnings: readonly Warning[] } {
  try {
    return { symmetry: analyzeSymmetry(structure, options), warnings: [] };
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return { symmetry: undefined, warnings: [{ code: error.code, message: error.message }] };
  }
}
