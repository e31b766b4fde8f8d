/**
 * Measured compositions as people type them: `Sr 20.1±0.5 Ti 19.8±0.5 O 60.1±1.0 at%`,
 * `SiO2 45.2 MgO 40.1 wt%`, `Fe70Cr20Ni10 at%`, `Sr1.02(3)TiO3`. All forms: docs/composition.md.
 */
import { EwaldError } from "../errors.ts";
import {
  type BelowDetection,
  type CompositionUnit,
  type MeasuredComposition,
  type Reading,
  measuredComposition,
  measuredFromFormula,
} from "./composition-measured.ts";
import { parseFormula } from "./formula.ts";

type PercentUnit = Exclude<CompositionUnit, "formula">;

const UNIT_WORDS: Readonly<Record<string, PercentUnit>> = {
  at: "at%",
  atomic: "at%",
  atom: "at%",
  wt: "wt%",
  weight: "wt%",
  mass: "wt%",
  mol: "mol%",
  mole: "mol%",
};
const UNIT =
  /(?<![A-Za-z])(atomic|atom|at|weight|wt|mass|mole|mol)\s?\.?\s?-?\s?(?:%|percent(?![a-z]))/gi;

const LONGEST = 10_000;

/** The unit that a text names, or nothing. Two different ones are `undefined` too. */
function unitIn(text: string): PercentUnit | undefined {
  const units = new Set(
    Array.from(text.matchAll(UNIT), (match) => UNIT_WORDS[match[1]!.toLowerCase()]!),
  );
  return units.size === 1 ? [...units][0] : undefined;
}

/**
 * @throws EwaldError `composition/no-unit` where values stand without at%, wt% or mol%,
 * `composition/unit` for contradicting units, `composition/syntax` with the column, and what
 * `measuredComposition` and `parseFormula` throw
 */
export function parseMeasuredComposition(text: string): MeasuredComposition {
  if (text.length > LONGEST) {
    throw new EwaldError("composition/too-long", `a composition of ${text.length} characters`, {
      value: text.length,
    });
  }
  const units = [...text.matchAll(UNIT)];
  const body = withoutUnits(text, units);
  const unit = unitIn(text);
  if (units.length > 0 && unit === undefined) {
    throw new EwaldError("composition/unit", "the composition names more than one unit", {
      value: units.map((match) => match[0]),
      column: units[1]!.index + 1,
    });
  }
  const hasSpacedValues = /[A-Za-z0-9)\]]\s+[<\d]|[:=<%]/.test(body);
  if (unit === undefined) {
    if (!hasSpacedValues) return measuredFromFormula(parseFormula(text));
    throw new EwaldError("composition/no-unit", `no unit is given in "${shown(text)}"`, {
      value: text,
      hint: "End with at%, wt% or mol%.",
    });
  }
  if (!hasSpacedValues) return percentFormula(body, unit);
  const { readings, belowDetection } = readValues(body);
  return measuredComposition(readings, unit, { belowDetection });
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
    .replaceAll("+-", "± ")
    .replaceAll(/[\r\n\t]/g, " ");
  for (const { index, 0: unit } of units) {
    body = body.slice(0, index) + " ".repeat(unit.length) + body.slice(index + unit.length);
  }
  return body;
}

const COMPONENT = /[\s,;]*([A-Z][A-Za-z0-9₀-₉()[\]]*)\s*[:=]?/y;
const NUMBER = String.raw`\d+(?:[.,]\d+)?`;
const VALUE = new RegExp(
  String.raw`\s*(<)?\s*(${NUMBER})\s*%?(?:\s*±\s*(${NUMBER})|\s*\((\d+)\)|\s*\((\d+[.,]\d+)\))?\s*%?`,
  "y",
);
const NOT_DETECTED = /\s*n\.?\s?d\.?(?![A-Za-z])/y;

function readValues(body: string): { readings: Reading[]; belowDetection: BelowDetection[] } {
  const readings: Reading[] = [];
  const belowDetection: BelowDetection[] = [];
  const end = body.replace(/[\s,;:()[\]]+$/, "").length;
  // "at%: Sr 20 …", "(at%) Sr 20 …"
  let at = /^[\s:()[\]]*/.exec(body)![0].length;
  while (at < end) {
    const component = matchAt(COMPONENT, body, at);
    if (component === null) syntaxError(body, at, "an element or a compound");
    const name = component[1]!;
    const behind = at + component[0].length;
    const absent = matchAt(NOT_DETECTED, body, behind);
    if (absent !== null) {
      belowDetection.push({ component: name });
      at = behind + absent[0].length;
      continue;
    }
    const value = matchAt(VALUE, body, behind);
    if (value === null) syntaxError(body, behind, `the value of ${name}`);
    const amount = decimal(value[2]!);
    const esd = esdOf(value);
    if (value[1] === "<") belowDetection.push({ component: name, limit: amount });
    else
      readings.push(
        esd === undefined
          ? { component: name, value: amount }
          : { component: name, value: amount, esd },
      );
    at = behind + value[0].length;
  }
  if (readings.length === 0) syntaxError(body, end, "an element with a value");
  return { readings, belowDetection };
}

/** A measured composition as one types it, so that `parseMeasuredComposition` reads the same: "Ti 33.1±0.8 O 66.9±1.2 Al n.d. at%". */
export function measuredCompositionText({
  readings,
  belowDetection,
  unit,
}: MeasuredComposition): string {
  const written = readings.map(({ component, value, esd }) => {
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

/** `±0.5`, `(5)` in units of the last decimal, `(0.5)` as written. */
function esdOf([, , value, plusMinus, lastDigits, absolute]: RegExpExecArray): number | undefined {
  if (lastDigits !== undefined) {
    const decimals = /[.,](\d+)$/.exec(value!)?.[1]!.length ?? 0;
    return Number(`${lastDigits}e-${decimals}`);
  }
  const written = plusMinus ?? absolute;
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
