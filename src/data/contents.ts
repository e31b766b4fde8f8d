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
import { gunzip, isGzip } from "../formats/index.ts";
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
 * Of a CIF that holds a structure and a powder pattern, `"everything"` takes both, `"anything"` the structure, `"scan"` the
 * pattern, and `"one-kind"` refuses it.
 */
export type WantedContent = "everything" | "anything" | "scan" | "one-kind";

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
  if (wanted === "scan") return { contents: [scanOf(bytes, input)], failures: [] };
  let read: Contents;
  try {
    read = structureContents(bytes, { name: input });
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    const scan = NO_STRUCTURE.has(error.code)
      ? scanContent(bytes, input, error)
      : profileBeside(bytes, input, error);
    return { contents: [scan], failures: [] };
  }
  const mayHoldBoth = read.contents[0]?.format === "cif" && wanted !== "anything";
  if (!mayHoldBoth || !namesProfile(bytes)) return read;
  try {
    const scan = scanOf(bytes, input);
    if (wanted === "one-kind") refuseTwoKinds(input);
    return { ...read, contents: [...read.contents, scan] };
  } catch (error) {
    if (!(error instanceof EwaldError) || error.code === "read/two-kinds") throw error;
    const isBroken = wanted === "everything" && !holdsNoPattern(error);
    return isBroken ? { ...read, failures: [...read.failures, error] } : read;
  }
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

/** The powder pattern of a CIF whose structure is broken: it is a pattern all the same. */
function profileBeside(bytes: Uint8Array, input: string, noStructure: EwaldError): ScanContent {
  let content: ScanContent;
  try {
    if (!noStructure.code.startsWith("cif/") || !namesProfile(bytes)) throw noStructure;
    content = scanOf(bytes, input);
  } catch {
    throw noStructure;
  }
  const { line } = noStructure.details;
  const warning = {
    code: noStructure.code,
    message: `the structure beside this pattern cannot be read: ${noStructure.message}`,
    ...(line === undefined ? {} : { line }),
  };
  return { ...content, warnings: [...content.warnings, warning] };
}

/** @throws EwaldError `read/two-kinds` */
function refuseTwoKinds(input: string): never {
  throw new EwaldError("read/two-kinds", "this CIF holds a structure and a powder pattern", {
    source: input,
    hint: "Say which one is meant by the format: cif and pymatgen-json are structures, pdcif and json scans.",
  });
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
