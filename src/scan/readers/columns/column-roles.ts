/** Which column of a table is what: from its headings, or by the custom of XY and XYE files. */
import { EwaldError } from "../../../errors.ts";
import { sinThetaOf } from "../../../radiation/angles.ts";
import type { AxisKind } from "../../../radiation/axis.ts";
import type { Radiation } from "../../../radiation/radiation.ts";
import type { IntensityUnit } from "../../scan.ts";
import { type AxisName, axisNamed } from "./axis-name.ts";
import {
  type EsdKind,
  esdKindOf,
  intensityColumn,
  isIndexName,
  isIntensityName,
  isMeasured,
  isTransformed,
  isUncertainty,
  MONITOR,
  PROSE,
  unitOf,
} from "./column-names.ts";
import { namesInHeading } from "./heading-names.ts";
import type { NumberRows } from "../lines.ts";
import { statedWavelength } from "../radiation.ts";
import type { Table } from "./table.ts";

export interface Roles {
  readonly kind: AxisKind;
  /** Whether a heading names the axis. */
  readonly named: boolean;
  /** How many columns have names. */
  readonly names: number;
  /** Columns with names that are not used. */
  readonly ignored: readonly { readonly column: number; readonly name: string }[];
  readonly axis: number;
  /** To degrees, Å, 1/Å or µs. */
  readonly axisScale: number;
  readonly intensity: number;
  readonly esd?: number;
  readonly esdKind?: EsdKind;
  /** Whether the uncertainty is one by custom only. */
  readonly esdAssumed?: boolean;
  readonly monitor?: number;
  /** A second, derived axis, from which the wavelength follows; `scale` to Å. */
  readonly dSpacing?: { readonly column: number; readonly scale: number };
  readonly intensityUnit: IntensityUnit;
}

export type Warn = (code: string, message: string) => void;

/** From the data upwards; a row of units belongs to the names above it, if those are names. */
export function rolesOfHeading(
  table: Table,
  heading: readonly string[],
  rows: NumberRows,
  warn: Warn,
): Roles | undefined {
  for (const names of namesInHeading(heading, table)) {
    const roles = rolesByName(names, table, warn);
    if (roles !== undefined) return roles;
    refuseOtherAxis(names, rows);
    const assumed = rolesByUnknownName(names, table, warn);
    if (assumed !== undefined) return assumed;
  }
  return undefined;
}

function refuseOtherAxis(names: readonly string[], rows: NumberRows): void {
  const first = names.find((name) => !isIndexName(name));
  if (first === undefined) return;
  const axis = axisNamed(first);
  // Words of a comment may be as many as the columns: only beside an intensity are they headings.
  if (axis === undefined || !("refused" in axis)) return;
  if (!names.some((name) => name !== first && isIntensityName(name))) return;
  throw otherAxis(first, rows);
}

export function otherAxis(name: string, rows: NumberRows): EwaldError {
  const first = name.trim();
  return new EwaldError(
    "scan/not-a-scan",
    `the first column is "${first}", no 2θ, θ, d, Q, 1/d, sin θ/λ or TOF in a unit of theirs`,
    {
      value: first,
      line: rows.line(0),
      hint: "Convert it, or name the column 2theta, d, Q or TOF if it is one.",
    },
  );
}

/** Columns with numbers whose names are those of an axis; the one that needs no conversion first. */
function axisColumn(
  names: readonly string[],
  table: Table,
): { readonly at: number; readonly axis: AxisName } | undefined {
  const found = names.flatMap((name, at) => {
    const axis = table.types[at] === "number" && !isUncertainty(name) ? axisNamed(name) : undefined;
    return axis === undefined || "refused" in axis ? [] : [{ at, axis }];
  });
  const order: readonly AxisKind[] = ["twoTheta", "q", "tof", "d"];
  const rank = ({ axis }: { axis: AxisName }): number =>
    order.indexOf(axis.kind) + (axis.note?.code === "scan/axis-converted" ? order.length : 0);
  return found.toSorted((a, b) => rank(a) - rank(b))[0];
}

function rolesByName(names: readonly string[], table: Table, warn: Warn): Roles | undefined {
  const found = axisColumn(names, table);
  return found === undefined ? undefined : namedRoles(names, table, found.at, found.axis, warn);
}

/** Names that speak of an intensity, beside a first column whose name says nothing. */
function rolesByUnknownName(names: readonly string[], table: Table, warn: Warn): Roles | undefined {
  if (!names.some((name) => isIntensityName(name) && isMeasured(name))) return undefined;
  const at = names.findIndex(
    (name, i) =>
      table.types[i] === "number" &&
      name !== "" &&
      !isIndexName(name) &&
      !isUncertainty(name) &&
      !isIntensityName(name) &&
      !PROSE.test(name),
  );
  if (at < 0) return undefined;
  const note = {
    code: "scan/axis-assumed",
    message: `"${names[at]!.trim()}" names no axis that is known here: it was taken as 2θ in degrees`,
  } as const;
  return namedRoles(names, table, at, { kind: "twoTheta", scale: 1, note }, warn);
}

function namedRoles(
  names: readonly string[],
  table: Table,
  at: number,
  axis: AxisName,
  warn: Warn,
): Roles | undefined {
  const { types } = table;
  // Several patterns side by side have an axis each: the intensity stands before the next one.
  const other = names.findIndex((name, i) => i > at && isSameAxis(name, axis));
  const next = names.slice(at + 1, Math.max(0, other)).some(isIntensityName) ? other : -1;
  const isFree = (name: string, i: number): boolean =>
    i !== at &&
    (next < 0 || i < next) &&
    name !== "" &&
    types[i] === "number" &&
    !isUncertainty(name) &&
    !MONITOR.test(name) &&
    !PROSE.test(name) &&
    axisNamed(name) === undefined;
  const intensity = intensityColumn(names, isFree, at);
  if (intensity < 0) return undefined;
  refuseTransformed(names[intensity]!, table);
  const where = (test: (name: string) => boolean): number | undefined => {
    const index = names.findIndex(
      (name, i) => i !== intensity && types[i] === "number" && test(name),
    );
    return index < 0 ? undefined : index;
  };
  const namedEsd = where((name) => esdKindOf(name) !== undefined);
  const customEsd =
    names.length === 3 && names[2] === "" && types[2] === "number" && at === 0 && intensity === 1
      ? 2
      : undefined;
  const esd = namedEsd ?? customEsd;
  const monitor = where((name) => MONITOR.test(name) && !isUncertainty(name));
  const dSpacing = axis.kind === "twoTheta" ? dColumn(names, table, at) : undefined;
  if (axis.note !== undefined) warn(axis.note.code, axis.note.message);
  if (namedEsd === undefined && customEsd !== undefined) {
    warn("scan/column-assumed", "the third column, without a heading, was taken as uncertainty");
  }
  if (!isMeasured(names[intensity]!)) {
    warn("scan/not-measured", `the only intensity is "${names[intensity]!.trim()}"`);
  }
  if (next >= 0) {
    warn(
      "scan/several-patterns",
      `several columns name an axis: only the pattern of "${names[at]!.trim()}" was read`,
    );
  }
  const used = new Set([at, intensity, esd, monitor, dSpacing?.column]);
  const ignored = warnIgnored(names, types, used, warn);
  return {
    kind: axis.kind,
    named: true,
    names: names.filter((name) => name !== "").length,
    ignored,
    axis: at,
    axisScale: axis.scale,
    intensity,
    ...(esd === undefined
      ? {}
      : { esd, esdKind: esdKindOf(names[esd]!) ?? "esd", esdAssumed: namedEsd === undefined }),
    ...(monitor === undefined ? {} : { monitor }),
    ...(dSpacing === undefined ? {} : { dSpacing }),
    intensityUnit: unitOf(names[intensity]!),
  };
}

function isSameAxis(name: string, { kind, note }: AxisName): boolean {
  const other = axisNamed(name);
  return (
    other !== undefined &&
    !("refused" in other) &&
    !isUncertainty(name) &&
    other.kind === kind &&
    other.note?.code === note?.code
  );
}

function dColumn(
  names: readonly string[],
  { types }: Table,
  axis: number,
): { column: number; scale: number } | undefined {
  for (const [column, name] of names.entries()) {
    if (column === axis || types[column] !== "number" || isUncertainty(name)) continue;
    const found = axisNamed(name);
    if (found !== undefined && !("refused" in found) && found.kind === "d") {
      return { column, scale: found.scale };
    }
  }
  return undefined;
}

/** @throws EwaldError `scan/not-a-scan`: peaks on a logarithmic scale have other heights. */
export function refuseTransformed(name: string, { blocks }: Table): void {
  if (!isTransformed(name)) return;
  throw new EwaldError("scan/not-a-scan", `the intensities are given as "${name.trim()}"`, {
    value: name,
    line: blocks[0]!.rows.line(0),
    hint: "Save the intensities themselves, not their logarithms or roots.",
  });
}

function warnIgnored(
  names: readonly string[],
  types: Table["types"],
  used: ReadonlySet<number | undefined>,
  warn: Warn,
): Roles["ignored"] {
  const ignored = names.flatMap((name, column) => {
    const isUsed = used.has(column) || types[column] === "empty" || (name === "" && column === 0);
    return isUsed ? [] : [{ column, name }];
  });
  if (ignored.length > 0) {
    const called = ignored.map(({ column, name }) =>
      name === "" ? `column ${column + 1} (without a name)` : name.trim(),
    );
    warn("scan/column-ignored", `columns left out: ${called.join(", ")}`);
  }
  return ignored;
}

/** λ = 2 d sin θ where a table gives both; the mean over its upper half, where d is given most exactly. */
export function wavelengthOfColumns(roles: Roles, rows: NumberRows): Radiation | null {
  if (roles.dSpacing === undefined || roles.kind !== "twoTheta") return null;
  const { column, scale } = roles.dSpacing;
  const twoTheta = rows.column(roles.axis).map((value) => value * roles.axisScale);
  const d = rows.column(column).map((value) => value * scale);
  const found: number[] = [];
  for (let i = 0; i < d.length; i++) {
    const lambda = 2 * d[i]! * sinThetaOf(twoTheta[i]!);
    if (Number.isFinite(lambda) && lambda > 0) found.push(lambda);
  }
  if (found.length < 2) return null;
  const mean = found.reduce((sum, value) => sum + value, 0) / found.length;
  const agree = found.every((value) => Math.abs(value - mean) < 1e-3 * mean);
  return agree ? statedWavelength(Number(mean.toPrecision(6))) : null;
}
