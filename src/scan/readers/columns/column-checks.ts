/**
 * Conditions before columns become a scan: numbers that can be read in one way only, a position for every
 * intensity, rows of one pattern. What is left out is said, with its line.
 */
import { EwaldError, type Position, type Warning } from "../../../errors.ts";
import { LABEL } from "./column-names.ts";
import type { Roles } from "./column-roles.ts";
import { badNumber, type NumberRows } from "../lines.ts";
import type { ColumnEvidence, FormatFound } from "./number-form.ts";
import type { Label, Table } from "./table.ts";

/** The points of one block: columns by their number, and where each point stood. */
export interface RowsOfScan {
  readonly rows: (column: number) => Float64Array;
  readonly position: (i: number) => Position;
}

/** @throws EwaldError `scan/ambiguous-number`, `scan/not-finite`, `scan/bad-number`. */
export function checkNumbers(table: Table, roles: Roles, warnings: Warning[]): void {
  refuseSplitDecimals(table, roles);
  refuseSplitThousands(table, roles);
  const used = [roles.axis, roles.intensity, roles.esd, roles.monitor].filter(
    (column) => column !== undefined,
  );
  for (const column of used) {
    const found = table.formats[column]!;
    refuseAmbiguous(column, found, roles);
    refuseMerged(table, column);
    if (found.grouped !== undefined) warnings.push(thousandsWarning(column, found));
    const isNeeded = column === roles.axis || column === roles.intensity;
    const word = table.words.get(column) ?? noPosition(table, roles, column);
    if (word !== undefined && isNeeded) {
      throw new EwaldError("scan/not-finite", `"${word.text}" stands where a number should`, {
        value: word.text,
        line: word.line,
      });
    }
    const unread = table.unread.get(column);
    if (unread !== undefined && isNeeded) throw badNumber(unread.text, unread.line);
  }
  const [axis, intensity] = [table.formats[roles.axis]!, table.formats[roles.intensity]!];
  if (axis.shown !== undefined && intensity.shown !== undefined && axis.shown !== intensity.shown) {
    const mark = { ".": "points", ",": "commas" };
    warnings.push({
      code: "scan/mixed-decimals",
      message: `the positions have decimal ${mark[axis.shown]}, the intensities decimal ${mark[intensity.shown]}`,
      line: table.blocks[0]!.rows.line(0),
    });
  }
}

/** A point without a position is none. */
function noPosition(
  { noNumbers }: Table,
  { axis }: Roles,
  column: number,
): { readonly text: string; readonly line: number } | undefined {
  const [line] = noNumbers.get(column) ?? [];
  return column === axis && line !== undefined ? { text: "no number", line } : undefined;
}

function refuseAmbiguous(column: number, found: FormatFound, roles: Roles): void {
  const isTof = roles.kind === "tof" && column === roles.axis && found.byOrder === true;
  if (found.problem === undefined && !isTof) return;
  const { message, text, line } = found.problem ?? {
    message: "the comma may separate thousands or decimals",
    text: "",
    line: 1,
  };
  throw new EwaldError(
    "scan/ambiguous-number",
    `${text === "" ? `column ${column + 1}` : `"${text}" in column ${column + 1}`} can be read in two ways: ${message}`,
    {
      value: text,
      line,
      hint: "Save the numbers without thousands separators and with one decimal mark throughout.",
    },
  );
}

/** Commas between columns and thousands leave none for decimals. */
function refuseMerged({ separator, evidence, formats, blocks }: Table, column: number): void {
  const { either, first } = evidence[column]!;
  if (
    separator !== "comma, grouped" ||
    formats[column]!.format.decimal !== "," ||
    either[","] === 0
  )
    return;
  const { text, line } = first.get("either,") ?? { text: "", line: blocks[0]!.rows.line(0) };
  throw new EwaldError(
    "scan/ambiguous-number",
    `"${text}" in column ${column + 1} may be one number or two: commas separate columns and decimals`,
    { value: text, line, hint: "Save the table with semicolons or tabs between its columns." },
  );
}

function thousandsWarning(column: number, { format, grouped }: FormatFound): Warning {
  const { text, line } = grouped!;
  const plain = [...text].filter((character) => !format.group.includes(character)).join("");
  return {
    code: "scan/thousands",
    message: `numbers of column ${column + 1} have thousands separators: "${text}" was read as ${plain.replace(",", ".")}`,
    line,
  };
}

/**
 * `10,05,145,0`: commas separate columns and decimals alike. Parts behind decimal commas begin with zeros; names are
 * half as many as columns, or there are none above four columns of whole numbers.
 */
function refuseSplitDecimals(
  { separator, formats, evidence, types, blocks }: Table,
  roles: Roles,
): void {
  const count = types.length;
  const isWhole =
    separator.startsWith("comma") && formats.every(({ shown }) => shown === undefined);
  const hasZeros = evidence.some(({ leadingZero }, c) => leadingZero && c > 0);
  const isSplit =
    isWhole &&
    count >= 3 &&
    (hasZeros || (count % 2 === 0 && roles.names * 2 === (roles.names > 0 ? count : count - 4)));
  if (!isSplit) return;
  throw new EwaldError(
    "scan/ambiguous-number",
    "commas seem to separate both columns and decimals",
    {
      line: blocks[0]!.rows.line(0),
      hint: "Save the table with semicolons or tabs between its columns, or with decimal points.",
    },
  );
}

/** `20.05 9 300`: a third column without a name that always has three digits, behind small whole numbers. */
function refuseSplitThousands({ separator, evidence, blocks }: Table, roles: Roles): void {
  if (roles.esdAssumed !== true || !/^(?:comma|blanks$|any)/.test(separator)) return;
  const before = evidence[roles.intensity]!;
  const isSplit =
    evidence[roles.esd!]!.threeDigits &&
    before.plainMax <= 999 &&
    before.plain > 0 &&
    isWhole(before);
  if (!isSplit) return;
  const row = `${blocks[0]!.rows.column(roles.intensity)[0]} ${blocks[0]!.rows.column(roles.esd!)[0]}`;
  throw new EwaldError(
    "scan/ambiguous-number",
    `"${row}" may be one number with thousands set apart, or an intensity and its uncertainty`,
    {
      value: row,
      line: blocks[0]!.rows.line(0),
      hint: "Save the numbers without thousands separators, or name the three columns.",
    },
  );
}

const isWhole = ({ decimals, either, groups }: ColumnEvidence): boolean =>
  decimals["."] + decimals[","] + either["."] + either[","] + groups.size === 0;

/** The rows of a block that are points of one pattern. */
export function measuredRows(
  table: Table,
  block: number,
  roles: Roles,
  warnings: Warning[],
): RowsOfScan {
  const { rows } = table.blocks[block]!;
  const axis = rows.column(roles.axis);
  const intensity = rows.column(roles.intensity);
  const end = block === 0 ? endOfFirstPattern(table, roles, axis, warnings) : axis.length;
  // "NaN" is a point of which the file says that it was not measured; an empty cell says nothing.
  const noNumbers = table.noNumbers.get(roles.intensity);
  const kept: number[] = [];
  const missing: number[] = [];
  for (let i = 0; i < end; i++) {
    const [x, y] = [axis[i]!, intensity[i]!];
    const isStated = !Number.isNaN(y) || noNumbers?.has(rows.line(i)) === true;
    if (!Number.isNaN(x) && isStated) kept.push(i);
    else if (!Number.isNaN(x)) missing.push(i);
    else if (!Number.isNaN(y)) {
      throw new EwaldError("scan/bad-row", `the intensity ${y} stands at no position`, {
        value: y,
        line: rows.line(i),
      });
    }
  }
  if (missing.length > 0) warnings.push(missingWarning(missing, axis, rows));
  checkTextBetween(table, block, axis, warnings);
  const whole = kept.length === axis.length;
  return {
    rows: (column) => {
      const values = rows.column(column);
      return whole ? values : Float64Array.from(kept, (row) => values[row]!);
    },
    position: (i) => ({ line: rows.line(kept[Math.min(i, kept.length - 1)] ?? 0) }),
  };
}

function missingWarning(missing: readonly number[], axis: Float64Array, rows: NumberRows): Warning {
  const [first] = missing as [number];
  return {
    code: "scan/missing-intensity",
    message:
      missing.length === 1
        ? `the point at ${axis[first]} has no intensity and was left out`
        : `${missing.length} points have no intensity and were left out (first at ${axis[first]})`,
    line: rows.line(first),
  };
}

/** Words between rows are the heading of another range if the axis starts again, else damage. */
function checkTextBetween(
  table: Table,
  block: number,
  axis: Float64Array,
  warnings: Warning[],
): void {
  const rising = axis.length < 2 || axis[Math.min(1, axis.length - 1)]! >= axis[0]!;
  const trailing: { line: number; text: string }[] = [];
  const headings: { line: number; text: string }[] = [];
  for (const between of table.between) {
    if (between.block !== block) continue;
    const { nextRow, text, line } = between;
    if (nextRow >= axis.length) trailing.push(between);
    else if (nextRow > 0) {
      const [before, next] = [axis[nextRow - 1]!, axis[nextRow]!];
      if (rising ? next > before : next < before) throw badNumber(text, line);
      headings.push(between);
    }
  }
  const [heading] = headings;
  if (heading !== undefined) {
    warnings.push({
      code: "scan/text-ignored",
      message: `"${heading.text.slice(0, 60)}" between the rows was taken as the heading of another range`,
      line: heading.line,
    });
  }
  const [first] = trailing;
  if (first === undefined) return;
  warnings.push({
    code: "scan/trailing-text",
    message: `text after the data was left out ("${first.text.slice(0, 60)}")`,
    line: first.line,
  });
}

/** A label that changes more often than so many rows tells no patterns apart. */
const SHORTEST_PATTERN = 5;

function numberLabels({ blocks }: Table, column: number): Label[] {
  const list: Label[] = [];
  blocks[0]!.rows.column(column).forEach((value, row) => {
    const text = String(value);
    if (list.at(-1)?.text !== text) list.push({ row, text });
  });
  return list;
}

/** Where the words of a column change and the axis starts again, another sample begins: it is no range of this one. */
function endOfFirstPattern(
  table: Table,
  roles: Roles,
  axis: Float64Array,
  warnings: Warning[],
): number {
  const rising = axis.length > 1 && axis[1]! >= axis[0]!;
  const numbered = roles.ignored.filter(
    ({ column, name }) => table.types[column] === "number" && LABEL.test(name.trim()),
  );
  const labels = [
    ...table.labels,
    ...numbered.map(({ column }) => [column, numberLabels(table, column)] as const),
  ];
  for (const [label, list] of labels) {
    const starts = list.filter(
      ({ row }) =>
        row > 0 && (rising ? axis[row]! <= axis[row - 1]! : axis[row]! >= axis[row - 1]!),
    );
    const [first] = starts;
    if (first === undefined || starts.length * SHORTEST_PATTERN > axis.length) continue;
    const names = [list[0]!, ...starts].map(({ text }) => `"${text.slice(0, 30)}"`);
    const others = `${names.slice(1, 6).join(", ")}${names.length > 6 ? " …" : ""}`;
    warnings.push({
      code: "scan/several-patterns",
      message: `column ${label + 1} names ${names.length} patterns: only the first, ${names[0]}, was read; left out: ${others}`,
      line: table.blocks[0]!.rows.line(first.row),
    });
    return first.row;
  }
  return axis.length;
}
