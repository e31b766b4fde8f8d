/** Processing steps against scipy, pybaselines and dtaidistance, and by what they must conserve. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lorentzPolarisationFactor } from "../../src/radiation/polarisation.ts";
import { kAlphaDoublet, monochromatic, parseRadiation } from "../../src/radiation/radiation.ts";
import { airPls, snip, subtractBackground } from "../../src/scan/background.ts";
import { convertScanAxis, convertWavelength } from "../../src/scan/convert.ts";
import { binEdges, cutScan, mergeRanges, normalise, resample } from "../../src/scan/resample.ts";
import type { Scan } from "../../src/scan/scan.ts";
import {
  cosineSimilarity,
  dtwDistance,
  jensenShannonDivergence,
  matchPeakPositions,
  pearsonCorrelation,
} from "../../src/scan/similarity.ts";
import { removeOutliers, savitzkyGolay, smooth } from "../../src/scan/smooth.ts";
import { stripAlpha2 } from "../../src/scan/strip-alpha2.ts";
import { scanOf, simulate } from "./simulated.ts";

const golden = JSON.parse(
  readFileSync(new URL("fixtures/processing.json", import.meta.url), "utf8"),
);
const counts = Float64Array.from(golden.counts as number[]);
const other = Float64Array.from(golden.other as number[]);
const scan = scanOf(
  Float64Array.from(counts, (_, i) => golden.start + i * golden.step),
  counts,
);

function expectClose(ours: ArrayLike<number>, theirs: readonly number[], relative: number): void {
  expect(ours.length).toBe(theirs.length);
  for (let i = 0; i < theirs.length; i++) {
    const off = Math.abs(ours[i]! - theirs[i]!) / Math.max(1, Math.abs(theirs[i]!));
    if (!(off <= relative)) throw new Error(`point ${i}: ${ours[i]} against ${theirs[i]}`);
  }
}

function areaOf({ ranges }: Scan): number {
  let area = 0;
  for (const range of ranges) {
    const edges = binEdges(range.axis.values);
    range.intensity.forEach((value, i) => (area += value * (edges[i + 1]! - edges[i]!)));
  }
  return area;
}

describe("against other programs", () => {
  test("Savitzky-Golay and its derivatives: scipy", () => {
    const { smooth_9_3, first_11_4, second_15_2 } = golden.savitzkyGolay;
    expectClose(savitzkyGolay(counts, { window: 9, degree: 3 }), smooth_9_3, 1e-10);
    expectClose(savitzkyGolay(counts, { window: 11, degree: 4, derivative: 1 }), first_11_4, 1e-9);
    expectClose(savitzkyGolay(counts, { window: 15, degree: 2, derivative: 2 }), second_15_2, 1e-9);
  });

  test("airPLS: pybaselines", () => {
    expectClose(airPls(counts, { lambda: 1e5, order: 2 }), golden.airPls.order2_1e5, 1e-6);
    expectClose(airPls(counts, { lambda: 100, order: 1 }), golden.airPls.order1_100, 1e-6);
  });

  test("SNIP: pybaselines on the same transform, away from the ends (it extends the data, we do not)", () => {
    const level = snip(counts, 20);
    expectClose(level.subarray(40, 360), golden.snip20.slice(40, 360), 1e-6);
  });

  test("similarities: scipy and dtaidistance", () => {
    const { similarity } = golden;
    expect(cosineSimilarity(counts, other)).toBeCloseTo(similarity.cosine, 12);
    expect(pearsonCorrelation(counts, other)).toBeCloseTo(similarity.pearson, 12);
    expect(jensenShannonDivergence(counts, other)).toBeCloseTo(similarity.jensenShannon, 12);
    expect(dtwDistance(counts, other, 4)).toBeCloseTo(similarity.dtw4, 8);
    expect(dtwDistance(counts, other, 0)).toBeCloseTo(similarity.dtw0, 8);
    expect(dtwDistance(counts, other, 0)).toBeCloseTo(similarity.euclidean, 8);
  });
});

describe("what must stay", () => {
  test("the measured scan is never changed, and history grows", () => {
    const before = Float64Array.from(counts);
    const level = subtractBackground(scan, { method: "snip" });
    const result = normalise(smooth(level, { window: 7 }), "maximum");
    expect(scan.ranges[0]!.intensity).toEqual(before);
    expect(scan.history).toEqual([]);
    expect(result.history.map(({ step }) => step)).toEqual([
      "background",
      "savitzky-golay",
      "normalise",
    ]);
    expect(Math.max(...result.ranges[0]!.intensity)).toBeCloseTo(100, 10);
    expect(areaOf(normalise(scan, "area"))).toBeCloseTo(1, 12);
  });

  test("resampling conserves area on any grid that covers the data", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.01, max: 0.5, noNaN: true }), fc.nat(10_000)), {
          minLength: 3,
          maxLength: 60,
        }),
        fc.double({ min: 0.02, max: 0.7, noNaN: true }),
        (points, step) => {
          let at = 10;
          const x = points.map(([gap]) => (at += gap));
          const raw = scanOf(
            Float64Array.from(x),
            Float64Array.from(points, ([, y]) => y),
          );
          const moved = resample(raw, { start: 9, stop: x.at(-1)! + 2, step, outside: 0 });
          expect(areaOf(moved)).toBeCloseTo(areaOf(raw), 6);
        },
      ),
      { numRuns: 200, seed: 11 },
    );
  });

  test("resampling on its own grid changes nothing", () => {
    const again = resample(scan, { start: golden.start, step: golden.step });
    expectClose(again.ranges[0]!.intensity, golden.counts, 1e-9);
    expectClose(again.ranges[0]!.esd!, Array.from(counts, Math.sqrt), 1e-9);
  });

  test("2θ to d to Q and back", () => {
    const copper = { ...scan, radiation: parseRadiation("CuKa1") };
    const there = convertScanAxis(convertScanAxis(copper, "d"), "q");
    expect(there.ranges[0]!.axis.values[0]).toBeLessThan(there.ranges[0]!.axis.values[1]!);
    const back = convertScanAxis(there, "twoTheta");
    expectClose(back.ranges[0]!.axis.values, Array.from(scan.ranges[0]!.axis.values), 1e-12);
    expect(back.ranges[0]!.intensity).toEqual(counts);
    expect(() => convertScanAxis(scan, "d")).toThrow(/no wavelength/);
  });

  test("another wavelength moves the axis at constant d and rescales by the LP ratio", () => {
    const cobalt = { ...scan, radiation: monochromatic(1.78896) };
    const copper = convertWavelength(cobalt, monochromatic(1.54056));
    const [from, to] = [cobalt.ranges[0]!, copper.ranges[0]!];
    for (const i of [0, 100, 399]) {
      const theta = (from.axis.values[i]! * Math.PI) / 360;
      const expected = (Math.asin((Math.sin(theta) * 1.54056) / 1.78896) * 360) / Math.PI;
      expect(to.axis.values[i]).toBeCloseTo(expected, 10);
      const lp = (t: number): number => lorentzPolarisationFactor(t, { kind: "unpolarised" });
      const ratio = lp((expected * Math.PI) / 360) / lp(theta);
      expect(to.intensity[i]).toBeCloseTo(counts[i]! * ratio, 8);
    }
    const back = convertWavelength(copper, monochromatic(1.78896));
    expectClose(back.ranges[0]!.intensity, golden.counts, 1e-10);
  });

  test("points that a longer wavelength cannot reach are dropped", () => {
    const high = scanOf(Float64Array.of(100, 120, 140, 160), Float64Array.of(1, 2, 3, 4));
    const moved = convertWavelength(
      { ...high, radiation: monochromatic(1.54) },
      monochromatic(1.79),
    );
    expect(moved.ranges[0]!.axis.values).toHaveLength(1);
    expect(() => convertWavelength(high, monochromatic(1.79))).toThrow(/no wavelength/);
  });

  test("cutting and merging", () => {
    expect(cutScan(scan, 25, 30).ranges[0]!.axis.values[0]).toBeCloseTo(25, 9);
    const flat = (start: number, seconds: number, rate: number): Scan["ranges"][number] => ({
      axis: {
        kind: "twoTheta",
        values: Float64Array.from({ length: 101 }, (_, i) => start + i * 0.1),
      },
      intensity: new Float64Array(101).fill(rate * seconds),
      countTimeSeconds: seconds,
    });
    const merged = mergeRanges({ ...scan, ranges: [flat(10, 2, 50), flat(15, 8, 50)] }, 0.1);
    const [range] = merged.ranges;
    expect(range!.axis.values.at(-1)).toBeCloseTo(25, 9);
    expect(Math.min(...range!.intensity)).toBeCloseTo(100, 8);
    expect(Math.max(...range!.intensity)).toBeCloseTo(100, 8);
    expect(range!.esd![80]).toBeLessThan(range!.esd![10]! / 1.4);
  });
});

describe("Kα2", () => {
  const doublet = kAlphaDoublet("Cu");
  const peaks = [
    { position: 28.44, height: 10_000, fwhm: 0.08 },
    { position: 69.13, height: 4000, fwhm: 0.12 },
    { position: 106.7, height: 3000, fwhm: 0.2 },
  ];

  test("stripped, a simulated doublet is the Kα1 pattern", () => {
    const both = simulate({ peaks, radiation: doublet, step: 0.005, background: 0 });
    const alone = simulate({
      peaks,
      radiation: monochromatic(doublet.lines[0]!.wavelengthAngstrom),
      step: 0.005,
      background: 0,
    });
    const stripped = stripAlpha2(both);
    const [ours, ideal] = [stripped.ranges[0]!.intensity, alone.ranges[0]!.intensity];
    let worst = 0;
    ours.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - ideal[i]!))));
    // Linear interpolation, and the dispersion that the simulation leaves out: 0.3 % of the strongest peak.
    expect(worst).toBeLessThan(30);
    expect(stripped.radiation).toMatchObject({ name: "CuKa1", lines: [{ weight: 1 }] });
    expect(() => stripAlpha2(stripped)).toThrow(/no Kα1-Kα2 doublet/);
  });

  test("a background given beforehand is not stripped", () => {
    const flat = scanOf(
      Float64Array.from({ length: 500 }, (_, i) => 20 + i * 0.02),
      new Float64Array(500).fill(100),
    );
    const level = new Float64Array(500).fill(100);
    const kept = stripAlpha2({ ...flat, radiation: doublet }, [level]);
    expectClose(kept.ranges[0]!.intensity, Array.from(level), 1e-12);
  });
});

describe("outliers", () => {
  test("spikes go, peaks stay", () => {
    const spiked = Float64Array.from(counts);
    spiked[50] = 5000;
    spiked[300] = 0;
    spiked[200] = counts[200]!;
    const cleaned = removeOutliers(scanOf(scan.ranges[0]!.axis.values, spiked));
    const { intensity } = cleaned.ranges[0]!;
    expect(cleaned.history[0]!.parameters["removed"]).toBe(2);
    expect(Math.abs(intensity[50]! - counts[50]!)).toBeLessThan(60);
    expect(Math.abs(intensity[300]! - counts[300]!)).toBeLessThan(40);
    const untouched = removeOutliers(scan);
    expect(untouched.history[0]!.parameters["removed"]).toBe(0);
    expect(untouched.ranges[0]!.intensity).toEqual(counts);
  });

  test("the top of a sharp peak is no spike", () => {
    const sharp = simulate({
      peaks: [{ position: 30, height: 50_000, fwhm: 0.03 }],
      radiation: monochromatic(1.54),
      step: 0.02,
      background: 100,
    });
    expect(removeOutliers(sharp).history[0]!.parameters["removed"]).toBe(0);
  });
});

describe("peak matching", () => {
  test("nearest pairs, each peak once, and what chance would reach", () => {
    const match = matchPeakPositions([10, 20, 30.4], [10.1, 19.9, 20.05, 50], {
      tolerance: 0.2,
      range: [5, 55],
    });
    expect(match.pairs).toEqual([
      [1, 2],
      [0, 0],
    ]);
    expect(match.matchedOfA).toBeCloseTo(2 / 3, 12);
    expect(match.matchedOfB).toBeCloseTo(1 / 2, 12);
    expect(match.score).toBeCloseTo(4 / 7, 12);
    // 0.4 + (0.4 + 0.15) + 0.4 of 50 degrees
    expect(match.chanceOfA).toBeCloseTo(1.35 / 50, 12);
  });

  test("the chance level is what random peaks reach", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        let state = (seed >>> 0) + 1;
        const random = (): number => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return state / 2 ** 32;
        };
        const b = Array.from({ length: 12 }, () => 10 + 80 * random());
        let hits = 0;
        let chance = 0;
        const runs = 2000;
        for (let run = 0; run < runs; run++) {
          const match = matchPeakPositions([10 + 80 * random()], b, {
            tolerance: 0.7,
            range: [10, 90],
          });
          hits += match.matchedOfA;
          chance = match.chanceOfA;
        }
        expect(Math.abs(hits / runs - chance)).toBeLessThan(0.045);
      }),
      { numRuns: 5, seed: 3 },
    );
  });
});
