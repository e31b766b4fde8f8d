/**
 * Compositions from the tables that EDS programs export or that one pastes: tab, semicolon, comma, pipe or columns of spaces;
 * decimal comma where the separator allows it; one table or several in a file. An element a line (this file) or a spectrum a line
 * (composition-matrix.ts). Lines before a table are skipped but for a unit that they name; a table ends at its total, an
 * empty line or the end. What the table says of itself, its total and its other column, is compared with what was read.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import {
  isAbsent,
  isEmptyLine,
  isRule,
  linesOf,
  looseNumber,
  numberOf,
  readCell,
  rowError,
  TOTAL,
} from "./composition-cells.ts";
import {
  type CompositionColumns,
  type CompositionTableOptions,
  findColumns,
  type TableUnit,
  unitOfCaption,
} from "./composition-columns.ts";
import { componentOfCell } from "./composition-component.ts";
import { disagreementWarning, type StatedTotal, totalWarning } from "./composition-table-checks.ts";
import { dataCells, type Head, headAt, isHeadLine } from "./composition-table-head.ts";
import { matrixAt } from "./composition-matrix.ts";
import {
  type BelowDetection,
  type MeasuredComposition,
  type Reading,
  measuredComposition,
} from "./composition-measured.ts";

export interface CompositionTable {
  readonly composition: MeasuredComposition;
  /** Line of the head, from 1. */
  readonly line: number;
  /** Headings of the columns that were used; of a table with a spectrum a line, the names of the rows. */
  readonly valueColumn: string;
  readonly errorColumn: string | null;
}

const LONGEST = 4 * 1024 * 1024;
/** Lines around a table that may name its unit. */
const CAPTION_BEFORE = 12;
const CAPTION_BEHIND = 4;

/**
 * Every table in the text.
 *
 * @throws EwaldError with the line: `composition/table-head` where no table is found,
 * `composition/table-row`, `composition/table-error`, `composition/no-unit`, `composition/several`, `composition/too-long`,
 * and what `measuredComposition` throws
 */
export function readCompositionTables(
  text: string,
  options: CompositionTableOptions = {},
): CompositionTable[] {
  if (text.length > LONGEST) {
    throw new EwaldError("composition/too-long", `a table of ${text.length} characters`, {
      value: text.length,
    });
  }
  const lines = linesOf(text);
  const tables: CompositionTable[] = [];
  let before = 0;
  let spectraUnit: TableUnit | undefined;
  for (let at = 0; at < lines.length;) {
    if (isEmptyLine(lines[at]!)) {
      at++;
      continue;
    }
    const head = headAt(lines, at);
    if (head !== undefined) {
      const { found, end } = tablesAt(lines, at, head, options, before);
      tables.push(...found);
      before = at = end;
      continue;
    }
    const matrix = matrixAt(lines, at, (end) => {
      // The statistics below the spectra are in their unit.
      spectraUnit = options.unit ?? captionUnit(lines, before, at, end) ?? spectraUnit;
      return spectraUnit;
    });
    if (matrix === undefined) {
      at++;
      continue;
    }
    // Means and deviations below the spectra are of them.
    if (matrix.isMean) tables.splice(0);
    tables.push(...matrix.tables);
    before = at = matrix.end;
  }
  if (tables.length > 0) return tables;
  throw new EwaldError(
    "composition/table-head",
    "no table with elements and percentages was found",
    {
      value: lines.slice(0, 3),
      line: 1,
      hint: "A head such as: Element, Wt%, Wt% Sigma; or a line such as: Ti 33.1±0.8 O 66.9±1.2 at%.",
    },
  );
}

/** The one unit that lines before a table (nearest first) or behind it name. */
function captionUnit(
  lines: readonly string[],
  from: number,
  head: number,
  end: number,
): TableUnit | undefined {
  for (let at = head - 1; at >= Math.max(from, head - CAPTION_BEFORE); at--) {
    const unit = unitOfCaption(lines[at]!);
    if (unit !== undefined) return unit;
  }
  for (const line of lines.slice(end, end + CAPTION_BEHIND)) {
    const unit = unitOfCaption(line);
    if (unit !== undefined && !isHeadLine(line)) return unit;
  }
  return undefined;
}

interface Rows {
  readonly readings: Reading[];
  readonly belowDetection: BelowDetection[];
  /** Component → value of the check column. */
  readonly checks: Map<string, number>;
  readonly warnings: Warning[];
  /** The sum of its readings that the table states. */
  total: StatedTotal | undefined;
  end: number;
}

/** The tables below a head: one, or one a spectrum where the lines say which they are of. */
function tablesAt(
  lines: readonly string[],
  at: number,
  head: Head,
  options: CompositionTableOptions,
  before: number,
): { readonly found: CompositionTable[]; readonly end: number } {
  let end = head.next;
  while (end < lines.length && !isEmptyLine(lines[end]!)) end++;
  const columns = findColumns(head.headings, at + 1, options, captionUnit(lines, before, at, end));
  const found: CompositionTable[] = [];
  let next = head.next;
  do {
    const rows = tableRows(lines, { ...head, next }, columns);
    found.push(tableOf(rows, head.headings, columns, at + 1));
    next = rows.end;
  } while (columns.spectrum !== undefined && next < lines.length && !isEmptyLine(lines[next]!));
  return { found, end: next };
}

function tableRows(lines: readonly string[], head: Head, columns: CompositionColumns): Rows {
  const rows: Rows = {
    readings: [],
    belowDetection: [],
    checks: new Map(),
    warnings: [],
    total: undefined,
    end: lines.length,
  };
  let spectrum: string | undefined;
  for (let at = head.next; at < lines.length; at++) {
    const line = lines[at]!;
    const isEmpty = isEmptyLine(line);
    const count = rows.readings.length + rows.belowDetection.length;
    if (isTotal(line, head, columns)) {
      rows.total = totalOf(line, head, columns, at + 1);
      rows.end = at + 1;
      break;
    }
    if (isEmpty && count > 0) {
      rows.end = at;
      break;
    }
    if (isEmpty || isRule(line)) continue;
    const row = dataCells(line, head);
    const own = columns.spectrum === undefined ? undefined : row[columns.spectrum];
    if (count > 0 && own !== spectrum) {
      rows.end = at;
      break;
    }
    spectrum = own;
    readRow(row, head, columns, at + 1, rows);
  }
  return rows;
}

function isTotal(line: string, head: Head, columns: CompositionColumns): boolean {
  return TOTAL.test(line) || TOTAL.test(dataCells(line, head)[columns.element] ?? "");
}

function totalOf(
  line: string,
  head: Head,
  { value }: CompositionColumns,
  at: number,
): StatedTotal | undefined {
  const cells = dataCells(line, head);
  const own = looseNumber(cells[value.index]);
  if (!(head.separator instanceof RegExp))
    return own === undefined ? undefined : { candidates: [own * value.scale], line: at };
  // Columns of blanks close up where a cell is empty.
  const candidates = cells.flatMap((cell) => looseNumber(cell) ?? []);
  return candidates.length === 0
    ? undefined
    : { candidates: candidates.map((one) => one * value.scale), line: at };
}

function readRow(
  row: readonly string[],
  { headings, separator }: Head,
  columns: CompositionColumns,
  line: number,
  rows: Rows,
): void {
  const written = row[columns.value.index];
  const component = componentIn(row[columns.element] ?? "", row, line);
  if (written === undefined) rowError(`${component} has no value`, row, line);
  // "O,26,30": a decimal comma between commas would lose its decimals.
  if (!(separator instanceof RegExp) && row.slice(headings.length).some((cell) => cell !== "")) {
    throw new EwaldError(
      "composition/table-row",
      `${row.length} cells under ${headings.length} headings`,
      {
        value: row,
        line,
        hint: "Separate columns by tabs or semicolons where decimals have a comma.",
      },
    );
  }
  const cell = readCell(written, row, line);
  if (!("value" in cell)) {
    rows.belowDetection.push(
      cell.limit === undefined
        ? { component }
        : { component, limit: cell.limit * columns.value.scale },
    );
    return;
  }
  const value = scaled(cell.value, columns.value.scale);
  if (value < 0) {
    rows.belowDetection.push({ component });
    rows.warnings.push({
      code: "composition/negative",
      message: `${component} is ${value} ${columns.value.unit}: taken as not detected`,
      line,
    });
    return;
  }
  const esd = errorIn(row, columns, value, line) ?? cell.esd;
  rows.readings.push(
    esd === undefined
      ? { component, value }
      : {
          component,
          value,
          esd: scaled(esd, columns.error === undefined ? columns.value.scale : 1),
        },
  );
  const check = columns.check === undefined ? undefined : looseNumber(row[columns.check.index]);
  if (check !== undefined && check >= 0) rows.checks.set(component, check);
}

function errorIn(
  row: readonly string[],
  { error }: CompositionColumns,
  value: number,
  line: number,
): number | undefined {
  const stated = error === undefined ? "" : (row[error.index] ?? "");
  if (error === undefined || isAbsent(stated)) return undefined;
  const esd =
    (numberOf(stated.replace(/^(?:±|\+\/-|\+-)\s*/, ""), row, line) * error.scale) / error.sigmas;
  return error.isRelative ? (esd * value) / 100 : esd;
}

/** Fractions of 1 as percents, without the last digits of binary arithmetic. */
function scaled(value: number, scale: number): number {
  return scale === 1 ? value : Number((value * scale).toPrecision(12));
}

function componentIn(cell: string, row: readonly string[], line: number): string {
  try {
    return componentOfCell(cell);
  } catch (cause) {
    throw new EwaldError(
      "composition/table-row",
      `"${cell.trim()}" is neither an element nor a compound`,
      { value: row, line, cause },
    );
  }
}

function tableOf(
  rows: Rows,
  headings: readonly string[],
  columns: CompositionColumns,
  line: number,
): CompositionTable {
  if (rows.readings.length === 0) rowError("the table has no row with a value", headings, line);
  const { readings, belowDetection } = rows;
  const { unit } = columns.value;
  const composition = measuredComposition(readings, unit, {
    belowDetection,
    warnings: rows.warnings,
  });
  const warnings = [
    ...composition.warnings,
    ...totalWarning(composition, rows.total, "rows"),
    ...disagreementWarning(composition, rows.checks, columns, headings, line),
  ];
  return {
    composition: { ...composition, warnings },
    line,
    valueColumn: headings[columns.value.index]!,
    errorColumn: columns.error === undefined ? null : headings[columns.error.index]!,
  };
}
