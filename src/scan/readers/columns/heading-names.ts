/** The names of a table's columns in the lines above it, with the units below them or behind each in brackets. */
import { EwaldError } from "../../../errors.ts";
import { axisNamed } from "./axis-name.ts";
import {
  isAxisName,
  isIndexName,
  isIntensityName,
  isMeasured,
  isUncertainty,
  isUnitRow,
  isUnitWord,
  LABEL,
  MONITOR,
} from "./column-names.ts";
import { unquote } from "../lines.ts";
import { numberForm } from "./number-form.ts";
import { keepsEmptyCells, RowSplitter, type Separator } from "./row-splitter.ts";
import type { Table } from "./table.ts";

/** Words that belong together though a blank stands between them. */
const TOGETHER =
  /\b(2|two)\s+(?=th(?:eta)?\b|θ)|\b(d)\s+(?=spac|val)|\b(scattering|diffraction|bragg|momentum|standard|radial|counting|count|lattice|time of|time|counts per|counts|std\.?)\s+(?=angle|vector|transfer|deviation|error|uncertainty|distance|time|spacing|of\b|flight|per\b|s(?:econds?)?\b|dev)/giu;

/** Words of a line; what stands in brackets, and the bracket behind a word, are no word of their own. */
function words(line: string): string[] {
  const out: string[] = [];
  const joined = line.trim().replaceAll(TOGETHER, (word) => `${word.trim()}\u0001`);
  for (const piece of joined.match(/"[^"]*"|(?:[^\s([{"]|[([{][^)\]}]*(?:[)\]}]|$))+/gu) ?? []) {
    const word = piece.replaceAll("\u0001", " ");
    if (/^[([{]/.test(word) && out.length > 0) out.push(`${out.pop()!} ${word}`);
    else out.push(word.replace(/^"(.*)"$/, "$1"));
  }
  return out;
}

/** The same with units, which stand without brackets, behind the words before them. */
function wordsWithUnits(line: string): string[] {
  const out: string[] = [];
  for (const word of words(line)) {
    if (out.length > 0 && isUnitWord(word)) out.push(`${out.pop()!} (${word})`);
    else out.push(word);
  }
  return out;
}

function cellsOf(line: string, separator: Separator): string[] {
  const splitter = new RowSplitter(separator);
  return Array.from({ length: splitter.split(line) }, (_, i) => splitter.cell(line, i));
}

/** All ways to take a line apart, the table's own separator first. */
function splittings(line: string, own: Separator): { cells: string[]; isHard: boolean }[] {
  const hard = (["tab", "semicolon", "comma", "bar"] as const).toSorted(
    (a, b) => Number(own.startsWith(b)) - Number(own.startsWith(a)),
  );
  const plain = words(line);
  // "2theta deg Intensity" are two names, not three.
  const hasUnits = plain.some((word, i) => i > 0 && isUnitWord(word));
  return [
    ...hard.map((separator) => ({ cells: cellsOf(line, separator), isHard: true })),
    {
      cells: line
        .trim()
        .split(/\s{2,}/)
        .map(unquote),
      isHard: false,
    },
    ...(hasUnits ? [] : [{ cells: plain, isHard: false }]),
    { cells: wordsWithUnits(line), isHard: false },
  ].filter(({ cells }) => cells.length > 1);
}

/** Words throughout; beside the name of an axis, temperatures and other numbers are names, too. */
function isWordy(cells: readonly string[]): boolean {
  if (cells.filter((cell) => cell !== "").length < Math.min(2, cells.length - 1)) return false;
  const isNumber = (cell: string): boolean => cell !== "" && numberForm(cell) !== undefined;
  return !cells.some(isNumber) || (!isNumber(cells[0]!) && cells.some(isAxisName));
}

function trimmedTo(cells: readonly string[], count: number): readonly string[] {
  let size = cells.length;
  while (size > count && cells[size - 1] === "") size--;
  return cells.slice(0, size);
}

/** Names of as many columns as the table has. */
function exactNames(line: string, { types, separator }: Table): readonly string[] | undefined {
  const count = types.length;
  for (const { cells, isHard } of splittings(line, separator)) {
    const names = trimmedTo(cells, count);
    if (names.length !== count || !isWordy(names)) continue;
    if (isHard || names.every((name) => name !== "")) return names;
  }
  return undefined;
}

/**
 * Names of fewer columns than there are: R leaves out the one of the row numbers, others that of the uncertainty.
 * Of more: columns that are empty throughout are no columns. Only what names an axis and an intensity counts.
 */
function unevenNames(line: string, table: Table): readonly string[] | undefined {
  const count = table.types.length;
  for (const { cells } of splittings(line, table.separator)) {
    const names = trimmedTo(cells, count);
    if (!isWordy(names) || names.length === count) continue;
    const kept = names.slice(0, count);
    const hasAxis = kept.some((name) => axisNamed(name) !== undefined);
    if (!kept.some(isIntensityName) || !(hasAxis || numbersRows(table, names[0]!))) continue;
    if (names.length > count) {
      if (keepsEmptyCells(table.separator)) return kept;
      if (!names.every(isKnownName)) continue;
      throw tooManyNames(names, table);
    }
    const missing = Array.from({ length: count - names.length }, () => "");
    return names.length === count - 1 && numbersRows(table, names[0]!)
      ? [...missing, ...names]
      : [...names, ...missing];
  }
  return undefined;
}

function tooManyNames(names: readonly string[], { types, blocks }: Table): EwaldError {
  return new EwaldError(
    "scan/bad-row",
    `the heading names ${names.length} columns (${names.join(", ")}), the rows have ${types.length}`,
    {
      value: types.length,
      line: blocks[0]!.rows.line(0),
      hint: "Between blanks an empty cell leaves no trace: save the table with commas, semicolons or tabs.",
    },
  );
}

/** Whether a column holds row numbers from 0 or 1 on; some rows may be missing. */
export function countsRows(values: Float64Array): boolean {
  const [first] = values;
  if ((first !== 0 && first !== 1) || values.length < 3) return false;
  let steps = 0;
  for (let i = 1; i < values.length; i++) {
    const step = values[i]! - values[i - 1]!;
    if (step === 1) steps++;
    else if (!Number.isNaN(step) && !(step > 1 && Number.isInteger(step))) return false;
  }
  return steps >= 0.8 * (values.length - 1);
}

/** Whether the first column counts the rows or holds their names, so that `firstName` is that of the second. */
function numbersRows({ types, blocks }: Table, firstName: string): boolean {
  if (types[0] === "text") return !LABEL.test(firstName.trim());
  return !isIndexName(firstName) && countsRows(blocks[0]!.rows.column(0));
}

function isKnownName(name: string): boolean {
  return (
    axisNamed(name) !== undefined ||
    isIntensityName(name) ||
    isUncertainty(name) ||
    MONITOR.test(name) ||
    !isMeasured(name)
  );
}

function unitsOf(line: string, table: Table): readonly string[] | undefined {
  for (const { cells } of splittings(line, table.separator)) {
    const units = trimmedTo(cells, table.types.length);
    if (units.length === table.types.length && isUnitRow(units)) {
      return units.map((cell) => cell.replaceAll(/^[([{<]|[)\]}>]$/g, ""));
    }
  }
  return undefined;
}

function namesAt(
  heading: readonly string[],
  at: number,
  table: Table,
  read: typeof exactNames,
): readonly string[] | undefined {
  const names = read(heading[at]!, table);
  const units = heading[at + 1] === undefined ? undefined : unitsOf(heading[at + 1]!, table);
  if (units === undefined) return names;
  return names?.map((name, i) => (units[i] ? `${name} (${units[i]})` : name));
}

/** Rows of names from the data upwards, first those that fit the columns. */
export function namesInHeading(heading: readonly string[], table: Table): (readonly string[])[] {
  const order = [...heading.keys()]
    .toReversed()
    .flatMap((at) => (at > 0 && unitsOf(heading[at]!, table) !== undefined ? [at - 1, at] : [at]));
  return [exactNames, unevenNames].flatMap((read) =>
    order.flatMap((at) => {
      const names = namesAt(heading, at, table, read);
      return names === undefined ? [] : [names];
    }),
  );
}
