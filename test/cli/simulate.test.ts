import { existsSync, mkdtempSync, readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ewald, jsonLines } from "../support/cli.ts";

interface PeakRecord {
  twoThetaDeg: number;
  dAngstrom: number;
  intensity: number;
  multiplicity: number;
  hkls: { hkl: number[]; multiplicity: number }[];
}

async function peaksOf(...argv: string[]): Promise<PeakRecord[]> {
  const { stdout } = await ewald("simulate", ...argv, "--json");
  return (jsonLines(stdout)[0] as unknown as { peaks: PeakRecord[] }).peaks;
}

describe("ewald simulate", () => {
  test("rock salt in Cu Kα: the lines of the textbook", async () => {
    const { code, stdout } = await ewald("simulate", "examples/halite.cif", "--json");
    expect(code).toBe(0);
    const [record] = jsonLines(stdout);
    expect(record).toMatchObject({ wavelengthAngstrom: 1.54184, radiation: { kind: "xray" } });
    const { peaks } = record as unknown as { peaks: PeakRecord[] };
    const strongest = peaks.find((peak) => peak.intensity === 100)!;
    expect(strongest.hkls).toEqual([{ hkl: [2, 0, 0], multiplicity: 6 }]);
    expect(strongest.dAngstrom).toBeCloseTo(5.6401 / 2, 6);
    expect(strongest.twoThetaDeg).toBeCloseTo(31.73, 1);
    // F-centring: all indices even or all odd.
    for (const { hkls } of peaks) {
      for (const { hkl } of hkls) expect(new Set(hkl.map((i) => Math.abs(i) % 2)).size).toBe(1);
    }
  });

  test("families are named as in tables: 1 1 0 and 0 1 1 of quartz, not 2 -1 0 and 1 0 -1", async () => {
    const peaks = await peaksOf("examples/quartz.cif");
    const names = peaks.slice(0, 3).map(({ hkls }) => hkls.map(({ hkl }) => hkl.join(" ")));
    expect(names).toEqual([["1 0 0"], ["1 0 1", "0 1 1"], ["1 1 0"]]);
  });

  test("a shorter wavelength moves the lines, not d", async () => {
    const copper = await peaksOf("examples/halite.cif");
    const molybdenum = await peaksOf(
      "examples/halite.cif",
      "--wavelength",
      "MoKa",
      "--two-theta",
      "2:60",
    );
    expect(molybdenum[0]!.dAngstrom).toBeCloseTo(copper[0]!.dAngstrom, 9);
    expect(molybdenum[0]!.twoThetaDeg).toBeCloseTo(12.54, 1);
  });

  test("f' weakens what scatters just below its edge", async () => {
    // K edge of Ti: 4966 eV, 2.4966 Å.
    const given = ["examples/rutile.cif", "--wavelength", "2.4976"];
    const [plain, near] = [await peaksOf(...given), await peaksOf(...given, "--anomalous")];
    // Titanium stands body-centred: 1 1 1 is of oxygen alone and grows beside 1 1 0, to which both add.
    const ratio = (peaks: PeakRecord[]): number =>
      peaks.find(({ hkls }) => hkls[0]!.hkl.join(" ") === "1 1 1")!.intensity / peaks[0]!.intensity;
    expect(ratio(near) / ratio(plain)).toBeGreaterThan(2);
  });

  test("neutrons ask for their wavelength", async () => {
    const { code, stderr } = await ewald(
      "simulate",
      "examples/quartz.cif",
      "--radiation",
      "neutron",
    );
    expect(code).toBe(2);
    expect(stderr).toContain("--wavelength 1.594");
    const peaks = await peaksOf(
      "examples/quartz.cif",
      "--radiation",
      "neutron",
      "--wavelength",
      "1.594",
    );
    expect(peaks.length).toBeGreaterThan(10);
  });

  test("texture, B and the doublet change intensities as they should", async () => {
    const plain = await peaksOf("examples/calcite.cif");
    const plates = await peaksOf("examples/calcite.cif", "--texture", "0,0,1:0.5");
    const at006 = (peaks: PeakRecord[]): number =>
      peaks.find((peak) => peak.hkls.some(({ hkl }) => hkl.join() === "0,0,6"))!.intensity;
    expect(at006(plates)).toBeGreaterThan(3 * at006(plain));
    const hot = await peaksOf("examples/calcite.cif", "--b-iso", "3");
    expect(hot.at(-1)!.intensity).toBeLessThan(plain.at(-1)!.intensity);
    // 0 was refused.
    const still = await peaksOf("examples/calcite.cif", "--b-iso", "0");
    expect(still.at(-1)!.intensity).toBeGreaterThan(hot.at(-1)!.intensity);
    const doublet = await peaksOf("examples/halite.cif", "--wavelength", "CuKa1+CuKa2");
    expect(doublet.length).toBe(2 * (await peaksOf("examples/halite.cif")).length);
  });

  test("text names what was assumed", async () => {
    const { stdout } = await ewald("simulate", "examples/quartz.cif");
    expect(stdout).toContain(
      "X-rays, Cu Kα, λ = 1.54184 Å, 2θ 5 to 90°, form factors: international-tables",
    );
    expect(stdout).toMatch(/26\.6\d+\s+3\.3\d+\s+100\.00/);
  });

  test("draws one, a stack and a comparison; leaves no temporary file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ewald-"));
    const svg = join(folder, "one.svg");
    expect((await ewald("simulate", "examples/quartz.cif", "--plot", svg)).code).toBe(0);
    expect(readFileSync(svg, "utf8")).toContain(">1 0 1</text>");
    const png = join(folder, "stack.png");
    await ewald("simulate", "examples/rutile.cif", "examples/anatase.cif", "--plot", png);
    expect(readFileSync(png).subarray(1, 4).toString()).toBe("PNG");
    const both = join(folder, "both.svg");
    await ewald(
      "simulate",
      "examples/rutile.cif",
      "--reference",
      "examples/anatase.cif",
      "--plot",
      both,
    );
    expect(readFileSync(both, "utf8")).toContain("(reference)");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("writes the profile as two columns", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "ewald-")), "halite.xy");
    await ewald("simulate", "examples/halite.cif", "--pattern", path, "--two-theta", "20:60");
    const rows = readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => /^\d/.test(line));
    expect(rows).toHaveLength(4001);
    const highest = rows.map((row) => row.split(" ").map(Number)).sort((a, b) => b[1]! - a[1]!)[0]!;
    expect(highest[0]).toBeCloseTo(31.73, 1);
    expect(highest[1]).toBe(100);
  });

  test("draws narrow peaks whole and every angle once: 0.004° on steps of 0.01°, 5.005 as 5.00", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "ewald-")), "halite.xy");
    const pattern = async (...flags: string[]) => {
      const args = ["examples/halite.cif", "--wavelength", "0.4", "--pattern", path, ...flags];
      expect((await ewald("simulate", ...args)).code).toBe(0);
      const lines = readFileSync(path, "utf8").split("\n");
      return lines.filter((line) => /^\d/.test(line)).map((line) => line.split(" "));
    };
    const even = await pattern("--two-theta", "5.005:30");
    expect(even.slice(0, 2).map(([angle]) => angle)).toEqual(["5.005", "5.015"]);
    expect(new Set(even.map(([angle]) => angle)).size).toBe(even.length);
    const narrow = await pattern("--two-theta", "5:20", "--fwhm", "0.004");
    expect(narrow[1]![0]).toBe("5.0005");
    const peaks = await peaksOf(
      "examples/halite.cif",
      "--wavelength",
      "0.4",
      "--two-theta",
      "5:20",
    );
    for (const { twoThetaDeg, intensity } of peaks.slice(0, 5)) {
      const near = narrow.filter(([angle]) => Math.abs(Number(angle) - twoThetaDeg) < 0.002);
      const height = Math.max(...near.map(([, y]) => Number(y)));
      expect(Math.abs(height / intensity - 1)).toBeLessThan(0.02);
    }
    const tiny = await ewald(
      "simulate",
      "examples/halite.cif",
      "--pattern",
      path,
      "--fwhm",
      "1e-6",
    );
    expect([tiny.code, tiny.stderr]).toEqual([
      2,
      expect.stringContaining("profile/too-many-points"),
    ]);
  });

  test.each([
    [["--plot", "figure.jpg"], "a figure ends in .svg or .png"],
    [["--reference", "examples/rutile.cif"], "Add --plot"],
    [["--two-theta", "90:5"], "FROM below TO"],
    [["--two-theta", "5:200"], "within 0 and 180°"],
    [["--two-theta=-5:90"], "within 0 and 180°"],
    [["--wavelength", "KuKa"], "radiation/unknown-anode"],
    [["--wavelength", "0.1", "--anomalous"], "scattering/anomalous-range"],
    [["--wavelength", "154.06"], "radiation/wavelength"],
    [["--wavelength", "CuKa", "--radiation", "neutron"], "radiation/contradiction"],
    [["--b-iso", "-1"], "0 or a positive number"],
    [["--b-iso", "Infinity"], "0 or a positive number (Å²)"],
    [["--fwhm", "0"], "a positive number (degrees)"],
    [["--texture", "001"], "h,k,l:r"],
    [["--texture", "0,0,0:0.8"], "no plane"],
    [["--lp", "polarised"], "monochromator"],
  ])("refuses %j, exit 2, and writes nothing", async (flags, message) => {
    const { code, stdout, stderr } = await ewald("simulate", "examples/quartz.cif", ...flags);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(existsSync("figure.jpg")).toBe(false);
  });

  test("help has examples", async () => {
    const { code, stdout } = await ewald("simulate", "--help");
    expect(code).toBe(0);
    expect(stdout).toContain("Examples:");
  });
});

test("standard input is read once", async () => {
  for (const words of [
    ["-", "--reference", "-", "--plot", "x.svg"],
    ["-", "-"],
  ]) {
    const { code, stderr } = await ewald("simulate", ...words);
    expect(code).toBe(2);
    expect(stderr).toContain("[usage/standard-input]");
  }
});
