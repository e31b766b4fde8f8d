/** Scans on the command line: read, convert, calibrate, correct. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readScan } from "../../src/scan/read.ts";
import { ewald, jsonLines } from "../support/cli.ts";

const QUARTZ = "examples/quartz-simulated.xy";
const LAB6 = "examples/lab6-simulated.xye";
const folder = mkdtempSync(join(tmpdir(), "ewald-scan-"));
const at = (name: string): string => join(folder, name);

function written(name: string): ReturnType<typeof readScan> {
  return readScan(readFileSync(at(name)), { name });
}

describe("ewald read of a scan", () => {
  test("JSON of the documented form", async () => {
    const { code, stdout, stderr } = await ewald("read", LAB6, "--json");
    expect([code, stderr]).toEqual([0, ""]);
    const [record] = jsonLines(stdout) as [
      { ranges: { axis: { values: number[] }; esd: number[] }[] },
    ];
    expect(record).toMatchObject({
      kind: "scan",
      input: LAB6,
      format: "xye",
      wavelengthAngstrom: expect.closeTo(1.541837, 6) as number,
      radiation: { kind: "xray", name: "CuKa1+CuKa2" },
      intensityUnit: "counts",
      metadata: { sample: "LaB6 (simulated)" },
      warnings: [],
    });
    expect(record.ranges[0]!.axis.values).toHaveLength(5001);
    expect(record.ranges[0]!.esd).toHaveLength(5001);
  });

  test("without a wavelength says so, and asks where it is needed", async () => {
    writeFileSync(at("bare.xy"), "10 100\n10.1 120\n10.2 90\n");
    const plain = await ewald("read", at("bare.xy"), "--json");
    expect(jsonLines(plain.stdout)[0]).toMatchObject({ wavelengthAngstrom: null, radiation: null });
    expect((await ewald("read", at("bare.xy"))).stdout).toContain("--wavelength CuKa12");
    const asked = await ewald("read", at("bare.xy"), "--axis", "d");
    expect(asked.code).toBe(3);
    expect(asked.stderr).toContain("[scan/no-wavelength]");
    const given = await ewald(
      "read",
      at("bare.xy"),
      "--axis",
      "d",
      "--wavelength",
      "1.5406",
      "--json",
    );
    expect(jsonLines(given.stdout)[0]).toMatchObject({ wavelengthAngstrom: 1.5406 });
  });

  test("--wavelength wins over what the file states, and a warning says so where they differ", async () => {
    const warningsWith = async (path: string, ...words: string[]): Promise<unknown> =>
      jsonLines((await ewald("read", path, "--json", "--wavelength", ...words)).stdout)[0]![
        "warnings"
      ];
    expect(await warningsWith(QUARTZ, "MoKa12")).toEqual([
      {
        code: "scan/wavelength-replaced",
        message:
          "the file states a wavelength of 1.54184 Å (CuKa1+CuKa2); 0.71073 Å (MoKa1+MoKa2) of --wavelength takes its place",
      },
    ]);
    expect(await warningsWith(QUARTZ, "1.5450")).toHaveLength(1);
    expect(await warningsWith(QUARTZ, "CuKa12")).toEqual([]);
    // The same tube, of which the peaks show two lines.
    for (const same of ["CuKa", "CuKa1", "1.5406", "1.54184"]) {
      const warnings = [expect.objectContaining({ code: "scan/doublet-suspected" })];
      expect([same, await warningsWith(QUARTZ, same)]).toEqual([same, warnings]);
    }
    writeFileSync(at("stated-none.xy"), "10 100\n10.1 120\n10.2 90\n");
    expect(await warningsWith(at("stated-none.xy"), "MoKa12")).toEqual([]);
    const converted = await ewald("convert", QUARTZ, "-o", at("mo.xy"), "--wavelength", "MoKa12");
    expect(converted.stderr).toContain("[scan/wavelength-replaced]");
    const calibrated = await ewald("calibrate", LAB6, "--as", "LaB6", "--wavelength", "1.545");
    expect(calibrated.stderr).toContain("[scan/wavelength-replaced]");
  });

  test("a wavelength in Å leaves the kind of radiation that the file states", async () => {
    await ewald("convert", QUARTZ, "-o", at("n.json"), "--radiation", "neutron");
    const { stdout } = await ewald("read", at("n.json"), "--json", "--wavelength", "1.6");
    expect(jsonLines(stdout)[0]).toMatchObject({
      radiation: { kind: "neutron" },
      wavelengthAngstrom: 1.6,
    });
    const moved = await ewald("convert", at("n.json"), "--to-wavelength", "2", "-o", at("n2.json"));
    expect(moved.code).toBe(0);
    expect(written("n2.json").scan.radiation).toMatchObject({ kind: "neutron" });
  });

  test("text names the metadata in words with units, aligned, the file's own keys last", async () => {
    await ewald("convert", QUARTZ, "-o", at("about.json"));
    const record = JSON.parse(readFileSync(at("about.json"), "utf8")) as object;
    const metadata = {
      mySetting: "on",
      tubeVoltageKv: 45,
      goniometerRadiusMm: 240,
      scanSpeed: 2,
      scanSpeedUnit: "deg/min",
      monochromatorTwoThetaDeg: 26.4,
      operator: "Ada",
      comment: ["first  line", "second"],
    };
    writeFileSync(at("about.json"), JSON.stringify({ ...record, metadata }));
    const { stdout } = await ewald("read", at("about.json"));
    expect(stdout.split("\n").slice(4, -1)).toEqual([
      "  operator           Ada",
      "  tube voltage       45 kV",
      "  goniometer radius  240 mm",
      "  monochromator 2θ   26.4°",
      "  scan speed         2 deg/min",
      "  comment            first line; second",
      "  mySetting          on",
    ]);
    expect(stdout).toMatch(/^ {2}range {14}2334 points/m);
  });

  test("stacked and overlaid figures", async () => {
    for (const extra of [[], ["--overlay"]]) {
      const { code } = await ewald("read", QUARTZ, LAB6, "--plot", at("both.svg"), ...extra);
      expect(code).toBe(0);
      const svg = readFileSync(at("both.svg"), "utf8");
      expect(svg).toContain("quartz-simulated.xy");
      expect(svg).toContain("lab6-simulated.xye");
    }
    await ewald("read", LAB6, "--plot", at("part.svg"), "--view", "20:40", "--scale", "sqrt");
    expect(readFileSync(at("part.svg"), "utf8")).toContain("20.00 to 40.00, square root scale");
    const none = await ewald("read", "examples/quartz.cif", "--plot", at("none.svg"));
    expect(none.code).toBe(2);
    expect(existsSync(at("none.svg"))).toBe(false);
  });

  test("an image is refused by its name, and passed over in a folder", async () => {
    const inner = mkdtempSync(join(folder, "mixed-"));
    writeFileSync(
      join(inner, "photo.png"),
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    );
    writeFileSync(join(inner, "scan.xy"), "10 100\n10.1 120\n10.2 90\n");
    const alone = await ewald("read", join(inner, "photo.png"));
    expect(alone.code).toBe(3);
    const all = await ewald("read", inner, "--json");
    expect(all.code).toBe(0);
    expect(all.stderr).toContain("1 file(s) of other kinds passed over");
    expect(jsonLines(all.stdout)).toHaveLength(1);
  });

  test.each([
    [["read", "--wavelength", "KuKa"], "radiation/unknown-anode"],
    [["read", "--wavelength", "154.06"], "radiation/wavelength"],
    [["read", "--wavelength", "CuKa", "--radiation", "neutron"], "radiation/contradiction"],
    [
      ["convert", "--format", "xy", "-o", at("none"), "--to-wavelength", "KuKa"],
      "radiation/unknown-anode",
    ],
  ])("%j is wrong use, said once and before any file", async ([command, ...words], code) => {
    const { code: exit, stdout, stderr } = await ewald(command!, QUARTZ, LAB6, ...words);
    expect([exit, stdout]).toEqual([2, ""]);
    expect(stderr.split(`[${code}]`)).toHaveLength(2);
    expect(existsSync(at("none"))).toBe(false);
  });

  test("a scan is no structure to simulate", async () => {
    const { code, stderr } = await ewald("simulate", QUARTZ);
    expect(code).toBe(3);
    expect(stderr).toContain("[read/wrong-kind]");
  });
});

describe("ewald convert", () => {
  test.each(["xy", "xye", "cif", "json"])("to %s keeps every count", async (ending) => {
    const { code, stderr } = await ewald("convert", QUARTZ, "-o", at(`q.${ending}`));
    expect([code, stderr]).toEqual([0, `wrote ${at(`q.${ending}`)}  (xy, 2334 points)\n`]);
    const before = readScan(readFileSync(QUARTZ)).scan;
    const { scan } = written(`q.${ending}`);
    expect(scan.ranges[0]!.intensity).toEqual(before.ranges[0]!.intensity);
    expect(scan.ranges[0]!.axis).toEqual(before.ranges[0]!.axis);
    expect(scan.radiation!.lines.map((line) => line.wavelengthAngstrom)).toEqual([
      1.54056, 1.54439,
    ]);
  });

  test("-o - is standard output, for one input and with --format", async () => {
    await ewald("convert", QUARTZ, "-o", at("file.xy"));
    const { code, stdout, stderr } = await ewald("convert", QUARTZ, "--format", "xy", "-o", "-");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(readFileSync(at("file.xy"), "utf8"));
    expect(existsSync("-")).toBe(false);
    const unclear = await ewald("convert", QUARTZ, "-o", "-");
    expect([unclear.code, unclear.stderr]).toEqual([2, expect.stringContaining("--format")]);
    const two = await ewald("convert", QUARTZ, LAB6, "--format", "xy", "-o", "-");
    expect([two.code, two.stdout]).toEqual([2, ""]);
    expect(two.stderr).toContain("would both become standard output");
  });

  test("processing runs in its order and is written down", async () => {
    const { code } = await ewald(
      "convert",
      QUARTZ,
      "-o",
      at("p.xy"),
      "--normalise",
      "maximum",
      "--background",
      "snip",
      "--strip-ka2",
      "--step",
      "0.05",
      "--range",
      "15:60",
      "--smooth",
      "9",
    );
    expect(code).toBe(0);
    const text = readFileSync(at("p.xy"), "utf8");
    const steps = [...text.matchAll(/^# processed by (\S+)/gm)].map((match) => match[1]);
    expect(steps).toEqual([
      "strip-alpha2",
      "background",
      "savitzky-golay",
      "cut",
      "resample",
      "normalise",
    ]);
    const { scan } = written("p.xy");
    expect(Math.max(...scan.ranges[0]!.intensity)).toBeCloseTo(100, 9);
    expect(scan.ranges[0]!.axis.values[0]).toBeGreaterThanOrEqual(15);
  });

  test("many inputs into a folder; two that would become one file are refused", async () => {
    const { code } = await ewald("convert", QUARTZ, LAB6, "--format", "xye", "-o", at("many"));
    expect(code).toBe(0);
    expect(existsSync(at("many/quartz-simulated.xye"))).toBe(true);
    expect(existsSync(at("many/lab6-simulated.xye"))).toBe(true);
    const clash = await ewald("convert", QUARTZ, LAB6, "-o", at("one.xy"));
    expect(clash.code).toBe(2);
    expect(clash.stderr).toContain("would both become");
  });

  test("wrong use", async () => {
    expect((await ewald("convert", QUARTZ, "-o", at("out.docx"))).code).toBe(2);
    expect((await ewald("convert", QUARTZ, "-o", at("x.xy"), "--smooth", "8")).code).toBe(2);
    expect(
      (await ewald("convert", QUARTZ, "-o", at("x.xy"), "--instrument", at("absent.json"))).code,
    ).toBe(3);
    expect((await ewald("convert", "examples/quartz.cif", "-o", at("x.xy"))).code).toBe(3);
  });
});

describe("ewald calibrate", () => {
  test("finds what was simulated, and --instrument takes it out", async () => {
    const { code, stdout } = await ewald(
      "calibrate",
      LAB6,
      "--as",
      "LaB6",
      "--radius",
      "200",
      "-o",
      at("instrument.json"),
    );
    expect(code).toBe(0);
    expect(stdout).toContain("NIST SRM 660c");
    const instrument = JSON.parse(readFileSync(at("instrument.json"), "utf8")) as Record<
      string,
      number
    >;
    for (const twoTheta of [30, 70, 110]) {
      const cosine = Math.cos((twoTheta * Math.PI) / 360);
      const found = instrument["zeroDeg"]! + instrument["displacementDeg"]! * cosine;
      expect(Math.abs(found - 0.05 + 0.08 * cosine)).toBeLessThan(0.002);
    }
    await ewald("convert", LAB6, "-o", at("corrected.xye"), "--instrument", at("instrument.json"));
    const again = await ewald("calibrate", at("corrected.xye"), "--as", "LaB6");
    const left = JSON.parse(again.stdout) as Record<string, number>;
    expect(Math.abs(left["zeroDeg"]! + left["displacementDeg"]! * 0.85)).toBeLessThan(0.001);
  });

  test("a file that is no scan has failed, exit 3 as for other commands", async () => {
    const { code, stderr } = await ewald("calibrate", "examples/quartz.cif", "--as", "Si");
    expect(code).toBe(3);
    expect(stderr).toContain("[scan/not-a-scan]");
  });

  test("another scan, another standard", async () => {
    const wrong = await ewald("calibrate", QUARTZ, "--as", "LaB6");
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/calibrate\/(?:too-few-peaks|wrong-standard)/);
    const own = await ewald("calibrate", QUARTZ, "--as", "examples/quartz.cif");
    expect(own.code).toBe(0);
    const found = JSON.parse(own.stdout) as Record<string, number>;
    expect(Math.abs(found["zeroDeg"]! + found["displacementDeg"]! * 0.9)).toBeLessThan(0.002);
    expect((await ewald("calibrate", LAB6, "--as", "NaCl")).stderr).toContain(
      "LaB6, Si, CeO2, Al2O3",
    );
  });
});
