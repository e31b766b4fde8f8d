/** Type symbols that say more, or less, than an element. */
import { describe, expect, test } from "vitest";
import { readCifStructures, type ReadStructure } from "../../../src/crystal/cif/structure.ts";
import { writeCif } from "../../../src/crystal/io/write-structure.ts";
import { atoms, caseFile, cell, codes as codesOf, contents, readOne, refusal } from "../cases.ts";

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

describe("groups of atoms as type symbols", () => {
  const SYMMETRY = "_space_group_name_H-M_alt 'P 1'\n";
  const structure = (type: string, label: string, ...more: readonly string[]) => {
    const rows = [`${label} ${type} 0 0 0`, ...more];
    return cell(6, 6, 6) + SYMMETRY + atoms(rows);
  };
  const O = "O1 O 0.5 0 0";

  test.each([
    ["04e-pf-nh3.cif", "Br1 N1"],
    ["04f-nh4br-with-formula.cif", "Br1 N1"],
  ])("%s: nihonium, or the heavy atom with a warning", (name, atomsOfCell) => {
    const found = readOne(caseFile(name));
    expect(contents(found)).toBe(atomsOfCell);
    expect(codesOf(found)).toContain("cif/molecule");
  });

  test("04i-co3.cif was cobalt; its oxygen is nowhere", () => {
    expect(refusal(caseFile("04i-co3.cif"))).toBe("cif/molecule");
    const found = readOne(structure("CO3", "C1", O));
    expect([contents(found), codesOf(found)]).toEqual(["C1 O1", ["cif/molecule"]]);
  });

  test.each([
    ["NH4", "N"],
    ["NH3", "N"],
    ["NH4+", "N"],
    ["NH2", "N"],
    ["NH", "N"],
    ["OH", "O"],
    ["OH-", "O"],
    ["OD", "O"],
    ["(OH)", "O"],
    ["H2O", "O"],
    ["D2O", "O"],
    ["H3O+", "O"],
    ["H₂O", "O"],
    ["CH3", "C"],
    ["CH4", "C"],
    ["HS-", "S"],
    ["H2S", "S"],
    ["PH3", "P"],
    ["BH4", "B"],
  ])("%s is %s without its hydrogen", (type, element) => {
    const found = readOne(structure(type, "X1"));
    expect([contents(found), codesOf(found)]).toEqual([`${element}1`, ["cif/molecule"]]);
  });

  test.each([
    "NO3",
    "NO3-",
    "NO2",
    "NO",
    "PO4",
    "SO4",
    "SO4-2",
    "ClO4",
    "SiO4",
    "CN",
    "CN-",
    "SCN",
    "UO2",
    "BF4",
    "C2O4",
    "CF3",
    "H2PO4",
  ])("%s has other atoms, which are nowhere", (type) => {
    expect(refusal(structure(type, "X1"))).toBe("cif/molecule");
  });

  test.each(["CO3", "CO2", "CO", "HF", "HO", "ND4", "CD3", "CS2"])(
    "%s may be an element in capitals or a group",
    (type) => {
      expect(refusal(structure(type, "X1"))).toBe("cif/ambiguous-element");
    },
  );

  test.each([
    ["CO2+", "X1", "Co"],
    ["CO3+", "X1", "Co"],
    ["CO3", "Co1", "Co"],
    ["CO", "Co", "Co"],
    ["HF4+", "X1", "Hf"],
    ["HO3+", "X1", "Ho"],
    ["ND", "X1", "Nd"],
    ["ND3+", "X1", "Nd"],
    ["CS", "X1", "Cs"],
    ["CS1+", "X1", "Cs"],
    ["NI2", "X1", "Ni"],
    ["SI4+", "X1", "Si"],
    ["IN3+", "X1", "In"],
    ["SC", "X1", "Sc"],
    ["PB2", "X1", "Pb"],
    ["SN", "X1", "Sn"],
    ["YB3", "X1", "Yb"],
    ["Co3", "X1", "Co"],
    ["C1B", "C1B", "C"],
    ["C2B", "C2B", "C"],
    ["H3C", "H3C", "H"],
    ["H2B", "H2B", "H"],
  ])("%s of %s is the element %s", (type, label, element) => {
    const found = readOne(structure(type, label));
    expect([contents(found), codesOf(found)]).toEqual([`${element}1`, []]);
  });

  test("a formula decides", () => {
    const formula = (text: string) => `_chemical_formula_sum '${text}'\n`;
    const holds = (text: string, type: string, ...more: readonly string[]) =>
      contents(readOne(formula(text) + structure(type, "X1", ...more)));
    expect(holds("C Ca O3", "CO3", O)).toBe("C1 O1");
    expect(holds("Co O", "CO3", O)).toBe("Co1 O1");
    expect(holds("Co O", "CO", O)).toBe("Co1 O1");
    expect(holds("Cd S", "CD2")).toBe("Cd1");
    expect(holds("D4 N", "ND4")).toBe("N1");
    expect(refusal(formula("C Co O4") + structure("CO3", "X1", O))).toBe("cif/ambiguous-element");
  });

  test("a label without type symbol that names water or a group", () => {
    const labelled = (label: string) =>
      `${cell(6, 6, 6)}${SYMMETRY}loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n${label} 0 0 0\n`;
    expect(refusal(labelled("H2O"))).toBe("cif/ambiguous-element");
    expect(refusal(labelled("SO4"))).toBe("cif/molecule");
    expect(refusal(labelled("ClO4"))).toBe("cif/molecule");
    expect(refusal(labelled("NH4"))).toBe("cif/ambiguous-element");
    expect(contents(readOne(labelled("Cl4")))).toBe("Cl1");
  });
});
