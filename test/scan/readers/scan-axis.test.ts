/** What a scan ran over, as each format says it: every one below was read as a powder pattern over 2θ. */
import { describe, expect, test } from "vitest";
import { readScan } from "../../../src/scan/read.ts";
import { movedAxis, otherAxisInText } from "../../../src/scan/readers/scan-axis.ts";
import type { ReadScan } from "../../../src/scan/scan.ts";
import { bytesOf, raw3, raw4, storedZip, xrdml } from "../fixtures/written.ts";

const COUNTS = Array.from({ length: 60 }, (_, i) => 300 + ((i * 37) % 50));
const ROWS = COUNTS.map((count, i) => `${(20 + i * 0.05).toFixed(2)} ${count}`).join("\n");
const read = (file: string | Uint8Array): ReadScan =>
  readScan(typeof file === "string" ? bytesOf(file) : file);
const refused = (value: string): unknown =>
  expect.objectContaining({ code: "scan/not-a-scan", details: expect.objectContaining({ value }) });

describe("words", () => {
  test.each([
    "Gonio",
    "2Theta",
    "2Theta-Omega",
    "Omega-2Theta",
    "Omega/2Theta",
    "TwoTheta",
    "TwoThetaTheta",
    "2-Theta/Theta",
    "2theta/theta",
    "Coupled TwoTheta/Theta",
    "Coupled Two Theta/Theta",
    "Locked Coupled",
    "UNLOCKED COUPLED",
    "2θ/θ",
    "2θ–ω",
    "Detector Scan",
    "PSD fast scan",
    "th/2th",
    "tth",
    "Scan 2T",
    "om2th",
    "TwoThetaChi",
    "Theta-Theta",
    "ω–2θ",
  ])("%s moves the detector", (words) => {
    expect(movedAxis(words)).toBe("twoTheta");
  });

  test.each([
    "Rocking",
    "Rocking Curve",
    "Omega",
    "ω",
    "Theta",
    "θ",
    "THETA",
    "Phi",
    "φ-scan",
    "Chi",
    "KHI",
    "Psi",
    "X",
    "Z-Drive",
    "Time",
    "Temperature",
    "Aux1",
    "hkl",
    "Pole Figure",
    "Rocking curve at 2Theta = 35.2",
    "Omega (2theta fixed)",
    "Theta scan, 2θ = 44.5",
    "Theta_s",
    "Energy",
    "Reciprocal space map",
  ])("%s does not", (words) => {
    expect(movedAxis(words)).toBe("other");
  });

  test.each(["Foo", "scan type 77", "Continuous", "Step Scan"])("%s says nothing", (words) => {
    expect(movedAxis(words)).toBe("unknown");
  });

  test("a preset time is no axis; a title with Greek words is no statement", () => {
    expect(otherAxisInText(["Scan mode: fixed time", "Scan type: Continuous"])).toBeUndefined();
    expect(otherAxisInText(["omega phase of Ti, phi = 30"])).toBeUndefined();
    expect(otherAxisInText(["# scan axis = omega"])).toBe("omega");
  });
});

const eva = (type: string): string =>
  `'Id: "" Comment: "" Operator: "" Anode: "Cu" Scantype: "${type}" TimePerStep: "48"\n${ROWS}\n`;
const uxd = (drive: string, key = "_COUNTS"): string =>
  `_FILEVERSION=2\n_WL1=1.5406\n_DRIVE='${drive}'\n_STEPSIZE=0.05\n_START=10\n${key}\n${COUNTS.join(" ")}\n`;
const ras = (axis: string): string =>
  `*RAS_DATA_START\n*RAS_HEADER_START\n*MEAS_SCAN_AXIS_X "${axis}"\n*RAS_INT_START\n${ROWS}\n*RAS_INT_END\n*RAS_DATA_END\n`;
const asc = (axis: string): string =>
  `*TYPE = Raw\n*CLASS = ASCII\n*SCAN_AXIS = ${axis}\n*BEGIN\n*START = 10\n*STEP = 0.02\n*COUNT = 60\n${COUNTS.join(", ")}\n*END\n`;
const udf = (axis: string): string =>
  `SampleIdent,x,/\nScanAxis,${axis},/\nDataAngleRange, 10.0, 11.18,/\nScanStepSize, 0.02,/\nRawScan\n${COUNTS.join(", ")}/\n`;
const gsas = (axis: string): string =>
  `title\n# scan axis: ${axis}\nBANK 1 60 60 CONST 1000 2 0 0 FXYE\n${COUNTS.map((y, i) => `${1000 + 2 * i} ${y} 3`).join("\n")}\n`;
const rasx = (axis: string): Uint8Array =>
  storedZip({
    "Data0/Profile0.txt": ROWS.replaceAll(" ", "\t"),
    "Data0/MesurementConditions0.xml": `<C><ScanInformation><AxisName>${axis}</AxisName></ScanInformation></C>`,
  });
const brml = (name: string): Uint8Array =>
  storedZip({
    "Experiment0/RawData0.xml": `<RawData><DataRoute RouteFlag="Measured"><ScanInformation VisibleName="${name}"/>${COUNTS.map((y, i) => `<Datum>${20 + i / 20},${y}</Datum>`).join("")}<DataViews><RawDataView xsi:type="VaryingRawDataView" Start="0"><FieldDefinitions AxisId="TwoTheta"/></RawDataView><RawDataView xsi:type="RecordedRawDataView" Start="1" Length="1"/></DataViews></DataRoute></RawData>`,
  });
const raw3Of = (type: number): Uint8Array => {
  const bytes = raw3(COUNTS);
  new DataView(bytes.buffer).setUint32(712 + 196, type, true);
  return bytes;
};
const raw4Of = (type: string): Uint8Array => {
  const bytes = raw4([COUNTS]);
  bytes.set(bytesOf(type.padEnd(24, "\0")), 257 + 32);
  return bytes;
};

describe("formats", () => {
  const formats: readonly (readonly [string, (axis: string) => string | Uint8Array, string])[] = [
    ["EVA xy", eva, "Coupled TwoTheta/Theta"],
    ["UXD", uxd, "COUPLED"],
    ["RAS", ras, "2-Theta/Omega"],
    ["RASX", rasx, "TwoThetaTheta"],
    ["ASC", asc, "2theta/theta"],
    ["UDF", udf, "Gonio"],
    ["GSAS", gsas, "2theta"],
    ["BRML", brml, "Coupled TwoTheta/Theta"],
    [
      "XRDML",
      (axis) => xrdml(COUNTS).replace('scanAxis="Gonio"', `scanAxis="${axis}"`),
      "2Theta-Omega",
    ],
    ["RAW 4", raw4Of, "Unlocked Coupled"],
  ];
  test.each(formats)("%s", (_, file, powder) => {
    expect(read(file(powder)).scan.ranges).toHaveLength(1);
    for (const axis of ["Omega", "Theta", "Phi", "Chi", "Rocking curve", "Temperature"]) {
      expect(() => read(file(axis)), axis).toThrow(refused(axis) as Error);
    }
  });

  test("RAW 3 says it by a number", () => {
    for (const type of [0, 1, 2, 20, 129, 130]) expect(read(raw3Of(type)).warnings).toEqual([]);
    for (const type of [3, 4, 5, 6, 9, 12, 13]) {
      expect(() => read(raw3Of(type))).toThrow(
        expect.objectContaining({ code: "scan/not-a-scan" }),
      );
    }
    expect(read(raw3Of(77)).warnings.map(({ code }) => code)).toEqual(["scan/axis-assumed"]);
  });

  test("data keys of another drive, and keys that are not known, in UXD: their numbers were dropped", () => {
    expect(() => read(uxd("COUPLED", "_PHICOUNTS"))).toThrow(refused("PHI") as Error);
    expect(() => read(uxd("COUPLED", "_DATA"))).toThrow(
      expect.objectContaining({
        code: "scan/bad-header",
        message: expect.stringContaining("_DATA"),
      }),
    );
  });

  test("a name that is not known is read as 2θ with a warning, beside one that is", () => {
    const { warnings } = read(asc("Foo"));
    expect(warnings).toEqual([expect.objectContaining({ code: "scan/axis-assumed" })]);
    expect(read(asc("2theta")).warnings).toEqual([]);
  });

  test("a recorded 2θ that stands still is no axis", () => {
    const still = storedZip({
      "Experiment0/RawData0.xml": `<RawData><DataRoute RouteFlag="Measured"><ScanInformation VisibleName="Scan"/>${COUNTS.map((y) => `<Datum>34.5,${y}</Datum>`).join("")}<DataViews><RawDataView xsi:type="VaryingRawDataView" Start="0"><FieldDefinitions AxisId="TwoTheta"/></RawDataView><RawDataView xsi:type="RecordedRawDataView" Start="1" Length="1"/></DataViews></DataRoute></RawData>`,
    });
    expect(() => read(still)).toThrow(/2θ does not move|without a scan over 2θ/);
  });

  test("others beside a powder scan are left out with a warning", () => {
    const { scan, warnings } = read(`${ras("Omega")}${ras("2-Theta")}`);
    expect(scan.ranges).toHaveLength(1);
    expect(warnings).toEqual([
      expect.objectContaining({
        code: "scan/no-two-theta",
        message: expect.stringContaining("Omega"),
      }),
    ]);
  });
});
