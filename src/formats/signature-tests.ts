/** Formats that do not begin with a word of their own: recognised by what must agree in them. */
import { plainNumber } from "./typography.ts";

const SPE_HEADER_BYTES = 4100;

/** The size of the file is that of its header and frames. */
export function isWinSpecSpe(bytes: Uint8Array): boolean {
  if (bytes.length < SPE_HEADER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getInt16(108, true);
  const [width, height] = [view.getUint16(42, true), view.getUint16(656, true)];
  const size = [4, 4, 2, 2][type];
  const frames = Math.max(1, view.getInt32(1446, true));
  if (size === undefined || width === 0 || height === 0) return false;
  return bytes.length === SPE_HEADER_BYTES + width * height * frames * size;
}

/** POSIX: the word stands behind the first file's name, size and owner. */
export function isTar(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(257, 262)) === "ustar";
}

/** Protocol buffers: the version of the format, then the name of the program that wrote it. */
export function isOnnx(bytes: Uint8Array): boolean {
  const [tag, version = 0, next] = bytes;
  return tag === 0x08 && version >= 3 && version <= 15 && next === 0x12;
}

/** Genie CNF: the first sections' tags stand at fixed places. */
export function isCanberraCnf(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0 &&
    bytes[1] === 4 &&
    bytes.length >= 2048 &&
    bytes[0x70 + 1] === 0x20 &&
    bytes[0x70 + 2] === 1
  );
}

/** Canberra S100: the word 0x00010800 at byte 0x24. */
export function isCanberraMca(bytes: Uint8Array): boolean {
  return (
    bytes.length > 512 &&
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(0x24, true) === 0x10800
  );
}

/**
 * The second line is a scale, the next three are vectors, and then come element symbols, or counts with the mode below
 * them. Three columns of a scan have numbers there.
 */
export function isPoscar(text: string): boolean {
  const lines = text.slice(0, 4000).split(/\r\n|\r|\n/);
  const [, scaleLine = "", ...vectors] = lines.slice(0, 5);
  const scales = leadingNumbers(scaleLine).length;
  const isCell =
    [1, 3].includes(scales) &&
    vectors.length === 3 &&
    vectors.every((line) => leadingNumbers(line).length >= 3);
  const [species = "", next = ""] = lines.slice(5, 7);
  const hasSymbols = /^\s*[A-Za-z]/.test(species);
  const hasCounts = /^[\s\d]*\d\s*$/.test(species) && /^\s*[A-Za-z]/.test(next);
  // Cut short, it is still a POSCAR, and its reader says what is missing; a short list of three columns is a scan.
  return isCell && (hasSymbols || hasCounts || (lines.length <= 6 && scales === 1));
}

/** The numbers a line begins with; Fortran's 1.0d0 is one. */
export function leadingNumbers(line: string): number[] {
  const numbers: number[] = [];
  for (const word of plainNumber(line).trim().split(/\s+/)) {
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d{1,3})?$/.test(word)) break;
    numbers.push(Number(word.replace(/d/i, "e")));
  }
  return numbers;
}
