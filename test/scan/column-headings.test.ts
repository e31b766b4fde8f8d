/** What headings say: quantities and their units, other quantities, columns without a name, several patterns. */
import { describe, expect, test } from "vitest";
import { ANGLES, codesOf, COUNTS, errorOf, pointsOf, read, table } from "./tables.ts";

const two = (heading: string): string => table(heading, (x, y) => `${x},${y}`);
const first = (heading: string): number => pointsOf(two(`"${heading}",Intensity`)).axis[0]!;
const TAU = 2 * Math.PI;

describe("units", () => {
  test.each([
    ["Q (Inverse Nanometres)", 2],
    ["Q (1/nm)", 2],
    ["q_nm^-1", 2],
    ["Q / nm⁻¹", 2],
    ["Q [nm−1]", 2],
    ["Q in 1/nm", 2],
    ["Q (reciprocal nm)", 2],
    ["q (per nanometer)", 2],
    ["Q (nm**-1)", 2],
    ["Q ($\\mathrm{nm}^{-1}$)", 2],
    ["scattering vector q (nm<sup>-1</sup>)", 2],
    ["Streuvektor (1/nm)", 2],
    ["散射矢量 (1/nm)", 2],
    ["Q (1/Å)", 20],
    ["Q (Å⁻¹)", 20],
    ["Q (A^-1)", 20],
    ["Q (inv. Angstrom)", 20],
    ["Q (Angstroms^{-1})", 20],
    ["Q (µm-1)", 20e-4],
    ["Q (m^-1)", 20e-10],
    ["s (1/A)", 20 * TAU],
    ["s_nm^-1", 2 * TAU],
    ["1/d (Å^-1)", 20 * TAU],
    ["d* [1/nm]", 2 * TAU],
    ["2 sin(theta)/lambda (1/A)", 20 * TAU],
    ["sin(theta)/lambda (1/A)", 40 * TAU],
    ["sinθ/λ [nm⁻¹]", 4 * TAU],
  ])("%s", (heading, q) => {
    expect(pointsOf(two(`"${heading}",I`)).kind).toBe("q");
    expect(first(heading) / q).toBeCloseTo(1, 12);
  });

  test.each([
    ["2theta (mrad)", (20 * 0.18) / Math.PI],
    ["2θ / mrad", (20 * 0.18) / Math.PI],
    ["2th_rad", (20 * 180) / Math.PI / 10],
    ["2theta [arcmin]", 20 / 60],
    ["Bragg angle (deg)", 40],
    ["Theta", 40],
    ["θ (mrad)", (40 * 0.18) / Math.PI],
    ["Angle (θ)", 40],
    ["Glanzwinkel / °", 40],
    ["布拉格角 (度)", 40],
    ["Pos. [°2Th.]", 20],
    ["Angle (2θ)", 20],
    ["Bragg angle 2θ", 20],
    ["Beugungswinkel 2θ / Grad", 20],
    ["angle de diffraction (degrés)", 20],
    ["衍射角2θ(度)", 20],
    ["回折角 2θ (deg)", 20],
    ["２θ", 20],
    ["$2\\theta$ ($^\\circ$)", 20],
    ["Theta/2Theta", 20],
  ])("%s", (heading, angle) => {
    const scale = heading === "2th_rad" ? 10 : 1;
    const text = table(`"${heading}",Intensity`, (x, y) => `${Number(x) / scale},${y}`);
    expect(pointsOf(text).kind).toBe("twoTheta");
    expect(pointsOf(text).axis[0]!).toBeCloseTo(angle, 12);
  });

  test("what was converted or assumed is said", () => {
    const note = (heading: string): string => read(two(`"${heading}",I`)).warnings[0]!.message;
    expect(note("Bragg angle (deg)")).toBe('"Bragg angle (deg)" is θ and was doubled to 2θ');
    expect(note("s (1/A)")).toContain("taken as 1/d");
    expect(note("Q")).toBe("no unit of Q is given: taken as 1/Å");
    expect(note("2theta (furlong)")).toContain('"furlong" is not known here: taken as degrees');
    expect(note("Q (nm)")).toContain("taken as Q in 1/nm");
    expect(codesOf(two("2theta (deg),I"))).toEqual([]);
  });

  test.each([
    "log10(q.m)_None",
    "ln(Q)",
    "Q^2 (A^-2)",
    "d*2_nm^-2",
    "sin^2(theta)",
    "Radial Distance (mm)",
    "Position (mm)",
    "2theta (mm)",
    "d (1/nm)",
    "K (1/A)",
    "Angle of incidence",
    "Azimuth (deg)",
    "Zeit",
    "波长",
    "Energy (keV)",
    "Theta drive",
  ])("%s is refused by its name", (heading) => {
    for (const text of [two(`"${heading}",Intensity`), two(`title\n${heading}\nIntensity\n 60`)]) {
      expect(errorOf(text)).toMatchObject({ code: "scan/not-a-scan", details: { value: heading } });
    }
  });

  test.each(["foo,Intensity", "x,y", "foo,bar", "foo;bar", "t\nfoo\nIntensity\n   60"])(
    "%j: a heading that is not known is said to be taken as 2θ",
    (heading) => {
      const text = table(heading, (x, y) => `${x}${heading.includes(";") ? ";" : ","}${y}`);
      expect(pointsOf(text)).toMatchObject({ kind: "twoTheta", axis: ANGLES });
      expect(codesOf(text)).toEqual(["scan/axis-assumed"]);
    },
  );

  test.each([
    "2Theta (deg) Intensity",
    "2Theta [deg] Intensity [counts]",
    "2theta deg Intensity",
    "2 theta Intensity",
    "# 2Theta (deg)  Intensity (a. u.)",
  ])("%s over three columns: the uncertainty was read as intensity", (heading) => {
    const text = table(heading, (x, y) => `${x} ${y} 33`);
    expect(pointsOf(text)).toMatchObject({ axis: ANGLES, intensity: COUNTS });
    expect(read(text).scan.ranges[0]!.esd![0]).toBe(33);
    expect(codesOf(text)).toContain("scan/column-assumed");
  });

  test("brackets with blanks belong to the word before them", () => {
    const text = table("Q (1 / nm) I (arb. units) std. dev.", (x, y) => `${x} ${y} 17`);
    expect(pointsOf(text)).toMatchObject({ kind: "q", intensity: COUNTS });
    expect(pointsOf(text).axis[0]).toBeCloseTo(2, 12);
  });
});

describe("columns without a name", () => {
  test.each([
    [",2theta,intensity", (x: string, y: number, i: number) => `${i},${x},${y}`],
    ["\t2theta\tintensity", (x: string, y: number, i: number) => `${i}\t${x}\t${y}`],
    ['"","2theta","intensity"', (x: string, y: number, i: number) => `"${i + 1}",${x},${y}`],
    ['"2theta" "intensity"', (x: string, y: number, i: number) => `"${i + 1}" ${x} ${y}`],
    ["twotheta intensity", (x: string, y: number, i: number) => `${i + 1} ${x} ${y}`],
    ["2theta intensity", (x: string, y: number, i: number) => `p${i} ${x} ${y}`],
    ["Unnamed: 0,2theta,intensity", (x: string, y: number, i: number) => `${i},${x},${y}`],
    [",x,y", (x: string, y: number, i: number) => `${i},${x},${y}`],
    ["", (x: string, y: number, i: number) => `${i},${x},${y + 20_000 * i}`],
  ])("%j: the row number was 2θ", (heading, row) => {
    const { axis, intensity } = pointsOf(table(heading, row));
    expect(axis).toEqual(ANGLES);
    expect(intensity[0]).toBe(COUNTS[0]);
  });

  test("one between others is left out and named", () => {
    const text = table("2theta,,intensity", (x, y) => `${x},17,${y}`);
    expect(pointsOf(text).intensity).toEqual(COUNTS);
    expect(read(text).warnings[0]!.message).toBe("columns left out: column 2 (without a name)");
  });
});

describe("words in a table", () => {
  test.each([
    ["Sample;2Theta;Intensity", (x: string, y: number) => `quartz;${x.replace(".", ",")};${y}`],
    ["Sample,2Theta,Intensity", (x: string, y: number) => `quartz 1,${x},${y}`],
    ["Sample,2Theta,Intensity", (x: string, y: number, i: number) => `${i ? "" : "q"},${x},${y}`],
    ["2Theta,Sample,Intensity", (x: string, y: number) => `${x},quartz,${y}`],
    ["2Theta,Intensity,Sample", (x: string, y: number) => `${x},${y},quartz`],
  ])("%s: a spreadsheet with a column of samples was not recognised", (heading, row) => {
    const text = table(heading, row);
    expect(pointsOf(text)).toMatchObject({ axis: ANGLES, intensity: COUNTS });
    expect(read(text).warnings[0]!.message).toBe("columns left out: Sample");
  });

  test.each([
    ["A", "B"],
    ["1", "2"],
  ])("samples %s and %s one below the other are two patterns, not two ranges", (a, b) => {
    const rows = (name: string): string => table("", (x, y) => `${name},${x},${y}`);
    const text = `Sample,2Theta,Intensity\n${rows(a)}${rows(b)}`;
    expect(pointsOf(text).axis).toEqual(ANGLES);
    expect(codesOf(text)).toContain("scan/several-patterns");
  });

  test("patterns side by side: the intensity is that of the axis", () => {
    const text = table("2theta A,I A,2theta B,I B", (x, y, i) =>
      i < 50 ? `${x},${y},${x},7` : `,,${x},7`,
    );
    expect(pointsOf(text)).toMatchObject({
      axis: ANGLES.slice(0, 50),
      intensity: COUNTS.slice(0, 50),
    });
    expect(codesOf(text)).toEqual(["scan/several-patterns", "scan/column-ignored"]);
  });

  test("a table of elements is still no scan", () => {
    const text =
      "Number,Symbol,Name,Atomic Conc.,Weight Conc.\n8,O,Oxygen,57.1,44\n14,Si,Silicon,42.9,56\n";
    expect(errorOf(text).code).toBe("scan/unknown-format");
  });
});

describe("intensities and uncertainties", () => {
  test.each(["log(I)", "log10(counts)", "ln(Intensity)", "sqrt(counts)", "√I"])(
    "%s is no intensity",
    (name) => {
      expect(errorOf(two(`2theta,${name}`))).toMatchObject({
        code: "scan/not-a-scan",
        details: { value: name },
      });
      const both = table(`2theta,${name},counts`, (x, y) => `${x},2.5,${y}`);
      expect(pointsOf(both).intensity).toEqual(COUNTS);
    },
  );

  test.each([
    ["cps", "counts/s"],
    ["Intensity (counts/s)", "counts/s"],
    ["Zählrate (Imp/s)", "counts/s"],
    ["Counts", "counts"],
    ["强度(计数)", "counts"],
    ["Intensité (coups)", "counts"],
    ["Intensity (kcps)", "unknown"],
    ["Counts (normalised)", "unknown"],
    ["強度", "unknown"],
  ])("%s is in %s", (name, unit) => {
    const { scan } = read(two(`2theta,${name}`));
    expect(scan.intensityUnit).toBe(unit);
    expect(Array.from(scan.ranges[0]!.intensity)).toEqual(COUNTS);
  });

  test.each([
    ["esd", 25],
    ["sigma^2", 5],
    ["variance", 5],
    ["2 sigma", 12.5],
    ["1/sigma^2", 0.2],
    ["Fehler", 25],
    ["weight", undefined],
    ["rel. error (%)", undefined],
    ["2theta error", undefined],
  ])("%s of 25 is an uncertainty of %s", (name, esd) => {
    const { scan } = read(table(`2theta,I,${name}`, (x, y) => `${x},${y},25`));
    expect(scan.ranges[0]!.esd?.[0]).toBe(esd);
  });

  test("a third column as large as the intensities is a curve, not their uncertainty", () => {
    const text = table("", (x, y) => `${x} ${y}.5 ${y + 3}.1`);
    expect(read(text).scan.ranges[0]!.esd).toBeUndefined();
    expect(codesOf(text)).toEqual(["scan/column-assumed", "scan/no-esd"]);
  });

  test("temperatures as names of patterns leave the axis its unit", () => {
    const text = table("Q (1/nm),25,100", (x, y) => `${x},${y},7`);
    expect(pointsOf(text)).toMatchObject({ kind: "q", intensity: COUNTS });
  });
});
