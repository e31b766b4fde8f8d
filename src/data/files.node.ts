/** Tables on disk (Node). */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { EwaldError } from "../errors.ts";
import type { TableFile } from "./parquet.ts";
import { replaceFile } from "./replace-file.node.ts";
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
