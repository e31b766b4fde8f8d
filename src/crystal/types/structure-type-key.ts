/**
 * The structure type key, `AB2|tP6|136|a f` for rutile: anonymous formula (amounts ascending) | Pearson symbol |
 * space group | Wyckoff letters per anonymous species. Two structures with one key are *isopointal*
 * (J. Lima-de-Faria, E. Hellner, F. Liebau, E. Makovicky, E. Parthé, Acta Cryst. A46, 1 (1990)).
 *
 * Mixed and partly filled sites: a site counts once, whole, as its most abundant element (ties: the first in the
 * alphabet). The rule is that of dominant constituents by which minerals are named, so (Mg,Fe)₂SiO₄ with
 * unlike mixtures on its two metal sites is olivine, Fe₀.₉₅O is rock salt, and a random alloy is its lattice.
 * The symmetry itself is still that of the sites told apart by their occupancies.
 */
import { anonymousText } from "../composition/composition-formula.ts";
import { canonicalWyckoff } from "../symmetry/wyckoff-normaliser.ts";
import type { Site, Structure } from "../structure.ts";
import { type Symmetry, type SymmetryOptions, analyzeSymmetry } from "../symmetry/symmetry.ts";

/** The element a site counts as. */
export function dominantElement(site: Site): string {
  let best = site.species[0] as Site["species"][0];
  for (const species of site.species) {
    const more = species.occupancy - best.occupancy;
    if (more > 1e-6 || (more > -1e-6 && species.element < best.element)) best = species;
  }
  return best.element;
}

/** One element of the key with its share of the cell. */
export interface AnonymousSpecies {
  readonly element: string;
  /** Whole number in the reduced formula. */
  readonly amount: number;
  /** Wyckoff letter of each orbit, in the symmetry finder's description. */
  readonly letters: readonly string[];
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The elements of a structure by rising amount (then alphabet), with their orbits. */
export function anonymousSpecies(structure: Structure, symmetry: Symmetry): AnonymousSpecies[] {
  const counts = new Map<string, { sites: number; letters: string[] }>();
  for (const [index, site] of structure.sites.entries()) {
    const element = dominantElement(site);
    let entry = counts.get(element);
    if (entry === undefined) counts.set(element, (entry = { sites: 0, letters: [] }));
    entry.sites++;
    if (symmetry.orbits[index] === index)
      entry.letters.push(symmetry.conventionalLetters[index] as string);
  }
  const divisor = [...counts.values()].map(({ sites }) => sites).reduce(greatestCommonDivisor);
  return [...counts]
    .map(([element, { sites, letters }]) => ({ element, amount: sites / divisor, letters }))
    .toSorted((one, other) => one.amount - other.amount || (one.element < other.element ? -1 : 1));
}

export function keyOf(symmetry: Symmetry, species: readonly AnonymousSpecies[]): string {
  return [
    anonymousText(species.map(({ amount }) => amount)),
    symmetry.pearson,
    symmetry.number,
    canonicalWyckoff(symmetry.number, species),
  ].join("|");
}

/**
 * The key without name or discriminator.
 *
 * @throws EwaldError as `analyzeSymmetry`
 */
export function structureTypeKey(structure: Structure, options?: SymmetryOptions): string {
  const symmetry = analyzeSymmetry(structure, options);
  return keyOf(symmetry, anonymousSpecies(structure, symmetry));
}
