import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { atomicNumber } from "../../src/crystal/element.ts";
import { cellVolume, reciprocalLattice } from "../../src/crystal/lattice.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { evaluateFormFactor, xrayFormFactor } from "../../src/diffraction/form-factor.ts";
import { neutronLengthFm } from "../../src/diffraction/neutron.ts";
import {
  cloudIndices,
  pointCloud,
  pointCloudWriter,
  type PointCount,
} from "../../src/diffraction/point-cloud.ts";
import { norm, vectorTimesMatrix } from "../../src/math/matrix3.ts";
import { anyStructure, rockSalt, structureOf } from "./support.ts";

/** Equations A1 to A3 of the paper, written out: |F|²/V² of one hkl, and (electrons/V)² at the origin. */
function byTheBook(structure: Structure, hkl: [number, number, number], neutron = false): number {
  const g = norm(vectorTimesMatrix(hkl, reciprocalLattice(structure.lattice)));
  let [re, im] = [0, 0];
  for (const { species, frac } of structure.sites) {
    const { element } = species[0]!;
    const xray =
      g === 0
        ? atomicNumber(element)
        : evaluateFormFactor(xrayFormFactor(element, "four-gaussian"), g ** 2 / 4);
    const f = neutron ? neutronLengthFm(element) : xray;
    const phase = 2 * Math.PI * (hkl[0] * frac[0] + hkl[1] * frac[1] + hkl[2] * frac[2]);
    re += f * Math.cos(phase);
    im += f * Math.sin(phase);
  }
  return (re * re + im * im) / cellVolume(structure.lattice) ** 2;
}

describe("reciprocal point cloud", () => {
  test("rows are the hkl of the paper: 3, 4, 27, 125, 343", () => {
    expect([...cloudIndices(3)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(cloudIndices(4).slice(0, 3)).toEqual(Int32Array.of(0, 0, 0));
    for (const n of [27, 125, 343] as const) {
      const rows = cloudIndices(n);
      const most = (Math.cbrt(n) - 1) / 2;
      expect(rows).toHaveLength(3 * n);
      expect(Math.max(...rows)).toBe(Math.round(most));
      const unique = new Set(
        Array.from({ length: n }, (_, i) => rows.slice(3 * i, 3 * i + 3).join(" ")),
      );
      expect(unique.size).toBe(n);
    }
    expect(() => cloudIndices(64 as PointCount)).toThrow("no point cloud of 64 points");
  });

  test.each(["xray", "neutron"] as const)("%s intensities are equations A1 to A3", (radiation) => {
    fc.assert(
      fc.property(anyStructure, fc.constantFrom<PointCount>(3, 4, 27, 125), (structure, points) => {
        const cloud = pointCloud(structure, { points, radiation, scaling: "none" });
        const hkls = cloudIndices(points);
        const reciprocal = reciprocalLattice(structure.lattice);
        const largest = byTheBook(structure, [0, 0, 0]);
        for (let i = 0; i < points; i++) {
          const hkl = [hkls[3 * i]!, hkls[3 * i + 1]!, hkls[3 * i + 2]!] as [
            number,
            number,
            number,
          ];
          const expected = byTheBook(structure, hkl, radiation === "neutron");
          expect(Math.abs(cloud[4 * i + 3]! - expected)).toBeLessThan(1e-5 * (largest + expected));
          const position = vectorTimesMatrix(hkl, reciprocal);
          for (const axis of [0, 1, 2] as const) {
            expect(cloud[4 * i + axis]).toBeCloseTo(position[axis], 5);
          }
        }
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  test("the released code's scaling: xyz / 5, (ln(I + 1e-6) - ln 1e-6) / 15", () => {
    const raw = pointCloud(rockSalt, { scaling: "none" });
    const cloud = pointCloud(rockSalt);
    for (let i = 0; i < 125; i++) {
      expect(cloud[4 * i]).toBeCloseTo(raw[4 * i]! / 5, 6);
      const scaled = (Math.log(raw[4 * i + 3]! + 1e-6) - Math.log(1e-6)) / 15;
      expect(cloud[4 * i + 3]).toBeCloseTo(scaled, 4);
      expect(cloud[4 * i + 3]).toBeGreaterThanOrEqual(-1e-6);
      expect(cloud[4 * i + 3]).toBeLessThanOrEqual(1.05);
    }
    // The origin, all 112 electrons of the cell: row 62 of 125.
    expect(raw[4 * 62 + 3]).toBeCloseTo((112 / 5.64 ** 3) ** 2, 6);
  });

  test("per cloud: from 0 to 1", () => {
    const cloud = pointCloud(rockSalt, { scaling: "per-cloud" });
    const intensities = Array.from({ length: 125 }, (_, i) => cloud[4 * i + 3]!);
    expect(Math.min(...intensities)).toBe(0);
    expect(Math.max(...intensities)).toBe(1);
  });

  test("limiting sphere: rows stay, intensities beyond 2/λ are those of nothing", () => {
    const small = structureOf([2.5, 2.5, 2.5, 90, 90, 90], [["Fe", 0, 0, 0]]);
    const all = pointCloud(small, { points: 343, scaling: "none" });
    const cut = pointCloud(small, { points: 343, scaling: "none", limitingSphereAngstrom: 1.5418 });
    let beyond = 0;
    for (let i = 0; i < 343; i++) {
      const g = Math.hypot(cut[4 * i]!, cut[4 * i + 1]!, cut[4 * i + 2]!);
      if (g > 2 / 1.5418) {
        beyond++;
        expect(cut[4 * i + 3]).toBe(0);
      } else expect(cut[4 * i + 3]).toBe(all[4 * i + 3]);
    }
    expect(beyond).toBeGreaterThan(50);
  });

  test("a writer for many structures gives what single calls give, sites' displacements ignored", () => {
    const writer = pointCloudWriter({ points: 27 });
    const shaken = {
      ...rockSalt,
      sites: rockSalt.sites.map((site) => Object.assign({}, site, { bIsoAngstrom2: 2 })),
    };
    const out = new Float32Array(2 * 4 * 27);
    writer(shaken, out, 0);
    writer(structureOf([4, 5, 6, 80, 95, 100], [["O", 0.1, 0.2, 0.3]]), out, 4 * 27);
    expect(out.slice(0, 4 * 27)).toEqual(pointCloud(rockSalt, { points: 27 }));
    expect(out.slice(4 * 27)).not.toEqual(out.slice(0, 4 * 27));
  });

  test("neutrons refuse elements without a length (Ac, Pu)", () => {
    const plutonium = structureOf([4.6, 4.6, 4.6, 90, 90, 90], [["Pu", 0, 0, 0]]);
    expect(() => pointCloud(plutonium, { radiation: "neutron" })).toThrow(
      "scattering length of Pu",
    );
    expect(() => neutronLengthFm("Ac")).toThrow("scattering length of Ac");
    expect(neutronLengthFm("D")).toBe(6.671);
    expect(neutronLengthFm("H")).toBe(-3.739);
  });
});
