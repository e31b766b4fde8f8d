/**
 * Readings of a formula that are right by the rules and unlikely to be meant: `SIO2` (sulfur, iodine, oxygen), `Fe203` (a zero
 * for O), `CO2` (cobalt?), `YBCO` (a name), amounts above 99. They are asked about, with what may have been meant; nothing is
 * repaired. Also what a formula that cannot be read may have been: `sio2`, `TIO2`, `PZT`.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { type Composition, elementsOf } from "./composition.ts";
import { elementName } from "./composition-component.ts";
import { ABBREVIATIONS } from "./composition-names.table.ts";
import type { MeasuredComposition } from "./composition-measured.ts";
import { atomicNumber, isElement } from "../element.ts";
import { parseFormula } from "./formula.ts";

const LARGEST_USUAL_AMOUNT = 99;
const MOST_ALTERNATIVES = 3;
/** The longest run of letters that is tried as a formula: text typed by hand is short, and splitting longer runs takes long. */
const LONGEST_RUN = 14;
const NONMETALS = new Set("H D B C N O F Si P S Cl Se Br Te I As Ge".split(" "));
const ORGANIC = new Set("H D B C N O F P S Cl Br I".split(" "));
/** Metals that are two nonmetals once their second letter is large. */
const TRAPS = new Set(["Co", "Sb", "Sn", "Pb", "Nb"]);
/** Formulas of single capitals that are what they seem. */
const REAL = new Set(["KOH", "KCN", "HCN", "KSCN"]);

interface Question {
  readonly message: string;
  readonly alternatives: readonly string[];
}

/** Unlikely readings of a composition as typed, one warning each. */
export function unlikelyReadings(text: string, measured: MeasuredComposition): Warning[] {
  const asked = (question: Question, alternatives: readonly string[]): Warning => ({
    code: "composition/unlikely",
    message: question.message,
    ...(alternatives.length === 0 ? {} : { alternatives }),
  });
  if (measured.unit === "formula")
    return questionsOf(text.trim()).map((one) => asked(one, one.alternatives));
  return measured.readings.flatMap(({ component }) => {
    if (isElement(component)) return [];
    const place = text.indexOf(component);
    const instead = (formula: string): string =>
      text.slice(0, place) + formula + text.slice(place + component.length);
    return questionsOf(component).map((one) =>
      asked(one, place < 0 ? [] : one.alternatives.map(instead)),
    );
  });
}

/** "sulfur, iodine, oxygen 1 : 1 : 2" */
export function ratioText({ amounts }: Composition): string {
  const names = amounts.map((one) => elementName(one.element)).join(", ");
  if (amounts.length === 1) return names;
  return `${names} ${amounts.map(({ amount }) => `${Number(amount.toPrecision(5))}`).join(" : ")}`;
}

function questionsOf(formula: string): Question[] {
  const read = parseFormula(formula);
  const named = nameQuestion(formula, read);
  if (named !== null) return [named];
  return [
    capitals(formula, read),
    zeros(formula, read),
    ones(formula, read),
    percents(formula, read),
  ].filter((one) => one !== null);
}

/** `Fe70Cr20Ni10`: atoms of a formula, or percents? */
function percents(formula: string, { amounts }: Composition): Question | null {
  const total = amounts.reduce((sum, { amount }) => sum + amount, 0);
  if (amounts.length < 2 || Math.abs(total - 100) > 0.5) return null;
  if (!/^(?:[A-Z][a-z]?[\d.]+(?:[(±][\d.]+\)?)?)+$/.test(formula)) return null;
  return {
    message: `"${formula}" is read as ${ratioText({ amounts })}, atoms of a formula; they sum to ${Number(total.toPrecision(4))}: percents?`,
    alternatives: [`${formula} at%`, `${formula} wt%`],
  };
}

/** `YBCO`: capitals alone, each an element. */
function nameQuestion(formula: string, read: Composition): Question | null {
  if (!/^[A-Z]{3,6}$/.test(formula) || REAL.has(formula)) return null;
  const meant = ABBREVIATIONS[formula] ?? [];
  const { alternatives } = capitals(formula, read) ?? { alternatives: [] };
  return {
    message: `"${formula}" is read as ${ratioText(read)}; it looks like a name or an abbreviation`,
    alternatives: [...meant, ...alternatives],
  };
}

interface Pair {
  readonly at: number;
  readonly symbol: string;
}

/** `SIO2`, `CO2`: two capitals that are one symbol where the second is small. */
function capitals(formula: string, read: Composition): Question | null {
  const pairs = pairsIn(formula, read);
  if (pairs.length === 0) return null;
  const put = (text: string, { at, symbol }: Pair): string =>
    text.slice(0, at) + symbol + text.slice(at + 2);
  const alternatives = [pairs.reduce(put, formula)];
  // Of LiCO2 both letters were meant: LiCoO2.
  const [pair] = pairs;
  if (pairs.length === 1 && pair!.symbol === "Co")
    alternatives.push(put(formula, { at: pair!.at, symbol: "CoO" }));
  const words = [...new Set(pairs.map(({ symbol }) => symbol))].map(
    (symbol) => `${elementName(symbol)} is written ${symbol}`,
  );
  return {
    message: `"${formula}" is read as ${ratioText(read)}; ${words.join(", ")}`,
    alternatives: readable(alternatives),
  };
}

function pairsIn(formula: string, read: Composition): Pair[] {
  const isAllCapitals = !/[a-z]/.test(formula);
  const isWhole = /^[A-Z]{2}$/.test(formula);
  const elements = elementsOf(read);
  const isOrganic =
    elements.includes("C") && elements.includes("H") && elements.every((one) => ORGANIC.has(one));
  const pairs: Pair[] = [];
  let end = 0;
  for (const match of formula.matchAll(/(?=([A-Z])([A-Z])(?![a-z]))/g)) {
    const symbol = match[1]! + match[2]!.toLowerCase();
    if (match.index < end || !isElement(symbol)) continue;
    const rest = formula.slice(match.index);
    const before = formula.slice(0, match.index);
    if (!isWhole && (isExotic(symbol) || isUsualGroup(before, rest))) continue;
    // Who writes small letters where they belong means his capitals, but for the metals whose second letter is an anion's.
    if (symbol === "Co" ? isOrganic : !isAllCapitals && !TRAPS.has(symbol)) continue;
    pairs.push({ at: match.index, symbol });
    end = match.index + 2;
  }
  return pairs;
}

/** Nobody has powders of these beside formulas that mean them. */
function isExotic(symbol: string): boolean {
  const z = atomicNumber(symbol);
  return z === 43 || z === 61 || (z > 83 && z !== 90 && z !== 92);
}

/** Carbonate, carbonyl, formate, thiocyanate, bifluoride, hydroxide. */
function isUsualGroup(before: string, rest: string): boolean {
  if (/^CO3(?!\d)/.test(rest)) return before !== "";
  if (/^(?:CO|HO|CS|NO)\)/.test(rest) || /^COO(?!\d)/.test(rest)) return true;
  if (rest.startsWith("SCN") || (rest.startsWith("CS") && before.endsWith("N"))) return true;
  if (rest.startsWith("CO(NH2)")) return true;
  return /^HF2(?!\d)/.test(rest) && before !== "";
}

/** `Fe203`, `Si02`, `Zn0`: a zero where O was meant, or an amount that no formula has. */
function zeros(formula: string, read: Composition): Question | null {
  const isLone = read.amounts.length === 1;
  let alternative = "";
  let from = 0;
  let reason = "";
  for (const match of formula.matchAll(/(?<=[A-Za-z)\]])(\d+)(?![\d.(±/])/g)) {
    const digits = match[1]!;
    const amount = Number(digits);
    const hasZero = digits.includes("0");
    const isOdd =
      digits.startsWith("0") ||
      amount > LARGEST_USUAL_AMOUNT ||
      (isLone && hasZero && !/^C[67]0$/.test(formula));
    if (!isOdd) continue;
    reason ||= `an amount of ${digits}`;
    if (!hasZero) continue;
    // The first zero that is no ending of a number such as 10 or 120, else the last.
    const zero = /0(?=[1-9])/.exec(digits)?.index ?? digits.lastIndexOf("0");
    alternative += `${formula.slice(from, match.index)}${digits.slice(0, zero)}O${digits.slice(zero + 1)}`;
    from = match.index + digits.length;
  }
  if (reason === "") return null;
  const whole = alternative + formula.slice(from);
  const alternatives = from === 0 || whole.includes("OO") ? [] : readable([whole]);
  const zero = alternatives.length === 0 ? "" : ", or a zero in the place of the letter O";
  return {
    message: `"${formula}" is read as ${ratioText(read)}: ${reason}${zero}?`,
    alternatives,
  };
}

/** `NaC1`: the digit one where the letter l was meant. */
function ones(formula: string, read: Composition): Question | null {
  const written = formula.match(/(?<=[A-Za-z)\]])1(?![\d.(±/])/g)?.length ?? 0;
  const meant = formula.replaceAll(/([CAT])1(?![\d.(±/])/g, "$1l");
  const changed = formula.match(/[CAT]1(?![\d.(±/])/g)?.length ?? 0;
  // Tables write every amount: C1H4N2O1.
  if (changed === 0 || written > changed) return null;
  const alternatives = readable([meant]);
  if (alternatives.length === 0) return null;
  return {
    message: `"${formula}" is read as ${ratioText(read)}: the digit 1, or the letter l?`,
    alternatives,
  };
}

function readable(formulas: readonly string[]): string[] {
  return [...new Set(formulas)].filter((one) => {
    try {
      parseFormula(one);
      return true;
    } catch {
      return false;
    }
  });
}

/** Formulas that a text which is none may have meant, best first; empty where nothing is likely. */
function formulasMeant(text: string): string[] {
  const written = text.trim();
  const abbreviation = ABBREVIATIONS[written.toUpperCase()];
  if (abbreviation !== undefined) return [...abbreviation];
  if (!/^[A-Za-z0-9.()[\]·*]{1,60}$/.test(written)) return [];
  const candidates = [written, written.replaceAll(/(?<=[A-Za-z])1/g, "l")]
    .flatMap((one) => [one, one.replaceAll(/(?<![\d.])0(?!\.)|0(?=[1-9])/g, "O")])
    .flatMap(recapitalised)
    .toSorted((a, b) => a.cost - b.cost);
  const least = (candidates[0]?.cost ?? 0) + 1;
  const likely = candidates.filter(({ formula, cost }) => cost < least && formula !== written);
  return readable(likely.map(({ formula }) => formula))
    .filter((one) => zeros(one, parseFormula(one)) === null)
    .slice(0, MOST_ALTERNATIVES);
}

interface Spelling {
  readonly formula: string;
  /** Symbols; a compound without any nonmetal is less likely than one with. */
  readonly cost: number;
}

/** The text with its letters as symbols of elements, in all ways. */
function recapitalised(text: string): Spelling[] {
  let spellings: { formula: string; symbols: string[] }[] = [{ formula: "", symbols: [] }];
  for (const [part] of text.matchAll(/[A-Za-z]+|[^A-Za-z]+/g)) {
    const ways = /[A-Za-z]/.test(part) ? symbolsOf(part) : null;
    if (ways !== null && ways.length === 0) return [];
    spellings = spellings
      .flatMap(({ formula, symbols }) =>
        ways === null
          ? [{ formula: formula + part, symbols }]
          : ways.map((way) => ({ formula: formula + way.join(""), symbols: [...symbols, ...way] })),
      )
      .toSorted((a, b) => costOf(a.symbols) - costOf(b.symbols))
      .slice(0, 20);
  }
  return spellings.map(({ formula, symbols }) => ({ formula, cost: costOf(symbols) }));
}

function costOf(symbols: readonly string[]): number {
  return symbols.length + (symbols.some((one) => NONMETALS.has(one)) ? 0 : 1.5);
}

/** A run of letters as symbols, in all ways. */
function symbolsOf(letters: string): string[][] {
  if (letters.length > LONGEST_RUN) return [];
  const ways: string[][][] = [[[]]];
  for (let end = 1; end <= letters.length; end++) {
    const here: string[][] = [];
    for (const length of [1, 2]) {
      if (length > end) continue;
      const written = letters.slice(end - length, end);
      const symbol = written[0]!.toUpperCase() + written.slice(1).toLowerCase();
      if (!isElement(symbol) || symbol === "D" || isExotic(symbol)) continue;
      for (const way of ways[end - length]!) here.push([...way, symbol]);
    }
    ways.push(here.toSorted((a, b) => a.length - b.length).slice(0, 20));
  }
  return ways[letters.length]!;
}

/** The same error with what may have been meant, where the text is no formula as it stands. */
export function withMeant(error: unknown, text: string): unknown {
  if (!(error instanceof EwaldError) || !/^(?:formula|composition)\//.test(error.code))
    return error;
  if (error.details.alternatives !== undefined) return error;
  const alternatives = formulasMeant(text);
  if (alternatives.length === 0) return error;
  return new EwaldError(error.code, error.message, {
    ...error.details,
    alternatives,
    hint: `Is ${alternatives.join(" or ")} meant? ${error.details.hint ?? ""}`.trim(),
  });
}
