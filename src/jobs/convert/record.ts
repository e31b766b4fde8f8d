/** A structure or a scan as the text of the file to write. */
import { statedUnit } from "../../crystal/asymmetric-unit.ts";
import { writeCif, writePoscar, writePymatgenJson } from "../../crystal/io/write-structure.ts";
import type { Structure } from "../../crystal/structure.ts";
import { originText, spaceGroupRecord } from "../../crystal/symmetry/space-group-record.ts";
import { analyzeSymmetry, type Symmetry } from "../../crystal/symmetry/symmetry.ts";
import type { Content, ScanContent, StructureContent, WantedContent } from "../../data/contents.ts";
import { EwaldError, type Warning } from "../../errors.ts";
import { otherCellWords } from "../../report/space-group-words.ts";
import { processScan, type ScanProcessing } from "../../scan/process.ts";
import { pointCount } from "../../scan/scan.ts";
import { type WriteFormat, writeScan } from "../../scan/write.ts";
import type { FileRecord } from "../job.ts";
import type { ConvertTarget } from "./target.ts";

export interface ConvertOptions {
  readonly target: ConvertTarget;
  /** How to read a file that could be both. */
  readonly wanted: WantedContent;
  readonly processing: ScanProcessing;
  /** CIF with the space group found within this distance, Å, in place of the one that the input states. */
  readonly symprecAngstrom?: number;
  /** CIF with every atom, in P 1. */
  readonly everyAtom?: boolean;
}

export interface ConvertRecord extends FileRecord {
  readonly kind: "scan" | "structure";
}

/** @param place where among the structures of its input this one stands, absent where it is the only one */
export function convertedRecord(
  content: Content,
  options: ConvertOptions,
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
  const symmetry = symmetryOf(content.structure, options);
  return {
    ...about,
    size: `${length} ${length === 1 ? "atom" : "atoms"}`,
    text: structureText(content, options.target, options.everyAtom ? "none" : symmetry),
    warnings: [
      ...warnings,
      ...(symmetry === undefined ? unwritten(content.structure, options) : changeOfCell(symmetry)),
    ],
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
function structureText(
  { structure, name, input }: StructureContent,
  target: ConvertTarget,
  symmetry: Symmetry | "none" | undefined,
): string {
  switch (target.structure) {
    case "cif":
      return writeCif(structure, {
        ...(name === undefined ? {} : { name }),
        ...(symmetry === undefined ? {} : { symmetry }),
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
          source: input,
          hint: "Structures become cif, poscar or pymatgen-json; ewald simulate gives the pattern of a structure.",
        },
      );
  }
}

function symmetryOf(
  structure: Structure,
  { target, symprecAngstrom }: ConvertOptions,
): Symmetry | undefined {
  return symprecAngstrom === undefined || target.structure !== "cif"
    ? undefined
    : analyzeSymmetry(structure, { symprecAngstrom });
}

function unwritten(
  structure: Structure,
  { target, everyAtom = false }: ConvertOptions,
): readonly Warning[] {
  const isMeant =
    structure.statedSymmetry !== undefined && target.structure === "cif" && !everyAtom;
  if (!isMeant || statedUnit(structure) !== null) return [];
  return [
    {
      code: "convert/every-atom",
      message: "cell or atoms do not obey the stated symmetry: written with every atom, in P 1",
    },
  ];
}

/** A space group is written in a tabulated setting: what that changes of the cell is said. */
function changeOfCell(symmetry: Symmetry): readonly Warning[] {
  const group = spaceGroupRecord(symmetry);
  if (group.setting === null) {
    const { symbol, transformation } = group.standard;
    return [
      {
        code: "convert/standard-cell",
        message: `the cell is ${otherCellWords(group)}: written in the standard setting ${symbol}, (a,b,c; origin) → (${transformation})`,
      },
    ];
  }
  const { originShift } = group.setting;
  if (originShift.every((x) => x === 0)) return [];
  return [
    {
      code: "convert/origin",
      message: `the origin of ${group.symbol} in the tables lies at ${originText(originShift)} of this cell: written from there`,
    },
  ];
}
