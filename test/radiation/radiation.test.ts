import { describe, expect, test } from "vitest";
import { convertAxis } from "../../src/radiation/axis.ts";
import { lorentzPolarisationFactor } from "../../src/radiation/polarisation.ts";
import { meanWavelength, parseRadiation } from "../../src/radiation/radiation.ts";

describe("parseRadiation", () => {
  test.each([
    ["CuKa", 1.54184],
    ["Cu", 1.54184],
    ["cu k-alpha", 1.54184],
    ["Cu Kα1", 1.54056],
    ["CuKα₂", 1.54439],
    ["MoKb", 0.63229],
    ["AgKb1", 0.497082],
    ["1.5406", 1.5406],
    [" 0.207 ", 0.207],
  ])("%s is %d Å", (text, wavelength) => {
    expect(meanWavelength(parseRadiation(text))).toBeCloseTo(wavelength, 9);
  });

  test.each(["CuKa1+CuKa2", "CuKa12", "CuKa1+2", "Cu Kα1+Kα2", "CuKa1Ka2"])(
    "%s is the doublet",
    (text) => {
      const { lines } = parseRadiation(text);
      expect(lines.map((line) => line.wavelengthAngstrom)).toEqual([1.54056, 1.54439]);
      expect(lines[0]!.weight).toBeCloseTo(2 / 3, 12);
    },
  );

  test.each([
    ["XxKa", "radiation/unknown-anode"],
    ["copper", "radiation/unknown-anode"],
    ["", "radiation/unknown-anode"],
    ["154.06", "radiation/wavelength"],
    ["-1.5", "radiation/wavelength"],
    ["1.5.4", "radiation/wavelength"],
  ])("refuses %j", (text, code) => {
    expect(() => parseRadiation(text)).toThrow(expect.objectContaining({ code }));
  });

  test("an anode is not a neutron wavelength", () => {
    expect(() => parseRadiation("CuKa", "neutron")).toThrow(
      expect.objectContaining({ code: "radiation/contradiction" }),
    );
  });
});

describe("convertAxis", () => {
  test("goes around the axes and comes back", () => {
    const twoTheta = [10, 28.44, 120];
    const d = convertAxis(twoTheta, "twoTheta", "d", 1.5406);
    expect(d[1]).toBeCloseTo(3.1358, 3);
    const q = convertAxis(d, "d", "q");
    const back = convertAxis(q, "q", "twoTheta", 1.5406);
    for (const [i, value] of twoTheta.entries()) expect(back[i]).toBeCloseTo(value, 10);
  });

  test("2θ without a wavelength is refused", () => {
    expect(() => convertAxis([10], "twoTheta", "d")).toThrow(
      expect.objectContaining({ code: "axis/no-wavelength" }),
    );
  });
});

test("Lorentz-polarisation at θ = 22.5° by hand", () => {
  const theta = Math.PI / 8;
  const lorentz = 1 / (Math.sin(theta) ** 2 * Math.cos(theta));
  expect(lorentzPolarisationFactor(theta, { kind: "unpolarised" })).toBeCloseTo(1.5 * lorentz, 12);
  expect(lorentzPolarisationFactor(theta, { kind: "monochromator", twoThetaDeg: 90 })).toBeCloseTo(
    lorentz,
    12,
  );
  expect(lorentzPolarisationFactor(theta, { kind: "none" })).toBe(1);
});
