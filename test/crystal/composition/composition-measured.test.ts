import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type CompositionUnit,
  type MeasuredComposition,
  measuredComposition,
  sampleComposition,
} from "../../../src/crystal/composition/composition-measured.ts";
import {
  measuredCompositionText,
  parseMeasuredComposition,
} from "../../../src/crystal/composition/composition-notation.ts";
import { ELEMENT_SYMBOLS, elementValue } from "../../../src/crystal/element.ts";
import { parseFormula } from "../../../src/crystal/composition/formula.ts";
import { EwaldError } from "../../../src/errors.ts";
import { Random } from "../../../src/math/random.ts";

function fractions(of: MeasuredComposition): Record<string, number> {
  return Object.fromEntries(of.amounts.map(({ element, amount }) => [element, amount]));
}

function esds(of: MeasuredComposition): Record<string, number | undefined> {
  return Object.fromEntries(of.amounts.map(({ element, amountEsd }) => [element, amountEsd]));
}

describe("normalisation with errors", () => {
  test("strontium titanate in at%, by hand", () => {
    const read = parseMeasuredComposition("Sr 20.1±0.5 Ti 19.8±0.5 O 60.1±1.0 at%");
    expect(fractions(read)).toEqual({
      Sr: expect.closeTo(0.201, 12),
      Ti: expect.closeTo(0.198, 12),
      O: expect.closeTo(0.601, 12),
    });
    // σ²(x_Sr) = [(1 − x)² 0.5² + x² (0.5² + 1.0²)] / 100²
    const byHand = Math.sqrt((0.799 ** 2 * 0.25 + 0.201 ** 2 * 1.25) / 1e4);
    expect(esds(read)["Sr"]).toBeCloseTo(byHand, 12);
    // cov(Sr, Ti) = [−(1 − x)y 0.25 − x(1 − y) 0.25 + x y 1.0] / 100²
    const covariance = (-0.799 * 0.198 * 0.25 - 0.201 * 0.802 * 0.25 + 0.201 * 0.198) / 1e4;
    expect(read.covariance[0]![1]).toBeCloseTo(covariance, 12);
    expect([read.unit, read.total, read.warnings]).toEqual(["at%", 100, []]);
  });

  test("oxides in wt% become elements: forsterite", () => {
    const read = parseMeasuredComposition("SiO2 42.70 MgO 57.30 wt%");
    const { Si, Mg, O } = fractions(read);
    expect(Mg! / Si!).toBeCloseTo(2, 3);
    expect(O! / Si!).toBeCloseTo(4, 3);
    expect(esds(read)).toEqual({ Si: undefined, O: undefined, Mg: undefined });
  });

  test("steel in wt%: iron 70, chromium 20, nickel 10", () => {
    const moles = { Fe: 70 / 55.845, Cr: 20 / 51.9961, Ni: 10 / 58.6934 };
    const all = moles.Fe + moles.Cr + moles.Ni;
    const read = parseMeasuredComposition("Fe70Cr20Ni10 wt%");
    for (const [element, amount] of Object.entries(moles)) {
      expect(fractions(read)[element]).toBeCloseTo(amount / all, 6);
    }
  });

  test("an unnormalised total is normalised and reported", () => {
    const read = parseMeasuredComposition("Fe 60 O 27 wt%");
    expect(read.total).toBe(87);
    expect(read.warnings.map((warning) => warning.code)).toEqual(["composition/total"]);
    expect(fractions(read)).toEqual(fractions(parseMeasuredComposition("Fe 120 O 54 wt%")));
  });

  test("a formula with uncertainties", () => {
    const read = parseMeasuredComposition("Sr1.02(3)TiO3");
    expect(read.unit).toBe("formula");
    expect(fractions(read)["Sr"]).toBeCloseTo(1.02 / 5.02, 12);
    expect(esds(read)["Sr"]).toBeCloseTo((0.03 * 4) / 5.02 ** 2, 12);
    expect(esds(read)["Ti"]).toBeCloseTo((0.03 * 1) / 5.02 ** 2, 12);
  });

  test("what is below detection is kept apart, what has no uncertainty is named", () => {
    const read = parseMeasuredComposition("Sr 20±1, Ti 20, O 60±2, Fe <0.5 at%");
    expect(Object.keys(fractions(read))).toEqual(["Sr", "Ti", "O"]);
    expect(read.belowDetection).toEqual([{ component: "Fe", limit: 0.5 }]);
    expect(read.warnings.map((warning) => warning.code)).toEqual([
      "composition/missing-uncertainty",
    ]);
  });
});

const readings = fc.uniqueArray(
  fc.record({
    component: fc.constantFrom(...ELEMENT_SYMBOLS.slice(0, 92)),
    value: fc.double({ min: 0.01, max: 100, noNaN: true }),
    esd: fc.double({ min: 0, max: 5, noNaN: true }),
  }),
  { selector: (one) => one.component, minLength: 1, maxLength: 8 },
);
const unit = fc.constantFrom<CompositionUnit>("at%", "wt%", "mol%");

describe("invariants", () => {
  test("fractions sum to 1, covariances to 0; scaling the readings changes neither", () => {
    fc.assert(
      fc.property(
        readings,
        unit,
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (given, unit, factor) => {
          const one = measuredComposition(given, unit);
          const many = measuredComposition(
            given.map(({ component, value, esd }) => ({
              component,
              value: value * factor,
              esd: esd * factor,
            })),
            unit,
          );
          expect(one.amounts.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(1, 12);
          for (const [e, row] of one.covariance.entries()) {
            const size = Math.max(...row.map(Math.abs), 1e-300);
            expect(Math.abs(row.reduce((sum, value) => sum + value, 0)) / size).toBeLessThan(1e-9);
            expect(many.amounts[e]!.amount).toBeCloseTo(one.amounts[e]!.amount, 12);
            expect(many.amounts[e]!.amountEsd).toBeCloseTo(one.amounts[e]!.amountEsd!, 10);
          }
        },
      ),
    );
  });

  test("errors scale with the errors of the readings", () => {
    fc.assert(
      fc.property(readings, unit, (given, unit) => {
        const one = measuredComposition(given, unit);
        const triple = measuredComposition(
          given.map(({ component, value, esd }) => ({ component, value, esd: 3 * esd })),
          unit,
        );
        for (const [e, { amountEsd }] of one.amounts.entries()) {
          expect(triple.amounts[e]!.amountEsd).toBeCloseTo(3 * amountEsd!, 10);
        }
      }),
    );
  });

  test("at% → wt% → at% is where it began", () => {
    fc.assert(
      fc.property(readings, (given) => {
        const direct = measuredComposition(given, "at%");
        const weighed = measuredComposition(
          given.map(({ component, value }) => ({
            component,
            value: value * elementValue(component, "standardAtomicWeight"),
          })),
          "wt%",
        );
        for (const [e, { amount }] of direct.amounts.entries()) {
          expect(weighed.amounts[e]!.amount).toBeCloseTo(amount, 12);
        }
      }),
    );
  });

  test("written out and read again", () => {
    fc.assert(
      fc.property(readings, unit, (given, unit) => {
        const text = given.map(
          ({ component, value, esd }) => `${component} ${value.toFixed(4)} ± ${esd.toFixed(4)}`,
        );
        const read = parseMeasuredComposition(`${text.join(", ")} ${unit}`);
        expect(read.unit).toBe(unit);
        expect(read.readings).toEqual(
          given.map(({ component, value, esd }) => ({
            component,
            value: Number(value.toFixed(4)),
            esd: Number(esd.toFixed(4)),
          })),
        );
      }),
    );
  });

  test("what measuredCompositionText writes is read again", () => {
    const amount = fc.integer({ min: 1, max: 99_999 }).map((n) => n / 1000);
    const reading = fc.record({ value: amount, esd: amount }, { requiredKeys: ["value"] });
    const components = ["Fe", "Ni", "O", "Ti"];
    fc.assert(
      fc.property(
        fc.array(reading, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("at%", "wt%", "mol%", "formula"),
        fc.constantFrom({}, { limit: 0.25 }),
        (readings, unit, limit) => {
          const measured = measuredComposition(
            readings.map((one, i) => ({ component: components[i]!, ...one })),
            unit,
            unit === "formula"
              ? {}
              : { belowDetection: [{ component: "Mn" }, { component: "SiO2", ...limit }] },
          );
          const again = parseMeasuredComposition(measuredCompositionText(measured));
          expect(again.readings).toEqual(measured.readings);
          expect(again.belowDetection).toEqual(measured.belowDetection);
          expect(again.unit).toBe(unit);
        },
      ),
    );
  });

  test("samples scatter as the covariance says", () => {
    const read = parseMeasuredComposition("SiO2 45.2±0.6 MgO 40.1±0.8 FeO 10.2±0.3 wt%");
    const random = Random.fromSeed("samples");
    const count = 20_000;
    const drawn = Array.from({ length: count }, () => sampleComposition(read, random));
    for (const [e, { element, amount }] of read.amounts.entries()) {
      for (const [f, other] of read.amounts.entries()) {
        let covariance = 0;
        for (const { amounts } of drawn) {
          const x = amounts.find((one) => one.element === element)!.amount - amount;
          const y = amounts.find((one) => one.element === other.element)!.amount - other.amount;
          covariance += (x * y) / count;
        }
        const size = Math.sqrt(read.covariance[e]![e]! * read.covariance[f]![f]!);
        expect(Math.abs(covariance - read.covariance[e]![f]!) / size).toBeLessThan(0.04);
      }
    }
    expect(sampleComposition(read, Random.fromSeed(1))).toEqual(
      sampleComposition(read, Random.fromSeed(1)),
    );
  });

  test("samples are never negative, and an element may vanish no further than to nothing", () => {
    const read = parseMeasuredComposition("Fe 99±1 C 0.1±1 at%");
    const random = Random.fromSeed(4);
    for (let n = 0; n < 500; n++) {
      for (const { amount } of sampleComposition(read, random).amounts)
        expect(amount).toBeGreaterThan(0);
    }
  });
});

describe("as people write", () => {
  const SAME = { Y: 8.2, Ba: 15.1, Cu: 23.4, O: 53.3 };
  test.each([
    "Y 8.2 Ba 15.1 Cu 23.4 O 53.3 at%",
    "Y 8.2% Ba 15.1% Cu 23.4% O 53.3% at%",
    "8.2% Y, 15.1% Ba, 23.4% Cu, 53.3% O (at%)",
    "8.2 at% Y, 15.1 at% Ba, 23.4 at% Cu, 53.3 at% O",
    "8.2 at.-% Y; 15.1 at.-% Ba; 23.4 at.-% Cu and 53.3 at.-% O",
    "8.2% Y, 15.1% Ba, 23.4% Cu, O balance at%",
    "Y 8.2, Ba 15.1, Cu 23.4, O bal. at%",
    "balance O, Y 8.2, Ba 15.1, Cu 23.4 at%",
    "Yttrium 8.2 barium 15.1 copper 23.4 oxygen 53.3 atomic percent",
    "Y\t8.2\nBa\t15.1\nCu\t23.4\nO\t53.3\nat%",
    "Y 8,2; Ba 15,1; Cu 23,4; O 53,3 Atom-%",
    "at%: Y=8.2, Ba=15.1, Cu=23.4, O=53.3",
  ])("%s", (text) => {
    const found = fractions(parseMeasuredComposition(text));
    for (const [symbol, percent] of Object.entries(SAME))
      expect(100 * found[symbol]!).toBeCloseTo(percent, 9);
  });

  test.each([
    ["Ti (33.1 ± 0.8), O (66.9 ± 1.2) at%", 0.8],
    ["Ti(33.1±0.8)O(66.9±1.2) at%", 0.8],
    ["Ti33.1±0.8 O66.9±1.2 at%", 0.8],
    ["33.1±0.8 % Ti, 66.9±1.2 % O at%", 0.8],
    ["Ti 33.1(8) O 66.9(12) at%", 0.8],
    ["Ti 33.1 (±0.8) O 66.9 (±1.2) at%", 0.8],
  ])("%s", (text, esd) => {
    expect(parseMeasuredComposition(text).readings[0]).toEqual({
      component: "Ti",
      value: 33.1,
      esd,
    });
  });

  test("alloys: what stands in front is the balance", () => {
    const { readings, unit } = parseMeasuredComposition("Ti-6Al-4V wt%");
    expect([readings.map(({ component, value }) => [component, value]), unit]).toEqual([
      [
        ["Al", 6],
        ["V", 4],
        ["Ti", 90],
      ],
      "wt%",
    ]);
  });

  test("the balance is as uncertain as the others together, and covariances sum to 0", () => {
    const read = parseMeasuredComposition("Cr 18±0.3 Ni 8±0.4 Fe balance at%");
    expect(esds(read)["Fe"]).toBeCloseTo(0.005, 12);
    expect(esds(read)["Cr"]).toBeCloseTo(0.003, 12);
    for (const row of read.covariance)
      expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 15);
    expect(read.warnings).toEqual([]);
    expect(measuredCompositionText(read)).toBe("Cr 18±0.3 Ni 8±0.4 Fe balance at%");
  });

  test.each([
    ["Fe 90 Cr 20 O balance wt%", "composition/balance"],
    ["Fe balance Cr balance Ni 8 wt%", "composition/balance"],
    ["O balance at%", "composition/syntax"],
  ])("%s: refused", (text, code) => {
    expect(() => parseMeasuredComposition(text)).toThrow(expect.objectContaining({ code }));
  });
});

describe("refusals", () => {
  test.each([
    ["Sr 20.1±0.5 Ti 19.8±0.5 O 60.1±1.0", "composition/no-unit"],
    ["Sr 20.1% Ti 19.8% O 60.1%", "composition/no-unit"],
    ["SiO2 45.2 TiO2 40.1", "composition/no-unit"],
    ["Sr 20 at% Ti 20 wt%", "composition/unit"],
    ["SiO2 45.2 MgO 40.1 at%", "composition/unit"],
    ["Sr 20 Ti at%", "composition/syntax"],
    ["Sr at%", "composition/syntax"],
    ["at%", "formula/empty"],
    ["", "formula/empty"],
    ["20 Sr 30 Ti", "composition/no-unit"],
    ["20 Sr Ti 30 at%", "composition/syntax"],
    ["Sr 20 Sr 30 at%", "composition/repeated"],
    ["Sr 0 Ti 0 at%", "composition/empty"],
    ["Xx 20 Ti 80 at%", "formula/unknown-element"],
    ["Qq 3", "formula/unknown-element"],
    ["Ti 33 Ti 67", "composition/repeated"],
    ["FeCr20Ni10 wt%", "composition/syntax"],
    ["Sr 20±-1 at%", "composition/syntax"],
    [`Sr ${"9".repeat(400)} at%`, "composition/reading"],
    // Finite, and its square is not: every amount became NaN.
    ["Na2O 1e308 MnO 7 mol%", "composition/reading"],
    // A formula and an amount that ran together: 714 oxygen and 0.92 of it were read.
    ["Na2O714.92 ± 1.9, Fe2O3 85.08 ± 0.2 wt%", "composition/syntax"],
    ["Sr 20 ".repeat(3000), "composition/too-long"],
  ])("%s", (text, code) => {
    expect(() => parseMeasuredComposition(text)).toThrow(expect.objectContaining({ code }));
  });

  test("names the column", () => {
    expect(() => parseMeasuredComposition("Sr 20 Ti x O 60 at%")).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ column: 10 }) }),
    );
  });

  test("mutated compositions throw EwaldError or are read", () => {
    const seeds = [
      "Sr 20.1±0.5 Ti 19.8±0.5 O 60.1±1.0 at%",
      "SiO2 45.2 MgO 40.1 wt%",
      "Fe70Cr20Ni10 at.%",
      "Sr: 20,1 (5); Ti: 19,8 (5); O: 60,1 (10) mol-%",
      "Sr1.02(3)TiO3",
      "Fe 60 +/- 2, C <0.5 weight %",
    ];
    const edit = fc.tuple(
      fc.nat(),
      fc.nat(3),
      fc.oneof(
        fc.constantFrom(..."±()<>%.,:;= 019SrO-+/"),
        fc.string({ unit: "grapheme", maxLength: 2 }),
      ),
    );
    let read = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(edit, { minLength: 1, maxLength: 5 }),
        (seed, edits) => {
          let text = seed;
          for (const [place, removed, added] of edits) {
            const at = place % (text.length + 1);
            text = text.slice(0, at) + added + text.slice(at + removed);
          }
          try {
            const { amounts } = parseMeasuredComposition(text);
            read++;
            expect(amounts.reduce((sum, one) => sum + one.amount, 0)).toBeCloseTo(1, 9);
          } catch (error) {
            if (!(error instanceof EwaldError)) throw error;
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(read).toBeGreaterThan(100);
    for (const hostile of [
      "9".repeat(9990),
      " ".repeat(9990),
      "Sr 1".repeat(2400),
      "at % ".repeat(1900),
      "(".repeat(9990),
      "Sr 20±".repeat(1600),
    ]) {
      const before = performance.now();
      expect(() => parseMeasuredComposition(`${hostile}at%`)).toThrow(EwaldError);
      expect(performance.now() - before).toBeLessThan(1000);
    }
  });

  test("a formula's own parser still says what is wrong with it", () => {
    expect(() => parseFormula("SrTiO3J")).toThrow(EwaldError);
    expect(() => parseMeasuredComposition("SrTiO3J")).toThrow(
      expect.objectContaining({ code: "formula/unknown-element" }),
    );
  });
});
