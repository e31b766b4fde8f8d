/** Compositions written as formulas: reduced, Hill, anonymous. `parseFormula` reads all of them back. */
import type { Composition, ElementAmount } from "./composition.ts";
import { element } from "../element.ts";

/**
 * `alphabetical`, or `conventional` as chemists read it: electronegativity ascending (Pauling; elements without a value last), and
 * Hill's order for what holds carbon, hydrogen and no metal.
 */
export type ElementOrder = "alphabetical" | "conventional";

/** Elements of organic molecules. Salts and complexes have others too: NaHCO3 is read by electronegativity. */
const ORGANIC = new Set("C H D B N O F Si P S Cl Se Br I".split(" "));

/** Amounts nearer than this to a whole number count as whole. */
const ROUNDING = 1e-6;

/**
 * Formula of the amounts as they stand: `Ca0.5Sr0.5TiO3`. Up to six decimals are written (more for
 * amounts below 0.01), 1 is left out.
 */
export function formulaOf(composition: Composition, order: ElementOrder = "alphabetical"): string {
  return ordered(composition.amounts, order)
    .map((entry) => entry.element + amountText(entry.amount))
    .join("");
}

/**
 * The reduced formula: the amounts divided by their greatest common divisor. Amounts that are not whole stay
 * decimals and are divided by that of the whole ones beside them: Sr4.08Ti4O12 is Sr1.02TiO3, and
 * Ca0.5Sr0.5TiO3 stays as it is.
 */
export function reducedFormula(
  composition: Composition,
  order: ElementOrder = "alphabetical",
): string {
  return formulaOf(reduced(composition), order);
}

/** The composition that {@link reducedFormula} writes, uncertainties divided alike. */
export function reduced(composition: Composition): Composition {
  const divisor = commonDivisor(composition.amounts.map((entry) => entry.amount));
  if (divisor === 1) return composition;
  return {
    amounts: composition.amounts.map(({ element, amount, amountEsd }) =>
      amountEsd === undefined
        ? { element, amount: amount / divisor }
        : { element, amount: amount / divisor, amountEsd: amountEsd / divisor },
    ),
    ...(composition.charge === undefined ? {} : { charge: composition.charge / divisor }),
  };
}

/**
 * Formula in the order of Hill (J. Am. Chem. Soc. 22 (1900) 478), as CIF writes it: with carbon C, H,
 * then the rest alphabetically; without carbon all alphabetically. Not reduced: `C6 H12 O6`.
 */
export function hillFormula(composition: Composition): string {
  return inHillOrder(composition.amounts)
    .map((entry) => entry.element + amountText(entry.amount))
    .join(" ");
}

function inHillOrder(amounts: readonly ElementAmount[]): ElementAmount[] {
  const hasCarbon = amounts.some((entry) => entry.element === "C");
  // Digits sort before letters.
  const key = ({ element }: ElementAmount) =>
    hasCarbon && (element === "C" || element === "H") ? `${"CH".indexOf(element)}` : element;
  return [...amounts].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function isOrganic(amounts: readonly ElementAmount[]): boolean {
  const holds = (symbol: string) => amounts.some(({ element }) => element === symbol);
  return (
    holds("C") && (holds("H") || holds("D")) && amounts.every((entry) => ORGANIC.has(entry.element))
  );
}

/** Letters for elements, reduced amounts ascending: perovskite is `ABC3`, corundum `A2B3`. */
export function anonymousFormula(composition: Composition): string {
  const amounts = composition.amounts.map((entry) => entry.amount);
  const divisor = commonDivisor(amounts);
  return anonymousText(amounts.map((amount) => amount / divisor).sort((a, b) => a - b));
}

/** Letters with the amounts as given: A, B, …, Z, Aa, Ab, … */
export function anonymousText(amounts: readonly number[]): string {
  return amounts.map((amount, index) => anonymousSymbol(index) + amountText(amount)).join("");
}

function anonymousSymbol(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  const round = Math.floor(index / 26);
  return round === 0 ? letter : String.fromCharCode(64 + round) + letter.toLowerCase();
}

/** Greatest common divisor of those amounts that are whole, 1 where none is. */
function commonDivisor(amounts: readonly number[]): number {
  let divisor = 0;
  for (const amount of amounts) {
    const whole = Math.round(amount);
    if (whole === 0 || Math.abs(amount - whole) > ROUNDING) continue;
    let [a, b] = [whole, divisor];
    while (b !== 0) [a, b] = [b, a % b];
    divisor = a;
  }
  return divisor === 0 ? 1 : divisor;
}

function ordered(amounts: readonly ElementAmount[], order: ElementOrder): ElementAmount[] {
  const sorted = [...amounts].sort((a, b) => (a.element < b.element ? -1 : 1));
  if (order === "alphabetical") return sorted;
  if (isOrganic(amounts)) return inHillOrder(amounts);
  const rank = (entry: ElementAmount) =>
    element(entry.element).paulingElectronegativity ?? Infinity;
  return sorted.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** No exponent: a formula has none. */
function amountText(amount: number): string {
  const decimals = Math.min(20, Math.max(6, 4 - Math.floor(Math.log10(amount))));
  const text = amount.toFixed(decimals).replace(/\.?0+$/, "");
  return text === "1" ? "" : text;
}
