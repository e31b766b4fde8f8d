/**
 * From the words of a command line to inputs: a file is itself, a folder is every file below it in
 * name order, a Parquet table is its rows in chunks, `-` is standard input. Only names are held: a
 * folder of a million files or a table of a million rows streams.
 */
import { open, opendir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { rowStructure, type StructureContent } from "../data/index.ts";
import { openStructureTable } from "../data/node.ts";
import { EwaldError } from "../errors.ts";

/** What a path turned out to be, before anything in it is read. */
export type Source =
  | {
      readonly kind: "file";
      /** Path, or `-` for standard input. */
      readonly path: string;
      /** Found by walking a folder: a foreign file there is passed over, one named by the user is an error. */
      readonly fromFolder: boolean;
    }
  | { readonly kind: "table"; readonly path: string; readonly rowCount: number };

/** One piece of work as a task sees it; plain data, it travels to workers. */
export type Input =
  | Extract<Source, { kind: "file" }>
  | {
      readonly kind: "rows";
      readonly path: string;
      /** Read from the table here: a worker would have to open it anew for every chunk. */
      readonly contents: readonly StructureContent[];
    };

/** Larger files are no structure or scan that a person means; reading one would only fill the memory. */
const LARGEST_FILE_BYTES = 512 * 1024 * 1024;
/** Rows per task: enough to make the trip to a worker cheap (1 ms of work against 0.05 ms of travel each). */
const ROWS_PER_INPUT = 64;
const PARQUET_MAGIC = "PAR1";

/** @throws EwaldError `file/empty-folder` where the folders hold no file, and of the table reader for a damaged Parquet file. */
export async function findSources(paths: readonly string[]): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const path of paths) {
    if (path !== "-" && (await isFolder(path))) {
      for await (const file of walk(path))
        sources.push({ kind: "file", path: file, fromFolder: true });
    } else if (path !== "-" && (await isParquet(path))) {
      const table = await openStructureTable(path);
      sources.push({ kind: "table", path, rowCount: table.rowCount });
    } else {
      sources.push({ kind: "file", path, fromFolder: false });
    }
  }
  if (sources.length === 0) {
    throw new EwaldError("file/empty-folder", "no file in this folder or below it", {
      source: paths.join(", "),
      hint: "Files and folders whose names begin with a dot are passed over.",
    });
  }
  return sources;
}

/** Files and table rows of the sources: what progress counts. */
export function countInputs(sources: readonly Source[]): number {
  return sources.reduce((sum, source) => sum + (source.kind === "table" ? source.rowCount : 1), 0);
}

export async function* inputsOf(sources: readonly Source[]): AsyncGenerator<Input> {
  for (const source of sources) {
    if (source.kind === "file") yield source;
    else yield* rowsOf(source.path);
  }
}

async function* rowsOf(path: string): AsyncGenerator<Input> {
  const table = await openStructureTable(path);
  let contents: StructureContent[] = [];
  for await (const row of table.rows()) {
    contents.push({
      kind: "structure",
      input: path,
      name: row.id,
      format: "parquet",
      structure: rowStructure(row),
      warnings: [],
    });
    if (contents.length === ROWS_PER_INPUT) {
      yield { kind: "rows", path, contents };
      contents = [];
    }
  }
  if (contents.length > 0) yield { kind: "rows", path, contents };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // An absent file is reported when its turn comes, like any other that cannot be read.
    return false;
  }
}

/** Whether a word of a command line is the path of a file rather than what the option means itself. */
export async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function isParquet(path: string): Promise<boolean> {
  let file;
  try {
    file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString("latin1") === PARQUET_MAGIC;
  } catch {
    return false;
  } finally {
    await file?.close();
  }
}

async function* walk(folder: string): AsyncGenerator<string> {
  const entries = [];
  for await (const entry of await opendir(folder)) entries.push(entry);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

/** @throws EwaldError `file/not-read`, `file/too-large` */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    if (path === "-") return await readStandardInput();
    const { size } = await stat(path);
    if (size > LARGEST_FILE_BYTES) {
      throw new EwaldError("file/too-large", `${size} bytes are more than ${LARGEST_FILE_BYTES}`, {
        value: size,
        unit: "bytes",
        source: path,
      });
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof EwaldError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT" ? "no such file or folder" : `cannot read: ${(cause as Error).message}`;
    throw new EwaldError("file/not-read", reason, { source: path, cause });
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
