/** Files written whole or not at all (Node): to a temporary file beside the target, renamed when whole. */
import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { EwaldError } from "../errors.ts";

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
