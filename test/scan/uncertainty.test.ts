/** Uncertainties of counts and of rates: known, propagated, or not there. */
import { describe, expect, test } from "vitest";
import { monochromatic } from "../../src/radiation/radiation.ts";
import { convertWavelength } from "../../src/scan/convert.ts";
import { readScan } from "../../src/scan/read.ts";
import { mergeRanges, normalise } from "../../src/scan/resample.ts";
import {
  esdOf,
  type IntensityUnit,
  knownEsd,
  type Scan,
  type ScanRange,
} from "../../src/scan/scan.ts";
import { smooth } from "../../src/scan/smooth.ts";
import { writeScan } from "../../src/scan/write.ts";
import { bytesOf } from "./fixtures/written.ts";

const SIZE = 101;

function flat(start: number, level: number, countTimeSeconds?: number): ScanRange {
  return {
    axis: {
      kind: "twoTheta",
      values: Float64Array.from({ length: SIZE }, (_, i) => start + i * 0.1),
    },
    intensity: new Float64Array(SIZE).fill(level),
    ...(countTimeSeconds === undefined ? {} : { countTimeSeconds }),
  };
}

function scanOf(intensityUnit: IntensityUnit, ...ranges: ScanRange[]): Scan {
  return {
    ranges,
    radiation: null,
    intensityUnit,
    metadata: {},
    source: { format: "test" },
    history: [],
  };
}

describe("rates", () => {
  test("have the uncertainty of their counts: 400 counts/s in 25 s were ± 20, and are ± 4", () => {
    expect(knownEsd(flat(10, 400, 25), "counts/s")![0]).toBe(4);
    expect(knownEsd(flat(10, 400, 25), "counts")![0]).toBe(20);
    expect(knownEsd(flat(10, 400), "counts/s")).toBeUndefined();
    expect(knownEsd(flat(10, 400, 25), "unknown")).toBeUndefined();
    const attenuated = { ...flat(10, 400, 25), attenuation: new Float64Array(SIZE).fill(4) };
    expect(knownEsd(attenuated, "counts/s")![0]).toBe(8);
    const half = { ...flat(10, 0.5, 100), countTimeSeconds: new Float64Array(SIZE).fill(200) };
    expect(knownEsd(half, "counts/s")![0]).toBeCloseTo(0.05, 12);
    expect(esdOf(flat(10, 400), "unknown")[0]).toBe(20);
  });

  test("merge as they are: 50 counts/s for 2 s and for 8 s gave 12.5 in the second range", () => {
    const [range] = mergeRanges(scanOf("counts/s", flat(10, 50, 2), flat(15, 50, 8)), 0.1).ranges;
    expect(Math.min(...range!.intensity)).toBeCloseTo(50, 9);
    expect(Math.max(...range!.intensity)).toBeCloseTo(50, 9);
    // Alone √(50 · 2)/2 = 5; both together √(50 · 10)/10.
    expect(range!.esd![10]).toBeCloseTo(5, 9);
    expect(range!.esd![75]).toBeCloseTo(Math.sqrt(500) / 10, 9);
  });

  test("a time for each point counts as the one for all does", () => {
    const each = (range: ScanRange): ScanRange => ({
      ...range,
      countTimeSeconds: new Float64Array(SIZE).fill(range.countTimeSeconds as number),
    });
    const two = [flat(10, 50, 2), flat(15, 50, 8)] as const;
    for (const unit of ["counts", "counts/s"] as const) {
      const merged = mergeRanges(scanOf(unit, ...two.map(each)), 0.1);
      expect(merged).toEqual(mergeRanges(scanOf(unit, ...two), 0.1));
    }
    const perSecond = normalise(scanOf("counts", each(two[1])), "time").ranges[0]!;
    expect(perSecond.intensity[0]).toBe(50 / 8);
  });

  test("normalised by time stay what they are: they were divided once more", () => {
    const rates = normalise(scanOf("counts/s", flat(10, 50, 2)), "time");
    expect(rates.ranges[0]!.intensity[0]).toBe(50);
    expect(rates.ranges[0]!.esd![0]).toBe(5);
    const counts = normalise(scanOf("counts", flat(10, 100, 2)), "time");
    expect([counts.intensityUnit, counts.ranges[0]!.intensity[0]]).toEqual(["counts/s", 50]);
    expect(normalise(counts, "time").ranges[0]!.intensity[0]).toBe(50);
  });
});

describe("smoothing", () => {
  test("propagates: nine points of degree 3 keep 59/231 of the variance, they were √counts anew", () => {
    const [range] = smooth(scanOf("counts", flat(10, 400))).ranges;
    expect(range!.esd![50]).toBeCloseTo(20 * Math.sqrt(59 / 231), 9);
    expect(range!.esd![0]!).toBeGreaterThan(range!.esd![50]!);
    expect(range!.esd![0]).toBeCloseTo(range!.esd![SIZE - 1]!, 9);
  });

  test("of a scan between 0 and 1: the uncertainty was 1", () => {
    const small = { ...flat(10, 0.5), esd: new Float64Array(SIZE).fill(0.01) };
    const [range] = smooth(scanOf("unknown", small)).ranges;
    expect(range!.esd![50]).toBeCloseTo(0.01 * Math.sqrt(59 / 231), 9);
    expect(smooth(scanOf("unknown", flat(10, 0.5))).ranges[0]!.esd).toBeUndefined();
  });
});

describe("xye", () => {
  test.each([
    ["unknown", 5],
    ["counts/s", undefined],
  ] as const)("%s: no uncertainty is made up, xy is the way out", (unit, time) => {
    const scan = scanOf(unit, flat(10, 0.5, time));
    expect(() => writeScan(scan, "xye")).toThrow(
      expect.objectContaining({
        code: "scan/no-esd",
        details: expect.objectContaining({ hint: expect.stringContaining("xy") as string }),
      }),
    );
    expect(readScan(bytesOf(writeScan(scan, "xy"))).scan.intensityUnit).toBe(unit);
  });

  test("rates with a time are written with √(I t)/t", () => {
    const text = writeScan(scanOf("counts/s", flat(10, 400, 25)), "xye");
    expect(readScan(bytesOf(text)).scan.ranges[0]!.esd![0]).toBe(4);
  });
});

test("rates on another wavelength are still rates: the second range was divided by its time", () => {
  const scan = { ...scanOf("counts/s", flat(30, 50, 2), flat(40, 50, 8)) };
  const moved = convertWavelength(
    { ...scan, radiation: monochromatic(1.5406) },
    monochromatic(1.5),
  );
  const [merged] = mergeRanges(moved, 0.1).ranges;
  expect(Math.max(...merged!.intensity)).toBeLessThan(60);
  expect(Math.min(...merged!.intensity)).toBeGreaterThan(40);
});
