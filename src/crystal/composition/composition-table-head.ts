/** The head of a table of compositions: which line it is, by what its columns are apart, and a line of units below it. */
import { cellsOf, isEmptyLine, isRule, type Separator, SEPARATORS } from "./composition-cells.ts";
import { isHead } from "./composition-columns.ts";

export function isHeadLine(line: string): boolean {
  return SEPARATORS.some((separator) => isHead(cellsOf(line, separator)));
}

export interface Head {
  readonly headings: readonly string[];
  readonly separator: Separator;
  /** Index of the first line after the head. */
  readonly next: number;
}

export function headAt(lines: readonly string[], at: number): Head | undefined {
  for (const separator of SEPARATORS) {
    for (const headings of headingsOf(lines[at]!, separator)) {
      if (headings.length < 2) continue;
      const whole = withUnitRow(headings, lines[at + 1] ?? "");
      if (whole !== undefined && isHead(whole)) return { headings: whole, separator, next: at + 2 };
      if (isHead(headings) && fitsSingleBlanks(lines, at, separator, headings.length))
        return { headings, separator, next: at + 1 };
    }
  }
  return undefined;
}

/** A line as headings. Where columns are blanks it is not certain which words belong together: "Wt% Sigma" is one, or two. */
function headingsOf(line: string, separator: Separator): string[][] {
  if (!(separator instanceof RegExp)) return [cellsOf(line, separator)];
  // Bruker's text report: "unn. C norm. C Atom. C".
  const apart = line.replaceAll(/\s(?=norm\.|Atom\.|Error|AN\b)/g, "  ");
  const together = apart.replaceAll(
    /(?<=\S) (?=%|\[|\(|sigma\b|σ|err(?:or)?\b|conc\b|concentration|fraction|deviation|dev\b|c \[)/gi,
    "\u0001",
  );
  return [together, line].map((text) =>
    cellsOf(text, separator).map((heading) => heading.replaceAll("\u0001", " ")),
  );
}

const UNIT_CELL = String.raw`(?:\[[^\]]*\]|\((?:wt|at|mol)\.?\s?%\))`;

const UNIT_ROW = new RegExp(`^[\\s,;|]*(?:${UNIT_CELL}[\\s,;|]*)+$`);

/** The headings with the units of a line below them, which is of the last columns. */
function withUnitRow(headings: readonly string[], below: string): string[] | undefined {
  const units = UNIT_ROW.test(below) ? below.match(new RegExp(UNIT_CELL, "g")) : null;
  if (units === null || units.length >= headings.length) return undefined;
  const first = headings.length - units.length;
  return headings.map((heading, i) => (i < first ? heading : `${heading} ${units[i - first]!}`));
}

/** Columns told apart by single blanks alone have to be so in the first line of data, too. */
function fitsSingleBlanks(
  lines: readonly string[],
  at: number,
  separator: Separator,
  count: number,
): boolean {
  if (!(separator instanceof RegExp) || separator.source !== String.raw`\s+`) return true;
  let below = at + 1;
  while (below < lines.length && (isEmptyLine(lines[below]!) || isRule(lines[below]!))) below++;
  const next = lines[below];
  return (
    next !== undefined &&
    dataCells(next, { separator, headings: Array.from({ length: count }, () => "") }).length ===
      count
  );
}

/** Cells of a data line; columns of spaces may be as narrow as one blank, and "O K" is one cell. */
export function dataCells(
  line: string,
  { separator, headings }: Pick<Head, "separator" | "headings">,
): string[] {
  const wide = cellsOf(line, separator);
  if (!(separator instanceof RegExp) || wide.length === headings.length) return wide;
  const narrow = line.trim().split(/\s+/);
  if (narrow.length === headings.length + 1 && /^[KLM]/.test(narrow[1]!)) {
    narrow.splice(0, 2, `${narrow[0]} ${narrow[1]}`);
  }
  return narrow;
}
