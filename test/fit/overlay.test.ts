/** Lines laid over scans whose truth is known. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import type { LineList } from "../../src/diffraction/line-list.ts";
import { observe } from "../../src/scan/observe.ts";
import { overlay, type Overlay } from "../../src/fit/overlay.ts";
import { hasShared, SHARED_ABSENT } from "../support/shared.ts";
import { exampleLines, measured, simulated } from "../systems/structure-type/support.ts";

let rutile: LineList;
let calcite: LineList;
let olivine: LineList;
let quartz: LineList;

beforeAll(async () => {
  await loadSymmetry();
  [rutile, calcite, olivine, quartz] = ["rutile", "calcite", "olivine", "quartz"].map(
    exampleLines,
  ) as [LineList, LineList, LineList, LineList];
});

function near(over: Overlay, cell: readonly number[], relative: number): void {
  over.cell.forEach((value, i) => expect(Math.abs(value / cell[i]! - 1)).toBeLessThan(relative));
}

describe("overlay", () => {
  test("finds size and axial ratio of a uniaxial cell, and the zero shift", () => {
    const [a, , c] = rutile.cell;
    fc.assert(
      fc.property(
        fc.double({ min: -0.025, max: 0.025, noNaN: true }),
        fc.double({ min: -0.015, max: 0.015, noNaN: true }),
        fc.double({ min: -0.08, max: 0.08, noNaN: true }),
        (size, axial, zeroShiftDeg) => {
          const scan = simulated(rutile, {
            isotropicStrain: size,
            axialStrain: [0, 0, axial],
            zeroShiftDeg,
          });
          const over = overlay(observe(scan), rutile);
          const longer = c * (1 + size) * (1 + axial);
          near(over, [a * (1 + size), a * (1 + size), longer, 90, 90, 90], 6e-4);
          expect(Math.abs(over.zeroShiftDeg - zeroShiftDeg)).toBeLessThan(0.03);
          expect(over.agreement).toBeGreaterThan(0.95);
          expect(over.explained).toBeGreaterThan(0.98);
          expect(over.unexplained).toEqual([]);
          expect(over.missing).toEqual([]);
        },
      ),
      { numRuns: 8, seed: 1 },
    );
  });

  test("three free axes", () => {
    const scan = simulated(olivine, { axialStrain: [0.012, -0.008, 0.004] });
    const over = overlay(observe(scan), olivine);
    const [a, b, c] = olivine.cell;
    near(over, [a * 1.012, b * 0.992, c * 1.004, 90, 90, 90], 5e-4);
    expect(over.agreement).toBeGreaterThan(0.95);
  });

  test("a range of sizes: a cell a fifth larger is found where it is looked for", () => {
    const large: LineList = {
      ...calcite,
      cell: calcite.cell.map((x, i) => (i < 3 ? x * 1.2 : x)) as unknown as LineList["cell"],
    };
    const over = overlay(observe(simulated(large)), calcite, { factor: [0.8, 1.3], axial: 0.04 });
    expect(over.cellFactor).toBeCloseTo(1.2, 3);
  });

  test("another compound's lines do not fit, and the peaks are left", () => {
    const over = overlay(observe(simulated(quartz)), calcite);
    expect(over.agreement).toBeLessThan(0.6);
    expect(over.explained).toBeLessThan(0.4);
    expect(over.unexplained.map(({ twoThetaDeg }) => Math.round(twoThetaDeg))).toContain(27);
  });

  test("names the peaks of a second phase, with their share", () => {
    const over = overlay(observe(simulated(rutile, { impurity: 0.15 }, quartz)), rutile);
    expect(over.unexplained[0]!.twoThetaDeg).toBeCloseTo(26.64, 1);
    expect(over.unexplained[0]!.height).toBeCloseTo(0.13, 1);
    expect(over.explained).toBeGreaterThan(0.7);
    expect(over.explained).toBeLessThan(0.97);
  });

  test("suspects texture where there is, and the right direction; none in a powder", () => {
    const plates = overlay(observe(simulated(rutile, { march: 0.55 })), rutile);
    expect(plates.texture?.axis).toBe("001");
    expect(plates.texture!.march).toBeGreaterThan(0.45);
    expect(plates.texture!.march).toBeLessThan(0.68);
    const olivineNeedles = simulated(olivine, { march: 0.5, textureAxis: "010" });
    expect(overlay(observe(olivineNeedles), olivine).texture?.axis).toBe("010");
    for (const lines of [rutile, calcite, olivine, quartz])
      expect(overlay(observe(simulated(lines)), lines).texture).toBeNull();
  });

  test("lines that must be seen and are not", () => {
    const scan = simulated(rutile);
    const [range] = scan.ranges as [(typeof scan.ranges)[0]];
    // The strongest line of rutile, 27.4°, replaced by background.
    const cut = range.intensity.map((value, i) =>
      Math.abs(range.axis.values[i]! - 27.4) < 1 ? 160 : value,
    );
    const over = overlay(observe({ ...scan, ranges: [{ ...range, intensity: cut }] }), rutile);
    expect(over.missing[0]!.hkl).toEqual([1, 1, 0]);
  });

  test("takes some 10 ms", () => {
    const observation = observe(simulated(olivine));
    overlay(observation, olivine);
    const start = performance.now();
    for (let i = 0; i < 5; i++) overlay(observation, olivine);
    // Forty on a quiet machine; tests share theirs.
    expect((performance.now() - start) / 5).toBeLessThan(400);
  });
});

describe.skipIf(!hasShared)(`measured scans${SHARED_ABSENT}`, () => {
  test.each([
    ["/QUARTZ", "quartz", 0.95],
    ["/ANATASE", "anatase", 0.9],
    ["/FOSTERITE", "olivine", 0.9],
  ])("%s is %s", async (pattern, name, least) => {
    const over = overlay(observe(await measured(pattern)), exampleLines(name));
    expect(over.agreement).toBeGreaterThan(least);
    expect(over.explained).toBeGreaterThan(0.97);
  });
});
