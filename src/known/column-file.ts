/**
 * Files of columns: what is known of many entries, column by column so that it packs well. All numbers little-endian.
 *
 * | bytes | what |
 * |---|---|
 * | 4 | letters that say which file it is |
 * | 1 | version |
 * | 4 | number of entries |
 * | 4 | length of the columns before they were packed |
 * | 4 | length of the packed columns |
 * | … | the columns, packed by zlib: each as its length (4 bytes) and its bytes |
 */
import { unzlibSync, zlibSync } from "fflate";
import { EwaldError } from "../errors.ts";

/** What a file of columns is, and what it is called where it is damaged. */
export interface ColumnFile {
  /** Four letters. */
  readonly magic: string;
  readonly version: number;
  /** "values.bin" */
  readonly fileName: string;
  /** "the file of known values" */
  readonly title: string;
  readonly columns: number;
}

const HEADER_BYTES = 17;
const HINT =
  "Install the package again, or reload the page; a library of your own: build it again.";

/** Whole numbers, seven bits a byte, lowest first; signed ones zigzag. */
export class ColumnWriter {
  private bytes = new Uint8Array(1024);
  private length = 0;

  whole(value: number): void {
    if (this.length + 8 > this.bytes.length) {
      const longer = new Uint8Array(2 * this.bytes.length);
      longer.set(this.bytes);
      this.bytes = longer;
    }
    let left = value;
    while (left >= 0x80) {
      this.bytes[this.length++] = (left & 0x7f) | 0x80;
      left = Math.floor(left / 0x80);
    }
    this.bytes[this.length++] = left;
  }

  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  get content(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

/** The bytes of a file; the same columns give the same bytes. */
export function packColumns(
  { magic, version }: ColumnFile,
  count: number,
  columns: readonly Uint8Array[],
): Uint8Array {
  const raw = new Uint8Array(columns.reduce((sum, column) => sum + 4 + column.length, 0));
  const view = new DataView(raw.buffer);
  let at = 0;
  for (const column of columns) {
    view.setUint32(at, column.length, true);
    raw.set(column, at + 4);
    at += 4 + column.length;
  }
  const body = zlibSync(raw, { level: 9 });
  const file = new Uint8Array(HEADER_BYTES + body.length);
  file.set(new TextEncoder().encode(magic));
  file[4] = version;
  const header = new DataView(file.buffer);
  header.setUint32(5, count, true);
  header.setUint32(9, raw.length, true);
  header.setUint32(13, body.length, true);
  file.set(body, HEADER_BYTES);
  return file;
}

/** @throws EwaldError `known/damaged` always */
export function damaged({ title, fileName }: ColumnFile, message: string, byte?: number): never {
  throw new EwaldError("known/damaged", `${title} ${message}`, {
    source: fileName,
    ...(byte === undefined ? {} : { byte }),
    hint: HINT,
  });
}

/**
 * The columns of a file, as many as it must have.
 * @throws EwaldError `known/damaged`, `known/version`
 */
export function unpackColumns(
  file: ColumnFile,
  bytes: Uint8Array,
): { readonly columns: readonly Uint8Array[]; readonly count: number } {
  const body = checkedBody(file, bytes);
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [count, rawLength] = [header.getUint32(5, true), header.getUint32(9, true)];
  let raw: Uint8Array;
  try {
    raw = unzlibSync(body);
  } catch {
    return damaged(file, "cannot be unpacked", HEADER_BYTES);
  }
  if (raw.length !== rawLength) damaged(file, `holds ${raw.length} bytes instead of ${rawLength}`);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const columns: Uint8Array[] = [];
  for (let at = 0; at < raw.length;) {
    const length = at + 4 > raw.length ? Infinity : view.getUint32(at, true);
    if (at + 4 + length > raw.length) damaged(file, "has a column that ends early");
    columns.push(raw.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (columns.length !== file.columns)
    damaged(file, `has ${columns.length} columns instead of ${file.columns}`);
  return { columns, count };
}

function checkedBody(file: ColumnFile, bytes: Uint8Array): Uint8Array {
  if (bytes.length < HEADER_BYTES)
    damaged(file, `is cut short: ${bytes.length} bytes`, bytes.length);
  if ([...file.magic].some((letter, i) => bytes[i] !== letter.charCodeAt(0)))
    damaged(file, "is another file: it begins otherwise", 0);
  if (bytes[4] !== file.version)
    throw new EwaldError(
      "known/version",
      `${file.title} has version ${bytes[4]}, this Ewald reads ${file.version}`,
      { source: file.fileName, value: bytes[4]!, hint: HINT },
    );
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = HEADER_BYTES + header.getUint32(13, true);
  if (bytes.length < end)
    damaged(file, `is cut short: ${end - bytes.length} bytes are missing`, bytes.length);
  if (bytes.length > end)
    damaged(file, `goes on for ${bytes.length - end} bytes after its end`, end);
  return bytes.subarray(HEADER_BYTES);
}

/**
 * The whole numbers of a column; it must hold `count` of them and no more.
 * @param values where they go, of a kind that holds them: millions of lines need no eight bytes each
 * @throws EwaldError `known/damaged`
 */
export function wholes<T extends Float64Array | Uint32Array | Uint16Array = Float64Array>(
  file: ColumnFile,
  column: Uint8Array,
  count: number,
  values: T = new Float64Array(count) as T,
): T {
  let at = 0;
  for (let i = 0; i < count; i++) {
    // Most numbers are one byte, nearly all others two: loops over millions of them wait for nothing else.
    let byte = column[at++] ?? 0xff;
    if (byte < 0x80) {
      values[i] = byte;
      continue;
    }
    let [value, unit] = [0, 1];
    for (;;) {
      if (at > column.length || unit > 2 ** 49)
        return damaged(file, "has a column that ends early");
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) break;
      unit *= 0x80;
      byte = column[at++] ?? 0xff;
    }
    values[i] = value;
  }
  if (at !== column.length) damaged(file, "has a column with more than it should hold");
  return values;
}

/** The number that was written zigzag. */
export const unzigzag = (whole: number): number => (whole % 2 === 0 ? whole / 2 : -(whole + 1) / 2);

/** Lines of text; none where the column is empty. */
export function linesOf(column: Uint8Array): string[] {
  const text = new TextDecoder().decode(column);
  return text === "" ? [] : text.split("\n");
}
