/** Tables of compositions of further programs and layouts, files in their encodings, and what a table says of itself. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readComposition } from "../../src/crystal/composition/composition-file.ts";
import type { MeasuredComposition } from "../../src/crystal/composition/composition-measured.ts";
import { readCompositionTables } from "../../src/crystal/composition/composition-table.ts";
import { EwaldError } from "../../src/errors.ts";

function percents(of: MeasuredComposition): Record<string, number> {
  return Object.fromEntries(
    of.amounts.map(({ element, amount }) => [element, Number((100 * amount).toFixed(1))]),
  );
}

function refusal(text: string): EwaldError {
  try {
    readComposition(text);
  } catch (error) {
    if (error instanceof EwaldError) return error;
  }
  throw new Error("it was read");
}

const FORSTERITE = { O: 57.2, Mg: 28.5, Si: 14.3 };

function fixture(name: string): Uint8Array {
  return readFileSync(new URL(`fixtures/composition/${name}`, import.meta.url));
}

describe("cases", () => {
  test("Phenom: Atomic Conc., Weight Conc.", () => {
    const read = readComposition(fixture("40-phenom.csv"));
    expect([read.unit, read.warnings]).toEqual(["wt%", []]);
    expect(percents(read)).toEqual({ O: 57.1, Mg: 28.6, Si: 14.3 });
  });

  test("mol% of oxides", () => {
    const read = readComposition(fixture("40b-mol-oxide.csv"));
    expect(read.unit).toBe("mol%");
    expect(percents(read)).toEqual({ Mg: 28.6, O: 57.1, Si: 14.3 });
  });

  test("means with their standard deviations", () => {
    const read = readComposition(fixture("40d-mean-sd.csv"));
    expect(read.readings).toEqual([
      { component: "O", value: 45.5, esd: 0.5 },
      { component: "Mg", value: 34.5, esd: 0.4 },
      { component: "Si", value: 20, esd: 0.3 },
    ]);
  });
});

const ESD = { O: 0.7, Mg: 0.6, Si: 0.1 };

describe("means of several spectra", () => {
  test.each([
    [
      "columns Min, Max, Average, Standard Deviation; the unit in a caption",
      "Results in weight %\nElement,Min,Max,Average,Standard Deviation\nO,45,46,45.5,0.7\nMg,34.1,34.9,34.5,0.6\nSi,19.9,20.1,20,0.1\n",
    ],
    [
      "the unit in the headings, the spread doubled",
      "Element\tMin wt%\tMax wt%\tMean wt%\t2 SD\nO\t45\t46\t45.5\t1.4\nMg\t34.1\t34.9\t34.5\t1.2\nSi\t19.9\t20.1\t20\t0.2\n",
    ],
    [
      "spectra as columns beside their mean",
      "wt%\nElement;Spectrum 1;Spectrum 2;Mean;Std. dev.\nO;45,0;46,0;45,5;0,7\nMg;34,9;34,1;34,5;0,6\nSi;20,1;19,9;20,0;0,1\n",
    ],
    [
      "INCA: a spectrum a line, the unit below",
      "Spectrum,In stats.,O,Mg,Si,Total\nSpectrum 1,Yes,45.0,34.9,20.1,100.0\nSpectrum 2,Yes,46.0,34.1,19.9,100.0\n\nMean,,45.5,34.5,20.0,100.0\nStd. deviation,,0.7,0.6,0.1,\nMax.,,46.0,34.9,20.1,\nMin.,,45.0,34.1,19.9,\n\nAll results in weight%\n",
    ],
    [
      "AZtec: the statistics in a table of their own",
      "Result Type\tWeight %\nSpectrum Label\tO\tMg\tSi\tTotal\nSpectrum 1\t45.0\t34.9\t20.1\t100.0\nSpectrum 2\t46.0\t34.1\t19.9\t100.0\n\nStatistics\tO\tMg\tSi\nMax\t46.0\t34.9\t20.1\nMin\t45.0\t34.1\t19.9\nAverage\t45.5\t34.5\t20.0\nStandard Deviation\t0.7\t0.6\t0.1\n",
    ],
    [
      "a mean with its spread in one cell",
      "Element\tWt%\nO\t45.5 ± 0.7\nMg\t34.5 ± 0.6\nSi\t20.0 ± 0.1\n",
    ],
    [
      "the same with the last digits in brackets, as a table of a text",
      "| Element | wt.% |\n|---|---:|\n| O | 45.5(7) |\n| Mg | 34.5(6) |\n| Si | 20.0(1) |\n",
    ],
  ])("%s", (_, text) => {
    const read = readComposition(text);
    expect(percents(read)).toEqual(FORSTERITE);
    expect(Object.fromEntries(read.readings.map((one) => [one.component, one.esd]))).toEqual(ESD);
    expect(read.warnings).toEqual([]);
  });

  test("without a mean every spectrum is a composition, and one is asked for", () => {
    const text = "wt%\nSpectrum,O,Mg,Si\nSpectrum 1,45,34.9,20.1\nSpectrum 2,46,34.1,19.9\n";
    expect(readCompositionTables(text).map((one) => one.valueColumn)).toEqual([
      "Spectrum 1",
      "Spectrum 2",
    ]);
    expect(refusal(text).code).toBe("composition/several");
    const tidy = "Spectrum,Element,Wt%\n1,O,40.1\n1,Ti,59.9\n2,O,41\n2,Ti,59\n";
    expect(readCompositionTables(tidy)).toHaveLength(2);
  });
});

const RUTILE = { O: 66.7, Ti: 33.3 };

describe("further programs", () => {
  test.each([
    [
      "Hitachi",
      "Element\tAN\t[wt.%]\t[norm. wt.%]\t[norm. at.%]\tError in wt.% (1 Sigma)\nO\t8\t38.1\t40.1\t66.7\t0.5\nTi\t22\t56.9\t59.9\t33.3\t0.6\n",
    ],
    [
      "EDAX APEX",
      "Element;Weight %;MDL;Atomic %;Net Int.;Error %;R;A;F\nO K;40,1;0,1;66,7;512,3;1,25;0,3;1;1\nTiK;59,9;0,1;33,3;804,1;1;1,0;1;1\n",
    ],
    [
      "Thermo",
      "Element Line,Net Counts,Weight %,Weight % Error,Atom %,Atom % Error\nO K,100,40.1,0.5,66.7,0.8\nTi K,200,59.9,0.6,33.3,0.4\n",
    ],
    [
      "JEOL",
      "Formula\tmass%\tSigma\tAtom%\tNet\tK ratio\tLine\nO\t40.1\t0.5\t66.7\t100\t0.1\tK\nTi\t59.9\t0.6\t33.3\t100\t0.1\tK\n",
    ],
    [
      "fractions of 1",
      "Element,Weight fraction,Error\nO,0.401,0.005\nTi,0.599,0.006\n".replace("Error", "SD"),
    ],
    ["columns of single blanks", "Element Wt% Sigma\nO 40.1 0.5\nTi 59.9 0.6\n"],
  ])("%s", (_, text) => {
    const read = readComposition(text);
    expect(percents(read)).toEqual(RUTILE);
    expect(read.readings.every(({ esd }) => esd !== undefined)).toBe(true);
    expect(read.warnings).toEqual([]);
  });

  test("INCA oxides: the amounts of the elements, not those of their oxides", () => {
    const read = readComposition(
      "Element  Weight%  Atomic%  Compd%  Formula\nMg K     34.5     28.5     57.3    MgO\nSi K     20.0     14.3     42.7    SiO2\nO        45.5     57.2\nTotals   100.0\n",
    );
    expect(percents(read)).toEqual(FORSTERITE);
  });

  test("Phenom oxides: the concentrations of the oxides belong to them", () => {
    const read = readComposition("Oxide Symbol,Stoich. wt. Conc.\nMgO,57.3\nSiO2,42.7\n");
    expect(read.readings[0]).toEqual({ component: "MgO", value: 57.3 });
  });
});

describe("encodings", () => {
  const text = "Element;Wt%;σ\nO;40,1;0,5\nTi;59,9;0,6\n";
  const utf16 = (order: "le" | "be", mark: boolean) => {
    const codes = Array.from(mark ? `\ufeff${text}` : text, (one) => one.charCodeAt(0));
    return Uint8Array.from(
      codes.flatMap((code) => (order === "le" ? [code & 255, code >> 8] : [code >> 8, code & 255])),
    );
  };
  test.each([
    ["UTF-8", new TextEncoder().encode(text)],
    ["UTF-8 with a mark", new TextEncoder().encode(`\ufeff${text}`)],
    ["UTF-16, little-endian", utf16("le", true)],
    ["UTF-16, big-endian", utf16("be", true)],
    ["UTF-16 without a mark", utf16("le", false)],
  ])("%s", (_, bytes) => {
    const read = readComposition(bytes);
    expect(percents(read)).toEqual(RUTILE);
    expect(read.readings[0]!.esd).toBe(0.5);
  });

  test("Windows-1252: ± in cells", () => {
    const old = "Element\tWt%\nO\t40.1\xb10.5\nTi\t59.9\xb10.6\n";
    const read = readComposition(Uint8Array.from(old, (one) => one.charCodeAt(0)));
    expect(read.readings[0]).toEqual({ component: "O", value: 40.1, esd: 0.5 });
  });

  test("what is no text is no composition", () => {
    const bytes = Uint8Array.from({ length: 400 }, (_, i) => (i * 37) % 256);
    expect(() => readComposition(bytes)).toThrow(EwaldError);
  });
});

describe("what the table says of itself", () => {
  test.each([
    [
      "Element,Wt%,At%\nO,66.9,40.1\nTi,33.1,59.9\n",
      "composition/table-disagrees",
      /Ti is 14\.2 at% .*59\.9 at%/,
    ],
    [
      "Element,Wt%\nO,40.1\nTi,49.9\nTotal,100\n",
      "composition/table-total",
      /sum to 90 wt%.*says 100/,
    ],
    ["wt%\nSpectrum,O,Ti,Total\n1,40.1,49.9,100\n", "composition/table-total", /sum to 90 wt%/],
  ])("%j", (text, code, message) => {
    const warnings = readComposition(text).warnings.filter((one) => one.code === code);
    expect(warnings.map((one) => one.message)).toEqual([expect.stringMatching(message)]);
  });
});

describe("refused", () => {
  test.each([
    ["Element,Wt%\nO,40,1\nTi,59,9\n", "composition/table-row"],
    ["Element,Wt% 1,Wt% 2\nO,40.1,41\nTi,59.9,59\n", "composition/several"],
    ["Element,K-ratio\nO,0.1\nTi,0.5\n", "composition/table-head"],
    ["Element,MDL wt%,Apparent Concentration\nO,0.1,3\n", "composition/table-head"],
  ])("%j", (text, code) => {
    expect(refusal(text).code).toBe(code);
  });

  test("a table without a unit offers both, as a line above it", () => {
    for (const text of [
      "Element,Conc.\nTi,33\nO,67\n",
      "Spectrum,Ti,O\nSpectrum 1,33,67\n",
      "Ti\t33\nO\t67\n",
    ]) {
      const { code, details } = refusal(text);
      expect(code).toBe("composition/no-unit");
      expect(details.alternatives).toHaveLength(2);
      const [atomic, weight] = details.alternatives!.map((one) => percents(readComposition(one)));
      expect(atomic).toEqual({ Ti: 33, O: 67 });
      expect(weight!["Ti"]).toBeCloseTo(14.1, 1);
    }
  });
});
