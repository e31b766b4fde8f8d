import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { delaunayReduce, niggliReduce } from "../../../src/crystal/symmetry/cell-reduction.ts";
import {
  cellVolume,
  latticeFromParameters,
  latticeParameters,
} from "../../../src/crystal/lattice.ts";
import { changeAxes, shiftOrigin, supercell } from "../../../src/crystal/structure-transform.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { EwaldError } from "../../../src/errors.ts";
import { determinant, dot, type Mat3, multiply, type Vec3 } from "../../../src/math/matrix3.ts";
import { smallStructure, unimodular } from "../../support/structures.ts";

function parametersOf(lattice: Mat3): number[] {
  return Object.values(latticeParameters(lattice)) as number[];
}

describe("niggliReduce", () => {
  test("the worked example of Krivy and Gruber (1976)", () => {
    // Cell 3, √27, 2 Å with 2ξ.. given there as A=9, B=27, C=4, ξ=−5, η=−4, ζ=−22; reduced: 4 9 9 9 3 4.
    const lattice = latticeFromParameters({
      a: 3,
      b: Math.sqrt(27),
      c: 2,
      alphaDeg: (Math.acos(-5 / 2 / (Math.sqrt(27) * 2)) * 180) / Math.PI,
      betaDeg: (Math.acos(-4 / 2 / (3 * 2)) * 180) / Math.PI,
      gammaDeg: (Math.acos(-22 / 2 / (3 * Math.sqrt(27))) * 180) / Math.PI,
    });
    const { lattice: reduced } = niggliReduce(lattice);
    const [a, b, c] = reduced;
    const g6 = [dot(a, a), dot(b, b), dot(c, c), 2 * dot(b, c), 2 * dot(a, c), 2 * dot(a, b)];
    for (const [index, value] of [4, 9, 9, 9, 3, 4].entries())
      expect(g6[index]).toBeCloseTo(value, 9);
  });

  test("whole numbers of determinant +1 lead there, and the volume stays", () => {
    fc.assert(
      fc.property(smallStructure(), unimodular(), ({ lattice }, rows) => {
        const skewed = multiply(rows, lattice);
        for (const reduce of [niggliReduce, delaunayReduce]) {
          const { lattice: reduced, basisRows } = reduce(skewed);
          expect(basisRows.flat().every(Number.isInteger)).toBe(true);
          expect(determinant(basisRows)).toBe(1);
          expect(multiply(basisRows, skewed).flat()).toEqual(reduced.flat());
          expect(cellVolume(reduced)).toBeCloseTo(cellVolume(lattice), 6);
        }
      }),
    );
  });

  test("is one cell per lattice, whatever the axes", () => {
    fc.assert(
      fc.property(smallStructure(), unimodular(), ({ lattice }, rows) => {
        const here = parametersOf(niggliReduce(lattice).lattice);
        const there = parametersOf(niggliReduce(multiply(rows, lattice)).lattice);
        // Lengths always; angles flip between the two types of cell when a lattice sits on a boundary (a 90° angle).
        for (const index of [0, 1, 2]) expect(there[index]).toBeCloseTo(here[index] as number, 3);
        if (
          here.slice(3).every((angle) => Math.abs(angle - 90) > 0.01 && Math.abs(angle - 60) > 0.01)
        )
          for (const index of [3, 4, 5]) expect(there[index]).toBeCloseTo(here[index] as number, 2);
      }),
    );
  });

  test("fcc and bcc from their conventional primitive vectors", () => {
    const fcc = niggliReduce([
      [0, 2, 2],
      [2, 0, 2],
      [2, 2, 0],
    ]).lattice;
    for (const angle of parametersOf(fcc).slice(3)) expect(angle).toBeCloseTo(60, 9);
    const bcc = niggliReduce([
      [-2, 2, 2],
      [2, -2, 2],
      [2, 2, -2],
    ]).lattice;
    for (const angle of parametersOf(bcc).slice(3)) expect(angle).toBeCloseTo(109.4712206, 5);
  });

  test("a needle of 1:1000 settles; a flat cell is refused", () => {
    const needle = niggliReduce([
      [1, 0, 0],
      [1000, 1, 0],
      [777, 333, 1],
    ]);
    expect(parametersOf(needle.lattice)).toEqual([1, 1, 1, 90, 90, 90]);
    expect(() =>
      niggliReduce([
        [1, 0, 0],
        [2, 0, 0],
        [0, 0, 1],
      ]),
    ).toThrow(EwaldError);
  });
});

// Relaxed cells that miss 120° or 60° by just the tolerance: the reduction went in circles at 1e-5 alone.
test.each([
  [4.957114, 4.957119, 5.908241, 89.99976, 89.9998, 120.0003],
  [4.017081, 4.017076, 4.016936, 60.00134, 60.00089, 59.99694],
  [6.302891, 10.87776, 10.87777, 60.00006, 89.99977, 89.99958],
  [5.034436, 5.036945, 9.779958, 89.99989, 90.00023, 119.9835],
])("niggliReduce settles on %d %d %d %d %d %d", (a, b, c, alphaDeg, betaDeg, gammaDeg) => {
  const lattice = latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg });
  const reduced = niggliReduce(lattice);
  expect(cellVolume(reduced.lattice)).toBeCloseTo(cellVolume(lattice), 8);
});

describe("changing the description", () => {
  test("axes there and back", () => {
    fc.assert(
      fc.property(smallStructure(), unimodular(), (structure, rows) => {
        const moved = changeAxes(structure, rows);
        expect(moved.sites).toHaveLength(structure.sites.length);
        expect(cellVolume(moved.lattice)).toBeCloseTo(cellVolume(structure.lattice), 6);
      }),
    );
  });

  test("a supercell holds each site once per cell", () => {
    fc.assert(
      fc.property(smallStructure(), (structure) => {
        // Multiples of 1/64 are exact, so that positions can be told apart by their digits.
        const grid = {
          ...structure,
          sites: structure.sites.map((site) => ({
            species: site.species,
            frac: site.frac.map((x) => Math.round(x * 64) / 64) as unknown as Vec3,
          })),
        };
        const large = supercell(grid, [2, 1, 4]);
        expect(large.sites).toHaveLength(8 * structure.sites.length);
        const distinct = (s: Structure): number =>
          new Set(s.sites.map((site) => site.frac.join(","))).size;
        expect(distinct(large)).toBe(8 * distinct(shiftOrigin(grid, [0, 0, 0])));
      }),
    );
  });

  test("a diagonal supercell of determinant 4", () => {
    const large = changeAxes(
      {
        lattice: [
          [3, 0, 0],
          [0, 3, 0],
          [0, 0, 3],
        ],
        sites: [{ species: [{ element: "Po", occupancy: 1 }], frac: [0, 0, 0] }],
      },
      [
        [-1, 1, 1],
        [1, -1, 1],
        [1, 1, -1],
      ],
    );
    expect(large.sites.map((site) => site.frac.join(" ")).toSorted()).toEqual([
      "0 0 0",
      "0 0.5 0.5",
      "0.5 0 0.5",
      "0.5 0.5 0",
    ]);
  });

  test("what are no axes is refused", () => {
    const structure = {
      lattice: [
        [3, 0, 0],
        [0, 3, 0],
        [0, 0, 3],
      ],
      sites: [],
    } as const;
    expect(() =>
      changeAxes(structure, [
        [1, 0, 0],
        [2, 0, 0],
        [0, 0, 1],
      ]),
    ).toThrow(EwaldError);
    expect(() =>
      changeAxes(structure, [
        [1, 0, 0],
        [0, 0.5, 0],
        [0, 0, 1],
      ]),
    ).toThrow(EwaldError);
    expect(() => supercell({ ...structure, sites: Array(10) }, [100, 100, 101])).toThrow(/sites/);
  });
});
