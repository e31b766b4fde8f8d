import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { neighbours, shortestDistance } from "../../src/crystal/distances.ts";
import { changeAxes, supercell } from "../../src/crystal/structure-transform.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { EwaldError } from "../../src/errors.ts";
import {
  add,
  type Mat3,
  norm,
  subtract,
  type Vec3,
  vectorTimesMatrix,
} from "../../src/math/matrix3.ts";
import { smallStructure, unimodular } from "../support/structures.ts";

const nacl: Structure = {
  lattice: [
    [5.64, 0, 0],
    [0, 5.64, 0],
    [0, 0, 5.64],
  ],
  sites: (
    [
      ["Na", 0, 0, 0],
      ["Na", 0, 0.5, 0.5],
      ["Na", 0.5, 0, 0.5],
      ["Na", 0.5, 0.5, 0],
      ["Cl", 0.5, 0, 0],
      ["Cl", 0, 0.5, 0],
      ["Cl", 0, 0, 0.5],
      ["Cl", 0.5, 0.5, 0.5],
    ] as const
  ).map(([element, x, y, z]) => ({ species: [{ element, occupancy: 1 }], frac: [x, y, z] })),
};

/** All pairs by looking at every image in a block that surely covers the cutoff. */
function bruteForce(structure: Structure, cutoff: number): string[] {
  const reach = imagesToReach(structure.lattice, cutoff);
  const found: string[] = [];
  for (const [i, from] of structure.sites.entries()) {
    for (const [j, to] of structure.sites.entries()) {
      for (let x = -reach; x <= reach; x++) {
        for (let y = -reach; y <= reach; y++) {
          for (let z = -reach; z <= reach; z++) {
            if (i === j && x === 0 && y === 0 && z === 0) continue;
            const frac = subtract(add(to.frac, [x, y, z]), from.frac);
            const distance = norm(vectorTimesMatrix(frac, structure.lattice));
            if (distance < cutoff) found.push([i, j, x, y, z].join(" "));
          }
        }
      }
    }
  }
  return found.toSorted();
}

function imagesToReach(lattice: Mat3, cutoff: number): number {
  const [a, b, c] = lattice;
  const volume = Math.abs(
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
      a[1] * (b[0] * c[2] - b[2] * c[0]) +
      a[2] * (b[0] * c[1] - b[1] * c[0]),
  );
  const longest = Math.max(norm(a), norm(b), norm(c));
  return Math.ceil((cutoff * longest * longest) / volume) + 3;
}

function listed(structure: Structure, cutoff: number): string[] {
  const list = neighbours(structure, cutoff);
  return structure.sites
    .flatMap((_, i) =>
      Array.from(
        { length: (list.start[i + 1] as number) - (list.start[i] as number) },
        (_unused, k) => {
          const at = (list.start[i] as number) + k;
          const image = Array.from(list.image.subarray(3 * at, 3 * at + 3), (x) => x + 0);
          const to = structure.sites[list.site[at] as number] as Structure["sites"][0];
          const frac = subtract(
            add(to.frac, image as unknown as Vec3),
            structure.sites[i]?.frac as Vec3,
          );
          const distance = norm(vectorTimesMatrix(frac, structure.lattice));
          expect(list.distanceAngstrom[at]).toBeCloseTo(distance, 8);
          return [i, list.site[at], ...image].join(" ");
        },
      ),
    )
    .toSorted();
}

describe("neighbours", () => {
  test("rock salt: 6 at a/2, 12 at a/√2", () => {
    const list = neighbours(nacl, 4);
    for (let i = 0; i < 8; i++) {
      const shells = list.distanceAngstrom.subarray(list.start[i], list.start[i + 1]);
      expect(shells).toHaveLength(18);
      expect([...shells.subarray(0, 6)].every((d) => Math.abs(d - 2.82) < 1e-9)).toBe(true);
      expect([...shells.subarray(6)].every((d) => Math.abs(d - 5.64 / Math.SQRT2) < 1e-9)).toBe(
        true,
      );
    }
  });

  test("agrees with brute force, skewed and tiny cells included", () => {
    fc.assert(
      fc.property(
        smallStructure(),
        fc.double({ min: 1, max: 5, noNaN: true }),
        (structure, cutoff) => {
          // A pair at the cutoff itself may fall on either side by rounding: the two look 1e-6 Å further and nearer.
          const near = new Set(bruteForce(structure, cutoff - 1e-6));
          const far = new Set(bruteForce(structure, cutoff + 1e-6));
          const list = new Set(listed(structure, cutoff));
          expect([...near].filter((pair) => !list.has(pair))).toEqual([]);
          expect([...list].filter((pair) => !far.has(pair))).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test("the axes that describe the crystal do not matter", () => {
    fc.assert(
      fc.property(smallStructure(), unimodular(), (structure, rows) => {
        const lengths = (s: Structure): number[] =>
          [...neighbours(s, 4).distanceAngstrom].toSorted((a, b) => a - b);
        const here = lengths(structure);
        const there = lengths(changeAxes(structure, rows));
        // A pair at the cutoff itself may fall on either side.
        const kept = (list: number[]): number[] => list.filter((d) => d < 4 - 1e-6);
        expect(kept(there)).toHaveLength(kept(here).length);
        for (const [index, d] of kept(here).entries()) expect(there[index]).toBeCloseTo(d, 6);
      }),
      { numRuns: 25 },
    );
  });

  test("absurd requests are refused", () => {
    const code = (action: () => unknown): unknown => {
      try {
        return action();
      } catch (error) {
        return error instanceof EwaldError ? error.code : error;
      }
    };
    expect(code(() => neighbours(nacl, 0))).toBe("distances/cutoff");
    expect(code(() => neighbours(nacl, 1e4))).toBe("distances/too-many-pairs");
    expect(
      code(() =>
        neighbours(
          {
            ...nacl,
            lattice: [
              [0, 0, 0],
              [0, 1, 0],
              [0, 0, 1],
            ],
          },
          1,
        ),
      ),
    ).toBe("lattice/zero-volume");
  });
});

describe("shortestDistance", () => {
  test("rock salt, and a single site against its own image", () => {
    expect(shortestDistance(nacl)?.distanceAngstrom).toBeCloseTo(2.82, 9);
    const one: Structure = { lattice: nacl.lattice, sites: nacl.sites.slice(0, 1) };
    const own = shortestDistance(one);
    expect(own?.distanceAngstrom).toBeCloseTo(5.64, 9);
    expect(own?.from).toBe(own?.to);
    expect(norm((own as { image: Vec3 }).image)).toBe(1);
    expect(shortestDistance({ lattice: nacl.lattice, sites: [] })).toBeUndefined();
  });

  test("a clash in a large cell", () => {
    const large = supercell(nacl, [4, 4, 4]);
    const [first] = large.sites as [(typeof large.sites)[0]];
    const clash = shortestDistance({
      ...large,
      sites: [...large.sites, { ...first, frac: add(first.frac, [0.01, 0, 0]) }],
    });
    expect(clash?.distanceAngstrom).toBeCloseTo(0.2256, 6);
    expect([clash?.from, clash?.to].toSorted()).toEqual([0, 512]);
  });

  test("10,000 atoms on one spot end at once", () => {
    const crowd: Structure = {
      lattice: nacl.lattice,
      sites: Array.from({ length: 10_000 }, () => ({
        ...(nacl.sites[0] as (typeof nacl.sites)[0]),
      })),
    };
    const started = performance.now();
    expect(shortestDistance(crowd, 0.1)?.distanceAngstrom).toBe(0);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test("is the shortest that brute force finds", () => {
    fc.assert(
      fc.property(smallStructure(), (structure) => {
        const shortest = shortestDistance(structure)?.distanceAngstrom as number;
        expect(bruteForce(structure, shortest - 1e-6)).toEqual([]);
        expect(bruteForce(structure, shortest + 1e-6)).not.toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
