/** Every sample of the data pack: read as independent programs read it, or refused by its name. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EwaldError } from "../../src/errors.ts";
import { meanWavelength } from "../../src/radiation/radiation.ts";
import { readScan } from "../../src/scan/read.ts";
import { pointCount, type ReadScan } from "../../src/scan/scan.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";

interface Golden {
  readonly by: string;
  readonly points: number;
  readonly first: number;
  readonly last: number;
  readonly sum: number;
}

const GOLDEN = JSON.parse(
  readFileSync(new URL("fixtures/instrument-files.json", import.meta.url), "utf8"),
) as Record<string, Golden>;

function read(name: string): ReadScan {
  return readScan(readFileSync(sharedPath("formats", "xrd", name)), { name });
}

function errorOf(name: string): EwaldError {
  try {
    read(name);
  } catch (error) {
    if (error instanceof EwaldError) return error;
    throw error;
  }
  throw new Error(`${name} was read`);
}

describe.skipIf(!hasShared)(`instrument files${SHARED_ABSENT}`, () => {
  test.each(Object.entries(GOLDEN))("%s as an independent reader reads it", (name, golden) => {
    const { scan } = read(name);
    expect(pointCount(scan)).toBe(golden.points);
    expect(scan.ranges[0]!.axis.values[0]).toBeCloseTo(golden.first, 5);
    expect(scan.ranges.at(-1)!.axis.values.at(-1)).toBeCloseTo(golden.last, 5);
    let sum = 0;
    for (const { intensity } of scan.ranges) for (const value of intensity) sum += value;
    expect(Math.abs(sum - golden.sum)).toBeLessThan(1e-6 * Math.abs(golden.sum));
  });

  test.each([
    ["gsas2_LaMnO3_50k.gsas", "gsas", [3296], 3, 167.75, 1410261],
    ["gsas2_PrSrMnO.gda", "gsas", [2395], 6, 125.7, 94285],
    ["matterviz_2Theta.asc.gz", "rigaku-asc", [7601], 4, 80, 12340651],
    ["matterviz_MB120718Si3.ras.gz", "rigaku-ras", [1401], 2, 30, 7445661],
    ["xrdpattern_aimat.json", "json", [4059], 37.0001, 120.004644, 32881728],
    ["xrdpattern_data.dat", "xy", [2600, 2600], 3, 54.98, 4250150.1],
    ["xrdpattern_single.csv", "xy", [1375, 137, 1538], 30.00313028, 110.0656187, 3197283.2615],
    ["xylib_small.tsv", "xy", [5], 10, 10.06, 109.37],
    ["xylib_test4.csv", "xy", [14], 0.0060461299, 0.1632455, -7.443563764],
  ])(
    "%s as a line-by-line sum over the file gives it",
    (name, format, points, first, last, sum) => {
      const { scan, format: found } = read(name);
      expect(found).toBe(format);
      expect(scan.ranges.map((range) => range.intensity.length)).toEqual(points);
      expect(scan.ranges[0]!.axis.values[0]).toBe(first);
      expect(scan.ranges.at(-1)!.axis.values.at(-1)).toBeCloseTo(last, 6);
      const total = scan.ranges.reduce(
        (all, one) => all + one.intensity.reduce((a, b) => a + b, 0),
        0,
      );
      expect(total).toBeCloseTo(sum, 2);
    },
  );

  test.each([
    ["gsas2_inst_d1a.prm", "a GSAS instrument parameter file"],
    ["xylib_03yag02.mca", "a Canberra MCA"],
    ["xylib_SMP00011.CNF", "a Canberra CNF"],
    ["xylib_1d-1.spe", "a WinSpec SPE"],
    ["xylib_1d-2.spe", "a WinSpec SPE"],
    ["xylib_Spectra.1", "a VGX-900 photoelectron spectrum"],
    ["xylib_XSYGExample.xsyg", "an XSYG luminescence measurement"],
    ["xylib_mjr9_59c.vms", "a VAMAS"],
    ["xylib_mjr9_64c.vms", "a VAMAS"],
    ["xylib_specsxy_example.xy", "a SPECS photoelectron spectrum"],
    ["xylib_with_commas.txt", "a table whose first column runs from 41110"],
  ])("%s is refused by the name of what it is", (name, what) => {
    const error = errorOf(name);
    expect(error.code).toBe("scan/not-a-scan");
    expect(error.message).toContain(what);
    expect(error.details.source).toBe(name);
  });

  test("a damaged table is refused with its line", () => {
    const error = errorOf("xylib_test2.csv");
    expect(error.details.line).toBe(14);
  });

  test.each([
    ["powdr_D5000_1.RAW", "powdr_D5000_1.xy"],
    ["xylib_BT86.raw", "xylib_BT86_.UXD"],
  ])("%s and %s hold the same scan", (left, right) => {
    const [a, b] = [read(left).scan.ranges[0]!, read(right).scan.ranges[0]!];
    expect(a.intensity).toEqual(b.intensity);
    // UXD writes two decimals of the angle.
    a.axis.values.forEach((value, i) =>
      expect(Math.abs(value - b.axis.values[i]!)).toBeLessThan(0.006),
    );
  });

  test.each([
    ["powdr_D5000_1.RAW", "CoKa1+CoKa2", 1.790263],
    ["geddes_sample.xrdml", "CuKa1", 1.540598],
    ["nomad_m54313_om2th_10.xrdml", "CuKa1+CuKa2", 1.541874],
    ["xylib_D1A5.dat", undefined, 1.9114],
    ["xrdpattern_data.dat", undefined, 1.23984],
    ["geddes_sample.rasx", "CuKa1+CuKa2", 1.5418667],
    ["nomad_TwoTheta_scan_powder.rasx", "CuKa1", 1.540593],
  ])("%s states its wavelength", (name, line, mean) => {
    const { radiation } = read(name).scan;
    expect(radiation?.name).toBe(line);
    expect(meanWavelength(radiation!)).toBeCloseTo(mean, 6);
  });

  test("neutrons are neutrons, and a file without a wavelength says nothing", () => {
    expect(read("xylib_D1A5.dat").scan.radiation?.kind).toBe("neutron");
    expect(read("powdr_D5000_1.xy").scan.radiation).toBeNull();
    expect(read("gsas2_Ba6Co6.xye").scan.radiation).toBeNull();
  });

  test("uncertainties, monitors, count times and attenuators are kept", () => {
    expect(read("xylib_D1A5.dat").scan.ranges[0]!.esd!.at(-1)).toBe(7.35);
    expect(read("xrdpattern_data.dat").scan.ranges[1]!.monitor![0]).toBe(10909);
    expect(read("geddes_sample.xrdml").scan.ranges[0]!.countTimeSeconds).toBe(39.27);
    expect(read("matterviz_YBCO-A1-HG-600C-950C.brml").scan.ranges[0]!.countTimeSeconds).toBe(19.2);
    const attenuated = read("nomad_23-012-AG_2thomegascan_long.brml").scan.ranges[0]!;
    const at = attenuated.attenuation!.findIndex((factor) => factor === 8.3);
    expect(attenuated.axis.values[at]).toBe(45.79);
    expect(attenuated.intensity[at]! / 8.3).toBeCloseTo(25735, 6);
    expect(read("nomad_m54313_om2th_10.xrdml").scan.ranges[0]!.attenuation).toContain(188);
  });

  test("the same bytes under another name are recognised", () => {
    const bytes = readFileSync(sharedPath("formats", "xrd", "geddes_sample.xrdml"));
    expect(readScan(bytes, { name: "scan.raw" }).format).toBe("xrdml");
    expect(existsSync(sharedPath("formats", "xrd", "scan.raw"))).toBe(false);
  });
});
