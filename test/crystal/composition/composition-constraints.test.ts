import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkedConstraints,
  constraintsFromMeasurement,
  constraintsOf,
  parseConstraints,
  satisfies,
} from "../../../src/crystal/composition/composition-constraints.ts";
import { UNSEEN_BY_EDS } from "../../../src/crystal/composition/unseen-by-eds.ts";
import { parseMeasuredComposition } from "../../../src/crystal/composition/composition-notation.ts";
import { ELEMENT_SYMBOLS } from "../../../src/crystal/element.ts";
import { EwaldError } from "../../../src/errors.ts";

describe("constraints", () => {
  const constraints = parseConstraints("must Sr Ti; may O, N; at least one of F Cl O; never H");

  test("are read", () => {
    expect(constraints).toEqual({
      must: ["Ti", "Sr"],
      may: ["N", "O"],
      atLeastOneOf: [["O"]], // F and Cl are not among what may be there
      never: ["H"],
    });
  });

  test.each([
    ["Sr Ti O", true],
    ["Ti O N Sr", true],
    ["Sr Ti", false],
    ["Sr O", false],
    ["Sr Ti N", false],
    ["Sr Ti O H", false],
    ["Sr Ti O Fe", false],
  ])("%s fits: %s", (elements, fits) => {
    expect(satisfies(elements.split(" "), constraints)).toBe(fits);
  });

  test("without may anything else is allowed but what is never", () => {
    const open = parseConstraints("must Fe\nnever O\nany: S Se\nany: Cu Ag");
    expect(satisfies(["Fe", "S", "Cu", "Zn"], open)).toBe(true);
    expect(satisfies(["Fe", "S", "Zn"], open)).toBe(false);
    expect(satisfies(["Fe", "S", "Cu", "O"], open)).toBe(false);
  });

  test.each([
    ["must Fe; never Fe", "constraints/contradiction"],
    ["may Fe O; never O", "constraints/contradiction"],
    ["may Fe; at least one of O S", "constraints/contradiction"],
    ["at least one of O S; never O S", "constraints/contradiction"],
    ["", "constraints/syntax"],
    [" ; \n", "constraints/syntax"],
    ["Fe O", "constraints/syntax"],
    ["must", "constraints/syntax"],
    ["must fe", "element/unknown"],
    ["mustFe", "constraints/syntax"],
  ])("refuses %j", (text, code) => {
    expect(() => parseConstraints(text)).toThrow(expect.objectContaining({ code }));
  });

  test("names the column of what it does not know", () => {
    expect(() => parseConstraints("must Fe; never Qq")).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ column: 16 }) }),
    );
  });

  const set = fc.uniqueArray(fc.constantFrom(...ELEMENT_SYMBOLS.slice(0, 20)), { maxLength: 6 });
  const nonEmpty = fc.uniqueArray(fc.constantFrom(...ELEMENT_SYMBOLS.slice(0, 20)), {
    minLength: 1,
    maxLength: 6,
  });

  test("are satisfied as set algebra says, and what is accepted can be satisfied", () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        set,
        fc.option(set),
        fc.array(nonEmpty, { maxLength: 2 }),
        set,
        set,
        (must, may, groups, never, elements) => {
          let checked;
          try {
            checked = checkedConstraints({ must, may, atLeastOneOf: groups, never });
          } catch (error) {
            expect(error).toBeInstanceOf(EwaldError);
            return;
          }
          accepted++;
          const has = new Set(elements);
          const expected =
            must.every((one) => has.has(one)) &&
            never.every((one) => !has.has(one)) &&
            groups.every((group) => group.some((one) => has.has(one))) &&
            (may === null || elements.every((one) => must.includes(one) || may.includes(one)));
          expect(satisfies(elements, checked)).toBe(expected);
          const all = [...checked.must, ...checked.atLeastOneOf.map((group) => group[0]!)];
          expect(satisfies(all, checked)).toBe(true);
          expect(checkedConstraints(checked)).toEqual(checked);
        },
      ),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  test("mutated constraints throw EwaldError or are read", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom(
              "must ",
              "may ",
              "never ",
              "at least one of ",
              "any:",
              ";",
              "\n",
              "Sr ",
              "O,",
              "Fe",
            ),
            fc.string({ maxLength: 3 }),
          ),
          { maxLength: 12 },
        ),
        (parts) => {
          try {
            parseConstraints(parts.join(""));
          } catch (error) {
            if (!(error instanceof EwaldError)) throw error;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe("from a measurement", () => {
  const measured = parseMeasuredComposition("Sr 20±0.5 Ti 20±0.5 O 58±2 Fe 1.5±0.4 Al <0.3 at%");

  test("what is certain must, what is doubtful or unseen may, the rest never", () => {
    const constraints = constraintsFromMeasurement(measured, {
      detectionLimit: 0.005,
      unseen: ["H", "Li"],
    });
    expect(constraints.must).toEqual(["O", "Ti", "Sr"]);
    expect(constraints.may).toEqual(["H", "Li", "Al", "Fe"]);
    expect(constraints.never).toHaveLength(118 - 7);
    expect(satisfies(["Sr", "Ti", "O", "H"], constraints)).toBe(true);
    expect(satisfies(["Sr", "Ti", "O", "Ba"], constraints)).toBe(false);
    expect(satisfies(["Sr", "Ti"], constraints)).toBe(false);
  });

  test("a stricter idea of certainty moves elements from must to may", () => {
    const options = { detectionLimit: 0.005, unseen: [] };
    expect(constraintsFromMeasurement(measured, { ...options, sigmas: 1 }).must).toContain("Fe");
    const doubting = constraintsFromMeasurement(measured, { ...options, sigmas: 100 });
    expect([doubting.must, doubting.may]).toEqual([[], ["O", "Al", "Ti", "Fe", "Sr"]]);
  });

  test.each([-0.1, 1, Number.NaN])("refuses the limit %d", (detectionLimit) => {
    expect(() => constraintsFromMeasurement(measured, { detectionLimit, unseen: [] })).toThrow(
      expect.objectContaining({ code: "constraints/detection-limit" }),
    );
  });
});

describe("everything that is known, as constraints", () => {
  const analysis = (...without: string[]) =>
    UNSEEN_BY_EDS.filter((symbol) => !without.includes(symbol));

  test("an analysis is closed but for what it does not see", () => {
    expect(constraintsOf({ elements: ["Ti", "O"] })).toEqual({
      must: ["O", "Ti"],
      may: analysis("O"),
      atLeastOneOf: [],
      never: [],
      unseen: analysis("O"),
    });
    expect(UNSEEN_BY_EDS.join(" ")).toBe("H He Li Be B C N O F Ne");
  });

  test("--must leaves the rest open, --may closes it", () => {
    const may = (known: Parameters<typeof constraintsOf>[0]) => constraintsOf(known).may;
    expect(may({ must: ["Ti"] })).toBeNull();
    expect(may({ must: ["Ti"], may: ["O"] })).toEqual(["O"]);
    expect(may({ never: ["Ti"] })).toBeNull();
    expect(may({ elements: ["Ti"], may: ["Fe"] })).toEqual([...analysis(), "Fe"]);
    expect(may({ elements: ["Ti"], never: ["H", "He"] })).toEqual(analysis("H", "He"));
  });

  test("a composition is an analysis; below 1 at% an element may be absent", () => {
    const composition = parseMeasuredComposition("Ti 32 O 66.5 Fe 0.9 Cr 0.6 Al <0.5 at%");
    expect(constraintsOf({ composition })).toMatchObject({
      must: ["O", "Ti"],
      may: [...analysis("O"), "Al", "Cr", "Fe"],
    });
    expect(constraintsOf({ composition, must: ["Fe"] }).must).toEqual(["O", "Ti", "Fe"]);
    expect(constraintsOf({ composition, never: ["Fe"] }).may).not.toContain("Fe");
    expect(constraintsOf({ elements: ["Ti", "O", "Fe"], composition }).must).toEqual(["O", "Ti"]);
  });

  test("its own answer, given again, is the same", () => {
    const composition = parseMeasuredComposition("Ti 33 O 66 Fe 0.5 at%");
    const once = constraintsOf({ composition, atLeastOneOf: [["F", "N"]], never: ["H"] });
    expect(constraintsOf({ ...once, composition })).toEqual(once);
    expect(constraintsOf(once)).toEqual(once);
  });

  test.each([
    [{ elements: ["Ti"], never: ["Ti"] }],
    [{ elements: ["Ti"], atLeastOneOf: [["Cl", "Br"]] }],
    [{ composition: parseMeasuredComposition("TiO2"), never: ["O"] }],
  ])("%j contradicts itself", (known) => {
    expect(() => constraintsOf(known)).toThrow(
      expect.objectContaining({ code: "constraints/contradiction" }),
    );
  });
});
