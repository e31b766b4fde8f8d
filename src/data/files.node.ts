/** Tables on disk (Node). Writing goes to a temporary file beside the target and is renamed when whole. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { EwaldError } from "../errors.ts";
import type { TableFile } from "./parquet.ts";
import { type StructureTable, structureTable, type StructureRow } from "./structure-table.ts";
import { writeStructureTable, type WriteOptions } from "./table-writer.ts";

/**
 * A file for {@link openTable}. Every slice opens and closes it: a table left half read holds no handle.
 * @throws EwaldError `table/not-found`
 */
export async function tableFile(path: string): Promise<TableFile> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new EwaldError("table/not-found", `there is no table at ${path}`, { value: path, cause });
  });
  if (!info.isFile())
    throw new EwaldError("table/not-found", `${path} is not a file`, { value: path });
  return {
    name: basename(path),
    byteLength: info.size,
    async slice(start: number, end: number = info.size) {
      const handle = await open(path, "r");
      try {
        return await readExactly(handle, start, end - start, path);
      } finally {
        await handle.close();
      }
    },
  };
}

async function readExactly(
  handle: FileHandle,
  start: number,
  length: number,
  path: string,
): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, start + read);
    if (bytesRead === 0) {
      throw new EwaldError("table/truncated", `${path} became shorter while it was read`, {
        source: basename(path),
        byte: start + read,
      });
    }
    read += bytesRead;
  }
  return bytes.buffer;
}

/** Opens a structure table by path. Errors as `tableFile` and `structureTable`. */
export async function openStructureTable(path: string): Promise<StructureTable> {
  return structureTable(await tableFile(path));
}

/**
 * Runs `write` on a new file beside `path` and renames it to `path` when it is whole and on disk: whoever
 * reads `path` sees the old file or the new one, and of two writers the later wins.
 * @throws EwaldError `file/not-written` where the file system refuses, and what `write` throws
 */
export async function replaceFile<T>(
  path: string,
  write: (handle: FileHandle) => Promise<T>,
): Promise<T> {
  const target = resolve(path);
  const temporary = `${target}.${randomUUID()}.tmp`;
  let handle: FileHandle | undefined;
  try {
    await mkdir(dirname(target), { recursive: true });
    handle = await open(temporary, "wx");
    const result = await write(handle);
    await handle.sync();
    await handle.close();
    await rename(temporary, target);
    return result;
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
    throw isOfFileSystem(error) ? notWritten(path, error) : error;
  }
}

/** A refusal of the operating system; our own errors have codes, too. */
function isOfFileSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

const REFUSALS: Readonly<Record<string, string>> = {
  EISDIR: "it is a folder",
  ENOTDIR: "what should be its folder is a file",
  EEXIST: "what should be its folder is a file",
  EACCES: "it is not allowed",
  EPERM: "it is not allowed",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left",
};

/** `file/not-written` with the reason in words. */
export function notWritten(path: string, cause: NodeJS.ErrnoException): EwaldError {
  const reason = REFUSALS[cause.code ?? ""] ?? cause.message;
  return new EwaldError("file/not-written", `cannot write: ${reason}`, { source: path, cause });
}

/** Writes a structure table to a file and returns the number of rows. */
export async function saveStructureTable(
  path: string,
  rows: AsyncIterable<StructureRow> | Iterable<StructureRow>,
  options: WriteOptions,
): Promise<number> {
  return replaceFile(path, (handle) =>
    writeStructureTable(rows, async (bytes) => void (await handle.writeFile(bytes)), options),
  );
}

/** Hash and name of a data or model file, for an entry's `data` and `model`. */
export async function fileIdentity(path: string): Promise<{ name: string; sha256: string }> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return { name: basename(path), sha256: hash.digest("hex") };
}
