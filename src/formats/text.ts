/**
 * Bytes to text, for every text format: UTF-8, else UTF-16 where a byte order mark says so, else
 * Windows-1252 (what old programs wrote), with a warning. Bytes that are no text are refused.
 */
import { EwaldError, type Warning } from "../errors.ts";

export interface DecodedText {
  readonly text: string;
  readonly warnings: readonly Warning[];
}

export interface DecodeOptions {
  /** Largest input in bytes (characters for a string): memory stays bounded. */
  readonly maxBytes?: number;
}

/** 64 MiB: above every CIF of a crystal structure with its reflections, below what hurts a browser tab. */
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** @throws EwaldError `text/too-large`, `text/binary` */
export function decodeText(input: Uint8Array | string, options: DecodeOptions = {}): DecodedText {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  if (input.length > maxBytes) {
    throw new EwaldError(
      "text/too-large",
      `the input has ${input.length} bytes, more than ${maxBytes}`,
      {
        value: input.length,
        unit: "byte",
        hint: "Raise the limit (maxBytes) if the file is really that large.",
      },
    );
  }
  const decoded =
    typeof input === "string" ? { text: stripMark(input), warnings: [] } : decodeBytes(input);
  const nul = decoded.text.indexOf("\0");
  if (nul >= 0) {
    throw new EwaldError("text/binary", "the input holds NUL bytes: it is binary, not text", {
      byte: nul,
    });
  }
  return decoded;
}

function stripMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function decodeBytes(bytes: Uint8Array): DecodedText {
  if (bytes.length >= 2) {
    const mark = bytes[0]! * 256 + bytes[1]!;
    if (mark === 0xfffe) return { text: new TextDecoder("utf-16le").decode(bytes), warnings: [] };
    if (mark === 0xfeff) return { text: new TextDecoder("utf-16be").decode(bytes), warnings: [] };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), warnings: [] };
  } catch {
    const warning = {
      code: "text/not-utf8",
      message: "the text is not UTF-8; read as Windows-1252, letters with accents may be wrong",
    };
    return { text: new TextDecoder("windows-1252").decode(bytes), warnings: [warning] };
  }
}

/** Line and column, both from 1, of character offsets; LF, CR and CRLF each end one line. */
export class LineIndex {
  readonly #text: string;
  /** Offsets at which lines start; built at the first question, because most inputs ask none. */
  #starts: Uint32Array | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  position(offset: number): { readonly line: number; readonly column: number } {
    const starts = (this.#starts ??= lineStarts(this.#text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - starts[low]! + 1 };
  }
}

function lineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return Uint32Array.from(starts);
}
