/** Random structures and changes of description for property tests. */
import * as fc from "fast-check";
import { latticeFromParameters } from "../../src/crystal/lattice.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { type Mat3, multiply } from "../../src/math/matrix3.ts";

function range(min: number, max: number): fc.Arbitrary<number> {
  return fc.double({ min, max, noNaN: true });
}

/** One to six sites in a triclinic cell of 2-6 Å; atoms may come close. */
export function smallStructure(): fc.Arbitrary<Structure> {
  return fc
    .record({
      cell: fc.tuple(
        range(2, 6),
        range(2, 6),
        range(2, 6),
        range(75, 105),
        range(75, 105),
        range(75, 105),
      ),
      atoms: fc.array(
        fc.record({
          element: fc.constantFrom("Na", "Cl", "O"),
          frac: fc.tuple(range(-0.9, 0.9), range(-0.9, 0.9), range(-0.9, 0.9)),
        }),
        { minLength: 1, maxLength: 6 },
      ),
    })
    .map(({ cell: [a, b, c, alphaDeg, betaDeg, gammaDeg], atoms }) => ({
      lattice: latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg }),
      sites: atoms.map(({ element, frac }) => ({ species: [{ element, occupancy: 1 }], frac })),
    }));
}

const STEPS: readonly Mat3[] = [
  [
    [1, 1, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [1, 0, -1],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [1, 0, 0],
    [0, 1, 1],
    [0, 0, 1],
  ],
  [
    [1, 0, 0],
    [-1, 1, 0],
    [0, 0, 1],
  ],
  [
    [1, 0, 0],
    [0, 1, 0],
    [1, 0, 1],
  ],
  [
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ],
  [
    [0, -1, 0],
    [1, 0, 0],
    [0, 0, 1],
  ],
  [
    [-1, 0, 0],
    [0, -1, 0],
    [0, 0, 1],
  ],
];

/** Products of up to four elementary changes of basis: whole numbers, determinant +1. */
export function unimodular(): fc.Arbitrary<Mat3> {
  return fc
    .array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 4 })
    .map((steps) => steps.reduce((product, step) => multiply(product, step)));
}
