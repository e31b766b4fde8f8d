import { describe, expect, test } from "vitest";

import { latticeFromParameters } from "../../src/crystal/lattice.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { powderPattern } from "../../src/diffraction/powder.ts";
import { profile } from "../../src/diffraction/profile.ts";
import { kAlphaDoublet, monochromatic } from "../../src/radiation/radiation.ts";

function cubic(a: number, sites: readonly [string, number, number, number][]): Structure {
  return {
    lattice: latticeFromParameters({ a, b: a, c: a, alphaDeg: 90, betaDeg: 90, gammaDeg: 90 }),
    sites: sites.map(([element, x, y, z]) => ({
      species: [{ element, occupancy: 1 }],
      frac: [x, y, z],
    })),
  };
}

const FCC = [
  [0, 0, 0],
  [0, 0.5, 0.5],
  [0.5, 0, 0.5],
  [0.5, 0.5, 0],
] as const;

const silicon = cubic(
  5.431,
  FCC.flatMap(([x, y, z]) => [
    ["Si", x, y, z] as [string, number, number, number],
    ["Si", x + 0.25, y + 0.25, z + 0.25] as [string, number, number, number],
  ]),
);

describe("powder pattern", () => {
  test("silicon has the reflections of the diamond structure and no other", () => {
    const { peaks, wavelengthAngstrom } = powderPattern(silicon);
    expect(wavelengthAngstrom).toBe(1.54184);
    const families = peaks.map((peak) => peak.hkls.map((f) => f.hkl.join("")).join("+"));
    expect(families).toEqual(["111", "220", "311", "400", "331", "422"]);
    expect(peaks.map((peak) => peak.multiplicity)).toEqual([8, 12, 24, 6, 24, 24]);
    expect(peaks[0]!.intensity).toBe(100);
    expect(peaks[0]!.dAngstrom).toBeCloseTo(5.431 / Math.sqrt(3), 12);
  });

  test("333 and 511 share a peak as two families", () => {
    const { peaks } = powderPattern(silicon, { twoThetaRangeDeg: [90, 100] });
    expect(peaks[0]!.hkls).toEqual([
      { hkl: [5, 1, 1], multiplicity: 24 },
      { hkl: [3, 3, 3], multiplicity: 8 },
    ]);
  });

  test("a doublet gives two peaks per spacing, 2:1 where the angles are close", () => {
    const { peaks } = powderPattern(silicon, { radiation: kAlphaDoublet("Cu") });
    expect(peaks).toHaveLength(12);
    expect(peaks[1]!.dAngstrom).toBeCloseTo(peaks[0]!.dAngstrom, 12);
    expect(peaks[1]!.intensity / peaks[0]!.intensity).toBeCloseTo(0.5, 1);
  });

  test("an empty range is refused", () => {
    expect(() => powderPattern(silicon, { twoThetaRangeDeg: [5, 10] })).toThrow("no reflection");
    expect(() => powderPattern(silicon, { radiation: monochromatic(20) })).toThrow("no reflection");
  });
});

describe("profile", () => {
  test("its area is the sum of the intensities", () => {
    const pattern = powderPattern(silicon);
    const step = 0.01;
    const grid = Float64Array.from({ length: 13_000 }, (_, i) => i * step);
    const curve = profile(pattern, grid, { fwhm: 0.1, eta: 0 });
    const area = curve.reduce((sum, y) => sum + y * step, 0);
    const total = pattern.peaks.reduce((sum, peak) => sum + peak.intensity, 0);
    expect(area / total).toBeCloseTo(1, 2);
  });
});
