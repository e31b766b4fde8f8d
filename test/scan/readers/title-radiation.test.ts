/** A wavelength that stands in a title or comment was said to be not stated; and what is none must not become one. */
import { describe, expect, test } from "vitest";
import { readScan } from "../../../src/scan/read.ts";
import { bytesOf, raw2, raw3 } from "../fixtures/written.ts";

const COUNTS = Array.from({ length: 60 }, (_, i) => 300 + ((i * 37) % 50));
const read = (file: string | Uint8Array): ReturnType<typeof readScan> =>
  readScan(typeof file === "string" ? bytesOf(file) : file);
const gsas = (title: string): string =>
  `${title}\nBANK 1 60 60 CONST 1000 2 0 0 FXYE\n${COUNTS.map((y, i) => `${1000 + 2 * i} ${y} 3`).join("\n")}\n`;

describe("titles of GSAS files", () => {
  test.each([
    ["LaNi5 D1A 1.909 Å", "neutron", 1.909],
    ["NAC 1.909 A neutrons 300K", "neutron", 1.909],
    ["sample 3, lambda = 0.4137 Å", "xray", 0.4137],
    ["CeO2 60 keV", "xray", 0.206640330717],
    ["synchrotron 0,8257 A", "xray", 0.8257],
    ["quartz CuKa", "xray", 1.54056],
    ["quartz Cu K-alpha 40 kV", "xray", 1.54056],
    ["Fe3O4 CoKα1", "xray", 1.78896],
    ["MoKa1 0.7093 A capillary", "xray", 0.7093],
    ["Cu Kα1+2 (1.5406 Å)", "xray", 1.54056],
    ["HRPT 1.494 Angstrom Na2Ca3Al2F14", "neutron", 1.494],
  ])("%s", (title, kind, wavelength) => {
    const { scan, warnings } = read(gsas(title));
    expect(scan.radiation!.kind).toBe(kind);
    expect(scan.radiation!.lines[0]!.wavelengthAngstrom).toBeCloseTo(wavelength, 9);
    const warning = warnings.find(({ code }) => code === "scan/wavelength-from-title");
    expect(warning!.message).toContain(title);
  });

  test.each([
    "LaB6 a = 4.157 A",
    "film 1.54 A thick",
    "cell 2.866 Å",
    "resolution 1.20 A",
    "1.909 A and 1.594 A",
    "CuKa and MoKa",
    "MoKa 1.5406 A",
    "Co",
    "Cu2O on Co",
    "CuKa fluorescence",
    "Coka cola can",
    "run 1.909",
    "tube 40 kV 0.04 A",
    "Al2O3 25 A",
    "d-spacing 1.541 A",
    "threshold 6.5 keV",
  ])("%s says nothing", (title) => {
    const { scan, warnings } = read(gsas(title));
    expect(scan.radiation).toBeNull();
    expect(warnings).toEqual([]);
  });

  test("what could be neutrons is taken as X-rays with a word", () => {
    const [warning] = read(gsas("LaNi5 1.909 Å")).warnings;
    expect(warning!.message).toContain("--radiation neutron");
    expect(read(gsas("LaNi5 D1A 1.909 Å")).warnings[0]!.message).not.toContain("--radiation");
  });
});

test("comments of Bruker RAW and UXD, of ASC and of columns", () => {
  const bytes = raw3(COUNTS);
  const view = new DataView(bytes.buffer);
  for (const at of [616, 624, 632, 640]) view.setFloat64(at, 0, true);
  bytes.set([0, 0, 0, 0], 608);
  bytes.set(bytesOf("MoKa, 50 kV"), 386);
  const second = raw2([COUNTS]);
  second.fill(0, 188, 210);
  second.set(bytesOf("measured with CuKa1"), 40);
  const uxd = `_FILEVERSION=2\n_COMMENT='CoKa'\n_STEPSIZE=0.05\n_START=10\n_COUNTS\n${COUNTS.join(" ")}\n`;
  const asc = `*TYPE = Raw\n*CLASS = ASCII\n*COMMENT = Cu Kα\n*BEGIN\n*START = 10\n*STEP = 0.02\n${COUNTS.join(", ")}\n*END\n`;
  const xy = `# NAC 0.4594 Å\n${COUNTS.map((y, i) => `${10 + i * 0.02} ${y}`).join("\n")}\n`;
  const cases = [
    [bytes, 0.7093],
    [second, 1.54056],
    [uxd, 1.78896],
    [asc, 1.54056],
    [xy, 0.4594],
  ] as const;
  for (const [file, wavelength] of cases) {
    const { scan, warnings } = read(file);
    expect(scan.radiation!.lines[0]!.wavelengthAngstrom).toBe(wavelength);
    expect(warnings.map(({ code }) => code)).toContain("scan/wavelength-from-title");
  }
});

test("what the header states wins over the title", () => {
  const uxd = `_FILEVERSION=2\n_COMMENT='CoKa'\n_ANODE='Cu'\n_WL1=1.5406\n_STEPSIZE=0.05\n_START=10\n_COUNTS\n${COUNTS.join(" ")}\n`;
  const { scan, warnings } = read(uxd);
  expect(scan.radiation!.lines[0]!.wavelengthAngstrom).toBe(1.5406);
  expect(warnings).toEqual([]);
});
