/**
 * Compositions: amounts of elements, with standard uncertainties where the source states them. Amounts
 * are relative (per formula unit, per cell, atomic fractions): everything here depends on ratios, but
 * for the molar mass. H and D are different entries.
 */
import { EwaldError } from "../../errors.ts";
import { atomicNumber, element, elementValue } from "../element.ts";
import type { Species, Structure } from "../structure.ts";

export interface ElementAmount {
  /** IUPAC symbol; deuterium is `"D"`. */
  readonly element: string;
  /** Atoms, > 0. */
  readonly amount: number;
  /** Standard uncertainty of `amount` where the source states one. */
  readonly amountEsd?: number;
}

/** Amounts of elements, one entry for each element. */
export interface Composition {
  /** One entry per element, in the order of the source. */
  readonly amounts: readonly ElementAmount[];
  /** Electric charge of the amounts together, where the source states one. */
  readonly charge?: number;
}

/**
 * One entry per element: amounts of the same element are added, their uncertainties in quadrature;
 * what is exactly 0 is left out.
 *
 * @throws EwaldError `element/unknown`, `composition/amount` for an amount or uncertainty that is
 * negative or not finite, `composition/empty`
 */
export function composition(amounts: Iterable<ElementAmount>, charge?: number): Composition {
  const sums = new Map<string, { amount: number; variance: number; isUncertain: boolean }>();
  for (const { element: symbol, amount, amountEsd } of amounts) {
    element(symbol);
    if (!(amount >= 0 && amount < Infinity) || !((amountEsd ?? 0) >= 0)) {
      throw new EwaldError("composition/amount", `${amount} is not an amount of ${symbol}`, {
        value: amountEsd === undefined ? amount : [amount, amountEsd],
      });
    }
    if (amount === 0) continue;
    const sum = sums.get(symbol) ?? { amount: 0, variance: 0, isUncertain: false };
    sum.amount += amount;
    sum.variance += (amountEsd ?? 0) ** 2;
    sum.isUncertain ||= amountEsd !== undefined;
    sums.set(symbol, sum);
  }
  if (sums.size === 0) throw new EwaldError("composition/empty", "a composition without elements");
  const entries = [...sums].map(([symbol, { amount, variance, isUncertain }]) =>
    isUncertain
      ? { element: symbol, amount, amountEsd: Math.sqrt(variance) }
      : { element: symbol, amount },
  );
  return charge === undefined ? { amounts: entries } : { amounts: entries, charge };
}

/** Nearer than this to a whole number, a sum of occupancies is that number: 3 × 0.3333 is not. */
const ROUNDING = 1e-8;

/**
 * The composition of one cell of the structure, partial occupancies counted as such.
 * @throws EwaldError as `composition`
 */
export function compositionOf(structure: Structure): Composition {
  const species = structure.sites.flatMap((site) => site.species);
  const { amounts } = composition(species.map(amountOfSpecies));
  return { amounts: amounts.map(withoutRounding) };
}

function amountOfSpecies({ element, occupancy, occupancyEsd }: Species): ElementAmount {
  if (occupancyEsd === undefined) return { element, amount: occupancy };
  return { element, amount: occupancy, amountEsd: occupancyEsd };
}

function withoutRounding(entry: ElementAmount): ElementAmount {
  const whole = Math.round(entry.amount);
  return Math.abs(entry.amount - whole) < ROUNDING ? { ...entry, amount: whole } : entry;
}

/** Symbols in alphabetical order. */
export function elementsOf({ amounts }: Composition): string[] {
  return amounts.map((entry) => entry.element).sort();
}

/** Amount of an element, 0 where there is none. */
export function amountOf({ amounts }: Composition, symbol: string): number {
  return amounts.find((entry) => entry.element === symbol)?.amount ?? 0;
}

export function totalAmount({ amounts }: Composition): number {
  return amounts.reduce((sum, entry) => sum + entry.amount, 0);
}

/** g per mole of the amounts as they stand (of formula units, of cells). */
export function molarMassGPerMol({ amounts }: Composition): number {
  return amounts.reduce(
    (sum, entry) => sum + entry.amount * elementValue(entry.element, "standardAtomicWeight"),
    0,
  );
}

/** Element → its part of all atoms, in the order of the composition. */
export function atomicFractions(of: Composition): Map<string, number> {
  const total = totalAmount(of);
  return new Map(of.amounts.map((entry) => [entry.element, entry.amount / total]));
}

/** Element → its part of the mass, in the order of the composition. */
export function massFractions(of: Composition): Map<string, number> {
  const total = molarMassGPerMol(of);
  return new Map(
    of.amounts.map(({ element: symbol, amount }) => [
      symbol,
      (amount * elementValue(symbol, "standardAtomicWeight")) / total,
    ]),
  );
}

/** Elements by atomic number, D after H. */
export function byAtomicNumber(a: string, b: string): number {
  return atomicNumber(a) - atomicNumber(b) || (a === b ? 0 : a === "H" ? -1 : 1);
}
