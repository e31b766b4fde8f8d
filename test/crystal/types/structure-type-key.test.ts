import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { latticeFromParameters } from "../../../src/crystal/lattice.ts";
import { wyckoffPositions } from "../../../src/crystal/symmetry/space-group.ts";
import { changeAxes, shiftOrigin, supercell } from "../../../src/crystal/structure-transform.ts";
import { structureTypeKey } from "../../../src/crystal/types/structure-type-key.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { WYCKOFF_NORMALISER } from "../../../src/crystal/symmetry/wyckoff-normaliser.table.ts";
import { normaliserPermutations } from "../../../src/crystal/symmetry/wyckoff-normaliser.ts";
import { unimodular } from "../../support/structures.ts";

function structure(
  [a, b, c, alphaDeg, betaDeg, gammaDeg]: readonly [number, number, number, number, number, number],
  atoms: readonly (readonly [string, number, number, number])[],
): Structure {
  return {
    lattice: latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg }),
    sites: atoms.map(([element, x, y, z]) => ({
      species: [{ element, occupancy: 1 }],
      frac: [x, y, z],
    })),
  };
}

const u = 0.3053;
const rutile = structure(
  [4.594, 4.594, 2.959, 90, 90, 90],
  [
    ["Ti", 0, 0, 0],
    ["Ti", 0.5, 0.5, 0.5],
    ["O", u, u, 0],
    ["O", 1 - u, 1 - u, 0],
    ["O", 0.5 + u, 0.5 - u, 0.5],
    ["O", 0.5 - u, 0.5 + u, 0.5],
  ],
);
/** P-1 with three of the eight inversion centres and two general pairs in use. */
const triclinic = structure(
  [4.1, 5.3, 6.2, 81, 97, 104],
  [
    ["Ca", 0, 0, 0],
    ["Ti", 0.5, 0, 0.5],
    ["Ti", 0, 0.5, 0],
    ["O", 0.21, 0.33, 0.27],
    ["O", -0.21, -0.33, -0.27],
    ["F", 0.61, 0.13, 0.37],
    ["F", -0.61, -0.13, -0.37],
  ],
);
/** Pmmm: which letters are in use depends on the order of the cell lengths. */
const orthorhombic = structure(
  [3.9, 4.4, 5.1, 90, 90, 90],
  [
    ["Y", 0, 0, 0],
    ["Ba", 0.5, 0.5, 0.5],
    ["O", 0.5, 0, 0.5],
    ["Cu", 0, 0.5, 0],
    ["F", 0, 0, 0.31],
    ["F", 0, 0, -0.31],
  ],
);
const CASES: readonly (readonly [string, Structure])[] = [
  ["rutile", rutile],
  ["triclinic", triclinic],
  ["orthorhombic", orthorhombic],
];

/** A generator seeded by the property's own integer, so that failures replay. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) as number;
  };
}

beforeAll(() => loadSymmetry());

describe("structureTypeKey", () => {
  test("rutile, P-1 under 1344 choices", () => {
    expect(structureTypeKey(rutile)).toBe("AB2|tP6|136|a f");
    expect(structureTypeKey(triclinic)).toBe("AB2C2D2|aP7|2|a bc i i");
  });

  test("a cell whose lengths cross keeps its key (affine, not only Euclidean normaliser)", () => {
    const keys = new Set<string>();
    for (const lengths of [
      [3.9, 4.4, 5.1],
      [5.1, 4.4, 3.9],
      [4.4, 5.1, 3.9],
    ] as const) {
      const [a, b, c] = lengths;
      keys.add(
        structureTypeKey({
          ...orthorhombic,
          lattice: latticeFromParameters({ a, b, c, alphaDeg: 90, betaDeg: 90, gammaDeg: 90 }),
        }),
      );
    }
    // F along b through Y; Cu beside Y across that axis, O beside and along it: by hand from Tables A.
    expect([...keys]).toEqual(["ABCDE2|oP6|47|a b g h m"]);
  });

  for (const [name, crystal] of CASES) {
    test(`${name}: axes, origin, supercell, order of atoms leave the key`, () => {
      const key = structureTypeKey(crystal);
      fc.assert(
        fc.property(
          unimodular(),
          fc.tuple(
            ...([0, 1, 2].map(() => fc.double({ min: -1, max: 1, noNaN: true })) as [
              fc.Arbitrary<number>,
              fc.Arbitrary<number>,
              fc.Arbitrary<number>,
            ]),
          ),
          fc.constantFrom([1, 1, 1] as const, [2, 1, 1] as const, [1, 3, 2] as const),
          fc.integer(),
          (rows, shift, repeats, seed) => {
            const moved = supercell(shiftOrigin(changeAxes(crystal, rows), shift), repeats);
            const random = noise(seed);
            const order = new Map(moved.sites.map((site) => [site, random()]));
            const sites = moved.sites.toSorted((p, q) => (order.get(p) ?? 0) - (order.get(q) ?? 0));
            expect(structureTypeKey({ ...moved, sites })).toBe(key);
          },
        ),
        { numRuns: 40 },
      );
    });
  }

  test("noise of a tenth of the tolerance leaves the key", () => {
    for (const [, crystal] of CASES) {
      for (const symprecAngstrom of [0.1, 0.01]) {
        const key = structureTypeKey(crystal, { symprecAngstrom });
        for (let seed = 1; seed <= 10; seed++) {
          const random = noise(seed * 7919);
          const [a, b, c] = [0, 1, 2].map((row) =>
            Math.hypot(...(crystal.lattice[row] as [number, number, number])),
          );
          const size = (0.1 * symprecAngstrom) / Math.sqrt(3);
          const sites = crystal.sites.map((site) => ({
            ...site,
            frac: [
              site.frac[0] + (size * random()) / (a as number),
              site.frac[1] + (size * random()) / (b as number),
              site.frac[2] + (size * random()) / (c as number),
            ] as const,
          }));
          expect(structureTypeKey({ ...crystal, sites }, { symprecAngstrom })).toBe(key);
        }
      }
    }
  });

  test("mixed and partly filled sites count as their most abundant element", () => {
    const metal = [
      { element: "Ti", occupancy: 0.6 },
      { element: "Nb", occupancy: 0.4 },
    ];
    const half: Structure = {
      ...rutile,
      sites: rutile.sites.map(({ frac }, index) => ({
        frac,
        species: index < 2 ? metal : [{ element: "O", occupancy: 0.9 }],
      })),
    };
    expect(structureTypeKey(half)).toBe("AB2|tP6|136|a f");
  });
});

describe("the normaliser's table", () => {
  test("orders that are known otherwise", () => {
    // P-1: the affine group over Z₂ in three dimensions, 2³ · |GL(3,2)| = 8 · 168, acts on the inversion centres.
    expect(normaliserPermutations(2)).toHaveLength(1344);
    // Pmmm: eight origins, six orders of the axes (Koch & Fischer 1975).
    expect(normaliserPermutations(47)).toHaveLength(48);
    // Fm-3m: the origin at a or b.
    expect(normaliserPermutations(225)).toHaveLength(2);
    // F-43m: four origins (a, b, c, d), and the mirror that exchanges b and d with a in place.
    expect(normaliserPermutations(216)).toHaveLength(8);
    // Ia-3d has no other origin.
    expect(normaliserPermutations(230)).toHaveLength(1);
  });

  test("permutations keep multiplicities and are as many as the table says", () => {
    for (const [number, { letters, order, generators }] of Object.entries(WYCKOFF_NORMALISER)) {
      const positions = new Map(
        wyckoffPositions({ number: Number(number) }).map((position) => [position.letter, position]),
      );
      expect(letters).toHaveLength(positions.size);
      expect(normaliserPermutations(Number(number))).toHaveLength(order);
      for (const generator of generators) {
        for (const [index, image] of Array.from(generator).entries()) {
          expect(positions.get(image)?.multiplicity).toBe(
            positions.get(letters[index] as string)?.multiplicity,
          );
        }
      }
    }
  });
});

test("P2/c: c → c + 2a exchanges e and f alone (missed once by matrices of 0, ±1 only)", () => {
  const images = normaliserPermutations(13).map((map) =>
    "abcdefg".replaceAll(/./g, (l) => map.get(l) ?? l),
  );
  expect(images).toContain("abcdfeg");
  expect(images).toHaveLength(8);
});
