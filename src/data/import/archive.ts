/** Files of an archive as a stream: tar (plain or gzipped) without unpacking to disk. */
import { createTarDecoder } from "modern-tar";
import { EwaldError } from "../../errors.ts";
import { endingOf } from "../../formats/signatures.ts";
import { isGzip } from "../../formats/zip.ts";

/** One file of a folder or archive. */
export interface SourceFile {
  /** Path within the folder or archive, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A single structure file larger than this is not one. */
export const LARGEST_FILE_BYTES = 64 * 1024 * 1024;

/** By its name: instruments write files that are ZIP archives within, under other endings. */
export const ARCHIVE_ENDING = endingOf("archive");

export function isArchive(path: string): boolean {
  return ARCHIVE_ENDING.test(path);
}

/** Folders have no content; hidden files and what macOS packs beside the files are nobody's. */
export function isMeant(path: string): boolean {
  return !path.endsWith("/") && !path.split("/").some((part) => /^(?:\.|__MACOSX$)/.test(part));
}

/**
 * The regular files of a tar stream, in order; gzip is recognised by its first bytes.
 * @throws EwaldError `archive/damaged`, `archive/file-too-large`
 */
export async function* tarFiles(
  stream: ReadableStream<Uint8Array>,
  name: string,
): AsyncGenerator<SourceFile> {
  const { isPacked, whole } = await peekGzip(stream);
  const plain = isPacked
    ? whole.pipeThrough(
        new DecompressionStream("gzip") as ReadableWritablePair<Uint8Array, Uint8Array>,
      )
    : whole;
  const entries = plain.pipeThrough(createTarDecoder({ strict: true })).getReader();
  try {
    for (;;) {
      const { value: entry, done } = await entries.read();
      if (done) return;
      if (entry.header.type !== "file" && entry.header.type !== undefined) {
        await entry.body.cancel();
        continue;
      }
      if (entry.header.size > LARGEST_FILE_BYTES) {
        throw new EwaldError(
          "archive/file-too-large",
          `${entry.header.name} has ${entry.header.size} bytes`,
          { source: name, value: entry.header.size, unit: "byte" },
        );
      }
      yield {
        // `tar c .` writes "./quartz.cif".
        path: entry.header.name.replace(/^(\.\/)+/, ""),
        bytes: new Uint8Array(
          await new Response(entry.body as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
        ),
      };
    }
  } catch (cause) {
    if (cause instanceof EwaldError) throw cause;
    throw new EwaldError(
      "archive/damaged",
      `the archive cannot be read (${cause instanceof Error ? cause.message : String(cause)})`,
      { source: name, cause },
    );
  } finally {
    await entries.cancel().catch(() => undefined);
  }
}

async function peekGzip(
  stream: ReadableStream<Uint8Array>,
): Promise<{ isPacked: boolean; whole: ReadableStream<Uint8Array> }> {
  const reader = stream.getReader();
  const first = await reader.read();
  const isPacked = first.value !== undefined && isGzip(first.value);
  const whole = new ReadableStream<Uint8Array>({
    start(controller) {
      if (first.value !== undefined) controller.enqueue(first.value);
      if (first.done) controller.close();
    },
    async pull(controller) {
      const { value, done } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { isPacked, whole };
}
