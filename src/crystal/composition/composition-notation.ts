/**
 * Measured compositions as people type them: `Sr 20.1±0.5 Ti 19.8±0.5 O 60.1±1.0 at%`,
 * `SiO2 45.2 MgO 40.1 wt%`, `Fe70Cr20Ni10 at%`, `Sr1.02(3)TiO3`. All forms: docs/composition.md.
 */
import { EwaldError } from "../../errors.ts";
import {
  type BelowDetection,
  type CompositionUnit,
  type MeasuredComposition,
  type Reading,
  measuredComposition,
  measuredFromFormula,
} from "./composition-measured.ts";
import { elementNamed } from "./composition-component.ts";
import { unlikelyReadings, withMeant } from "./composition-questions.ts";
import { isElement } from "../element.ts";
import { parseFormula } from "./formula.ts";

type PercentUnit = Exclude<CompositionUnit, "formula">;

const UNIT_WORDS: Readonly<Record<string, PercentUnit>> = {
  at: "at%",
  atomic: "at%",
  atom: "at%",
  atoms: "at%",
  a: "at%",
  wt: "wt%",
  weight: "wt%",
  mass: "wt%",
  gew: "wt%",
  w: "wt%",
  m: "wt%",
  mol: "mol%",
  mole: "mol%",
  molar: "mol%",
};
const PERCENT = String.raw`(?:%|\uff05|percent(?![a-z])|per\s?cent(?![a-z])|pct(?![a-z])|prozent(?![a-z]))`;
/** "at%", "at.-%", "wt. %", "mass percent", "Gew.-%", "w%"; "% (w/w)", "% by weight", "percent atomic". */
const UNIT = new RegExp(
  String.raw`(?<![A-Za-z])(atomic|atoms?|at|weight|wt|mass|mole|molar|mol|gew|w|a|m)\s?\.?\s?-?\s?${PERCENT}` +
    String.raw`|${PERCENT}\s*(?:by\s+|\(\s*)?(atomic|atoms?|at|weight|wt|mass|mole|molar|mol|w\/w)\.?(?![A-Za-z])\s*\)?`,
  "gi",
);

const LONGEST = 10_000;

function unitOfMatch([, before, after]: RegExpMatchArray): PercentUnit {
  const word = (before ?? after)!.toLowerCase();
  return UNIT_WORDS[word === "w/w" ? "w" : word]!;
}

/** The one unit that a text names; several different ones as they are, for the refusal. */
export function unitsIn(text: string): {
  readonly units: readonly PercentUnit[];
  readonly matches: readonly RegExpExecArray[];
} {
  const matches = [...text.matchAll(UNIT)];
  return { units: [...new Set(matches.map(unitOfMatch))], matches };
}

/** Elements with values, the unit left out: what is set behind an element, in front of it, or in its brackets. */
const SPACED =
  /^\s*\d[\d.,]*\s*[A-Z][a-z]?\s*[,;]\s*\d|[A-Za-z0-9)\]]\s+[<\u2264\d.]|[:=<\u2264%]|(?<![A-Za-z])(?:n\.?\s?d|bal(?:ance)?|rest|remainder)\b/;

/**
 * @throws EwaldError `composition/no-unit` where values stand without at%, wt% or mol%, with both ways out as `alternatives`;
 * `composition/unit` for contradicting units, `composition/syntax` with the column, `composition/balance`, and what
 * `measuredComposition` and `parseFormula` throw
 */
export function parseMeasuredComposition(text: string): MeasuredComposition {
  if (text.length > LONGEST) {
    throw new EwaldError("composition/too-long", `a composition of ${text.length} characters`, {
      value: text.length,
    });
  }
  const { units, matches } = unitsIn(text);
  if (units.length > 1) {
    throw new EwaldError("composition/unit", "the composition names more than one unit", {
      value: matches.map((match) => match[0]),
      column: matches[1]!.index + 1,
    });
  }
  const body = withoutUnits(text, matches);
  const [unit] = units;
  const alloy = alloyReadings(body);
  if (unit === undefined) {
    if (alloy !== null || SPACED.test(body)) throw noUnit(text, alloy ?? readValues(body).readings);
    try {
      return withQuestions(measuredFromFormula(parseFormula(text)), text);
    } catch (error) {
      throw withMeant(error, text);
    }
  }
  if (alloy !== null) return measuredComposition(alloy, unit);
  if (!SPACED.test(body) && !/^[\s(:]*[<≤\d.,]/.test(body)) return percentFormula(body, unit);
  const { readings, belowDetection } = readValues(body);
  return withQuestions(measuredComposition(readings, unit, { belowDetection }), text);
}

function withQuestions(measured: MeasuredComposition, text: string): MeasuredComposition {
  return {
    ...measured,
    warnings: [...measured.warnings, ...unlikelyReadings(text, measured)],
  };
}

/** Sums nearer than this to 100 (or 1) are percents (or fractions) of something. */
const NEAR_WHOLE = 0.1;

/** at% and wt% differ; which it is, only the user knows. */
function noUnit(text: string, readings: readonly Reading[]): EwaldError {
  const isOfElements = readings.every(({ component }) => isElement(component));
  // What no unit would mend is said first: an element that is none, one that stands twice.
  measuredComposition(readings, isOfElements ? "at%" : "wt%");
  const total = readings.reduce((sum, { value }) => sum + value, 0);
  const ways = [...(isOfElements ? ["at%"] : []), "wt%", ...(isOfElements ? [] : ["mol%"])].map(
    (unit) => `${text.trim().replace(/[;,]+$/, "")} ${unit}`,
  );
  const isWhole = [100, 1].some((whole) => Math.abs(total / whole - 1) < NEAR_WHOLE);
  const sum = isWhole ? `; the values sum to ${Number(total.toPrecision(4))}` : "";
  return new EwaldError("composition/no-unit", `no unit is given in "${shown(text)}"${sum}`, {
    value: text,
    hint: `Say which it is: "${shown(ways[0]!)}" or "${shown(ways[1]!)}".`,
    alternatives: ways,
  });
}

const DASH = String.raw`\s?[-‐‑–]\s?`;
const ALLOY = new RegExp(
  String.raw`^\s*(\d+(?:[.,]\d+)?)?\s?([A-Z][a-z]?)((?:${DASH}\d+(?:[.,]\d+)?\s?[A-Z][a-z]?)+)\s*$`,
);

/** `Ti-6Al-4V wt%`: an element in front without an amount is the rest. */
function alloyReadings(body: string): Reading[] | null {
  const match = ALLOY.exec(body);
  if (match === null) return null;
  const others = Array.from(match[3]!.matchAll(/(\d+(?:[.,]\d+)?)\s?([A-Z][a-z]?)/g), (one) => ({
    component: one[2]!,
    value: decimal(one[1]!),
  }));
  if (match[1] === undefined) return withBalance(others, match[2]!);
  return [{ component: match[2]!, value: decimal(match[1]) }, ...others];
}

/** `Fe70Cr20Ni10 at%`: a formula whose amounts are percents. */
function percentFormula(body: string, unit: PercentUnit): MeasuredComposition {
  const { readings } = measuredFromFormula(parseFormula(body));
  const bare = /[A-Z][a-z]?(?![a-z]?[\d._])/.exec(body);
  if (bare !== null) {
    throw new EwaldError("composition/syntax", `${bare[0]} has no value`, {
      value: bare[0],
      column: bare.index + 1,
      hint: "Set values off with spaces: SiO2 45.2 MgO 40.1 wt%.",
    });
  }
  return measuredComposition(readings, unit);
}

/** Units blanked, so that columns stay. */
function withoutUnits(text: string, units: readonly RegExpExecArray[]): string {
  let body = text
    .replaceAll("+/-", "±  ")
    .replaceAll(/\+-|-\+/g, "± ")
    .replaceAll("&plusmn;", "±       ")
    .replaceAll("∓", "±")
    // "Ti(33.1±0.8)"
    .replaceAll(/(?<=[A-Za-z]\s*)\((\s*[\d.,]+\s*±\s*[\d.,]+\s*)\)/g, " $1 ")
    .replaceAll(/[\s\u00a0\u2007\u2009\u202f\ufeff|]/g, " ");
  for (const { index, 0: unit } of units) {
    body = body.slice(0, index) + " ".repeat(unit.length) + body.slice(index + unit.length);
  }
  return body;
}

const COMPONENT =
  /[\s,;/&+]*(?:and\s+)?\(?\s*([A-Z][A-Za-z0-9₀-₉()[\]]*|[a-z]{3,}(?![A-Za-z]))\s*[:=]?/y;
const NUMBER = String.raw`(?:\d+(?:[.,]\d+)?|(?<!\d)[.,]\d+)(?:[eE][+-]?\d{1,3})?`;
const VALUE = new RegExp(
  String.raw`\s*\(?\s*([<≤])?\s*(${NUMBER})\s*%?(?:\s*±\s*(${NUMBER})|\s*\((\d+)\)|\s*\((?:±\s*)?(\d*[.,]\d+)\)|\s*\(±\s*(\d+)\))?\s*%?\s*\)?`,
  "y",
);
const NOT_DETECTED = /\s*\(?(?:n\.?\s?d\.?|b\.?d\.?l?\.?|n\/?a|traces?|tr\.)\)?(?![A-Za-z])/y;
const BALANCE = /\s*\(?\s*(?:balance|bal\.?|rest|remainder|rem\.?)\s*\)?(?![A-Za-z])/iy;
/** "balance Fe", "Rest: Fe" */
const BALANCE_FIRST =
  /[\s,;]*(?:balance|bal\.?|rest|remainder)\s*[:=]?\s*(?:is\s+)?([A-Z][a-z]?)(?![A-Za-z0-9])/iy;

interface Values {
  readonly readings: Reading[];
  readonly belowDetection: BelowDetection[];
}

function readValues(body: string): Values {
  const found: Values & { balance: string[] } = { readings: [], belowDetection: [], balance: [] };
  const end = body.replace(/[\s,;:.()[\]]+$/, "").length;
  // "at%: Sr 20 …", "(at%) Sr 20 …"
  let at = /^[\s:()[\]]*/.exec(body)![0].length;
  let isValueFirst: boolean | undefined;
  while (at < end) {
    const rest = matchAt(BALANCE_FIRST, body, at);
    if (rest !== null) {
      found.balance.push(rest[1]!);
      at += rest[0].length;
      continue;
    }
    const value = matchAt(
      VALUE,
      body,
      at + /^[\s,;/&]*(?:and\s+)?/.exec(body.slice(at))![0].length,
    );
    isValueFirst ??= value !== null;
    at =
      isValueFirst && value !== null
        ? readValueFirst(body, value, found)
        : readComponentFirst(body, at, found, isValueFirst);
  }
  const { readings, belowDetection, balance } = found;
  if (balance.length > 1) {
    throw new EwaldError(
      "composition/balance",
      `only one element can be the balance, not ${balance.join(" and ")}`,
      {
        value: balance,
      },
    );
  }
  if (readings.length === 0) syntaxError(body, end, "an element with a value");
  if (balance.length === 0) return { readings, belowDetection };
  return { readings: withBalance(readings, balance[0]!), belowDetection };
}

/** 100 less all others. @throws EwaldError `composition/balance` where nothing is left */
function withBalance(readings: readonly Reading[], component: string): Reading[] {
  const others = readings.reduce((sum, { value }) => sum + value, 0);
  if (others >= 100) {
    throw new EwaldError(
      "composition/balance",
      `${component} is the balance, but the others sum to ${Number(others.toPrecision(4))} already`,
      { value: others, hint: "Give its amount." },
    );
  }
  const value = Number((100 - others).toPrecision(12));
  return [...readings, { component, value, isBalance: true }];
}

/** `Ti 33.1±0.8`; beside values that stand in front only `O balance` and `Al n.d.`. @returns where the next begins */
function readComponentFirst(
  body: string,
  at: number,
  found: Values & { balance: string[] },
  isValueFirst: boolean,
): number {
  const component = matchAt(COMPONENT, body, at);
  if (component === null) syntaxError(body, at, "an element or a compound");
  const name = nameOf(component[1]!, at + component[0].indexOf(component[1]!));
  const behind = at + component[0].length;
  const absent = matchAt(NOT_DETECTED, body, behind);
  if (absent !== null) {
    found.belowDetection.push({ component: name });
    return behind + absent[0].length;
  }
  const rest = matchAt(BALANCE, body, behind);
  if (rest !== null) {
    found.balance.push(name);
    return behind + rest[0].length;
  }
  const value = isValueFirst ? null : matchAt(VALUE, body, behind);
  if (value === null) syntaxError(body, behind, `the value of ${name}`);
  take(value, name, found);
  return behind + value[0].length;
}

/** `8.2±0.9 % Y`. @returns where the next begins */
function readValueFirst(body: string, value: RegExpExecArray, found: Values): number {
  const behind = value.index + value[0].length;
  const of = matchAt(/\s*(?:of\s+)?/y, body, behind)![0].length;
  const component = matchAt(COMPONENT, body, behind + of);
  if (component === null) syntaxError(body, behind, "the element of that value");
  const name = nameOf(component[1]!, behind + of + component[0].indexOf(component[1]!));
  take(value, name, found);
  return behind + of + component[0].length;
}

function take(
  value: RegExpExecArray,
  component: string,
  { readings, belowDetection }: Values,
): void {
  const amount = decimal(value[2]!);
  const esd = esdOf(value);
  if (value[1] !== undefined) belowDetection.push({ component, limit: amount });
  else
    readings.push(
      esd === undefined ? { component, value: amount } : { component, value: amount, esd },
    );
}

/** "Titanium" is Ti. */
function nameOf(written: string, column: number): string {
  const named = elementNamed(written);
  if (named !== undefined) return named;
  const bare = written.replace(/\($/, "");
  if (/^[a-z]/.test(bare)) {
    throw new EwaldError("composition/syntax", `"${bare}" is no element`, {
      value: bare,
      column: column + 1,
      hint: "Symbols begin with a capital: Ti, not ti.",
    });
  }
  return bare;
}

/** A measured composition as one types it, so that `parseMeasuredComposition` reads the same: "Ti 33.1±0.8 O 66.9±1.2 Al n.d. at%". */
export function measuredCompositionText({
  readings,
  belowDetection,
  unit,
}: MeasuredComposition): string {
  const written = readings.map(({ component, value, esd, isBalance }) => {
    if (isBalance === true) return `${component} balance`;
    const error = esd === undefined ? "" : `±${plain(esd)}`;
    return unit === "formula"
      ? `${component}${value === 1 && esd === undefined ? "" : plain(value)}${error}`
      : `${component} ${plain(value)}${error}`;
  });
  if (unit === "formula") return written.join("");
  const absent = belowDetection.map(({ component, limit }) =>
    limit === undefined ? `${component} n.d.` : `${component} <${plain(limit)}`,
  );
  return [...written, ...absent, unit].join(" ");
}

/** A number without power of ten and without the last digits of binary arithmetic. */
function plain(value: number): string {
  const rounded = Number(value.toPrecision(12));
  return /e/.test(String(rounded)) ? rounded.toFixed(20).replace(/0+$/, "") : String(rounded);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** `±0.5`, `(5)` in units of the last decimal, `(0.5)` and `(±5)` as written. */
function esdOf([, , value, plusMinus, lastDigits, absolute, whole]: RegExpExecArray):
  | number
  | undefined {
  if (lastDigits !== undefined) {
    const decimals = /[.,](\d+)$/.exec(value!)?.[1]!.length ?? 0;
    return Number(`${lastDigits}e-${decimals}`);
  }
  const written = plusMinus ?? absolute ?? whole;
  return written === undefined ? undefined : decimal(written);
}

function decimal(text: string): number {
  return Number(text.replace(",", "."));
}

function syntaxError(body: string, at: number, expected: string): never {
  const found = shown(body.slice(at)) || "the end";
  throw new EwaldError("composition/syntax", `expected ${expected}, found "${found}"`, {
    value: found,
    column: at + 1,
    hint: "Write it as: Sr 20.1±0.5 Ti 19.8±0.5 O 60.1±1.0 at%.",
  });
}

function shown(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 40 ? `${trimmed.slice(0, 37)}…` : trimmed;
}
