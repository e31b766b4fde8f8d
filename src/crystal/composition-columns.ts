/**
 * Which column of an EDS table is what, from its headings. Known programs: Bruker Esprit ("unn. C [wt.%]",
 * "Error (1 Sigma) [wt.%]"), Oxford INCA and AZtec ("Wt%", "Wt% Sigma", "Atomic %"), EDAX Genesis and TEAM
 * ("Weight %", "Error %"), JEOL ("Mass%", "Sigma"), Thermo NSS ("Weight % Error").
 */
import { EwaldError } from "../errors.ts";

export interface CompositionTableOptions {
  /** Unit of the values where no heading names it. */
  readonly unit?: "at%" | "wt%";
  /** What a column holds that is headed "Error" and no more: in the unit of the values, or % of the value. */
  readonly errorIs?: "absolute" | "relative";
}

interface ValueColumn {
  readonly index: number;
  readonly unit: "at%" | "wt%";
}

interface ErrorColumn {
  readonly index: number;
  readonly isRelative: boolean;
  /** The column states so many standard uncertainties. */
  readonly sigmas: number;
}

export interface CompositionColumns {
  readonly element: number;
  readonly value: ValueColumn;
  readonly error: ErrorColumn | undefined;
  /** A column in the other unit, to compare with. */
  readonly check: ValueColumn | undefined;
}

const ELEMENT =
  /^(?:element|elem|el|elt|symbol|element line|element symbol|oxide|compound|formula)\.?$/i;
const ERROR = /sigma|σ|error|\berr\b|std|uncertainty|\besd\b|±|\+\/-/i;
const CONCENTRATION = /^%$|conc|percent|^(?:un)?n(?:orm)?\.? ?c\b|\bc \[/i;
const WEIGHT = /(?<![a-z])(?:wt|weight|mass|ms)(?![a-z])/i;
const ATOMIC = /(?<![a-z])(?:at|atom|atomic|mol)(?![a-z])/i;
/** Headings that only EDAX programs write; their "Error %" is relative (TEAM user's guide). */
const EDAX = /^(?:net int\.?.*|k-?ratio|z|a|f)$/i;

function isElementHeading(heading: string): boolean {
  return ELEMENT.test(heading.trim());
}

function unitOf(heading: string): "at%" | "wt%" | undefined {
  if (!heading.includes("%")) return undefined;
  const isWeight = WEIGHT.test(heading);
  // "Atom. C [at.%]" names atoms only; "At. No." has no percent.
  return isWeight === ATOMIC.test(heading) ? undefined : isWeight ? "wt%" : "at%";
}

/** Whether a row can be the head of a table: an element column and something measured. */
export function isHead(headings: readonly string[]): boolean {
  const values = headings.filter((heading) => !isElementHeading(heading) && !ERROR.test(heading));
  return (
    headings.some(isElementHeading) &&
    values.some((heading) => unitOf(heading) !== undefined || CONCENTRATION.test(heading.trim()))
  );
}

/**
 * @throws EwaldError with the line: `composition/no-unit`, `composition/table-error` for an error column
 * of unknown meaning
 */
export function findColumns(
  headings: readonly string[],
  line: number,
  options: CompositionTableOptions,
): CompositionColumns {
  const values = valueColumns(headings, line, options);
  const errors = headings.flatMap((heading, index) =>
    ERROR.test(heading) ? [{ heading, index }] : [],
  );
  const relative = errors.find(({ heading }) => /\brel/i.test(heading));
  const chosen = relative ?? errors[0];
  const element = headings.findIndex(isElementHeading);
  if (chosen === undefined) {
    const value = preferred(
      values,
      headings,
      values.some((one) => one.unit === "wt%") ? "wt%" : "at%",
    );
    return { element, value, error: undefined, check: otherUnit(values, value) };
  }
  const { unit, isRelative } = meaning(chosen, headings, values, line, options);
  const value = preferred(values, headings, unit);
  const sigmas = Number(/(\d)\s*-?\s*(?:sigma|σ)/i.exec(chosen.heading)?.[1] ?? 1);
  return {
    element,
    value,
    error: { index: chosen.index, isRelative, sigmas },
    check: otherUnit(values, value),
  };
}

function valueColumns(
  headings: readonly string[],
  line: number,
  options: CompositionTableOptions,
): ValueColumn[] {
  const measured = headings.flatMap((heading, index) =>
    ERROR.test(heading) || isElementHeading(heading) ? [] : [{ heading: heading.trim(), index }],
  );
  const named = measured.flatMap(({ heading, index }) => {
    const unit = unitOf(heading);
    return unit === undefined ? [] : [{ index, unit }];
  });
  if (named.length > 0) return named;
  const bare = measured.filter(({ heading }) => CONCENTRATION.test(heading));
  if (options.unit !== undefined) {
    const { unit } = options;
    return bare.map(({ index }) => ({ index, unit }));
  }
  throw new EwaldError(
    "composition/no-unit",
    `column "${bare[0]!.heading}" does not say at% or wt%`,
    {
      value: headings,
      line,
      hint: "Name the unit in its heading: Wt% or At%.",
    },
  );
}

/** Of several columns in one unit the unnormalised: the stated errors are those of the measurement. */
function preferred(
  values: readonly ValueColumn[],
  headings: readonly string[],
  unit: "at%" | "wt%",
): ValueColumn {
  const candidates = values.filter((one) => one.unit === unit);
  const isNormalised = ({ index }: ValueColumn) => /(?<!un-?)norm/i.test(headings[index]!);
  return candidates.find((one) => !isNormalised(one)) ?? candidates[0] ?? values[0]!;
}

function otherUnit(values: readonly ValueColumn[], value: ValueColumn): ValueColumn | undefined {
  return values.find((one) => one.unit !== value.unit);
}

/** Which values an error column belongs to, and how. */
function meaning(
  { heading, index }: { heading: string; index: number },
  headings: readonly string[],
  values: readonly ValueColumn[],
  line: number,
  options: CompositionTableOptions,
): { unit: "at%" | "wt%"; isRelative: boolean } {
  const named = unitOf(heading);
  const left = values.find((one) => one.index === index - 1);
  const only = values.every((one) => one.unit === values[0]!.unit) ? values[0] : undefined;
  const ofWeight = values.some((one) => one.unit === "wt%") ? "wt%" : "at%";
  if (/\brel/i.test(heading)) return { unit: named ?? ofWeight, isRelative: true };
  if (named !== undefined) return { unit: named, isRelative: false };
  const isBare = /^(?:error|err)\.?\s*(?:\(?\[?%\]?\)?)?$/i.test(heading.trim());
  const isEdax = headings.filter((one) => EDAX.test(one.trim())).length >= 2;
  const kind = isBare ? (options.errorIs ?? (isEdax ? "relative" : undefined)) : "absolute";
  if (kind === "relative") return { unit: ofWeight, isRelative: true };
  const owner = only ?? (/\babs/i.test(heading) ? undefined : left);
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
