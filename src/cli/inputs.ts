/**
 * From the words of a command line to inputs: a file is itself, a folder is every file below it in
 * name order, a Parquet table is its rows in chunks, `-` is standard input. Only names are held: a
 * folder of a million files or a table of a million rows streams.
 */
import { open, readFile, stat } from "node:fs/promises";
import type { StructureContent, WantedContent } from "../data/contents.ts";
import { openStructureTable } from "../data/files.node.ts";
import { type PassedOver, passedOverWords, walkFolder } from "../data/folder-walk.node.ts";
import { type RowProblem, rowStructure, type StructureRow } from "../data/structure-table.ts";
import { EwaldError } from "../errors.ts";
import { endingOf, mayHold, signatureOf } from "../formats/signatures.ts";

interface Place {
  /** Path, or `-` for standard input. */
  readonly path: string;
  /**
   * The folder that the user gave and in which this was found, null for what was named itself: a foreign file of a folder is
   * passed over, one named by the user is an error.
   */
  readonly folder: string | null;
}

/** An input that failed before anything in it was read; it must not stop the others. */
interface Unread extends Place {
  readonly kind: "unread";
  readonly error: unknown;
}

/** Structures of a table, or a known phase. */
interface Rows extends Place {
  readonly kind: "rows";
  /** Read here: a worker would have to open the table, or the library, anew for every chunk. */
  readonly contents: readonly StructureContent[];
}

/** A path after a look at it, before anything in it is read. */
type Source =
  | (Place & { readonly kind: "file" })
  | (Place & { readonly kind: "table"; readonly rowCount: number })
  | Rows
  | Unread;

export interface Sources {
  readonly list: readonly Source[];
  /** Files and table rows: what progress counts. */
  readonly inputCount: number;
  /** Real paths of what links in folders lead to. */
  readonly linked: ReadonlySet<string>;
  readonly passedOver: PassedOver;
}

/** One piece of work as a task sees it; plain data, all but what is unread travels to workers. */
export type Input = Extract<Source, { kind: "file" }> | Rows | Unread;

/** Larger files are no structure or scan that a person means; reading one would only fill the memory. */
const LARGEST_FILE_BYTES = 512 * 1024 * 1024;
/** Rows per task: enough to make the trip to a worker cheap (1 ms of work against 0.05 ms of travel each). */
const ROWS_PER_INPUT = 64;
/** Of files found in a folder only these are opened to see whether they are tables: a look into each of a million costs a minute. */
const TABLE_ENDING = endingOf("table");

/**
 * @param wanted `"scan"` where a table of structures is of the wrong kind
 * @throws EwaldError `file/empty-folder` where the folders hold no file
 */
export async function findSources(
  paths: readonly string[],
  wanted: WantedContent = "anything",
): Promise<Sources> {
  const list: Source[] = [];
  const linked = new Set<string>();
  const passedOver = { hidden: 0, repeated: 0, broken: 0, special: 0 };
  for (const path of paths) {
    if (path === "-" || !(await isFolder(path))) {
      list.push(await sourceOf({ path, folder: null }, wanted));
      continue;
    }
    const walk = await walkFolder(path);
    for (const target of walk.linked) linked.add(target);
    for (const key of Object.keys(passedOver) as (keyof PassedOver)[]) {
      passedOver[key] += walk.passedOver[key];
    }
    for (const file of walk.files) {
      list.push(await sourceOf({ path: file, folder: path }, wanted));
    }
    for (const unread of walk.unread) list.push({ kind: "unread", folder: path, ...unread });
  }
  if (list.length === 0) {
    const found = passedOverWords(passedOver);
    throw new EwaldError("file/empty-folder", "no file in this folder or below it", {
      source: paths.join(", "),
      hint: `Files and folders whose names begin with a dot are passed over.${found === "" ? "" : ` Passed over: ${found}.`}`,
    });
  }
  const inputCount = list.reduce(
    (sum, source) => sum + (source.kind === "table" ? source.rowCount : 1),
    0,
  );
  return { list, inputCount, linked, passedOver };
}

async function sourceOf(place: Place, wanted: WantedContent): Promise<Source> {
  const { path, folder } = place;
  if (folder === null && (await isPhaseId(path))) {
    const { phaseContent } = await import("./phase-input.ts");
    const content = await phaseContent(path);
    if (content !== undefined) return { kind: "rows", ...place, contents: [content] };
  }
  const mayBeTable = path !== "-" && (folder === null || TABLE_ENDING.test(path));
  if (!mayBeTable || !(await isParquet(path))) return { kind: "file", ...place };
  try {
    if (wanted === "scan") {
      throw new EwaldError("read/wrong-kind", "this is a table of structures, not a measured scan");
    }
    const { rowCount } = await openStructureTable(path);
    return { kind: "table", ...place, rowCount };
  } catch (error) {
    return { kind: "unread", ...place, error };
  }
}

export async function* inputsOf({ list }: Sources): AsyncGenerator<Input> {
  for (const source of list) {
    if (source.kind === "table") yield* rowsOf(source);
    else yield source;
  }
}

/** Inputs as progress counts them. */
export function countOf(input: Input): number {
  return input.kind === "rows" ? input.contents.length : 1;
}

async function* rowsOf({ path, folder }: Place): AsyncGenerator<Input> {
  const unread: Unread[] = [];
  let contents: StructureContent[] = [];
  const refuse = (error: unknown): void =>
    void unread.push({ kind: "unread", path, folder, error });
  function* taken(): Generator<Input> {
    if (contents.length > 0) yield { kind: "rows", path, folder, contents };
    contents = [];
    yield* unread.splice(0);
  }
  try {
    const table = await openStructureTable(path);
    for await (const row of table.rows({ onProblem: (problem) => refuse(rowError(problem)) })) {
      try {
        contents.push(rowContent(path, row));
      } catch (error) {
        refuse(error);
      }
      if (contents.length === ROWS_PER_INPUT) yield* taken();
    }
  } catch (error) {
    refuse(error);
  }
  yield* taken();
}

function rowContent(path: string, row: StructureRow): StructureContent {
  const structure = rowStructure(row);
  return {
    kind: "structure",
    input: path,
    name: row.id,
    format: "parquet",
    structure,
    warnings: [],
  };
}

function rowError({ row, id, code, message }: RowProblem): EwaldError {
  return new EwaldError(code, `row ${(row ?? 0) + 1} (${id}): ${message}`, {
    value: id,
    hint: "Clean the table with `ewald data clean`.",
  });
}

/** A word that no file is called may be the id of a known phase: files win. */
async function isPhaseId(path: string): Promise<boolean> {
  if (!/^[A-Za-z][\w.+-]*-[\w.+-]+$/.test(path)) return false;
  return stat(path).then(
    () => false,
    () => true,
  );
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
    return mayHold(signatureOf(buffer.subarray(0, bytesRead)), "table");
  } catch {
    return false;
  } finally {
    await file?.close();
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
