/** Elements as evidence: which variant of a type they mean, and that they shift no type by it. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { parseMeasuredComposition } from "../../../src/crystal/index.ts";
import {
  ElementModel,
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
