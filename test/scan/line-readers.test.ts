/** DAT files of neutron and other diffractometers, and UXD. */
import { describe, expect, test } from "vitest";
import { readScan } from "../../src/scan/read.ts";
import type { ReadScan } from "../../src/scan/scan.ts";
import { bytesOf } from "./fixtures/written.ts";

const read = (text: string): ReadScan => readScan(bytesOf(text));
const COUNTS = Array.from({ length: 61 }, (_, i) => 100 + ((i * 37) % 50));

function inLines(values: readonly (number | string)[], perLine: number, glue = " "): string {
  const lines: string[] = [];
  for (let i = 0; i < values.length; i += perLine)
    lines.push(values.slice(i, i + perLine).join(glue));
  return lines.join("\n");
}

describe("start, step, end", () => {
  test.each([1, 2, 3, 4, 5, 7, 10, 61])(
    "%i intensities in a line: one and two were damage",
    (n) => {
      for (const title of ["", "a title without numbers\n"]) {
        const { scan, format } = read(`${title}10.0 0.02 11.2\n${inLines(COUNTS, n)}\n`);
        expect(format).toBe("riet7");
        expect(Array.from(scan.ranges[0]!.intensity)).toEqual(COUNTS);
        expect(scan.ranges[0]!.axis.values[60]).toBeCloseTo(11.2, 9);
      }
    },
  );

  test("two columns under three numbers that fit no count are no intensities of such a file", () => {
    const rows = COUNTS.map((count, i) => `${(10 + i * 0.02).toFixed(2)} ${count} 1`).join("\n");
    expect(read(rows).format).toBe("xye");
  });

  const pairs = (width: number): string =>
    inLines(
      COUNTS.map((count, i) => `${String(1 + (i % 4)).padStart(2)}${`${count}.`.padStart(width)}`),
      10,
      "",
    );

  test("10(I2,F6.0): the counters were read as intensities, the rest as uncertainties", () => {
    const [range] = read(`D1A5 1.909 A\n10.0 0.02 11.2\n${pairs(6)}\n -1000\n`).scan.ranges;
    expect(Array.from(range!.intensity)).toEqual(COUNTS);
    expect(range!.esd![1]).toBeCloseTo(Math.sqrt(137 * 2) / 2, 12);
  });

  test("such pairs in other columns are refused", () => {
    expect(() => read(`D1A5 1.909 A\n10.0 0.02 11.2\n${pairs(9)}\n`)).toThrow(
      expect.objectContaining({ code: "scan/bad-row" }),
    );
    const whole = pairs(9).replaceAll(".", " ");
    expect(() => read(`D1A5 1.909 A\n10.0 0.02 11.2\n${whole}\n`)).toThrow(/I2,F6.0/);
  });

  test("whole intensities with whole uncertainties are no pairs", () => {
    const esds = COUNTS.map((count) => Math.round(Math.sqrt(count)));
    const text = `D2B 1.594 A\n10.0 0.02 11.2\n${inLines(COUNTS, 10)}\n${inLines(esds, 10)}\n`;
    expect(Array.from(read(text).scan.ranges[0]!.esd!)).toEqual(esds);
  });

  test.each([
    ["LaB6 Target: Cu", "xray", 1.54056],
    ["LaB6 X-ray, lambda = 0.7093 A", "xray", 0.7093],
    ["Cu Kα1 1.54060 A", "xray", 1.5406],
    ["synchrotron 0.41 A, wavelength 0.4137 A", "xray", 0.4137],
    ["HRPT lambda = 1.8857 A", "neutron", 1.8857],
    ["1.9114 A LaNi5", "neutron", 1.9114],
  ])("%s: titles with an anode were neutrons", (title, kind, lambda) => {
    const { radiation } = read(`${title}\n10.0 0.02 11.2\n${inLines(COUNTS, 10)}\n`).scan;
    expect(radiation!.kind).toBe(kind);
    expect(radiation!.lines[0]!.wavelengthAngstrom).toBe(lambda);
  });
});

describe("UXD", () => {
  const head = "_FILEVERSION=2\n_WL1=1.540600\n_ANODE='Cu'\n";
  const range = (drive: string): string =>
    `_DRIVE='${drive}'\n_STEPTIME=2\n_STEPSIZE=0.02\n_START=10\n_COUNTS\n${COUNTS.join(" ")}\n`;

  test.each(["THETA", "Omega", "PHI", "KHI", "X"])(
    "a scan over %s was 2θ and is refused",
    (drive) => {
      expect(() => read(head + range(drive))).toThrow(
        expect.objectContaining({ code: "scan/not-a-scan" }),
      );
      const { scan, warnings } = read(head + range(drive) + range("COUPLED"));
      expect(scan.ranges).toHaveLength(1);
      expect(warnings.map(({ code }) => code)).toEqual(["scan/no-two-theta"]);
    },
  );

  test.each(["COUPLED", "2THETA", "Theta-2Theta"])("%s is 2θ", (drive) => {
    expect(read(head + range(drive)).scan.ranges).toHaveLength(1);
  });

  test("angle, counts and time: the data had been dropped", () => {
    const rows = COUNTS.map((count, i) => `${(10 + i * 0.02).toFixed(2)} ${count} ${i + 1}`);
    const [triples] = read(`${head}_2THETACOUNTSTIME\n${rows.join("\n")}\n`).scan.ranges;
    expect(Array.from(triples!.intensity)).toEqual(COUNTS);
    expect((triples!.countTimeSeconds as Float64Array)[60]).toBe(61);
  });
});

describe("JSON of other programs", () => {
  const json = (record: object): string => JSON.stringify(record);
  const x = COUNTS.map((_, i) => 10 + i * 0.02);

  test("x is read as 2θ with a word; another axis that is named is refused", () => {
    expect(read(json({ two_theta: x, counts: COUNTS })).warnings).toEqual([]);
    expect(read(json({ x, y: COUNTS })).warnings.map(({ code }) => code)).toEqual([
      "scan/axis-assumed",
    ]);
    expect(() => read(json({ x, y: COUNTS, scan_axis: "omega" }))).toThrow(/a scan over omega/);
  });

  test("null is a missing intensity: the lists were said to be absent", () => {
    const y = COUNTS.map((count, i) => (i === 30 ? null : count));
    expect(read(json({ two_theta: x, counts: y })).scan.ranges[0]!.intensity).toHaveLength(60);
  });
});

test("a wavelength in the title of a neutron file is said to come from there", () => {
  const { warnings } = read(`1.9114 A LaNi5\n10.0 0.02 11.2\n${inLines(COUNTS, 10)}\n`);
  expect(warnings).toEqual([
    expect.objectContaining({
      code: "scan/wavelength-from-title",
      message: 'the wavelength 1.9114 Å was read in the title "1.9114 A LaNi5", of neutrons',
    }),
  ]);
});
