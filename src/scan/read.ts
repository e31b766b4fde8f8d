/**
 * Reads a powder scan from the bytes of an instrument's file, recognised by its content, never by its
 * name. What holds no powder scan is refused by the name of what it is.
 */
import { EwaldError, type Warning, withSource } from "../errors.ts";
import { decodeInstrumentText } from "../formats/instrument-text.ts";
import { MAX_FILE_BYTES } from "../formats/limits.ts";
import { signatureOf, unpacked } from "../formats/signatures.ts";
import type { Signature } from "../formats/signatures.table.ts";
import { openZip } from "../formats/zip.ts";
import { type Draft, finishScan } from "./readers/draft.ts";
import { BINARY_READERS, layoutReader, TEXT_READERS, ZIP_READERS } from "./readers/registry.ts";
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
  const bytes = unpacked(packed);
  const signature = signatureOf(bytes);
  const { format } = signature;
  if (format === "empty") throw new EwaldError("scan/empty", "the file is empty", { byte: 0 });
  const warnings: Warning[] = [];
  const ofBytes = BINARY_READERS.get(format);
  if (ofBytes !== undefined) return { draft: ofBytes(bytes, warnings), warnings };
  const ofZip = ZIP_READERS.get(format);
  if (ofZip !== undefined) return { draft: ofZip(openZip(bytes), warnings), warnings };
  const ofText = TEXT_READERS.get(format);
  if (ofText === undefined && format !== "text") refuse(signature, bytes);
  const text = beforeEndOfFileMark(decodeInstrumentText(bytes));
  if (text.trim() === "") throw new EwaldError("scan/empty", "the file is blank", { byte: 0 });
  const reader = ofText ?? layoutReader(text);
  if (reader !== undefined) return { draft: reader(text, warnings), warnings };
  throw new EwaldError("scan/unknown-format", "no powder scan was found in this text", { line: 1 });
}

function refuse({ format, what, hint }: Signature, bytes: Uint8Array): never {
  if (format === "binary") {
    throw new EwaldError("scan/unknown-format", what, {
      byte: 0,
      value: hexDump(bytes),
      hint: "Export it as XRDML, UXD, RAS or two columns of text.",
    });
  }
  throw new EwaldError("scan/not-a-scan", `${what}, not a powder scan`, {
    value: what,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** DOS programs end a text with Ctrl-Z and fill up the sector. */
function beforeEndOfFileMark(text: string): string {
  const at = text.indexOf("\u001a", Math.max(0, text.length - 512));
  return at < 0 ? text : text.slice(0, at);
}

function hexDump(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
