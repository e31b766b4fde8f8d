/**
 * Reads a powder scan from the bytes of an instrument's file, recognised by its content, never by its
 * name. What holds no powder scan is refused by the name of what it is.
 */
import { EwaldError, type Warning, withSource } from "../errors.ts";
import { decodeInstrumentText, looksBinary } from "../formats/instrument-text.ts";
import { MAX_FILE_BYTES } from "../formats/limits.ts";
import { gunzip, isGzip, isZip } from "../formats/zip.ts";
import { type Draft, finishScan } from "./readers/draft.ts";
import { recognisesGsas } from "./readers/gsas.ts";
import { refuseBinary, refuseText } from "./readers/not-a-scan.ts";
import { BINARY_READERS, readZipScan, TEXT_READERS } from "./readers/registry.ts";
import type { ReadScan } from "./scan.ts";

export interface ReadOptions {
  /** Kept in the scan's source and in error positions; never used to recognise a format. */
  readonly name?: string;
}

/**
 * The scan in a file's bytes. Formats: docs/scan-formats.md. gzip around any of them is undone.
 *
 * @throws EwaldError `scan/empty`, `scan/not-a-scan` (with what it is), `scan/unknown-format`,
 * `scan/truncated`, `scan/unsorted-axis`, `scan/doubled-angle`, `scan/not-finite`,
 * `scan/negative-counts`, `scan/bad-number`, and the containers' `binary/…`, `xml/…`, `zip/…`,
 * with line or byte.
 * @example
 * ```js
 * import { readFile } from "node:fs/promises";
 * import { readScan } from "ewald";
 *
 * const { scan } = readScan(await readFile("examples/quartz-simulated.xy"));
 * console.log(scan.ranges[0].axis.kind, scan.ranges[0].intensity.length); // twoTheta …
 * ```
 */
export function readScan(bytes: Uint8Array, options: ReadOptions = {}): ReadScan {
  try {
    const { draft, warnings } = readDraft(bytes);
    const scan = finishScan(draft, options.name, warnings);
    return { scan, format: draft.format, warnings };
  } catch (error) {
    throw options.name === undefined ? error : withSource(error, options.name);
  }
}

function readDraft(packed: Uint8Array): { draft: Draft; warnings: Warning[] } {
  if (packed.length > MAX_FILE_BYTES) {
    throw new EwaldError("scan/too-large", `a file of ${packed.length} bytes is no powder scan`, {
      value: packed.length,
      unit: "bytes",
    });
  }
  const bytes = isGzip(packed) ? gunzip(packed) : packed;
  if (bytes.length === 0) throw new EwaldError("scan/empty", "the file is empty", { byte: 0 });
  const warnings: Warning[] = [];
  if (isZip(bytes)) return { draft: readZipScan(bytes, warnings), warnings };
  for (const reader of BINARY_READERS) {
    if (reader.recognises(bytes)) return { draft: reader.read(bytes, warnings), warnings };
  }
  refuseBinary(bytes);
  if (looksBinary(bytes) && !hasGsasBank(bytes)) {
    throw new EwaldError("scan/unknown-format", "a binary file of a kind that is not known here", {
      byte: 0,
      value: hexDump(bytes),
      hint: "Export it as XRDML, UXD, RAS or two columns of text.",
    });
  }
  const text = beforeEndOfFileMark(decodeInstrumentText(bytes));
  if (text.trim() === "") throw new EwaldError("scan/empty", "the file is blank", { byte: 0 });
  refuseText(text);
  for (const reader of TEXT_READERS) {
    if (reader.recognises(text)) return { draft: reader.read(text, warnings), warnings };
  }
  throw new EwaldError("scan/unknown-format", "no powder scan was found in this text", { line: 1 });
}

/** DOS programs end a text with Ctrl-Z and fill up the sector. */
function beforeEndOfFileMark(text: string): string {
  const at = text.indexOf("\u001a", Math.max(0, text.length - 512));
  return at < 0 ? text : text.slice(0, at);
}

/** Fortran programs leave uninitialised bytes in a title: a GSAS file all the same. */
function hasGsasBank(bytes: Uint8Array): boolean {
  return recognisesGsas(new TextDecoder("windows-1252").decode(bytes.subarray(0, 1024)));
}

function hexDump(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
