/** Units beside the numbers: an XRDML in arc seconds was read as degrees, an unknown unit as the usual one. */
import { describe, expect, test } from "vitest";
import { readScan } from "../../../src/scan/read.ts";
import { intensityUnitOf, scaledValue, unitFactor } from "../../../src/scan/readers/units.ts";
import { bytesOf, xrdml } from "../fixtures/written.ts";

const COUNTS = Array.from({ length: 60 }, (_, i) => 300 + i);
const read = (text: string): ReturnType<typeof readScan> => readScan(bytesOf(text));

describe("XRDML", () => {
  const positions = (unit: string, start: number, end: number): string =>
    xrdml(COUNTS).replace(
      /<positions axis="2Theta" unit="deg">.*<\/positions>/,
      `<positions axis="2Theta" unit="${unit}"><startPosition>${start}</startPosition><endPosition>${end}</endPosition></positions>`,
    );

  test.each([
    ["deg", 20, 22.95],
    ["arcsec", 72_000, 82_620],
    ["arcmin", 1200, 1377],
    ["mrad", 349.0658503989, 400.5530633327],
    ["rad", 0.3490658503989, 0.4005530633327],
    ["mdeg", 20_000, 22_950],
  ])("positions in %s", (unit, start, end) => {
    const { values } = read(positions(unit, start, end)).scan.ranges[0]!.axis;
    expect(values[0]).toBeCloseTo(20, 9);
    expect(values.at(-1)).toBeCloseTo(22.95, 9);
  });

  test("positions in an unknown unit are refused by its name", () => {
    expect(() => read(positions("furlong", 20, 23))).toThrow(
      expect.objectContaining({
        code: "scan/unknown-unit",
        details: expect.objectContaining({ value: "furlong" }),
      }),
    );
  });

  test("listed positions have their unit, too", () => {
    const list = COUNTS.map((_, i) => 72_000 + 180 * i).join(" ");
    const text = xrdml(COUNTS).replace(
      /<positions axis="2Theta" unit="deg">.*<\/positions>/,
      `<positions axis="2Theta" unit="arcsec"><listPositions>${list}</listPositions></positions>`,
    );
    expect(Array.from(read(text).scan.ranges[0]!.axis.values.slice(0, 3))).toEqual([
      20, 20.05, 20.1,
    ]);
  });

  test("wavelengths in nm, times in minutes, volts; unknown units are left out with a warning", () => {
    const nm = xrdml(COUNTS)
      .replace('<kAlpha1 unit="Angstrom">1.5405980', '<kAlpha1 unit="nm">0.15405980')
      .replace('<kAlpha2 unit="Angstrom">1.5444260', '<kAlpha2 unit="pm">154.44260')
      .replace('unit="seconds">4.5', 'unit="minutes">0.5')
      .replace('<tension unit="kV">45', '<tension unit="V">45000');
    const { scan, warnings } = read(nm);
    expect(scan.radiation!.lines.map((line) => line.wavelengthAngstrom)).toEqual([
      1.540598, 1.544426,
    ]);
    expect(scan.ranges[0]!.countTimeSeconds).toBe(30);
    expect(scan.metadata["tubeVoltageKv"]).toBe(45);
    expect(warnings).toEqual([]);
    const odd = read(xrdml(COUNTS).replaceAll('unit="Angstrom"', 'unit="cubit"'));
    expect(odd.scan.radiation).toBeNull();
    expect(odd.warnings[0]).toMatchObject({ code: "scan/unknown-unit" });
  });

  test("rates in any spelling", () => {
    for (const unit of ["cps", "counts per second", "counts/s", "cts/s", "Counts / sec"]) {
      const text = xrdml(COUNTS).replace(
        '<intensities unit="counts">',
        `<intensities unit="${unit}">`,
      );
      expect(read(text).scan.intensityUnit, unit).toBe("counts/s");
    }
  });
});

test("Rigaku and UXD", () => {
  const rows = COUNTS.map((y, i) => `${1200 + 3 * i} ${y} 1`).join("\n");
  const ras = `*RAS_DATA_START\n*RAS_HEADER_START\n*MEAS_SCAN_AXIS_X "2-Theta"\n*MEAS_SCAN_UNIT_X "min"\n*RAS_INT_START\n${rows}\n*RAS_INT_END\n`;
  expect(Array.from(read(ras).scan.ranges[0]!.axis.values.slice(0, 2))).toEqual([20, 20.05]);
  const uxd = (unit: string, value: string): string =>
    `_FILEVERSION=2\n_WL_UNIT='${unit}'\n_WL1=${value}\n_STEPSIZE=0.05\n_START=10\n_COUNTS\n${COUNTS.join(" ")}\n`;
  for (const [unit, value] of [
    ["A", "1.5406"],
    ["nm", "0.15406"],
    ["NM", "0.15406"],
    ["pm", "154.06"],
  ] as const) {
    expect(read(uxd(unit, value)).scan.radiation!.lines[0]!.wavelengthAngstrom, unit).toBe(1.5406);
  }
  expect(read(uxd("inch", "1.5")).warnings.map(({ code }) => code)).toEqual(["scan/unknown-unit"]);
});

test("factors", () => {
  expect(unitFactor("angle", "″")).toBeCloseTo(1 / 3600, 12);
  expect(unitFactor("wavelength", "Ångström")).toBe(1);
  expect(unitFactor("time", undefined)).toBe(1);
  expect(unitFactor("angle", "nm")).toBeUndefined();
  expect(scaledValue(0.15406, 10)).toBe(1.5406);
  expect(intensityUnitOf("kcps")).toBe("unknown");
});
