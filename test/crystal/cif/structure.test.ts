/** Our own small CIFs, one for each thing that real ones do. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type CifStructureOptions,
  readCifStructures,
  type ReadStructure,
} from "../../../src/crystal/cif/structure.ts";
import { expandSites } from "../../../src/crystal/expand.ts";
import { latticeFromParameters, latticeParameters } from "../../../src/crystal/lattice.ts";
import {
  operationsOfSetting,
  settingsByNumber,
} from "../../../src/crystal/symmetry/space-group-settings.ts";
import { EwaldError } from "../../../src/errors.ts";

const CUBIC = cell(4.2, 4.2, 4.2, 90, 90, 90);

function cell(...values: (number | string)[]): string {
  const names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"];
  return names.map((name, index) => `_cell_${name} ${values[index]}\n`).join("");
}

function atoms(columns: string, ...rows: string[]): string {
  const tags = columns.split(" ").map((name) => `_atom_site_${name}\n`);
  return `loop_\n${tags.join("")}${rows.join("\n")}\n`;
}

function operations(...list: string[]): string {
  return `loop_\n_space_group_symop_operation_xyz\n${list.map((one) => `'${one}'\n`).join("")}`;
}

const PLACES = "label fract_x fract_y fract_z";

function read(text: string, options: CifStructureOptions = {}): ReadStructure {
  const { structures, failures } = readCifStructures(`data_test\n${text}`, options);
  expect(failures).toEqual([]);
  expect(structures.length).toBe(1);
  return structures[0]!;
}

function failure(text: string, options: CifStructureOptions = {}): EwaldError {
  try {
    readCifStructures(`data_test\n${text}`, options);
  } catch (error) {
    if (error instanceof EwaldError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** "Na4 Cl4", occupancies summed, in the order of first appearance. */
function contents({ structure }: ReadStructure): string {
  const counts = new Map<string, number>();
  for (const site of structure.sites) {
    for (const { element, occupancy } of site.species) {
      counts.set(element, (counts.get(element) ?? 0) + occupancy);
    }
  }
  return [...counts].map(([element, n]) => `${element}${Number(n.toFixed(4))}`).join(" ");
}

function codes(structure: ReadStructure): string[] {
  return structure.warnings.map((warning) => warning.code);
}

describe("symmetry", () => {
  const salt = atoms(PLACES, "Na1 0 0 0", "Cl1 .5 .5 .5");
  it.each([
    ["Hermann-Mauguin symbol", "_symmetry_space_group_name_H-M 'F m -3 m'"],
    ["old symbol", "_space_group_name_H-M_alt Fm3m"],
    ["Hall symbol", "_space_group_name_Hall '-F 4 2 3'"],
    ["number", "_space_group_IT_number 225"],
  ])("comes from the %s", (_name, line) => {
    const structure = read(`${CUBIC}${line}\n${salt}`);
    expect(contents(structure)).toBe("Na4 Cl4");
    expect(structure.operations.length).toBe(192);
    expect(codes(structure)).toEqual([]);
  });

  it("comes from listed operations, in the old and the new item, before any symbol", () => {
    const list = operations("x,y,z", "-x,-y,-z");
    for (const text of [
      list,
      list.replace("_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz"),
    ]) {
      const structure = read(
        `${CUBIC}${text}_symmetry_space_group_name_H-M 'P -1'\n${atoms(PLACES, "Si1 .1 .2 .3", "O1 0 0 0")}`,
      );
      expect(contents(structure)).toBe("Si2 O1");
      expect(structure.declared).toEqual({
        hermannMauguin: "P -1",
        operations: ["x,y,z", "-x,-y,-z"],
      });
      expect(structure.structure.sites[1]).toEqual({
        species: [{ element: "Si", occupancy: 1 }],
        frac: [0.9, 0.8, 0.7],
        label: "Si1",
      });
    }
  });

  it("takes axes H or R from the cell", () => {
    const line = "_symmetry_space_group_name_H-M 'R -3 m'\n";
    const hexagonal = read(`${cell(3, 3, 15, 90, 90, 120)}${line}${atoms(PLACES, "Bi1 0 0 .2")}`);
    expect(hexagonal.structure.sites.length).toBe(6);
    const rhombohedral = read(
      `${cell(4.7, 4.7, 4.7, 57, 57, 57)}${line}${atoms(PLACES, "Bi1 .2 .2 .2")}`,
    );
    expect(rhombohedral.structure.sites.length).toBe(2);
    expect(
      failure(`${CUBIC.replaceAll("4.2", "5")}_symmetry_space_group_name_H-M 'P 63/m m c'\n${salt}`)
        .code,
    ).toBe("cif/symmetry-metric");
  });

  it("takes the unique axis of P 2 from the cell", () => {
    const structure = read(
      `${cell(5, 6, 7, 90, 90, 100)}_symmetry_space_group_name_H-M 'P 2'\n${atoms(PLACES, "Si1 .1 .2 .3")}`,
    );
    expect(structure.structure.sites[1]!.frac.map((x) => Number(x.toFixed(6)))).toEqual([
      0.9, 0.8, 0.3,
    ]);
  });

  it("finds the origin of diamond by its contents, and says so", () => {
    const diamond = (x: string, extra: string) =>
      `${cell(3.57, 3.57, 3.57, 90, 90, 90)}_symmetry_space_group_name_H-M 'F d -3 m'\n${extra}${atoms(PLACES, `C1 ${x} ${x} ${x}`)}`;
    const z = "_chemical_formula_sum C\n_cell_formula_units_Z 8\n";
    for (const x of ["0", ".125"]) {
      const structure = read(diamond(x, z));
      expect(contents(structure)).toBe("C8");
      expect(codes(structure)).toEqual(["cif/setting-inferred"]);
    }
    // Nothing tells: origin choice 2 is the reference setting of the IUCr.
    const open = read(
      `${cell(9, 9, 9, 90, 90, 90)}_symmetry_space_group_name_H-M 'F d -3 m'\n${atoms(PLACES, "C1 .125 .125 .125")}`,
    );
    expect(codes(open)).toEqual(["cif/setting-assumed"]);
    expect(contents(open)).toBe("C8");
  });

  it("refuses operations that contradict the symbol, unless told which to believe", () => {
    const text = `${CUBIC}${operations("x,y,z")}_symmetry_space_group_name_H-M 'F m -3 m'\n${salt}`;
    expect(failure(text)).toMatchObject({
      code: "cif/symmetry-contradiction",
      details: { line: 10, column: 1 },
    });
    expect(contents(read(text, { contradiction: "listed" }))).toBe("Na1 Cl1");
    expect(contents(read(text, { contradiction: "declared" }))).toBe("Na4 Cl4");
    expect(
      failure(
        `${CUBIC}_space_group_IT_number 2\n_symmetry_space_group_name_H-M 'F m -3 m'\n${salt}`,
      ).code,
    ).toBe("cif/symmetry-contradiction");
  });

  it("believes operations without the centring of the symbol only if the contents fit", () => {
    const text = (formula: string) =>
      `${CUBIC}${operations("x,y,z", "-x,-y,-z")}_symmetry_space_group_name_H-M 'I -1'\n${formula}${atoms(PLACES, "Si1 .1 .2 .3")}`;
    expect(failure(text("")).code).toBe("cif/symmetry-contradiction");
    const z = "_chemical_formula_sum Si\n_cell_formula_units_Z";
    expect(failure(text(`${z} 4\n`)).code).toBe("cif/symmetry-contradiction");
    expect(contents(read(text(`${z} 2\n`)))).toBe("Si2");
  });

  it("warns of a setting out of the table and of what it does not know", () => {
    const shifted = read(
      `${CUBIC}${operations("x,y,z", "1/2-x,-y,-z")}_symmetry_space_group_name_H-M 'P -1'\n${salt}`,
    );
    expect(codes(shifted)).toEqual(["cif/symmetry-setting"]);
    const odd = read(
      `${CUBIC}${operations("x,y,z")}_symmetry_space_group_name_H-M 'Q 7'\n_symmetry_Int_Tables_number 900\n${salt}`,
    );
    expect(codes(odd)).toEqual(["cif/space-group-number", "cif/space-group-symbol"]);
  });

  it("refuses lists that are no group, and mends the ones that are meant to be", () => {
    expect(failure(`${CUBIC}${operations("x,y,z", "-y,x,z")}${salt}`).code).toBe(
      "cif/symmetry-not-a-group",
    );
    expect(failure(`${CUBIC}${operations("x,y,z", "x,y,x")}${salt}`)).toMatchObject({
      code: "symmetry/operation",
      details: { line: 11, column: 1 },
    });
    expect(codes(read(`${CUBIC}${operations("-x,-y,-z")}${salt}`))).toEqual([
      "cif/symmetry-no-identity",
    ]);
    expect(codes(read(`${CUBIC}${operations("x,y,z", "x,y,z")}${salt}`))).toEqual([
      "cif/symmetry-repeated",
    ]);
    const oblique = `${cell(4, 5, 6, 90, 90, 90)}${operations("x,y,z", "-y,x,z", "-x,-y,z", "y,-x,z")}${salt}`;
    expect(failure(oblique).code).toBe("cif/symmetry-metric");
  });

  it("reads a file without symmetry as P 1 unless its contents speak against it", () => {
    expect(codes(read(`${CUBIC}${salt}`))).toEqual(["cif/no-symmetry"]);
    const formula = "_chemical_formula_sum 'Na Cl'\n_cell_formula_units_Z 4\n";
    expect(failure(`${CUBIC}${formula}${salt}`).code).toBe("cif/no-symmetry");
    expect(failure(`${CUBIC}_symmetry_space_group_name_H-M 'Q 7'\n${salt}`).code).toBe(
      "cif/space-group-symbol",
    );
  });
});

describe("sites", () => {
  it("merges images of rounded special positions and puts them exactly there", () => {
    const list = operations("x,y,z", "-y,x-y,z", "-x+y,-x,z");
    const structure = read(
      `${cell(5, 5, 6, 90, 90, 120)}${list}${atoms(PLACES, "Si1 .333 .667 .25")}`,
    );
    expect(structure.structure.sites.length).toBe(1);
    expect(structure.structure.sites[0]!.frac[0]).toBeCloseTo(1 / 3, 12);
    expect(structure.structure.sites[0]!.frac[1]).toBeCloseTo(2 / 3, 12);
    const rough = read(`${cell(9, 9, 6, 90, 90, 120)}${list}${atoms(PLACES, "Si1 .33 .66 .25")}`);
    expect(rough.structure.sites.length).toBe(1);
    expect(codes(rough)).toContain("structure/near-special");
  });

  it("keeps a half occupied atom beside a mirror split", () => {
    const structure = read(
      `${CUBIC}${operations("x,y,z", "-x,y,z")}${atoms(`${PLACES} occupancy`, "O1 .02 0 0 .5", "Si1 .5 0 0 1")}`,
    );
    expect(contents(structure)).toBe("O1 Si1");
    expect(structure.structure.sites.length).toBe(3);
  });

  it("makes one mixed site of atoms at one place, also at an image of it", () => {
    const structure = read(
      `${CUBIC}${operations("x,y,z", "-x,-y,-z")}${atoms(`${PLACES} occupancy`, "Fe1 .1 .2 .3 0.25(1)", "Mg1 .9 .8 .7 .75")}`,
    );
    expect(structure.structure.sites.length).toBe(2);
    expect(structure.structure.sites[0]!.species).toEqual([
      { element: "Fe", occupancy: 0.25, occupancyEsd: 0.01 },
      { element: "Mg", occupancy: 0.75 },
    ]);
  });

  it("scales a sum a little above 1, refuses one far above", () => {
    const mixed = (a: number, b: number) =>
      `${CUBIC}${operations("x,y,z")}${atoms(`${PLACES} occupancy`, `Fe1 0 0 0 ${a}`, `Mg1 0 0 0 ${b}`)}`;
    const scaled = read(mixed(0.51, 0.51));
    expect(contents(scaled)).toBe("Fe0.5 Mg0.5");
    expect(codes(scaled)).toEqual(["structure/occupancy-sum"]);
    expect(codes(read(mixed(0.3335, 0.6667)))).toEqual([]);
    expect(failure(mixed(1, 1))).toMatchObject({
      code: "structure/occupancy-sum",
      details: { line: 18 },
    });
  });

  it("leaves out repeated rows, empty and dummy ones, with a word", () => {
    const structure = read(
      `${CUBIC}${operations("x,y,z")}${atoms(
        `${PLACES} occupancy calc_flag`,
        "Si1 0 0 0 1 d",
        "Si2 1 0 0 1 d",
        "H1 ? ? ? 1 calc",
        "Cg1 .5 .5 0 1 dum",
        "O9 0 .5 0 0 d",
        "O1 .5 .5 .5 . d",
        "Vac 0 0 .5 1 d",
      )}`,
    );
    expect(contents(structure)).toBe("Si1 O1");
    expect(codes(structure).sort()).toEqual([
      "cif/dummy-atom",
      "cif/no-coordinates",
      "cif/vacancy",
      "cif/zero-occupancy",
      "structure/duplicate-site",
    ]);
  });

  it.each([
    ["structure/clash", "Si1 0 0 0 1", "O1 .05 0 0 1"],
    ["cif/coordinate", "Si1 0 ? 0 1"],
    ["cif/coordinate", "Si1 0 1e6 0 1"],
    ["cif/not-a-number", "Si1 0 abc 0 1"],
    ["cif/not-a-number", "Si1 0 NaN 0 1"],
    ["cif/occupancy", "Si1 0 0 0 50"],
    ["cif/occupancy", "Si1 0 0 0 -0.3"],
    ["cif/unknown-element", "Xx1 0 0 0 1"],
    ["cif/unknown-element", "M1 0 0 0 1"],
    ["cif/ambiguous-element", "CA1 0 0 0 1"],
    ["cif/ambiguous-element", "Va 0 0 0 1"],
    ["cif/no-sites", "Si1 ? ? ? 1"],
    ["cif/loop-values", "Si1 0 0 0 1", "O1 0"],
  ])("%s is refused with its line", (code, ...rows) => {
    const error = failure(`${CUBIC}${operations("x,y,z")}${atoms(`${PLACES} occupancy`, ...rows)}`);
    expect(error.code).toBe(code);
    expect(error.details.line).toBeGreaterThanOrEqual(10);
  });

  it("keeps uncertainties, turned with the site", () => {
    const structure = read(
      `${cell("4.2(1)", 5, 6, 90, "90.5(2)", 90).replace("90.5", "90.0")}${operations("x,y,z", "y+1/2,-x,z").replace("'y+1/2,-x,z'\n", "'-x,y,-z'\n")}${atoms(PLACES, "Si1 0.1(2) .2 0.30(1)")}`,
    );
    expect(structure.structure.latticeEsd).toEqual({
      a: 0.1,
      b: 0,
      c: 0,
      alphaDeg: 0,
      betaDeg: 0.2,
      gammaDeg: 0,
    });
    expect(structure.structure.sites[1]!.fracEsd!.map((x) => Number(x.toFixed(9)))).toEqual([
      0.2, 0, 0.01,
    ]);
  });

  it("gives B from U, B, and anisotropic U", () => {
    const sites = read(
      `${CUBIC}${operations("x,y,z")}${atoms(`${PLACES} U_iso_or_equiv B_iso_or_equiv`, "Si1 0 0 0 0.01 ?", "O1 .5 0 0 ? 0.7", "O2 0 .5 0 ? ?")}loop_\n_atom_site_aniso_label\n${["11", "22", "33", "12", "13", "23"].map((one) => `_atom_site_aniso_U_${one}\n`).join("")}O2 .01 .02 .03 0 0 0\n`,
    ).structure.sites;
    expect(sites[0]!.bIsoAngstrom2).toBeCloseTo(8 * Math.PI ** 2 * 0.01, 9);
    expect(sites[1]!.bIsoAngstrom2).toBe(0.7);
    expect(sites[2]!.bIsoAngstrom2).toBeCloseTo(8 * Math.PI ** 2 * 0.02, 9);
  });

  it("reads Cartesian coordinates where the file says how they lie", () => {
    const list = atoms("label Cartn_x Cartn_y Cartn_z", "Si1 2.1 0 0");
    const right = read(`${CUBIC}${operations("x,y,z")}${list}`);
    expect(right.structure.sites[0]!.frac[0]).toBeCloseTo(0.5, 12);
    expect(codes(right)).toEqual(["cif/cartesian-orientation"]);
    const oblique = `${cell(4, 4, 4, 90, 90, 100)}${operations("x,y,z")}${list}`;
    expect(failure(oblique).code).toBe("cif/cartesian-orientation");
    const matrix = [1, 2, 3].flatMap((i) =>
      [1, 2, 3].map((j) => `_atom_sites_fract_tran_matrix_${i}${j} ${i === j ? 0.25 : 0}\n`),
    );
    expect(read(`${oblique}${matrix.join("")}`).structure.sites[0]!.frac[0]).toBeCloseTo(0.525, 12);
  });
});

describe("species", () => {
  it.each([
    ["Ti4+", { element: "Ti", oxidation: 4 }],
    ["O2-", { element: "O", oxidation: -2 }],
    ["Fe+3", { element: "Fe", oxidation: 3 }],
    ["Na+", { element: "Na", oxidation: 1 }],
    ["Mn3.5+", { element: "Mn", oxidation: 3.5 }],
    ["Si0+", { element: "Si", oxidation: 0 }],
    ["Cval", { element: "C" }],
    ["CU", { element: "Cu" }],
    ["D", { element: "D" }],
    ["2H", { element: "D" }],
    ["OH2", { element: "O" }],
    ["Wat", { element: "O" }],
  ])("type symbol %s", (type, species) => {
    const structure = read(
      `${CUBIC}${operations("x,y,z")}${atoms(`type_symbol ${PLACES}`, `${type} A1 0 0 0`)}`,
    );
    expect(structure.structure.sites[0]!.species).toEqual([{ occupancy: 1, ...species }]);
  });

  it.each([
    ["Si1", "", "Si"],
    ["Ca", "", "Ca"],
    ["SI1", "Si O2", "Si"],
    ["CA1", "C6 H6", "C"],
    ["CA1", "Ca O", "Ca"],
    ["HO1", "H2 O", "H"],
    ["Ow1", "", "O"],
    ["WatII", "(Na.5 K.5) O2", "O"],
    ["Dwa", "Si O2 D4", "D"],
    ["MnT", "Mg O", "Mn"],
    ["C(15')", "C H4", "C"],
    ["O2-", "", "O"],
    ["O-H1", "Al O3 H3", "O"],
    ["C-12", "C H4", "C"],
  ])("label %s in %j is %s", (label, formula, element) => {
    const line = formula === "" ? "" : `_chemical_formula_sum '${formula}'\n`;
    const structure = read(
      `${CUBIC}${line}${operations("x,y,z")}${atoms(PLACES, `${label} 0 0 0`)}`,
    );
    const oxidation = label === "O2-" ? { oxidation: -2 } : {};
    expect(structure.structure.sites[0]!.species).toEqual([
      { element, occupancy: 1, ...oxidation },
    ]);
  });
});

describe("cells and files", () => {
  const site = operations("x,y,z") + atoms(PLACES, "Si1 0 0 0");

  it.each([
    ["cif/no-cell", CUBIC.replace("_cell_length_b 4.2\n", "")],
    ["cif/no-cell", CUBIC.replace("_cell_angle_beta 90", "_cell_angle_beta ?")],
    ["cif/not-a-number", CUBIC.replace("_cell_length_b 4.2", "_cell_length_b long")],
    ["cif/malformed-value", CUBIC.replace("_cell_length_b 4.2", "_cell_length_b 4 2")],
    ["cif/duplicate-tag", `${CUBIC}_cell_length_a 5\n`],
    ["cif/cell", cell(0, 4, 4, 90, 90, 90)],
    ["cif/cell", cell(4, 4e9, 4, 90, 90, 90)],
    ["lattice/angle", cell(4, 4, 4, 90, 190, 90)],
    ["lattice/zero-volume", cell(4, 4, 4, 60, 60, 120)],
  ])("%s", (code, text) => {
    const error = failure(text + site);
    expect(error.code).toBe(code);
    expect(error.details.line).toBeGreaterThan(0);
  });

  it("takes an absent angle for 90°, as the dictionary says", () => {
    expect(codes(read(CUBIC.replace("_cell_angle_beta 90\n", "") + site))).toEqual([
      "cif/angle-assumed",
    ]);
  });

  it("reads names with a dot, and uncertainties of their own item", () => {
    const dotted = `${CUBIC}${site}`.replace(/_(cell|atom_site|space_group_symop)_/g, "_$1.");
    const structure = read(`${dotted}_cell.length_a_su 0.02\n`);
    expect(contents(structure)).toBe("Si1");
    expect(structure.structure.latticeEsd!.a).toBe(0.02);
  });

  it("reads every block, and lists the ones that it cannot", () => {
    const { structures, failures } = readCifStructures(
      `data_a\n${CUBIC}${site}data_global\n_journal_year 1999\ndata_b\n${site}data_c\n${CUBIC}${site}`,
    );
    expect(structures.map((one) => one.name)).toEqual(["a", "c"]);
    expect(failures.map((one) => one.code)).toEqual(["cif/no-cell"]);
  });

  it.each([
    ["_pd_meas_counts_total 5\n", "a powder diffraction scan (pdCIF)"],
    ["_refln_index_h 5\n", "a list of reflections"],
    ["_cell_length_a 5\n", "a cell without atoms"],
  ])("says what %j is instead", (text, what) => {
    expect(failure(text)).toMatchObject({ code: "cif/no-structure", details: { value: what } });
  });

  it("keeps within its limits", () => {
    const rows = Array.from(
      { length: 300 },
      (_, i) =>
        `C${i} ${(i % 10) / 10} ${(Math.floor(i / 10) % 10) / 10} ${Math.floor(i / 100) / 10}`,
    );
    const text = `${cell(20, 20, 20, 90, 90, 90)}${operations("x,y,z", "-x,-y,-z+.55")}${atoms(PLACES, ...rows)}`;
    expect(read(text).structure.sites.length).toBe(600);
    expect(failure(text, { maxSites: 500 }).code).toBe("structure/too-many-sites");
    expect(failure(text, { maxSites: 100 }).details).toMatchObject({ value: 300, line: 17 });
  });

  it("does not hang on a million atoms in a corner", { timeout: 10_000 }, () => {
    const rows = "Si1 0.001 0.001 0.001 0.0001\nC1 0.02 0.02 0.03 0.0001\n".repeat(500_000);
    const text = `${CUBIC}${operations("x,y,z")}${atoms(`${PLACES} occupancy`, rows)}`;
    expect(failure(text).code).toBe("structure/too-many-sites");
    const crowd = Array.from({ length: 50_000 }, (_, i) => `C1 ${i / 1e6} 0.001 0.001 0.00001`);
    const crowded = `${cell(9, 9, 9, 90, 90, 90)}${operations("x,y,z")}${atoms(`${PLACES} occupancy`, ...crowd)}`;
    expect(failure(crowded, { mergeAngstrom: 1e-6 }).code).toBe("structure/clash");
  });
});

it("orbits have the size that their site symmetry leaves, in all space groups", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 230 }),
      fc.constantFrom(0, 0.25, 0.5, 1 / 3, 0.125, 0.137),
      fc.constantFrom(0, 0.25, 0.5, 2 / 3, 0.375, 0.211),
      fc.constantFrom(0, 0.25, 0.5, 0.75, 0.091),
      (number, x, y, z) => {
        const setting = settingsByNumber(number)[0]!;
        const lattice = latticeFromParameters(shapeOf(number));
        const group = operationsOfSetting(setting);
        const { sites, multiplicities } = expandSites(
          [{ species: { element: "Si", occupancy: 0.1 }, frac: [x, y, z] }],
          group,
          lattice,
        );
        expect(multiplicities).toEqual([sites.length]);
        expect(group.length % sites.length).toBe(0);
        // The orbit of any of its members is the same orbit.
        const again = expandSites(
          [{ species: { element: "Si", occupancy: 0.1 }, frac: sites.at(-1)!.frac }],
          group,
          lattice,
        );
        expect(again.sites.length).toBe(sites.length);
      },
    ),
    { numRuns: 300, seed: 3 },
  );
});

function shapeOf(number: number) {
  const shape = { a: 7.1, b: 8.3, c: 9.7, alphaDeg: 90, betaDeg: 90, gammaDeg: 90 };
  if (number <= 2) return { ...shape, alphaDeg: 85, betaDeg: 95, gammaDeg: 102 };
  if (number <= 15) return { ...shape, betaDeg: 103 };
  if (number <= 74) return shape;
  if (number <= 142) return { ...shape, b: 7.1 };
  return number <= 194 ? { ...shape, b: 7.1, gammaDeg: 120 } : { ...shape, b: 7.1, c: 7.1 };
}

it("keeps the cell as given", () => {
  const structure = read(
    `${cell(4, 5, 6, 80, 95, 110)}${operations("x,y,z")}${atoms(PLACES, "Si1 0 0 0")}`,
  );
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = latticeParameters(structure.structure.lattice);
  for (const [found, given] of [
    [a, 4],
    [b, 5],
    [c, 6],
    [alphaDeg, 80],
    [betaDeg, 95],
    [gammaDeg, 110],
  ] as const) {
    expect(found).toBeCloseTo(given, 10);
  }
});
