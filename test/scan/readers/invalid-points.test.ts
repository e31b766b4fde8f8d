/** One value that cannot be right among thousands of good ones: the whole scan was refused, or computed with. */
import { describe, expect, test } from "vitest";
import { convertScanAxis } from "../../../src/scan/convert.ts";
import { readScan } from "../../../src/scan/read.ts";
import { cutScan } from "../../../src/scan/resample.ts";
import { scanRecord, writeScan } from "../../../src/scan/write.ts";
import { bytesOf, raw3, xrdml } from "../fixtures/written.ts";

const SIZE = 2000;
const good = (i: number): number => 300 + ((i * 37) % 50) + (i === 700 ? 9000 : 0);
const counts = (changes: Readonly<Record<number, number>> = {}): number[] =>
  Array.from({ length: SIZE }, (_, i) => changes[i] ?? good(i));
const at = (i: number): number => Math.round((10 + i * 0.02) * 100) / 100;
const read = (file: string | Uint8Array): ReturnType<typeof readScan> =>
  readScan(typeof file === "string" ? bytesOf(file) : file);
const columns = (values: readonly (number | string)[]): string =>
  values.map((y, i) => `${at(i)} ${y}`).join("\n");

const uxd = (values: readonly (number | string)[]): string =>
  `_FILEVERSION=2\n_STEPSIZE=0.02\n_START=10\n_COUNTS\n${values.join(" ")}\n`;
const ras = (values: readonly (number | string)[]): string =>
  `*RAS_DATA_START\n*RAS_HEADER_START\n*RAS_INT_START\n${values.map((y, i) => `${at(i)} ${y} 1`).join("\n")}\n*RAS_INT_END\n`;
const pdcif = (values: readonly (number | string)[]): string =>
  `data_x\nloop_\n_pd_meas_2theta_scan\n_pd_meas_counts_total\n${values.map((y, i) => `${at(i)} ${y}`).join("\n")}\n`;
const gsas = (values: readonly (number | string)[]): string =>
  `x\nBANK 1 ${SIZE} ${SIZE} CONST 1000 2 0 0 FXYE\n${values.map((y, i) => `${1000 + 2 * i} ${y} 17`).join("\n")}\n`;

describe.each([
  ["xy", columns],
  ["UXD", uxd],
  ["RAS", ras],
  ["pdCIF", pdcif],
  ["GSAS", gsas],
  ["XRDML", (values: readonly (number | string)[]) => xrdml(values as number[])],
] as const)("%s", (_, file) => {
  test.each([-1, -9999, -3, -999, 4_294_967_295])(
    "%d is left out, with its place and value",
    (value) => {
      const { scan, warnings } = read(file(counts({ 500: value })));
      const [range] = scan.ranges;
      expect(scan.ranges).toHaveLength(1);
      expect(range!.intensity).toHaveLength(SIZE - 1);
      expect(Math.max(...range!.intensity)).toBe(good(700));
      expect(Math.min(...range!.intensity)).toBeGreaterThan(0);
      expect(range!.leftOut).toEqual([{ at: expect.closeTo(at(500), 6), value }]);
      const warning = warnings.find(({ code }) => code === "scan/invalid-points");
      expect(warning!.message).toContain(`${value} at 2θ = 20°`);
    },
  );
});

describe("no number at all", () => {
  const nan = counts().map((y, i) => (i === 500 ? "NaN" : y));
  test.each([
    ["xy", columns(nan)],
    ["UXD", uxd(nan)],
    ["RAS", ras(nan)],
    ["XRDML", xrdml(nan as number[])],
    ["pdCIF", pdcif(counts().map((y, i) => (i === 500 ? "?" : y)))],
    ["RAW 3", raw3(counts({ 500: Number.NaN }))],
  ])("%s", (_, file) => {
    const [range] = read(file).scan.ranges;
    expect(range!.intensity).toHaveLength(SIZE - 1);
    expect(range!.leftOut).toEqual([{ at: expect.closeTo(20, 6), value: Number.NaN }]);
  });

  test("a rim of them is left out, a scan of them is refused", () => {
    const rim = counts().map((y, i) => (i < 300 ? "NaN" : y));
    expect(read(columns(rim)).scan.ranges[0]!.intensity).toHaveLength(SIZE - 300);
    const most = counts().map((y, i) => (i % 3 === 0 ? y : "NaN"));
    expect(() => read(uxd(most))).toThrow(expect.objectContaining({ code: "scan/not-finite" }));
  });
});

describe("what is wrong and what is not", () => {
  test("seven of 3,001 are left out, a tenth of them is a damaged file", () => {
    const seven = counts({ 1: -3, 2: -1, 3: -1, 900: -2, 901: -5, 902: -3, 1999: -1 });
    const { scan, warnings } = read(columns(seven));
    expect(scan.ranges[0]!.leftOut).toHaveLength(7);
    expect(warnings[0]!.message).toMatch(
      /7 points .* left out of 2000: -3 at 2θ = 10.02°, .*, and 4 more/,
    );
    const tenth = counts().map((y, i) => (i % 10 === 0 ? -y : y));
    expect(() => read(columns(tenth))).toThrow(
      expect.objectContaining({ code: "scan/negative-counts" }),
    );
  });

  test("corrected intensities may be negative; a fill value among them may not", () => {
    const noise = (i: number): number => Math.sin(i * 12.9898) * 4.37 + (i === 700 ? 900 : 0);
    const corrected = Array.from({ length: SIZE }, (_, i) => Number(noise(i).toFixed(3)));
    const kept = read(columns(corrected));
    expect(kept.scan.ranges[0]!.leftOut).toBeUndefined();
    expect(kept.warnings.map(({ code }) => code)).toEqual(["scan/negative-intensity"]);
    const filled = read(columns(corrected.map((y, i) => (i === 500 ? -9999 : y)))).scan.ranges[0]!;
    expect(filled.leftOut).toEqual([{ at: 20, value: -9999 }]);
    expect(Math.min(...filled.intensity)).toBeGreaterThan(-5);
  });

  test("one value far below its neighbours among fractions is none of them", () => {
    const rates = counts().map((y, i) => (i === 500 ? -105.25 : y + 0.5));
    expect(read(columns(rates)).scan.ranges[0]!.leftOut).toEqual([{ at: 20, value: -105.25 }]);
  });

  test("net intensities of a powder CIF are negative by definition, whole numbers or not", () => {
    const net = pdcif(Array.from({ length: SIZE }, (_, i) => ((i * 7) % 11) - 5)).replace(
      "_pd_meas_counts_total",
      "_pd_proc_intensity_net",
    );
    const { scan, warnings } = read(net);
    expect(scan.ranges[0]!.intensity).toHaveLength(SIZE);
    expect(warnings).toEqual([]);
  });

  test("an uncertainty of -1 is no uncertainty", () => {
    const odd = read(gsas(counts()).replace(/^(2000 \d+) 17$/m, "$1 -1"));
    expect(odd.scan.ranges[0]!.esd).toBeUndefined();
    expect(odd.warnings.map(({ code }) => code)).toEqual(["scan/no-esd"]);
  });
});

describe("the points stay beside the scan", () => {
  const { scan } = read(`# wavelength: 1.5406 A\n${columns(counts({ 500: -9999 }))}`);
  test("on another axis, in a part, in JSON and back", () => {
    const [onD] = convertScanAxis(scan, "d").ranges;
    expect(onD!.leftOut![0]!.at).toBeCloseTo(1.5406 / (2 * Math.sin((10 * Math.PI) / 180)), 9);
    expect(cutScan(scan, 12, 19).ranges[0]!.leftOut).toEqual([]);
    expect(scanRecord(scan).ranges[0]!.leftOut).toEqual([{ at: 20, value: -9999 }]);
    const back = read(writeScan(scan, "json")).scan;
    expect(back.ranges[0]!.leftOut).toEqual([{ at: 20, value: -9999 }]);
  });
});
