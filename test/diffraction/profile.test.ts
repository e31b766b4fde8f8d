import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  peakWidth,
  thompsonCoxHastings,
  thompsonCoxHastingsSlopes,
} from "../../src/diffraction/broadening.ts";
import { addLine } from "../../src/math/pseudo-voigt.ts";
import { powderPattern } from "../../src/diffraction/powder.ts";
import { profile } from "../../src/diffraction/profile.ts";
import { marchDollase, marchDollaseSlope } from "../../src/diffraction/texture.ts";
import { silicon } from "./support.ts";

function grid(from: number, to: number, step: number): Float64Array {
  return Float64Array.from(
    { length: Math.round((to - from) / step) + 1 },
    (_, i) => from + i * step,
  );
}

function area(y: Float64Array, step: number): number {
  return y.reduce((sum, value) => sum + value, 0) * step;
}

describe("Thompson-Cox-Hastings", () => {
  /** One line of unit area at distances from its middle. */
  const lineAt = (x: Float64Array, fwhm: number, eta: number): Float64Array => {
    const out = new Float64Array(x.length);
    addLine(out, x, { position: 0, fwhm, eta, area: 1 }, Infinity);
    return out;
  };

  test("pure limits, and within 1 % of the true convolution", () => {
    expect(thompsonCoxHastings(0.2, 0)).toEqual({ fwhm: expect.closeTo(0.2, 12), eta: 0 });
    expect(thompsonCoxHastings(0, 0.2).eta).toBeCloseTo(1, 6);
    const [g, l] = [0.3, 0.2];
    const x = grid(-40, 40, 0.005);
    const lorentz = lineAt(x, l, 1);
    const convolution = lineAt(x, g, 0).reduce((sum, y, i) => sum + y * lorentz[i]!, 0) * 0.005;
    const { fwhm, eta } = thompsonCoxHastings(g, l);
    expect(lineAt(Float64Array.of(0), fwhm, eta)[0]! / convolution).toBeCloseTo(1, 2);
  });

  test("slopes are what finite differences give", () => {
    const width = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(width, width, (g, l) => {
        const { byGauss, byLorentz } = thompsonCoxHastingsSlopes(g, l);
        const step = 1e-6;
        for (const name of ["fwhm", "eta"] as const) {
          const of = (a: number, b: number): number => thompsonCoxHastings(a, b)[name];
          const gauss = (of(g + step, l) - of(g - step, l)) / (2 * step);
          const lorentz = (of(g, l + step) - of(g, l - step)) / (2 * step);
          expect(byGauss[name]).toBeCloseTo(gauss, 3);
          expect(byLorentz[name]).toBeCloseTo(lorentz, 3);
        }
      }),
    );
  });
});

describe("profile", () => {
  const pattern = powderPattern(silicon);
  const total = pattern.peaks.reduce((sum, peak) => sum + peak.intensity, 0);

  test("keeps the area, within the tail that was asked for", () => {
    for (const tail of [1e-2, 1e-3]) {
      const y = profile(pattern, grid(-60, 200, 0.01), { fwhm: 0.1, eta: 1, tail });
      expect(area(y, 0.01) / total).toBeLessThanOrEqual(1.0001);
      expect(area(y, 0.01) / total).toBeGreaterThan(1 - 1.1 * tail);
    }
  });

  test("keeps the area on d and on Q, whose widths follow from those over 2θ", () => {
    const broadening = { caglioti: { u: 0.02, v: -0.01, w: 0.01 }, sizeAngstrom: 800 };
    const q = profile(pattern, grid(0.5, 8, 1e-4), { axis: "q", broadening, tail: 2e-3 });
    expect(area(q, 1e-4) / total).toBeCloseTo(1, 2);
    const falling = grid(0.8, 5, 1e-4).reverse();
    const d = profile(pattern, falling, { axis: "d", broadening, tail: 2e-3 });
    expect(area(d, 1e-4) / total).toBeCloseTo(1, 2);
    expect(falling[d.indexOf(Math.max(...d))]).toBeCloseTo(5.431 / Math.sqrt(8), 0);
  });

  test("size and strain: Scherrer's and Stokes & Wilson's widths", () => {
    const peak = { twoThetaDeg: 60, dAngstrom: 1.54 };
    const size = peakWidth(peak, { sizeAngstrom: 200 }, 1.54);
    expect(size.fwhm).toBeCloseTo(
      (0.9 * 1.54) / (200 * Math.cos(Math.PI / 6)) / (Math.PI / 180),
      10,
    );
    expect(size.eta).toBeCloseTo(1, 5);
    const strain = peakWidth(peak, { strain: 0.001 }, 1.54);
    expect(strain.fwhm).toBeCloseTo((0.004 * Math.tan(Math.PI / 6)) / (Math.PI / 180), 10);
    const instrument = peakWidth(peak, { caglioti: { u: 0.03, v: -0.02, w: 0.01 } }, 1.54);
    const tan = Math.tan(Math.PI / 6);
    expect(instrument.fwhm).toBeCloseTo(Math.sqrt(0.03 * tan * tan - 0.02 * tan + 0.01), 10);
    expect(instrument.eta).toBe(0);
  });

  test("Stephens: isotropic coefficients broaden like plain strain, others tell hkl apart", () => {
    const at = (hkl: [number, number, number], coefficients: Record<string, number>): number =>
      peakWidth(
        { twoThetaDeg: 60, dAngstrom: 1.5, hkls: [{ hkl, multiplicity: 2 }] },
        { stephens: { coefficients, lorentzShare: 1 }, sizeAngstrom: 1e9 },
        1.54,
      ).fwhm;
    // S400 = S040 = S004 = s, S220 = … = 2s gives s (h² + k² + l²)².
    const isotropic = { 400: 1e-8, 40: 0 };
    expect(() => at([1, 0, 0], isotropic)).toThrow("no exponents");
    const s = 1e-8;
    const cubic = { "400": s, "040": s, "004": s, "220": 2 * s, "202": 2 * s, "022": 2 * s };
    expect(at([2, 0, 0], cubic) / at([2, 2, 0], cubic)).toBeCloseTo(0.5, 5);
    expect(at([0, 0, 2], { "400": s })).toBeLessThan(1e-6);
    expect(at([2, 0, 0], { "400": s })).toBeGreaterThan(1e-3);
  });

  test("refuses what has no meaning", () => {
    expect(() => profile(pattern, [1, 2, 2], { fwhm: 0.1 })).toThrow("neither rises nor falls");
    expect(() => profile(pattern, [1, 2], {})).toThrow("either fwhm or broadening");
    expect(() => profile(pattern, [1, 2], { fwhm: -1 })).toThrow("no width");
    expect(() =>
      profile(pattern, [1, 2], { broadening: { caglioti: { u: 0, v: 0, w: -1 } } }),
    ).toThrow("no width");
  });
});

describe("March-Dollase", () => {
  test("keeps the total: its mean over all directions is 1", () => {
    for (const r of [0.4, 0.8, 1, 1.7]) {
      const steps = 20_000;
      let sum = 0;
      for (let i = 0; i < steps; i++) sum += marchDollase(((i + 0.5) / steps) ** 2, r);
      expect(sum / steps).toBeCloseTo(1, 3);
    }
  });

  test("its slope over r is what finite differences give", () => {
    const cosine = fc.double({ min: 0, max: 1, noNaN: true });
    const march = fc.double({ min: 0.3, max: 3, noNaN: true });
    fc.assert(
      fc.property(cosine, march, (cos2, r) => {
        const step = 1e-6 * r;
        const numeric = (marchDollase(cos2, r + step) - marchDollase(cos2, r - step)) / (2 * step);
        const exact = marchDollaseSlope(cos2, r);
        expect(Math.abs(exact - numeric)).toBeLessThan(1e-5 * (1 + Math.abs(exact)));
      }),
    );
  });

  test("r = 1 changes nothing; plates strengthen the reflection of their own plane", () => {
    const textured = (r: number): number[] =>
      powderPattern(silicon, { texture: { hkl: [1, 1, 1], r } }).peaks.map(
        (peak) => peak.intensity,
      );
    const random = powderPattern(silicon).peaks.map((peak) => peak.intensity);
    textured(1).forEach((intensity, i) => expect(intensity).toBeCloseTo(random[i]!, 9));
    expect(textured(0.6)[1]! / textured(0.6)[0]!).toBeLessThan(random[1]! / random[0]!);
    expect(() => textured(0)).toThrow("preferred orientation");
  });
});
