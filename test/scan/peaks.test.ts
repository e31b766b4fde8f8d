/** Peak search and calibration on simulated scans whose truth is known. */
import { describe, expect, test } from "vitest";
import { twoThetaDegOfD } from "../../src/radiation/angles.ts";
import { kAlphaDoublet, monochromatic } from "../../src/radiation/radiation.ts";
import {
  applyInstrument,
  calibrateInstrument,
  parseInstrument,
} from "../../src/scan/instrument.ts";
import { findPeaks, searchPeaks } from "../../src/scan/peaks.ts";
import type { Scan } from "../../src/scan/scan.ts";
import { simulate } from "./simulated.ts";

const COPPER = kAlphaDoublet("Cu");
const LAMBDA = COPPER.lines[0]!.wavelengthAngstrom;

/** A cubic primitive cell of 4.1568 Å: the lines of LaB6 by position. */
function cubicLines(limit: number): number[] {
  const sums = new Set<number>();
  for (let h = 0; h <= 6; h++)
    for (let k = 0; k <= h; k++) for (let l = 0; l <= k; l++) sums.add(h * h + k * k + l * l);
  return [...sums]
    .filter((sum) => sum > 0)
    .sort((a, b) => a - b)
    .map((sum) => twoThetaDegOfD(4.1568 / Math.sqrt(sum), LAMBDA))
    .filter((twoTheta) => twoTheta < limit);
}

function width(twoTheta: number): number {
  const tan = Math.tan((twoTheta * Math.PI) / 360);
  return Math.sqrt(0.008 * tan * tan - 0.003 * tan + 0.006);
}

function standardScan(zero: number, displacement: number, seed?: number): Scan {
  const lines = cubicLines(120);
  return simulate({
    peaks: lines.map((position, i) => ({
      position,
      height: [8000, 15_000, 6000, 3000, 5000][i % 5]!,
      fwhm: width(position),
    })),
    radiation: COPPER,
    background: 200,
    ...(seed === undefined ? {} : { seed }),
    shiftDeg: (twoTheta) => zero + displacement * Math.cos((twoTheta * Math.PI) / 360),
  });
}

function observed(scan: Scan): Parameters<typeof calibrateInstrument>[0] {
  return findPeaks(scan, { signalToNoise: 10 }).map((peak) => ({
    twoThetaDeg: peak.position,
    esdDeg: peak.positionEsd,
    fwhmDeg: peak.fwhm,
    fwhmEsdDeg: peak.fwhmEsd,
    eta: peak.eta,
  }));
}

describe("peak search", () => {
  test("finds every line of a doublet pattern where it is, without the Kα2", () => {
    const peaks = findPeaks(standardScan(0, 0));
    const lines = cubicLines(119);
    expect(peaks).toHaveLength(lines.length);
    peaks.forEach((peak, i) => {
      expect(Math.abs(peak.position - lines[i]!)).toBeLessThan(0.0005);
      expect(Math.abs(peak.fwhm / width(lines[i]!) - 1)).toBeLessThan(0.02);
      // Half of the height is 0.596 of the area.
      expect(peak.eta).toBeCloseTo(0.596, 1);
    });
  });

  test.each([
    ["measured, background taken off and cut at 0", 7, 225],
    ["simulated, rounded to whole counts", undefined, 240],
  ])("without background no line is lost: %s", (_, seed, level) => {
    const lines = cubicLines(119);
    const scan = simulate({
      peaks: lines.map((position, i) => ({
        position,
        height: [15_000, 900][i % 2]!,
        fwhm: width(position),
      })),
      radiation: COPPER,
      background: 200,
      ...(seed === undefined ? {} : { seed }),
    });
    const ranges = scan.ranges.map(({ esd: __, ...range }) => ({
      ...range,
      intensity: range.intensity.map((value) => Math.max(0, Math.round(value - level))),
    }));
    const zeros = ranges[0]!.intensity.filter((value) => value === 0).length;
    expect(zeros).toBeGreaterThan(0.5 * ranges[0]!.intensity.length);
    const found = searchPeaks({ ...scan, ranges });
    // All but the strongest were: noise grew from a level of 0, a thousandfold at their tops.
    for (const line of lines)
      expect(found.some(({ position }) => Math.abs(position - line) < 0.1)).toBe(true);
  });

  test("uncertainties are honest: over many noisy scans the spread is what the esd says", () => {
    const pulls: number[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      const scan = simulate({
        peaks: [{ position: 40, height: 400, fwhm: 0.15 }],
        radiation: monochromatic(1.54),
        range: [37, 43],
        background: 60,
        seed,
      });
      const [peak] = findPeaks(scan);
      pulls.push((peak!.position - 40) / peak!.positionEsd);
    }
    const spread = Math.sqrt(pulls.reduce((sum, pull) => sum + pull * pull, 0) / pulls.length);
    expect(spread).toBeGreaterThan(0.7);
    expect(spread).toBeLessThan(1.4);
  });

  test("separates overlapping peaks and gives their areas", () => {
    const scan = simulate({
      peaks: [
        { position: 30, height: 5000, fwhm: 0.12 },
        { position: 30.2, height: 3000, fwhm: 0.12 },
      ],
      radiation: monochromatic(1.54),
      range: [27, 33],
      background: 50,
      seed: 5,
    });
    const peaks = findPeaks(scan);
    expect(peaks).toHaveLength(2);
    const shape = (Math.PI / 2 + Math.sqrt(Math.PI / (4 * Math.LN2))) / 2;
    expect(peaks[0]!.position).toBeCloseTo(30, 2);
    expect(peaks[1]!.position).toBeCloseTo(30.2, 2);
    expect(Math.abs(peaks[0]!.area / (5000 * 0.12 * shape) - 1)).toBeLessThan(0.05);
    expect(Math.abs(peaks[1]!.area / (3000 * 0.12 * shape) - 1)).toBeLessThan(0.07);
  });

  test("noise alone has no peaks", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const flat = simulate({
        peaks: [],
        radiation: COPPER,
        range: [10, 60],
        background: 400,
        seed,
      });
      expect(findPeaks(flat)).toEqual([]);
    }
  });

  test("intensities on any scale: a pattern of 0 to 1 gives the peaks of its counts", () => {
    const counts = standardScan(0, 0, 3);
    const [range] = counts.ranges;
    const scaled = {
      ...counts,
      intensityUnit: "unknown" as const,
      ranges: [{ ...range!, intensity: range!.intensity.map((value) => value / 15_000) }],
    };
    expect(findPeaks(scaled).length).toBe(findPeaks(counts).length);
  });
});

describe("calibration", () => {
  test.each([
    [0, 0, undefined],
    [0.05, 0, undefined],
    [-0.12, 0.08, undefined],
    [0.03, -0.15, 17],
    [0.2, 0.1, 23],
  ])(
    "zero %f° and displacement %f° (seed %s) are recovered within 0.002°",
    (zero, displacement, seed) => {
      const scan = standardScan(zero, displacement, seed);
      const { instrument } = calibrateInstrument(observed(scan), cubicLines(125), {
        standard: "LaB6",
        wavelengthAngstrom: LAMBDA,
        goniometerRadiusMm: 200,
      });
      expect(instrument.peakCount).toBeGreaterThan(12);
      for (const twoTheta of [25, 60, 110]) {
        const cosine = Math.cos((twoTheta * Math.PI) / 360);
        const found = instrument.zeroDeg + instrument.displacementDeg * cosine;
        expect(Math.abs(found - zero - displacement * cosine)).toBeLessThan(0.002);
      }
      if (seed === undefined) {
        expect(Math.abs(instrument.zeroDeg - zero)).toBeLessThan(0.002);
        expect(Math.abs(instrument.displacementDeg - displacement)).toBeLessThan(0.002);
      }
      expect(instrument.displacementMm).toBeCloseTo(
        (((instrument.displacementDeg * Math.PI) / 180) * 200) / 2,
        12,
      );
      expect(instrument.rmsDeg).toBeLessThan(0.002);
      const corrected = findPeaks(applyInstrument(scan, instrument), { signalToNoise: 10 });
      const lines = cubicLines(119);
      corrected.forEach((peak) => {
        const off = Math.min(...lines.map((line) => Math.abs(line - peak.position)));
        expect(off).toBeLessThan(0.004);
      });
    },
  );

  test("the resolution curve is the one that was put in", () => {
    const { instrument } = calibrateInstrument(observed(standardScan(0, 0, 9)), cubicLines(125), {
      standard: "LaB6",
      wavelengthAngstrom: LAMBDA,
    });
    const { u, v, w } = instrument.resolution!;
    for (const twoTheta of [30, 60, 90, 115]) {
      const tan = Math.tan((twoTheta * Math.PI) / 360);
      const found = Math.sqrt(u * tan * tan + v * tan + w);
      expect(Math.abs(found / width(twoTheta) - 1)).toBeLessThan(0.03);
    }
  });

  test("foreign peaks are left out and named", () => {
    const peaks = [...observed(standardScan(0.05, 0)), { twoThetaDeg: 31.9, esdDeg: 0.001 }];
    const { instrument, warnings } = calibrateInstrument(peaks, cubicLines(125), {
      standard: "LaB6",
      wavelengthAngstrom: LAMBDA,
    });
    expect(instrument.zeroDeg).toBeCloseTo(0.05, 3);
    expect(warnings.map(({ code }) => code)).toContain("calibrate/foreign-peaks");
  });

  test("a scan of something else is refused", () => {
    expect(() =>
      calibrateInstrument([{ twoThetaDeg: 33.3, esdDeg: 0.01 }], cubicLines(125), {
        standard: "LaB6",
        wavelengthAngstrom: LAMBDA,
      }),
    ).toThrow(/too few to calibrate/);
  });

  test("an instrument is read back from its JSON, and other JSON is not one", () => {
    const { instrument } = calibrateInstrument(observed(standardScan(0.05, 0)), cubicLines(125), {
      standard: "LaB6",
      wavelengthAngstrom: LAMBDA,
    });
    expect(parseInstrument(JSON.stringify(instrument))).toEqual(instrument);
    expect(() => parseInstrument("{}")).toThrow(/no instrument/);
    expect(() => parseInstrument("{")).toThrow(/no JSON/);
  });
});
