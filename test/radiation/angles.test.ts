import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  atMost180,
  atOtherWavelength,
  dOfTwoThetaDeg,
  gOfTwoThetaDeg,
  isReached,
  slopeAtOtherWavelength,
  twoThetaDegOfD,
  twoThetaDegOfG,
  twoThetaDegPerG2,
} from "../../src/radiation/angles.ts";

const angle = fc.double({ min: 0.5, max: 175, noNaN: true });
const wavelength = fc.double({ min: 0.2, max: 3, noNaN: true });

describe("Bragg's law", () => {
  test("silicon 111 with Cu Kα1 is at 28.44°", () => {
    expect(twoThetaDegOfD(3.13559, 1.540593)).toBeCloseTo(28.442, 2);
  });

  test("d, g and 2θ go around", () => {
    fc.assert(
      fc.property(angle, wavelength, (at, lambda) => {
        expect(twoThetaDegOfD(dOfTwoThetaDeg(at, lambda), lambda)).toBeCloseTo(at, 8);
        expect(twoThetaDegOfG(gOfTwoThetaDeg(at, lambda), lambda)).toBeCloseTo(at, 8);
        expect(gOfTwoThetaDeg(at, lambda) * dOfTwoThetaDeg(at, lambda)).toBeCloseTo(1, 12);
      }),
    );
  });

  test("what a wavelength cannot reach has no angle", () => {
    for (const at of [twoThetaDegOfD(0.7, 1.54), twoThetaDegOfG(1.4, 1.54)]) {
      expect(at).toBeNaN();
      expect(isReached(at)).toBe(false);
      expect(atMost180(at)).toBe(180);
    }
    expect(isReached(179.9)).toBe(true);
    expect(isReached(180)).toBe(false);
    expect(atMost180(28.44)).toBe(28.44);
  });

  test("the slope over g² is the difference quotient", () => {
    fc.assert(
      fc.property(angle, wavelength, (at, lambda) => {
        const g2 = gOfTwoThetaDeg(at, lambda) ** 2;
        const step = 1e-6 * g2 * (1 - (lambda * lambda * g2) / 4);
        const of = (value: number): number => twoThetaDegOfG(Math.sqrt(value), lambda);
        const quotient = (of(g2 + step) - of(g2 - step)) / (2 * step);
        expect(twoThetaDegPerG2((lambda * lambda * g2) / 4, lambda) / quotient).toBeCloseTo(1, 5);
      }),
    );
  });
});

describe("another wavelength", () => {
  test("the Kα2 of silicon 111 is 0.07° above its Kα1", () => {
    expect(atOtherWavelength(28.442, 1.54439 / 1.54056)).toBeCloseTo(28.514, 3);
  });

  test("is Bragg's law with the same spacing, and goes back", () => {
    fc.assert(
      fc.property(angle, wavelength, wavelength, (at, one, other) => {
        const there = atOtherWavelength(at, other / one);
        fc.pre(isReached(there) && there < 179);
        expect(there).toBeCloseTo(twoThetaDegOfD(dOfTwoThetaDeg(at, one), other), 7);
        expect(atOtherWavelength(there, one / other)).toBeCloseTo(at, 7);
      }),
    );
  });

  test("its slope is tan θ'/tan θ; beyond reach there is none", () => {
    const [at, ratio] = [40, 1.3];
    const there = atOtherWavelength(at, ratio);
    const tan = (deg: number): number => Math.tan((deg * Math.PI) / 360);
    expect(slopeAtOtherWavelength(at, ratio)).toBeCloseTo(tan(there) / tan(at), 12);
    expect(slopeAtOtherWavelength(150, 1.3)).toBeNaN();
    expect(atOtherWavelength(150, 1.3)).toBeNaN();
  });
});
