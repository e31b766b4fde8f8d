/** Names of the files that a job writes, and which files it must not write over. */
import { realpath } from "node:fs/promises";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { isAtOrBelow } from "../data/folder-walk.node.ts";
import { ARCHIVE_ENDING } from "../data/import/archive.ts";
import { EwaldError } from "../errors.ts";
import type { FilePlace, FileRecord } from "../jobs/job.ts";
import type { Input } from "./inputs.ts";

/** As everywhere: of inputs standard input, of the output standard output. */
const STANDARD_STREAM = "-";

export function isStandardOutput(path: string): boolean {
  return path === STANDARD_STREAM;
}

/**
 * `folder/quartz.cif`; with the name of the block or row where an input holds more than one. What was found in a folder or an
 * archive keeps its place below it.
 * @param copy from 2 on where that name is taken: CIFs repeat names of blocks, and inputs names of files
 */
export function outputPath(
  { path, folderEnding }: FilePlace,
  record: FileRecord,
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
function placeBelow(record: FileRecord, { path, folder }: Input): string {
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
