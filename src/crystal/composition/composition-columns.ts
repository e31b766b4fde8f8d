/**
 * Which column of an EDS table is what, from its headings. Known programs: Bruker Esprit ("unn. C [wt.%]",
 * "Error (1 Sigma) [wt.%]", Hitachi's "[norm. wt.%]"), Oxford INCA and AZtec ("Wt%", "Wt% Sigma", "Atomic %"), EDAX Genesis,
 * TEAM and APEX ("Weight %", "MDL", "Error %"), JEOL ("Mass%", "Sigma", "Mol%"), Thermo NSS ("Weight % Error"), Phenom
 * ("Atomic Conc.", "Stoich. Conc."); tables of means ("Mean wt%", "SD", "Min", "Max").
 */
import { EwaldError } from "../../errors.ts";
import type { CompositionUnit } from "./composition-measured.ts";
import { unitsIn } from "./composition-notation.ts";

export type TableUnit = Exclude<CompositionUnit, "formula">;

export interface CompositionTableOptions {
  /** Unit of the values where neither heading nor caption names it. */
  readonly unit?: TableUnit;
  /** The kind of error in a column headed "Error" and no more: in the unit of the values, or % of the value. */
  readonly errorIs?: "absolute" | "relative";
}

interface ValueColumn {
  readonly index: number;
  readonly unit: TableUnit;
  /** 100 where the column holds fractions of 1. */
  readonly scale: 1 | 100;
}

interface ErrorColumn {
  readonly index: number;
  readonly isRelative: boolean;
  /** The column states so many standard uncertainties. */
  readonly sigmas: number;
  readonly scale: 1 | 100;
}

export interface CompositionColumns {
  readonly element: number;
  readonly value: ValueColumn;
  readonly error: ErrorColumn | undefined;
  /** A column in the other unit, to compare with. */
  readonly check: ValueColumn | undefined;
  /** Which spectrum a row is of, in tables that list several one below the other. */
  readonly spectrum: number | undefined;
}

/** Best first: an element's own amounts are taken before those of its oxide. */
const ELEMENT_HEADINGS = [
  /^(?:element|chem(?:ical)?) symbol$/i,
  /^(?:element|elem|el|elt|elmt|symbol|species|component|constituent|element[ /]line|element & line)\.?$/i,
  /^(?:oxide|oxides|compound|compounds|compd|compnd|cmpd|formula|oxide symbol|oxide formula|mineral)\.?$/i,
  /^(?:element )?name$/i,
];
const OXIDE_HEADING = ELEMENT_HEADINGS[2]!;
const ERROR =
  /sigma|σ|error|\berr\b|std|st\.? ?dev|s\.? ?d\.?(?![a-z])|deviation|uncertaint|\besd\b|±|\+\/-|\br?sd\b|%rsd|\bse\b|\bc\.?i\.?\b|\bcv\b/i;
/** Not of the composition: what else programs list beside it. */
const OTHER =
  /\bk[\s-]?ratio|apparent|\bint(?:ensity)?\b|\bnet\b|counts?|\bcps\b|certainty|confidence(?! interval)|fit|keV|energy/i;
const LIMIT = /\bm?dl\b|\blod\b|detection/i;
const EXTREME = /\b(?:min|max|minimum|maximum|median|range)\b/i;
const MEAN = /\b(?:mean|average|avg|ave|mittelwert|moyenne)\b|^x̄$/i;
const CONCENTRATION =
  /^%$|conc|percent|^(?:un)?n(?:orm)?\.? ?c\b|\bc \[|^amount$|^content$|^value$/i;
const WEIGHT = /(?<![a-z])(?:wt|weight|mass|ms|w)(?![a-z])/i;
const ATOMIC = /(?<![a-z])(?:at|atom|atomic|a)(?![a-z])/i;
const MOLAR = /(?<![a-z])(?:mol|mole|molar)(?![a-z])/i;
const FRACTION = /\bfrac(?:tion|\.)?(?![a-z])/i;
const NORMALISED = /(?<!un-?\s?)norm|stoich/i;
/** Headings of columns of oxides, beside a column of elements. */
const OF_OXIDES = /oxide|comp(?:oun|n)?d|stoich/i;
const SPECTRUM =
  /^(?:spectrum|spectra|spot|point|analysis|sample|label|site|area|measurement)(?: (?:label|name|no\.?|number|id))?\.?$/i;
/** Headings that only EDAX programs write; their "Error %" is relative (TEAM user's guide). */
const EDAX = /^(?:net int\.?.*|k-?ratio|z|a|f|r)$/i;

function isElementHeading(heading: string): boolean {
  return ELEMENT_HEADINGS.some((pattern) => pattern.test(heading.trim()));
}

/** `at%`, "Atomic Conc.", "Weight fraction"; "Atom. C [at.%]" names atoms only; "At. No." has no amount. */
export function unitOf(heading: string): TableUnit | undefined {
  const isAmount =
    /%|\uff05|percent|pct/i.test(heading) || /conc|\bfrac/i.test(heading) || MEAN.test(heading);
  if (!isAmount) return undefined;
  const found = [
    ...(WEIGHT.test(heading) ? ["wt%" as const] : []),
    ...(ATOMIC.test(heading.replace(/\ba(?=\.? ?no)/i, "")) ? ["at%" as const] : []),
    ...(MOLAR.test(heading) ? ["mol%" as const] : []),
  ];
  return found.length === 1 ? found[0] : undefined;
}

function isError(heading: string): boolean {
  return ERROR.test(heading) && !LIMIT.test(heading);
}

/** A column of amounts, said to be in a unit or not. */
function isValue(heading: string): boolean {
  const text = heading.trim();
  if (isElementHeading(text) || isError(text) || EXTREME.test(text) || LIMIT.test(text))
    return false;
  if (unitOf(text) !== undefined) return true;
  return !OTHER.test(text) && (CONCENTRATION.test(text) || MEAN.test(text));
}

/** Whether a row can be the head of a table: an element column and something measured. */
export function isHead(headings: readonly string[]): boolean {
  return headings.some(isElementHeading) && headings.some(isValue);
}

/**
 * @param caption unit that the lines around the table name
 * @throws EwaldError with the line: `composition/no-unit`, `composition/several` for columns none of which is the one,
 * `composition/table-error` for an error column of unknown meaning
 */
export function findColumns(
  headings: readonly string[],
  line: number,
  options: CompositionTableOptions,
  caption: TableUnit | undefined,
): CompositionColumns {
  const values = valueColumns(headings, line, options.unit ?? caption);
  const errors = headings.flatMap((heading, index) =>
    isError(heading) ? [{ heading, index }] : [],
  );
  const relative = errors.find(({ heading }) => /\brel|rsd|\bcv\b/i.test(heading));
  const chosen =
    relative ?? errors.find(({ heading }) => !/\bse\b|std\.? err/i.test(heading)) ?? errors[0];
  const spectrum = headings.findIndex((heading) => SPECTRUM.test(heading.trim()));
  const place = { spectrum: spectrum < 0 ? undefined : spectrum };
  const withValue = (unit: TableUnit) => {
    const value = preferred(values, headings, unit, line);
    return {
      ...place,
      element: elementColumn(headings, value),
      value,
      check: otherUnit(values, value, headings),
    };
  };
  if (chosen === undefined) {
    const first = (["wt%", "at%", "mol%"] as const).find((unit) =>
      values.some((one) => one.unit === unit),
    )!;
    return { ...withValue(first), error: undefined };
  }
  const { unit, isRelative } = meaning(chosen, headings, values, line, options);
  const columns = withValue(unit);
  const { index, heading } = { index: chosen.index, heading: chosen.heading };
  const scale =
    isRelative || (unitOf(heading) !== undefined && !FRACTION.test(heading))
      ? 1
      : columns.value.scale;
  return { ...columns, error: { index, isRelative, sigmas: sigmasOf(heading), scale } };
}

/** "2 Sigma", "3σ", "2 SD", "95 % CI" → how many standard uncertainties. */
function sigmasOf(heading: string): number {
  const stated = /(\d(?:\.\d+)?)\s*-?\s*\*?(?:sigma|σ|s\.?d\b)/i.exec(heading)?.[1];
  if (stated !== undefined) return Number(stated);
  return /95\s*%/.test(heading) ? 1.96 : 1;
}

/** The amounts of oxides are theirs, even where their element is named, too. */
function elementColumn(headings: readonly string[], value: ValueColumn): number {
  const find = (pattern: RegExp): number =>
    headings.findIndex((heading) => pattern.test(heading.trim()));
  const oxide = find(OXIDE_HEADING);
  const isOfOxides = OF_OXIDES.test(headings[value.index]!) || value.unit === "mol%";
  if (isOfOxides && oxide >= 0) return oxide;
  return ELEMENT_HEADINGS.map(find).find((index) => index >= 0)!;
}

function valueColumns(
  headings: readonly string[],
  line: number,
  stated: TableUnit | undefined,
): ValueColumn[] {
  const measured = headings.flatMap((heading, index) =>
    isValue(heading) ? [{ heading: heading.trim(), index }] : [],
  );
  const column = (heading: string, index: number, unit: TableUnit): ValueColumn => ({
    index,
    unit,
    scale: FRACTION.test(heading) && !heading.includes("%") ? 100 : 1,
  });
  const named = measured.flatMap(({ heading, index }) => {
    const unit = unitOf(heading);
    return unit === undefined ? [] : [column(heading, index, unit)];
  });
  // "Wt% | Apparent concentration": what names its unit is meant.
  if (named.length > 0) return named;
  if (stated !== undefined)
    return measured.map(({ heading, index }) => column(heading, index, stated));
  throw new EwaldError(
    "composition/no-unit",
    `column "${measured[0]!.heading}" does not say at% or wt%`,
    {
      value: headings,
      line,
      hint: "Name the unit in its heading: Wt% or At%.",
    },
  );
}

/**
 * The mean of several columns in one unit, else the unnormalised one: the stated errors are those of the measurement.
 * @throws EwaldError `composition/several`
 */
function preferred(
  values: readonly ValueColumn[],
  headings: readonly string[],
  unit: TableUnit,
  line: number,
): ValueColumn {
  const hasElements = headings.some(
    (heading) => isElementHeading(heading) && !OXIDE_HEADING.test(heading.trim()),
  );
  const inUnit = values.filter((one) => one.unit === unit);
  const all = inUnit.length > 0 ? inUnit : values.filter((one) => one.unit === values[0]!.unit);
  const narrow = (from: readonly ValueColumn[], isMeant: (heading: string) => boolean) => {
    const some = from.filter(({ index }) => isMeant(headings[index]!));
    return some.length > 0 ? some : from;
  };
  let left = narrow(all, (heading) => MEAN.test(heading));
  if (hasElements) left = narrow(left, (heading) => !OF_OXIDES.test(heading));
  left = narrow(left, (heading) => !NORMALISED.test(heading));
  if (left.length === 1) return left[0]!;
  throw new EwaldError(
    "composition/several",
    `${left.length} columns of amounts: ${left.map(({ index }) => `"${headings[index]!.trim()}"`).join(", ")}`,
    { value: headings, line, hint: "Keep the one that belongs to the scan." },
  );
}

function otherUnit(
  values: readonly ValueColumn[],
  value: ValueColumn,
  headings: readonly string[],
): ValueColumn | undefined {
  const isOfOxides = OF_OXIDES.test(headings[value.index]!);
  return values.find(
    (one) => one.unit !== value.unit && OF_OXIDES.test(headings[one.index]!) === isOfOxides,
  );
}

/** Which values an error column belongs to, and how. */
function meaning(
  { heading, index }: { heading: string; index: number },
  headings: readonly string[],
  values: readonly ValueColumn[],
  line: number,
  options: CompositionTableOptions,
): { unit: TableUnit; isRelative: boolean } {
  const named = unitOf(heading);
  const left = values.find((one) => one.index === index - 1);
  const only = values.every((one) => one.unit === values[0]!.unit) ? values[0] : undefined;
  const ofWeight = values.some((one) => one.unit === "wt%") ? "wt%" : values[0]!.unit;
  if (/\brel|rsd|\bcv\b/i.test(heading)) return { unit: named ?? ofWeight, isRelative: true };
  if (named !== undefined) return { unit: named, isRelative: false };
  const isBare = /^(?:error|err)\.?\s*(?:\(?\[?%\]?\)?)?$/i.test(heading.trim());
  const isEdax = headings.filter((one) => EDAX.test(one.trim())).length >= 2;
  const kind = isBare ? (options.errorIs ?? (isEdax ? "relative" : undefined)) : "absolute";
  if (kind === "relative") return { unit: ofWeight, isRelative: true };
  const isOfMean = values.length > 1 && values.some((one) => MEAN.test(headings[one.index]!));
  const mean = isOfMean ? values.find((one) => MEAN.test(headings[one.index]!)) : undefined;
  const owner = only ?? (/\babs/i.test(heading) ? undefined : (left ?? mean));
  if (kind === "absolute" && owner !== undefined) return { unit: owner.unit, isRelative: false };
  throw new EwaldError(
    "composition/table-error",
    `column "${heading.trim()}" does not say what its errors are of`,
    {
      value: heading,
      line,
      hint: "Name the column after its values (Wt% Sigma), or say what it is (Rel. error %).",
    },
  );
}

/** The one unit that a caption names: "All results in weight%", "Result Type: Atomic %". */
export function unitOfCaption(line: string): TableUnit | undefined {
  const { units } = unitsIn(line);
  return units.length === 1 ? units[0] : undefined;
}
