/** Scans that are none, or too little of one: refused with the reason. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { Random } from "../../src/math/random.ts";
import { monochromatic, parseRadiation } from "../../src/radiation/radiation.ts";
import type { Scan } from "../../src/scan/scan.ts";
import { candidateWarnings } from "../../src/identify/candidate-checks.ts";
import { checkScan } from "../../src/identify/checks.ts";
import type { LineList } from "../../src/diffraction/line-list.ts";
import { observe } from "../../src/scan/observe.ts";
import { overlay } from "../../src/fit/overlay.ts";
import { hasShared, SHARED_ABSENT } from "../support/shared.ts";
import { exampleLines, measured, scanOf, simulated } from "../systems/structure-type/support.ts";

let rutile: LineList;
let halite: LineList;
let quartz: LineList;

beforeAll(async () => {
  await loadSymmetry();
  rutile = exampleLines("rutile");
  halite = exampleLines("halite");
  quartz = exampleLines("quartz");
});

const GRID = Float64Array.from({ length: 3001 }, (_, i) => 10 + i * 0.02);

function counts(mean: (twoThetaDeg: number) => number): Scan {
  const random = Random.fromSeed(3, "checks");
  return scanOf(
    GRID,
    GRID.map((at) => Math.max(0, Math.round(mean(at) + Math.sqrt(mean(at)) * random.normal()))),
  );
}

function codes(scan: Scan): string[] {
  return checkScan(scan).warnings.map(({ code }) => code);
}

describe("refused", () => {
  test("neutrons and electrons, before anything is looked at", () => {
    const { ranges } = simulated(rutile);
    for (const kind of ["neutron", "electron"] as const) {
      const scan = { ...simulated(rutile), ranges, radiation: monochromatic(1.5, kind) };
      expect(checkScan(scan).refusal?.code).toBe("identify/radiation");
    }
  });

  test("a scan without wavelength, with the way out", () => {
    expect(() => checkScan({ ...simulated(rutile), radiation: null })).toThrow(
      /states no wavelength/,
    );
  });

  test("a range that shows nothing, whatever the tube", () => {
    expect(checkScan(simulated(rutile, { rangeDeg: [25, 40] })).refusal?.code).toBe(
      "identify/short-range",
    );
    // The same angles with molybdenum reach more than twice as far.
    const short = { ...simulated(rutile, { rangeDeg: [10, 32] }) };
    expect(checkScan(short).refusal?.code).toBe("identify/short-range");
    expect(checkScan({ ...short, radiation: parseRadiation("MoKa1") }).refusal?.code).not.toBe(
      "identify/short-range",
    );
  });

  test("the sharpest scans are not very broad: 0.07° at 0.5 Å were 3.6°", () => {
    const sharp = monochromatic(0.5);
    for (const to of [30, 60, 90, 120]) {
      const grid = Float64Array.from({ length: (to - 5) * 100 }, (_, i) => 5 + i * 0.01);
      const lines = Array.from({ length: 40 }, (_, k) => 6 + k * 0.6 + 0.1 * Math.sin(k * 7.7));
      const intensity = grid.map((at) =>
        lines.reduce((sum, line) => sum + 5000 * Math.exp(-(((at - line) / 0.015) ** 2)), 30),
      );
      const { refusal, observation, warnings } = checkScan({
        ...scanOf(grid, intensity),
        radiation: sharp,
      });
      expect(refusal).toBeNull();
      expect(observation!.peaks.length).toBeGreaterThan(35);
      expect(observation!.overWide.widthDeg).toBeLessThan(0.5);
      expect(warnings.map(({ code }) => code)).not.toContain("identify/broad-peaks");
    }
  });

  test("flat, sloping, noise alone", () => {
    expect(checkScan(counts(() => 200)).refusal?.code).toBe("identify/flat");
    expect(checkScan(counts((at) => 100 + 2000 / at)).refusal?.code).toBe("identify/flat");
    expect(checkScan(scanOf(GRID, new Float64Array(GRID.length).fill(50))).refusal?.code).toBe(
      "identify/flat",
    );
    expect(checkScan(scanOf(GRID, new Float64Array(GRID.length))).refusal?.code).toBe(
      "identify/flat",
    );
  });

  test("a hump", () => {
    const hump = counts((at) => 100 + 900 * Math.exp(-(((at - 22) / 4.5) ** 2)));
    expect(checkScan(hump).refusal?.code).toBe("identify/amorphous");
    expect(checkScan(hump).refusal?.message).toMatch(/^amorphous: a hump 7\.\d° wide/);
  });

  test("one or two reflections", () => {
    for (const places of [[30], [30, 50]]) {
      const scan = counts((at) =>
        places.reduce((sum, place) => sum + 3000 * Math.exp(-(((at - place) / 0.1) ** 2)), 100),
      );
      const { refusal } = checkScan(scan);
      expect(refusal?.code).toBe("identify/few-peaks");
      expect(refusal?.message).toContain(`only ${places.length} reflection`);
    }
  });

  test("thirty points", () => {
    const scan = scanOf(GRID.slice(0, 30), new Float64Array(30).fill(9));
    expect(checkScan(scan).refusal?.code).toBe("identify/too-few-points");
  });

  test.skipIf(!hasShared).each([
    ["/VOLCANIC_GLASS_HEKLA", "identify/amorphous"],
    ["/CHARCOAL", "identify/amorphous"],
    ["/FULVIC_ACID", "identify/amorphous"],
    ["/ORGANIC_MATTER", "identify/amorphous"],
    ["/FERRIHYDRITE_HUMBUG_CREEK", "identify/amorphous"],
    ["/OPAL", "identify/few-peaks"],
  ])(`measured: %s is refused, %s${SHARED_ABSENT}`, async (name, code) => {
    expect(checkScan(await measured(name)).refusal?.code).toBe(code);
  });

  test
    .skipIf(!hasShared)
    .each([
      "/QUARTZ",
      "/SYLVITE",
      "/FLUORITE",
      "/GALENA",
      "/WHITE_R_TEPHRA",
      "/sample_20",
      "RRUFF_8839_ICSD_53764",
    ])(`measured: %s is not${SHARED_ABSENT}`, async (name) => {
    expect(checkScan(await measured(name)).refusal).toBeNull();
  });
});

describe("warned of", () => {
  test("nothing where nothing is odd", () => {
    expect(codes(simulated(rutile))).toEqual([]);
    expect(codes(simulated(quartz, { background: { constant: 0.1, air: 0.3, hump: 0 } }))).toEqual(
      [],
    );
  });

  test("a short scan, a late start, few and broad reflections, glass beside crystals", () => {
    expect(codes(simulated(rutile, { rangeDeg: [20, 48] }))).toContain("identify/narrow-range");
    expect(codes(simulated(rutile, { rangeDeg: [40, 90] }))).toContain("identify/late-start");
    expect(codes(simulated(halite, { rangeDeg: [10, 60] }))).toContain("identify/few-peaks");
    expect(codes(simulated(rutile, { sizeAngstrom: 60 }))).toContain("identify/broad-peaks");
    const glassy = { background: { constant: 0.1, air: 0, hump: 1.5 }, humpWidthDeg: 6 };
    expect(codes(simulated(quartz, glassy))).toContain("identify/amorphous-part");
  });

  test("peaks of a second phase, by angle", () => {
    const observation = observe(simulated(rutile, { impurity: 0.15 }, quartz));
    const [warning] = candidateWarnings(observation, "rutile", overlay(observation, rutile));
    expect(warning!.code).toBe("identify/unexplained-peaks");
    expect(warning!.message).toMatch(/no lines? of rutile, .*26\.6\d° \(1\d %\).*a mixture\?$/);
  });

  test("a zero shift and texture", () => {
    const observation = observe(simulated(rutile, { zeroShiftDeg: 0.18, march: 0.55 }));
    const found = candidateWarnings(observation, "rutile", overlay(observation, rutile));
    expect(found.map(({ code }) => code)).toEqual(["identify/texture", "identify/zero-shift"]);
  });

  test("Kβ and tungsten lines, and they are not taken for a mixture", () => {
    const clean = simulated(rutile, { kAlpha2: 0 });
    const [range] = clean.ranges as [(typeof clean.ranges)[0]];
    for (const [line, wavelength] of [
      ["Cu Kβ", 1.39222],
      ["W Lα1", 1.4764],
    ] as const) {
      // Every point comes again at the angle of the other wavelength, a twentieth as high.
      const intensity = Float64Array.from(range.intensity);
      range.axis.values.forEach((at, i) => {
        const sin = (Math.sin((at * Math.PI) / 360) * 1.540598) / wavelength;
        const from = sin < 1 ? (Math.asin(sin) * 360) / Math.PI : 200;
        const index = Math.round((from - range.axis.values[0]!) / 0.02);
        intensity[i]! += 0.05 * Math.max(0, (range.intensity[index] ?? 0) - 200);
      });
      const observation = observe({ ...clean, ranges: [{ ...range, intensity }] });
      const found = candidateWarnings(observation, "rutile", overlay(observation, rutile));
      expect(found.map(({ code }) => code)).toEqual(["identify/second-wavelength"]);
      expect(found[0]!.message).toContain(line);
    }
    const observation = observe(clean);
    expect(candidateWarnings(observation, "rutile", overlay(observation, rutile))).toEqual([]);
  });
});
