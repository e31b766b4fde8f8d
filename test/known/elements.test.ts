/** Elements as evidence: which variant of a type they mean, and that they shift no type by it. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { CompositionConstraints } from "../../src/crystal/composition/composition-constraints.ts";
import { parseMeasuredComposition } from "../../src/crystal/composition/composition-notation.ts";
import { agreementWithElements, ElementModel } from "../../src/known/elements.ts";
import {
  type LibraryType,
  nameOfType,
  parseLibrary,
  type StructureTypeLibrary,
} from "../../src/known/library.ts";

let library: StructureTypeLibrary;
let model: ElementModel;

beforeAll(() => {
  library = parseLibrary(readFileSync("models/structure-type/library.json", "utf8"));
  model = new ElementModel(library);
});

function keyOf(name: string, evidence: Parameters<ElementModel["weigh"]>[0]): string {
  const type = library.types.findIndex((one) => one.name === name);
  return library.types[type]!.variants[model.weigh(evidence).variant[type]!]!.key;
}

const must = (...elements: string[]) => ({
  constraints: { must: elements, may: null, atLeastOneOf: [], never: [] },
});

describe("the variant that the elements mean", () => {
  test.each([
    [["Mg", "Si", "O"], "AB2C4|oP28|62|c ac 2cd"],
    [["Fe", "Si", "O"], "AB2C4|oP28|62|c ac 2cd"],
    [["Ca", "Mg", "Si", "O"], "ABCD4|oP28|62|a c c 2cd"],
    [["Li", "Fe", "P", "O"], "ABCD4|oP28|62|a c c 2cd"],
  ])("olivine with %j", (elements, key) => {
    expect(keyOf("olivine", must(...elements))).toBe(key);
  });

  test("a measured composition says it by its amounts", () => {
    const composition = parseMeasuredComposition("Mg1.8±0.1Fe0.2±0.1SiO4");
    expect(keyOf("olivine", { composition })).toBe("AB2C4|oP28|62|c ac 2cd");
  });

  test("fluorite and half-Heusler are one type: two elements mean the one, three the other", () => {
    const name = "half-Heusler (MgAgAs)";
    expect(keyOf(name, must("Ca", "F"))).toBe("AB2|cF12|225|a c");
    expect(keyOf(name, must("Ni", "Ti", "Sn"))).toBe("ABC|cF12|216|a b c");
  });
});

describe("compounds that go with the elements", () => {
  const constrained = (constraints: Partial<CompositionConstraints>) => ({
    constraints: { must: [], may: null, atLeastOneOf: [], never: [], ...constraints },
  });
  test.each([
    // All that has to be there: 2; end members of a solid solution: 1; strangers that nobody excluded: 0; excluded ones: null.
    [must("Ce", "O"), { CeO2: 2, Ce2Zr2O7: 2, O: 1, TeN2: 0, GdO: 0 }],
    [
      constrained({ must: ["O"], may: ["Ce", "La"] }),
      { CeO2: 2, CeLaO3: 2, La: 1, Ce2Zr2O7: null },
    ],
    [constrained({ must: ["O"], never: ["Zr"] }), { CeO2: 2, Ce2Zr2O7: null }],
    [constrained({ atLeastOneOf: [["Si", "Ge"], ["O"]] }), { SiO2: 2, GeO2: 2, SiGe: 1, Fe: 0 }],
    [
      { composition: parseMeasuredComposition("Mg1.8Fe0.2SiO4") },
      { MgFeSiO4: 2, Mg2SiO4: 1, Ca2SiO4: null },
    ],
    [
      { composition: parseMeasuredComposition("Na0.5Ag0.5Cl") },
      { Na2AgCl3: 2, NaCl: 1, AgBr: null },
    ],
  ])("%j", (evidence, expected) => {
    const agreement = agreementWithElements(evidence);
    const found = Object.keys(expected).map((formula) => [formula, agreement(formula)]);
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});

describe("names", () => {
  const typeOf = (name: string): LibraryType => library.types.find((one) => one.name === name)!;
  test.each([
    ["rutile", "rutile"],
    ["half-Heusler (MgAgAs)", "half-Heusler (MgAgAs) or fluorite"],
    ["CdI2", "CdI2 or brucite"],
    ["olivine", "olivine or triphylite"],
    ["α-quartz", "α-quartz"],
  ])("%s without elements: %s", (name, shown) => {
    expect(nameOfType(typeOf(name))).toBe(shown);
  });

  test("a variant that is known has its own name; without one, the type's", () => {
    const [fluorite, halfHeusler] = typeOf("half-Heusler (MgAgAs)").variants;
    expect(nameOfType(typeOf("half-Heusler (MgAgAs)"), fluorite)).toBe("fluorite");
    expect(nameOfType(typeOf("half-Heusler (MgAgAs)"), halfHeusler)).toBe("half-Heusler (MgAgAs)");
    const [disordered, ordered] = typeOf("olivine").variants;
    expect(nameOfType(typeOf("olivine"), disordered)).toBe("olivine");
    expect(nameOfType(typeOf("olivine"), ordered)).toMatch(/^triphylite/);
  });
});
