/** Lines and cells of a pasted or exported table, and the numbers in them. */
import { EwaldError } from "../../errors.ts";

export type Separator = string | RegExp;

/** Separators of columns, the surest first; single blanks only where nothing else is left. */
export const SEPARATORS: readonly Separator[] = ["\t", ";", "|", ",", /\s{2,}/, /\s+/];

export const TOTAL =
  /^\W*(?:totals?|sum|summe|gesamt|somme|suma|totale)\b(?!\s*(?:spectrum|spektrum))/i;
const ABSENT =
  /^(?:-+|–|—|−|n\/?a|n\.?\s?d\.?|not detected|b\.?d\.?l?\.?|bld|traces?|tr\.?|[<≤]\s*(?:l?lod|m?dl|d\.?l\.?)|)$/i;
const NUMBER = String.raw`-?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?`;

export function linesOf(text: string): string[] {
  return text
    .replace(/^\uFEFF/, "")
    .replaceAll(/[\u00a0\u2007\u2009\u202f]/g, " ")
    .split(/\r\n|\r|\n/);
}

export function cellsOf(line: string, separator: Separator): string[] {
  if (separator instanceof RegExp) return line.trim().split(separator);
  const fields = [""];
  let isQuoted = false;
  for (const character of line) {
    const field = fields.at(-1)!;
    // A quote opens at the beginning of a cell and closes it; elsewhere it is a character like others.
    if (character === '"' && (isQuoted || field.trim() === "")) isQuoted = !isQuoted;
    else if (character === separator && !isQuoted) fields.push("");
    else fields[fields.length - 1] = field + character;
  }
  const cells = fields.map((field) => field.trim());
  // "| Ti | 33.1 |"
  if (separator === "|" && cells[0] === "") cells.shift();
  if (separator === "|" && cells.at(-1) === "") cells.pop();
  return cells;
}

/** Nothing but separators. */
export function isEmptyLine(line: string): boolean {
  return /^[\s,;"|]*$/.test(line);
}

/** "-----", "|:---|---:|" */
export function isRule(line: string): boolean {
  return /^[\s\-=_+|:]*$/.test(line);
}

export interface CellValue {
  readonly value: number;
  readonly esd?: number;
}

/**
 * An amount as a cell states it: a number, perhaps with its uncertainty ("45.5 ± 0.5", "45.5(5)"), that it was not found, or
 * the limit it is below.
 *
 * @throws EwaldError `composition/table-row`
 */
export function readCell(
  cell: string,
  row: readonly string[],
  line: number,
): CellValue | { readonly limit?: number } {
  const text = cell.trim();
  if (ABSENT.test(text)) return {};
  const limit = /^[<≤]\s*(\S.*)$/.exec(text);
  if (limit !== null) return { limit: numberOf(limit[1]!, row, line) };
  const pair =
    /^(\S+?)\s*%?\s*(?:±|\+\/-|\+-)\s*(\S+?)\s*%?$/.exec(text) ??
    /^(\S+?)\s*\((\d+|\d*[.,]\d+)\)\s*%?$/.exec(text);
  if (pair === null) return { value: numberOf(text, row, line) };
  const value = numberOf(pair[1]!, row, line);
  const isLastDigits = text.endsWith(")") && /^\d+$/.test(pair[2]!);
  const decimals = /[.,](\d+)$/.exec(pair[1]!)?.[1]!.length ?? 0;
  const esd = numberOf(pair[2]!, row, line) / (isLastDigits ? 10 ** decimals : 1);
  return { value, esd: Number(esd.toPrecision(12)) };
}

export function isAbsent(cell: string): boolean {
  return ABSENT.test(cell.trim());
}

/** @throws EwaldError `composition/table-row` */
export function numberOf(text: string, row: readonly string[], line: number): number {
  const match = new RegExp(`^(${NUMBER})\\s*(?:%|wt\\.?%|at\\.?%|mol\\.?%)?$`).exec(text.trim());
  if (match === null) rowError(`"${text}" is not a number`, row, line);
  return Number(match[1]!.replace(",", "."));
}

/** A number, or nothing. */
export function looseNumber(text: string | undefined): number | undefined {
  const match = new RegExp(`^(${NUMBER})\\s*%?$`).exec((text ?? "").trim());
  return match === null ? undefined : Number(match[1]!.replace(",", "."));
}

export function rowError(problem: string, row: readonly string[], line: number): never {
  throw new EwaldError("composition/table-row", problem, { value: row, line });
}
