/**
 * Running an import on disk. Pages of a server go into a journal (JSON lines, flushed page by page) before the
 * next is asked for; at the end the journal becomes the table. A killed run goes on where it stood: its
 * last line may be cut and is then asked for again, so nothing is lost and nothing doubled.
 */
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, rm, stat, truncate } from "node:fs/promises";
import { basename, dirname, relative, sep } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { EwaldError } from "../../errors.ts";
import { openZip } from "../../formats/zip.ts";
import { saveStructureTable } from "../files.node.ts";
import type { Provenance } from "../provenance.ts";
import { extraKinds, type WriteOptions } from "../table-writer.ts";
import {
  type ReportProblem,
  type RowProblem,
  type StructureRow,
  uniqueIds,
} from "../structure-table.ts";
import { walkFolder } from "../folder-walk.node.ts";
import { isArchive, isMeant, LARGEST_FILE_BYTES, type SourceFile, tarFiles } from "./archive.ts";
import type { Web } from "./http.ts";
import { type ImportFile, type ImportItem, isStructureFile } from "./local.ts";
import type { ImportPage, PagedSource } from "./source.ts";

/** The network and the clock of this machine. */
export const systemWeb: Web = {
  fetch: (url, init) => fetch(url, init),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  now: () => Date.now(),
};

export interface ImportProgress {
  readonly rows: number;
  readonly problems: number;
  /** The number of rows that the source says it has in all; null where it does not say. */
  readonly expected: number | null;
}

export interface ImportReport extends ImportProgress {
  /** Rows that an earlier, interrupted run had fetched. */
  readonly resumedRows: number;
  readonly problemRows: readonly RowProblem[];
  /** Files of other kinds, by their path: no problem, but said. */
  readonly passedOver: readonly RowProblem[];
  readonly provenance: readonly Provenance[];
}

interface JournalState {
  cursor: string | null;
  seen: Set<string>;
  rows: number;
  problems: number;
  expected: number | null;
}

type JournalPage = Omit<ImportPage, "next"> & {
  readonly cursor: string;
  readonly next: string | null;
};

/** Pages of a journal; a last line that was cut short is dropped from the file. */
async function* journalPages(path: string, identity: string): AsyncGenerator<JournalPage> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let first = true;
  for await (const line of lines) {
    const record = JSON.parse(line) as { identity?: string } & JournalPage;
    if (!first) yield record;
    else if (record.identity !== identity) {
      throw new EwaldError(
        "import/other-request",
        `${basename(path)} holds the begun import of another request`,
        {
          source: path,
          value: record.identity,
          hint: "Finish that one, or delete the file to begin anew.",
        },
      );
    }
    first = false;
  }
}

/** Cuts off what a killed run left after its last whole line. */
async function mendJournal(path: string): Promise<boolean> {
  const size = await stat(path).then(
    (info) => info.size,
    () => 0,
  );
  if (size === 0) return false;
  const handle = await open(path, "r");
  try {
    const chunk = new Uint8Array(65_536);
    for (let end = size; end > 0;) {
      const start = Math.max(0, end - chunk.length);
      await handle.read(chunk, 0, end - start, start);
      const newline = chunk.subarray(0, end - start).lastIndexOf(10);
      if (newline >= 0) {
        await truncate(path, start + newline + 1);
        return true;
      }
      end = start;
    }
  } finally {
    await handle.close();
  }
  await truncate(path, 0);
  return false;
}

async function resumeJournal(path: string, source: PagedSource): Promise<JournalState> {
  const state: JournalState = {
    cursor: source.firstCursor,
    seen: new Set(),
    rows: 0,
    problems: 0,
    expected: null,
  };
  if (!(await mendJournal(path))) return state;
  for await (const page of journalPages(path, source.identity)) advance(state, page);
  return state;
}

function advance(state: JournalState, page: JournalPage): void {
  state.seen.add(page.cursor);
  state.rows += page.rows.length;
  state.problems += page.problems.length;
  state.expected = page.expected ?? state.expected;
  state.cursor = page.next;
}

/**
 * Fetches all pages of `source` into the table at `path` (journal beside it: `<path>.import.jsonl`).
 * @throws EwaldError those of the source; `import/loop` where a server's next page is an earlier one;
 * `import/other-request`
 */
export async function importPages(
  source: PagedSource,
  path: string,
  onProgress: (progress: ImportProgress) => void = () => undefined,
): Promise<ImportReport> {
  const journal = `${path}.import.jsonl`;
  await mkdir(dirname(journal), { recursive: true });
  const state = await resumeJournal(journal, source);
  const resumedRows = state.rows;
  const handle = await open(journal, "a");
  try {
    if ((await handle.stat()).size === 0)
      await handle.writeFile(`${JSON.stringify({ identity: source.identity })}\n`);
    while (state.cursor !== null) {
      const { cursor } = state;
      if (state.seen.has(cursor)) {
        throw new EwaldError(
          "import/loop",
          "the server's next page is one that was already fetched",
          { value: cursor },
        );
      }
      const page: JournalPage = { ...(await source.page(cursor)), cursor };
      await handle.writeFile(`${JSON.stringify(page)}\n`);
      await handle.sync();
      advance(state, page);
      onProgress({ rows: state.rows, problems: state.problems, expected: state.expected });
    }
  } finally {
    await handle.close();
  }
  const provenance = [await source.provenance()];
  const items = (): AsyncGenerator<ImportItem> => journalItems(journal, source.identity);
  const extra = await extraKinds(rowsOf(items(), () => undefined));
  const report = await saveItems(path, items(), { provenance, extra });
  await rm(journal);
  if (state.expected !== null && state.expected > report.rows + report.problems) {
    const message = `the source announced ${state.expected} entries and gave ${report.rows + report.problems}`;
    report.problemRows.push({ row: null, id: null, code: "import/count", message });
  }
  return {
    ...report,
    problems: report.problemRows.length,
    resumedRows,
    expected: state.expected,
    provenance,
  };
}

async function* journalItems(path: string, identity: string): AsyncGenerator<ImportItem> {
  for await (const { rows, problems } of journalPages(path, identity)) {
    for (const row of rows) yield { row };
    for (const problem of problems) yield { problem };
  }
}

async function* rowsOf(
  items: AsyncIterable<ImportItem>,
  onOther: (item: Exclude<ImportItem, { readonly row: StructureRow }>) => void,
): AsyncGenerator<StructureRow> {
  for await (const item of items) {
    if ("row" in item) yield item.row;
    else onOther(item);
  }
}

async function saveItems(
  path: string,
  items: AsyncIterable<ImportItem>,
  options: WriteOptions,
): Promise<{
  rows: number;
  problems: number;
  problemRows: RowProblem[];
  passedOver: RowProblem[];
}> {
  const problemRows: RowProblem[] = [];
  const passedOver: RowProblem[] = [];
  const onProblem: ReportProblem = (problem) => void problemRows.push(problem);
  const found = rowsOf(items, (item) =>
    "problem" in item ? onProblem(item.problem) : passedOver.push(item.passedOver),
  );
  const rows = await saveStructureTable(path, uniqueIds(found, onProblem), options);
  return { rows, problems: problemRows.length, problemRows, passedOver };
}

/** Writes a local import (folder, archive, CSV) as a table. */
export async function importItems(
  items: AsyncIterable<ImportItem>,
  path: string,
  provenance: readonly Provenance[],
): Promise<ImportReport> {
  const report = await saveItems(path, items, { provenance });
  return { ...report, resumedRows: 0, expected: null, provenance };
}

/** Files of a folder and its subfolders in name order, those of archives too; hidden ones are passed by, links followed. */
export async function* folderFiles(folder: string): AsyncGenerator<ImportFile> {
  const { files, unread } = await walkFolder(folder);
  const within = (path: string): string => relative(folder, path).split(sep).join("/");
  for (const { path, error } of unread) yield { path: within(path), failure: error };
  for (const path of files) if (isMeant(within(path))) yield* filesAt(path, within(path));
}

/** One file under its name, or those of an archive under it. */
async function* filesAt(full: string, path: string): AsyncGenerator<ImportFile> {
  try {
    if (isArchive(path)) {
      for await (const file of archiveFiles(full)) yield { ...file, path: `${path}/${file.path}` };
    } else yield { path, bytes: await boundedBytes(full) };
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    yield { path, failure: error };
  }
}

/** Nothing is read of a file too large for a structure: beside calculations lie wave functions of gigabytes. */
async function boundedBytes(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= LARGEST_FILE_BYTES) return await readFile(path);
    throw tooLarge(size, path);
  } catch (cause) {
    throw cause instanceof EwaldError ? cause : notRead(path, cause);
  }
}

function tooLarge(size: number, path: string): EwaldError {
  return new EwaldError("file/too-large", `${size} bytes are too many for a structure file`, {
    value: size,
    unit: "byte",
    source: path,
  });
}

/** Files of a tar or tar.gz on disk. */
export function tarArchiveFiles(path: string): AsyncGenerator<SourceFile> {
  return tarFiles(
    Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
    basename(path),
  );
}

/**
 * Files of a zip on disk. Those whose names promise a structure come first: what a zip may expand to is bounded, and
 * of the others what goes beyond is left unread.
 * @throws EwaldError of {@link openZip}
 */
export async function* zipArchiveFiles(path: string): AsyncGenerator<ImportFile> {
  const archive = openZip(await readFile(path));
  const meant = archive.entries.filter(({ name }) => isMeant(name));
  const promising = meant.filter(({ name }) => isStructureFile(name));
  for (const entry of promising) yield { path: entry.name, bytes: archive.read(entry) };
  for (const entry of meant) {
    if (isStructureFile(entry.name)) continue;
    try {
      yield { path: entry.name, bytes: archive.read(entry) };
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      yield { path: entry.name, failure: error };
    }
  }
}

function archiveFiles(path: string): AsyncGenerator<ImportFile> {
  return /\.zip$/i.test(path) ? zipArchiveFiles(path) : tarArchiveFiles(path);
}

/**
 * Files of what a person names: a folder, a tar, tar.gz or zip, or one file.
 * @throws EwaldError `file/not-found`, `file/not-read`
 */
export async function sourceFiles(path: string): Promise<AsyncIterable<ImportFile>> {
  const info = await stat(path).catch((cause: unknown) => {
    throw notRead(path, cause);
  });
  if (info.isDirectory()) return folderFiles(path);
  return isArchive(path) ? archiveFiles(path) : filesAt(path, basename(path));
}

function notRead(path: string, cause: unknown): EwaldError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === "ENOENT"
    ? new EwaldError("file/not-found", "there is no such file or folder", { source: path, cause })
    : new EwaldError("file/not-read", `cannot read: ${message}`, { source: path, cause });
}

/**
 * The text of a file, piece by piece.
 * @throws EwaldError `file/not-found`, `file/not-read`
 */
export async function* textPieces(path: string): AsyncGenerator<string> {
  try {
    yield* createReadStream(path, { encoding: "utf8" }) as AsyncIterable<string>;
  } catch (cause) {
    throw notRead(path, cause);
  }
}
