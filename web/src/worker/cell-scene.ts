/**
 * What is drawn of a crystal: the atoms of one cell, those on its faces, edges and corners repeated, and the bonds between
 * them. A bond is drawing, not chemistry: two atoms nearer than 1.15 times the sum of their covalent radii (Cordero 2008); metals
 * beside metals are not joined where the compound has a true non-metal.
 */
import { element } from "../../../src/crystal/element.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { type Vec3, vectorTimesMatrix } from "../../../src/math/matrix3.ts";

interface CellAtom {
  readonly cart: Vec3;
  /** Drawn radius, Å. */
  readonly radiusAngstrom: number;
  readonly species: readonly { readonly element: string; readonly occupancy: number }[];
  /** Index of the structure's site. */
  readonly site: number;
}

export interface CellScene {
  readonly atoms: readonly CellAtom[];
  /** Pairs of atoms. */
  readonly bonds: readonly (readonly [number, number])[];
  readonly lattice: Structure["lattice"];
  /** Sites left out because there are too many to draw. */
  readonly sitesLeftOut: number;
}

const BOND_FACTOR = 1.15;
const SHORTEST_ANGSTROM = 0.5;
/** Pauling electronegativities: at or above the first a true non-metal, below the second a metal or a half-metal (Si, Ge, B). */
const NON_METAL = 2.5;
const METAL = 2.05;
/** Share of the atomic radius that is drawn, so that one can see between atoms. */
const DRAWN = 0.42;
const UNKNOWN_RADIUS_ANGSTROM = 1.4;
const ON_FACE = 1e-3;
const MOST_SITES = 1500;

function wrapped(x: number): number {
  const inside = x - Math.floor(x);
  return inside > 1 - ON_FACE ? 0 : inside;
}

/** 0 and, on a face, 1 too. */
function images(x: number): readonly number[] {
  return x < ON_FACE ? [x, x + 1] : [x];
}

export function cellScene({ lattice, sites }: Structure): CellScene {
  const drawn = sites.slice(0, MOST_SITES);
  const atoms = drawn.flatMap(({ species, frac }, site): CellAtom[] => {
    const [x, y, z] = frac.map(wrapped) as [number, number, number];
    const radiusAngstrom =
      DRAWN * Math.max(...species.map(({ element: symbol }) => atomRadius(symbol)));
    const kinds = species.map(({ element: symbol, occupancy }) => ({ element: symbol, occupancy }));
    const all: CellAtom[] = [];
    for (const u of images(x))
      for (const v of images(y))
        for (const w of images(z))
          all.push({
            cart: vectorTimesMatrix([u, v, w], lattice),
            radiusAngstrom,
            species: kinds,
            site,
          });
    return all;
  });
  return { atoms, bonds: bondsOf(atoms), lattice, sitesLeftOut: sites.length - drawn.length };
}

function atomRadius(symbol: string): number {
  const { atomicRadiusAngstrom, covalentRadiusAngstrom } = element(symbol);
  return atomicRadiusAngstrom ?? covalentRadiusAngstrom ?? UNKNOWN_RADIUS_ANGSTROM;
}

function bondsOf(atoms: readonly CellAtom[]): [number, number][] {
  const main = atoms.map(({ species }) => element(species[0]!.element));
  const radius = main.map((one) => one.covalentRadiusAngstrom ?? UNKNOWN_RADIUS_ANGSTROM);
  const negativity = main.map((one) => one.paulingElectronegativity ?? 2);
  const hasNonMetal = negativity.some((value) => value >= NON_METAL);
  const longest = 2 * BOND_FACTOR * Math.max(0, ...radius);
  // Sorted by x, so that only near ones are compared.
  const order = atoms.map((_, i) => i).sort((a, b) => atoms[a]!.cart[0] - atoms[b]!.cart[0]);
  const bonds: [number, number][] = [];
  for (const [rank, i] of order.entries()) {
    const [x, y, z] = atoms[i]!.cart;
    for (let other = rank + 1; other < order.length; other++) {
      const j = order[other]!;
      const [u, v, w] = atoms[j]!.cart;
      if (u - x > longest) break;
      if (hasNonMetal && negativity[i]! < METAL && negativity[j]! < METAL) continue;
      const distance = Math.hypot(u - x, v - y, w - z);
      if (distance > SHORTEST_ANGSTROM && distance <= BOND_FACTOR * (radius[i]! + radius[j]!))
        bonds.push([Math.min(i, j), Math.max(i, j)]);
    }
  }
  return bonds;
}
