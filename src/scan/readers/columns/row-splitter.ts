/**
 * A line of a table to its cells, without allocating. Blanks between columns collapse; tabs, semicolons, bars and
 * commas do not, so that an empty cell keeps its place. Cells may stand in double quotes.
 */

const MAX_COLUMNS = 64;
const COMMA = 44;
const SEMICOLON = 59;
const BAR = 124;
const TAB = 9;
const QUOTE = 34;

/** The separator of columns. `grouped`: as the one before, with thousands that the same character sets apart. */
export type Separator =
  | "tab"
  | "semicolon"
  | "bar"
  | "comma and blank"
  | "comma"
  | "blanks"
  | "comma, grouped"
  | "blanks, grouped"
  | "blanks, semicolons, bars"
  | "any";

/** In the order in which equally good ones are preferred. */
export const SEPARATORS: readonly Separator[] = [
  "tab",
  "semicolon",
  "bar",
  "comma and blank",
  "comma",
  "blanks",
  "comma, grouped",
  "blanks, grouped",
  "blanks, semicolons, bars",
  "any",
];

/** The pattern that a line must hold for a separator to be worth a try. */
export const NEEDS: Readonly<Record<Separator, RegExp>> = {
  tab: /\t/,
  semicolon: /;/,
  bar: /\|/,
  "comma and blank": /,\s/,
  comma: /,/,
  blanks: /\S[ \t]+\S/,
  "comma, grouped": /\d,\d{3}(?!\d)/,
  "blanks, grouped": /\d \d{3}(?!\d)/,
  "blanks, semicolons, bars": /\S[\s;|]+\S/,
  any: /\S[\s;|,]+\S/,
};

/** Whether empty cells keep their place. */
export function keepsEmptyCells(separator: Separator): boolean {
  return !/blanks|any/.test(separator);
}

/** The texts that a spreadsheet writes into a cell that has no value. */
const CELL_ERROR = /^#(?:n\/a|value!|num!|div\/0!|ref!|name\?|null!)/i;

/** Lines that are comments whatever stands in them: # ! % ' * [ // and a semicolon before words. */
export function isComment(line: string): boolean {
  const trimmed = line.trimStart();
  switch (trimmed.charCodeAt(0)) {
    case 35:
      return !CELL_ERROR.test(trimmed);
    case 33:
    case 37:
    case 39:
    case 42:
    case 91:
      return true;
    case SEMICOLON:
      return !/^;\s*[\d.,+\-";]/.test(trimmed);
    default:
      return trimmed.startsWith("//");
  }
}

/** A remark behind a row; `#N/A` and the like are a spreadsheet's cells. */
const REMARK = /\s(?:#(?!n\/a|value!|num!|div\/0|ref!|name\?|null!)|!|\/\/|%|\/\*).*$/i;

export function withoutRemark(line: string): string {
  return /[#!%/]/.test(line) ? line.replace(REMARK, "") : line;
}

function isBlank(code: number): boolean {
  return (
    code <= 32 ||
    code === 160 ||
    (code >= 0x2000 && code <= 0x200b) ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

export class RowSplitter {
  readonly separator: Separator;
  /** Where cell `i` of the line split last begins and ends, blanks and quotes around it left out. */
  readonly from = new Int32Array(MAX_COLUMNS);
  readonly to = new Int32Array(MAX_COLUMNS);
  readonly #hard: number;
  readonly #grouped: boolean;

  constructor(separator: Separator) {
    this.separator = separator;
    this.#grouped = separator.endsWith("grouped");
    const hard = { tab: TAB, semicolon: SEMICOLON, bar: BAR } as const;
    this.#hard = keepsEmptyCells(separator)
      ? separator in hard
        ? hard[separator as keyof typeof hard]
        : COMMA
      : -1;
  }

  /** Number of cells; those beyond {@link MAX_COLUMNS} are not told apart. */
  split(line: string): number {
    const count = this.#hard < 0 ? this.#splitSoft(line) : this.#splitHard(line);
    return this.#grouped ? this.#merge(line, count) : count;
  }

  cell(line: string, i: number): string {
    return line.slice(this.from[i], this.to[i]);
  }

  #endOfQuoted(line: string, at: number): number {
    const end = line.indexOf('"', at + 1);
    return end < 0 ? line.length : end;
  }

  #splitHard(line: string): number {
    const size = line.length;
    const hard = this.#hard;
    const needsBlank = this.separator === "comma and blank";
    let count = 0;
    let at = 0;
    for (;;) {
      let from = at;
      while (from < size && line.charCodeAt(from) !== hard && isBlank(line.charCodeAt(from)))
        from++;
      let end = from;
      let to: number;
      if (line.charCodeAt(from) === QUOTE) {
        to = this.#endOfQuoted(line, from);
        from++;
        end = Math.min(size, to + 1);
      } else to = -1;
      for (; end < size; end++) {
        if (line.charCodeAt(end) !== hard) continue;
        if (!needsBlank || end + 1 >= size || isBlank(line.charCodeAt(end + 1))) break;
      }
      this.#put(line, count, from, to < 0 ? end : to);
      if (count < MAX_COLUMNS - 1) count++;
      if (end >= size) return count;
      at = end + 1;
    }
  }

  #put(line: string, count: number, from: number, end: number): void {
    let to = end;
    let start = from;
    while (to > start && isBlank(line.charCodeAt(to - 1))) to--;
    while (start < to && isBlank(line.charCodeAt(start))) start++;
    this.from[count] = start;
    this.to[count] = to;
  }

  #isBetween(code: number): boolean {
    if (code <= 32) return true;
    if (!this.separator.includes("bars") && this.separator !== "any") {
      return this.separator === "comma, grouped" && code === COMMA;
    }
    return (
      code === SEMICOLON ||
      code === BAR ||
      (code === COMMA && this.separator === "any") ||
      isBlank(code)
    );
  }

  #splitSoft(line: string): number {
    const size = line.length;
    let count = 0;
    let at = 0;
    while (count < MAX_COLUMNS) {
      while (at < size && this.#isBetween(line.charCodeAt(at))) at++;
      if (at >= size) break;
      if (line.charCodeAt(at) === QUOTE) {
        const end = this.#endOfQuoted(line, at);
        this.#put(line, count++, at + 1, end);
        at = end + 1;
        continue;
      }
      const from = at;
      while (at < size && !this.#isBetween(line.charCodeAt(at))) at++;
      this.#put(line, count++, from, at);
    }
    return count;
  }

  /** `20.05 9 300` to two cells: three digits behind one to three, one character between, not in front. */
  #merge(line: string, count: number): number {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      let last = i;
      if (i > 0 && /^[1-9]\d{0,2}$/.test(this.cell(line, i))) {
        while (
          last + 1 < count &&
          this.from[last + 1] === this.to[last]! + 1 &&
          /^\d{3}$/.test(this.cell(line, last + 1))
        ) {
          last++;
        }
      }
      this.from[kept] = this.from[i]!;
      this.to[kept] = this.to[last]!;
      kept++;
      i = last;
    }
    return kept;
  }
}
