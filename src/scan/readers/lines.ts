/**
 * Parts that the line-oriented readers share: key = value headers, blocks of numbers that flow over lines
 * with the line of each kept for errors, and fixed columns.
 */
import { EwaldError } from "../../errors.ts";
import { type NumberCursor, readNumber, readNumberList } from "../../formats/numbers.ts";

/** Growing columns of numbers with the line each row came from. */
export class NumberRows {
  readonly columns: number;
  #data: Float64Array;
  #lines: Uint32Array;
  #rows = 0;

  constructor(columns: number) {
    this.columns = columns;
    this.#data = new Float64Array(columns * 1024);
    this.#lines = new Uint32Array(1024);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Room for one more row: the array to write into and where its first column stands. */
  push(values: ArrayLike<number>, line: number): void {
    if (this.#rows === this.#lines.length) this.#grow();
    const at = this.#rows * this.columns;
    for (let c = 0; c < this.columns; c++) this.#data[at + c] = values[c]!;
    this.#lines[this.#rows++] = line;
  }

  #grow(): void {
    const data = new Float64Array(this.#data.length * 2);
    data.set(this.#data);
    this.#data = data;
    const lines = new Uint32Array(this.#lines.length * 2);
    lines.set(this.#lines);
    this.#lines = lines;
  }

  column(c: number): Float64Array {
    const out = new Float64Array(this.#rows);
    for (let r = 0; r < this.#rows; r++) out[r] = this.#data[r * this.columns + c]!;
    return out;
  }

  line(row: number): number {
    return this.#lines[Math.min(row, this.#rows - 1)] ?? 1;
  }
}

const cursor: NumberCursor = { end: 0 };

/** Words that a file writes where a number is missing. */
const NO_NUMBER = /^[+-]?(?:nan(?:\(\w*\))?|inf(?:inity)?|1\.#\w+|n\/?a|null|none)$/i;

/** A number, or NaN for a word that says that there is none; undefined for anything else. */
export function numberOrGap(word: string): number | undefined {
  if (NO_NUMBER.test(word)) return Number.NaN;
  const value = word === "" ? Number.NaN : Number(word);
  return Number.isNaN(value) ? undefined : value;
}

/** A list of numbers in which "NaN" stands for a missing one; undefined where it holds anything else. */
export function numberListWithGaps(text: string): Float64Array | undefined {
  const list = readNumberList(text);
  if (list !== undefined) return list;
  const words = text.trim().split(/[\s,]+/);
  const numbers = words.map(numberOrGap);
  return numbers.includes(undefined) ? undefined : Float64Array.from(numbers as number[]);
}

/**
 * Adds every number of a line (separated by blanks or commas) to `rows` of one column; "NaN" is a missing one.
 * @throws EwaldError `scan/bad-number` at what is no number.
 */
export function pushNumbers(rows: NumberRows, text: string, line: number): void {
  let at = 0;
  for (;;) {
    let code = text.charCodeAt(at);
    while (code <= 32 || code === 44) code = text.charCodeAt(++at);
    if (at >= text.length) return;
    const value = readNumber(text, at, cursor);
    const next = text.charCodeAt(cursor.end);
    if (Number.isNaN(value) || (cursor.end < text.length && !(next <= 32 || next === 44))) {
      const word = text.slice(at).split(/[\s,]/)[0] ?? "";
      if (!NO_NUMBER.test(word)) throw badNumber(word, line, at + 1);
      rows.push([Number.NaN], line);
      at += word.length;
      continue;
    }
    rows.push([value], line);
    at = cursor.end;
  }
}

export function badNumber(value: string, line: number, column?: number): EwaldError {
  return new EwaldError("scan/bad-number", `"${value.slice(0, 40)}" is no number`, {
    value,
    line,
    ...(column === undefined ? {} : { column }),
  });
}

/** The number that a text begins with ("1,5406 A", "40 mA"); a comma between digits is a decimal comma. */
export function leadingNumber(text: string | undefined): number | undefined {
  const match = /^\s*([-+]?(?:\d+(?:[.,]\d+|\.)?|[.,]\d+)(?:e[-+]?\d+)?)/i.exec(text ?? "");
  return match === null ? undefined : optionalNumber(match[1]!.replace(",", "."));
}

/** A number, or undefined for absent, blank or other text. */
export function optionalNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return undefined;
  const value = Number(trimmed.replace(/[dD]([+-]?\d+)$/, "e$1"));
  return Number.isFinite(value) ? value : undefined;
}

/** @throws EwaldError `scan/bad-header` where the key is missing or no number. */
export function headerNumber(
  header: ReadonlyMap<string, string>,
  key: string,
  line: number,
): number {
  const value = optionalNumber(header.get(key));
  if (value !== undefined) return value;
  const found = header.get(key);
  throw new EwaldError(
    "scan/bad-header",
    found === undefined ? `the header lacks ${key}` : `${key} is "${found}", no number`,
    { line },
  );
}

/** Without the quotes around it. */
export function unquote(text: string): string {
  const trimmed = text.trim();
  return /^(["']).*\1$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed;
}

/** @throws EwaldError `scan/truncated` unless as many points are there as the header announced. */
export function expectCount(found: number, announced: number, line: number): void {
  if (found === announced) return;
  throw new EwaldError(
    found < announced ? "scan/truncated" : "scan/point-count",
    `the header announces ${announced} points, ${found} are there`,
    { line, value: found },
  );
}
