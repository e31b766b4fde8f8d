/** Which column of a table is which, by the words above it. */
import { describe, expect, test } from "vitest";
import { EwaldError } from "../../src/errors.ts";
import { readScan } from "../../src/scan/read.ts";
import type { ReadScan } from "../../src/scan/scan.ts";
import { bytesOf } from "./fixtures/written.ts";

const read = (text: string): ReadScan => readScan(bytesOf(text));

/** A table of two columns, positions 1, 1.1 …, counts 100, 101 …. */
function table(heading: string, separator = "\t"): string {
  const rows = Array.from({ length: 20 }, (_, i) => `${(10 + i) / 10}${separator}${100 + i}`);
  return `${heading}\n${rows.join("\n")}\n`;
}

describe("the axis", () => {
  test.each([
    "Data from beamline 7",
    "# data",
    "# date: 2026-01-02",
    "# Dataset 12",
    "# q phase",
    "# Time of measurement: 3 h",
    "# temperature: RT",
    "# Time 10s",
    "# Energy resolution",
    "Theta-2Theta scan\n2Theta\tCounts",
    "Omega/2Theta\tIntensity",
    "2theta\tI\ndeg\tcounts",
    "2Theta (deg)\tIntensity (counts)",
  ])("%s leaves 2θ in degrees: words such as data were d in Å", (heading) => {
    const { axis } = read(table(heading)).scan.ranges[0]!;
    expect(axis.kind).toBe("twoTheta");
    expect(axis.values[0]).toBe(1);
  });

  test.each([
    ["Q/A-1\tI", "q", 1],
    ["Q/nm-1\tI", "q", 0.1],
    ["Q / Å⁻¹\tI", "q", 1],
    ["q_A^-1\tI", "q", 1],
    ["q[nm-1]\tI", "q", 0.1],
    ["Q (1/nm)\tI", "q", 0.1],
    ["qvalue\tI", "q", 1],
    ["Momentum transfer Q (1/A)\tI", "q", 1],
    ["Momentum transfer (1/nm)\tI", "q", 0.1],
    ["d / Å\tI", "d", 1],
    ["d/A\tI", "d", 1],
    ["d (nm)\tI", "d", 10],
    ["d-value (Å)\tI", "d", 1],
    ["dspacing\tI", "d", 1],
    ["D-Spacing [Å]\tI", "d", 1],
    ["2th_rad\tI", "twoTheta", 180 / Math.PI],
    ["2Theta (rad)\tI", "twoTheta", 180 / Math.PI],
    ["TOF (ms)\tI", "tof", 1000],
    ["tof_us\tI", "tof", 1],
    ["Q\tI\nnm^-1\ta.u.", "q", 0.1],
    ["d\tIntensity\nnm\tcounts", "d", 10],
    ["2theta\tI\n(rad)\t-", "twoTheta", 180 / Math.PI],
  ])("%s", (heading, kind, first) => {
    const { axis } = read(table(heading)).scan.ranges[0]!;
    expect(axis.kind).toBe(kind);
    const values = axis.values;
    expect(Math.min(values[0]!, values.at(-1)!)).toBeCloseTo(first, 9);
  });

  test.each([
    "Omega\tCounts",
    "chi\tI",
    "Energy(keV)\tCounts",
    "Energy (eV)\tIntensity",
    "Temperature\tSignal",
    "r_mm\tI",
    "time\tcounts",
    "Omega\tIntensity\ndeg\tcounts",
  ])("%s is refused by the name of its first column: it was 2θ", (heading) => {
    const name = heading.split("\t")[0]!;
    try {
      read(table(heading));
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EwaldError);
      expect((error as EwaldError).code).toBe("scan/not-a-scan");
      expect((error as EwaldError).message).toContain(name);
    }
  });

  test("units below the names say what is counted", () => {
    expect(read(table("d,Intensity\nnm,counts", ",")).scan.intensityUnit).toBe("counts");
    expect(read(table("Q,I\nnm^-1,a.u.", ",")).scan.intensityUnit).toBe("unknown");
    expect(read(table("# quartz plate\n# deg counts")).scan.intensityUnit).toBe("counts");
  });

  test("2θ beside d in nm gives the wavelength in Å", () => {
    const rows = Array.from({ length: 20 }, (_, i) => {
      const sine = Math.sin(((20 + i) * Math.PI) / 360);
      return `${20 + i},${1.5406 / (20 * sine)},${100 + i}`;
    });
    const { radiation } = read(`2theta,d (nm),counts\n${rows.join("\n")}\n`).scan;
    expect(radiation!.lines[0]!.wavelengthAngstrom).toBeCloseTo(1.5406, 5);
  });
});

describe("the intensity", () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i + 1},${10 + i / 10},2,${500 + i},30`);
  test.each([
    ["Point,2Theta,Count time [s],Counts,Background", "Point was the intensity"],
    ["No.,Angle,Integration time,Intensity,I_calc", "Integration time"],
    ["index,2theta,Background intensity,Intensity [counts],Sum", "Background intensity"],
    ["Point number,2Theta,Icalc,Iobs,Ibkg", "Icalc"],
    ["Number of points,2theta,Ycalc,Yobs,diff", "Ycalc"],
    ["Step,Angle,TimePerStep,Intensity,ESD", "TimePerStep"],
    ["Step,2theta,Intensity background,Detector counts,time", "background"],
  ])("%s: counts, not %s", (heading) => {
    const { intensity } = read(`${heading}\n${rows.join("\n")}\n`).scan.ranges[0]!;
    expect(intensity[0]).toBe(500);
  });

  test("a calculated pattern alone is still read", () => {
    expect(read(table("d\tIcalc")).scan.ranges[0]!.axis.kind).toBe("d");
  });
});
