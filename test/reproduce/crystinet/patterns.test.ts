import { beforeAll, expect, test } from "vitest";
import { prototypeById, prototypeStructure } from "../../../src/crystal/types/prototypes.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { Random } from "../../../src/math/random.ts";
import { parseRadiation } from "../../../src/radiation/radiation.ts";
import type { Scan } from "../../../src/scan/scan.ts";
import { measuredPattern, simulatedPattern } from "../../../src/reproduce/crystinet/patterns.ts";
import { type LineList, lineList } from "../../../src/diffraction/line-list.ts";
import { PAPER_GRID } from "../../../src/diffraction/simulated-scan.ts";

let rutile: LineList;
beforeAll(async () => {
  await loadSymmetry();
  rutile = lineList(prototypeStructure(prototypeById("rutile")), 0.01);
});

test("simulated patterns have 5,250 points from 0 to 1, the same for a seed, zero outside a range", () => {
  const whole = simulatedPattern(rutile, Random.fromSeed(1));
  expect(whole).toHaveLength(5250);
  expect(Math.max(...whole)).toBe(1);
  expect(Math.min(...whole)).toBeGreaterThanOrEqual(0);
  const part = simulatedPattern(rutile, Random.fromSeed(1), [30, 65]);
  const at = (deg: number): number => Math.round((deg - 5) / 0.02);
  expect(part.subarray(0, at(30)).every((value) => value === 0)).toBe(true);
  expect(part.subarray(at(65) + 1).every((value) => value === 0)).toBe(true);
  expect([...part.subarray(at(30.1), at(64.9))]).toEqual([...whole.subarray(at(30.1), at(64.9))]);
});

test("a measured scan with a hump under it comes to the pattern of its peaks", () => {
  const values = Float64Array.from({ length: 3001 }, (_, i) => 10 + 0.02 * i);
  const peaks = [
    [27.4, 1000],
    [36.1, 500],
    [54.3, 600],
  ] as const;
  const intensity = values.map((x) =>
    peaks.reduce(
      (sum, [at, height]) => sum + height * Math.exp(-(((x - at) / 0.12) ** 2)),
      300 * Math.exp(-(((x - 30) / 15) ** 2)),
    ),
  );
  const scan: Scan = {
    ranges: [{ axis: { kind: "twoTheta", values }, intensity }],
    radiation: parseRadiation("CuKa1"),
    intensityUnit: "counts",
    metadata: {},
    source: { format: "simulation" },
    history: [],
  };
  const pattern = measuredPattern(scan);
  expect(pattern).toHaveLength(PAPER_GRID.size);
  const strongest = pattern.indexOf(Math.max(...pattern));
  expect(5 + 0.02 * strongest).toBeCloseTo(27.4, 1);
  expect(pattern[Math.round((36.1 - 5) / 0.02)]).toBeCloseTo(0.5, 1);
  expect(pattern[Math.round((45 - 5) / 0.02)]).toBeLessThan(0.02);
  expect(pattern[Math.round((80 - 5) / 0.02)]).toBe(0);
});
