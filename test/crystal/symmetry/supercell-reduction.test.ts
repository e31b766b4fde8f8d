/** Supercells are undone before the search: what is said of the whole cell must hold there, and at once. */
import { beforeAll, describe, expect, test } from "vitest";

import { changeAxes, supercell } from "../../../src/crystal/structure-transform.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../../src/crystal/symmetry/symmetry.ts";
import {
  type Mat3,
  multiplyVector,
  type Vec3,
  vectorTimesMatrix,
} from "../../../src/math/matrix3.ts";
import { rockSalt, structureOf } from "../../diffraction/support.ts";

beforeAll(() => loadSymmetry());

const rutile = structureOf(
  [4.594, 4.594, 2.959, 90, 90, 90],
  [
    ["Ti", 0, 0, 0],
    ["Ti", 0.5, 0.5, 0.5],
    ["O", 0.305, 0.305, 0],
    ["O", -0.305, -0.305, 0],
    ["O", 0.195, 0.805, 0.5],
    ["O", 0.805, 0.195, 0.5],
  ],
);

const sheared: Mat3 = [
  [2, 1, 0],
  [-1, 2, 1],
  [0, 1, 3],
];

const off = (x: number): number => Math.abs(x - Math.round(x));

/** Index of the site of that element at the position, within 1e-3 of a cell; -1 where there is none. */
function siteAt({ sites }: Structure, element: string, frac: readonly number[]): number {
  return sites.findIndex(
    (site) =>
      site.species[0]!.element === element && site.frac.every((x, i) => off(x - frac[i]!) < 1e-3),
  );
}

describe.each([
  ["rock salt, 3 × 3 × 3", rockSalt, supercell(rockSalt, [3, 3, 3])],
  ["rock salt, 2 × 2 × 3", rockSalt, supercell(rockSalt, [2, 2, 3])],
  ["rutile, 2 × 3 × 1", rutile, supercell(rutile, [2, 3, 1])],
  ["rutile on sheared axes", rutile, changeAxes(rutile, sheared)],
])("%s", (_, unit, whole) => {
  const elementOf = (index: number): string => whole.sites[index]!.species[0]!.element;

  test("has the space group, Pearson symbol and sites of its unit", () => {
    const [one, many] = [analyzeSymmetry(unit), analyzeSymmetry(whole)];
    expect(many.number).toBe(one.number);
    expect(many.pearson).toBe(one.pearson);
    expect(many.conventional.sites).toHaveLength(one.conventional.sites.length);
    expect(new Set(many.orbits).size).toBe(new Set(one.orbits).size);
    many.orbits.forEach((first, index) => {
      expect(elementOf(index)).toBe(elementOf(first));
      expect(many.orbits[first]).toBe(first);
      expect(many.wyckoffLetters[index]).toBe(many.wyckoffLetters[first]);
      expect(many.siteSymmetries[index]).toBe(many.siteSymmetries[first]);
    });
  });

  test("every operation brings every site onto one of its orbit; none is there twice", () => {
    const { operations, orbits } = analyzeSymmetry(whole);
    const names = new Set(
      operations.map(({ rotation, translation }) =>
        [...rotation.flat(), ...translation.map((x) => Math.round(x * 720) % 720)].join(" "),
      ),
    );
    expect(names.size).toBe(operations.length);
    expect(operations[0]).toEqual({
      rotation: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      translation: [0, 0, 0],
    });
    // A prime step, not all of them: thousands of operations times hundreds of sites.
    for (let at = 0; at < operations.length; at += 37) {
      const { rotation, translation } = operations[at]!;
      for (const [index, { frac }] of whole.sites.entries()) {
        const image = multiplyVector(rotation, frac).map((x, i) => x + translation[i]!);
        const site = siteAt(whole, elementOf(index), image);
        expect(orbits[site]).toBe(orbits[index]);
      }
    }
  });

  test("the transformation brings the conventional cell's sites onto the whole cell's", () => {
    const { conventional, transformation } = analyzeSymmetry(whole);
    for (const { frac, species } of conventional.sites) {
      const moved = vectorTimesMatrix(frac, transformation.basisRows);
      const inWhole = moved.map((x, i) => x + transformation.originShift[i]!);
      expect(siteAt(whole, species[0]!.element, inWhole)).not.toBe(-1);
    }
  });
});

describe("supercells", () => {
  test("regression: 1,000 atoms of rock salt took six minutes", () => {
    const start = performance.now();
    const { number, operations } = analyzeSymmetry(supercell(rockSalt, [5, 5, 5]));
    expect(number).toBe(225);
    expect(operations).toHaveLength(192 * 125);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  test("one atom off its place by more than the tolerance, and the cell is no supercell", () => {
    const whole = supercell(rutile, [2, 2, 2]);
    const [first, ...others] = whole.sites;
    const moved: Vec3 = [first!.frac[0] + 0.01, first!.frac[1], first!.frac[2]];
    const defect = { ...whole, sites: [{ ...first!, frac: moved }, ...others] };
    expect(analyzeSymmetry(defect).primitive.sites).toHaveLength(48);
  });

  test("coordinates with four digits are undone too", () => {
    const unit = structureOf([4, 4, 4, 90, 90, 90], [["Po", 0, 0, 0]]);
    const whole = supercell(unit, [3, 3, 3]);
    const written = whole.sites.map((site) => ({
      ...site,
      frac: site.frac.map((x) => Number(x.toFixed(4))) as unknown as Vec3,
    }));
    expect(analyzeSymmetry({ ...whole, sites: written }).operations).toHaveLength(48 * 27);
  });
});
