/** Standards simulated by the diffraction layer with known errors of the instrument, calibrated back. */
import { describe, expect, test } from "vitest";
import { powderPattern } from "../../src/diffraction/powder.ts";
import { calibrate, namedStandard, STANDARD_NAMES } from "../../src/fit/calibrate.ts";
import {
  kAlphaDoublet,
  meanWavelength,
  monochromatic,
  type Radiation,
} from "../../src/radiation/radiation.ts";
import { applyInstrument } from "../../src/scan/instrument.ts";
import { readScan } from "../../src/scan/read.ts";
import { type Scan, withRadiation } from "../../src/scan/scan.ts";
import { writeScan } from "../../src/scan/write.ts";
import { simulate } from "../scan/simulated.ts";

function standardScan(
  name: string,
  radiation: Radiation,
  zero: number,
  displacement: number,
): Scan {
  const [line] = radiation.lines;
  const { peaks } = powderPattern(namedStandard(name).structure, {
    radiation: monochromatic(line!.wavelengthAngstrom),
    twoThetaRangeDeg: [15, 119],
  });
  return simulate({
    peaks: peaks
      .filter((peak) => peak.intensity > 1)
      .map((peak) => ({
        position: peak.twoThetaDeg,
        height: peak.intensity * 200,
        fwhm: 0.07 + peak.twoThetaDeg / 1500,
      })),
    radiation,
    background: 150,
    seed: 41,
    shiftDeg: (twoTheta) => zero + displacement * Math.cos((twoTheta * Math.PI) / 360),
  });
}

describe("calibration with a standard", () => {
  test.each([
    ["LaB6", 0.04, -0.1],
    ["Si", -0.15, 0.05],
    ["CeO2", 0.1, 0.1],
    ["Al2O3", 0, 0.08],
  ])("%s: zero %f°, displacement %f° within 0.002° over the range", (name, zero, displacement) => {
    const scan = standardScan(name, kAlphaDoublet("Cu"), zero, displacement);
    const { instrument } = calibrate(scan, namedStandard(name), { goniometerRadiusMm: 217.5 });
    for (const twoTheta of [35, 60, 90, 110]) {
      const cosine = Math.cos((twoTheta * Math.PI) / 360);
      const found = instrument.zeroDeg + instrument.displacementDeg * cosine;
      expect(Math.abs(found - zero - displacement * cosine)).toBeLessThan(0.002);
    }
    expect(instrument.standard).toContain("NIST SRM");
    expect(instrument.goniometerRadiusMm).toBe(217.5);
  });

  test("corrected with its own calibration, nothing is left", () => {
    const scan = standardScan("LaB6", kAlphaDoublet("Cu"), 0.08, -0.05);
    const { instrument } = calibrate(scan, namedStandard("LaB6"));
    const again = calibrate(applyInstrument(scan, instrument), namedStandard("LaB6"));
    expect(Math.abs(again.instrument.zeroDeg + again.instrument.displacementDeg)).toBeLessThan(
      1e-3,
    );
  });

  test("another tube, and a scan that was written and read", () => {
    const radiation = kAlphaDoublet("Co");
    const scan = readScan(
      new TextEncoder().encode(writeScan(standardScan("Si", radiation, 0.06, 0), "xy")),
    ).scan;
    expect(meanWavelength(scan.radiation!)).toBeCloseTo(meanWavelength(radiation), 9);
    const { instrument } = calibrate(scan, namedStandard("Si"));
    expect(instrument.zeroDeg + instrument.displacementDeg * Math.cos(Math.PI / 6)).toBeCloseTo(
      0.06,
      2,
    );
  });

  test("no wavelength, a wrong standard, an unknown one", () => {
    const scan = standardScan("LaB6", kAlphaDoublet("Cu"), 0, 0);
    expect(() => calibrate({ ...scan, radiation: null }, namedStandard("LaB6"))).toThrow(
      /no wavelength/,
    );
    const named = withRadiation({ ...scan, radiation: null }, kAlphaDoublet("Cu"));
    expect(calibrate(named, namedStandard("lab6")).instrument.peakCount).toBeGreaterThan(15);
    expect(() => namedStandard("NaCl")).toThrow(/no built-in standard/);
    expect(STANDARD_NAMES).toHaveLength(4);
    expect(() => calibrate(scan, namedStandard("Si"))).toThrow(/strong reflections|too few/);
    const copper = { ...scan, radiation: kAlphaDoublet("Mo") };
    expect(() => calibrate(copper, namedStandard("LaB6"))).toThrow(/strong reflections|too few/);
  });
});
