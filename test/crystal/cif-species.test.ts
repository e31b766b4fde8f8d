/** Type symbols that say more, or less, than an element. */
import { expect, test } from "vitest";
import { type ReadStructure, readCifStructures, writeCif } from "../../src/crystal/index.ts";

function read(type: string, formula: string): ReadStructure {
  const cell = ["a", "b", "c"].map((axis) => `_cell_length_${axis} 4\n`).join("");
  const tags = ["type_symbol", "fract_x", "fract_y", "fract_z"].map((tag) => `_atom_site_${tag}`);
  return readCifStructures(
    `data_x\n${cell}_chemical_formula_sum '${formula}'\n_space_group_name_H-M_alt 'P 1'\nloop_\n${tags.join("\n")}\n${type} 0 0 0\n`,
  ).structures[0]!;
}

function codes({ warnings }: ReadStructure): string[] {
  return warnings.map(({ code }) => code).filter((code) => code !== "cif/angle-assumed");
}

test("an isotope becomes its element with a word: 11B was natural boron, silently", () => {
  for (const [type, element] of [
    ["11B", "B"],
    ["7Li", "Li"],
    ["3H", "H"],
  ] as const) {
    const found = read(type, element);
    expect(found.structure.sites[0]!.species[0]!.element).toBe(element);
    expect(codes(found)).toEqual(["cif/isotope"]);
  }
  expect(codes(read("2H", "D"))).toEqual([]);
});

test("capitals are read by the formula, as in labels: HO1 was holmium in a formula without it", () => {
  for (const [type, formula, element] of [
    ["HO1", "H2 O", "H"],
    ["HO1", "Ho2 O3", "Ho"],
    ["Ho", "H2 O", "Ho"],
    ["SI", "Al O", "Si"],
    ["FE3+", "Fe2 O3", "Fe"],
  ] as const) {
    expect(read(type, formula).structure.sites[0]!.species[0]!.element).toBe(element);
  }
});

test("fractional oxidation states survive writing: Fe2.6666666666666665+ lost its charge", () => {
  const { structure } = read("Fe", "Fe");
  const [site] = structure.sites;
  const species = [{ element: "Fe", occupancy: 1, oxidation: 8 / 3 }];
  const text = writeCif({ ...structure, sites: [{ ...site!, species }] });
  expect(text).toContain(" Fe2.667+ ");
  const again = readCifStructures(text).structures[0]!.structure;
  expect(again.sites[0]!.species[0]!.oxidation).toBe(2.667);
});
