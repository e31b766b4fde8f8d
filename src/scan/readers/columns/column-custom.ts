/** Which column is what: by its heading, else by the custom of XY and XYE files and by the labels of Fit2D. */
import { EwaldError, type Warning } from "../../../errors.ts";
import { axisNamed, type AxisName } from "./axis-name.ts";
import { isAxisName, isUnitRow } from "./column-names.ts";
import {
  otherAxis,
  refuseTransformed,
  type Roles,
  rolesOfHeading,
  type Warn,
} from "./column-roles.ts";
import { countsRows, namesInHeading } from "./heading-names.ts";
import type { NumberRows } from "../lines.ts";
import type { Table } from "./table.ts";

/** @throws EwaldError `scan/not-a-scan` where the first column is named as another quantity. */
export function columnRoles(table: Table, warnings: Warning[]): Roles {
  const [{ heading, rows }] = table.blocks as [Table["blocks"][0]];
  const found: Warning[] = [];
  const warn = (code: string, message: string): void => {
    found.push({ code, message, line: rows.line(0) });
  };
  // Two words of Fit2D's title or label are no names of two columns.
  const named =
    fit2dLabel(heading) === undefined ? rolesOfHeading(table, heading, rows, warn) : undefined;
  const roles = named ?? rolesByCustom(table, heading, rows, warn);
  warnings.push(...found);
  return roles;
}

/** Without headings: position, intensity, uncertainty. Words in the header may still name the axis. */
function rolesByCustom(
  table: Table,
  heading: readonly string[],
  rows: NumberRows,
  warn: Warn,
): Roles {
  let columns = [...table.types.keys()].filter((c) => table.types[c] === "number");
  if (
    columns.length > 2 &&
    countsRows(rows.column(columns[0]!)) &&
    isOrdered(rows.column(columns[1]!))
  ) {
    warn("scan/column-assumed", "the first column numbers the points and was left out");
    columns = columns.slice(1);
  }
  refuseGaps(columns, rows);
  const words = [...table.types.keys()].filter((c) => table.types[c] === "text");
  if (words.length > 0) {
    warn("scan/column-ignored", `columns of words left out: ${words.map((c) => c + 1).join(", ")}`);
  }
  const axis = axisInHeading(heading, table, rows, warn);
  if (axis?.note !== undefined) warn(axis.note.code, axis.note.message);
  if (columns.length > 2) {
    warn(
      "scan/column-assumed",
      columns.length === 3
        ? "the third column, without a heading, was taken as uncertainty"
        : `of ${columns.length} columns without headings the third was taken as uncertainty, the others were left out`,
    );
  }
  return {
    kind: axis?.kind ?? "twoTheta",
    named: axis !== undefined,
    names: 0,
    ignored: [],
    axis: columns[0]!,
    axisScale: axis?.scale ?? 1,
    intensity: columns[1]!,
    ...(columns.length > 2 ? { esd: columns[2]!, esdKind: "esd", esdAssumed: true } : {}),
    intensityUnit: "unknown",
  };
}

/** @throws EwaldError `scan/bad-row`: which of several columns is the intensity nobody says, and one has gaps. */
function refuseGaps(columns: readonly number[], rows: NumberRows): void {
  if (columns.length < 3) return;
  const gap = rows.column(columns[1]!).findIndex(Number.isNaN);
  if (gap < 0 || Number.isNaN(rows.column(columns[0]!)[gap]!)) return;
  throw new EwaldError(
    "scan/bad-row",
    `column ${columns[1]! + 1} is empty, and no heading says what it holds`,
    {
      line: rows.line(gap),
      hint: "Name the columns in a line above them: 2theta, intensity, esd.",
    },
  );
}

function isOrdered(values: Float64Array): boolean {
  const sign = Math.sign(values[1]! - values[0]!);
  return (
    sign !== 0 &&
    values.every((v, i) => i === 0 || Number.isNaN(v) || !(Math.sign(v - values[i - 1]!) === -sign))
  );
}

const AXIS_KEY =
  /^(?:x|x[\s_-]?(?:axis|label|name|unit|achse)|abscissa|axis|units?)\s*[:=]\s*(.+)$/i;

/** A line that names the axis and nothing else, the label of Fit2D, or `x axis: Q (1/nm)`. */
function axisInHeading(
  heading: readonly string[],
  table: Table,
  rows: NumberRows,
  warn: Warn,
): AxisName | undefined {
  const label = fit2dLabel(heading);
  if (label !== undefined) {
    const axis = axisNamed(label.x);
    if (axis !== undefined && "refused" in axis) throw otherAxis(label.x, rows);
    refuseTransformed(label.y, table);
    if (axis === undefined) {
      const message = `"${label.x.trim()}" names no axis that is known here: it was taken as 2θ in degrees`;
      warn("scan/axis-assumed", message);
    }
    return axis;
  }
  for (const line of heading) {
    const bare = line.trim().replace(/[\s,;|]+$/, "");
    const text = AXIS_KEY.exec(bare)?.[1] ?? bare;
    const axis = isAxisName(text) ? axisNamed(text) : undefined;
    if (axis !== undefined && !("refused" in axis)) return axis;
  }
  warnUnknownNames(heading, table, warn);
  return undefined;
}

/** Fit2D and pyFAI write four lines: title, both labels, number of points. */
function fit2dLabel(heading: readonly string[]): { x: string; y: string } | undefined {
  if (heading.length < 4 || !/^\s*\d{1,9}\s*$/.test(heading.at(-1)!)) return undefined;
  return { x: heading.at(-3)!, y: heading.at(-2)! };
}

/** Names above the columns that say nothing here: what was assumed is said. */
function warnUnknownNames(heading: readonly string[], table: Table, warn: Warn): void {
  const last = heading.at(-1);
  const [names] = last === undefined ? [] : namesInHeading([last], table);
  if (names === undefined || isUnitRow(names)) return;
  // Two words of a comment are no headings of two columns.
  if (table.blocks[0]!.endsInComment && table.separator.includes("blanks")) return;
  warn(
    "scan/axis-assumed",
    `"${names.join(", ")}" names no axis that is known here: the first column was taken as 2θ in degrees, the second as intensity`,
  );
}
