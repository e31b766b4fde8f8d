/** What `ewald convert` writes and where: formats by name or by the ending of the output, file names in a folder. */
import { realpath } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { isAtOrBelow } from "../data/folder-walk.node.ts";
import { ARCHIVE_ENDING } from "../data/import/archive.ts";
import { EwaldError } from "../errors.ts";
import type { WriteFormat } from "../scan/write.ts";
import type { Input } from "./inputs.ts";
import type { ConvertRecord, ConvertTarget, StructureWriteFormat } from "./tasks/convert.ts";

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
export const CONVERT_FORMATS = Object.keys(BY_NAME) as readonly ConvertFormat[];

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

/** As everywhere: of inputs standard input, of the output standard output. */
const STANDARD_STREAM = "-";

/** Where results go: into one file or standard output, or into a folder as files of one ending. */
export interface ConvertOutput {
  readonly target: ConvertTarget;
  /** Path, or `-` for standard output; a folder of that name is `./-`. */
  readonly path: string;
  /** Ending of the files in the folder `path`; absent where `path` is the file. */
  readonly folderEnding?: string;
}

/** @throws EwaldError `usage/format` where neither the ending nor `--format` says what to write, or they differ. */
export function convertOutput(path: string, format: ConvertFormat | undefined): ConvertOutput {
  if (isStandardOutput(path)) {
    if (format !== undefined) return { target: BY_NAME[format], path };
    throw new EwaldError("usage/format", "standard output does not say which format to write", {
      value: path,
      hint: "Add --format, such as --format cif or --format xy.",
    });
  }
  const ending = extname(path).toLowerCase();
  const ofFile =
    BY_ENDING[ending] ??
    (/^(?:POSCAR|CONTCAR)(?:[._-]|$)/i.test(basename(path)) ? BY_NAME.poscar : undefined);
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

export function isStandardOutput(path: string): boolean {
  return path === STANDARD_STREAM;
}

/**
 * `folder/quartz.cif`; with the name of the block or row where an input holds more than one. What was found in a folder or an
 * archive keeps its place below it.
 * @param copy from 2 on where that name is taken: CIFs repeat names of blocks, and inputs names of files
 */
export function outputPath(
  { path, folderEnding }: ConvertOutput,
  record: ConvertRecord,
  input: Input,
  copy = 1,
): string {
  if (folderEnding === undefined) return path;
  const file = basename(record.input === STANDARD_STREAM ? record.kind : record.input).replace(
    /\.gz$/i,
    "",
  );
  const stem = file.slice(0, file.length - extname(file).length);
  const part = record.part?.replaceAll(/[^\w.+-]+/g, "_").slice(0, 80);
  const name = part === undefined ? stem : `${stem}-${part}`;
  return join(
    path,
    placeBelow(record, input),
    `${name}${copy === 1 ? "" : `-${copy}`}${folderEnding}`,
  );
}

/** Folders between the folder or archive that the user named and the file; an archive in a folder is one of them, without its ending. */
function placeBelow(record: ConvertRecord, { path, folder }: Input): string {
  const inArchive = record.input === path ? "" : relative(path, dirname(record.input));
  if (folder === null) return inArchive;
  const archive = record.input === path ? dirname(path) : path.replace(ARCHIVE_ENDING, "");
  return join(relative(folder, archive), inArchive);
}

/**
 * Knows the inputs of a run, so that none of them is written over: a file given, or any below a folder given.
 * @param linked what links in those folders lead to
 */
export async function inputGuard(
  paths: readonly string[],
  linked: ReadonlySet<string>,
): Promise<(output: string) => Promise<void>> {
  const named = await Promise.all(paths.filter((path) => path !== STANDARD_STREAM).map(realPath));
  const inputs = [...named, ...linked];
  return async (output) => {
    const target = await existing(output);
    if (target === undefined || !inputs.some((input) => isAtOrBelow(target, input))) return;
    throw new EwaldError("usage/overwrites-input", `${output} is one of the inputs`, {
      value: output,
      hint: "Give another file or folder with -o.",
    });
  };
}

async function realPath(path: string): Promise<string> {
  return (await existing(path)) ?? resolve(path);
}

async function existing(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    // A file that is not there yet cannot be written over.
    return undefined;
  }
}
