/**
 * Tables with a spectrum a line and an element a column, as INCA and AZtec write them for several spectra:
 * `Spectrum, O, Mg, Si, Total`, rows `Spectrum 1`, …, `Mean`, `Std. deviation`, `Max.`, `Min.`. The unit stands in the headings
 * or in a line around the table. Where there is a mean it is the composition, with its standard deviation; else every
 * spectrum is one.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import {
  cellsOf,
  isEmptyLine,
  isRule,
  looseNumber,
  readCell,
  rowError,
  type Separator,
  SEPARATORS,
  TOTAL,
} from "./composition-cells.ts";
import { type TableUnit, unitOf, unitOfCaption } from "./composition-columns.ts";
import { componentOfCell } from "./composition-component.ts";
import {
  type BelowDetection,
  type MeasuredComposition,
  type Reading,
  measuredComposition,
} from "./composition-measured.ts";
import { totalWarning } from "./composition-table-checks.ts";
import { isElement } from "../element.ts";

interface MatrixTable {
  readonly composition: MeasuredComposition;
  readonly line: number;
  readonly valueColumn: string;
  readonly errorColumn: string | null;
}

export interface Matrix {
  readonly tables: readonly MatrixTable[];
  /** One composition that stands for all spectra of the text so far. */
  readonly isMean: boolean;
  readonly end: number;
}

const MEAN = /^\W*(?:mean|average|avg\.?|ave\.?|mittelwert|moyenne)\b/i;
const DEVIATION =
  /^\W*(?:std|st\.? ?dev|standard[\s_]?dev|sd\b|s\.d\.|sigma|σ|stdabw|standardabw|écart)/i;
const EXTREME = /^\W*(?:max|min|median|range|rsd|rel)/i;
const LABEL =
  /^(?:|spectrum.*|spectra|label|statistics?|spot|point|sample|name|no\.?|#|id|analysis|site|area|element|elements?)$/i;
const TOTAL_HEADING = /^(?:totals?|sum|summe)\b/i;

interface Column {
  readonly component: string;
  readonly index: number;
  readonly unit: TableUnit | undefined;
}

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
  readonly line: number;
}

/**
 * The table whose head is the line `at`, if it is one.
 * @param unitAround the unit that lines around it name, given where it ends
 * @throws EwaldError `composition/no-unit`, `composition/table-row`, and what `measuredComposition` throws
 */
export function matrixAt(
  lines: readonly string[],
  at: number,
  unitAround: (end: number) => TableUnit | undefined,
): Matrix | undefined {
  for (const separator of SEPARATORS) {
    const headings = cellsOf(lines[at]!, separator);
    const columns = elementColumns(headings);
    if (columns === undefined) continue;
    const total = headings.findIndex((heading) => TOTAL_HEADING.test(heading));
    const { rows, end } = rowsBelow(lines, at + 1, separator, headings.length);
    if (rows.length === 0) continue;
    const units = new Set(columns.map((one) => one.unit));
    const rowUnits = new Set(rows.map(({ name }) => unitOfCaption(name)));
    const own = units.size === 1 ? [...units][0] : undefined;
    const unit = own ?? (rowUnits.size === 1 ? [...rowUnits][0] : undefined) ?? unitAround(end);
    if (unit === undefined || units.size > 1 || rowUnits.size > 1) {
      throw new EwaldError("composition/no-unit", "the table does not say at% or wt%", {
        value: headings,
        line: at + 1,
        hint: "Put the unit in a line above it (wt% or at%), or in its headings.",
      });
    }
    return matrixOf({ columns, rows, unit, total, end, line: at + 1 });
  }
  return undefined;
}

/** `O`, `O K`, `Mg (wt%)`, `SiO2`: two at least, and nothing but a label, a total and what programs add. */
function elementColumns(headings: readonly string[]): Column[] | undefined {
  if (headings.length < 2) return undefined;
  const columns: Column[] = [];
  for (const [index, heading] of headings.entries()) {
    const bare = heading
      .replace(/[[(]?\s*(?:wt|at|weight|atomic|mass|mol)\.?\s*-?\s*%\s*[\])]?|[[(]?%[\])]?/i, "")
      .trim();
    if (bare === "" || TOTAL_HEADING.test(bare)) continue;
    const component = componentOrNone(bare);
    if (component !== undefined) columns.push({ component, index, unit: unitOf(heading) });
    // "In stats.", "Image", "Processed"
    else if (columns.length > 0) return undefined;
    else if (index === 0 && !LABEL.test(bare)) return undefined;
  }
  const first = columns[0]?.index ?? 0;
  return columns.length >= 2 && first >= 1 && first <= 3 ? columns : undefined;
}

function componentOrNone(text: string): string | undefined {
  if (/^in stats/i.test(text)) return undefined;
  try {
    const component = componentOfCell(text);
    // A sentence is no formula, though "I" and "He" are elements.
    return isElement(component) || /\d|O$/.test(component) ? component : undefined;
  } catch {
    return undefined;
  }
}

function rowsBelow(
  lines: readonly string[],
  from: number,
  separator: Separator,
  width: number,
): { readonly rows: Row[]; readonly end: number } {
  const rows: Row[] = [];
  let at = from;
  for (; at < lines.length; at++) {
    const line = lines[at]!;
    if (isRule(line) && !isEmptyLine(line)) continue;
    if (isEmptyLine(line)) {
      // An empty line parts the spectra from their mean.
      const next = lines[at + 1];
      if (rows.length > 0 && next !== undefined && isStatistic(next)) continue;
      if (rows.length > 0) break;
      continue;
    }
    const cells = fitted(cellsOf(line, separator), separator, width);
    if (
      cells.length < 2 ||
      (looseNumber(cells.at(-1)) === undefined &&
        cells.every((cell) => looseNumber(cell) === undefined))
    )
      break;
    rows.push({ name: cells[0]!, cells, line: at + 1 });
  }
  return { rows, end: at };
}

function isStatistic(line: string): boolean {
  return MEAN.test(line) || DEVIATION.test(line) || EXTREME.test(line);
}

/** "Spectrum 1" and "Std. deviation" are one cell where columns are single blanks. */
function fitted(cells: string[], separator: Separator, width: number): string[] {
  if (!(separator instanceof RegExp) || cells.length <= width) return cells;
  const extra = cells.length - width + 1;
  return [cells.slice(0, extra).join(" "), ...cells.slice(extra)];
}

interface Parts {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly unit: TableUnit;
  readonly total: number;
  readonly end: number;
  readonly line: number;
}

function matrixOf(parts: Parts): Matrix {
  const { rows, end } = parts;
  const means = rows.filter(({ name }) => MEAN.test(name));
  const deviations = rows.filter(({ name }) => DEVIATION.test(name));
  if (means.length === 1 && deviations.length <= 1)
    return { tables: [tableOfRow(means[0]!, deviations[0], parts)], isMean: true, end };
  const spectra = rows.filter(({ name }) => !isStatistic(name) && !TOTAL.test(name));
  return { tables: spectra.map((row) => tableOfRow(row, undefined, parts)), isMean: false, end };
}

function tableOfRow(
  row: Row,
  deviation: Row | undefined,
  { columns, unit, total, line }: Parts,
): MatrixTable {
  const readings: Reading[] = [];
  const belowDetection: BelowDetection[] = [];
  const warnings: Warning[] = [];
  // What a cell less is missing of nobody knows.
  if (row.cells.length <= columns.at(-1)!.index) {
    rowError(
      `"${row.name}" has ${row.cells.length} cells, too few for all elements`,
      row.cells,
      row.line,
    );
  }
  for (const { component, index } of columns) {
    const cell = readCell(row.cells[index] ?? "", row.cells, row.line);
    if (!("value" in cell)) belowDetection.push({ component, ...cell });
    else if (cell.value < 0) {
      belowDetection.push({ component });
      warnings.push({
        code: "composition/negative",
        message: `${component} is ${cell.value} ${unit}: taken as not detected`,
        line: row.line,
      });
    } else {
      const esd = deviation === undefined ? cell.esd : looseNumber(deviation.cells[index]);
      readings.push({ component, value: cell.value, ...(esd === undefined ? {} : { esd }) });
    }
  }
  if (readings.length === 0) {
    throw new EwaldError("composition/table-row", `"${row.name}" has no value`, {
      value: row.cells,
      line: row.line,
    });
  }
  const composition = measuredComposition(readings, unit, { belowDetection, warnings });
  const stated = total < 0 ? undefined : looseNumber(row.cells[total]);
  const off = totalWarning(
    composition,
    stated === undefined ? undefined : { candidates: [stated], line: row.line },
    `cells of "${row.name}"`,
  );
  return {
    composition: { ...composition, warnings: [...composition.warnings, ...off] },
    line,
    valueColumn: row.name,
    errorColumn: deviation?.name ?? null,
  };
}
