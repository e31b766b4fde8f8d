/** Which column of a table is what: from its headings, or by the custom of XY and XYE files. */
import { EwaldError, type Warning } from "../../errors.ts";
import { type AxisKind, type Radiation } from "../../radiation/index.ts";
import type { IntensityUnit } from "../scan.ts";
import {
  axisKindOf,
  axisScaleOf,
  ESD,
  INTENSITY,
  intensityColumn,
  isOtherAxis,
  isUnitRow,
  MONITOR,
  PROSE,
  unitOf,
} from "./column-names.ts";
import { type NumberRows, unquote } from "./lines.ts";
import { statedWavelength } from "./radiation.ts";

export interface Roles {
  readonly kind: AxisKind;
  /** Whether a heading names the axis. */
  readonly named: boolean;
  readonly axis: number;
  /** To degrees, Å, 1/Å or µs. */
  readonly axisScale: number;
  readonly intensity: number;
  readonly esd?: number;
  readonly monitor?: number;
  /** A second, derived axis, from which the wavelength follows; `scale` to Å. */
  readonly dSpacing?: { readonly column: number; readonly scale: number };
  readonly intensityUnit: IntensityUnit;
}

/** Headings of `count` columns in a line, or undefined where it does not split into so many. */
function headingsOf(line: string, count: number): string[] | undefined {
  for (const separator of [/\t/, /;/, /,/, /\|/, /\s{2,}/, /\s+/]) {
    const names = line.trim().split(separator).map(unquote);
    while (names.length > count && names.at(-1) === "") names.pop();
    const exact = names.length === count || (names.length > count && count >= 4);
    if (exact && names.every((name) => name !== "" && Number.isNaN(Number(name)))) return names;
  }
  return undefined;
}

/** Names of the columns in one line of the heading, with the units of the line below where it holds them. */
function namesAt(heading: readonly string[], at: number, count: number): string[] | undefined {
  const names = headingsOf(heading[at]!, count);
  const units = heading[at + 1] === undefined ? undefined : unitsOf(heading[at + 1]!, count);
  return units === undefined
    ? names
    : names?.map((name, i) => (units[i] ? `${name} (${units[i]})` : name));
}

function unitsOf(line: string, count: number): string[] | undefined {
  for (const separator of [/\t/, /;/, /,/, /\|/, /\s+/]) {
    const cells = line.trim().split(separator).map(unquote);
    if (cells.length === count && isUnitRow(cells)) {
      return cells.map((cell) => cell.replaceAll(/^[([{]|[)\]}]$/g, ""));
    }
  }
  return undefined;
}

/** @throws EwaldError `scan/not-a-scan` where the first column is named as another quantity. */
export function columnRoles(
  heading: readonly string[],
  rows: NumberRows,
  warnings: Warning[],
): Roles {
  // From the data upwards; a row of units belongs to the names above it, if those are names.
  const order = [...heading.keys()]
    .toReversed()
    .flatMap((at) =>
      at > 0 && unitsOf(heading[at]!, rows.columns) !== undefined ? [at - 1, at] : [at],
    );
  for (const at of order) {
    const names = namesAt(heading, at, rows.columns);
    const roles = names === undefined ? undefined : rolesByName(names, rows, warnings);
    if (roles !== undefined) return roles;
    if (names !== undefined) refuseOtherAxis(names, rows);
  }
  return rolesByCustom(heading, rows, warnings);
}

function refuseOtherAxis(names: readonly string[], rows: NumberRows): void {
  const [first, ...others] = names as [string, ...string[]];
  // Words of a comment may be as many as the columns: only beside an intensity are they headings.
  if (!isOtherAxis(first) || !others.some((name) => INTENSITY.test(name))) return;
  throw new EwaldError("scan/not-a-scan", `the first column is "${first}", no 2θ, d, Q or TOF`, {
    value: first,
    line: rows.line(0),
    hint: "Convert it (2θ is twice θ), or name the column 2theta, d, Q or TOF if it is one.",
  });
}

function rolesByName(
  names: readonly string[],
  rows: NumberRows,
  warnings: Warning[],
): Roles | undefined {
  const within = names.slice(0, rows.columns);
  const where = (test: (name: string) => boolean): number | undefined => {
    const at = within.findIndex(test);
    return at < 0 ? undefined : at;
  };
  const find = (test: RegExp): number | undefined => where((name) => test.test(name));
  const axisOf = (wanted: AxisKind): number | undefined =>
    where((name) => axisKindOf(name) === wanted);
  const order: readonly AxisKind[] = ["twoTheta", "q", "tof", "d"];
  const axis = order.map(axisOf).find((at) => at !== undefined);
  if (axis === undefined) return undefined;
  const kind = axisKindOf(within[axis]!)!;
  const isOther = (name: string, i: number): boolean =>
    i !== axis &&
    !ESD.test(name) &&
    !MONITOR.test(name) &&
    !PROSE.test(name) &&
    axisKindOf(name) === undefined;
  const intensity = intensityColumn(within, isOther, axis);
  if (intensity < 0) return undefined;
  const esd = find(ESD);
  const monitor = find(MONITOR);
  const dSpacing = kind === "twoTheta" ? axisOf("d") : undefined;
  const used = new Set([axis, intensity, esd, monitor, dSpacing]);
  const ignored = within.filter((_, i) => !used.has(i));
  if (ignored.length > 0) {
    warnings.push({
      code: "scan/column-ignored",
      message: `columns left out: ${ignored.join(", ")}`,
      line: rows.line(0),
    });
  }
  return {
    kind,
    named: true,
    axis,
    axisScale: axisScaleOf(kind, within[axis]!),
    intensity,
    ...(esd === undefined ? {} : { esd }),
    ...(monitor === undefined ? {} : { monitor }),
    ...(dSpacing === undefined
      ? {}
      : { dSpacing: { column: dSpacing, scale: axisScaleOf("d", within[dSpacing]!) } }),
    intensityUnit: unitOf(within[intensity]!),
  };
}

/** Without headings: position, intensity, uncertainty. Words in the header may still name the axis. */
function rolesByCustom(heading: readonly string[], rows: NumberRows, warnings: Warning[]): Roles {
  const naming = heading.find((line) => axisKindOf(line.trim()) !== undefined)?.trim();
  const kind = (naming === undefined ? undefined : axisKindOf(naming)) ?? "twoTheta";
  if (rows.columns > 2) {
    warnings.push({
      code: "scan/column-assumed",
      message:
        rows.columns === 3
          ? "the third column, without a heading, was taken as uncertainty"
          : `of ${rows.columns} columns without headings the third was taken as uncertainty, the others were left out`,
      line: rows.line(0),
    });
  }
  return {
    kind,
    named: naming !== undefined,
    axis: 0,
    axisScale: naming === undefined ? 1 : axisScaleOf(kind, naming),
    intensity: 1,
    ...(rows.columns > 2 ? { esd: 2 } : {}),
    intensityUnit: "unknown",
  };
}

/** λ = 2 d sin θ where a table gives both; the mean over its upper half, where d is given most exactly. */
export function wavelengthOfColumns(roles: Roles, rows: NumberRows): Radiation | null {
  if (roles.dSpacing === undefined || roles.kind !== "twoTheta") return null;
  const { column, scale } = roles.dSpacing;
  const twoTheta = rows.column(roles.axis).map((value) => value * roles.axisScale);
  const d = rows.column(column).map((value) => value * scale);
  const found: number[] = [];
  for (let i = 0; i < d.length; i++) {
    const lambda = 2 * d[i]! * Math.sin((twoTheta[i]! * Math.PI) / 360);
    if (Number.isFinite(lambda) && lambda > 0) found.push(lambda);
  }
  if (found.length < 2) return null;
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const agree = found.every((value) => Math.abs(value - mean) < 1e-3 * mean);
  return agree ? statedWavelength(Number(mean.toPrecision(6))) : null;
}
