/**
 * Splits a line of a table into numbers without allocating. Whether commas are decimal marks or
 * separators is decided once, from the whole table.
 */
import { type NumberCursor, readNumber } from "../../formats/index.ts";

const MAX_COLUMNS = 64;
const COMMA = 44;
const POINT = 46;
const SEMICOLON = 59;
const BAR = 124;

/** Lines that are comments whatever stands in them. */
export function isComment(line: string): boolean {
  const trimmed = line.trimStart();
  const first = trimmed.charCodeAt(0);
  // # ; ! % ' * and // and [
  return (
    first === 35 ||
    (first === SEMICOLON && !/^;\s*[\d.+-]/.test(trimmed)) ||
    first === 33 ||
    first === 37 ||
    first === 39 ||
    first === 42 ||
    first === 91 ||
    trimmed.startsWith("//") ||
    trimmed.startsWith("/*")
  );
}

const DECIMAL_COMMA = /^[-+]?\d+,\d+(?:[eE][-+]?\d+)?$/;
const PLAIN_NUMBER = /^[-+]?\d+(?:[eE][-+]?\d+)?$/;
const SAMPLE_LINES = 400;

/**
 * Decimal commas are certain where, split at blanks, semicolons and bars, a line has two or more fields
 * that are all numbers only if the comma is decimal, and no number of the table has a point.
 */
function usesDecimalComma(lines: readonly string[]): boolean {
  let votes = 0;
  for (const line of lines.slice(0, SAMPLE_LINES)) {
    const fields = line
      .trim()
      .split(/[\s;|]+/)
      .filter((field) => field !== "");
    if (fields.length < 2) continue;
    if (!fields.every((field) => DECIMAL_COMMA.test(field) || PLAIN_NUMBER.test(field))) {
      if (/^[-+]?\d+\.\d+[\s,;|]/.test(line.trim())) return false;
      continue;
    }
    if (fields.some((field) => DECIMAL_COMMA.test(field))) votes++;
  }
  return votes > 0;
}

export class RowParser {
  /** Numbers of the line parsed last. */
  readonly values = new Float64Array(MAX_COLUMNS);
  /** Most numbers that a line had so far. */
  usualCount = 0;
  readonly #decimal: number;
  readonly #cursor: NumberCursor = { end: 0 };

  constructor(lines: readonly string[]) {
    this.#decimal = usesDecimalComma(lines) ? COMMA : POINT;
  }

  #isSeparator(code: number): boolean {
    return (
      code <= 32 ||
      code === SEMICOLON ||
      code === BAR ||
      (code === COMMA && this.#decimal === POINT) ||
      code === 160
    );
  }

  /** How many numbers the line begins with; fewer than two where it is no row. */
  parse(line: string): number {
    let at = 0;
    let count = 0;
    const size = line.length;
    while (count < MAX_COLUMNS) {
      while (at < size && this.#isSeparator(line.charCodeAt(at))) at++;
      if (at >= size) break;
      const value = readNumber(line, at, this.#cursor, this.#decimal);
      const { end } = this.#cursor;
      if (end === at || (end < size && !this.#isSeparator(line.charCodeAt(end)))) {
        // Words may follow two numbers (a date, a remark), not "nan" or half a number.
        const isWord = count >= 2 && !/^[-+]?(?:nan|inf|\d+[^\d/:.-])/i.test(line.slice(at));
        if (!isWord) return count === 1 ? 1 : 0;
        break;
      }
      this.values[count++] = value;
      at = end;
    }
    if (count > this.usualCount) this.usualCount = count;
    return count;
  }

  words(line: string): string[] {
    const separators = this.#decimal === COMMA ? /[\s;|]+/ : /[\s;|,]+/;
    return line
      .trim()
      .split(separators)
      .filter((word) => word !== "");
  }
}
