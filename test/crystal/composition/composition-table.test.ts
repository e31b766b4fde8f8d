import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CompositionTableOptions } from "../../../src/crystal/composition/composition-columns.ts";
import type { MeasuredComposition } from "../../../src/crystal/composition/composition-measured.ts";
import { readCompositionTables } from "../../../src/crystal/composition/composition-table.ts";
import { EwaldError } from "../../../src/errors.ts";

/** The one table of a text. */
function one(text: string, options?: CompositionTableOptions) {
  const tables = readCompositionTables(text, options);
  expect(tables).toHaveLength(1);
  return tables[0]!;
}

function percents(of: MeasuredComposition): Record<string, number> {
  return Object.fromEntries(
    of.amounts.map(({ element, amount }) => [element, Number((100 * amount).toFixed(2))]),
  );
}

function codes(of: MeasuredComposition): string[] {
  return of.warnings.map((warning) => warning.code);
}

// Strontium titanate, 1 % off: the same sample as different programs write it. wt% Sr 47.4, Ti 26.3, O 26.3.
const EXPECTED = { O: 60.08, Ti: 20.08, Sr: 19.83 };

const AZTEC = `Project: oxides
Specimen: 3

Element,Line Type,Apparent Concentration,k Ratio,Wt%,Wt% Sigma,Atomic %,Standard Label,Factory Standard
O,K series,5.12,0.01723,26.30,0.31,60.08,SiO2,Yes
Ti,K series,8.20,0.08201,26.30,0.22,20.08,Ti,Yes
Sr,L series,11.9,0.10881,47.50,0.38,19.83,SrF2,Yes
Total:,,,,100.10,,100.00,,
`;

const BRUKER = `Element\tAN\tSeries\tunn. C [wt.%]\tnorm. C [wt.%]\tAtom. C [at.%]\tError (3 Sigma) [wt.%]
O\t8\tK-series\t25,03\t26,27\t60,08\t0,93
Ti\t22\tK-series\t25,03\t26,27\t20,08\t0,66
Sr\t38\tL-series\t45,21\t47,46\t19,83\t1,14
\t\tTotal:\t95,27\t100,00\t100,00
`;

const BRUKER_TEXT = `Spectrum: Acquisition 1

El AN  Series  unn. C norm. C Atom. C Error (1 Sigma)
               [wt.%] [wt.%]  [at.%]          [wt.%]
-----------------------------------------------------
O  8  K-series  25.03  26.27   60.08            0.31
Ti 22 K-series  25.03  26.27   20.08            0.22
Sr 38 L-series  45.21  47.46   19.83            0.38
-----------------------------------------------------
        Total:  95.27 100.00  100.00
`;

const EDAX = `Element;Weight %;Atomic %;Net Int.;Error %;Kratio;Z;A;F
O K;26,30;60,08;512,3;8,0;0,05;1,1;0,3;1
TiK;26,30;20,08;804,1;2,5;0,21;0,9;1,0;1
SrL;47,50;19,83;401,0;3,0;0,33;0,8;0,9;1
`;

const INCA = `
  Element    Weight%    Weight% Sigma    Atomic%
  O K        26.30      0.31             60.08
  Ti K       26.30      0.22             20.08
  Sr L       47.50      0.38             19.83
  Totals     100.10
`;

describe("tables of the programs", () => {
  test.each([
    ["Oxford AZtec, commas", AZTEC, "Wt%", "Wt% Sigma", 0.31],
    ["Bruker, tabs and decimal commas", BRUKER, "unn. C [wt.%]", "Error (3 Sigma) [wt.%]", 0.31],
    ["Bruker, text", BRUKER_TEXT, "unn. C [wt.%]", "Error (1 Sigma) [wt.%]", 0.31],
    ["EDAX, semicolons", EDAX, "Weight %", "Error %", 0.08 * 26.3],
    ["Oxford INCA, blanks", INCA, "Weight%", "Weight% Sigma", 0.31],
  ])("%s", (_, text, valueColumn, errorColumn, esdOfOxygen) => {
    const table = one(text);
    expect(percents(table.composition)).toEqual({
      O: expect.closeTo(EXPECTED.O, 1),
      Ti: expect.closeTo(EXPECTED.Ti, 1),
      Sr: expect.closeTo(EXPECTED.Sr, 1),
    });
    expect([table.valueColumn, table.errorColumn]).toEqual([valueColumn, errorColumn]);
    expect(table.composition.readings[0]!.esd).toBeCloseTo(esdOfOxygen, 9);
    expect(table.composition.unit).toBe("wt%");
    expect(codes(table.composition)).toEqual([]);
  });

  test("JEOL: a sigma belongs to the column on its left", () => {
    const table = one(
      "Element\tMass%\tSigma\tAtom%\nO\t26.3\t0.3\t60.1\nTi\t26.3\t0.2\t20.1\nSr\t47.4\t0.4\t19.8\n",
    );
    expect(table.errorColumn).toBe("Sigma");
    expect(table.composition.readings[2]).toEqual({ component: "Sr", value: 47.4, esd: 0.4 });
  });

  test("Bruker Esprit 2: of absolute and relative errors the relative says what it is of", () => {
    const table = one(
      "Element,At. No.,Netto,Mass [%],Mass Norm. [%],Atom [%],abs. error [%] (1 sigma),rel. error [%] (1 sigma)\n" +
        "Fe,26,9000,69.0,70.0,78.0,1.4,2.0\nNb,41,4000,29.6,30.0,22.0,0.9,3.0\n",
    );
    expect(table.valueColumn).toBe("Mass [%]");
    expect(table.composition.readings[0]!.esd).toBeCloseTo(1.38, 9);
  });

  test("only at%, no errors", () => {
    const table = one("Element,At%\nFe,50\nAl,50\n");
    expect(table.errorColumn).toBeNull();
    expect(percents(table.composition)).toEqual({ Fe: 50, Al: 50 });
    expect(table.composition.amounts[0]).not.toHaveProperty("amountEsd");
  });

  test("oxides, full names, quotes and what was not found", () => {
    const table = one(
      '"Oxide";"Wt%"\n"SiO2";"42,70"\n"MgO";"57,30"\n"Al2O3";"n.d."\n"CaO";"<0,2"\n',
    );
    expect(percents(table.composition)).toEqual({ Si: 14.28, O: 57.14, Mg: 28.57 });
    expect(table.composition.belowDetection).toEqual([
      { component: "Al2O3" },
      { component: "CaO", limit: 0.2 },
    ]);
    expect(percents(one("Element,wt%\nIron,70\nAluminum,30\n").composition)).toEqual({
      Fe: 52.99,
      Al: 47.01,
    });
  });

  test("several spectra in a file", () => {
    const tables = readCompositionTables(`Spectrum 1\n${AZTEC}\nSpectrum 2\n${AZTEC}`);
    expect(tables.map((table) => table.line)).toEqual([5, 15]);
    expect(tables[0]!.composition).toEqual(tables[1]!.composition);
  });

  test("a negative result of the deconvolution is nothing found, and said", () => {
    const { composition } = one("Element,Wt%\nFe,100\nMn,-0.3\n");
    expect(percents(composition)).toEqual({ Fe: 100 });
    expect(composition.belowDetection).toEqual([{ component: "Mn" }]);
    expect(codes(composition)).toEqual(["composition/negative"]);
  });

  test("columns that contradict each other are reported", () => {
    const { composition } = one("Element,Wt%,At%\nFe,50,50\nO,50,50\n");
    expect(codes(composition)).toEqual(["composition/table-disagrees"]);
  });
});

describe("never guessed", () => {
  test.each([
    ["Element,Conc.\nFe,50\nO,50\n", "composition/no-unit", 1],
    ["x\n\nElement,Wt%,Error\nFe,50,1\nO,50,1\n", "composition/table-error", 3],
    ["Element,Mass [%],Atom [%],abs. error [%]\nFe,50,20,1\n", "composition/table-error", 1],
    ["Element,Wt%\nFe,fifty\n", "composition/table-row", 2],
    ["Element,Wt%\nFe\n", "composition/table-row", 2],
    ["Element,Wt%\nUnobtainium,50\n", "composition/table-row", 2],
    ["Element,Wt%\nTotal,100\n", "composition/table-row", 1],
    ["Element,Wt%\nFe,50\nFe,50\n", "composition/repeated", undefined],
    ["Energy,Counts\n1,2\n", "composition/table-head", 1],
    ["", "composition/table-head", 1],
  ])("%j", (text, code, line) => {
    let thrown: unknown;
    try {
      readCompositionTables(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(EwaldError);
    expect([(thrown as EwaldError).code, (thrown as EwaldError).details.line]).toEqual([
      code,
      line,
    ]);
  });

  test("what the table does not say can be said", () => {
    const text = "Element,Conc.,Error\nFe,50,2\nO,50,1\n";
    const absolute = one(text, { unit: "at%", errorIs: "absolute" }).composition;
    const relative = one(text, { unit: "at%", errorIs: "relative" }).composition;
    expect(absolute.readings[0]!.esd).toBe(2);
    expect(relative.readings[0]!.esd).toBe(1);
    expect(absolute.unit).toBe("at%");
  });

  test("mutated tables throw EwaldError or are read", () => {
    const edit = fc.tuple(
      fc.nat(),
      fc.nat(4),
      fc.oneof(
        fc.constantFrom(...'\t;,\n" %[]-<.0', "Total", "Wt%", "Error", "Sigma"),
        fc.string({ maxLength: 2 }),
      ),
    );
    let read = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(AZTEC, BRUKER, BRUKER_TEXT, EDAX, INCA),
        fc.array(edit, { minLength: 1, maxLength: 6 }),
        (seed, edits) => {
          let text = seed;
          for (const [place, removed, added] of edits) {
            const at = place % (text.length + 1);
            text = text.slice(0, at) + added + text.slice(at + removed);
          }
          try {
            for (const { composition } of readCompositionTables(text)) {
              read++;
              const sum = composition.amounts.reduce((total, { amount }) => total + amount, 0);
              expect(sum).toBeCloseTo(1, 9);
            }
          } catch (error) {
            if (!(error instanceof EwaldError)) throw error;
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(300);
    for (const hostile of [
      " ".repeat(1e5),
      "Element ".repeat(1e4),
      "[".repeat(1e5),
      "\n".repeat(1e5),
      '"'.repeat(1e5),
      "Element,Wt%\nFe,1\n\n".repeat(3000),
    ]) {
      const before = performance.now();
      try {
        readCompositionTables(hostile);
      } catch (error) {
        expect(error).toBeInstanceOf(EwaldError);
      }
      expect(performance.now() - before).toBeLessThan(2000);
    }
  });
});
