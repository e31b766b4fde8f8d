/** The report: self-contained, safe, with what a reader needs. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { kAlphaDoublet } from "../../src/radiation/radiation.ts";
import { identificationReport } from "../../src/report/identification-report.ts";
import { type IdentifiedScan } from "../../src/report/identified-scan.ts";
import { printedRadiation } from "../../src/report/notation.ts";
import { strongBands } from "../../src/report/strong-bands.ts";
import { printedCell, printedPercent, reliabilityWord } from "../../src/report/words.ts";
import { identifiedScan } from "../support/identified-scan.ts";

let found: IdentifiedScan;
const OPTIONS = { version: "1.2.3", typeCount: 110, date: "2026-01-02" };

beforeAll(async () => {
  await loadSymmetry();
  found = identifiedScan();
});

describe("identificationReport", () => {
  test("asks nothing of any server and runs nothing", () => {
    const html = identificationReport([found], OPTIONS);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\bsrc=/);
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:/);
    expect(html.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    expect(html).toContain("prefers-color-scheme: dark");
  });

  test("says type, reliability in words, elements, warnings, compound, cell, model", () => {
    const html = identificationReport([found], OPTIONS);
    for (const words of [
      "<h1>rutile</h1>",
      "Likely: 88 of 100 such answers are right.",
      "must Ti O",
      "Nearest known compound: TiO₂",
      "a = 4.59",
      "mine.cif",
      "Ewald 1.2.3",
      "version 7",
      "abcdef0123456789",
      "2026-01-02",
      "110 structure types",
    ])
      expect(html).toContain(words);
  });

  test("words from outside stay words", () => {
    const html = identificationReport([found], OPTIONS);
    expect(html).toContain("mine &amp; &lt;yours&gt;.xy");
    expect(html).toContain("a peak &lt;of&gt; another");
    expect(html).not.toContain("<yours>");
    expect(html).not.toContain("<of>");
  });

  test("draws scan, calculated curve, ticks, residual, evidence, unexplained peaks, hkl", () => {
    const html = identificationReport([found], OPTIONS);
    for (const kind of ["observed", "calculated", "second", "background", "difference"])
      expect(html).toContain(`class="${kind}" d="M`);
    expect(html.match(/class="evidence" d="M/g)!.length).toBe(3);
    for (const phase of ["calculated", "second"])
      expect(html).toMatch(
        new RegExp(`class="ticks" d="M[^"]*" fill="none" stroke="var\\(--plot-${phase}\\)"`),
      );
    for (const name of ["network", "rutile (TiO₂)", "mine.cif"])
      expect(html).toMatch(
        new RegExp(`class="row-name"[^>]*>${name.replaceAll(/[().]/g, "\\$&")}<`),
      );
    expect(html).toMatch(/class="unexplained" d="M/);
    expect(html).toMatch(/class="hkl strong"[^>]*>1 1 0</);
    expect(html).toContain('role="img"');
    expect(html).toContain('aria-label="mine &amp; &lt;yours&gt;.xy: measured intensity');
  });

  test("draws the average pattern of the type where it is given, and says over what", () => {
    const { twoThetaDeg } = found.answer.observation!;
    const covered = twoThetaDeg.subarray(100, 2000);
    const intensity = covered.map((at) => (Math.abs(at - 27.4) < 1 ? 500 : 0));
    const average = { name: "rutile", compounds: 123, twoThetaDeg: covered, intensity };
    const html = identificationReport([{ ...found, average }], OPTIONS);
    expect(html).toMatch(/class="average" d="M[^"]*Z"/);
    expect(html).toContain("what 123 compounds of rutile have in common");
    expect(html).toContain("what 123 known compounds of rutile have in common");
    expect(identificationReport([found], OPTIONS)).not.toContain('class="average"');
  });

  test("one that was refused: the reason first, no candidates, the scan all the same", () => {
    const refused: IdentifiedScan = {
      ...found,
      explanation: null,
      answer: {
        ...found.answer,
        types: [],
        candidates: [],
        references: [],
        rejected: true,
        reason: "amorphous: a hump",
      },
    };
    const html = identificationReport([refused], OPTIONS);
    expect(html).toContain("Cannot be answered</h1>");
    expect(html).toContain("Amorphous: a hump.");
    expect(html).not.toContain("Candidates");
    expect(html).toContain('class="observed" d="M');
    expect(html).not.toContain('class="calculated" d="M');
  });

  test("several: a table that links to each", () => {
    const html = identificationReport([found, { ...found, input: "other.xy" }], OPTIONS);
    expect(html).toContain("<h1>Structure types of 2 powder scans</h1>");
    expect(html).toContain('<a href="#scan-2">other.xy</a>');
    expect(html).toContain('id="scan-2"');
  });
});

describe("strongBands", () => {
  test("bands above half of the greatest weight, with the lines under and beside them", () => {
    const line = (twoThetaDeg: number, height: number) => ({
      hkl: [1, 0, 0] as const,
      twoThetaDeg,
      height,
    });
    const twoThetaDeg = Array.from({ length: 101 }, (_, i) => 10 + i / 2);
    const weight = twoThetaDeg.map((at) => (at >= 20 && at <= 22 ? 0.8 : at === 40 ? 0.5 : 0.2));
    const bands = strongBands({ twoThetaDeg, weight }, [
      line(21, 100),
      line(22.5, 30),
      line(21.5, 0.5),
      line(27, 90),
      line(40, 80),
    ]);
    expect(bands.map(({ fromDeg, toDeg, weight: most }) => [fromDeg, toDeg, most])).toEqual([
      [20, 22, 0.8],
      [40, 40, 0.5],
    ]);
    expect(bands[0]!.lines.map(({ twoThetaDeg: at }) => at)).toEqual([21, 22.5]);
    expect(bands[1]!.lines.map(({ twoThetaDeg: at }) => at)).toEqual([40]);
  });
});

describe("words", () => {
  test("percent", () => {
    expect([0, 0.001, 0.005, 0.5, 0.994, 0.9951, 1].map(printedPercent)).toEqual([
      "0 %",
      "< 1 %",
      "1 %",
      "50 %",
      "99 %",
      "> 99 %",
      "100 %",
    ]);
  });

  test("reliability", () => {
    expect([1, 0.95, 0.8, 0.5, 0.2, 0.1].map(reliabilityWord)).toEqual([
      "almost certain",
      "almost certain",
      "likely",
      "more likely than not",
      "doubtful",
      "improbable",
    ]);
  });

  test("cells: only what is free", () => {
    expect(printedCell([4, 4, 4, 90, 90, 90])).toBe("a = 4.000 Å");
    expect(printedCell([4, 4.0004, 5, 90, 90, 120])).toBe("a = 4.000, c = 5.000 Å, γ = 120°");
    // Pseudo-cubic: b is no a.
    expect(printedCell([5.503, 5.505, 7.79, 90, 90, 90])).toBe("a = 5.503, b = 5.505, c = 7.790 Å");
    expect(printedCell([5, 6, 7, 90.01, 90, 90])).toBe(
      "a = 5.000, b = 6.000, c = 7.000 Å, α = 90.01°",
    );
    expect(printedCell([4, 5, 6, 90, 101.25, 90])).toBe(
      "a = 4.000, b = 5.000, c = 6.000 Å, β = 101.25°",
    );
  });

  test("radiation", () => {
    expect(printedRadiation(kAlphaDoublet("Mo"))).toMatch(/^X-rays, Mo Kα1\+Mo Kα2, λ = 0\.709/);
  });
});
