/** PANalytical's export as CSV: it begins with a bracket and was refused as damaged JSON. */
import { describe, expect, test } from "vitest";
import { readStructures } from "../../src/crystal/io/read-structures.ts";
import { readScan } from "../../src/scan/read.ts";
import type { ReadScan } from "../../src/scan/scan.ts";
import { bytesOf } from "./fixtures/written.ts";

const read = (text: string): ReadScan => readScan(bytesOf(text));

const CONDITIONS: readonly (readonly [string, string])[] = [
  ["Sample identification", "quartz plate"],
  ["Comment", "Configuration=Flat sample stage"],
  ["Measurement date / time", "10/1/2018 9:14:36 AM"],
  ["Raw data origin", "XRD measurement (*.XRDML)"],
  ["Scan axis", "Gonio"],
  ["Start Angle", "5.0130"],
  ["Step Size", "0.0260"],
  ["Scan step time [s]", "18.87"],
  ["Divergence slit size [°]", "0.2500"],
  ["Measurement temperature [°C]", "25.00"],
  ["Anode material", "Cu"],
  ["Used wavelength", "K-Alpha"],
  ["K-Alpha1 wavelength", "1.5405980"],
  ["K-Alpha2 wavelength", "1.5444260"],
  ["K-Beta wavelength", "1.3922500"],
  ["Ratio K-Alpha2/K-Alpha1", "0.5000000"],
  ["Generator settings", "40 mA, 45 kV"],
  ["Diffractometer type", "XPERT-PRO"],
  ["Goniometer radius [mm]", "240.00"],
];
const POINTS = Array.from({ length: 40 }, (_, i) => [(5.013 + i * 0.026).toFixed(4), 300 + i]);

const points = [
  "[Measurement conditions]",
  ...CONDITIONS.map(([key, value]) => `${key},${value.includes(",") ? `"${value}"` : value}`),
  "[Scan points]",
  "Angle,Intensity",
  ...POINTS.map((point) => point.join(",")),
].join("\r\n");

const commas = [
  "[Measurement conditions]",
  ...CONDITIONS.map(([key, value]) => `${key};${value.replace(/(\d)\.(\d)/g, "$1,$2")}`),
  "[Scan points]",
  "Angle;Intensity",
  ...POINTS.map(([angle, counts]) => `${String(angle).replace(".", ",")};${counts}`),
].join("\r\n");

describe.each([
  ["points", points],
  ["commas", commas],
])("decimal %s", (_, text) => {
  test("angles, counts, time, tube and wavelengths", () => {
    const { scan, format } = read(text);
    expect(format).toBe("xy");
    const [range] = scan.ranges;
    expect(range!.axis.kind).toBe("twoTheta");
    expect(range!.axis.values[39]).toBeCloseTo(5.013 + 39 * 0.026, 9);
    expect(range!.intensity[39]).toBe(339);
    expect(range!.countTimeSeconds).toBe(18.87);
    expect(scan.metadata).toMatchObject({
      sample: "quartz plate",
      anode: "Cu",
      scanAxis: "Gonio",
    });
    expect(scan.radiation).toMatchObject({
      name: "CuKa1+CuKa2",
      lines: [{ wavelengthAngstrom: 1.540598 }, { wavelengthAngstrom: 1.544426 }],
    });
  });

  test("the line that was used", () => {
    const only = (line: string): string => text.replace(/K-Alpha(?=\r)/, line);
    expect(read(only("K-Alpha 1")).scan.radiation?.name).toBe("CuKa1");
    expect(read(only("K-Beta")).scan.radiation?.lines[0]?.wavelengthAngstrom).toBe(1.39225);
  });

  test.each(["Omega", "Phi", "Chi", "Z"])("over %s is refused; it was read as 2θ", (axis) => {
    expect(() => read(text.replace("Gonio", axis))).toThrow(
      expect.objectContaining({ code: "scan/not-a-scan", details: { value: axis, line: 23 } }),
    );
  });

  test.each(["2Theta-Omega", "Omega-2Theta", "2Theta"])("over %s is a scan over 2θ", (axis) => {
    expect(read(text.replace("Gonio", axis)).scan.ranges[0]!.axis.kind).toBe("twoTheta");
  });

  test("is no structure either, and not for being damaged JSON", () => {
    expect(() => readStructures(text)).toThrow(
      expect.objectContaining({ code: "read/unrecognised" }),
    );
  });
});

test("points with a time column and an uncertainty", () => {
  const text = points
    .replace("Angle,Intensity", "Angle,TimePerStep,Intensity,ESD")
    .replaceAll(/^(\d+\.\d{4}),(\d+)$/gm, "$1,18.87,$2,4");
  const [range] = read(text).scan.ranges;
  expect(range!.intensity[0]).toBe(300);
  expect(range!.esd![0]).toBe(4);
});

test("JSON that is cut off is still JSON", () => {
  for (const text of ['{"two_theta_values": [1', "[[1, 2], [3", "{", "["]) {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "scan/bad-json" }));
  }
});
