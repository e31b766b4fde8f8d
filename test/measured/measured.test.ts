/** Measured files that may be passed on (NOTICE.md beside this file says whose they are), read without the data pack. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { reducedFormula } from "../../src/crystal/composition/composition-formula.ts";
import { compositionOf } from "../../src/crystal/composition/composition.ts";
import { cellVolume, latticeParameters } from "../../src/crystal/lattice.ts";
import { readStructures } from "../../src/crystal/io/read-structures.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../src/crystal/symmetry/symmetry.ts";
import { powderPattern } from "../../src/diffraction/powder.ts";
import { findPeaks, searchPeaks } from "../../src/scan/peaks.ts";
import { readScan } from "../../src/scan/read.ts";
import { pointCount, type ReadScan } from "../../src/scan/scan.ts";

const file = (name: string): Uint8Array => readFileSync(new URL(`./${name}`, import.meta.url));
const scanOf = (name: string): ReadScan => readScan(file(name), { name });

/** 2θ of Cu Kα1 for a spacing, degrees. */
const angleOf = (dAngstrom: number): number =>
  (360 / Math.PI) * Math.asin(1.54056 / (2 * dAngstrom));
/** Angles of a cubic crystal's lines by N = h² + k² + l². */
const cubic = (a: number, squares: readonly number[]): number[] =>
  squares.map((square) => angleOf(a / Math.sqrt(square)));

const nearest = (positions: readonly number[], angle: number): number =>
  positions.reduce(
    (best, x) => (Math.abs(x - angle) < Math.abs(best - angle) ? x : best),
    Infinity,
  );

describe("every file says at its head what it is, whose and under which terms", () => {
  test.each(["lab6-srm660c.xye", "fluorite.xy", "clay-mixture.xy"])("%s", (name) => {
    const head = new TextDecoder()
      .decode(file(name))
      .split("\n")
      .filter((line) => line.startsWith("#"));
    expect(head.join("\n")).toMatch(/# sample: .*\(measured\)/);
    expect(head.join("\n")).toMatch(/# source: (?:NIST|USGS)/);
    expect(head.join("\n")).toMatch(/# licence: work of the US Government/);
  });
});

describe("scans", () => {
  test("LaB6 of NIST: 24 ranges in one file, uneven steps, uncertainties", () => {
    const { scan } = scanOf("lab6-srm660c.xye");
    expect(pointCount(scan)).toBe(5332);
    const x = scan.ranges.flatMap(({ axis }) => Array.from(axis.values));
    expect([x[0], x.at(-1)]).toEqual([20.3, 150.908]);
    expect(scan.radiation!.lines.map(({ wavelengthAngstrom }) => wavelengthAngstrom)).toEqual([
      1.54056, 1.54439,
    ]);
    const esd = scan.ranges.flatMap((range) => Array.from(range.esd ?? []));
    expect(esd).toHaveLength(5332);
    expect(Math.min(...esd)).toBeGreaterThan(0);
    const y = scan.ranges.flatMap(({ intensity }) => Array.from(intensity));
    expect([Math.max(...y), x[y.indexOf(Math.max(...y))]]).toEqual([4319, 30.41]);
  });

  test("LaB6: every line of the certified cell is found, off by an instrument's smooth error", () => {
    const { scan } = scanOf("lab6-srm660c.xye");
    const found = findPeaks(scan).map(({ position }) => position);
    // 24 ranges, one to a line: sums of three squares.
    const squares = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 24];
    const errors = cubic(4.15678, [...squares, 25, 26, 27]).map(
      (angle) => nearest(found, angle) - angle,
    );
    expect(errors).toHaveLength(24);
    // The sample lies 0.08 mm off (0.04° at low angles), and the beam's height pulls the first lines back.
    for (const error of errors) {
      expect(error).toBeGreaterThan(-0.01);
      expect(error).toBeLessThan(0.05);
    }
    for (const [i, error] of errors.slice(1).entries())
      expect(error - errors[i]!, `after line ${i}`).toBeLessThan(0.015);
  });

  test("fluorite: 3,001 points of 0.02°, the lines of a cell of 5.458 Å", () => {
    const { scan } = scanOf("fluorite.xy");
    expect(pointCount(scan)).toBe(3001);
    const [{ axis, intensity }] = scan.ranges as [(typeof scan.ranges)[number]];
    expect([axis.kind, axis.values[0], axis.values.at(-1)]).toEqual(["twoTheta", 5, 65]);
    const y = Array.from(intensity);
    expect([Math.max(...y), axis.values[y.indexOf(Math.max(...y))]]).toEqual([10_000, 28.3]);
    const peaks = searchPeaks(scan).toSorted((a, b) => b.height - a.height);
    // 111, 220, 311 are the three strongest; 200 is all but extinct.
    const expected = cubic(5.458, [3, 8, 11]);
    for (const [i, angle] of expected.entries())
      expect(
        nearest(
          peaks.slice(0, 3).map(({ position }) => position),
          angle,
        ),
        String(i),
      ).toBeCloseTo(angle, 1);
  });

  test("a weighed mixture: quartz is highest, the strong lines of corundum are there", async () => {
    await loadSymmetry();
    const { scan } = scanOf("clay-mixture.xy");
    expect(pointCount(scan)).toBe(3001);
    const y = Array.from(scan.ranges[0]!.intensity);
    expect([Math.max(...y), scan.ranges[0]!.axis.values[y.indexOf(Math.max(...y))]]).toEqual([
      6966, 26.46,
    ]);
    const found = searchPeaks(scan).map(({ position }) => position);
    // The quartz 101 line stands at 26.64°: the sample lies low, and all lines with it.
    const shift = nearest(found, 26.64) - 26.64;
    expect(shift).toBeGreaterThan(-0.25);
    expect(shift).toBeLessThan(-0.1);
    const { peaks } = powderPattern(structureOf("corundum-cod.cif"), {
      twoThetaRangeDeg: [20, 64],
    });
    const strong = peaks.filter(({ intensity }) => intensity > 40);
    expect(strong.length).toBeGreaterThanOrEqual(4);
    for (const { twoThetaDeg } of strong)
      expect(Math.abs(nearest(found, twoThetaDeg + shift) - twoThetaDeg - shift)).toBeLessThan(
        0.06,
      );
  });
});

function structureOf(name: string): Structure {
  const { structures } = readStructures(file(name), { name });
  expect(structures).toHaveLength(1);
  expect(structures[0]!.warnings).toEqual([]);
  return structures[0]!.structure;
}

describe("structures of the Crystallography Open Database", () => {
  test("corundum: R-3c, formula, cell and density", async () => {
    await loadSymmetry();
    const structure = structureOf("corundum-cod.cif");
    expect(reducedFormula(compositionOf(structure))).toBe("Al2O3");
    expect(analyzeSymmetry(structure)).toMatchObject({
      number: 167,
      symbol: "R-3c",
      pearson: "hR30",
    });
    const { a, c } = latticeParameters(structure.lattice);
    expect([a, c].map((length) => length.toFixed(4))).toEqual(["4.7605", "12.9956"]);
    // Six formula units of 101.961 g/mol.
    expect((6 * 101.961) / 0.602214 / cellVolume(structure.lattice)).toBeCloseTo(3.98, 2);
  });

  test("spinel: two elements on both sites, which add up", async () => {
    await loadSymmetry();
    const structure = structureOf("spinel-cod.cif");
    expect(analyzeSymmetry(structure)).toMatchObject({
      number: 227,
      symbol: "Fd-3m",
      pearson: "cF56",
    });
    const mixed = structure.sites.filter(({ species }) => species.length === 2);
    expect(mixed).toHaveLength(24);
    for (const { species } of mixed)
      expect(species.reduce((sum, { occupancy }) => sum + occupancy, 0)).toBeCloseTo(1, 3);
    const amount = (element: string): number =>
      structure.sites
        .flatMap(({ species }) => species)
        .filter((one) => one.element === element)
        .reduce((sum, { occupancy }) => sum + occupancy, 0);
    expect([amount("Mg"), amount("Al"), amount("O")].map(Math.round)).toEqual([8, 16, 32]);
  });
});
