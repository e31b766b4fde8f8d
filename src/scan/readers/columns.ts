/**
 * Columns of numbers as text: XY, XYE, CHI, CSV from spreadsheets and from instruments' export, with or
 * without headers, decimal points or decimal commas, blanks, tabs, commas, semicolons or bars between.
 * Columns are taken by their headings where there are any, else as position, intensity, uncertainty;
 * what was assumed or left out is a warning.
 */
import { EwaldError, type Position, type Warning } from "../../errors.ts";
import { splitLines } from "../../formats/index.ts";
import type { AxisKind } from "../../radiation/index.ts";
import { columnRoles, type Roles, wavelengthOfColumns } from "./column-roles.ts";
import { readHeading, type Heading } from "./column-heading.ts";
import { type Draft, type DraftRange } from "./draft.ts";
import { badNumber, NumberRows } from "./lines.ts";
import { movedAxis, otherAxisError, otherAxisInText } from "./scan-axis.ts";
import { isComment, RowParser } from "./row-parser.ts";

interface Block {
  readonly rows: NumberRows;
  /** Text lines before the first row of numbers, comment marks removed. */
  readonly heading: readonly string[];
}

/** Words that a file writes where a number is missing. */
const NO_NUMBER = /^[+-]?(?:nan|inf(?:inity)?|-?1\.#\w+|#n\/a|#value!|null)$/i;

const HEAD_CHARACTERS = 65_536;

function hasRow(lines: readonly string[]): boolean {
  const parser = new RowParser(lines);
  return lines.some((line) => !isComment(line) && parser.parse(line) >= 2);
}

/** Spreadsheets put numbers with decimal commas between quotes: `"10,02","145"`. */
function unquotedNumbers(text: string): string {
  if (!text.includes('"')) return text;
  return text
    .replaceAll(/"\s*([-+]?\d+),(\d+(?:e[-+]?\d+)?)\s*"/gi, "$1.$2")
    .replaceAll(/"\s*([-+]?\d*\.?\d+(?:e[-+]?\d+)?)\s*"/gi, "$1");
}

export function recognisesColumns(text: string): boolean {
  const head = splitLines(unquotedNumbers(text.slice(0, HEAD_CHARACTERS)));
  return (
    hasRow(head) || (text.length > HEAD_CHARACTERS && hasRow(splitLines(unquotedNumbers(text))))
  );
}

/** A range of a file that this program wrote begins here. */
const OWN_RANGE = /^#\s*range \d+ of \d+\s*$/;

/** One block, or one for each range of a file that this program wrote. */
function readBlocks(lines: readonly string[]): { blocks: Block[]; trailing: number } {
  const parser = new RowParser(lines);
  const blocks: Block[] = [];
  let heading: string[] = [];
  let rows: NumberRows | undefined;
  let textAt = 0;
  lines.forEach((raw, i) => {
    if (isComment(raw)) {
      if (rows !== undefined && OWN_RANGE.test(raw)) {
        rows = undefined;
        heading = [];
      }
      if (rows === undefined) heading.push(raw.replace(/^[\s#;!%/*']+/, "").trim());
      return;
    }
    const count = parser.parse(raw);
    if (count >= 2) {
      if (rows === undefined) {
        rows = new NumberRows(blocks[0]?.rows.columns ?? count);
        blocks.push({ rows, heading });
      }
      if (textAt > 0) throwOrRestart(rows, parser.values[0]!, lines[textAt - 1]!, textAt);
      textAt = 0;
      pushRow(rows, parser, count, i + 1);
      return;
    }
    const line = raw.trim();
    if (line === "") return;
    if (rows === undefined) heading.push(line);
    else if (pushRowWithGap(rows, parser.words(line), i + 1)) textAt = 0;
    else
      checkTextInData(line, parser, count, i + 1, () => (textAt = textAt === 0 ? i + 1 : textAt));
  });
  if (blocks.length === 0) {
    throw new EwaldError("scan/unknown-format", "no two columns of numbers", { line: 1 });
  }
  return { blocks, trailing: textAt };
}

function pushRow(rows: NumberRows, parser: RowParser, count: number, line: number): void {
  if (count < rows.columns) {
    // A row that ends early: its missing columns are no zeros.
    throw new EwaldError(
      "scan/bad-row",
      `${count} numbers where the rows above have ${rows.columns}`,
      {
        line,
        value: count,
      },
    );
  }
  rows.push(parser.values, line);
}

/** A row in which a word stands for a missing value, behind its position: the value is NaN. */
function pushRowWithGap(rows: NumberRows, words: readonly string[], line: number): boolean {
  if (words.length !== rows.columns || !words.some((word, i) => i > 0 && NO_NUMBER.test(word))) {
    return false;
  }
  const values = words.map((word) =>
    NO_NUMBER.test(word) ? Number.NaN : Number(word.replace(",", ".")),
  );
  if (values.some((value, i) => Number.isNaN(value) && !NO_NUMBER.test(words[i]!))) return false;
  if (Number.isNaN(values[0])) return false;
  rows.push(values, line);
  return true;
}

/** A line among the data that is no row: words may be a footer or a heading, half a row is damage. */
function checkTextInData(
  line: string,
  parser: RowParser,
  numbers: number,
  at: number,
  remember: () => void,
): void {
  const words = parser.words(line);
  const missing = words.find((word) => NO_NUMBER.test(word));
  if (missing !== undefined && words.length <= parser.usualCount + 1) {
    throw new EwaldError("scan/not-finite", `"${missing}" stands where a number should`, {
      value: missing,
      line: at,
    });
  }
  if (numbers >= 1) throw badNumber(words[numbers] ?? line, at);
  remember();
}

/** Words between rows are the heading of another range if the axis starts again, else damage. */
function throwOrRestart(rows: NumberRows, next: number, text: string, line: number): void {
  if (rows.rows === 0) return;
  const axis = rows.column(0);
  const rising = axis.length < 2 || axis.at(-1)! >= axis[0]!;
  if (rising ? next > axis.at(-1)! : next < axis.at(-1)!) {
    throw badNumber(text.trim(), line);
  }
}

export function readColumns(text: string, warnings: Warning[]): Draft {
  const lines = splitLines(unquotedNumbers(text));
  const { blocks, trailing } = readBlocks(lines);
  if (trailing > 0 && lines[trailing - 1]!.trim().length > 0) {
    warnings.push({
      code: "scan/trailing-text",
      message: "text after the data was left out",
      line: trailing,
    });
  }
  const [first] = blocks as [Block, ...Block[]];
  const heading = readHeading(first.heading);
  refuseOtherScan(first.heading, heading, first.rows);
  const roles = columnRoles(first.heading, first.rows, warnings);
  checkAnnounced(heading, first.rows, warnings);
  return {
    format: roles.esd === undefined ? "xy" : "xye",
    ranges: blocks.map((block) => blockRange(block, roles, warnings)),
    radiation: heading.radiation ?? wavelengthOfColumns(roles, first.rows),
    saysNoRadiation: first.heading.includes("radiation: not stated"),
    intensityUnit: roles.intensityUnit,
    metadata: heading.metadata,
  };
}

/** Exports of EVA and PANalytical call every axis "Angle" or nothing: what was scanned stands above the points. */
function refuseOtherScan(lines: readonly string[], { metadata }: Heading, rows: NumberRows): void {
  const { scanAxis } = metadata;
  const stated = typeof scanAxis === "string" && movedAxis(scanAxis) === "other";
  const other = stated ? scanAxis : otherAxisInText(lines);
  if (other !== undefined) throw otherAxisError(other, { line: rows.line(0) });
}

function blockRange({ rows, heading }: Block, roles: Roles, warnings: Warning[]): DraftRange {
  const position = (i: number): Position => ({ line: rows.line(i) });
  const axis = scaled(rows.column(roles.axis), roles.axisScale);
  checkPlausible(roles.kind, roles.named, axis, position);
  return {
    kind: roles.kind,
    axis,
    intensity: rows.column(roles.intensity),
    esd: usableEsd(roles, rows, warnings),
    monitor: roles.monitor === undefined ? undefined : rows.column(roles.monitor),
    countTimeSeconds: readHeading(heading).countTimeSeconds,
    position,
  };
}

function scaled(values: Float64Array, factor: number): Float64Array {
  return factor === 1 ? values : values.map((value) => value * factor);
}

/** Fit2D writes how many points follow. */
function checkAnnounced(heading: Heading, rows: NumberRows, warnings: Warning[]): void {
  const { announcedPoints } = heading;
  if (announcedPoints === undefined || announcedPoints === rows.rows) return;
  warnings.push({
    code: "scan/point-count",
    message: `the header announces ${announcedPoints} points, ${rows.rows} are there: the file may be cut off`,
    line: rows.line(rows.rows - 1),
  });
}

/** Uncertainties are positive; a column of zeros says nothing. */
function usableEsd(roles: Roles, rows: NumberRows, warnings: Warning[]): Float64Array | undefined {
  if (roles.esd === undefined) return undefined;
  const esd = rows.column(roles.esd);
  const negative = esd.findIndex((value) => value < 0);
  if (negative >= 0 || esd.every((value) => value === 0)) {
    warnings.push({
      code: "scan/no-esd",
      message:
        negative >= 0
          ? `column ${roles.esd + 1} has negative values and was not taken as uncertainty`
          : `column ${roles.esd + 1} is zero throughout and was not taken as uncertainty`,
      line: rows.line(Math.max(0, negative)),
    });
    return undefined;
  }
  return esd;
}

const LARGEST: Readonly<Record<AxisKind, number>> = { twoTheta: 180, d: 1e4, q: 1e3, tof: 1e8 };

/** A first column that can be no diffraction angle makes the table something else. */
function checkPlausible(
  kind: AxisKind,
  named: boolean,
  axis: Float64Array,
  position: (i: number) => Position,
): void {
  let low = Infinity;
  let high = -Infinity;
  for (const value of axis) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const lowest = kind === "twoTheta" ? -180 : 0;
  if (low >= lowest && high <= LARGEST[kind]) return;
  throw new EwaldError(
    "scan/not-a-scan",
    `a table whose first column runs from ${low} to ${high}: no ${named ? kind : "diffraction angle"}`,
    {
      value: high,
      ...position(0),
      hint: "Name the column 2theta, d, Q or TOF in a header line if it is one.",
    },
  );
}
