/**
 * Chemical formulas: nested brackets, hydrates, decimals, fractions, uncertainties `Sr1.02(3)`,
 * subscripts, charges, D. Case decides between `Co` and `CO`; nothing is repaired. All accepted
 * notations with examples: docs/composition.md.
 */
import { EwaldError } from "../../errors.ts";
import { type Composition, composition } from "./composition.ts";
import { isElement } from "../element.ts";
import { readNotation } from "./formula-notation.ts";

/** Longer and deeper than any formula; bounds the work on what is not one. */
const LONGEST = 4000;
const DEEPEST = 50;
const LARGEST_AMOUNT = 1e9;

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

interface Uncertain {
  readonly value: number;
  /** `undefined` where none is stated. */
  readonly esd: number | undefined;
}

interface Counted {
  readonly element: string;
  readonly amount: number;
  readonly amountEsd?: number;
}

interface Cursor {
  readonly text: string;
  at: number;
}

/**
 * The amounts of a chemical formula, per formula unit, elements in the order of their first appearance. An uncertain number in
 * front of or behind a bracket adds, to first order, to the uncertainty of all that it multiplies.
 *
 * @throws EwaldError with the column: `formula/empty`, `formula/too-long`, `formula/too-deep`,
 * `formula/unknown-element`, `formula/unexpected-character`, `formula/variable`, `formula/bracket`,
 * `formula/number`, `formula/isotope`, `formula/ambiguous-dot`, `formula/ambiguous-charge`
 */
export function parseFormula(text: string): Composition {
  if (text.length > LONGEST) {
    throw new EwaldError("formula/too-long", `a formula of ${text.length} characters`, {
      value: text.length,
      hint: `The longest one read has ${LONGEST} characters.`,
    });
  }
  const { body, charge } = readNotation(text);
  if (body.trim() === "")
    throw new EwaldError("formula/empty", "the formula is empty", { value: text });
  const cursor: Cursor = { text: body, at: 0 };
  const counted: Counted[] = [];
  for (;;) {
    const coefficient = readNumber(cursor) ?? { value: 1, esd: undefined };
    counted.push(...scaled(readGroup(cursor, undefined, 0), coefficient));
    if (cursor.at >= body.length) break;
    cursor.at++; // the dot of a hydrate, the only thing that ends a group at depth 0
  }
  if (counted.every((entry) => entry.amount === 0)) {
    throw new EwaldError("formula/empty", `every amount in "${text}" is 0`, { value: text });
  }
  return composition(counted, charge);
}

/** Elements and brackets up to `closing`, or up to `·` or the end at depth 0. */
function readGroup(cursor: Cursor, closing: string | undefined, depth: number): Counted[] {
  const opened = cursor.at;
  const counted: Counted[] = [];
  for (;;) {
    skipSpaces(cursor);
    const character = cursor.text[cursor.at];
    if (character === undefined || (character === "·" && depth === 0)) {
      if (depth > 0) fail(cursor, "formula/bracket", "a bracket is not closed", opened - 1);
      if (counted.length === 0) fail(cursor, "formula/empty", "a part of the formula is empty");
      return counted;
    }
    if (character === closing) {
      if (counted.length === 0) fail(cursor, "formula/bracket", "an empty bracket", opened - 1);
      cursor.at++;
      return counted;
    }
    if (character in CLOSING) {
      if (depth >= DEEPEST) fail(cursor, "formula/too-deep", `more than ${DEEPEST} brackets deep`);
      cursor.at++;
      const inner = readGroup(cursor, CLOSING[character], depth + 1);
      counted.push(...scaled(inner, readNumber(cursor) ?? { value: 1, esd: undefined }));
    } else {
      const element = readElement(cursor);
      const { value, esd } = readNumber(cursor) ?? { value: 1, esd: undefined };
      counted.push(
        esd === undefined ? { element, amount: value } : { element, amount: value, amountEsd: esd },
      );
    }
  }
}

function scaled(counted: readonly Counted[], by: Uncertain): Counted[] {
  if (by.value === 1 && by.esd === undefined) return [...counted];
  return counted.map(({ element, amount, amountEsd }) => {
    if (amountEsd === undefined && by.esd === undefined)
      return { element, amount: amount * by.value };
    const esd = Math.hypot((amountEsd ?? 0) * by.value, amount * (by.esd ?? 0));
    return { element, amount: amount * by.value, amountEsd: esd };
  });
}

function readElement(cursor: Cursor): string {
  const { text, at } = cursor;
  const symbol = /^[A-Z][a-z]?/.exec(text.slice(at, at + 2))?.[0];
  if (symbol === undefined) failAtCharacter(cursor);
  if (!isElement(symbol)) {
    if (isVariable(text.slice(at + 1)) && isElement(symbol[0]!)) {
      cursor.at++;
      failAtCharacter(cursor);
    }
    fail(cursor, "formula/unknown-element", `"${symbol}" is not a chemical element`, at, {
      value: symbol,
      hint: "Symbols are written with one capital: Co is cobalt, CO carbon and oxygen.",
    });
  }
  cursor.at += symbol.length;
  return symbol;
}

/** `x`, `y`, `z`, `n`, `m` or δ in the place of an amount. */
function isVariable(text: string): boolean {
  return /^[xyznmδ](?![a-z])/.test(text);
}

/** A number with what may follow it, or nothing. */
function readNumber(cursor: Cursor): Uncertain | undefined {
  skipSpaces(cursor);
  const rest = cursor.text.slice(cursor.at, cursor.at + LONGEST);
  const match = /^(?:_\s*\{\s*([\d./]+)\s*\}|_?([\d./]+))/.exec(rest);
  if (match === null) {
    if (rest.startsWith("_")) failAtCharacter(cursor);
    return undefined;
  }
  const written = match[1] ?? match[2]!;
  const number = /^(\d+\.?\d*|\.\d+)(?:\/([1-9]\d*))?$/.exec(written);
  const value = number === null ? Number.NaN : Number(number[1]) / Number(number[2] ?? 1);
  if (!(value <= LARGEST_AMOUNT)) {
    fail(cursor, "formula/number", `"${written}" is not an amount`, cursor.at, { value: written });
  }
  cursor.at += match[0].length;
  return { value, esd: readEsd(cursor, number![1]!, number![2] !== undefined) };
}

/** `(3)`: in units of the last decimal; `(0.03)` and `±0.03`: as written. */
function readEsd(cursor: Cursor, digits: string, isFraction: boolean): number | undefined {
  const match = /^\s*(?:±\s*(\d+\.?\d*|\.\d+)|\((\d+)\)|\((\d*\.\d+)\))/.exec(
    cursor.text.slice(cursor.at),
  );
  if (match === null) return undefined;
  if (isFraction) fail(cursor, "formula/number", "a fraction cannot carry an uncertainty");
  cursor.at += match[0].length;
  const decimals = (digits.split(".")[1] ?? "").length;
  const esd =
    match[2] === undefined ? Number(match[1] ?? match[3]) : Number(`${match[2]}e-${decimals}`);
  if (!(esd <= LARGEST_AMOUNT)) fail(cursor, "formula/number", `"${match[0]}" is no uncertainty`);
  return esd;
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.text[cursor.at] === " ") cursor.at++;
}

/** Says what is known about a character that cannot stand where it stands. */
function failAtCharacter(cursor: Cursor): never {
  const rest = cursor.text.slice(cursor.at);
  const character = rest[0] ?? "";
  const value = { value: character };
  if (isVariable(rest) || character === "±") {
    return fail(cursor, "formula/variable", `"${character}" is not an amount`, cursor.at, {
      ...value,
      hint: "Put a number in the place of the variable.",
    });
  }
  if (")]}".includes(character) && character !== "") {
    return fail(
      cursor,
      "formula/bracket",
      `"${character}" closes no open bracket`,
      cursor.at,
      value,
    );
  }
  const hint = /[a-z]/.test(character)
    ? "Symbols begin with a capital: NaCl, not nacl."
    : character === ","
      ? "Write decimals with a point; give each element of a mixed site its amount."
      : "+-^".includes(character)
        ? "A charge stands at the end of the formula: SO4^2-, Ti4+."
        : "See the notations in docs/composition.md.";
  return fail(cursor, "formula/unexpected-character", `unexpected "${character}"`, cursor.at, {
    ...value,
    hint,
  });
}

function fail(
  cursor: Cursor,
  code: string,
  message: string,
  at = cursor.at,
  details: { value?: unknown; hint?: string } = {},
): never {
  throw new EwaldError(code, `${message} in the formula "${shown(cursor.text)}"`, {
    ...details,
    column: at + 1,
  });
}

function shown(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 60 ? `${trimmed.slice(0, 57)}…` : trimmed;
}
