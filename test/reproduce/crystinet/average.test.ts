import { beforeAll, expect, test } from "vitest";
import { prototypeById, prototypeStructure } from "../../../src/crystal/types/prototypes.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { Random } from "../../../src/math/random.ts";
import { nearestAverage, poolAverages } from "../../../src/reproduce/crystinet/average.ts";
import { AveragePatterns, cosineToAverages } from "../../../src/known/average-patterns.ts";
import { type LineList, lineList } from "../../../src/diffraction/line-list.ts";
import { drawPattern, SampleStore } from "../../../src/systems/structure-type/augment.ts";

let types: LineList[];
beforeAll(async () => {
  await loadSymmetry();
  types = ["rutile", "rock-salt", "zinc-blende"].map((id) =>
    lineList(prototypeStructure(prototypeById(id)), 0.01),
  );
});

test("points that a pattern did not observe do not pull its type's average down", () => {
  const sums = new AveragePatterns(2, 4);
  sums.add(0, [1, 2, 3, 4]);
  sums.add(0, [9, 4, 5, 9], [1, 2]);
  expect(sums.averages().map((average) => [...average])).toEqual([
    [1, 3, 4, 4],
    [0, 0, 0, 0],
  ]);
});

test("the cosine counts only what was observed", () => {
  const averages = [Float32Array.of(1, 0, 0, 1), Float32Array.of(0, 1, 0, 0)];
  expect([...cosineToAverages(averages, [1, 0, 0, 1])]).toEqual([expect.closeTo(1), 0]);
  expect([...cosineToAverages(averages, [0, 0, 0, 1], [2, 3])]).toEqual([expect.closeTo(1), 0]);
});

test("of three simple types the nearest average is mostly right, on scans it never saw", () => {
  const random = Random.fromSeed(3);
  const pool = new SampleStore(90);
  for (let i = 0; i < 90; i++) pool.set(i, drawPattern(types[i % 3]!, [], random), i % 3);
  const averages = poolAverages(pool, 3);
  let right = 0;
  for (let i = 0; i < 60; i++) {
    const cosines = nearestAverage(averages, drawPattern(types[i % 3]!, [], random));
    if (cosines.indexOf(Math.max(...cosines)) === i % 3) right++;
  }
  expect(right).toBeGreaterThanOrEqual(48);
});
