/** The radiation in the lines above a table, in the many ways in which programs write it. */
import { expect, test } from "vitest";
import { parseRadiation, type Radiation } from "../../src/radiation/radiation.ts";
import { readScan } from "../../src/scan/read.ts";
import type { Scan } from "../../src/scan/scan.ts";
import { bytesOf } from "./fixtures/written.ts";

const ROWS = Array.from({ length: 20 }, (_, i) => `${10 + i / 10} ${100 + i}`).join("\n");
const scanUnder = (header: string): Scan => readScan(bytesOf(`${header}\n${ROWS}\n`)).scan;
const linesOf = (radiation: Radiation | null): number[] =>
  (radiation?.lines ?? []).map((line) => line.wavelengthAngstrom);

test.each([
  ["Wavelength: 1,5406 A", [1.5406], "1 Å"],
  ["K-Alpha1 wavelength;1,5405980\nK-Alpha2 wavelength;1,5444260", [1.540598, 1.544426], "1 Å"],
  ["Wavelength [nm]: 0.15406", [1.5406], "0.15406 Å"],
  ["wavelength (nm) 0.15406", [1.5406], "0.15406 Å"],
  ["# wavelength in nm = 0,15406", [1.5406], "nothing"],
  ["wavelength [m]: 1.5406e-10", [1.5406], "nothing"],
  ["Wavelength 1 (A): 1.54056", [1.54056], "1 Å"],
  ["lambda 1 = 1.54056 A", [1.54056], "1 Å"],
  ["lambda1 = 1.54056\nlambda2 = 1.54439", [1.54056, 1.54439], "1.54056 alone"],
  ["Wavelength 1 (A): 1.54056\nWavelength 2 (A): 1.54439", [1.54056, 1.54439], "1 Å"],
  ["Wavelength,0.7093", [0.7093], "nothing"],
  ["wavelengths: 1.54056, 1.54439", [1.54056], "1.54056 Å"],
  ["Co radiation, Fe filter", [1.78896, 1.79285], "iron"],
  ["CuKa1 radiation", [1.54056], "nothing"],
  ["radiation: CuKa1+CuKa2", [1.54056, 1.54439], "Kα1 alone"],
  ["x-ray source: Mo", [0.7093, 0.71359], "Mo"],
  ["Energy (keV): 12.398419843", [1], "nothing"],
  ["Lambda 2 detector", [], "2 Å"],
  ["Detector: Lambda 750K", [], "750"],
  ["# λ/2 filter", [], "2"],
  ["Energy resolution: 0.6 keV", [], "20.66 Å"],
  ["Threshold energy: 6 keV", [], "2.07 Å"],
  ["K-Alpha2 wavelength: 1.54443", [], "1.54443 Å alone"],
])("%s gives %j: it was %s", (header, lines, _was) => {
  const found = linesOf(scanUnder(header).radiation);
  expect(found).toHaveLength(lines.length);
  lines.forEach((line, i) => expect(found[i]).toBeCloseTo(line, 9));
});

test("a counting time with a decimal comma: 18,87 s was 18 s", () => {
  expect(scanUnder("Scan step time [s];18,87").ranges[0]!.countTimeSeconds).toBe(18.87);
});

test.each(["CuKa1+MoKa2", "CuKb12", "CuKb1+CuKa2", "XxKa12"])(
  "%s is no doublet: it was Cu Kα",
  (name) => {
    expect(() => parseRadiation(name)).toThrow(
      expect.objectContaining({ code: "radiation/unknown-anode" }),
    );
  },
);

test.each(["CuKa12", "CuKa1+CuKa2", "CuKa1+Ka2", "CuKa1+2", "Cu Kα1+Kα2", "Cu Kα₁ + Cu Kα₂"])(
  "%s is the doublet",
  (name) => expect(parseRadiation(name).name).toBe("CuKa1+CuKa2"),
);
