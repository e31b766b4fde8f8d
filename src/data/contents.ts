/**
 * The contents of a file's bytes, whatever its format: structures or a powder scan. The command line and the page ask here, so
 * that the same file means the same in both.
 */
import type { ContradictionChoice } from "../crystal/cif/symmetry.ts";
import { readStructures, type ReadStructuresOptions } from "../crystal/io/read-structures.ts";
import type { Structure } from "../crystal/structure.ts";
import { statedFacts, type SymmetryFacts } from "../crystal/symmetry/stated-symmetry.ts";
import {
  analyzeSymmetry,
  DEFAULT_SYMPREC_ANGSTROM,
  type SymmetryOptions,
} from "../crystal/symmetry/symmetry.ts";
import { EwaldError, type Warning, withSource } from "../errors.ts";
import { compositionOfBytes } from "./composition-of-bytes.ts";
import { mayHold, signatureOf, unpacked } from "../formats/signatures.ts";
import type { Signature } from "../formats/signatures.table.ts";
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
  const { plain, signature } = recognised(bytes, input);
  if (mayHold(signature, "structure")) {
    const options = { name: input, ...(symmetry === undefined ? {} : { contradiction: symmetry }) };
    if (!mayHold(signature, "scan")) return structureContents(plain, options);
    return bothContents(plain, options, wanted);
  }
  if (mayHold(signature, "scan")) return { contents: [scanOrRefusal(plain, input)], failures: [] };
  throw refusal(signature, input);
}

function recognised(
  bytes: Uint8Array,
  input: string,
): { readonly plain: Uint8Array; readonly signature: Signature } {
  try {
    const plain = unpacked(bytes);
    return { plain, signature: signatureOf(plain) };
  } catch (error) {
    throw withSource(error, input);
  }
}

type NamedOptions = ReadStructuresOptions & { readonly name: string };

/** A file with items of a structure and of a powder pattern; one that cannot be read is a failure beside the other. */
function bothContents(bytes: Uint8Array, options: NamedOptions, wanted: WantedContent): Contents {
  const structures = attempt(() => structureContents(bytes, options));
  if (structures instanceof EwaldError && wanted === "one-kind") throw structures;
  const profile = attempt(() => scanOf(bytes, options.name));
  if (structures instanceof EwaldError) {
    if (profile instanceof EwaldError) throw structures;
    return { contents: [profile], failures: [structures] };
  }
  const { contents, failures } = structures;
  if (profile instanceof EwaldError) {
    // Items without a value are no pattern.
    const isBroken = wanted === "everything" && profile.code !== "scan/not-a-scan";
    return isBroken ? { contents, failures: [...failures, profile] } : structures;
  }
  if (wanted === "everything") return { contents: [...contents, profile], failures };
  if (wanted === "one-kind") {
    throw new EwaldError("read/two-kinds", "this file holds a structure and a powder pattern", {
      source: options.name,
      hint: "Say which one is meant by the format: cif and pymatgen-json are structures, pdcif and json scans.",
    });
  }
  const warning = {
    code: "cif/powder-profile",
    message: `this CIF holds a powder pattern too, of ${pointCount(profile.scan)} points: passed over here`,
  };
  const [first, ...others] = contents;
  return {
    contents: [{ ...first!, warnings: [...first!.warnings, warning] } as Content, ...others],
    failures,
  };
}

function attempt<T>(read: () => T): T | EwaldError {
  try {
    return read();
  } catch (error) {
    if (error instanceof EwaldError) return error;
    throw error;
  }
}

function scanOf(bytes: Uint8Array, input: string): ScanContent {
  const { scan, format, warnings } = readScan(bytes, { name: input });
  return { kind: "scan", input, format, scan, warnings };
}

/** Columns of numbers have no signature: whether a text holds any, their reader says. */
function scanOrRefusal(bytes: Uint8Array, input: string): ScanContent {
  const scan = attempt(() => scanOf(bytes, input));
  if (!(scan instanceof EwaldError)) return scan;
  if (scan.code !== "scan/unknown-format") throw scan;
  if (!isComposition(bytes)) throw unrecognised(input);
  throw new EwaldError("read/unrecognised", "a composition, neither a structure nor a scan", {
    source: input,
    hint: `It says what may be in a scan: ewald identify SCAN --composition ${input}.`,
  });
}

function refusal({ format, kinds, what, hint }: Signature, input: string): EwaldError {
  if (format === "empty")
    return new EwaldError("read/empty", "the file is empty", { source: input });
  if (kinds.length === 0) return unrecognised(input);
  return new EwaldError(
    "read/other-file",
    `this is ${what}, neither a structure nor a powder scan`,
    { value: what, source: input, ...(hint === undefined ? {} : { hint }) },
  );
}

function unrecognised(input: string): EwaldError {
  return new EwaldError(
    "read/unrecognised",
    "neither a structure nor a powder scan was recognised",
    {
      source: input,
      hint: "Structures are CIF, POSCAR, pymatgen JSON or OPTIMADE JSON; scans are two columns of numbers or an instrument's file.",
    },
  );
}

/** A table that says too little is one, too. */
function isComposition(bytes: Uint8Array): boolean {
  const composition = attempt(() => compositionOfBytes(bytes));
  if (composition instanceof EwaldError) return composition.code.startsWith("composition/");
  return composition !== null;
}

function structureContents(bytes: Uint8Array, options: NamedOptions): Contents {
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

/**
 * The symmetry that the file states, else what a search finds, which a tolerance asks for; where it finds none, the structure
 * still scatters and the warning says why.
 */
export function symmetryOrWarning(
  structure: Structure,
  options: SymmetryOptions = {},
): { readonly symmetry: SymmetryFacts | undefined; readonly warnings: readonly Warning[] } {
  const stated = options.symprecAngstrom === undefined ? statedFacts(structure) : null;
  if (stated !== null) return { symmetry: stated, warnings: [] };
  try {
    return { symmetry: analyzeSymmetry(structure, options), warnings: [] };
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return { symmetry: undefined, warnings: [{ code: error.code, message: error.message }] };
  }
}

/** Where the atoms have another space group than the file states: what a search finds that is made for the structure type in any case. */
export function otherThanStated(structure: Structure, { number }: SymmetryFacts): Warning[] {
  const { symmetry: found } = symmetryOrWarning(structure, {
    symprecAngstrom: DEFAULT_SYMPREC_ANGSTROM,
  });
  if (found === undefined || found.number === number) return [];
  const stated = structure.statedSymmetry?.setting;
  if (stated === undefined || stated === null || stated.number !== number) return [];
  return [
    {
      code: "structure/space-group",
      message: `the file states ${stated.hermannMauguin} (No. ${number}), the atoms have ${found.symbol} (No. ${found.number}) within ${DEFAULT_SYMPREC_ANGSTROM} Å: the stated one is told, the structure type is of the other`,
    },
  ];
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
