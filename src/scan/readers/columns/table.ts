/**
 * Lines of text to a table of numbers. What separates columns, which columns hold numbers and how these are written
 * is decided from the whole table; a row keeps its columns, and an empty cell is missing, not zero and not closed up.
 */
import { EwaldError, type Warning } from "../../../errors.ts";
import { type NumberCursor, readNumber } from "../../../formats/numbers.ts";
import { isAxisName } from "./column-names.ts";
import { badNumber, NumberRows } from "../lines.ts";
import {
  ColumnEvidence,
  type FormatFound,
  formatsOf,
  type NumberForm,
  numberForm,
  numberIn,
} from "./number-form.ts";
import { isComment, RowSplitter, type Separator, withoutRemark } from "./row-splitter.ts";
import { type ColumnType, isMissing, type Layout } from "./table-layout.ts";

interface Block {
  /** NaN where a cell is empty or holds a word. */
  readonly rows: NumberRows;
  /** Text lines before the first row of numbers, comment marks removed. */
  readonly heading: readonly string[];
  /** Whether the last line of the heading is a comment. */
  readonly endsInComment: boolean;
}

/** A line among the rows that is none, and the row that follows it. */
interface TextBetween {
  readonly text: string;
  readonly line: number;
  readonly block: number;
  readonly nextRow: number;
}

/** Words that programs write where a number is missing. */
const NO_NUMBER = /^"?[+-]?(?:nan|inf(?:inity)?|1\.#\w+|#n\/a|#value!|null)"?$/i;

/** From which row on a column of text holds which text. */
export interface Label {
  readonly row: number;
  readonly text: string;
}

export interface Table {
  readonly separator: Separator;
  readonly types: readonly ColumnType[];
  readonly formats: readonly FormatFound[];
  readonly blocks: readonly Block[];
  readonly between: readonly TextBetween[];
  /** First word in place of a number ("NaN", "#N/A") of each column that has one. */
  readonly words: ReadonlyMap<number, { readonly text: string; readonly line: number }>;
  /** Lines of each column in which a word such as NaN says that there is no number. */
  readonly noNumbers: ReadonlyMap<number, ReadonlySet<number>>;
  /** First number of each column that is none in the column's format. */
  readonly unread: ReadonlyMap<number, { readonly text: string; readonly line: number }>;
  readonly evidence: readonly ColumnEvidence[];
  /** Labels of the first block. */
  readonly labels: ReadonlyMap<number, readonly Label[]>;
}

/** A range of a file that this program wrote begins here. */
const OWN_RANGE = /^#\s*range \d+ of \d+\s*$/;

const INTEGER: NumberForm = {};
const POINT: NumberForm = { decimal: "." };

/** {@link numberForm} of the cells that nearly all are, without cutting them out. */
function quickForm(line: string, from: number, to: number): NumberForm | undefined {
  let at = from;
  const sign = line.charCodeAt(at);
  if (sign === 45 || sign === 43) at++;
  let point = -1;
  if (at >= to) return undefined;
  for (let i = at; i < to; i++) {
    const code = line.charCodeAt(i);
    if (code >= 48 && code <= 57) continue;
    if (code !== 46 || point >= 0) return undefined;
    point = i;
  }
  if (point < 0) return INTEGER;
  // "9.300" may be either, and "." is nothing.
  if (to - point === 4 && point - at <= 3) return undefined;
  return to - at > 1 ? POINT : undefined;
}

interface RowAt {
  readonly line: number;
  readonly block: number;
}

/** One walk over the lines: which are rows, what their columns say of their numbers, what else there is. */
class TableScan {
  readonly #splitter: RowSplitter;
  readonly #types: readonly ColumnType[];
  readonly evidence: ColumnEvidence[];
  readonly rows: RowAt[] = [];
  readonly headings: { readonly lines: readonly string[]; readonly endsInComment: boolean }[] = [];
  readonly between: TextBetween[] = [];
  readonly words = new Map<number, { text: string; line: number }>();
  readonly noNumbers = new Map<number, Set<number>>();
  /** A whole number alone in its line above the table. */
  lonely: { readonly value: number; readonly line: number } | undefined;
  readonly #warnings: Warning[];
  #heading: string[] | undefined = [];
  #remarked = false;
  #numbersAbove = 0;
  #endsInComment = false;

  constructor({ separator, types }: Layout, warnings: Warning[]) {
    this.#splitter = new RowSplitter(separator);
    this.#types = types;
    this.evidence = types.map(() => new ColumnEvidence());
    this.#warnings = warnings;
  }

  read(lines: readonly string[]): void {
    lines.forEach((raw, i) => {
      if (isComment(raw) && !this.#beginsWithEmptyCell(raw)) {
        if (OWN_RANGE.test(raw)) this.#heading ??= [];
        this.#heading?.push(raw.replace(/^[\s#;!%/*']+/, "").trim());
        this.#endsInComment = true;
        return;
      }
      // A rule under headings holds no digit: |---|:--:|
      if (/[^-=+:|\s]/.test(raw)) this.#readLine(raw, i + 1);
    });
  }

  /** `;Angle;Intensity` above semicolons is a heading without its first name. */
  #beginsWithEmptyCell(raw: string): boolean {
    if (this.#splitter.separator !== "semicolon" || !raw.startsWith(";")) return false;
    return raw.split(";").length >= this.#types.length;
  }

  #readLine(raw: string, line: number): void {
    const text = withoutRemark(raw);
    const size = this.#types.length;
    let count = this.#splitter.split(text);
    while (count > size && this.#splitter.from[count - 1] === this.#splitter.to[count - 1]) count--;
    const leading = this.#leadingNumbers(text, Math.min(count, size));
    if (leading === size && count >= size) {
      if (count > size) this.#checkBehind(text, count, line);
      if (this.#isEmpty(text)) return;
      this.#addRow(text, line);
      return;
    }
    if (this.#heading !== undefined) this.#addHeading(raw, text, count, line);
    else this.#checkTextInData(text, count, leading, line);
  }

  /** How many cells from the left on hold what their columns hold. */
  #leadingNumbers(text: string, count: number): number {
    for (let c = 0; c < count; c++) {
      if (this.#types[c] !== "number") continue;
      const [from, to] = [this.#splitter.from[c]!, this.#splitter.to[c]!];
      if (from === to || quickForm(text, from, to) !== undefined) continue;
      const cell = text.slice(from, to);
      if (numberForm(cell) === undefined && !isMissing(cell)) return c;
    }
    return count;
  }

  #isEmpty(text: string): boolean {
    return this.#types.every(
      (type, c) => type !== "number" || isMissing(this.#splitter.cell(text, c), true),
    );
  }

  /** Cells behind the last column: a remark, or one number more than there are columns. */
  #checkBehind(text: string, count: number, line: number): void {
    const size = this.#types.length;
    const cell = this.#splitter.cell(text, size);
    const { separator } = this.#splitter;
    // Half a number with thousands or decimals set apart by what separates columns.
    const isHalf = separator.startsWith("comma") ? /^\d/ : /^\d{3}$/;
    const isAmbiguous = !/tab|bar$|semicolon$/.test(separator) && isHalf.test(cell);
    if (isAmbiguous || /^[-+]?(?:nan|inf|\d+[a-z])/i.test(cell)) {
      throw new EwaldError(
        "scan/bad-row",
        `${count} columns where the other rows have ${size} ("${cell.slice(0, 40)}" is too many)`,
        {
          line,
          value: cell,
          hint: "What separates columns must not separate thousands or decimals, too.",
        },
      );
    }
    if (this.#remarked) return;
    this.#remarked = true;
    this.#warnings.push({
      code: "scan/text-ignored",
      message: `"${cell.slice(0, 40)}" behind the ${size} columns was left out`,
      line,
    });
  }

  #addRow(text: string, line: number): void {
    if (this.#heading !== undefined) {
      this.headings.push({ lines: this.#heading, endsInComment: this.#endsInComment });
      this.#heading = undefined;
    }
    this.#types.forEach((type, c) => {
      if (type === "text") return;
      const [from, to] = [this.#splitter.from[c]!, this.#splitter.to[c]!];
      if (from === to) return;
      const evidence = this.evidence[c]!;
      const quick = quickForm(text, from, to);
      if (quick === POINT && evidence.decimals["."] > 0) {
        evidence.decimals["."]++;
        evidence.threeDigits = false;
        return;
      }
      const cell = text.slice(from, to);
      const form = quick ?? numberForm(cell);
      if (form !== undefined) evidence.add(form, cell, line);
      else if (NO_NUMBER.test(cell.trim())) {
        if (!this.noNumbers.has(c)) this.noNumbers.set(c, new Set());
        this.noNumbers.get(c)!.add(line);
      } else if (!this.words.has(c)) this.words.set(c, { text: cell, line });
    });
    this.rows.push({ line, block: this.headings.length - 1 });
  }

  #addHeading(raw: string, text: string, count: number, line: number): void {
    this.#heading!.push(raw.trimEnd());
    this.#endsInComment = false;
    this.#checkAbove(raw, text, count, line);
  }

  /** Numbers above the table may be a row that was damaged. */
  #checkAbove(raw: string, text: string, count: number, line: number): void {
    if (this.rows.length > 0) return;
    const cells = Array.from({ length: count }, (_, c) => this.#splitter.cell(text, c));
    const numbers = cells.filter((cell) => numberForm(cell) !== undefined).length;
    const isRowLike = count === this.#types.length && numbers > 0 && numbers < count;
    if (isRowLike && /^\d/.test(cells[0]!) && !isAxisName(cells[0]!)) {
      this.#warnings.push({
        code: "scan/numbers-above",
        message: `"${raw.trim().slice(0, 40)}" above the table was taken as heading`,
        line,
      });
    }
    // A whole number alone says how many points follow.
    if (count < 2 && /^\s*\d*\s*$/.test(raw)) {
      if (/\d/.test(raw)) this.lonely = { value: Number(raw), line };
      return;
    }
    if (numbers < count) return;
    if (this.#numbersAbove++ > 0) {
      throw new EwaldError(
        "scan/bad-row",
        `${count} numbers where the rows below have ${this.#types.length} columns`,
        { line, value: count },
      );
    }
    this.#warnings.push({
      code: "scan/numbers-above",
      message: `a line of ${count} number${count === 1 ? "" : "s"} above a table of ${this.#types.length} columns was taken as heading`,
      line,
    });
  }

  /** A line among the data that is no row: words may be a footer or a heading, half a row is damage. */
  #checkTextInData(text: string, count: number, leading: number, line: number): void {
    const size = this.#types.length;
    const cells = Array.from({ length: count }, (_, c) => this.#splitter.cell(text, c));
    if (cells.every((cell) => isMissing(cell))) return;
    const numbers = cells.findIndex((cell) => numberForm(cell) === undefined);
    const leads = numbers < 0 ? count : numbers;
    if (leads === count && count >= 2) {
      // A row that ends early: its missing columns are no zeros.
      throw new EwaldError(
        "scan/bad-row",
        `${count} numbers where the rows above have ${size} columns`,
        { line, value: count },
      );
    }
    const missing = cells.find((cell) => cell !== "" && isMissing(cell));
    if (missing !== undefined && count <= size + 1) {
      throw new EwaldError("scan/not-finite", `"${missing}" stands where a number should`, {
        value: missing,
        line,
      });
    }
    const isTextFirst = this.#types[0] === "text";
    const damaged = isTextFirst ? count === size && leading > 1 : leads >= 1;
    if (damaged) throw badNumber(cells[isTextFirst ? leading : leads] ?? text.trim(), line);
    this.between.push({
      text: text.trim(),
      line,
      block: this.headings.length - 1,
      nextRow: this.rows.length,
    });
  }
}

/** @throws EwaldError `scan/unknown-format`, `scan/bad-row`, `scan/bad-number`, `scan/not-finite`. */
export function readTable(lines: readonly string[], layout: Layout, warnings: Warning[]): Table {
  const scan = new TableScan(layout, warnings);
  scan.read(lines);
  if (scan.rows.length === 0) {
    throw new EwaldError("scan/unknown-format", "no two columns of numbers", { line: 1 });
  }
  warnOfLonely(scan, warnings);
  const formats = formatsOf(scan.evidence);
  return {
    types: layout.types,
    separator: layout.separator,
    formats,
    between: scan.between.map((one) => ({ ...one, nextRow: rowInBlock(scan.rows, one) })),
    words: scan.words,
    noNumbers: scan.noNumbers,
    evidence: scan.evidence,
    ...readRows(lines, layout, scan, formats),
  };
}

/** A number of points that is not theirs may be a row without its intensity. */
function warnOfLonely({ lonely, rows }: TableScan, warnings: Warning[]): void {
  if (lonely === undefined || lonely.value === rows.length) return;
  warnings.push({
    code: "scan/numbers-above",
    message: `"${lonely.value}" above the table was taken as heading, and ${rows.length} rows follow`,
    line: lonely.line,
  });
}

function rowInBlock(rows: readonly RowAt[], { block, nextRow }: TextBetween): number {
  return nextRow - rows.findIndex((row) => row.block === block);
}

/** The second walk: the numbers, in the formats that the first found. */
function readRows(
  lines: readonly string[],
  { separator, types }: Layout,
  scan: TableScan,
  formats: readonly FormatFound[],
): Pick<Table, "blocks" | "labels" | "unread"> {
  const splitter = new RowSplitter(separator);
  const blocks = scan.headings.map(({ lines: heading, endsInComment }) => ({
    rows: new NumberRows(types.length),
    heading,
    endsInComment,
  }));
  const unread = new Map<number, { text: string; line: number }>();
  const labels = new Map<number, Label[]>(
    types.flatMap((type, c) => (type === "text" ? [[c, []] as const] : [])),
  );
  const values = new Float64Array(types.length).fill(Number.NaN);
  for (const { line, block } of scan.rows) {
    const text = withoutRemark(lines[line - 1]!);
    splitter.split(text);
    const { rows } = blocks[block]!;
    for (let c = 0; c < values.length; c++) {
      if (types[c] === "text") continue;
      values[c] = cellValue(text, splitter, c, formats[c]!);
      if (!Number.isNaN(values[c]) || unread.has(c)) continue;
      const cell = splitter.cell(text, c);
      if (!isMissing(cell)) unread.set(c, { text: cell, line });
    }
    if (block === 0) addLabels(labels, text, splitter, rows.rows);
    rows.push(values, line);
  }
  return { blocks, labels, unread };
}

function addLabels(
  labels: ReadonlyMap<number, Label[]>,
  text: string,
  splitter: RowSplitter,
  row: number,
): void {
  for (const [c, list] of labels) {
    const cell = splitter.cell(text, c);
    if (list.at(-1)?.text !== cell) list.push({ row, text: cell });
  }
}

const cursor: NumberCursor = { end: 0 };

function cellValue(
  text: string,
  { from, to }: RowSplitter,
  c: number,
  { format }: FormatFound,
): number {
  const [start, end] = [from[c]!, to[c]!];
  if (start === end) return Number.NaN;
  const value = readNumber(text, start, cursor, format.decimal === "." ? 46 : 44);
  return cursor.end === end ? value : numberIn(text.slice(start, end), format);
}
