/** Reflections computed once for all equivalents: the symmetry found must be a group, and nothing may be lost or counted twice. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { reciprocalLattice } from "../../src/crystal/lattice.ts";
import { crystalRotations, keepRepresentatives } from "../../src/diffraction/crystal-rotations.ts";
import { latticeRotations, symmetrisedMetric } from "../../src/diffraction/laue.ts";
import { powderPattern } from "../../src/diffraction/powder.ts";
import {
  emptyPoints,
  halfSphere,
  reciprocalMetric,
} from "../../src/diffraction/reciprocal-points.ts";
import { scatteringCell } from "../../src/diffraction/scattering-cell.ts";
import { structureFactors } from "../../src/diffraction/structure-factors.ts";
import { IDENTITY, type Mat3, type Vec3 } from "../../src/math/matrix3.ts";
import { anyStructure, rockSalt, silicon, structureOf } from "./support.ts";

const rotationsOf = (structure: typeof silicon): Mat3[] =>
  crystalRotations(
    structure.lattice,
    scatteringCell(structure),
    latticeRotations(structure.lattice),
  );

describe("rotations of a crystal", () => {
  test("all 24 of a cubic crystal, with a centre or without; fewer where an atom is off its place", () => {
    expect(rotationsOf(rockSalt)).toHaveLength(24);
    expect(rotationsOf(silicon)).toHaveLength(24);
    const [first, ...others] = rockSalt.sites;
    const [x, y, z] = first!.frac;
    const along = { ...first!, frac: [x + 0.01, y, z] as const };
    const polar = rotationsOf({ ...rockSalt, sites: [along, ...others] });
    expect(polar).toHaveLength(8);
  });

  test("a cell off by more than a peak shows is not taken as cubic", () => {
    const nearly = structureOf([4, 4, 4 * (1 + 1e-6), 90, 90, 90], [["Po", 0, 0, 0]]);
    expect(rotationsOf(nearly)).toHaveLength(8);
  });

  test("a candidate whose products are no candidates is left out", () => {
    const quarterTurn: Mat3 = [
      [0, 1, 0],
      [-1, 0, 0],
      [0, 0, 1],
    ];
    const cell = scatteringCell(rockSalt);
    expect(crystalRotations(rockSalt.lattice, cell, [IDENTITY, quarterTurn])).toEqual([IDENTITY]);
  });
});

describe("representatives", () => {
  test("stand for every point of the half sphere once, with the same |F|²", () => {
    fc.assert(
      fc.property(fc.oneof(anyStructure, fc.constantFrom(rockSalt, silicon)), (structure) => {
        const rotations = rotationsOf(structure);
        const reciprocal = reciprocalLattice(structure.lattice);
        const metric = symmetrisedMetric(reciprocalMetric(reciprocal), rotations);
        const points = emptyPoints();
        halfSphere(reciprocal, 0.05, 0.7, points, metric);
        const all = pointsOf(points);
        const weight = new Float64Array(points.count);
        keepRepresentatives(points, rotations, weight);
        const kept = pointsOf(points);
        expect(weight.subarray(0, points.count).reduce((sum, w) => sum + w, 0)).toBe(all.length);
        expect(weighted(structure, kept, weight)).toBeCloseTo(weighted(structure, all), 5);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

describe("families", () => {
  test("with the operations of P1 the eight (1 1 1) of silicon are four families, not one", () => {
    const { peaks } = powderPattern(silicon, { operations: [{ rotation: IDENTITY }] });
    expect(peaks[0]!.hkls.map(({ multiplicity }) => multiplicity)).toEqual([2, 2, 2, 2]);
    expect(peaks[0]!.multiplicity).toBe(8);
  });
});

function pointsOf({ count, h, k, l }: ReturnType<typeof emptyPoints>): Vec3[] {
  return Array.from({ length: count }, (_, i) => [h[i]!, k[i]!, l[i]!]);
}

/** Σ |F|², each as often as it counts, over the number of electrons squared. */
function weighted(structure: typeof silicon, hkls: readonly Vec3[], weight?: Float64Array): number {
  const { real, imaginary } = structureFactors(structure, hkls);
  let sum = 0;
  for (let i = 0; i < hkls.length; i++) {
    sum += (weight?.[i] ?? 1) * (real[i]! ** 2 + imaginary[i]! ** 2);
  }
  return sum / structure.sites.length ** 2 / 1000;
}
