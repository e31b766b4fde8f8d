/**
 * How alike two structures of one key are in their geometry: numbers that do not depend on the description and
 * change smoothly with the atoms. They tell pyrite from solid carbon dioxide, which share every letter.
 *
 * For each anonymous species: the mean distances to the 12 nearest atoms of any kind and to the 6 nearest of the
 * same element, in units of (V/N)^(1/3): average minimum distances, made per species (D. Widdowson, M. M. Mosca,
 * A. Pulido, A. I. Cooper, V. Kurlin, MATCH Commun. Math. Comput. Chem. 87, 529 (2022)).
 */
import { neighbours } from "../distances.ts";
import { cellVolume } from "../lattice.ts";
import { dominantElement } from "./structure-type-key.ts";
import type { Structure } from "../structure.ts";

const NEAREST_OF_ALL = 12;
const NEAREST_ALIKE = 6;

/** Mean distances by rank of neighbour. */
export interface SpeciesShape {
  readonly amount: number;
  readonly element: string;
  readonly distances: Float64Array;
}

/** Sum over `indices` of the distances to the first `count` neighbours, in Å, by rank. */
function sumOfNearest(structure: Structure, count: number): (index: number) => readonly number[] {
  const n = structure.sites.length;
  // Radius that holds `count` atoms at mean density, with room; grown until every site has enough.
  let cutoff =
    1.25 * Math.cbrt((3 * (count + 1) * cellVolume(structure.lattice)) / (4 * Math.PI * n));
  for (;;) {
    const { start, distanceAngstrom } = neighbours(structure, cutoff);
    const enough = structure.sites.every(
      (_, i) => (start[i + 1] as number) - (start[i] as number) >= count,
    );
    if (enough)
      return (i) => [...distanceAngstrom.subarray(start[i], (start[i] as number) + count)];
    cutoff *= 1.3;
  }
}

/** Shape of a structure (give the primitive cell: fewer sites, same numbers), per species as listed. */
export function structureShape(
  structure: Structure,
  species: readonly { readonly element: string; readonly amount: number }[],
): SpeciesShape[] {
  const n = structure.sites.length;
  const unit = Math.cbrt(cellVolume(structure.lattice) / n);
  const elements = structure.sites.map(dominantElement);
  const ofAll = sumOfNearest(structure, NEAREST_OF_ALL);
  return species.map(({ element, amount }) => {
    const own = elements.flatMap((other, index) => (other === element ? [index] : []));
    const alone: Structure = {
      lattice: structure.lattice,
      sites: own.map((index) => structure.sites[index] as Structure["sites"][0]),
    };
    const alike = sumOfNearest(alone, NEAREST_ALIKE);
    const distances = new Float64Array(NEAREST_OF_ALL + NEAREST_ALIKE);
    for (const [position, index] of own.entries()) {
      for (const [rank, d] of [...ofAll(index), ...alike(position)].entries())
        distances[rank] = (distances[rank] as number) + d / (unit * own.length);
    }
    return { amount, element, distances };
  });
}

function difference(one: SpeciesShape, other: SpeciesShape): number {
  let sum = 0;
  for (const [rank, d] of one.distances.entries())
    sum += Math.abs(d - (other.distances[rank] as number));
  return sum / one.distances.length;
}

/** Beyond this many species of one amount the orders are not all tried; no listed type has so many. */
const MOST_TIED = 5;

/**
 * Mean difference of the numbers over all species, those of equal amount paired in the best way. 0 for the
 * same geometry; about 0.02 for members of one type, above 0.1 for what chemists call different types.
 * Infinity when the amounts differ.
 */
export function shapeDistance(
  one: readonly SpeciesShape[],
  other: readonly SpeciesShape[],
): number {
  if (one.length !== other.length) return Infinity;
  let total = 0;
  for (let first = 0; first < one.length;) {
    const { amount } = one[first] as SpeciesShape;
    const here = one.filter((shape) => shape.amount === amount);
    const there = other.filter((shape) => shape.amount === amount);
    if (here.length !== there.length || here.length > MOST_TIED) return Infinity;
    total += bestPairing(here, there);
    first += here.length;
  }
  return total / one.length;
}

function bestPairing(here: readonly SpeciesShape[], there: readonly SpeciesShape[]): number {
  const [first, ...rest] = here;
  if (first === undefined) return 0;
  return Math.min(
    ...there.map(
      (partner, index) => difference(first, partner) + bestPairing(rest, there.toSpliced(index, 1)),
    ),
  );
}
