/** Readers and writers on files written here: every format, what it keeps, and back again. */
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { kAlphaDoublet, monochromatic } from "../../src/radiation/radiation.ts";
import { readScan } from "../../src/scan/read.ts";
import type { ReadScan, Scan, ScanRange } from "../../src/scan/scan.ts";
import { writeScan } from "../../src/scan/write.ts";
import { bytesOf, raw1, raw2, raw3, raw4, xrdml } from "./fixtures/written.ts";
import { scanOf } from "./simulated.ts";

const COUNTS = Array.from({ length: 30 }, (_, i) => 100 + ((i * 37) % 50));
const ANGLES = COUNTS.map((_, i) => Number((10 + i * 0.02).toFixed(4)));

function readText(text: string): ReadScan {
  return readScan(bytesOf(text));
}

function expectScan(
  range: ScanRange | undefined,
  counts: readonly number[] = COUNTS,
  start = 10,
): void {
  expect(Array.from(range!.intensity)).toEqual(counts);
  expect(range!.axis.values[0]).toBe(start);
  expect(range!.axis.values.at(-1)).toBeCloseTo(start + 0.02 * (counts.length - 1), 9);
}

const rows = (separator: string): string =>
  ANGLES.map((angle, i) => `${angle}${separator}${COUNTS[i]}`).join("\n");

describe("binary", () => {
  test("RAW v1 to v4", () => {
    for (const [bytes, format] of [
      [raw1(COUNTS), "bruker-raw1"],
      [raw2([COUNTS]), "bruker-raw2"],
      [raw3(COUNTS), "bruker-raw3"],
      [raw4([COUNTS]), "bruker-raw4"],
    ] as const) {
      const { scan, format: found, warnings } = readScan(bytes);
      expect(found).toBe(format);
      expectScan(scan.ranges[0]);
      expect(scan.radiation!.lines).toHaveLength(2);
      expect(warnings).toEqual([]);
    }
  });

  test("several ranges of RAW v2 and v4", () => {
    for (const bytes of [
      raw2([COUNTS, COUNTS.toReversed()]),
      raw4([COUNTS, COUNTS.toReversed()]),
    ]) {
      const { scan } = readScan(bytes);
      expect(scan.ranges).toHaveLength(2);
      expectScan(scan.ranges[1], COUNTS.toReversed(), 20);
    }
  });

  test("Philips RD stores roots of counts", () => {
    const bytes = new Uint8Array(250 + 2 * 3);
    bytes.set(bytesOf("V3RD"), 0);
    const view = new DataView(bytes.buffer);
    view.setFloat64(94, 1.5406, true);
    view.setFloat64(102, 1.54439, true);
    view.setFloat64(110, 0.5, true);
    view.setFloat64(214, 0.02, true);
    view.setFloat64(222, 10, true);
    view.setFloat64(230, 10.04, true);
    [100, 105, 1000].forEach((root, i) => view.setUint16(250 + 2 * i, root, true));
    const { scan } = readScan(bytes);
    expect(Array.from(scan.ranges[0]!.intensity)).toEqual([100, 110, 10_000]);
    expect(scan.radiation?.name).toBe("CuKa1+CuKa2");
  });
});

describe("XML and archives", () => {
  test("XRDML keeps counts, time, tube; appended scans are ranges", () => {
    const { scan } = readText(xrdml(COUNTS));
    expectScan(scan.ranges[0]);
    expect(scan.ranges[0]!.countTimeSeconds).toBe(4.5);
    expect(scan.metadata).toMatchObject({
      sample: "written sample",
      anode: "Cu",
      tubeVoltageKv: 45,
      goniometerRadiusMm: 240,
    });
    const twice = xrdml(COUNTS).replace(/(<scan [\s\S]*<\/scan>)/, "$1$1");
    expect(readText(twice).scan.ranges).toHaveLength(2);
  });

  test("XRDML 2.x counts are multiplied by the attenuator's factor, 1.x intensities are not", () => {
    const factors = COUNTS.map((_, i) => (i === 7 ? 10 : 1));
    const { scan, warnings } = readText(xrdml(COUNTS, factors));
    expect(scan.ranges[0]!.intensity[7]).toBe(COUNTS[7]! * 10);
    expect(scan.ranges[0]!.attenuation![7]).toBe(10);
    expect(warnings.map(({ code }) => code)).toEqual(["scan/attenuated"]);
    const old = xrdml(COUNTS, factors)
      .replaceAll("<counts", "<intensities")
      .replace("</counts", "</intensities");
    expect(readText(old).scan.ranges[0]!.intensity[7]).toBe(COUNTS[7]);
  });

  test("a rocking curve is no powder scan", () => {
    const text = xrdml(COUNTS).replace(
      /<startPosition>.*<\/endPosition>/,
      "<commonPosition>28.4</commonPosition>",
    );
    expect(() => readText(text)).toThrow(/without a scan over 2θ/);
  });

  test("BRML columns come from the file's own description", () => {
    const data = ANGLES.map((angle, i) => `<Datum>${COUNTS[i]},${angle},1.5</Datum>`).join("");
    const raw = `<RawData><DataRoutes><DataRoute RouteFlag="Measured"><ScanInformation VisibleName="Coupled"/>${data}
      <DataViews><RawDataView xsi:type="RecordedRawDataView" Start="0" Length="1"/>
      <RawDataView xsi:type="VaryingRawDataView" Start="1" Length="1"><Varying><FieldDefinitions AxisId="TwoTheta"/></Varying></RawDataView>
      <RawDataView xsi:type="FixedRawDataView" Start="2" Length="1" LogicName="MeasuredTime"/></DataViews></DataRoute></DataRoutes>
      <TubeMaterial>Co</TubeMaterial><WaveLengthAlpha1 Value="1.78896"/><WaveLengthAlpha2 Value="1.79285"/><WaveLengthRatio Value="0.5"/></RawData>`;
    const { scan, format } = readScan(zipSync({ "Experiment0/RawData0.xml": strToU8(raw) }));
    expect(format).toBe("brml");
    expectScan(scan.ranges[0]);
    expect(scan.ranges[0]!.countTimeSeconds).toBe(1.5);
    expect(scan.radiation?.name).toBe("CoKa1+CoKa2");
  });

  test("RASX with two profiles and an attenuator", () => {
    const profile = strToU8(
      ANGLES.map((angle, i) => `${angle}\t${COUNTS[i]}\t${i === 3 ? 2 : 1}`).join("\r\n"),
    );
    const conditions = strToU8(
      `<MeasurementConditions><XrayGenerator><TargetName>Cu</TargetName><WaveType>Ka1</WaveType>
       <WavelengthKalpha1>1.540593</WavelengthKalpha1></XrayGenerator>
       <ScanInformation><AxisName>TwoThetaTheta</AxisName><IntensityUnit>counts</IntensityUnit></ScanInformation></MeasurementConditions>`,
    );
    const { scan } = readScan(
      zipSync({
        "Data0/Profile0.txt": profile,
        "Data0/MesurementConditions0.xml": conditions,
        "Data1/Profile1.txt": profile,
        "Data1/MesurementConditions1.xml": conditions,
      }),
    );
    expect(scan.ranges).toHaveLength(2);
    expect(scan.ranges[0]!.intensity[3]).toBe(COUNTS[3]! * 2);
    expect(scan.radiation).toMatchObject({
      name: "CuKa1",
      lines: [{ wavelengthAngstrom: 1.540593 }],
    });
  });
});

describe("text", () => {
  test.each([
    ["blanks", rows(" ")],
    ["tabs", rows("\t")],
    ["commas", rows(",")],
    ["semicolons", rows("; ")],
    ["Windows lines", rows(" ").replaceAll("\n", "\r\n")],
    ["Macintosh lines", rows(" ").replaceAll("\n", "\r")],
    ["a byte order mark", `\ufeff${rows(" ")}`],
    ["decimal commas", rows(";").replaceAll(".", ",")],
    ["decimal commas and blanks", rows("   ").replaceAll(".", ",")],
    [
      "quoted decimal commas",
      ANGLES.map((x, i) => `"${String(x).replace(".", ",")}","${COUNTS[i]},0"`).join("\n"),
    ],
    ["comments", `# a\n! b\n; c\n${rows(" ")}\n# end`],
    ["falling angles", rows(" ").split("\n").toReversed().join("\n")],
  ])("%s", (_, text) => {
    const { scan } = readText(text);
    expectScan(scan.ranges[0]);
    expect(scan.radiation).toBeNull();
  });

  test("headings say what a column is", () => {
    const table = ANGLES.map(
      (x, i) => `${i};${COUNTS[i]};0,5;${String(x).replace(".", ",")};77`,
    ).join("\n");
    const { scan, warnings } = readText(`No;Counts;Sigma;2Theta;Monitor\n${table}`);
    expectScan(scan.ranges[0]);
    expect(scan.ranges[0]!.esd![0]).toBe(0.5);
    expect(scan.ranges[0]!.monitor![0]).toBe(77);
    expect(scan.intensityUnit).toBe("counts");
    expect(warnings[0]!.message).toContain("No");
  });

  test.each([
    ["# q_nm^-1 I sigma", "q", 1],
    ["Q (A^-1)\tIntensity\tError", "q", 10],
    ["d-spacing,intensity,esd", "d", 10],
    ["TOF counts err", "tof", 10],
  ])("%s", (heading, kind, first) => {
    const table = ANGLES.map((x, i) => `${x}\t${COUNTS[i]}\t3`).join("\n");
    const { scan } = readText(`${heading}\n${table}`);
    expect(scan.ranges[0]!.axis.kind).toBe(kind);
    expect(scan.ranges[0]!.axis.values[0]).toBeCloseTo(first, 12);
    expect(scan.ranges[0]!.esd![0]).toBe(3);
  });

  test.each([
    ["Wavelength: 0.8257 A", 0.8257],
    ["# wavelength: 1.0332e-10 m", 1.0332],
    ["##X-RAY WAVELENGTH: 1.541838", 1.541838],
    ["# lambda = 0.1 nm", 1],
    ["# energy: 60 keV", 12.398419843 / 60],
    [
      "Anode material,Cu\nK-Alpha1 wavelength,1.540598\nK-Alpha2 wavelength,1.544426\nRatio K-Alpha2/K-Alpha1,0.5",
      1.540598,
    ],
    ["# radiation: CoKa1", 1.78896],
  ])("the wavelength in the header: %s", (header, lambda) => {
    const { radiation } = readText(`${header}\n${rows(",")}`).scan;
    expect(radiation!.lines[0]!.wavelengthAngstrom).toBeCloseTo(lambda, 9);
  });

  test("words that are no wavelength give none", () => {
    expect(readText(`# sample: copper oxide, target 5 g\n${rows(" ")}`).scan.radiation).toBeNull();
  });

  test("several sweeps in one list of columns are ranges, with a word about it", () => {
    const { scan, warnings } = readText(`${rows(" ")}\n${rows(" ")}`);
    expect(scan.ranges).toHaveLength(2);
    expect(warnings.map(({ code }) => code)).toContain("scan/several-ranges");
  });

  test("UXD with two ranges, and pairs of angle and counts", () => {
    const range = (start: number): string =>
      `_DRIVE='COUPLED'\n_STEPTIME=2\n_STEPSIZE=0.02\n_START=${start}\n_COUNTS\n${COUNTS.join("  ")}\n`;
    const head =
      "; written here\n_FILEVERSION=2\n_SAMPLE='written'\n_WL1=1.540600\n_WL2=1.544390\n_WLRATIO=0.5\n_ANODE='Cu'\n";
    const { scan } = readText(head + range(10) + range(20));
    expectScan(scan.ranges[1], COUNTS, 20);
    expect(scan.ranges[0]!.countTimeSeconds).toBe(2);
    expectScan(readText(`${head}_2THETACOUNTS\n${rows(" ")}`).scan.ranges[0]);
    expect(() => readText(head)).toThrow(/ends without data/);
    expect(() => readText(`${head}_STEPCOUNT=31\n${range(10)}`)).toThrow(
      /31 points are announced, 30 are there/,
    );
  });

  test("RAS and ASC", () => {
    const ras = (count: number): string =>
      `*RAS_DATA_START\n*RAS_HEADER_START\n*HW_XG_TARGET_NAME "Cu"\n*HW_XG_WAVE_LENGTH_ALPHA1 "1.540593"\n*HW_XG_WAVE_LENGTH_ALPHA2 "1.544414"\n*MEAS_COND_XG_WAVE_TYPE "Ka"\n*MEAS_DATA_COUNT "${count}"\n*MEAS_SCAN_AXIS_X_INTERNAL "TwoThetaTheta"\n*RAS_HEADER_END\n*RAS_INT_START\n${ANGLES.map((x, i) => `${x} ${COUNTS[i]} 1.0000`).join("\n")}\n*RAS_INT_END\n*RAS_DATA_END\n`;
    expectScan(readText(ras(30)).scan.ranges[0]);
    expect(() => readText(ras(40))).toThrow(/40 points/);
    expect(() => readText(ras(30).slice(0, -60))).toThrow(/no end/);
    const asc = `*TYPE = Raw\n*CLASS = ASCII\n*TARGET = 42\n*WAVE_LENGTH1 = 0.7093\n*WAVE_LENGTH2 = 0.71359\n*YUNIT = counts\n*GROUP_COUNT = 1\n*BEGIN\n*START = 10\n*STEP = 0.02\n*COUNT = 30\n${COUNTS.join(", ")}\n*END\n*EOF\n`;
    const { scan } = readText(asc);
    expectScan(scan.ranges[0]);
    expect(scan.radiation?.name).toBe("MoKa1+MoKa2");
    expect(() => readText(asc.replace("*END\n*EOF\n", ""))).toThrow(/without \*END/);
  });

  test("GSAS: STD with detectors, ESD, FXYE, ALT; constant, logarithmic and mapped bins", () => {
    const pad = (value: number, size: number): string => String(value).padStart(size);
    const bank = (binning: string, content: string, records: string): string =>
      `a title, lambda = 1.5 A\nBANK 1 30 3 ${binning} ${content}\n${records}\n`;
    const std = [0, 10, 20]
      .map((at) =>
        COUNTS.slice(at, at + 10)
          .map((count) => ` 4${pad(count, 6)}`)
          .join(""),
      )
      .join("\n");
    const gsas = readText(bank("CONST 1000 2 0 0", "STD", std)).scan;
    expectScan(gsas.ranges[0]);
    expect(gsas.ranges[0]!.esd![0]).toBeCloseTo(Math.sqrt(100 / 4), 12);
    expect(gsas.radiation!.lines[0]!.wavelengthAngstrom).toBe(1.5);
    const esd = [0, 5, 10, 15, 20, 25]
      .map((at) =>
        COUNTS.slice(at, at + 5)
          .map((count) => `${pad(count, 8)}${pad(7, 8)}`)
          .join(""),
      )
      .join("\n");
    const weighted = readText(bank("CONST 1000 2 0 0", "ESD", esd)).scan.ranges[0]!;
    expectScan(weighted);
    expect(weighted.esd![3]).toBe(7);
    const fxye = ANGLES.map((x, i) => `${(x * 100).toFixed(3)} ${COUNTS[i]} 2.5`).join("\n");
    const free = readText(bank("CONS 1000 2 0 0", "FXYE", fxye)).scan.ranges[0]!;
    expectScan(free);
    expect(free.esd![0]).toBe(2.5);
    const log = readText(bank("SLOG 1000 20000 0.001 0", "STD", std)).scan.ranges[0]!;
    expect(log.axis.kind).toBe("tof");
    expect(log.axis.values[29]).toBeCloseTo(1000 * 1.001 ** 29, 8);
    const tof = `${bank("TIME_MAP 1", "STD", std)}TIME_MAP 1 7 1 TIME_MAP 100\n 1 10000 10 11 10100 20 20100\n`;
    const mapped = readText(tof).scan.ranges[0]!.axis;
    expect(mapped.values[0]).toBeCloseTo(1000, 9);
    expect(mapped.values[9]).toBeCloseTo(1009, 9);
    expect(mapped.values[12]).toBeCloseTo(1014, 9);
    expect(() => readText(bank("CONST 1000 2 0 0", "STD", std.slice(0, 100)).trimEnd())).toThrow(
      /announces 30 points/,
    );
  });

  test("neutron DAT with uncertainties, Philips UDF, Sietronics CPI", () => {
    const values = COUNTS.map((count) => count + 0.5).join(" ");
    const dat = `DMC, written here\nlambda= 1.7035 A, T= 5.0 K\n 10.000 0.020 10.580 1000000.\n${values}\n${COUNTS.map(() => 2.25).join(" ")}\n`;
    const neutron = readText(dat).scan;
    expect(neutron.radiation).toMatchObject({
      kind: "neutron",
      lines: [{ wavelengthAngstrom: 1.7035 }],
    });
    expect(neutron.ranges[0]!.esd![29]).toBe(2.25);
    expect(neutron.ranges[0]!.axis.values[29]).toBe(10.58);
    const udf = `SampleIdent,written,/\nAnode,Cu,/\nLabdaAlpha1, 1.54060,/\nLabdaAlpha2, 1.54439,/\nRatioAlpha21, 0.50000,/\nDataAngleRange, 10.0000, 10.5800,/\nScanStepSize, 0.020,/\nScanStepTime, 1.00,/\nRawScan\n${COUNTS.join(", ")}/\n`;
    const philips = readText(udf).scan;
    expectScan(philips.ranges[0]);
    expect(philips.radiation?.name).toBe("CuKa1+CuKa2");
    const cpi = `SIETRONICS XRD SCAN\n10.0\n10.58\n0.02\nCu\n1.54060\n1-1-2026\n0.1\nwritten\nSCANDATA\n${COUNTS.join("\n")}\n`;
    expectScan(readText(cpi).scan.ranges[0]);
  });
});

describe("pdCIF", () => {
  const head = "data_written\n_diffrn_radiation_probe x-ray\n";
  test("listed positions, uncertainties, monitor", () => {
    const table = ANGLES.map((x, i) => `${x} ${COUNTS[i]}(10) 500`).join("\n");
    const { scan } = readText(
      `${head}_diffrn_radiation_wavelength 0.8257\nloop_\n_pd_meas_2theta_scan\n_pd_meas_intensity_total\n_pd_meas_counts_monitor\n${table}\n`,
    );
    expectScan(scan.ranges[0]);
    expect(scan.ranges[0]!.esd![0]).toBe(10);
    expect(scan.ranges[0]!.monitor![0]).toBe(500);
    expect(scan.radiation!.lines[0]!.wavelengthAngstrom).toBe(0.8257);
  });

  test("a range with an increment; measured counts win over the calculated pattern", () => {
    const table = COUNTS.map((count) => `${count} ${count + 5}`).join("\n");
    const { scan } = readText(
      `${head}_diffrn_radiation_type 'Cu K\\a~1~'\n_pd_meas_2theta_range_min 10\n_pd_meas_2theta_range_max 10.58\n_pd_meas_2theta_range_inc 0.02\nloop_\n_pd_calc_intensity_total\n_pd_meas_counts_total\n${COUNTS.map((count) => `${count + 5} ${count}`).join("\n")}\n`,
    );
    expect(table).not.toBe("");
    expectScan(scan.ranges[0]);
    expect(scan.radiation?.name).toBe("CuKa1");
  });

  test("a structure is no scan", () => {
    expect(() =>
      readText("data_x\n_cell_length_a 4\nloop_\n_atom_site_label\n_atom_site_fract_x\nNa 0\n"),
    ).toThrow(/a CIF without a measured powder pattern/);
  });
});

describe("writing and reading back", () => {
  const axis = Float64Array.from(ANGLES);
  const measured: Scan = {
    ...scanOf(axis, Float64Array.from(COUNTS)),
    radiation: kAlphaDoublet("Cu"),
    metadata: {
      sample: 'quartz: it\'s "fine"',
      operator: "Å. Ngström",
      comment: ["one", "two"],
      tubeVoltageKv: 40,
    },
  };

  test("pdCIF blocks are named by the file alone, every range differently", () => {
    const name = `home/someone/${"long ".repeat(20)}.xrdml`;
    const twice = {
      ...measured,
      source: { ...measured.source, name },
      ranges: [...measured.ranges, ...measured.ranges],
    };
    const blocks = writeScan(twice, "pdcif").match(/^data_\S+/gm)!;
    expect(blocks).toHaveLength(2);
    expect(new Set(blocks).size).toBe(2);
    expect(blocks.join()).not.toContain("someone");
  });

  test.each(["xy", "xye", "pdcif", "json"] as const)(
    "%s keeps positions, counts, wavelength, sample",
    (format) => {
      const text = writeScan(measured, format);
      const { scan } = readText(text);
      expect(scan.ranges[0]!.axis.values).toEqual(axis);
      expect(scan.ranges[0]!.intensity).toEqual(measured.ranges[0]!.intensity);
      expect(scan.intensityUnit).toBe("counts");
      expect(scan.radiation!.lines.map((line) => line.wavelengthAngstrom)).toEqual([
        1.54056, 1.54439,
      ]);
      expect(scan.radiation!.lines[1]!.weight).toBeCloseTo(1 / 3, 9);
      expect(scan.metadata["sample"]).toBe(measured.metadata["sample"]);
    },
  );

  test("uncertainties, other axes, neutrons, several ranges", () => {
    const range: ScanRange = {
      axis: { kind: "q", values: Float64Array.from({ length: 12 }, (_, i) => 1 + i / 8) },
      intensity: Float64Array.from({ length: 12 }, (_, i) => 10.25 + i),
      esd: new Float64Array(12).fill(0.5),
    };
    const neutron: Scan = {
      ...measured,
      ranges: [range],
      radiation: monochromatic(1.9114, "neutron"),
      intensityUnit: "unknown",
    };
    const columns = readText(writeScan(neutron, "xye")).scan;
    expect(columns.ranges[0]!.axis).toEqual(range.axis);
    expect(columns.ranges[0]!.esd).toEqual(range.esd);
    expect(columns.radiation).toMatchObject({
      kind: "neutron",
      lines: [{ wavelengthAngstrom: 1.9114 }],
    });
    const cif = readText(writeScan(neutron, "pdcif")).scan;
    expect(cif.ranges[0]!.axis.kind).toBe("d");
    expect(cif.ranges[0]!.axis.values.at(-1)).toBeCloseTo(2 * Math.PI, 12);
    expect(cif.ranges[0]!.esd![0]).toBe(0.5);
    expect(cif.radiation?.kind).toBe("neutron");
    const twice = { ...measured, ranges: [measured.ranges[0]!, measured.ranges[0]!] };
    for (const format of ["xy", "pdcif", "json"] as const) {
      expect(readText(writeScan(twice, format)).scan.ranges).toHaveLength(2);
    }
  });

  test("names cannot break out of a CIF", () => {
    const hostile = {
      ...measured,
      metadata: { sample: "x\n;\ndata_evil\n_cell_length_a 1", comment: "a\n;b" },
    };
    const text = writeScan(hostile, "pdcif");
    const { scan } = readText(text);
    expect(scan.ranges).toHaveLength(1);
    expect(scan.metadata["title"]).toBe("scan");
  });
});
