/**
 * A scan as text: two columns (xy), three (xye), pdCIF, JSON. What this program reads back equals what it
 * wrote: positions and intensities are written with all their digits, wavelengths and metadata in the header.
 */
import { fileNameOf } from "../formats/file-name.ts";
import { EwaldError } from "../errors.ts";
import { formatCifNumber } from "../formats/cif-number.ts";
import type { AxisKind } from "../radiation/axis.ts";
import { meanWavelength, type Radiation } from "../radiation/radiation.ts";
import {
  type IntensityUnit,
  knownEsd,
  type LeftOutPoint,
  type Metadata,
  type MetadataValue,
  rangeOnAxis,
  type Scan,
  type ScanRange,
  type ScanStep,
} from "./scan.ts";
import { doubletOf } from "./strip-alpha2.ts";

export type WriteFormat = "xy" | "xye" | "pdcif" | "json";

/**
 * A scan as text: columns (`xy`, `xye`), pdCIF or JSON.
 * @throws EwaldError `scan/axis` for what a format cannot say, `scan/no-esd` for xye without uncertainties.
 */
export function writeScan(scan: Scan, format: WriteFormat): string {
  if (format === "pdcif") return writePdCif(scan);
  if (format === "json") return `${JSON.stringify(scanRecord(scan))}\n`;
  return writeColumns(scan, format === "xye");
}

/** With their units, as pyFAI writes them. */
const AXIS_HEADINGS = { twoTheta: "2theta", d: "d_A", q: "Q_A^-1", tof: "TOF_us" } as const;

function oneLine(value: MetadataValue): string {
  const text = typeof value === "object" ? value.join("; ") : String(value);
  return text.replaceAll(/\s+/g, " ").trim();
}

/** Kind and name, then the wavelengths in words that other programs use where there are any. */
function radiationLines({ radiation }: Scan): string[] {
  if (radiation === null) return ["radiation: not stated"];
  const { kind, name, lines } = radiation;
  const head = `radiation: ${kind}${name === undefined ? "" : ` ${name.replaceAll(/\s/g, "")}`}`;
  const doublet = doubletOf(radiation);
  if (doublet !== undefined) {
    return [
      head,
      `K-Alpha1 wavelength: ${doublet.alpha1Angstrom}`,
      `K-Alpha2 wavelength: ${doublet.alpha2Angstrom}`,
      `ratio K-Alpha2/K-Alpha1: ${doublet.ratio}`,
    ];
  }
  if (lines.length === 1) return [head, `wavelength: ${lines[0]!.wavelengthAngstrom} A`];
  return [
    head,
    ...lines.map((line) => `spectral line: ${line.wavelengthAngstrom} A, weight ${line.weight}`),
  ];
}

/** @throws EwaldError `scan/no-esd`: an uncertainty that nobody knows is not written as if it were one. */
function writtenEsd(range: ScanRange, { intensityUnit }: Scan): Float64Array {
  const esd = knownEsd(range, intensityUnit);
  if (esd !== undefined) return esd;
  throw new EwaldError(
    "scan/no-esd",
    intensityUnit === "unknown"
      ? "the scan states no uncertainties, and its intensities are not known to be counts"
      : "the scan states no uncertainties, and its rates have no counting time",
    {
      value: intensityUnit,
      hint: "Write xy; or name the column counts in the file if it holds counts.",
    },
  );
}

function writeColumns(scan: Scan, withEsd: boolean): string {
  const { ranges } = scan;
  const kind = ranges[0]?.axis.kind ?? "twoTheta";
  const other = ranges.find((range) => range.axis.kind !== kind);
  if (other !== undefined) {
    throw new EwaldError("scan/axis", "columns have one axis, and the ranges are on several", {
      value: other.axis.kind,
      hint: "Convert the scan to one axis first, or write JSON.",
    });
  }
  // The radiation comes first: what a comment says about wavelengths is not what was measured with.
  const lines = radiationLines(scan).map((line) => `# ${line}`);
  for (const [key, value] of Object.entries(scan.metadata))
    lines.push(`# ${key}: ${oneLine(value)}`);
  for (const { step, parameters } of scan.history) {
    lines.push(`# processed by ${step} ${JSON.stringify(parameters)}`);
  }
  const unit = scan.intensityUnit === "unknown" ? "intensity" : scan.intensityUnit;
  ranges.forEach((range, r) => {
    if (ranges.length > 1) lines.push(`# range ${r + 1} of ${ranges.length}`);
    const time = range.countTimeSeconds;
    if (typeof time === "number") lines.push(`# step time: ${time}`);
    if (r === 0) lines.push(`# ${AXIS_HEADINGS[kind]} ${unit}${withEsd ? " esd" : ""}`);
    const esd = withEsd ? writtenEsd(range, scan) : undefined;
    range.axis.values.forEach((value, i) => {
      const row = `${value} ${range.intensity[i]}`;
      lines.push(esd === undefined ? row : `${row} ${esd[i]}`);
    });
  });
  return `${lines.join("\n")}\n`;
}

export interface ScanRangeRecord {
  readonly axis: { readonly kind: AxisKind; readonly values: readonly number[] };
  readonly intensity: readonly number[];
  readonly esd?: readonly number[];
  readonly countTimeSeconds?: number | readonly number[];
  readonly monitor?: readonly number[];
  readonly attenuation?: readonly number[];
  readonly name?: string;
  /** Points of the file that cannot be right: where, and what it gives there (null for no number). */
  readonly leftOut?: readonly LeftOutPoint[];
}

/** A scan as JSON says it: what `ewald read --json` prints. */
export interface ScanRecord {
  readonly kind: "scan";
  readonly format: string;
  readonly source?: string;
  readonly ranges: readonly ScanRangeRecord[];
  /** Weighted mean; null where the file states none. */
  readonly wavelengthAngstrom: number | null;
  readonly radiation: Radiation | null;
  readonly intensityUnit: IntensityUnit;
  readonly metadata: Metadata;
  readonly history: readonly ScanStep[];
}

export function scanRecord(scan: Scan): ScanRecord {
  const { radiation } = scan;
  return {
    kind: "scan",
    format: scan.source.format,
    ...(scan.source.name === undefined ? {} : { source: scan.source.name }),
    ranges: scan.ranges.map(rangeRecord),
    wavelengthAngstrom:
      radiation === null ? null : Number(meanWavelength(radiation).toPrecision(12)),
    radiation,
    intensityUnit: scan.intensityUnit,
    metadata: scan.metadata,
    history: scan.history,
  };
}

function rangeRecord(range: ScanRange): ScanRangeRecord {
  const { esd, monitor, attenuation, countTimeSeconds: time, name } = range;
  return {
    axis: { kind: range.axis.kind, values: Array.from(range.axis.values) },
    intensity: Array.from(range.intensity),
    ...(esd === undefined ? {} : { esd: Array.from(esd) }),
    ...(time === undefined
      ? {}
      : { countTimeSeconds: typeof time === "number" ? time : Array.from(time) }),
    ...(monitor === undefined ? {} : { monitor: Array.from(monitor) }),
    ...(attenuation === undefined ? {} : { attenuation: Array.from(attenuation) }),
    ...(name === undefined ? {} : { name }),
    ...(range.leftOut === undefined ? {} : { leftOut: range.leftOut }),
  };
}

/** A CIF string: bare, quoted or as a text field, whatever it takes. */
function cifText(value: string): string {
  const text = value.replaceAll(/[^\n\u0020-\uffff]/g, " ");
  if (/^[A-Za-z0-9][\w.:+/-]*$/.test(text) && !/^(?:data|loop|save|stop|global)_/i.test(text))
    return text;
  if (!text.includes("\n") && text.length < 70) {
    if (!/'\s|'$/.test(text)) return `'${text}'`;
    if (!/"\s|"$/.test(text)) return `"${text}"`;
  }
  return `\n;${text.replaceAll("\n;", "\n ;")}\n;`;
}

function cifItem(tag: string, value: string | number | undefined): string[] {
  if (value === undefined || value === "") return [];
  const text = typeof value === "number" ? String(value) : cifText(value);
  return [text.startsWith("\n") ? `${tag}${text}` : `${tag.padEnd(36)}${text}`];
}

const PROBES = { xray: "x-ray", neutron: "neutron", electron: "electron" } as const;

function cifRadiation(scan: Scan): string[] {
  const { radiation } = scan;
  if (radiation === null) return [];
  const anode = /^([A-Z][a-z]?)K([ab])/.exec(radiation.name ?? "");
  const lines = cifItem("_diffrn_radiation_probe", PROBES[radiation.kind]);
  if (anode !== null)
    lines.push(...cifItem("_diffrn_radiation_type", `${anode[1]} K\\${anode[2]}`));
  const strongest = radiation.lines[0]!.weight;
  lines.push(
    "loop_",
    "_diffrn_radiation_wavelength_id",
    "_diffrn_radiation_wavelength",
    "_diffrn_radiation_wavelength_wt",
    ...radiation.lines.map(
      (line, i) =>
        `${i + 1} ${line.wavelengthAngstrom} ${Number((line.weight / strongest).toPrecision(12))}`,
    ),
  );
  return lines;
}

function textOf(value: MetadataValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  return typeof value === "object" ? value.join("\n") : String(value);
}

function cifMetadata(scan: Scan): string[] {
  const { metadata } = scan;
  const known: readonly (readonly [string, string])[] = [
    ["_chemical_name_common", "sample"],
    ["_pd_meas_info_author_name", "operator"],
    ["_pd_meas_datetime_initiated", "startedAt"],
    ["_diffrn_measurement_device_type", "instrument"],
    ["_diffrn_detector", "detector"],
    ["_diffrn_radiation_monochromator", "monochromator"],
    ["_diffrn_source_target", "anode"],
    ["_diffrn_source_voltage", "tubeVoltageKv"],
    ["_diffrn_source_current", "tubeCurrentMa"],
    ["_diffrn_ambient_temperature", "temperatureKelvin"],
    ["_pd_meas_special_details", "comment"],
  ];
  const lines = known.flatMap(([tag, key]) => cifItem(tag, textOf(metadata[key])));
  const names = new Set(known.map(([, key]) => key));
  const others = Object.entries(metadata).filter(([key]) => !names.has(key));
  const details = [
    ...others.map(([key, value]) => `${key}: ${oneLine(value)}`),
    ...scan.history.map(({ step, parameters }) => `${step} ${JSON.stringify(parameters)}`),
  ];
  if (details.length > 0)
    lines.push(
      `_pd_proc_info_special_details\n;${details.join("\n").replaceAll("\n;", "\n ;")}\n;`,
    );
  return lines;
}

const POSITION_TAGS = {
  twoTheta: "_pd_meas_2theta_scan",
  tof: "_pd_meas_time_of_flight",
  d: "_pd_proc_d_spacing",
  q: "_pd_proc_d_spacing",
} as const;

function cifRange(scan: Scan, given: ScanRange): string[] {
  // pdCIF has no Q: d says the same.
  const range = given.axis.kind === "q" ? rangeOnAxis(given, "d") : given;
  const corrected = scan.history.some(({ step }) => step === "instrument" || step === "wavelength");
  const position =
    corrected && range.axis.kind === "twoTheta"
      ? "_pd_proc_2theta_corrected"
      : POSITION_TAGS[range.axis.kind];
  const raw = scan.history.every(({ step }) => step === "radiation");
  const counts =
    raw &&
    scan.intensityUnit === "counts" &&
    range.esd === undefined &&
    range.attenuation === undefined &&
    range.intensity.every((value) => Number.isInteger(value));
  const intensity = counts
    ? "_pd_meas_counts_total"
    : raw
      ? "_pd_meas_intensity_total"
      : "_pd_proc_intensity_total";
  const { values } = range.axis;
  const time = range.countTimeSeconds;
  const monitor = range.monitor;
  const lines = [
    ...cifItem("_pd_meas_number_of_points", values.length),
    ...(range.axis.kind === "twoTheta"
      ? [
          ...cifItem("_pd_meas_2theta_range_min", values[0]),
          ...cifItem("_pd_meas_2theta_range_max", values.at(-1)),
        ]
      : []),
    ...cifItem("_pd_meas_step_count_time", typeof time === "number" ? time : undefined),
    "loop_",
    position,
    intensity,
    ...(monitor === undefined ? [] : ["_pd_meas_counts_monitor"]),
  ];
  for (let i = 0; i < values.length; i++) {
    const esd = range.esd?.[i];
    const value = range.intensity[i]!;
    const shown = esd !== undefined && esd > 0 ? formatCifNumber(value, esd) : String(value);
    lines.push(`${values[i]} ${shown}${monitor === undefined ? "" : ` ${monitor[i]}`}`);
  }
  return lines;
}

function writePdCif(scan: Scan): string {
  if (scan.ranges.length === 0) throw new EwaldError("scan/empty", "a scan without ranges");
  // The file's own name: its folders are nobody's business in a file that is passed on.
  const file = fileNameOf(scan.source.name ?? "scan");
  const stem = file
    .replace(/\.[^.]*$/, "")
    .replaceAll(/[^\w-]+/g, "_")
    .slice(0, 50);
  const blocks = scan.ranges.map((range, r) => {
    const name = scan.ranges.length > 1 ? `${stem}_range_${r + 1}` : stem;
    return [
      `data_${name}`,
      ...cifItem("_audit_creation_method", "Ewald, pdCIF"),
      ...cifMetadata(scan),
      ...cifRadiation(scan),
      ...cifRange(scan, range),
    ].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}
