/** One rule and one order of processing, for command line and page. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { background, subtractBackground } from "../../src/scan/background.ts";
import { processScan } from "../../src/scan/process.ts";
import { readScan } from "../../src/scan/read.ts";
import { mergeRanges } from "../../src/scan/resample.ts";
import type { Scan, ScanRange } from "../../src/scan/scan.ts";
import { removeOutliers, smooth } from "../../src/scan/smooth.ts";
import { stripAlpha2 } from "../../src/scan/strip-alpha2.ts";
import { processForPage } from "../../web/src/worker/process.ts";

const { scan: quartz } = readScan(readFileSync("examples/quartz-simulated.xy"), { name: "quartz" });

function bank(from: number, step: number, size: number): ScanRange {
  const values = Float64Array.from({ length: size }, (_, i) => from + i * step);
  return { axis: { kind: "tof", values }, intensity: values.map((_, i) => 100 + (i % 7)) };
}

function twoRanges(): Scan {
  const [range] = quartz.ranges as [ScanRange];
  const part = (from: number, to: number): ScanRange => ({
    axis: { kind: "twoTheta", values: range.axis.values.slice(from, to) },
    intensity: range.intensity.slice(from, to).map((y, i) => (i === 50 ? 50_000 : y)),
  });
  return { ...quartz, ranges: [part(0, 1200), part(1100, 2334)] };
}

describe("order", () => {
  test("outliers, merging, Kα2, background, smoothing", () => {
    const wanted = {
      removeOutliers: true,
      mergeStep: 0.03,
      stripAlpha2: true,
      background: "snip",
      smoothWindow: 9,
    } as const;
    const merged = mergeRanges(removeOutliers(twoRanges()), 0.03);
    const level = background(merged.ranges[0]!, { method: "snip" });
    const net = subtractBackground(stripAlpha2(merged, [level]), { method: "snip" });
    const { scan } = processScan(twoRanges(), wanted);
    expect(scan).toEqual(smooth(net, { window: 9 }));
    expect(scan.history.map(({ step }) => step)).toEqual([
      "outliers",
      "merge-ranges",
      "strip-alpha2",
      "background",
      "savitzky-golay",
    ]);
  });

  test("page and command line give the same curve of several ranges: the page merged spikes into the others", async () => {
    const steps = {
      removeOutliers: true,
      smoothWindow: 9,
      background: "snip",
      subtract: true,
    } as const;
    const page = await processForPage({ scan: twoRanges(), ...steps });
    const [line] = processScan(twoRanges(), {
      removeOutliers: true,
      mergeStep: "own",
      background: "snip",
      smoothWindow: 9,
    }).scan.ranges;
    expect(page.y).toEqual(line!.intensity);
    expect(Math.max(...page.y)).toBeLessThan(20_000);
  });
});

describe("steps of merging know their unit", () => {
  const banks: Scan = {
    ...quartz,
    radiation: null,
    ranges: [bank(500, 5, 4000), bank(1000, 5, 4000)],
  };

  test("two banks of 4,000 points became 1,025,001", async () => {
    const page = await processForPage({
      scan: banks,
      removeOutliers: false,
      smoothWindow: null,
      background: "none",
      subtract: true,
    });
    expect(page.x).toHaveLength(4100);
    expect(page.warnings.map(({ code }) => code)).toEqual(["scan/merged-banks"]);
  });

  test("a step that was meant for another axis is refused with the scan's own", () => {
    expect(() => processScan(banks, { mergeStep: 0.02 })).toThrow(
      expect.objectContaining({
        code: "scan/merge-step",
        message: "a step of 0.02 µs is 250 times finer than the scan's own of 5 µs",
      }),
    );
    expect(processScan(banks, { mergeStep: 10 }).scan.ranges).toHaveLength(1);
  });
});

describe("radiation", () => {
  test("neutrons have no X-ray tube", () => {
    const { scan, warnings } = processScan(quartz, { radiation: "neutron" });
    expect(scan.radiation).toEqual({ kind: "neutron", lines: quartz.radiation!.lines });
    expect(warnings).toEqual([
      expect.objectContaining({
        code: "scan/radiation-replaced",
        message:
          "the file states X-rays of 1.54184 Å (CuKa1+CuKa2); it was read as measured with neutrons, at the same wavelength",
      }),
    ]);
  });

  test("the page says, too, that a stated wavelength was replaced", async () => {
    const { warnings } = await processForPage({
      scan: quartz,
      wavelength: "0.7107",
      removeOutliers: false,
      smoothWindow: null,
      background: "none",
      subtract: true,
    });
    expect(warnings.map(({ message }) => message)).toEqual([
      "the file states a wavelength of 1.54184 Å (CuKa1+CuKa2); 0.7107 Å chosen here takes its place",
    ]);
  });
});
