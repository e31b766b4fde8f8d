/**
 * Columns of numbers as text: XY, XYE, CHI, CSV from spreadsheets and from instruments' export, with or
 * without headers, decimal points or decimal commas, blanks, tabs, commas, semicolons or bars between.
 * Columns are taken by their headings where there are any, else as position, intensity, uncertainty;
 * what was assumed or left out is a warning.
 */
import { EwaldError, type Position, type Warning } from "../../../errors.ts";
import { splitLines } from "../../../formats/instrument-text.ts";
import type { AxisKind } from "../../../radiation/axis.ts";
import { axisNamed } from "./axis-name.ts";
import { withoutBlockComments } from "./block-comments.ts";
import { checkNumbers, measuredRows, type RowsOfScan } from "./column-checks.ts";
import { columnRoles } from "./column-custom.ts";
import { type Heading, readHeading } from "./column-heading.ts";
import { esdFrom, isAxisName } from "./column-names.ts";
import { type Roles, wavelengthOfColumns } from "./column-roles.ts";
import type { Draft } from "../draft.ts";
import type { DraftRange } from "../draft-range.ts";
import { namesInHeading } from "./heading-names.ts";
import type { NumberRows } from "../lines.ts";
import { movedAxis, otherAxisError, otherAxisInText } from "../scan-axis.ts";
import { findLayout, type Layout } from "./table-layout.ts";
import { readTable } from "./table.ts";

const HEAD_CHARACTERS = 65_536;

/** A table that does not begin with two numbers may be anything: its headings must name an axis. */
function isScanTable(lines: readonly string[], layout: Layout): boolean {
  const [first, second] = layout.types.filter((type) => type !== "empty");
  if (first === "number" && second === "number") return true;
  try {
    const table = readTable(lines, layout, []);
    return namesInHeading(table.blocks[0]!.heading, table).some((names) => names.some(isAxisName));
  } catch (error) {
    if (error instanceof EwaldError) return false;
    throw error;
  }
}

/** Full-width digits and marks as plain ones, and lines that a spreadsheet put into quotes as a whole unpacked. */
function linesOf(text: string): readonly string[] {
  const plain = /[\uff01-\uff5e]/.test(text)
    ? text.replaceAll(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    : text;
  const lines = splitLines(plain);
  const isWrapped = (line: string): boolean => /^\s*"[^"]*[,;\t][^"]*"\s*$/.test(line);
  const isPlain = (line: string): boolean => line.trim() !== "" && !isWrapped(line);
  return !plain.includes('"') || lines.some(isPlain)
    ? lines
    : lines.map((line) => line.trim().slice(1, -1));
}

function hasTable(text: string): boolean {
  const lines = linesOf(text);
  const layout = findLayout(lines);
  return layout !== undefined && isScanTable(lines, layout);
}

export function recognisesColumns(text: string): boolean {
  return (
    hasTable(text.slice(0, HEAD_CHARACTERS)) || (text.length > HEAD_CHARACTERS && hasTable(text))
  );
}

export function readColumns(text: string, warnings: Warning[]): Draft {
  const lines = withoutBlockComments(linesOf(text));
  const layout = findLayout(lines);
  if (layout === undefined) {
    throw new EwaldError("scan/unknown-format", "no two columns of numbers", { line: 1 });
  }
  const table = readTable(lines, layout, warnings);
  const first = table.blocks[0]!;
  const heading = readHeading(first.heading);
  refuseOtherScan(first.heading, heading, first.rows);
  const roles = columnRoles(table, warnings);
  checkNumbers(table, roles, warnings);
  checkAnnounced(heading, first.rows, warnings);
  return {
    format: roles.esd === undefined ? "xy" : "xye",
    ranges: table.blocks.map((block, i) =>
      blockRange(measuredRows(table, i, roles, warnings), block.heading, roles, warnings),
    ),
    radiation: heading.radiation ?? wavelengthOfColumns(roles, first.rows),
    saysNoRadiation: first.heading.includes("radiation: not stated"),
    intensityUnit: roles.intensityUnit,
    metadata: heading.metadata,
  };
}

/** Exports of EVA and PANalytical call every axis "Angle" or nothing: what was scanned stands above the points. */
function refuseOtherScan(lines: readonly string[], { metadata }: Heading, rows: NumberRows): void {
  const { scanAxis } = metadata;
  const isStated = typeof scanAxis === "string" && isOtherAxis(scanAxis);
  const other = isStated ? scanAxis : otherAxisInText(lines);
  if (other !== undefined) throw otherAxisError(other, { line: rows.line(0) });
}

function isOtherAxis(words: string): boolean {
  const axis = axisNamed(words);
  const isRefused =
    axis !== undefined && ("refused" in axis || axis.note?.code === "scan/axis-converted");
  return isRefused || movedAxis(words) === "other";
}

function blockRange(
  { rows, position }: RowsOfScan,
  heading: readonly string[],
  roles: Roles,
  warnings: Warning[],
): DraftRange {
  const axis = scaled(rows(roles.axis), roles.axisScale);
  const intensity = rows(roles.intensity);
  checkPlausible(roles.kind, roles.named, axis, position);
  return {
    kind: roles.kind,
    axis,
    intensity,
    esd: usableEsd(roles, rows, intensity, position, warnings),
    monitor: wholeColumn(roles.monitor, rows, position, warnings),
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

/** A column with a number at every point, or none. */
function wholeColumn(
  column: number | undefined,
  rows: RowsOfScan["rows"],
  position: (i: number) => Position,
  warnings: Warning[],
): Float64Array | undefined {
  const values = column === undefined ? undefined : rows(column);
  const missing = values?.findIndex(Number.isNaN) ?? -1;
  if (missing < 0) return values;
  warnings.push({
    code: "scan/column-ignored",
    message: `column ${column! + 1} was left out: at some points it is empty`,
    ...position(missing),
  });
  return undefined;
}

/** At so many points and above this height an uncertainty is compared with its intensity. */
const COMPARED = { points: 10, intensity: 100 };

/** By custom a third column is the uncertainty; as large as the intensities it is another curve. */
function isAnotherCurve(esd: Float64Array, intensity: Float64Array): boolean {
  const ratios: number[] = [];
  intensity.forEach((value, i) => {
    if (value >= COMPARED.intensity) ratios.push(esd[i]! / value);
  });
  if (ratios.length < COMPARED.points) return false;
  return ratios.toSorted((a, b) => a - b)[ratios.length >> 1]! > 0.5;
}

/** Uncertainties are positive; a column of zeros says nothing. */
function usableEsd(
  roles: Roles,
  rows: RowsOfScan["rows"],
  intensity: Float64Array,
  position: (i: number) => Position,
  warnings: Warning[],
): Float64Array | undefined {
  const values = wholeColumn(roles.esd, rows, position, warnings);
  if (values === undefined || values.length === 0) return undefined;
  const esd = esdFrom(values, roles.esdKind ?? "esd");
  const negative = esd.findIndex((value) => value < 0);
  const why =
    negative >= 0
      ? "has negative values"
      : esd.every((value) => value === 0)
        ? "is zero throughout"
        : roles.esdAssumed && isAnotherCurve(esd, intensity)
          ? "is about as large as the intensities"
          : undefined;
  if (why === undefined) return esd;
  warnings.push({
    code: "scan/no-esd",
    message: `column ${roles.esd! + 1} ${why} and was not taken as uncertainty`,
    ...position(Math.max(0, negative)),
  });
  return undefined;
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
