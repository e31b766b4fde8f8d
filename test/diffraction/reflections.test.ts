import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  latticeFromParameters,
  type LatticeParameters,
  reciprocalLattice,
} from "../../src/crystal/lattice.ts";
import {
  reciprocalOf,
  squaredLengths,
  squaredLengthSlopes,
} from "../../src/diffraction/line-places.ts";
import { reflections } from "../../src/diffraction/reflections.ts";
import {
  structureFactorDerivatives,
  structureFactors,
} from "../../src/diffraction/structure-factors.ts";
import { type Mat3, norm, type Vec3, vectorTimesMatrix } from "../../src/math/matrix3.ts";
import { twoThetaDegOfD, twoThetaDegPerG2 } from "../../src/radiation/angles.ts";
import { anyCell, anyStructure, type Cell, structureOf } from "./support.ts";

function latticeOf([a, b, c, alphaDeg, betaDeg, gammaDeg]: Cell): Mat3 {
  return latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg });
}

/** Every hkl of a box that surely holds the sphere, tested one by one. */
function bruteForceCount(lattice: Mat3, gMin: number, gMax: number): number {
  const reciprocal = reciprocalLattice(lattice);
  const [h, k, l] = lattice.map((axis) => Math.ceil(norm(axis) * gMax) + 1) as [
    number,
    number,
    number,
  ];
  let count = 0;
  for (let i = -h; i <= h; i++) {
    for (let j = -k; j <= k; j++) {
      for (let m = -l; m <= l; m++) {
        const g = norm(vectorTimesMatrix([i, j, m], reciprocal));
        if (g >= gMin && g <= gMax && g > 0) count++;
      }
    }
  }
  return count;
}

describe("reflections", () => {
  test("complete in any cell: as many as a brute-force search finds", () => {
    fc.assert(
      fc.property(anyCell, fc.double({ min: 0, max: 0.4, noNaN: true }), (cell, gMin) => {
        const lattice = latticeOf(cell);
        const gMax = 0.8123;
        const found = reflections(lattice, {
          gMinInvAngstrom: gMin,
          gMaxInvAngstrom: gMax,
          friedel: "full",
        });
        expect(found.count).toBe(bruteForceCount(lattice, gMin, gMax));
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  test("a monoclinic cell with γ = 32° loses none of its reflections", () => {
    // Bounds from a* b* c* alone, without the cell's skew, drop four in a hundred here.
    const lattice = latticeOf([8.9, 16.2, 5.1, 90, 90, 32]);
    const found = reflections(lattice, { gMaxInvAngstrom: 0.917, friedel: "full" });
    expect(found.count).toBe(bruteForceCount(lattice, 0, 0.917));
    expect(found.count).toBeGreaterThan(1000);
  });

  test("sorted by falling d, each as long as the metric says", () => {
    const lattice = latticeOf([4.2, 5.3, 6.1, 83, 101, 112]);
    const { hkl, gInvAngstrom, count } = reflections(lattice, { dMinAngstrom: 0.9 });
    const reciprocal = reciprocalLattice(lattice);
    for (let i = 0; i < count; i++) {
      const g = norm(
        vectorTimesMatrix([hkl[3 * i]!, hkl[3 * i + 1]!, hkl[3 * i + 2]!], reciprocal),
      );
      expect(gInvAngstrom[i]).toBeCloseTo(g, 12);
      if (i > 0) expect(gInvAngstrom[i]!).toBeGreaterThanOrEqual(gInvAngstrom[i - 1]!);
    }
  });

  test("operations: one of each orbit, multiplicities add up to the whole sphere", () => {
    const lattice = latticeOf([5, 5, 7, 90, 90, 90]);
    const fourfold: Mat3 = [
      [0, -1, 0],
      [1, 0, 0],
      [0, 0, 1],
    ];
    const twofold: Mat3 = [
      [-1, 0, 0],
      [0, -1, 0],
      [0, 0, 1],
    ];
    const threeTimes: Mat3 = [
      [0, 1, 0],
      [-1, 0, 0],
      [0, 0, 1],
    ];
    const identity: Mat3 = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const operations = [identity, fourfold, twofold, threeTimes].map((rotation) => ({ rotation }));
    const unique = reflections(lattice, { dMinAngstrom: 1, operations });
    const all = reflections(lattice, { dMinAngstrom: 1, friedel: "full" });
    expect(unique.multiplicity.reduce((sum, m) => sum + m, 0)).toBe(all.count);
    // 4/m: (2 1 0) and (1 2 0) are different reflections.
    const names = Array.from({ length: unique.count }, (_, i) =>
      unique.hkl.slice(3 * i, 3 * i + 3).join(""),
    );
    expect(names).toContain("210");
    expect(names).toContain("2-10");
    expect(names).not.toContain("120");
  });

  test("bad ranges and absurd sizes are refused", () => {
    const lattice = latticeOf([5, 5, 5, 90, 90, 90]);
    expect(() => reflections(lattice, {})).toThrow("is no range");
    expect(() => reflections(lattice, { dMinAngstrom: 1e-4 })).toThrow("reciprocal points");
    expect(() =>
      reflections(lattice, {
        dMinAngstrom: 1,
        operations: [
          {
            rotation: [
              [0.5, 0, 0],
              [0, 1, 0],
              [0, 0, 1],
            ],
          },
        ],
      }),
    ).toThrow("integer matrix");
  });
});

/** Central difference of f at x. */
function slope(f: (x: number) => number, x: number, step: number): number {
  return (f(x + step) - f(x - step)) / (2 * step);
}

describe("derivatives", () => {
  test("d(2θ)/d(cell) is what finite differences give", () => {
    const indices = fc.tuple(
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
    );
    fc.assert(
      fc.property(anyCell, indices, (cell, hkl) => {
        const at = (parameters: LatticeParameters): number =>
          twoThetaDegOfD(
            1 / norm(vectorTimesMatrix(hkl, reciprocalLattice(latticeFromParameters(parameters)))),
            0.5,
          );
        const [a, b, c, alphaDeg, betaDeg, gammaDeg] = cell;
        const parameters = { a, b, c, alphaDeg, betaDeg, gammaDeg };
        fc.pre(at(parameters) < 120);
        const indices = Int16Array.from(hkl);
        const [g2] = squaredLengths(indices, reciprocalOf(cell));
        const perG2 = twoThetaDegPerG2((0.5 * 0.5 * g2!) / 4, 0.5);
        const exact = squaredLengthSlopes(indices, cell).map((slope) => slope * perG2);
        for (const [i, name] of (
          Object.keys(parameters) as (keyof LatticeParameters)[]
        ).entries()) {
          const numeric = slope((x) => at({ ...parameters, [name]: x }), parameters[name], 1e-5);
          expect(exact[i]).toBeCloseTo(numeric, 4);
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });

  test("dF/d(x, y, z, occupancy, B) is what finite differences give", () => {
    fc.assert(
      fc.property(anyStructure, (structure) => {
        const hkls: Vec3[] = [
          [1, 0, 0],
          [1, -2, 1],
          [0, 2, 1],
        ];
        const options = { formFactors: "waasmaier-kirfel" } as const;
        const exact = structureFactorDerivatives(structure, hkls, options);
        const [site, species] = [exact.site[0]!, exact.species[0]!];
        expect(species).toBe(0);
        const first = structure.sites[site]!;
        const withSite = (change: object): typeof structure => ({
          ...structure,
          sites: structure.sites.with(site, { ...first, ...change }),
        });
        const real = (change: object): Float64Array =>
          structureFactors(withSite(change), hkls, options).real;
        const step = 1e-6;
        for (let i = 0; i < hkls.length; i++) {
          const at = i * exact.atoms;
          const moved = (sign: number): number =>
            real({ frac: [first.frac[0] + sign * step, first.frac[1], first.frac[2]] })[i]!;
          expect(exact.x.real[at]).toBeCloseTo((moved(1) - moved(-1)) / (2 * step), 3);
          const filled = (sign: number): number =>
            real({ species: [{ ...first.species[0]!, occupancy: 1 + sign * step }] })[i]!;
          expect(exact.occupancy.real[at]).toBeCloseTo((filled(1) - filled(-1)) / (2 * step), 4);
          const shaken = (b: number): number => real({ bIsoAngstrom2: b })[i]!;
          expect(exact.bIso.real[at]).toBeCloseTo((shaken(step) - shaken(-step)) / (2 * step), 4);
        }
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test("the atom of each derivative is named by site and species", () => {
    const structure = structureOf(
      [4, 5, 6, 90, 90, 90],
      [
        ["O", 0, 0, 0],
        ["Si", 0.5, 0.5, 0.5],
        ["O", 0.1, 0.2, 0.3],
      ],
    );
    const { site, atoms } = structureFactorDerivatives(structure, [[1, 0, 0]]);
    expect(atoms).toBe(3);
    expect([...site]).toEqual([0, 2, 1]);
  });
});
