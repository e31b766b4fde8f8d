/** The target of `convert`: formats by name or by the ending of the output. */
import { fileNameOf } from "../../formats/file-name.ts";
import { EwaldError } from "../../errors.ts";
import type { WriteFormat } from "../../scan/write.ts";
import type { FilePlace } from "../job.ts";

type StructureWriteFormat = "cif" | "poscar" | "pymatgen-json";

/** The formats that a scan and a structure become; at least one of them. */
export interface ConvertTarget {
  readonly scan?: WriteFormat;
  readonly structure?: StructureWriteFormat;
}

export type ConvertFormat = WriteFormat | StructureWriteFormat;

/** Each name means one thing; an ending leaves it to the input whether a scan or a structure is written. */
const BY_NAME: Readonly<Record<ConvertFormat, ConvertTarget>> = {
  xy: { scan: "xy" },
  xye: { scan: "xye" },
  pdcif: { scan: "pdcif" },
  json: { scan: "json" },
  cif: { structure: "cif" },
  poscar: { structure: "poscar" },
  "pymatgen-json": { structure: "pymatgen-json" },
};

const BY_ENDING: Readonly<Record<string, ConvertTarget>> = {
  ".xy": { scan: "xy" },
  ".xye": { scan: "xye" },
  ".cif": { scan: "pdcif", structure: "cif" },
  ".json": { scan: "json", structure: "pymatgen-json" },
  ".vasp": { structure: "poscar" },
  ".poscar": { structure: "poscar" },
};

const ENDINGS: Readonly<Record<ConvertFormat, string>> = {
  xy: ".xy",
  xye: ".xye",
  pdcif: ".cif",
  json: ".json",
  cif: ".cif",
  poscar: ".vasp",
  "pymatgen-json": ".json",
};

export interface ConvertOutput extends FilePlace {
  readonly target: ConvertTarget;
}

/** @throws EwaldError `usage/format` where neither the ending nor `--format` says what to write, or they differ. */
export function convertOutput(path: string, format: ConvertFormat | undefined): ConvertOutput {
  if (path === "-") {
    if (format !== undefined) return { target: BY_NAME[format], path };
    throw new EwaldError("usage/format", "standard output does not say which format to write", {
      value: path,
      hint: "Add --format, such as --format cif or --format xy.",
    });
  }
  const ending = endingOf(path).toLowerCase();
  const ofFile =
    BY_ENDING[ending] ??
    (/^(?:POSCAR|CONTCAR)(?:[._-]|$)/i.test(nameOf(path)) ? BY_NAME.poscar : undefined);
  if (ofFile === undefined) {
    if (format !== undefined) {
      return { target: BY_NAME[format], path, folderEnding: ENDINGS[format] };
    }
    throw new EwaldError("usage/format", `"${path}" does not say which format to write`, {
      value: path,
      hint: "End it in .xy, .xye, .cif, .json or .vasp, or give a folder and --format.",
    });
  }
  if (format === undefined) return { target: ofFile, path };
  if (ofFile.scan !== format && ofFile.structure !== format) {
    const fitting = [ofFile.scan, ofFile.structure].filter((name) => name !== undefined);
    throw new EwaldError("usage/format", `"${path}" does not end like a file of ${format}`, {
      value: path,
      hint: `Leave --format out or give ${fitting.join(" or ")}; a folder has no such ending.`,
    });
  }
  return { target: BY_NAME[format], path };
}

function nameOf(path: string): string {
  return fileNameOf(path.replace(/[/\\]+$/, ""));
}

/** ".cif"; of a name that only begins with a dot there is none. */
function endingOf(path: string): string {
  return /[^.](\.[^.]*)$/.exec(nameOf(path))?.[1] ?? "";
}
