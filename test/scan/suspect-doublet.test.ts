/** 1.5406 given for a scan with Kα2 biases cells by -0.04 %: the peaks show it. */
import { describe, expect, test } from "vitest";
import {
  kAlphaDoublet,
  monochromatic,
  parseRadiation,
  type Radiation,
} from "../../src/radiation/radiation.ts";
import type { Scan } from "../../src/scan/scan.ts";
import { suspectDoublet } from "../../src/scan/suspect-doublet.ts";

/** Lines at spacings d, seen by a radiation, with counting noise that is the same every time. */
function scanOf(
  spacings: readonly number[],
  shone: Radiation,
  { said = shone, fwhm = 0.1, to = 140 }: { said?: Radiation; fwhm?: number; to?: number } = {},
): Scan {
  const values = Float64Array.from(
    { length: Math.round((to - 20) / 0.02) },
    (_, i) => 20 + i * 0.02,
  );
  const intensity = new Float64Array(values.length).fill(50);
  spacings.forEach((d, k) => {
    for (const { wavelengthAngstrom, weight } of shone.lines) {
      const sine = wavelengthAngstrom / (2 * d);
      if (sine >= 1) continue;
      const place = (Math.asin(sine) * 360) / Math.PI;
      const height = weight * (4000 - 2500 * Math.sin(k * 5.3) ** 2);
      values.forEach(
        (x, i) => (intensity[i]! += height / (1 + ((x - place) / (fwhm / 2)) ** 2) ** 1.5),
      );
    }
  });
  const noisy = intensity.map((y, i) => Math.round(y + Math.sqrt(y) * Math.sin(i * 78.233) * 1.2));
  return {
    ranges: [{ axis: { kind: "twoTheta", values }, intensity: noisy }],
    radiation: said,
    intensityUnit: "counts",
    metadata: {},
    source: { format: "simulation" },
    history: [],
  };
}

/** Cubic, and a low symmetry with neighbours everywhere. */
const CUBIC = [3, 4, 8, 11, 12, 16, 19, 20, 24, 27, 32, 35, 36].map((n) => 5.411 / Math.sqrt(n));
const MANY = Array.from({ length: 60 }, (_, i) => 3.4 / (1 + i * 0.059 + 0.02 * Math.sin(i * 3.7)));
const one = (line: string): Radiation => parseRadiation(line);

describe("seen", () => {
  test.each([
    ["CuKa1", "Cu"],
    ["1.5406", "Cu"],
    ["1.5418", "Cu"],
    ["CuKa", "Cu"],
    ["CoKa1", "Co"],
    ["0.7093", "Mo"],
  ])("%s", (said, anode) => {
    const scan = scanOf(CUBIC, kAlphaDoublet(anode), {
      said: one(said),
      fwhm: anode === "Mo" ? 0.07 : 0.1,
    });
    const [warning] = suspectDoublet(scan);
    expect(warning).toMatchObject({ code: "scan/doublet-suspected" });
    expect(warning!.message).toContain(`give ${anode}Ka12`);
  });

  test("among many lines", () => {
    expect(suspectDoublet(scanOf(MANY, kAlphaDoublet("Cu"), { said: one("1.5406") }))).toHaveLength(
      1,
    );
  });
});

describe("not seen", () => {
  test("where there is one line, of few peaks or many, sharp or broad", () => {
    for (const spacings of [CUBIC, MANY])
      for (const fwhm of [0.06, 0.1, 0.2, 0.4])
        expect(suspectDoublet(scanOf(spacings, one("CuKa1"), { fwhm }))).toEqual([]);
  });

  test("where Kα2 cannot be told: broad peaks, low angles", () => {
    const said = one("1.5406");
    expect(suspectDoublet(scanOf(CUBIC, kAlphaDoublet("Cu"), { said, fwhm: 0.9 }))).toEqual([]);
    expect(suspectDoublet(scanOf(CUBIC, kAlphaDoublet("Cu"), { said, to: 40 }))).toEqual([]);
  });

  test("where the doublet is named, of neutrons, at wavelengths of no tube", () => {
    expect(suspectDoublet(scanOf(CUBIC, kAlphaDoublet("Cu")))).toEqual([]);
    const neutrons = { ...one("1.5406"), kind: "neutron" as const };
    expect(suspectDoublet(scanOf(CUBIC, kAlphaDoublet("Cu"), { said: neutrons }))).toEqual([]);
    expect(
      suspectDoublet(scanOf(CUBIC, kAlphaDoublet("Cu"), { said: monochromatic(1.5) })),
    ).toEqual([]);
  });
});
