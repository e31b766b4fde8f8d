/** Which column of a table is what: from its headings, or by the custom of XY and XYE files. */
import type { Warning } from "../../errors.ts";
import { type AxisKind, type Radiation } from "../../radiation/index.ts";
import type { IntensityUnit } from "../scan.ts";
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
  /** A second, derived axis, from which the wavelength follows. */
  readonly dSpacing?: number;
  readonly intensityUnit: IntensityUnit;
}

const TWO_THETA =
  /^(?:[°([]*2[\s_-]?th|2\s*[θϑΘ]|two[\s_-]?theta|t?tth\b|(?:scan\s)?angle|pos(?:ition|\.)?(?:\s|$|\W)|deg(?:rees?)?\b)/iu;
const D_SPACING = /^d(?:$|[\s_-]?spac|\s*[([]|[_\s]?(?:a|å|ang)\w*$)/iu;
const Q_AXIS = /^q(?:$|[\s_-]?val|\s*[([]|[_\s]|vector)/i;
const TOF = /^(?:tof\b|time[\s_-]of)/i;
const INTENSITY = /int|count|cps|^i$|^i\b|^y(?:_?obs)?$|^y\b|obs|signal|det/i;
const ESD = /esd|sigma|err|std|unc|^e$|^s\.?d\.?$|^dy$|^d?i_?err/i;
const MONITOR = /mon|izero|^i_?0$/i;

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

function axisKindOf(name: string): AxisKind | undefined {
  if (TWO_THETA.test(name)) return "twoTheta";
  if (Q_AXIS.test(name)) return "q";
  if (TOF.test(name)) return "tof";
  return D_SPACING.test(name) ? "d" : undefined;
}

/** 1/nm is a tenth of 1/Å, nm ten Å, ms a thousand µs. */
function axisScaleOf(kind: AxisKind, name: string): number {
  if (kind === "q" && /nm/i.test(name)) return 0.1;
  if (kind === "d" && /nm/i.test(name)) return 10;
  if (kind === "tof" && /ms|milli/i.test(name)) return 1000;
  return 1;
}

function unitOf(name: string): IntensityUnit {
  if (/cps|per s|counts? ?\/ ?s|\/sec/i.test(name)) return "counts/s";
  return /count/i.test(name) ? "counts" : "unknown";
}

export function columnRoles(
  heading: readonly string[],
  rows: NumberRows,
  warnings: Warning[],
): Roles {
  for (const line of heading.toReversed()) {
    const names = headingsOf(line, rows.columns);
    const roles = names === undefined ? undefined : rolesByName(names, rows, warnings);
    if (roles !== undefined) return roles;
  }
  return rolesByCustom(heading, rows, warnings);
}

function rolesByName(
  names: readonly string[],
  rows: NumberRows,
  warnings: Warning[],
): Roles | undefined {
  const within = names.slice(0, rows.columns);
  const find = (test: RegExp): number | undefined => {
    const at = within.findIndex((name) => test.test(name));
    return at < 0 ? undefined : at;
  };
  const order: readonly RegExp[] = [TWO_THETA, Q_AXIS, TOF, D_SPACING];
  const axis = order.map(find).find((at) => at !== undefined);
  if (axis === undefined) return undefined;
  const kind = axisKindOf(within[axis]!)!;
  const isOther = (name: string, i: number): boolean =>
    i !== axis && !ESD.test(name) && !MONITOR.test(name) && axisKindOf(name) === undefined;
  let intensity = within.findIndex((name, i) => isOther(name, i) && INTENSITY.test(name));
  if (intensity < 0) intensity = within.findIndex((name, i) => i > axis && isOther(name, i));
  if (intensity < 0) return undefined;
  const esd = find(ESD);
  const monitor = find(MONITOR);
  const dSpacing = kind === "twoTheta" ? find(D_SPACING) : undefined;
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
    ...(dSpacing === undefined ? {} : { dSpacing }),
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
  const twoTheta = rows.column(roles.axis);
  const d = rows.column(roles.dSpacing);
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
