/** The meaning of a column's heading beside the axis: an intensity, its uncertainty, a monitor, something else. */
import type { IntensityUnit } from "../../scan.ts";
import { axisNamed, plainName } from "./axis-name.ts";
import { parseUnit } from "./axis-unit.ts";

const OTHER_UNIT =
  /^(?:k?ev|k|°?c|counts?|cts|cps|(?:counts?|cts)\s*(?:\/\s*s\w*|s\s*\^?-1)|a\.?\s?u\.?|arb\w*\.?(?:\s*u\w*\.?)?|rel\.?|%|-|)$/u;

/** Whether a row under the names holds their units and nothing else. */
export function isUnitRow(cells: readonly string[]): boolean {
  const plain = cells.map((cell) => plainName(cell).replace(/^[([{<]\s*(.*?)\s*[)\]}>]$/, "$1"));
  return (
    plain.some((cell) => cell !== "") &&
    plain.every((cell) => OTHER_UNIT.test(cell) || parseUnit(cell) !== undefined)
  );
}

/** Whether a word alone is a unit, in brackets or not: it belongs to the word before it. */
export function isUnitWord(word: string): boolean {
  return (
    /^[([{<]/.test(word) ||
    (isUnitRow([word]) && !/^(?:(?:counts?|cts|cps)\b.*|a|m|-)$/i.test(word))
  );
}

/** Words of a sentence, not of a heading: "q phase" says nothing of columns. */
export const PROSE = /^(?:phase|data\w*|range|scan|space|plot|values?)$/i;

/** Row numbers and the like, which are no data: pandas and R write them without a name. */
const INDEX =
  /^(?:|#|(?:row|point|data|step)?[\s_-]*(?:no|nr|n°|num(?:ber)?|index|idx|id)\.?|unnamed: ?\d+|points?|steps?|n|rows?|序号|编号|番号|номер|lfd\.?\s?nr\.?)$/u;

export function isIndexName(name: string): boolean {
  return INDEX.test(plainName(name));
}

/** Columns that tell patterns apart. */
export const LABEL =
  /^(?:sample|specimen|probe|pattern|scan|measurement|messung|id|file|run|样品|試料|échantillon)(?![a-z])/i;

/** Headings that sound like an intensity and are none: "Point", "Count time [s]", "Background intensity". */
const NOT_MEASURED = /calc|bkg|bckg|backg|diff(?!r)|resid|untergrund|背景|バックグラウンド|фон/i;
const NOT_INTENSITY =
  /time|point|^no\.?$|index|number|temp|(?:^|[\s_])(?:zeit|temps)(?:$|[\s_([])|sample|probe|specimen|pattern|phase|^h$|^k$|^l$|^hkl/i;
const WORD =
  "(?:intensit(?:y|ies|ät(?:en)?|é|à|a)|intensidad|int\\.?|i|counts?|cts|cps|y|signal|zählrate|zählungen|zählereignisse|impulse|imp\\.?|ereignisse|coups|cuentas|conteggi|强度|強度|计数|計数|カウント(?:数)?|强度值|интенсивность|имп\\.?|세기|강도)";
const PLAIN_INTENSITY = new RegExp(
  String.raw`^(?:(?:raw|measured|obs\w*|net|diffracted|total)[\s_-]+)?${WORD}(?:[\s_-]*(?:obs\w*|meas\w*|raw))?(?:\s*[([/,_].*)?$`,
  "iu",
);
const INTENSITY = new RegExp(
  String.raw`int(?!er(?!i))|count|cps|^i$|^i\b|^y(?:_?obs)?$|^y\b|obs|signal|det|^${WORD}`,
  "iu",
);

/** A scale on which peaks have another height: it cannot be read as intensity. */
const TRANSFORMED =
  /(?:^|[^a-z])(?:log|ln|lg)(?:_?\d+)?(?:[\s(_[]|$)|sqrt|√|square root|wurzel|d[bB]$/u;

export function isTransformed(name: string): boolean {
  return TRANSFORMED.test(plainName(name));
}

export function isIntensityName(name: string): boolean {
  return INTENSITY.test(name.normalize("NFKC")) && !NOT_INTENSITY.test(name);
}

export function isMeasured(name: string): boolean {
  return !NOT_MEASURED.test(name);
}

/** Which column is the intensity, the plainest name first; -1 where none can be. */
export function intensityColumn(
  names: readonly string[],
  isFree: (name: string, i: number) => boolean,
  axis: number,
): number {
  const usable = (name: string, i: number): boolean => isFree(name, i) && !NOT_INTENSITY.test(name);
  const measured = (name: string, i: number): boolean =>
    usable(name, i) && isMeasured(name) && !isTransformed(name);
  const plain = names.map((name) => name.normalize("NFKC").trim());
  const wanted = [
    (name: string, i: number): boolean => measured(name, i) && PLAIN_INTENSITY.test(plain[i]!),
    (name: string, i: number): boolean => measured(name, i) && INTENSITY.test(plain[i]!),
    (name: string, i: number): boolean => measured(name, i) && i > axis,
    (name: string, i: number): boolean => usable(name, i) && i > axis,
    // The intensity may stand before its axis.
    (name: string, i: number): boolean => measured(name, i) && i < axis && !isIndexName(name),
  ];
  return wanted.map((test) => names.findIndex(test)).find((at) => at >= 0) ?? -1;
}

/** The kind of numbers in a column of uncertainties, by the way to the standard uncertainty. */
export type EsdKind = "esd" | "twice" | "variance" | "weight";

const ESD =
  /esd|sigma|σ|(?:^|[^a-z])(?:err(?:ors?)?|std|unc(?:ert\w*)?|stdev|stddev)(?![a-z])|error|uncert|fehler|unsicherheit|erreur|incertitude|误差|誤差|不确定度|погрешность|(?:std|standard)[\s._-]*(?:dev|err|unc|abw)|^e$|^s\.?d\.?$|^s\.?e\.?$|^dy$|^d?i_?err|^d_?i$|^±|^\+\/-|^δ\s?[iy]/u;
const RELATIVE = /rel|%|percent|prozent/;
/** Headings of uncertainties of the axis, not of the intensity. */
const OF_AXIS =
  /θ|theta|tth|2th|(?:^|[^a-z])[dσδ]?[qd](?:[\s_]|$)|^(?:e|d|err|sigma|s|δ)[\s_(]*[xqd]\)?$|axis|angle|position|fwhm/u;

export function esdKindOf(name: string): EsdKind | undefined {
  const plain = plainName(name);
  if (
    /^w(?:eights?)?$|gewicht/.test(plain) ||
    /^1\s*\/\s*(?:σ|sigma|esd|err\w*)\s*(?:\^|\*\*)?\s*2$/.test(plain)
  ) {
    return plain.startsWith("1") ? "weight" : undefined;
  }
  if (/^var(?:iance)?(?![a-z])|varianz/.test(plain)) return "variance";
  if (!ESD.test(plain) || RELATIVE.test(plain) || OF_AXIS.test(plain)) return undefined;
  if (
    /(?:σ|sigma|esd|err(?:or)?|std|unc|s\.?d\.?)\s*\)?\s*(?:\^|\*\*)?\s*2\)?(?![\d.])|squared/.test(
      plain,
    )
  ) {
    return "variance";
  }
  return /^2\s*\*?\s*(?:σ|sigma|esd|s\.?d\.?|std)/.test(plain) ? "twice" : "esd";
}

/** Standard uncertainties of what such a column holds. */
export function esdFrom(values: Float64Array, kind: EsdKind): Float64Array {
  if (kind === "twice") return values.map((value) => value / 2);
  if (kind === "variance") return values.map((value) => (value < 0 ? value : Math.sqrt(value)));
  return kind === "weight"
    ? values.map((value) => (value > 0 ? 1 / Math.sqrt(value) : -1))
    : values;
}

/** Anything that speaks of an uncertainty, also of a relative one or one of the axis. */
export function isUncertainty(name: string): boolean {
  const plain = plainName(name);
  return ESD.test(plain) || /^(?:w|weights?|var(?:iance)?)$/.test(plain);
}

export const MONITOR = /(?:^|[^a-z])mon(?:itor)?(?![a-z])|izero|^i_?0$|monitor/i;

export function unitOf(name: string): IntensityUnit {
  const plain = plainName(name);
  // Thousands of counts, counts a minute: no unit of ours.
  if (
    /k(?:ilo)?[\s-]?(?:counts?|cts|cps)|m(?:ega)?(?:counts?|cts|cps)\b|cpm|\/\s*(?:min|h)|per (?:min|h)|norm|10\^|10\*\*|[×x]\s?10/.test(
      plain,
    )
  ) {
    return "unknown";
  }
  if (
    /cps|per s|(?:counts?|cts|c|imp\w*\.?|coups|计数|計数)\s*(?:\/\s*s|s\s*\^?-1|\s?\/\s?秒)|\/sec|zählrate|计数率|計数率/.test(
      plain,
    )
  ) {
    return "counts/s";
  }
  return /count|^cts|\(cts|\[cts|impulse|zählungen|zählereignisse|coups|计数|計数|カウント/.test(
    plain,
  )
    ? "counts"
    : "unknown";
}

/** Whether a name is that of an axis, of any quantity that one may read from. */
export function isAxisName(name: string): boolean {
  const axis = axisNamed(name);
  return axis !== undefined && !("refused" in axis);
}
