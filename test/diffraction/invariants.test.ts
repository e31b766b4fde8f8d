/** What must not change, and what must vanish, whatever the structure. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { shiftOrigin, supercell } from "../../src/crystal/structure-transform.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { anomalousFactor } from "../../src/diffraction/anomalous.ts";
import { evaluateFormFactor, xrayFormFactor } from "../../src/diffraction/form-factor.ts";
import {
  type PowderLines,
  powderLines,
  type PowderOptions,
  powderPattern,
} from "../../src/diffraction/powder.ts";
import { structureFactors } from "../../src/diffraction/structure-factors.ts";
import { IDENTITY, type Mat3, type Vec3 } from "../../src/math/matrix3.ts";
import { monochromatic } from "../../src/radiation/radiation.ts";
import { anyStructure, faceCentred, rockSalt, silicon, structureOf } from "./support.ts";

const at128 = (element: string) => anomalousFactor(element, 1.28);

/** Intensity as a function of angle, smeared so that peaks that merge or split do not matter. */
function smeared({ twoThetaDeg, intensity }: PowderLines): Float64Array {
  const bins = new Float64Array(900);
  for (let i = 0; i < intensity.length; i++) {
    const at = twoThetaDeg[i]! * 10;
    const low = Math.floor(at);
    bins[low]! += intensity[i]! * (1 - (at - low));
    if (low + 1 < bins.length) bins[low + 1]! += intensity[i]! * (at - low);
  }
  const most = Math.max(...bins);
  return bins.map((value) => (100 * value) / most);
}

function expectSamePowder(one: Structure, other: Structure, options: PowderOptions = {}): void {
  const range = { twoThetaRangeDeg: [1, 60], minimumIntensity: 0, ...options } as const;
  const a = smeared(powderLines(one, range));
  const b = smeared(powderLines(other, range));
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(2e-3);
}

describe("a powder pattern does not depend on", () => {
  test("the origin", () => {
    const shift = fc.tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(anyStructure, shift, (structure, by) => {
        expectSamePowder(structure, shiftOrigin(structure, by));
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });

  test("the cell that describes the crystal", () => {
    const repeats = fc.constantFrom<Vec3>([2, 1, 1], [1, 1, 3], [2, 2, 1]);
    fc.assert(
      fc.property(anyStructure, repeats, (structure, by) => {
        expectSamePowder(structure, supercell(structure, by));
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });

  test("which atom a centrosymmetric crystal is described from", () => {
    // The centre of inversion is at an odd place: found all the same, or not needed.
    expectSamePowder(rockSalt, shiftOrigin(rockSalt, [0.137, 0.291, 0.443]));
  });
});

describe("structure factors", () => {
  test("Friedel's law holds without f'', and breaks with it in a crystal without a centre", () => {
    const zincBlende = faceCentred(5.41, [
      ["Zn", 0, 0, 0],
      ["S", 0.25, 0.25, 0.25],
    ]);
    const mates: Vec3[] = [
      [1, 1, 1],
      [-1, -1, -1],
    ];
    const abs = ({ real, imaginary }: { real: Float64Array; imaginary: Float64Array }): number[] =>
      Array.from(real, (re, i) => Math.hypot(re, imaginary[i]!));
    const [plain, mate] = abs(structureFactors(zincBlende, mates));
    expect(plain).toBeCloseTo(mate!, 10);
    const [one, other] = abs(structureFactors(zincBlende, mates, { anomalous: at128 }));
    expect(Math.abs(one! - other!)).toBeGreaterThan(1);
  });

  test("the powder intensity with f'' is the mean of both Friedel mates", () => {
    const zincBlende = faceCentred(5.41, [
      ["Zn", 0, 0, 0],
      ["S", 0.25, 0.25, 0.25],
    ]);
    const radiation = monochromatic(1.28);
    const { peaks, scale } = powderPattern(zincBlende, {
      radiation,
      anomalous: anomalousFactor,
      lorentzPolarisation: { kind: "none" },
    });
    for (const peak of peaks.slice(0, 4)) {
      const [h, k, l] = peak.hkls[0]!.hkl;
      const { real, imaginary } = structureFactors(
        zincBlende,
        [
          [h, k, l],
          [-h, -k, -l],
        ],
        { anomalous: at128 },
      );
      const mean = (real[0]! ** 2 + imaginary[0]! ** 2 + real[1]! ** 2 + imaginary[1]! ** 2) / 2;
      expect(((peak.intensity * scale) / 100 / (mean * peak.multiplicity) - 1) * 1e5).toBeCloseTo(
        0,
        0,
      );
    }
  });

  test("powder intensities are |F|² of the exact form factors", () => {
    fc.assert(
      fc.property(anyStructure, (structure) => {
        const { peaks, scale } = powderPattern(structure, {
          lorentzPolarisation: { kind: "none" },
          twoThetaRangeDeg: [1, 70],
        });
        for (const { hkls, multiplicity, intensity } of peaks) {
          if (hkls.length > 1 || intensity < 0.1) continue;
          const { real, imaginary } = structureFactors(structure, [hkls[0]!.hkl]);
          const exact = (100 * multiplicity * (real[0]! ** 2 + imaginary[0]! ** 2)) / scale;
          expect(intensity / exact).toBeCloseTo(1, 4);
        }
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });

  test("systematic absences: body centring, face centring, screw axis, glide plane", () => {
    const parity = (structure: Structure, hkls: Vec3[]): number[] => {
      const { real, imaginary } = structureFactors(structure, hkls);
      return Array.from(real, (re, i) => Math.hypot(re, imaginary[i]!));
    };
    const body = structureOf(
      [4, 5, 6, 90, 90, 90],
      [
        ["Fe", 0.1, 0.2, 0.3],
        ["Fe", 0.6, 0.7, 0.8],
      ],
    );
    expect(
      Math.max(
        ...parity(body, [
          [1, 0, 0],
          [1, 1, 1],
          [2, 1, 0],
        ]),
      ),
    ).toBeLessThan(1e-10);
    expect(
      Math.max(
        ...parity(silicon, [
          [1, 0, 0],
          [2, 1, 1],
          [2, 0, 0],
          [2, 2, 2],
        ]),
      ),
    ).toBeLessThan(1e-10);
    const screw = structureOf(
      [4, 5, 6, 90, 100, 90],
      [
        ["Si", 0.13, 0.21, 0.37],
        ["Si", -0.13, 0.71, -0.37],
      ],
    );
    expect(
      Math.max(
        ...parity(screw, [
          [0, 1, 0],
          [0, 3, 0],
        ]),
      ),
    ).toBeLessThan(1e-10);
    expect(parity(screw, [[0, 2, 0]])[0]).toBeGreaterThan(1);
    const glide = structureOf(
      [4, 5, 6, 90, 100, 90],
      [
        ["Si", 0.13, 0.21, 0.37],
        ["Si", 0.13, -0.21, 0.87],
      ],
    );
    expect(
      Math.max(
        ...parity(glide, [
          [1, 0, 1],
          [2, 0, 3],
        ]),
      ),
    ).toBeLessThan(1e-10);
  });
});

describe("equivalents", () => {
  test("reflections of a cubic crystal that its operations link have one intensity", () => {
    const rotations: Mat3[] = [
      IDENTITY,
      [
        [0, 1, 0],
        [0, 0, 1],
        [1, 0, 0],
      ],
      [
        [0, 1, 0],
        [1, 0, 0],
        [0, 0, 1],
      ],
      [
        [-1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    ];
    const hkl: Vec3 = [3, 1, 1];
    const images = rotations.map(
      (r) => r.map((row) => row[0] * hkl[0] + row[1] * hkl[1] + row[2] * hkl[2]) as unknown as Vec3,
    );
    const { real, imaginary } = structureFactors(silicon, images);
    const abs = Array.from(real, (re, i) => Math.hypot(re, imaginary[i]!));
    for (const value of abs) expect(value).toBeCloseTo(abs[0]!, 10);
  });
});

describe("form factors", () => {
  test("fall with the angle, from Z (or the ion's charge less)", () => {
    for (const element of ["H", "C", "O", "Si", "Fe", "Ag", "La", "Pb", "U"]) {
      for (const table of [
        "international-tables",
        "waasmaier-kirfel",
        "four-gaussian-clamped",
      ] as const) {
        const factor = xrayFormFactor(element, table);
        let before = Infinity;
        for (let s = 0; s <= 2; s += 0.01) {
          const value = evaluateFormFactor(factor, s * s);
          expect(value, `${element} ${table} at s = ${s}`).toBeLessThanOrEqual(before + 1e-9);
          before = value;
        }
      }
    }
  });

  test("regression: unclamped four-Gaussian factors rise again, by 7 electrons for Pb from s = 2 to 6", () => {
    const free = xrayFormFactor("Pb", "four-gaussian");
    const clamped = xrayFormFactor("Pb", "four-gaussian-clamped");
    expect(evaluateFormFactor(free, 36)).toBeGreaterThan(evaluateFormFactor(free, 4) + 7);
    expect(evaluateFormFactor(clamped, 36)).toBeLessThanOrEqual(evaluateFormFactor(free, 4));
  });
});
