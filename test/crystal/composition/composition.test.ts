import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { describe, expect, test } from "vitest";
import {
  anonymousFormula,
  reducedFormula,
} from "../../../src/crystal/composition/composition-formula.ts";
import {
  amountOf,
  atomicFractions,
  composition,
  compositionOf,
  elementsOf,
  massFractions,
  molarMassGPerMol,
  totalAmount,
} from "../../../src/crystal/composition/composition.ts";
import { massDensityGPerCm3 } from "../../../src/crystal/density.ts";
import { parseFormula } from "../../../src/crystal/composition/formula.ts";
import { latticeFromParameters } from "../../../src/crystal/lattice.ts";
import type { Site, Structure } from "../../../src/crystal/structure.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../../support/shared.ts";

function cubic(a: number, sites: readonly Site[]): Structure {
  const cell = { a, b: a, c: a, alphaDeg: 90, betaDeg: 90, gammaDeg: 90 };
  return { lattice: latticeFromParameters(cell), sites };
}

function site(symbols: string, occupancy = 1, occupancyEsd?: number): Site {
  const filled = occupancyEsd === undefined ? { occupancy } : { occupancy, occupancyEsd };
  const species = symbols.split(" ").map((element) => Object.assign({ element }, filled));
  return { species, frac: [0, 0, 0] };
}

describe("composition", () => {
  test("adds what occurs twice, uncertainties in quadrature, and leaves zeros out", () => {
    const sum = composition([
      { element: "O", amount: 1, amountEsd: 0.3 },
      { element: "Ti", amount: 0 },
      { element: "O", amount: 2, amountEsd: 0.4 },
      { element: "Sr", amount: 1 },
    ]);
    expect(sum.amounts).toEqual([
      { element: "O", amount: 3, amountEsd: 0.5 },
      { element: "Sr", amount: 1 },
    ]);
    expect([elementsOf(sum), totalAmount(sum), amountOf(sum, "Ti")]).toEqual([["O", "Sr"], 4, 0]);
  });

  test.each([
    [[], "composition/empty"],
    [[{ element: "O", amount: 0 }], "composition/empty"],
    [[{ element: "O", amount: -1 }], "composition/amount"],
    [[{ element: "O", amount: Number.NaN }], "composition/amount"],
    [[{ element: "O", amount: 1, amountEsd: -0.1 }], "composition/amount"],
    [[{ element: "Q", amount: 1 }], "element/unknown"],
  ])("refuses %j", (amounts, code) => {
    expect(() => composition(amounts)).toThrow(expect.objectContaining({ code }));
  });

  test("water is 11.19 % hydrogen by mass, heavy water 20.1 % deuterium", () => {
    expect(molarMassGPerMol(parseFormula("H2O"))).toBeCloseTo(18.015, 3);
    expect(massFractions(parseFormula("H2O")).get("H")).toBeCloseTo(0.1119, 4);
    expect(massFractions(parseFormula("D2O")).get("D")).toBeCloseTo(0.2011, 4);
    expect(atomicFractions(parseFormula("D2O")).get("O")).toBeCloseTo(1 / 3, 12);
  });
});

describe("of structures", () => {
  const chloride = ["Na", "Cl"].flatMap((symbol) => [1, 2, 3, 4].map(() => site(symbol)));

  test("rock salt: 4 NaCl, 2.163 g/cm³ at 5.6402 Å", () => {
    const structure = cubic(5.6402, chloride);
    expect(reducedFormula(compositionOf(structure), "conventional")).toBe("NaCl");
    expect(totalAmount(compositionOf(structure))).toBe(8);
    expect(massDensityGPerCm3(structure)).toBeCloseTo(2.163, 3);
  });

  test("mixed and partly filled sites count with their occupancy", () => {
    const structure = cubic(3.9, [
      site("Ca Sr", 0.5, 0.01),
      site("Ti"),
      ...[1, 2, 3].map(() => site("O", 0.9, 0.02)),
    ]);
    const whole = compositionOf(structure);
    expect(amountOf(whole, "O")).toBeCloseTo(2.7, 12);
    expect(whole.amounts.find((one) => one.element === "O")!.amountEsd).toBeCloseTo(0.0346, 4);
    expect(reducedFormula(whole)).toBe("Ca0.5O2.7Sr0.5Ti");
  });

  test("sums of binary fractions become the whole numbers they are", () => {
    const tenths = Array.from({ length: 10 }, () => site("Fe", 0.1));
    expect(compositionOf(cubic(3, tenths)).amounts).toEqual([{ element: "Fe", amount: 1 }]);
  });

  test("an empty cell has no density", () => {
    expect(() => massDensityGPerCm3(cubic(3, []))).toThrow(
      expect.objectContaining({ code: "composition/empty" }),
    );
  });
});

test.skipIf(!hasShared)(
  `the formulas of 51,149 structures of the data pack${SHARED_ABSENT}`,
  async () => {
    const rows = (await parquetReadObjects({
      file: await asyncBufferFromFile(sharedPath("mp_labelled.parquet")),
      columns: ["formula", "formula_anonymous", "species"],
      compressors,
    })) as { formula: string; formula_anonymous: string; species: string[] }[];
    const wrong = rows.filter((row) => {
      const cell = composition(row.species.map((element) => ({ element, amount: 1 })));
      const read = parseFormula(row.formula);
      return (
        reducedFormula(cell) !== row.formula ||
        reducedFormula(read) !== row.formula ||
        anonymousFormula(cell) !== row.formula_anonymous
      );
    });
    expect(rows).toHaveLength(51_149);
    expect(wrong).toEqual([]);
  },
);
