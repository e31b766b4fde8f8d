/**
 * Bytes of a text file to a string: UTF-8 and UTF-16 by byte order mark or by content, else Latin-1
 * (Windows instruments write degree signs and names in it). Unlike the CIF reader's `decodeText` it accepts
 * NULs and UTF-16 without a mark: Fortran titles and Japanese exports hold them. Never fails on an odd byte.
 */
import { EwaldError } from "../errors.ts";
import { MAX_FILE_BYTES } from "./limits.ts";

const UTF16_SAMPLE_BYTES = 512;

/** UTF-16 without a mark: every other byte of the beginning is NUL. */
function looksLikeUtf16(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const size = Math.min(bytes.length, UTF16_SAMPLE_BYTES) & ~1;
  if (size < 8) return undefined;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < size; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  const most = (size / 2) * 0.9;
  if (odd > most && even === 0) return "utf-16le";
  if (even > most && odd === 0) return "utf-16be";
  return undefined;
}

/**
 * @throws EwaldError `text/too-large` above 256 MiB.
 */
export function decodeInstrumentText(bytes: Uint8Array): string {
  if (bytes.length > MAX_FILE_BYTES) {
    throw new EwaldError("text/too-large", `text of ${bytes.length} bytes is beyond the limit`, {
      value: bytes.length,
      unit: "bytes",
    });
  }
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return new TextDecoder("utf-8").decode(bytes);
  if (a === 0xff && b === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (a === 0xfe && b === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  const utf16 = looksLikeUtf16(bytes);
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** Lines without their ends; `\r\n`, `\n` and the lone `\r` of old Macintosh exports all end a line. */
export function splitLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/);
}

/** True where the beginning holds bytes that no text encoding here produces: binary. */
export function looksBinary(bytes: Uint8Array, sampleBytes = 2048): boolean {
  if (looksLikeUtf16(bytes) !== undefined) return false;
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return false;
  }
  const size = Math.min(bytes.length, sampleBytes);
  let odd = 0;
  for (let i = 0; i < size; i++) {
    const code = bytes[i]!;
    if (code === 0) return true;
    const isControl = code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13;
    if (isControl && code !== 0x1a && code !== 0x1b) odd++;
  }
  return odd > size * 0.02;
}
