/**
 * Compositions from the tables that EDS programs export: tab, semicolon, comma or columns of spaces;
 * decimal comma where the separator allows it; one table or several in a file. Lines before a table
 * are skipped; a table ends at its total, an empty line or the end.
 */
import { EwaldError, type Warning } from "../errors.ts";
import {
  type CompositionColumns,
  type CompositionTableOptions,
  findColumns,
  isHead,
} from "./composition-columns.ts";
import {
  type BelowDetection,
  type MeasuredComposition,
  type Reading,
  measuredComposition,
} from "./composition-measured.ts";
import { ELEMENT_SYMBOLS, element, isElement } from "./element.ts";
import { parseFormula } from "./formula.ts";

export interface CompositionTable {
  readonly composition: MeasuredComposition;
  /** Line of the head, from 1. */
  readonly line: number;
  /** Headings of the columns that were used. */
  readonly valueColumn: string;
  readonly errorColumn: string | null;
}

const LONGEST = 4 * 1024 * 1024;
const SEPARATORS: readonly (string | RegExp)[] = ["\t", ";", ",", /\s{2,}/];
const TOTAL = /^\W*(?:totals?|sum|summe|gesamt|somme)\b/i;
const ABSENT = /^(?:-+|–|—|n\.?\s?d\.?|b\.?d\.?l?\.?|<\s*lod|)$/i;
/** at% between the table's own two columns; beyond what rounding explains. */
const DISAGREEMENT = 1;

/**
 * Every table in the text.
 *
 * @throws EwaldError with the line: `composition/table-head` where no table is found,
 * `composition/table-row`, `composition/table-error`, `composition/no-unit`, `composition/too-long`, and
 * what `measuredComposition` throws
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
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const tables: CompositionTable[] = [];
  for (let at = 0; at < lines.length;) {
    const head = headAt(lines, at);
    if (head === undefined) {
      at++;
      continue;
    }
    const columns = findColumns(head.headings, at + 1, options);
    const rows = tableRows(lines, head, columns);
    tables.push(tableOf(rows, head.headings, columns, at + 1));
    at = rows.end;
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

interface Head {
  readonly headings: readonly string[];
  readonly separator: string | RegExp;
  /** Index of the first line after the head. */
  readonly next: number;
}

function headAt(lines: readonly string[], at: number): Head | undefined {
  const line = lines[at]!;
  for (const separator of SEPARATORS) {
    // Bruker's text report separates "unn. C norm. C Atom. C" by single blanks.
    const spaced =
      separator instanceof RegExp ? line.replace(/\s(?=norm\.|Atom\.|Error|AN\b)/g, "  ") : line;
    const headings = cells(spaced, separator);
    if (headings.length < 2) continue;
    const units = lines[at + 1]?.match(/\[[^\]]*\]/g);
    const isUnitRow =
      units !== undefined &&
      units !== null &&
      /^[\s,;]*(?:\[[^\]]*\][\s,;]*)+$/.test(lines[at + 1]!);
    if (isUnitRow && units.length < headings.length) {
      const first = headings.length - units.length;
      const whole = headings.map((heading, i) =>
        i < first ? heading : `${heading} ${units[i - first]!}`,
      );
      if (isHead(whole)) return { headings: whole, separator, next: at + 2 };
    }
    if (isHead(headings)) return { headings, separator, next: at + 1 };
  }
  return undefined;
}

function cells(line: string, separator: string | RegExp): string[] {
  if (separator instanceof RegExp) return line.trim().split(separator);
  const fields = [""];
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) fields.push("");
    else fields[fields.length - 1] += character;
  }
  return fields.map((field) => field.trim());
}

interface Rows {
  readonly readings: Reading[];
  readonly belowDetection: BelowDetection[];
  /** Component → value of the check column. */
  readonly checks: Map<string, number>;
  readonly warnings: Warning[];
  end: number;
}

function tableRows(lines: readonly string[], head: Head, columns: CompositionColumns): Rows {
  const rows: Rows = {
    readings: [],
    belowDetection: [],
    checks: new Map(),
    warnings: [],
    end: lines.length,
  };
  for (let at = head.next; at < lines.length; at++) {
    const line = lines[at]!;
    const isEmpty = /^[\s,;"]*$/.test(line);
    const count = rows.readings.length + rows.belowDetection.length;
    if (TOTAL.test(line) || (isEmpty && count > 0)) {
      rows.end = at + 1;
      break;
    }
    if (isEmpty || /^[\s\-=_+|]*$/.test(line)) continue;
    readRow(dataCells(line, head), columns, at + 1, rows);
  }
  return rows;
}

/** Cells of a data line; columns of spaces may be as narrow as one blank, and "O K" is one cell. */
function dataCells(line: string, { separator, headings }: Head): string[] {
  const wide = cells(line, separator);
  if (!(separator instanceof RegExp) || wide.length === headings.length) return wide;
  const narrow = line.trim().split(/\s+/);
  if (narrow.length === headings.length + 1 && /^[KLM]/.test(narrow[1]!)) {
    narrow.splice(0, 2, `${narrow[0]} ${narrow[1]}`);
  }
  return narrow;
}

function readRow(
  row: readonly string[],
  columns: CompositionColumns,
  line: number,
  rows: Rows,
): void {
  const component = componentIn(row[columns.element] ?? "", line);
  const written = row[columns.value.index];
  if (written === undefined) rowError(`${component} has no value`, row, line);
  const limit = /^<\s*(\d.*)$/.exec(written);
  if (ABSENT.test(written) || limit !== null) {
    rows.belowDetection.push(
      limit === null ? { component } : { component, limit: numberIn(limit[1]!, row, line) },
    );
    return;
  }
  const value = numberIn(written, row, line);
  if (value < 0) {
    rows.belowDetection.push({ component });
    rows.warnings.push({
      code: "composition/negative",
      message: `${component} is ${value} ${columns.value.unit}: taken as not detected`,
      line,
    });
    return;
  }
  const stated = columns.error === undefined ? "" : (row[columns.error.index] ?? "");
  if (columns.error === undefined || ABSENT.test(stated)) rows.readings.push({ component, value });
  else {
    const error = numberIn(stated, row, line) / columns.error.sigmas;
    rows.readings.push({
      component,
      value,
      esd: columns.error.isRelative ? (error * value) / 100 : error,
    });
  }
  const check = columns.check === undefined ? "" : (row[columns.check.index] ?? "");
  if (/^\d/.test(check)) rows.checks.set(component, numberIn(check, row, line));
}

function numberIn(text: string, row: readonly string[], line: number): number {
  const match = /^(-?\d+(?:[.,]\d+)?)\s*%?$/.exec(text.trim());
  if (match === null) rowError(`"${text}" is not a number`, row, line);
  return Number(match[1]!.replace(",", "."));
}

const NAMES = new Map(
  ELEMENT_SYMBOLS.map((symbol) => [element(symbol).name.toLowerCase(), symbol]),
);
NAMES.set("aluminum", "Al").set("cesium", "Cs").set("sulphur", "S");

/** `O`, `O K`, `TiK`, `Fe K (6.4)`, `Si-K series`, `Oxygen`, or an oxide. */
function componentIn(cell: string, line: number): string {
  const text = cell.trim();
  const named = NAMES.get(text.toLowerCase());
  if (isElement(text)) return text;
  if (named !== undefined) return named;
  const symbol =
    /^([A-Z][a-z]?)[\s-]*[KLM](?:[ab\u03b1\u03b2]?\d?|[\s-]?series)(?:\s*\([^)]*\))?$/.exec(
      text,
    )?.[1];
  if (symbol !== undefined && isElement(symbol)) return symbol;
  try {
    parseFormula(text);
    return text;
  } catch (cause) {
    throw new EwaldError(
      "composition/table-row",
      `"${text}" is neither an element nor a compound`,
      {
        value: cell,
        line,
        cause,
      },
    );
  }
}

function rowError(problem: string, row: readonly string[], line: number): never {
  throw new EwaldError("composition/table-row", problem, { value: row, line });
}

function tableOf(
  rows: Rows,
  headings: readonly string[],
  columns: CompositionColumns,
  line: number,
): CompositionTable {
  if (rows.readings.length === 0) rowError("the table has no row with a value", headings, line);
  const { readings, belowDetection } = rows;
  const warnings = [...rows.warnings];
  const composition = measuredComposition(readings, columns.value.unit, {
    belowDetection,
    warnings,
  });
  const disagreement = largestDisagreement(composition, rows, columns);
  const noted =
    disagreement > DISAGREEMENT
      ? [
          ...composition.warnings,
          {
            code: "composition/table-disagrees",
            message: `the table's wt% and at% columns differ by up to ${disagreement.toFixed(1)} at%`,
            line,
          },
        ]
      : composition.warnings;
  return {
    composition: { ...composition, warnings: noted },
    line,
    valueColumn: headings[columns.value.index]!,
    errorColumn: columns.error === undefined ? null : headings[columns.error.index]!,
  };
}

/** at% between the composition and what the table's other column gives; 0 without such a column. */
function largestDisagreement(
  composition: MeasuredComposition,
  { checks }: Rows,
  { check }: CompositionColumns,
): number {
  if (check === undefined || checks.size !== composition.readings.length) return 0;
  if (composition.amounts.length !== checks.size) return 0; // compounds: the columns count other things
  const other = measuredComposition(
    [...checks].map(([component, value]) => ({ component, value })),
    check.unit,
  );
  return Math.max(
    ...composition.amounts.map(({ element, amount }) => {
      const theirs = other.amounts.find((one) => one.element === element)?.amount ?? 0;
      return 100 * Math.abs(amount - theirs);
    }),
  );
}
