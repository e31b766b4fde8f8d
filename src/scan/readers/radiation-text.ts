/**
 * Radiation in lines of free text: titles, comments, headers of exported tables. A wavelength or a
 * photon energy is a statement; an anode alone stands for its tabulated doublet.
 */
import { parseRadiation, type Radiation, type RadiationKind } from "../../radiation/radiation.ts";
import { anodeRadiation, anodeSymbol, statedRadiation, statedWavelength } from "./radiation.ts";

const UNIT_IN_ANGSTROM: readonly (readonly [RegExp, number])[] = [
  [/(?<![a-z])nm(?![a-z])/i, 10],
  [/(?<![a-z])pm(?![a-z])/i, 0.01],
  [/^\s*m(?![a-z])|[([]\s*m\s*[)\]]/i, 1e10],
  [/(?<!\p{L})(?:å|a|ang|ångström|angstroms?)(?!\p{L})/iu, 1],
];

function unitOf(text: string | undefined): number | undefined {
  return UNIT_IN_ANGSTROM.find(([unit]) => unit.test(text ?? ""))?.[1];
}

const NUMBER = String.raw`(\d*[.,]?\d+(?:e[+-]?\d+)?)(?![\d.]*\d)`;
/** Name, number of the line ("wavelength 1"), words and unit between, separator, number, what follows. */
const WAVELENGTH = new RegExp(
  String.raw`(\p{L}[\w\p{L}-]*[\s_-]+)?(?<!\p{L})(?:wave[\s_-]*length|lambda|λ)s?(?:[\s_]?([12])(?=\s*(?:[([][^)\]]*[)\]])?\s*[=:]))?([^\d\n=:]{0,24}?)([=:;,\s])\s*${NUMBER}\s*([\p{L}]*)`,
  "iu",
);
const ENERGY = new RegExp(
  String.raw`(\p{L}[\w\p{L}-]*[\s_-]+)?(?<!\p{L})energy([^\d\n=:]{0,12}?)([=:;,\s])\s*${NUMBER}\s*([\p{L}]*)`,
  "iu",
);
/** Not the radiation itself: "Energy resolution", "Lambda 2 detector", "K-Alpha2 wavelength". */
const BESIDE =
  /resol|dispers|spread|width|error|uncert|esd|detector|threshold|cut|gap|loss|filter|range|K[\s_-]*(?:(?:alpha|α|a)[\s_-]*2|β|b)/iu;

/** The radiation that lines of free text state: a wavelength or an energy in any of them, else an anode. */
export function radiationInText(lines: readonly string[]): Radiation | null {
  return wavelengthInText(lines) ?? anodeInText(lines);
}

/** The tabulated lines of the first anode that is named. */
export function anodeInText(lines: readonly string[]): Radiation | null {
  for (const line of lines) {
    const radiation = anodeInLine(line);
    if (radiation !== null) return radiation;
  }
  return null;
}

/** The first wavelength or photon energy that stands in the lines; "wavelength 1" and "wavelength 2" are a doublet. */
export function wavelengthInText(lines: readonly string[]): Radiation | null {
  const found = lines.flatMap((line) => wavelengthInLine(line) ?? []);
  const usable = found.filter((one) => statedWavelength(one.wavelengthAngstrom) !== null);
  const first = usable.find(({ line }) => line !== 2);
  if (first === undefined) return null;
  const second = usable.find(({ line }) => line === 2);
  return first.line === 1 && second !== undefined
    ? statedRadiation({ alpha1: first.wavelengthAngstrom, alpha2: second.wavelengthAngstrom })
    : statedWavelength(first.wavelengthAngstrom, first.kind);
}

interface WavelengthInLine {
  readonly wavelengthAngstrom: number;
  readonly kind: RadiationKind;
  /** "wavelength 1", "lambda 2": of which line of a doublet. */
  readonly line: number | undefined;
}

function decimal(text: string): number {
  return Number(text.replace(",", "."));
}

/** `Wavelength: 1.5406`, `lambda = 0.8257 A`, `wavelength (nm) 0.15406`, `# wavelength 1.0e-10 m`. */
function wavelengthInLine(line: string): WavelengthInLine | undefined {
  const match = WAVELENGTH.exec(line);
  if (match === null) return energyInLine(line);
  const [, before = "", index, between = "", separator, digits = "", after = ""] = match;
  const unit = unitOf(after) ?? unitOf(between);
  // A bare number behind a blank may be anything: "Lambda 2".
  const isNumber = /[=:;,]/.test(separator!) || unit !== undefined || /[.,]/.test(digits);
  if (!isNumber || BESIDE.test(before) || BESIDE.test(between)) return undefined;
  return {
    wavelengthAngstrom: Number((decimal(digits) * (unit ?? 1)).toPrecision(12)),
    kind: /neutron/i.test(line) ? "neutron" : "xray",
    line: index === undefined ? undefined : Number(index),
  };
}

/** `energy: 60 keV`, `Energy (keV) 12.4`. */
function energyInLine(line: string): WavelengthInLine | undefined {
  const match = ENERGY.exec(line);
  if (match === null) return undefined;
  const [, before = "", between = "", , digits = "", after = ""] = match;
  if (!/^keV$/i.test(after) && !/keV/i.test(between)) return undefined;
  if (BESIDE.test(before) || BESIDE.test(between)) return undefined;
  // hc = 12.398419843 keV Å (exact, SI 2019).
  return { wavelengthAngstrom: 12.398419843 / decimal(digits), kind: "xray", line: undefined };
}

const ANODE = "(Cu|Co|Mo|Fe|Cr|Ag)(?!\\p{L}*[b-jl-z])";
const SERIES = String.raw`(K[\s-]*(?:alpha|α|a)?[\s-]*(?:1\s*[+,/]\s*(?:(?:Cu|Co|Mo|Fe|Cr|Ag)?[\s-]*K?(?:alpha|α|a))?\s*2|[12]{1,2})?)?`;
const ANODE_IN_FRONT = new RegExp(
  String.raw`(?<!\p{L})${ANODE}[\s-]*${SERIES}[\s-]+(?:radiation|anode|x-?rays?)(?!\p{L})`,
  "iu",
);
const ANODE_BEHIND = new RegExp(
  String.raw`(?:anode|target|radiation|x-?ray|wavelength)[^\p{L},;\n]{0,6}(?:material|source)?[,;]?[\s:="']{1,6}${ANODE}[\s-]*${SERIES}`,
  "iu",
);

/** `radiation: CuKa`, `Anode = Cu`, `Co radiation, Fe filter`. */
function anodeInLine(line: string): Radiation | null {
  const anode = ANODE_IN_FRONT.exec(line) ?? ANODE_BEHIND.exec(line);
  if (anode === null) return null;
  const symbol = anodeSymbol(anode[1]);
  const series = (anode[2] ?? "").replaceAll(/[\s-]/g, "");
  if (/1.*2$/.test(series)) return anodeRadiation(symbol);
  if (/[12]$/.test(series)) return parseRadiation(`${symbol}Ka${series.at(-1)}`);
  return /a|α/i.test(series) ? parseRadiation(`${symbol}Ka`) : anodeRadiation(symbol);
}
