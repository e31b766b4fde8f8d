/** What the heading of a column means: an axis and its unit, an intensity, something else. */
import type { AxisKind } from "../../radiation/index.ts";
import type { IntensityUnit } from "../scan.ts";

const LENGTH = String.raw`(?:å|a|ang\w*\.?|ångstr(?:ö|o)ms?|nm|pm)`;
const INVERSE = String.raw`(?:1\s*\/\s*${LENGTH}|${LENGTH}\s*\^?\s*[{(]?\s*(?:[-−–]\s*1|⁻¹)\s*[)}]?|inv\w*[\s_.]*${LENGTH})`;
/** A unit behind a name: in brackets, or after a blank, `_`, `/`, `,` or "in". */
const behind = (unit: string): string =>
  String.raw`(?:\s*[([{]|(?:[\s_/,]+(?:in\s+)?)[([{]?)\s*${unit}\s*[)\]}]?`;

const TWO_THETA =
  /^(?:[°([]*2[\s_-]?th|2\s*[θϑΘ]|two[\s_-]?theta|t?tth(?![a-z])|(?:scan\s)?angle|pos(?:ition|\.)?(?:\s|$|\W)|deg(?:rees?)?\b)/iu;
const RADIANS = /[\s_/,([]rad(?:ians?)?[)\]]?$/i;
const Q_AXIS = new RegExp(
  String.raw`^(?:(?:scattering|wave|momentum)[\s_-]*(?:vector|transfer)[\s_,]*(?:q\b)?|q(?:[\s_-]*val\w*|[\s_-]*vector)?)(?:${behind(INVERSE)}|\s*[([].*|[\s_/]${LENGTH})?$`,
  "iu",
);
const D_SPACING = new RegExp(
  String.raw`^d(?:[\s_-]*spac.*|[\s_-]*val.*|${behind(LENGTH)}|å)?$`,
  "iu",
);
const TOF = /^(?:tof(?![a-z])|time[\s_-]of[\s_-]flight)/i;

export function axisKindOf(name: string): AxisKind | undefined {
  if (TWO_THETA.test(name)) return "twoTheta";
  if (Q_AXIS.test(name)) return "q";
  if (TOF.test(name)) return "tof";
  return D_SPACING.test(name) ? "d" : undefined;
}

const NANOMETRES = /(?<![a-z])nm(?![a-z])|invnm/i;
const PICOMETRES = /(?<![a-z])pm(?![a-z])/i;

/** To degrees, Å, 1/Å or µs. */
export function axisScaleOf(kind: AxisKind, name: string): number {
  if (kind === "twoTheta") return RADIANS.test(name) ? 180 / Math.PI : 1;
  if (kind === "tof") return /ms|milli/i.test(name) ? 1000 : 1;
  const angstrom = NANOMETRES.test(name) ? 10 : PICOMETRES.test(name) ? 0.01 : 1;
  return kind === "d" ? angstrom : 1 / angstrom;
}

/** Quantities that a first column may hold and that are no diffraction axis; coupled 2θ scans excepted. */
const OTHER_AXIS =
  /^(?:(?:theta|th|omega|om|chi|phi|psi|[θϑωχφψ]|energy|kinetic|binding|e|temp\w*|time|duration|r|radius|channel|pixel|wave(?:length|number)|raman\w*|frequency|voltage|current|depth|distance)(?![a-z])(?!.*2[\s_-]?(?:th|[θϑ])))/iu;

export function isOtherAxis(name: string): boolean {
  return OTHER_AXIS.test(name) && axisKindOf(name) === undefined;
}

const UNIT = new RegExp(
  String.raw`^[([{]?(?:${INVERSE}|${LENGTH}|°|deg\w*\.?|rad(?:ians?)?|µs|us|ms|s|sec\w*|k?eV|K|°?C|mm|counts?|cts|cps|(?:counts?|cts)\s*\/\s*s\w*|a\.?\s?u\.?|arb\w*\.?(?:\s*u\w*\.?)?|[-–])?[)\]}]?$`,
  "iu",
);

/** Whether a row under the names holds their units and nothing else. */
export function isUnitRow(cells: readonly string[]): boolean {
  return cells.every((cell) => UNIT.test(cell)) && cells.some((cell) => cell !== "");
}

/** Words of a sentence, not of a heading: "q phase" says nothing of columns. */
export const PROSE = /^(?:phase|data\w*|range|scan|space|plot|values?)$/i;

/** What is beside an intensity and sounds like one: "Point", "Count time [s]", "Background intensity". */
const NOT_MEASURED = /calc|bkg|bckg|backg|diff|resid/i;
const NOT_INTENSITY = /time|point|^no\.?$|index|number|temp/i;
const PLAIN_INTENSITY =
  /^(?:(?:raw|measured|obs\w*)[\s_-]+)?(?:intensit(?:y|ies)|int\.?|i|counts?|cts|cps|y)(?:[\s_-]?obs\w*)?(?:\s*[([/].*)?$/i;

/** Which column is the intensity, the plainest name first; -1 where none can be. */
export function intensityColumn(
  names: readonly string[],
  isFree: (name: string, i: number) => boolean,
  axis: number,
): number {
  const usable = (name: string, i: number): boolean => isFree(name, i) && !NOT_INTENSITY.test(name);
  const measured = (name: string, i: number): boolean =>
    usable(name, i) && !NOT_MEASURED.test(name);
  const wanted = [
    (name: string, i: number): boolean => measured(name, i) && PLAIN_INTENSITY.test(name),
    (name: string, i: number): boolean => measured(name, i) && INTENSITY.test(name),
    (name: string, i: number): boolean => measured(name, i) && i > axis,
    (name: string, i: number): boolean => usable(name, i) && i > axis,
  ];
  return wanted.map((test) => names.findIndex(test)).find((at) => at >= 0) ?? -1;
}

export const INTENSITY = /int|count|cps|^i$|^i\b|^y(?:_?obs)?$|^y\b|obs|signal|det/i;
export const ESD = /esd|sigma|err|std|unc|^e$|^s\.?d\.?$|^dy$|^d?i_?err/i;
export const MONITOR = /mon|izero|^i_?0$/i;

export function unitOf(name: string): IntensityUnit {
  if (/cps|per s|counts? ?\/ ?s|\/sec/i.test(name)) return "counts/s";
  return /count/i.test(name) ? "counts" : "unknown";
}
