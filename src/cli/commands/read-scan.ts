/** A scan for people: a few lines, and a figure of many scans stacked or overlaid. */
import { CURVE_COLOURS, type IntensityScale, patternFigure } from "../../report/index.ts";
import type { AxisKind } from "../../radiation/index.ts";
import type { ReadScanRecord } from "../tasks/read-scan.ts";
import { warningLines } from "../warning-lines.ts";

/** More curves than this in one figure are lines nobody can tell apart. */
export const MOST_CURVES = 40;

const AXES: Readonly<Record<AxisKind, readonly [name: string, unit: string]>> = {
  twoTheta: ["2θ", "°"],
  d: ["d", "Å"],
  q: ["Q", "1/Å"],
  tof: ["time of flight", "µs"],
};

/** Numbers as files write them: no more places than they mean. */
function short(value: number): string {
  return String(Number(value.toFixed(4)));
}

export function describeScan(record: ReadScanRecord): string {
  const lines = [
    record.input,
    `  scan            ${record.format}, intensity in ${record.intensityUnit === "unknown" ? "units that the file does not name" : record.intensityUnit}`,
    `  radiation       ${radiationText(record)}`,
  ];
  for (const range of record.ranges) {
    const { kind, values } = range.axis;
    const [name, unit] = AXES[kind];
    const [first, last] = [values[0]!, values.at(-1)!];
    const step = values.length > 1 ? (last - first) / (values.length - 1) : 0;
    const highest = range.intensity.reduce((most, value) => Math.max(most, value), -Infinity);
    const time = range.countTimeSeconds;
    const extras = [
      typeof time === "number" ? `${short(time)} s per point` : undefined,
      range.esd === undefined ? undefined : "uncertainties",
      range.monitor === undefined ? undefined : "monitor",
      range.attenuation === undefined ? undefined : "attenuation factors",
    ].filter((extra) => extra !== undefined);
    lines.push(
      `  range           ${values.length} points, ${name} ${short(first)} to ${short(last)} ${unit}, step ${short(step)}, highest ${short(highest)}${extras.map((extra) => `, ${extra}`).join("")}`,
    );
  }
  for (const [key, value] of Object.entries(record.metadata)) {
    const text = typeof value === "object" ? value.join("; ") : String(value);
    lines.push(`  ${key.padEnd(15)} ${text.length > 100 ? `${text.slice(0, 100)}…` : text}`);
  }
  for (const { step, parameters } of record.history) {
    lines.push(`  processed       ${step} ${JSON.stringify(parameters)}`);
  }
  return [...lines, ...warningLines(record.warnings)].join("\n");
}

function radiationText({ radiation, wavelengthAngstrom }: ReadScanRecord): string {
  if (radiation === null || wavelengthAngstrom === null) {
    return "not stated by the file (give --wavelength CuKa12 or the like)";
  }
  const kind = { xray: "X-rays", neutron: "neutrons", electron: "electrons" }[radiation.kind];
  const lines = radiation.lines.map((line) => line.wavelengthAngstrom).join(", ");
  return `${kind}${radiation.name === undefined ? "" : `, ${radiation.name}`}, λ = ${lines} Å`;
}

export interface ScanFigureOptions {
  readonly overlay: boolean;
  readonly offset: number;
  readonly intensityScale: IntensityScale;
}

/** Stacked, or overlaid with each scan scaled to its own maximum; the ranges of a scan share a colour. */
export function scanFigure(records: readonly ReadScanRecord[], options: ScanFigureOptions): string {
  const single = records.length === 1;
  const kind = records[0]!.ranges[0]!.axis.kind;
  const [name, unit] = AXES[kind];
  const curves = records.flatMap((record, index) => {
    const highest = Math.max(
      ...record.ranges.map((range) => range.intensity.reduce((a, b) => Math.max(a, b), 0)),
    );
    const factor = single || !(highest > 0) ? 1 : 100 / highest;
    return record.ranges
      .filter((range) => range.axis.kind === kind)
      .map((range, r) => ({
        name: r === 0 ? record.input.split(/[/\\]/).at(-1)! : "",
        x: range.axis.values,
        y: range.intensity.map((value) => value * factor),
        level: options.overlay ? 0 : index,
        colour: CURVE_COLOURS[index % CURVE_COLOURS.length]!,
      }));
  });
  return patternFigure({
    title: single ? records[0]!.input : `${records.length} powder scans`,
    xLabel: `${name} (${unit})    ${wavelengthLabel(records)}`.trimEnd(),
    yLabel: single
      ? "Intensity"
      : options.overlay
        ? "Relative intensity"
        : "Relative intensity, offset",
    curves,
    offset: options.offset,
    intensityScale: options.intensityScale,
  });
}

/** The wavelength where all scans share it: angles of different ones do not compare. */
function wavelengthLabel(records: readonly ReadScanRecord[]): string {
  const all = new Set(records.map((record) => record.wavelengthAngstrom));
  const [only] = all;
  if (all.size > 1) return "scans of different wavelengths";
  return only === null || only === undefined ? "" : `λ = ${short(only)} Å`;
}
