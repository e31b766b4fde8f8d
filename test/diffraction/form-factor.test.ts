import { describe, expect, test } from "vitest";

import { ELEMENT_SYMBOLS } from "../../src/crystal/element.ts";
import { anomalousFactor } from "../../src/diffraction/anomalous.ts";
import { formFactorGrid, lookUp } from "../../src/diffraction/form-factor-grid.ts";
import {
  electronFormFactor,
  evaluateFormFactor,
  type FormFactorTable,
  xrayFormFactor,
} from "../../src/diffraction/form-factor.ts";
import { powderPattern } from "../../src/diffraction/powder.ts";
import { monochromatic, parseRadiation } from "../../src/radiation/radiation.ts";
import { silicon, structureOf } from "./support.ts";

const TABLES: readonly FormFactorTable[] = [
  "international-tables",
  "waasmaier-kirfel",
  "four-gaussian",
];

describe("form factors", () => {
  test("start at the number of electrons", () => {
    ELEMENT_SYMBOLS.slice(0, 98).forEach((element, i) => {
      for (const table of TABLES) {
        const f0 = evaluateFormFactor(xrayFormFactor(element, table), 0);
        expect(Math.abs(f0 - (i + 1)), `${element} in ${table}`).toBeLessThan(0.12);
      }
    });
    expect(evaluateFormFactor(xrayFormFactor("O", "international-tables", -2), 0)).toBeCloseTo(
      10,
      1,
    );
    expect(evaluateFormFactor(xrayFormFactor("Fe", "waasmaier-kirfel", 3), 0)).toBeCloseTo(23, 1);
  });

  test("to s = 1 the two fits of International Tables agree within 0.25 electrons, the four Gaussians within 2", () => {
    for (const element of ["C", "O", "Al", "Si", "Fe", "Zr", "La", "W", "Pb"]) {
      for (let s = 0; s <= 1; s += 0.05) {
        const [a, b, c] = TABLES.map((table) =>
          evaluateFormFactor(xrayFormFactor(element, table), s * s),
        );
        expect(Math.abs(a! - b!), `${element} at ${s}`).toBeLessThan(0.25);
        expect(Math.abs(a! - c!), `${element} at ${s}`).toBeLessThan(2);
      }
    }
  });

  test("an ion without a row is the neutral atom; an element without one is refused", () => {
    expect(xrayFormFactor("Fe", "international-tables", 6).row).toBe("Fe");
    expect(xrayFormFactor("D", "international-tables").row).toBe("H");
    expect(() => xrayFormFactor("Es", "international-tables")).toThrow("no form factor of Es");
    expect(() => xrayFormFactor("Xx", "four-gaussian")).toThrow("not a chemical element");
    expect(() => electronFormFactor("Lr")).toThrow("no form factor");
  });

  test("Mott-Bethe: X-ray and electron tables tell the same atom", () => {
    // f_e = 0.023934 (Z - f_x) / s²
    for (const [element, z] of [
      ["C", 6],
      ["Si", 14],
      ["Cu", 29],
      ["Au", 79],
    ] as const) {
      const s2 = 0.25;
      const x = evaluateFormFactor(xrayFormFactor(element, "waasmaier-kirfel"), s2);
      const e = evaluateFormFactor(electronFormFactor(element), s2);
      expect((0.023934 * (z - x)) / s2 / e).toBeCloseTo(1, 1);
    }
  });

  test("the grid of the fast loop is exact to 1e-5 electrons for every row of every table", () => {
    const points = Float64Array.from({ length: 500 }, (_, i) => (i + 0.37) / 501);
    let worst = 0;
    for (const element of ELEMENT_SYMBOLS.slice(0, 98)) {
      for (const table of TABLES) {
        const factor = xrayFormFactor(element, table);
        const out = new Float64Array(points.length);
        lookUp(formFactorGrid(factor, 1), points, 1, points.length, out, 0, 0);
        points.forEach((s2, i) => {
          worst = Math.max(worst, Math.abs(out[i]! - evaluateFormFactor(factor, s2)));
        });
      }
    }
    expect(worst).toBeLessThan(1e-5);
  });
});

describe("ranges", () => {
  test("angles beyond a table are refused with the way out", () => {
    const hard = { radiation: monochromatic(0.2), twoThetaRangeDeg: [1, 60] } as const;
    expect(() => powderPattern(silicon, hard)).toThrow("beyond the table of Si");
    expect(
      powderPattern(silicon, { ...hard, formFactors: "waasmaier-kirfel" }).peaks.length,
    ).toBeGreaterThan(100);
  });

  test("anomalous factors: known values, and refusals", () => {
    expect(
      anomalousFactor("Fe", parseRadiation("CuKa").lines[0]!.wavelengthAngstrom).imaginary,
    ).toBeCloseTo(3.18, 1);
    expect(() => anomalousFactor("Fe", 12)).toThrow("1500 to 60000 eV");
    expect(() => anomalousFactor("Np", 1.5)).toThrow("H to U only");
  });

  test("deuterium scatters neutrons otherwise than hydrogen", () => {
    const heavy = (element: string): number =>
      powderPattern(
        structureOf(
          [5, 5, 5, 90, 90, 90],
          [
            [element, 0, 0, 0],
            ["O", 0.5, 0.5, 0.5],
          ],
        ),
        {
          radiation: monochromatic(1.8, "neutron"),
        },
      ).peaks[0]!.intensity;
    expect(heavy("D")).toBeLessThan(heavy("H"));
  });
});
