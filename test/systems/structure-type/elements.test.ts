/** Elements as evidence: which variant of a type they mean, and that they shift no type by it. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { parseMeasuredComposition } from "../../../src/crystal/index.ts";
import {
  ElementModel,
  type LibraryType,
  nameOfType,
  parseLibrary,
  type StructureTypeLibrary,
} from "../../../src/systems/structure-type/index.ts";

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
