/** Files packed in an archive (ZIP, tar, gzipped tar), read as those of a folder are: what is of another kind is passed over. */
import {
  type Content,
  type Contents,
  readContents,
  type ReadContentsOptions,
} from "../data/contents.ts";
import { isMeant, type SourceFile, tarFiles } from "../data/import/archive.ts";
import { EwaldError, withSource } from "../errors.ts";
import { openZip } from "../formats/zip.ts";

/** Codes of files that are simply something else: passed over in folders and archives. */
export const FOREIGN_CODES: ReadonlySet<string> = new Set([
  "read/unrecognised",
  "read/other-file",
  "read/wrong-kind",
  "scan/not-a-scan",
  "scan/unknown-format",
  // A Parquet table of something else.
  "table/missing-column",
]);

/**
 * @param options as for `readContents`
 * @throws EwaldError `archive/damaged`, `zip/…`; `archive/nothing` where no file of it can be read
 */
export async function archiveContents(
  bytes: Uint8Array,
  path: string,
  options: ReadContentsOptions,
): Promise<Contents> {
  const contents: Content[] = [];
  const failures: EwaldError[] = [];
  for (const { path: name, bytes: file } of await filesOf(bytes, path)) {
    const input = `${path}/${name}`;
    try {
      const found = readContents(file, input, options);
      contents.push(...found.contents);
      failures.push(...found.failures.map((error) => withSource(error, input) as EwaldError));
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      if (!FOREIGN_CODES.has(error.code)) failures.push(withSource(error, input) as EwaldError);
    }
  }
  if (contents.length + failures.length > 0) return { contents, failures };
  const kind = options.wanted === "scan" ? "scan" : "structure or scan";
  throw new EwaldError("archive/nothing", `no file of the archive is a ${kind}`, { source: path });
}

async function filesOf(bytes: Uint8Array, path: string): Promise<readonly SourceFile[]> {
  const files: SourceFile[] = [];
  if (/\.zip$/i.test(path)) {
    const { entries, read } = openZip(bytes);
    for (const entry of entries)
      if (isMeant(entry.name)) files.push({ path: entry.name, bytes: read(entry) });
  } else {
    const stream = new Response(bytes as Uint8Array<ArrayBuffer>).body!;
    for await (const file of tarFiles(stream, path)) if (isMeant(file.path)) files.push(file);
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}
