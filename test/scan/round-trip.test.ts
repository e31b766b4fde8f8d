/** Scans written as columns and as JSON come back as they were: ranges, times, radiation. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kAlphaDoublet, monochromatic, type Radiation } from "../../src/radiation/radiation.ts";
import { readScan } from "../../src/scan/read.ts";
import type { Scan, ScanRange } from "../../src/scan/scan.ts";
import { writeScan } from "../../src/scan/write.ts";
import { bytesOf } from "./fixtures/written.ts";

const read = (text: string): Scan => readScan(bytesOf(text)).scan;

const wavelength = fc.integer({ min: 100, max: 29_000 }).map((value) => value / 10_000);
const named = (radiation: Radiation, name: string | undefined): Radiation =>
  name === undefined ? radiation : { ...radiation, name };

const radiations: fc.Arbitrary<Radiation | null> = fc.oneof(
  fc.constant(null),
  fc
    .tuple(
      wavelength,
      fc.constantFrom("xray", "neutron", "electron"),
      fc.constantFrom(undefined, "CuKa1"),
    )
    .map(([value, kind, name]) =>
      named(monochromatic(value, kind), kind === "xray" ? name : undefined),
    ),
  fc.constantFrom("Cu", "Mo", "Co").map((anode) => kAlphaDoublet(anode)),
  fc.tuple(wavelength, wavelength).map(([a, b]) => ({
    kind: "xray" as const,
    lines: [
      { wavelengthAngstrom: a, weight: 0.75 },
      { wavelengthAngstrom: b / 2, weight: 0.25 },
    ],
  })),
);

/** Ranges anywhere, overlapping or not, falling back or not, of a point or more. */
const rangesOf = (kind: ScanRange["axis"]["kind"]): fc.Arbitrary<ScanRange[]> =>
  fc.array(
    fc
      .record({
        start: fc.integer({ min: 100, max: 900 }),
        step: fc.integer({ min: 1, max: 20 }),
        counts: fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 25 }),
        seconds: fc.constantFrom(undefined, 1, 2.5, 120),
      })
      .map(({ start, step, counts, seconds }) => ({
        axis: {
          kind,
          values: Float64Array.from(counts, (_, i) => (start + i * step) / 100),
        },
        intensity: Float64Array.from(counts),
        esd: Float64Array.from(counts, (count) => Math.sqrt(count + 1)),
        ...(seconds === undefined ? {} : { countTimeSeconds: seconds }),
      })),
    { minLength: 1, maxLength: 4 },
  );

const scans: fc.Arbitrary<Scan> = fc
  .record({
    ranges: fc.constantFrom("twoTheta", "d", "q", "tof").chain(rangesOf),
    radiation: radiations,
    intensityUnit: fc.constantFrom("counts", "counts/s", "unknown"),
    anode: fc.constantFrom(undefined, "Cu", "Mo"),
    comment: fc.constantFrom("", "Co radiation", "wavelength = 0.5 A", "K-Alpha1 wavelength: 2"),
  })
  .map(({ anode, comment, ...scan }) => ({
    ...scan,
    metadata: { ...(anode === undefined ? {} : { anode }), comment },
    source: { format: "simulation" },
    history: [],
  }));

describe("a written scan comes back", () => {
  test.each(["xy", "xye", "json"] as const)("%s", (format) => {
    fc.assert(
      fc.property(scans, (scan) => {
        const back = read(writeScan(scan, format));
        expect(back.intensityUnit).toBe(scan.intensityUnit);
        expect(back.ranges).toEqual(
          scan.ranges.map(({ esd, ...range }) => (format === "xy" ? range : { ...range, esd })),
        );
        expect(back.radiation?.kind).toBe(scan.radiation?.kind);
        expect(back.radiation?.name).toBe(scan.radiation?.name);
        expect(back.radiation?.lines.length).toBe(scan.radiation?.lines.length);
        scan.radiation?.lines.forEach((line, i) => {
          const found = back.radiation!.lines[i]!;
          expect(found.wavelengthAngstrom).toBeCloseTo(line.wavelengthAngstrom, 10);
          expect(found.weight).toBeCloseTo(line.weight, 10);
        });
      }),
      { numRuns: 300 },
    );
  });
});

const values = Float64Array.from({ length: 40 }, (_, i) => 10 + i / 50);
const scan: Scan = {
  ranges: [{ axis: { kind: "twoTheta", values }, intensity: new Float64Array(40).fill(5) }],
  radiation: { ...monochromatic(1.540598), name: "CuKa1" },
  intensityUnit: "counts",
  metadata: { anode: "Cu" },
  source: { format: "simulation" },
  history: [],
};

test("the wavelength wins over the anode: Kα1 data came back as the doublet 1.54056, 1.54439", () => {
  expect(read(writeScan(scan, "xy")).radiation).toEqual(scan.radiation);
  const foreign = `Anode: Cu\nWavelength: 0.7093 A\n10 1\n10.1 2\n10.2 3\n`;
  expect(read(foreign).radiation!.lines).toEqual([{ wavelengthAngstrom: 0.7093, weight: 1 }]);
});

test("ranges that go on or overlap keep their own times: they were one range with the first time", () => {
  const [range] = scan.ranges as [ScanRange];
  const moved = (by: number, countTimeSeconds: number): ScanRange => ({
    ...range,
    axis: { kind: "twoTheta", values: values.map((value) => value + by) },
    countTimeSeconds,
  });
  const two = { ...scan, ranges: [moved(0, 1), moved(0.8, 4), moved(0.79, 2)] };
  expect(read(writeScan(two, "xy")).ranges.map((one) => one.countTimeSeconds)).toEqual([1, 4, 2]);
});

test("ranges on different axes have no common columns", () => {
  const q: ScanRange = { ...scan.ranges[0]!, axis: { kind: "q", values } };
  expect(() => writeScan({ ...scan, ranges: [scan.ranges[0]!, q] }, "xy")).toThrow(
    expect.objectContaining({ code: "scan/axis" }),
  );
});
