/**
 * Constraints on a sample as sets of elements: `must` (all of them), `may`, `at least one of` (each
 * group), `never`. With `may` given, nothing else is allowed but `must`; without it, anything is but `never`.
 * `constraintsOf` makes them of all that a person says: an analysis, a composition, lists.
 */
import { EwaldError } from "../../errors.ts";
import { byAtomicNumber } from "./composition.ts";
import type { MeasuredComposition } from "./composition-measured.ts";
import { ELEMENT_SYMBOLS, element, isElement } from "../element.ts";
import { parseFormula } from "./formula.ts";
import { UNSEEN_BY_EDS } from "./unseen-by-eds.ts";

/** Elements that are, may be or never are in a sample. IUPAC symbols. */
export interface CompositionConstraints {
  readonly must: readonly string[];
  /** The further elements allowed; `null` for any. */
  readonly may: readonly string[] | null;
  /** Groups of elements: at least one of each group is there. */
  readonly atLeastOneOf: readonly (readonly string[])[];
  readonly never: readonly string[];
  /** Those of `may` that nobody named: an analysis does not see them. */
  readonly unseen?: readonly string[];
}

/** Elements measured below this atomic fraction may be impurities, or absent. */
const MINOR_FRACTION = 0.01;

/** All that a person says of the elements in a sample. */
export interface KnownElements {
  /** An analysis: these are there, what an EDS does not see may be, nothing else is. */
  readonly elements?: readonly string[];
  /** These are there; alone it leaves open what else is. */
  readonly must?: readonly string[];
  /** These may be there; nothing else is but what is named otherwise. */
  readonly may?: readonly string[] | null;
  /** Groups of elements: at least one of each group is there. */
  readonly atLeastOneOf?: readonly (readonly string[])[];
  readonly never?: readonly string[];
  /** A measured composition is an analysis, too: its elements are there but for those below {@link MINOR_FRACTION}. */
  readonly composition?: MeasuredComposition;
  /** The part of `may` that {@link constraintsOf} added, where its answer is given to it again. */
  readonly unseen?: readonly string[];
}

/**
 * Everything that is known of the elements as constraints: the one meaning that command line, page and library give to it.
 *
 * @throws EwaldError `element/unknown`, `constraints/contradiction`
 */
export function constraintsOf(known: KnownElements): CompositionConstraints {
  const { elements, composition } = known;
  const named = tidy([...(known.must ?? []), ...(elements ?? []), ...namedIn(composition)]);
  const { unseen: alreadyUnseen = [] } = known;
  const isAnalysis =
    elements !== undefined || composition !== undefined || alreadyUnseen.length > 0;
  const given = tidy(known.may ?? []).filter((symbol) => !alreadyUnseen.includes(symbol));
  const groups = known.atLeastOneOf ?? [];
  const never = known.never ?? [];
  const certain = new Set(tidy(known.must ?? []));
  const little = new Set(minorIn(composition));
  const isMinor = (symbol: string): boolean => little.has(symbol) && !certain.has(symbol);
  const minor = [...little].filter((symbol) => isMinor(symbol) && !never.includes(symbol));
  const open = {
    must: named.filter((symbol) => !isMinor(symbol)),
    atLeastOneOf: groups,
    never,
  };
  if (!isAnalysis) return checkedConstraints({ ...open, may: known.may ?? null });
  const listed = new Set([...named, ...given, ...minor]);
  const unseen = UNSEEN_BY_EDS.filter((symbol) => !listed.has(symbol) && !never.includes(symbol));
  const closed = checkedConstraints({ ...open, may: [...given, ...minor, ...unseen] });
  return { ...closed, unseen };
}

function namedIn(composition: MeasuredComposition | undefined): readonly string[] {
  return composition?.amounts.filter(({ amount }) => amount > 0).map((one) => one.element) ?? [];
}

/** Too little of it to be sure that the phase holds it, or looked for and not found: in traces, if at all. */
function minorIn(composition: MeasuredComposition | undefined): readonly string[] {
  if (composition === undefined) return [];
  const isMinor = ({ amount }: { readonly amount: number }): boolean => amount < MINOR_FRACTION;
  const little = composition.amounts.filter(isMinor).map((one) => one.element);
  const major = new Set(
    composition.amounts.filter((one) => !isMinor(one)).map((one) => one.element),
  );
  const absent = composition.belowDetection
    .flatMap(({ component }) => parseFormula(component).amounts.map((one) => one.element))
    .filter((symbol) => !major.has(symbol));
  return tidy([...little, ...absent]);
}

/** "there: Ti, O; perhaps: H, He, Li, Be, B, C, N, F, Ne; nothing else" */
export function constraintsText({
  must,
  may,
  atLeastOneOf,
  never,
}: CompositionConstraints): string {
  const list = (symbols: readonly string[]): string => symbols.join(", ");
  const isClosed = may !== null;
  return [
    ...(must.length === 0 ? [] : [`there: ${list(must)}`]),
    ...atLeastOneOf.map((group) => `at least one of: ${list(group)}`),
    ...(isClosed && may.length > 0 ? [`perhaps: ${list(may)}`] : []),
    ...(never.length === 0 || isClosed ? [] : [`not there: ${list(never)}`]),
    isClosed ? "nothing else" : "anything else may be there",
  ].join("; ");
}

/** Whether an element may be in the sample at all. */
export function isAllowed(symbol: string, constraints: CompositionConstraints): boolean {
  const { must, may, never } = constraints;
  return !never.includes(symbol) && (may === null || must.includes(symbol) || may.includes(symbol));
}

const KEYWORDS: Readonly<Record<string, "must" | "may" | "atLeastOneOf" | "never">> = {
  must: "must",
  may: "may",
  "at least one of": "atLeastOneOf",
  "at-least-one-of": "atLeastOneOf",
  any: "atLeastOneOf",
  never: "never",
  not: "never",
};

/**
 * Reads `must Sr Ti; may O N; at least one of F Cl; never H`: clauses by `;` or line, elements by space
 * or comma, a keyword more than once if need be.
 *
 * @throws EwaldError with the column: `constraints/syntax`, `element/unknown`; `constraints/contradiction`
 */
export function parseConstraints(text: string): CompositionConstraints {
  const found = {
    must: [] as string[],
    may: null as string[] | null,
    atLeastOneOf: [] as string[][],
    never: [] as string[],
  };
  let isEmpty = true;
  for (const match of text.matchAll(/[^;\n]+/g)) {
    const clause = match[0];
    if (clause.trim() === "") continue;
    isEmpty = false;
    const head = /^\s*(must|may|at[ -]least[ -]one[ -]of|any|never|not)\b\s*[:=]?/i.exec(clause);
    if (head === null) {
      throw new EwaldError(
        "constraints/syntax",
        `"${clause.trim().slice(0, 40)}" names no constraint`,
        {
          value: clause,
          column: match.index + clause.search(/\S/) + 1,
          hint: "Begin each clause with must, may, at least one of, or never.",
        },
      );
    }
    const keyword = KEYWORDS[head[1]!.toLowerCase()]!;
    const symbols = readElements(clause.slice(head[0].length), match.index + head[0].length);
    if (keyword === "atLeastOneOf") found.atLeastOneOf.push(symbols);
    else found[keyword] = [...(found[keyword] ?? []), ...symbols];
  }
  if (isEmpty)
    throw new EwaldError("constraints/syntax", "no constraint is given", { value: text });
  return checkedConstraints(found);
}

function readElements(list: string, offset: number): string[] {
  const symbols = Array.from(list.matchAll(/[^\s,]+/g), (match) => {
    if (!isElement(match[0])) {
      throw new EwaldError("element/unknown", `"${match[0]}" is not a chemical element`, {
        value: match[0],
        column: offset + match.index + 1,
      });
    }
    return match[0];
  });
  if (symbols.length > 0) return symbols;
  throw new EwaldError("constraints/syntax", "a constraint without elements", {
    column: offset + 1,
  });
}

/**
 * The same constraints in one form: sorted, without repeats, what must be left out of `may`.
 *
 * @throws EwaldError `element/unknown`, `constraints/contradiction` where an element must and must
 * never be, or no element of a group is allowed
 */
export function checkedConstraints(given: Partial<CompositionConstraints>): CompositionConstraints {
  const must = tidy(given.must ?? []);
  const never = tidy(given.never ?? []);
  const may = given.may === undefined || given.may === null ? null : tidy(given.may);
  const groups = (given.atLeastOneOf ?? []).map(tidy);
  for (const symbol of [...must, ...(may ?? [])]) {
    if (!never.includes(symbol)) continue;
    const word = must.includes(symbol) ? "must" : "may";
    throw new EwaldError(
      "constraints/contradiction",
      `${symbol} ${word} be there and is never there`,
      {
        value: symbol,
      },
    );
  }
  const open: string[][] = [];
  for (const group of groups) {
    const possible = group.filter((symbol) =>
      isAllowed(symbol, { must, may, never, atLeastOneOf: [] }),
    );
    if (possible.length === 0) {
      throw new EwaldError(
        "constraints/contradiction",
        `at least one of ${group.join(", ")} has to be there, but none is allowed`,
        { value: group },
      );
    }
    if (!possible.some((symbol) => must.includes(symbol))) open.push(possible);
  }
  const others = may?.filter((symbol) => !must.includes(symbol)) ?? null;
  const unseen = given.unseen?.filter((symbol) => others?.includes(symbol) === true) ?? [];
  return {
    must,
    may: others,
    atLeastOneOf: open,
    never,
    ...(unseen.length === 0 ? {} : { unseen }),
  };
}

function tidy(symbols: readonly string[]): string[] {
  return [...new Set(symbols.map((symbol) => element(symbol).symbol))].sort(byAtomicNumber);
}

/** Whether a set of elements fits the constraints. @throws EwaldError `element/unknown` */
export function satisfies(
  elements: Iterable<string>,
  constraints: CompositionConstraints,
): boolean {
  const present = new Set(tidy([...elements]));
  const { must, may, atLeastOneOf, never } = constraints;
  return (
    must.every((symbol) => present.has(symbol)) &&
    never.every((symbol) => !present.has(symbol)) &&
    atLeastOneOf.every((group) => group.some((symbol) => present.has(symbol))) &&
    (may === null || [...present].every((one) => must.includes(one) || may.includes(one)))
  );
}

export interface DetectionOptions {
  /** Atomic fraction below which the method cannot tell an element from none. */
  readonly detectionLimit: number;
  /** Elements that the method does not see at all: H, He, Li, Be for most EDS. */
  readonly unseen: readonly string[];
  /** How many standard uncertainties count as certain. */
  readonly sigmas?: number;
}

/**
 * Constraints from a measurement of the elements: certainly above the limit, it must be there; perhaps
 * above or below, or unseen by the method, it may; all others never. Limits are asked for, not assumed:
 * they are the instrument's and the sample's.
 *
 * @throws EwaldError `constraints/detection-limit`, `element/unknown`
 */
export function constraintsFromMeasurement(
  measured: MeasuredComposition,
  { detectionLimit, unseen, sigmas = 3 }: DetectionOptions,
): CompositionConstraints {
  if (!(detectionLimit >= 0 && detectionLimit < 1)) {
    throw new EwaldError(
      "constraints/detection-limit",
      `${detectionLimit} is no atomic fraction from 0 to 1`,
      { value: detectionLimit },
    );
  }
  const must: string[] = [];
  const may = new Set(tidy(unseen));
  for (const { element, amount, amountEsd = 0 } of measured.amounts) {
    if (amount - sigmas * amountEsd > detectionLimit) must.push(element);
    else may.add(element);
  }
  for (const { component } of measured.belowDetection) {
    for (const { element } of parseFormula(component).amounts) may.add(element);
  }
  const allowed = new Set([...must, ...may]);
  return checkedConstraints({
    must,
    may: [...may].filter((symbol) => !must.includes(symbol)),
    never: ELEMENT_SYMBOLS.filter((symbol) => !allowed.has(symbol)),
  });
}
