/** What files say of themselves beside what was read: one warning with both values, in every format. */
import { describe, expect, test } from "vitest";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import { atoms, caseFile, cell, codes, contents, readOne, refusal } from "../cases.ts";

function said(text: string): string[] {
  const { warnings } = readStructures(text).structures[0]!;
  return warnings.filter(({ code }) => code === "structure/stated").map(({ message }) => message);
}

describe("the samples", () => {
  test.each([
    ["18b-Z-mismatch.cif", "formula Cl Na with Z = 4, but Na4 Cl12 in the cell was read"],
    ["18d-missing-atom.cif", "formula Cl Na with Z = 4, but Na4 in the cell was read"],
    ["18h-pm-cell.cif", "volume 179.4 Å³, but 179410000 Å³ was read"],
    ["18n-B-as-U.cif", "B = 118 Å² (U = 1.5 Å²) (is it B that is given as U?) was read"],
  ])("%s", (name, words) => {
    const messages = said(caseFile(name));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(words);
  });
});

describe("CIF", () => {
  const salt = (...lines: readonly string[]) =>
    `data_x\n${cell(5.64, 5.64, 5.64)}_space_group_name_H-M_alt 'F m -3 m'\n${lines.join("\n")}\n` +
    atoms(["Na1 Na 0 0 0", "Cl1 Cl 0.5 0.5 0.5"]);

  test.each([
    "_chemical_formula_sum 'Cl Na'\n_cell_formula_units_Z 4",
    "_chemical_formula_sum NaCl",
    "_chemical_formula_sum 'Na Cl'\n_chemical_formula_weight 58.44\n_cell_formula_units_Z 4",
    "_chemical_formula_sum 'Na₁ Cl₁'\n_cell_formula_units_Z 4",
    "_cell_volume 179.41(3)\n_exptl_crystal_density_diffrn 2.16",
    "_exptl_crystal_density_diffrn 2164",
    "_cell_formula_units_Z ?\n_cell_volume .\n_chemical_formula_sum ?",
  ])("%s is what was read", (lines) => {
    expect(codes(readOne(salt(lines)))).toEqual([]);
  });

  test.each([
    ["_chemical_formula_sum 'Cl2 Na'\n_cell_formula_units_Z 4", "formula Cl2 Na with Z = 4"],
    ["_chemical_formula_sum 'Cl Na'\n_cell_formula_units_Z 1", "formula Cl Na with Z = 1"],
    ["_chemical_formula_sum 'Cl K'", "formula Cl K"],
    [
      "_chemical_formula_sum 'Cl H2 Na O'\n_cell_formula_units_Z 4",
      "formula Cl H2 Na O with Z = 4",
    ],
    [
      "_chemical_formula_weight 74.55\n_cell_formula_units_Z 4",
      "formula weight 74.55 g/mol, but 58.44",
    ],
    ["_cell_volume 0.1794", "volume 0.1794 Å³, but 179.41 Å³"],
    ["_exptl_crystal_density_diffrn 1.6", "density 1.6 g/cm³, but 2.1636 g/cm³"],
  ])("%s is not", (lines, words) => {
    const messages = said(salt(lines));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(words);
  });

  test("all that differs is one warning", () => {
    const messages = said(
      salt("_cell_volume 100\n_exptl_crystal_density_diffrn 9\n_chemical_formula_sum K"),
    );
    expect(messages).toHaveLength(1);
    expect(messages[0]!.split(";")).toHaveLength(3);
  });

  test("a statement that is none is told", () => {
    expect(codes(readOne(salt("_chemical_formula_sum 'salt'")))).toEqual(["cif/formula"]);
    expect(codes(readOne(salt("_cell_formula_units_Z four")))).toEqual(["cif/not-a-number"]);
  });

  test("U given as B, zero and hydrogen's own", () => {
    const rows = (na: string, cl: string) =>
      `data_x\n${cell(5.64, 5.64, 5.64)}_space_group_name_H-M_alt 'F m -3 m'\n` +
      atoms([`Na1 Na 0 0 0 ${na}`, `Cl1 Cl 0.5 0.5 0.5 ${cl}`], "B_iso_or_equiv");
    expect(said(rows("0.006", "0.008"))[0]).toContain("is it U that is given as B?");
    expect(said(rows("-1", "-2"))[0]).toContain("B = -1 Å²");
    expect(said(rows("0", "0"))).toEqual([]);
    expect(said(rows("0.6", "1.1"))).toEqual([]);
  });
});

describe("POSCAR", () => {
  const poscar = (comment: string, tail = "", rows = ["0 0 0", "0.5 0.5 0.5"]) =>
    `${comment}\n1.0\n4.2 0 0\n0 4.2 0\n0 0 4.2\nCs Cl\n1 1\nDirect\n${rows.join("\n")}\n${tail}`;

  test.each(["Cs Cl", "CsCl", "Cs1 Cl1", "caesium chloride", "POSCAR", "Cl Cs O", "CONTCAR", ""])(
    "the comment %j is no other formula",
    (comment) => {
      expect(readStructures(poscar(comment)).structures[0]!.warnings).toEqual([]);
    },
  );

  test.each(["CsCl2", "Cs2 Cl1", "KCl", "Cs1 Cl1 O1"])("the comment %j is", (comment) => {
    expect(said(poscar(comment))[0]).toContain(`formula ${comment}, but Cs Cl in the cell`);
  });

  test("atoms beyond the counts were dropped; velocities are none", () => {
    const warned = (text: string) =>
      readStructures(text).structures[0]!.warnings.map(({ code }) => code);
    expect(warned(poscar("x", "0.25 0.25 0.25\n"))).toEqual(["poscar/more-positions"]);
    expect(warned(poscar("x", "\n0 0 0\n0 0 0\n"))).toEqual([]);
  });

  test("symbols behind the positions that are others", () => {
    const rows = ["0 0 0 Cl", "0.5 0.5 0.5 Cs"];
    const { warnings } = readStructures(poscar("x", "", rows)).structures[0]!;
    expect(warnings.map(({ code }) => code)).toEqual(["poscar/symbols"]);
    expect(warnings[0]!.message).toContain(
      "atom 1 is Cs by the order of the elements and Cl by its own line",
    );
  });

  test("typographic signs of numbers", () => {
    const { structure } = readStructures(poscar("x", "", ["0 0 0", "–0.5 −0.5 －０.5"]))
      .structures[0]!;
    expect(structure.sites[1]!.frac).toEqual([0.5, 0.5, 0.5]);
  });
});

describe("pymatgen JSON", () => {
  const salt = (lattice: object = {}, more: object = {}, site: object = {}) => ({
    "@class": "Structure",
    lattice: {
      matrix: [
        [4, 0, 0],
        [0, 4, 0],
        [0, 0, 4],
      ],
      ...lattice,
    },
    sites: [
      { species: [{ element: "Cs", occu: 1, oxidation_state: 1 }], abc: [0, 0, 0] },
      { species: [{ element: "Cl", occu: 1, oxidation_state: -1 }], abc: [0.5, 0.5, 0.5], ...site },
    ],
    ...more,
  });
  const warned = (document: object) =>
    readStructures(JSON.stringify(document)).structures[0]!.warnings.map(({ code }) => code);

  test("what it states of itself and is read", () => {
    const parameters = { a: 4, b: 4, c: 4, alpha: 90, beta: 90, gamma: 90, volume: 64 };
    expect(warned(salt(parameters, { charge: 0 }, { xyz: [2, 2, 2] }))).toEqual([]);
    expect(warned({ material_id: "mp-1", nsites: 2, volume: 64, structure: salt() })).toEqual([]);
  });

  test.each([
    [salt({ volume: 65 }), "volume 65 Å³, but 64 Å³ was read"],
    [salt({ a: 4, b: 4, c: 5, alpha: 90, beta: 90, gamma: 90 }), "cell 4 4 5 90 90 90, but 4 4 4"],
    [
      salt({}, {}, { xyz: [2, 2, 0] }),
      "xyz of site 2 (2.000, 2.000, 0.000) Å, but (2.000, 2.000, 2.000) Å",
    ],
    [{ nsites: 3, structure: salt() }, "nsites 3, but 2 was read"],
    [{ formula_pretty: "CsCl2", structure: salt() }, "formula CsCl2, but Cs Cl in the cell"],
  ])("what differs: %j", (document, words) => {
    expect(said(JSON.stringify(document))[0]).toContain(words);
  });

  test("a charge that nothing carries, a cell that is no crystal", () => {
    expect(warned(salt({}, { charge: 1 }))).toEqual(["json/charge"]);
    const bare = { species: [{ element: "Cl", occu: 1 }] };
    expect(warned(salt({}, { charge: -1 }, bare))).toEqual(["json/charge"]);
    expect(warned(salt({}, { charge: 0 }, bare))).toEqual([]);
    const slab = JSON.stringify(salt({ pbc: [true, true, false] }));
    expect(() => readStructures(slab)).toThrow("periodic in 2 of 3 dimensions");
  });
});

test("what is right stays silent", () => {
  expect(contents(readOne(caseFile("13b-fcc-good.cif")))).toBe("Cl4 Na4");
  expect(said(caseFile("13b-fcc-good.cif"))).toEqual([]);
});

describe("what has a default, is dropped or far off is told", () => {
  const text = (row: string, ...more: readonly string[]) =>
    `${cell(6, 6, 6)}_space_group_name_H-M_alt 'P 1'\n${atoms([row], ...more)}`;

  test.each([
    [text("Na1 Na 0 0 0 ?", "occupancy"), ["cif/occupancy-assumed"]],
    [text("Na1 Na 0 0 0 .", "occupancy"), []],
    [text("Na1 Na 0 0 0 x", "U_iso_or_equiv"), ["cif/displacement"]],
    [text("Na1 Na 0 0 0 ?", "U_iso_or_equiv"), []],
    [text("Na1 Na 25.3 0 0"), ["cif/coordinate"]],
    [text("Na1 Na -1.2 0 2.5"), []],
  ])("%j", (file, expected) => {
    expect(codes(readOne(file))).toEqual(expected);
  });

  test("an occupancy outside of the list of two atoms was dropped", () => {
    const rows = ["Na1 Na 0 0 0", "Cl1 Cl 0.5 0.5 0.5"];
    const file = `${cell(6, 6, 6)}_space_group_name_H-M_alt 'P 1'\n_atom_site_occupancy 0.5\n${atoms(rows)}`;
    expect(refusal(file)).toBe("cif/site-columns");
  });
});
