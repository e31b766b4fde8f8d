/**
 * The contents of a file's bytes, whatever its format: structures or a powder scan. The command line and the page ask here, so
 * that the same file means the same in both.
 */
import type { ContradictionChoice } from "../crystal/cif/symmetry.ts";
import { readStructures, type ReadStructuresOptions } from "../crystal/io/read-structures.ts";
import type { Structure } from "../crystal/structure.ts";
import {
  analyzeSymmetry,
  type Symmetry,
  type SymmetryOptions,
} from "../crystal/symmetry/symmetry.ts";
import { EwaldError, type Warning } from "../errors.ts";
import { compositionOfBytes } from "./composition-of-bytes.ts";
import { gunzip, isGzip } from "../formats/zip.ts";
import { readScan } from "../scan/read.ts";
import { pointCount, type Scan } from "../scan/scan.ts";

/** A crystal structure that a file held. */
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

/** A powder scan that a file held. */
export interface ScanContent {
  readonly kind: "scan";
  readonly input: string;
  readonly name?: string;
  readonly format: string;
  readonly scan: Scan;
  readonly warnings: readonly Warning[];
}

/** One thing that a file held: a structure or a scan. */
export type Content = StructureContent | ScanContent;

/** Everything that a file held. */
export interface Contents {
  readonly contents: readonly Content[];
  /** Reasons why parts of the input could not be read. */
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
 * The content that is wanted. Of a CIF with a structure and a powder pattern, `"everything"` takes both, `"anything"` the structure, with a
 * warning, `"scan"` the pattern, and `"one-kind"` refuses it.
 */
export type WantedContent = "everything" | "anything" | "scan" | "one-kind";

export interface ReadContentsOptions {
  /** `"anything"` unless said. */
  readonly wanted?: WantedContent;
  /** Which to believe where listed operations and declared space group contradict; refused unless said. */
  readonly symmetry?: Exclude<ContradictionChoice, "refuse">;
}

/**
 * Structures and scans of a file's bytes, whatever its format: it is recognised by content. Needs `await loadSymmetry()`.
 * @param input name of the file, for messages
 * @throws EwaldError `read/two-kinds` where one kind was wanted; of the readers, where nothing could be read
 * @example
 * ```js
 * import { readFile } from "node:fs/promises";
 * import { readContents } from "ewald";
 * import { loadSymmetry } from "ewald/crystal";
 *
 * await loadSymmetry();
 * const path = "examples/calcite.cif";
 * const { contents } = readContents(await readFile(path), path);
 * console.log(contents[0].kind, contents[0].format); // structure cif
 * ```
 */
export function readContents(
  bytes: Uint8Array,
  input: string,
  { wanted = "anything", symmetry }: ReadContentsOptions = {},
): Contents {
  if (wanted === "scan") return { contents: [scanOf(bytes, input)], failures: [] };
  let read: Contents;
  try {
    read = structureContents(bytes, {
      name: input,
      ...(symmetry === undefined ? {} : { contradiction: symmetry }),
    });
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    if (NO_STRUCTURE.has(error.code)) {
      return { contents: [scanContent(bytes, input, error)], failures: [] };
    }
    if (wanted === "one-kind") throw error;
    return profileOfBroken(bytes, input, error);
  }
  const [first, ...others] = read.contents;
  if (first?.format !== "cif" || !namesProfile(bytes)) return read;
  let profile: ScanContent;
  try {
    profile = scanOf(bytes, input);
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    const isBroken = wanted === "everything" && !holdsNoPattern(error);
    return isBroken ? { ...read, failures: [...read.failures, error] } : read;
  }
  if (wanted === "everything") return { ...read, contents: [...read.contents, profile] };
  if (wanted === "one-kind") {
    throw new EwaldError("read/two-kinds", "this CIF holds a structure and a powder pattern", {
      source: input,
      hint: "Say which one is meant by the format: cif and pymatgen-json are structures, pdcif and json scans.",
    });
  }
  const warning = {
    code: "cif/powder-profile",
    message: `this CIF holds a powder pattern too, of ${pointCount(profile.scan)} points: passed over here`,
  };
  return {
    ...read,
    contents: [{ ...first, warnings: [...first.warnings, warning] } as Content, ...others],
  };
}

/** A CIF or JSON that says nothing of a pattern: of other files, the scan's reader knows what they are. */
function holdsNoPattern({ code, details }: EwaldError): boolean {
  return code === "scan/not-a-scan" && (details.value === "CIF" || details.value === "JSON");
}

function scanOf(bytes: Uint8Array, input: string): ScanContent {
  const { scan, format, warnings } = readScan(bytes, { name: input });
  return { kind: "scan", input, format, scan, warnings };
}

/** Whether a CIF has items of a powder pattern: most have none, and reading them twice would be for nothing. */
function namesProfile(bytes: Uint8Array): boolean {
  const text = new TextDecoder("latin1").decode(isGzip(bytes) ? gunzip(bytes) : bytes);
  return /^\s*_pd_(?:meas|proc)_/im.test(text);
}

/**
 * The powder pattern of a CIF whose structure cannot be read: it is a pattern all the same, and the structure a failure.
 * @throws EwaldError why there is no structure, where there is no pattern either
 */
function profileOfBroken(bytes: Uint8Array, input: string, noStructure: EwaldError): Contents {
  if (!noStructure.code.startsWith("cif/") || !namesProfile(bytes)) throw noStructure;
  try {
    return { contents: [scanOf(bytes, input)], failures: [noStructure] };
  } catch (error) {
    throw error instanceof EwaldError ? noStructure : error;
  }
}

function scanContent(bytes: Uint8Array, input: string, noStructure: EwaldError): ScanContent {
  try {
    return scanOf(bytes, input);
  } catch (error) {
    // Neither: of two refusals, the one that knows more of the file.
    const saysLittle =
      error instanceof EwaldError &&
      (error.code === "scan/unknown-format" ||
        (holdsNoPattern(error) && /^(?:cif|json)\//.test(noStructure.code)));
    if (saysLittle && noStructure.code === "read/unrecognised") {
      if (isComposition(bytes)) {
        throw new EwaldError(noStructure.code, "a composition, neither a structure nor a scan", {
          ...noStructure.details,
          hint: `It says what may be in a scan: ewald identify SCAN --composition ${input}.`,
        });
      }
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

/** A table that says too little is one, too. */
function isComposition(bytes: Uint8Array): boolean {
  try {
    return compositionOfBytes(bytes) !== null;
  } catch (error) {
    if (error instanceof EwaldError) return error.code.startsWith("composition/");
    throw error;
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
