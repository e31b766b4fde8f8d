/** A scan for people who read a terminal: a few lines. */
import { warningLines } from "../../report/warning-lines.ts";
import { AXES, short } from "./axes.ts";
import type { ReadScanRecord } from "./record.ts";

/** Metadata in words and in this order, with the unit of a number. Keys that are not here are the file's own and come last. */
const METADATA: Readonly<Record<string, readonly [label: string, unit?: string]>> = {
  sample: ["sample"],
  sampleName: ["sample name"],
  title: ["title"],
  operator: ["operator"],
  site: ["site"],
  startedAt: ["started"],
  endedAt: ["ended"],
  instrument: ["instrument"],
  instrumentFile: ["instrument file"],
  program: ["program"],
  anode: ["anode"],
  tubeVoltageKv: ["tube voltage", "kV"],
  tubeCurrentMa: ["tube current", "mA"],
  goniometerRadiusMm: ["goniometer radius", "mm"],
  monochromator: ["monochromator"],
  monochromatorTwoThetaDeg: ["monochromator 2θ", "°"],
  filter: ["filter"],
  detector: ["detector"],
  temperatureKelvin: ["temperature", "K"],
  scanAxis: ["scan axis"],
  scanMode: ["scan mode"],
  scanSpeed: ["scan speed"],
  status: ["status"],
  comment: ["comment"],
  memo: ["memo"],
};

/** Characters of one value that are shown; JSON holds all. */
const LONGEST_VALUE = 100;

type Line = readonly [label: string, text: string];

export function scanText(record: ReadScanRecord): string {
  const lines: readonly Line[] = [
    [
      "scan",
      `${record.format}, intensity in ${record.intensityUnit === "unknown" ? "units that the file does not name" : record.intensityUnit}`,
    ],
    ["radiation", radiationText(record)],
    ...record.ranges.map((range): Line => ["range", rangeText(range)]),
    ...metadataLines(record.metadata),
    ...record.history.map(({ step, parameters }): Line => [
      "processed",
      `${step} ${JSON.stringify(parameters)}`,
    ]),
  ];
  const width = Math.max(...lines.map(([label]) => label.length));
  return [
    record.input,
    ...lines.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
    ...warningLines(record.warnings),
  ].join("\n");
}

function rangeText(range: ReadScanRecord["ranges"][number]): string {
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
  return `${values.length} points, ${name} ${short(first)} to ${short(last)} ${unit}, step ${short(step)}, highest ${short(highest)}${extras.map((extra) => `, ${extra}`).join("")}`;
}

function metadataLines(metadata: ReadScanRecord["metadata"]): readonly Line[] {
  const { scanSpeedUnit, ...shown } = metadata;
  const order = Object.keys(METADATA);
  const rank = (key: string): number => (key in METADATA ? order.indexOf(key) : order.length);
  const entries = Object.entries(shown).toSorted(([a], [b]) => rank(a) - rank(b));
  return entries.map(([key, value]) => {
    const [label, ownUnit] = METADATA[key] ?? [key];
    const unit = key === "scanSpeed" ? scanSpeedUnit : ownUnit;
    const text = (typeof value === "object" ? value.join("; ") : String(value)).replaceAll(
      /\s+/g,
      " ",
    );
    const shownText = text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
    return [
      label,
      unit === undefined ? shownText : `${shownText}${unit === "°" ? "" : " "}${unit}`,
    ];
  });
}

function radiationText({ radiation, wavelengthAngstrom }: ReadScanRecord): string {
  if (radiation === null || wavelengthAngstrom === null) {
    return "not stated by the file (give --wavelength CuKa12 or the like)";
  }
  const kind = { xray: "X-rays", neutron: "neutrons", electron: "electrons" }[radiation.kind];
  const lines = radiation.lines.map((line) => line.wavelengthAngstrom).join(", ");
  return `${kind}${radiation.name === undefined ? "" : `, ${radiation.name}`}, λ = ${lines} Å`;
}
