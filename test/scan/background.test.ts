/** SNIP's default window on every axis: a degree of 2θ is no microsecond and no Ångström. */
import { describe, expect, test } from "vitest";
import type { AxisKind } from "../../src/radiation/axis.ts";
import { background, snip, subtractBackground } from "../../src/scan/background.ts";
import { findPeaks } from "../../src/scan/peaks.ts";
import type { Scan, ScanRange } from "../../src/scan/scan.ts";

const LEVEL = 100;
const HEIGHT = 2000;

/** Three peaks, as wide as an instrument with such an axis makes them. */
function peaked(
  kind: AxisKind,
  values: Float64Array,
  at: readonly number[],
  fwhm: (x: number) => number,
): ScanRange {
  const intensity = values.map((x) =>
    at.reduce((sum, p) => sum + HEIGHT * Math.exp(-4 * Math.LN2 * ((x - p) / fwhm(p)) ** 2), LEVEL),
  );
  return { axis: { kind, values }, intensity };
}

const even = (start: number, step: number, size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => start + i * step);
const logarithmic = (start: number, part: number, size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => start * (1 + part) ** i);

const RANGES: readonly (readonly [string, ScanRange, readonly number[]])[] = [
  ...(
    [
      ["TOF, even steps", even(2000, 4, 4500)],
      ["TOF, logarithmic steps", logarithmic(2000, 0.0008, 2900)],
    ] as const
  ).map(([name, values]) => {
    const at = [4000, 8000, 15_000];
    return [name, peaked("tof", values, at, (x) => 0.006 * x), at] as const;
  }),
  ["d", peaked("d", even(0.5, 0.001, 4000), [1, 2, 3.5], (x) => 0.006 * x), [1, 2, 3.5]],
  ["Q", peaked("q", even(0.5, 0.002, 4000), [1.5, 3, 6], () => 0.02), [1.5, 3, 6]],
  ["2θ", peaked("twoTheta", even(10, 0.02, 4000), [20, 40, 80], () => 0.2), [20, 40, 80]],
];

function scanOf(range: ScanRange): Scan {
  return {
    ranges: [range],
    radiation: null,
    intensityUnit: "counts",
    metadata: {},
    source: { format: "test" },
    history: [],
  };
}

describe.each(RANGES)("%s", (_, range, at) => {
  test("peaks stay: of 2000 over a background 258 were left", () => {
    const level = background(range, { method: "snip" });
    expect(Math.max(...level)).toBeLessThan(LEVEL * 1.3);
    const [net] = subtractBackground(scanOf(range), { method: "snip" }).ranges;
    expect(Math.max(...net!.intensity)).toBeGreaterThan(0.98 * HEIGHT);
  });

  test("peaks are found where they are, with their height", () => {
    const found = findPeaks(scanOf(range));
    expect(found).toHaveLength(at.length);
    found.forEach((peak, i) => expect(Math.abs(peak.position / at[i]! - 1)).toBeLessThan(2e-3));
  });
});

test("2θ is what it was: one degree in points of the mean step", () => {
  const range = RANGES.at(-1)![1];
  expect(background(range, { method: "snip" })).toEqual(snip(range.intensity, 50));
  expect(snip(range.intensity, new Int32Array(4000).fill(50))).toEqual(snip(range.intensity, 50));
  expect(subtractBackground(scanOf(range), { method: "snip" }).history[0]!.parameters).toEqual({
    method: "snip",
    halfWidth: 1,
  });
});
