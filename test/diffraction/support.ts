/** Structures for the diffraction tests, and generators of random ones. */
import * as fc from "fast-check";

import { latticeFromParameters } from "../../src/crystal/lattice.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import type { Vec3 } from "../../src/math/matrix3.ts";

export type Cell = readonly [number, number, number, number, number, number];

export function structureOf(
  cell: Cell,
  sites: readonly (readonly [string, number, number, number])[],
): Structure {
  const [a, b, c, alphaDeg, betaDeg, gammaDeg] = cell;
  return {
    lattice: latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg }),
    sites: sites.map(([element, ...frac]) => ({ species: [{ element, occupancy: 1 }], frac })),
  };
}

const FCC: readonly Vec3[] = [
  [0, 0, 0],
  [0, 0.5, 0.5],
  [0.5, 0, 0.5],
  [0.5, 0.5, 0],
];

/** Each site four times, on the face-centred translations. */
export function faceCentred(
  a: number,
  sites: readonly (readonly [string, number, number, number])[],
): Structure {
  return structureOf(
    [a, a, a, 90, 90, 90],
    sites.flatMap(([element, x, y, z]) =>
      FCC.map(([u, v, w]) => [element, x + u, y + v, z + w] as const),
    ),
  );
}

export const silicon = faceCentred(5.431, [
  ["Si", 0, 0, 0],
  ["Si", 0.25, 0.25, 0.25],
]);
export const rockSalt = faceCentred(5.64, [
  ["Na", 0, 0, 0],
  ["Cl", 0.5, 0.5, 0.5],
]);

/** Skewed cells on purpose: angles from 30 to 140°, closed to a volume. */
export const anyCell: fc.Arbitrary<Cell> = fc
  .tuple(
    fc.double({ min: 2.5, max: 12, noNaN: true }),
    fc.double({ min: 2.5, max: 12, noNaN: true }),
    fc.double({ min: 2.5, max: 12, noNaN: true }),
    fc.double({ min: 35, max: 140, noNaN: true }),
    fc.double({ min: 35, max: 140, noNaN: true }),
    fc.double({ min: 30, max: 140, noNaN: true }),
  )
  .filter(([, , , alpha, beta, gamma]) => {
    const [x, y, z] = [alpha, beta, gamma].map((angle) => Math.cos((angle * Math.PI) / 180));
    return 1 - x! * x! - y! * y! - z! * z! + 2 * x! * y! * z! > 0.03;
  });

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** One to six atoms of common elements anywhere in any cell. */
export const anyStructure: fc.Arbitrary<Structure> = fc
  .tuple(
    anyCell,
    fc.array(fc.tuple(fc.constantFrom("Si", "O", "Fe", "La", "H"), fraction, fraction, fraction), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([cell, sites]) => structureOf(cell, sites));
