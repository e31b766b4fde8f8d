import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  anonymousFormula,
  formulaOf,
  hillFormula,
  reducedFormula,
} from "../../../src/crystal/composition/composition-formula.ts";
import {
  atomicFractions,
  type Composition,
  composition,
  elementsOf,
  molarMassGPerMol,
} from "../../../src/crystal/composition/composition.ts";
import { ELEMENT_SYMBOLS } from "../../../src/crystal/element.ts";
import { parseFormula } from "../../../src/crystal/composition/formula.ts";
import { EwaldError } from "../../../src/errors.ts";

function amounts(of: Composition): Record<string, number> {
  return Object.fromEntries(of.amounts.map((entry) => [entry.element, entry.amount]));
}

interface Golden {
  formula: string;
  amounts: Record<string, number>;
  hill: string;
  order: string[];
  molarMass: number;
  atomicFractions: Record<string, number>;
  reduced?: string;
  anonymous?: string;
}
const golden = (
  JSON.parse(readFileSync(new URL("fixtures/composition.json", import.meta.url), "utf8")) as {
    cases: Golden[];
  }
).cases;

describe("pymatgen agrees", () => {
  test(`on ${golden.length} random formulas`, () => {
    let whole = 0;
    for (const one of golden) {
      const read = parseFormula(one.formula);
      expect(elementsOf(read)).toEqual(Object.keys(one.amounts).sort());
      for (const [element, amount] of Object.entries(amounts(read))) {
        expect(amount / one.amounts[element]!).toBeCloseTo(1, 12);
      }
      expect(molarMassGPerMol(read) / one.molarMass).toBeCloseTo(1, 12);
      for (const [element, fraction] of atomicFractions(read)) {
        expect(fraction).toBeCloseTo(one.atomicFractions[element]!, 11);
      }
      expect(formulaOf(read, "conventional").match(/[A-Z][a-z]?/g)).toEqual(one.order);
      if (one.reduced === undefined) continue;
      whole++;
      expect(hillFormula(read)).toBe(one.hill);
      expect(reducedFormula(read)).toBe(one.reduced);
      expect(anonymousFormula(read)).toBe(one.anonymous);
    }
    expect(whole).toBeGreaterThan(100);
  });
});

// Every notation that docs/composition.md names stands there with its result and is tested from there
// (docs.test.ts); here are the corners.
describe("notations", () => {
  test.each([
    ["CaSO4.0.5H2O", { Ca: 1, S: 1, O: 4.5, H: 1 }],
    ["Ca(OH)2.H2O", { Ca: 1, O: 3, H: 4 }],
    ["CuSO4 . 5H2O", { Cu: 1, S: 1, O: 9, H: 10 }],
    ["CuSO4.5(H2O)", { Cu: 1, S: 1, O: 9, H: 10 }],
    ["CuSO4.5D2O", { Cu: 1, S: 1, O: 9, D: 10 }],
    ["Mg1.5Fe0.5SiO4", { Mg: 1.5, Fe: 0.5, Si: 1, O: 4 }],
    ["Ca.5Sr.5TiO3", { Ca: 0.5, Sr: 0.5, Ti: 1, O: 3 }],
    ["3CaO.SiO2", { Ca: 3, O: 5, Si: 1 }],
    ["Na2CO3*10H2O", { Na: 2, C: 1, O: 13, H: 20 }],
    ["  Fe 2 O 3 ", { Fe: 2, O: 3 }],
    ["Sr0TiO2", { Ti: 1, O: 2 }],
    ["²H₂O", { D: 2, O: 1 }],
    ["((((Fe))))2", { Fe: 2 }],
    ["NO", { N: 1, O: 1 }],
    ["No", { No: 1 }],
    ["CO", { C: 1, O: 1 }],
    ["Co", { Co: 1 }],
    ["HF", { H: 1, F: 1 }],
    ["SiS2In", { Si: 1, S: 2, In: 1 }],
  ])("%s", (text, expected) => {
    expect(amounts(parseFormula(text))).toEqual(expected);
  });

  test.each([
    ["SO4^2-", -2],
    ["SO4 2-", -2],
    ["SO4(2-)", -2],
    ["SO4-2", -2],
    ["SO₄²⁻", -2],
    ["SO_4^{2-}", -2],
    ["Ti4+", 4],
    ["Ti+4", 4],
    ["Ti⁴⁺", 4],
    ["Fe2.5+", 2.5],
    ["Na+", 1],
    ["Cl−", -1],
    ["Ca++", 2],
    ["NH4+", 1],
    ["NO3-", -1],
    ["[Fe(CN)6]4-", -4],
    ["(SO4)2-", -2],
    ["Hg2^2+", 2],
    ["H2O", undefined],
  ])("%s carries %s", (text, charge) => {
    const read = parseFormula(text);
    expect(read.charge).toBe(charge);
    const letters = text.match(/[A-Z][a-z]?/g)!;
    expect(read.amounts.map((entry) => entry.element)).toEqual([...new Set(letters)]);
    if (text.startsWith("SO")) expect(amounts(read)).toEqual({ S: 1, O: 4 });
  });

  test.each([
    ["Sr1.02(3)TiO3", 1.02, 0.03],
    ["Sr1.02(13)TiO3", 1.02, 0.13],
    ["Sr1.02±0.03TiO3", 1.02, 0.03],
    ["Sr1.02 +/- 0.03 TiO3", 1.02, 0.03],
    ["Sr1.02(0.03)TiO3", 1.02, 0.03],
    ["Sr12(1)TiO3", 12, 1],
    ["(Sr0.5)2.04(6)TiO3", 1.02, 0.03],
    ["Sr0.51(3)TiO3Sr0.51(4)", 1.02, 0.05],
  ])("uncertainty of %s", (text, amount, esd) => {
    const [first, ...others] = parseFormula(text).amounts;
    expect(first!.amount).toBeCloseTo(amount, 12);
    expect(first!.amountEsd).toBeCloseTo(esd, 12);
    for (const other of others) expect(other).not.toHaveProperty("amountEsd");
  });

  test("a bracket of one figure after a bracket is a group's amount, not an uncertainty", () => {
    expect(amounts(parseFormula("Ca3(PO4)2"))).toEqual({ Ca: 3, P: 2, O: 8 });
    expect(parseFormula("Ca3(PO4)2").amounts.some((one) => "amountEsd" in one)).toBe(false);
  });
});

describe("refusals say where", () => {
  test.each([
    ["", "formula/empty", undefined],
    ["   ", "formula/empty", undefined],
    ["2-", "formula/empty", 2],
    ["O0", "formula/empty", undefined],
    ["nacl", "formula/unexpected-character", 1],
    ["NaXy2", "formula/unknown-element", 3],
    ["SrTiO3J", "formula/unknown-element", 7],
    ["La1-xSrxMnO3", "formula/unexpected-character", 4],
    ["SrxTiO3", "formula/variable", 3],
    ["YBa2Cu3O7-δ", "formula/unexpected-character", 10],
    ["(Mg,Fe)2SiO4", "formula/unexpected-character", 4],
    ["Ca(OH2", "formula/bracket", 3],
    ["Ca)OH2", "formula/bracket", 3],
    ["Ca(OH]2", "formula/bracket", 6],
    ["Ca()2", "formula/bracket", 3],
    ["Fe1/0", "formula/number", 3],
    ["Fe1.2.3.4O", "formula/number", 3],
    ["Fe99999999999O", "formula/number", 3],
    ["SO42-", "formula/ambiguous-charge", 3],
    ["C60-", "formula/ambiguous-charge", 2],
    ["Na2.5H2O", "formula/ambiguous-dot", 4],
    ["LiOH.5H2O", "formula/ambiguous-dot", 5],
    ["Al2O3.2SiO2.2H2O", "formula/ambiguous-dot", 6],
    ["¹³CO2", "formula/isotope", 1],
    ["T2O", "formula/unknown-element", 1],
    ["CuSO4··5H2O", "formula/empty", 7],
    ["CuSO4·", "formula/empty", 7],
    ["Fe2O3 + CaO", "formula/unexpected-character", 7],
    ["constructor", "formula/unexpected-character", 1],
    ["(".repeat(60), "formula/too-deep", 51],
    ["H".repeat(5000), "formula/too-long", undefined],
  ])("%s", (text, code, column) => {
    let thrown: unknown;
    try {
      parseFormula(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(EwaldError);
    expect((thrown as EwaldError).code).toBe(code);
    expect((thrown as EwaldError).details.column).toBe(column);
  });
});

const someAmounts = fc.uniqueArray(
  fc.record({
    element: fc.constantFrom(...ELEMENT_SYMBOLS, "D"),
    amount: fc.oneof(
      fc.integer({ min: 1, max: 200 }),
      fc.integer({ min: 1, max: 1e6 }).map((n) => n / 1e4),
      fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
    ),
  }),
  { selector: (entry) => entry.element, minLength: 1, maxLength: 12 },
);

describe("invariants", () => {
  test("composition → formula → composition, in every order", () => {
    fc.assert(
      fc.property(someAmounts, (given) => {
        const of = composition(given);
        for (const text of [formulaOf(of), formulaOf(of, "conventional"), hillFormula(of)]) {
          const back = amounts(parseFormula(text));
          expect(Object.keys(back)).toHaveLength(given.length);
          for (const { element, amount } of given) {
            expect(Math.abs(back[element]! - amount)).toBeLessThan(Math.max(6e-7, 1e-4 * amount));
          }
        }
      }),
    );
  });

  test("a whole multiple has the same reduced and anonymous formula", () => {
    const whole = fc.uniqueArray(
      fc.record({
        element: fc.constantFrom(...ELEMENT_SYMBOLS),
        amount: fc.integer({ min: 1, max: 99 }),
      }),
      { selector: (entry) => entry.element, minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(whole, fc.integer({ min: 2, max: 40 }), (given, factor) => {
        const one = composition(given);
        const many = composition(
          given.map(({ element, amount }) => ({ element, amount: amount * factor })).reverse(),
        );
        expect(reducedFormula(many)).toBe(reducedFormula(one));
        expect(anonymousFormula(many)).toBe(anonymousFormula(one));
        expect(reducedFormula(parseFormula(reducedFormula(many)))).toBe(reducedFormula(many));
      }),
    );
  });

  test("decimals keep the whole parts of a mixed cell readable", () => {
    expect(reducedFormula(parseFormula("Sr4.08Ti4O12"), "conventional")).toBe("Sr1.02TiO3");
    expect(reducedFormula(parseFormula("Ca0.5Sr0.5TiO3"))).toBe("Ca0.5O3Sr0.5Ti");
    expect(anonymousFormula(parseFormula("Fe0.97O"))).toBe("A0.97B");
  });

  test("mutated formulas throw EwaldError or are read, within bounded time", () => {
    const seeds = [
      "CuSO4·5H2O",
      "[Fe(CN)6]4-",
      "Ca1/2Sr1/2TiO3",
      "Sr1.02(3)TiO3",
      "SO₄²⁻",
      "Al2O3.2SiO2.2H2O",
      "K2[Pt(Cl4)]",
      "Sr1.02 +/- 0.03 TiO3",
      "SO_4^{2-}",
      "²H₂O",
      "Fe 2 O 3",
    ];
    const mutation = fc.tuple(
      fc.constantFrom(...seeds),
      fc.array(
        fc.tuple(
          fc.nat(),
          fc.constantFrom(0, 1, 2),
          fc.oneof(
            fc.constantFrom(..."()[]{}.·*/^_±+-²⁺x 0159HOCFe"),
            fc.string({ unit: "grapheme", maxLength: 3 }),
          ),
        ),
        { minLength: 1, maxLength: 6 },
      ),
    );
    const started = performance.now();
    let read = 0;
    fc.assert(
      fc.property(mutation, ([seed, edits]) => {
        let text = seed;
        for (const [place, removed, added] of edits) {
          const at = place % (text.length + 1);
          text = text.slice(0, at) + added + text.slice(at + removed);
        }
        try {
          const of = parseFormula(text);
          read++;
          expect(of.amounts.every(({ amount }) => amount > 0 && Number.isFinite(amount))).toBe(
            true,
          );
        } catch (error) {
          if (!(error instanceof EwaldError)) throw error;
        }
      }),
      { numRuns: 4000 },
    );
    expect(read).toBeGreaterThan(50);
    expect(performance.now() - started).toBeLessThan(20_000);
    for (const hostile of [
      "(".repeat(3999),
      "9".repeat(3999),
      "1.".repeat(1999),
      "^".repeat(3999),
      "²".repeat(3999),
      " ".repeat(3998) + "-",
      "H+".repeat(1999),
    ]) {
      const before = performance.now();
      expect(() => parseFormula(hostile)).toThrow(EwaldError);
      expect(performance.now() - before).toBeLessThan(1000);
    }
  });
});
