import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addLine,
  addLineChange,
  type Line,
  lineSlopeColumns,
  lineSlopes,
  reachOfHeight,
  reachOfTail,
  UNIT_HEIGHT_PER_ETA,
  unitHeight,
} from "../../src/math/pseudo-voigt.ts";

const line = fc.record({
  position: fc.double({ min: -1, max: 1, noNaN: true }),
  fwhm: fc.double({ min: 0.05, max: 3, noNaN: true }),
  eta: fc.double({ min: 0, max: 1, noNaN: true }),
  area: fc.double({ min: 0.1, max: 10, noNaN: true }),
});
const x = Float64Array.from({ length: 401 }, (_, i) => -4 + 0.02 * i);

/** By its definition, with the exponential. */
function exact(at: number, { position, fwhm, eta, area }: Line): number {
  const u = (at - position) / fwhm;
  const lorentz = 2 / Math.PI / fwhm / (1 + 4 * u * u);
  const gauss = ((2 * Math.sqrt(Math.LN2 / Math.PI)) / fwhm) * Math.exp(-4 * Math.LN2 * u * u);
  return area * (eta * lorentz + (1 - eta) * gauss);
}

function drawn(one: Line, points = x, reach = Infinity): Float64Array {
  const out = new Float64Array(points.length);
  addLine(out, points, one, reach);
  return out;
}

describe("a line", () => {
  test("is the pseudo-Voigt, to 10⁻¹⁰ of its height", () => {
    fc.assert(
      fc.property(line, (one) => {
        const height = exact(one.position, one);
        for (const [i, y] of drawn(one).entries())
          expect(Math.abs(y - exact(x[i]!, one))).toBeLessThan(1e-10 * height);
      }),
    );
  });

  test("has half its height at half its width, and the height that its area says", () => {
    fc.assert(
      fc.property(line, (one) => {
        const at = Float64Array.of(one.position, one.position + one.fwhm / 2);
        const [top, half] = drawn(one, at);
        expect(half! / top!).toBeCloseTo(0.5, 9);
        expect(top! / ((one.area / one.fwhm) * unitHeight(one.eta))).toBeCloseTo(1, 12);
      }),
    );
    expect((unitHeight(0.7) - unitHeight(0.2)) / 0.5).toBeCloseTo(UNIT_HEIGHT_PER_ETA, 12);
  });

  test("is drawn as far as is asked, and is added to what is there", () => {
    const one = { position: 0.01, fwhm: 0.2, eta: 1, area: 1 };
    const out = new Float64Array(x.length).fill(1);
    addLine(out, x, one, 3);
    for (const [i, y] of out.entries()) {
      const isNear = Math.abs(x[i]! - one.position) <= 3 * one.fwhm;
      expect(y).toBeCloseTo(isNear ? 1 + exact(x[i]!, one) : 1, 12);
    }
  });

  test("what is cut off is what was allowed", () => {
    const one = { position: 0, fwhm: 0.1, eta: 0.6, area: 1 };
    const fine = Float64Array.from({ length: 200_001 }, (_, i) => -100 + 0.001 * i);
    const reach = reachOfTail(one.eta, 1e-3);
    const area = drawn(one, fine, reach).reduce((sum, y) => sum + y * 0.001, 0);
    expect(area).toBeGreaterThan(1 - 1.01e-3);
    expect(area).toBeLessThan(1);
    const pure = { ...one, eta: 1, area: (Math.PI / 2) * 0.1 };
    expect(exact(reachOfHeight(1, 1e-2, 100) * pure.fwhm, pure)).toBeLessThan(1e-2);
    expect(reachOfHeight(1, 1e-9, 12)).toBe(12);
  });
});

describe("its slopes", () => {
  test("are what finite differences give", () => {
    const slopes = lineSlopeColumns(x.length);
    fc.assert(
      fc.property(line, (one) => {
        lineSlopes(slopes, x, one, Infinity);
        const height = exact(one.position, one);
        for (const name of ["position", "fwhm", "eta", "area"] as const) {
          const step = 1e-5 * one.fwhm;
          const moved = (sign: number): Line => ({ ...one, [name]: one[name] + sign * step });
          for (let i = 0; i < x.length; i += 7) {
            const numeric = (exact(x[i]!, moved(1)) - exact(x[i]!, moved(-1))) / (2 * step);
            expect(Math.abs(slopes[name][i]! - numeric)).toBeLessThan((1e-6 * height) / one.fwhm);
          }
        }
      }),
    );
  });

  test("add up to a column of a Jacobian by the chain rule, within the window alone", () => {
    const slopes = lineSlopeColumns(x.length);
    const one = { position: 0.3, fwhm: 0.2, eta: 0.4, area: 2 };
    lineSlopes(slopes, x, one, 4);
    // Rows of three parameters, the second: it moves the line twice as fast and widens it.
    const rows = new Float64Array(3 * x.length);
    addLineChange(rows, slopes, { position: 2, fwhm: 1 }, 1, 3);
    for (let i = 0; i < x.length; i++) {
      const isNear = i >= slopes.from && i < slopes.to;
      const expected = isNear ? 2 * slopes.position[i]! + slopes.fwhm[i]! : 0;
      expect([...rows.subarray(3 * i, 3 * i + 3)]).toEqual([0, expected, 0]);
    }
  });
});
