/** `ewald convert` of one input: the text of the file to write. */
import {
  analyzeSymmetry,
  type Structure,
  writeCif,
  writePoscar,
  writePymatgenJson,
} from "../../crystal/index.ts";
import type { Content, ScanContent, StructureContent, WantedContent } from "../../data/index.ts";
import { EwaldError, type Warning } from "../../errors.ts";
import {
  pointCount,
  processScan,
  type ScanProcessing,
  type WriteFormat,
  writeScan,
} from "../../scan/index.ts";

export type StructureWriteFormat = "cif" | "poscar" | "pymatgen-json";

/** What a scan and what a structure becomes; at least one of them. */
export interface ConvertTarget {
  readonly scan?: WriteFormat;
  readonly structure?: StructureWriteFormat;
}

export interface ConvertTaskOptions {
  readonly target: ConvertTarget;
  /** How to read a file that could be both. */
  readonly wanted: WantedContent;
  readonly processing: ScanProcessing;
  /** CIF with the space group found within this distance, Å; every atom as it is without. */
  readonly symprecAngstrom?: number;
}

export interface ConvertRecord {
  readonly kind: "scan" | "structure";
  readonly input: string;
  /** Which of several structures of the input: data block, row, or a number. */
  readonly part?: string;
  /** Format of the input. */
  readonly format: string;
  /** "2334 points", "9 atoms". */
  readonly size: string;
  readonly text: string;
  readonly warnings: readonly Warning[];
}

/** @param place where among the structures of its input this one stands, absent where it is the only one */
export function convertTask(
  content: Content,
  options: ConvertTaskOptions,
  place?: number,
): ConvertRecord {
  const { kind, input, format, warnings } = content;
  const part = place === undefined ? {} : { part: content.name ?? String(place + 1) };
  const about = { kind, input, ...part, format, warnings };
  if (content.kind === "scan") {
    const processed = processScan(content.scan, options.processing);
    const text = writeScan(processed.scan, scanFormat(content, options.target));
    return {
      ...about,
      size: `${pointCount(processed.scan)} points`,
      text,
      warnings: [...warnings, ...processed.warnings],
    };
  }
  const { length } = content.structure.sites;
  return {
    ...about,
    size: `${length} ${length === 1 ? "atom" : "atoms"}`,
    text: structureText(content, options),
  };
}

/** @throws EwaldError `read/wrong-kind` */
function scanFormat(content: ScanContent, { scan, structure }: ConvertTarget): WriteFormat {
  if (scan !== undefined) return scan;
  throw new EwaldError(
    "read/wrong-kind",
    `this is a measured scan, and ${structure} is for structures`,
    {
      source: content.input,
      hint: "Scans become xy, xye, pdcif or json.",
    },
  );
}

/** @throws EwaldError `read/wrong-kind`, `poscar/partial-occupancy`, and of the symmetry search where it was asked for */
function structureText(content: StructureContent, options: ConvertTaskOptions): string {
  const { structure, name } = content;
  const { target, symprecAngstrom } = options;
  switch (target.structure) {
    case "cif":
      return writeCif(structure, {
        ...(name === undefined ? {} : { name }),
        ...symmetryOf(structure, symprecAngstrom),
      });
    case "poscar":
      return writePoscar(structure, name);
    case "pymatgen-json":
      return `${writePymatgenJson(structure)}\n`;
    default:
      throw new EwaldError(
        "read/wrong-kind",
        `this is a structure, and ${target.scan} is for scans`,
        {
          source: content.input,
          hint: "Structures become cif, poscar or pymatgen-json; ewald simulate gives the pattern of a structure.",
        },
      );
  }
}

function symmetryOf(
  structure: Structure,
  symprecAngstrom: number | undefined,
): Parameters<typeof writeCif>[1] {
  return symprecAngstrom === undefined
    ? {}
    : { symmetry: analyzeSymmetry(structure, { symprecAngstrom }) };
}
