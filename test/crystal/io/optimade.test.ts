/** OPTIMADE resources: what is more than a list of atoms. */
import { describe, expect, test } from "vitest";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import { EwaldError } from "../../../src/errors.ts";
import { caseFile, codes, contents } from "../cases.ts";

type Attributes = Readonly<Record<string, unknown>>;
const TI = { name: "Ti", chemical_symbols: ["Ti"], concentration: [1] };
const O = { name: "O", chemical_symbols: ["O"], concentration: [1] };
const BASE: Attributes = {
  lattice_vectors: [
    [6, 0, 0],
    [0, 6, 0],
    [0, 0, 6],
  ],
  cartesian_site_positions: [
    [0, 0, 0],
    [1.2, 0, 0],
    [3, 3, 3],
  ],
  species_at_sites: ["Ti", "Ti", "O"],
  species: [TI, O],
};

function read(more: Attributes, id = "t1") {
  const data = { id, type: "structures", attributes: { ...BASE, ...more } };
  return readStructures(JSON.stringify({ data })).structures[0]!;
}

function refusal(more: Attributes): string {
  try {
    read(more);
  } catch (error) {
    if (error instanceof EwaldError) return error.code;
    throw error;
  }
  return "read";
}

describe("assemblies", () => {
  test("50-optimade-assembly.json was Ti2O", () => {
    const found = readStructures(caseFile("50-optimade-assembly.json")).structures[0]!;
    expect([contents(found), codes(found)]).toEqual(["O1 Ti1", []]);
    expect(found.structure.sites.map(({ species }) => species[0]!.occupancy)).toEqual([
      0.7, 0.3, 1,
    ]);
  });

  test("several sites of one group, several assemblies, a species that is mixed", () => {
    const mixed = { name: "Ti", chemical_symbols: ["Ti", "Zr"], concentration: [0.5, 0.5] };
    const found = read({
      species: [mixed, O],
      assemblies: [
        { sites_in_groups: [[0, 1], []], group_probabilities: [0.4, 0.6] },
        { sites_in_groups: [[2]], group_probabilities: [0.9] },
      ],
    });
    expect(contents(found)).toBe("O0.9 Ti0.4 Zr0.4");
    expect(codes(found)).toEqual(["optimade/assembly"]);
  });

  test("three atoms of one place", () => {
    const place = [0, 0, 0];
    const found = read({
      cartesian_site_positions: [place, place, place],
      species_at_sites: ["Ti", "O", "vac"],
      species: [TI, O, { name: "vac", chemical_symbols: ["vacancy"], concentration: [1] }],
      assemblies: [{ sites_in_groups: [[0], [1], [2]], group_probabilities: [0.3, 0.5, 0.2] }],
    });
    expect([contents(found), found.structure.sites.length]).toEqual(["O0.5 Ti0.3", 1]);
  });

  test.each([
    { sites_in_groups: [[0], [1]], group_probabilities: [0.7] },
    { sites_in_groups: [[0], [0]], group_probabilities: [0.7, 0.3] },
    { sites_in_groups: [[0], [3]], group_probabilities: [0.7, 0.3] },
    { sites_in_groups: [[0], [-1]], group_probabilities: [0.7, 0.3] },
    { sites_in_groups: [[0], [0.5]], group_probabilities: [0.7, 0.3] },
    { sites_in_groups: [[0], [1]], group_probabilities: [0.7, 0.7] },
  ])("%j cannot be meant", (assembly) => {
    expect(refusal({ assemblies: [assembly] })).toBe("optimade/assembly");
  });

  test("that are announced and not there are refused", () => {
    expect(refusal({ structure_features: ["assemblies"] })).toBe("optimade/incomplete");
    expect(refusal({ structure_features: ["site_attachments"] })).toBe("optimade/incomplete");
    expect(refusal({ assemblies: null })).toBe("read");
  });
});

describe("species", () => {
  const one = (species: object) => read({ species: [{ ...TI, ...species }, O] });

  test("attached hydrogen is told, other attached atoms are refused", () => {
    const attached = (...symbols: readonly string[]) => ({
      species: [{ ...TI, attached: symbols, nattached: symbols.map(() => 3) }, O],
    });
    const found = read(attached("H"));
    expect(codes(found)).toEqual(["optimade/attached"]);
    expect(found.warnings[0]!.message).toContain("3 H attached without places: left out");
    expect(refusal(attached("O"))).toBe("optimade/attached");
    expect(refusal(attached("H", "C"))).toBe("optimade/attached");
  });

  test("isotopes by their mass: deuterium, and others with a word", () => {
    const hydrogen = (mass: unknown) => one({ chemical_symbols: ["H"], mass });
    expect(contents(hydrogen([2.014]))).toBe("D2 O1");
    expect(contents(hydrogen(2.014))).toBe("D2 O1");
    expect([contents(hydrogen([1.008])), codes(hydrogen([1.008]))]).toEqual(["H2 O1", []]);
    expect(codes(hydrogen([3.016]))).toEqual(["optimade/isotope"]);
    expect(codes(one({ mass: [45.953] }))).toEqual(["optimade/isotope"]);
    expect(codes(one({ mass: [47.867] }))).toEqual([]);
    expect(refusal({ species: [{ ...TI, mass: [47.867, 1] }, O] })).toBe("json/shape");
  });

  test("concentrations that do not sum to 1, or are too few", () => {
    expect(codes(one({ concentration: [0.9] }))).toEqual(["optimade/concentration"]);
    const thirds = { chemical_symbols: ["Ti", "Zr"], concentration: [0.333, 0.667] };
    expect(codes(one(thirds))).toEqual([]);
    expect(refusal({ species: [{ ...TI, chemical_symbols: ["Ti", "Zr"] }, O] })).toBe("json/shape");
    expect(refusal({ species: [TI, TI, O] })).toBe("json/shape");
  });
});

describe("places", () => {
  const fractional = [
    [0, 0, 0],
    [0.2, 0, 0],
    [0.5, 0.5, 0.5],
  ];

  test("fractional alone, or beside Cartesian ones that say the same, or do not", () => {
    expect(
      contents(
        read({ cartesian_site_positions: undefined, fractional_site_positions: fractional }),
      ),
    ).toBe("O1 Ti2");
    expect(codes(read({ fractional_site_positions: fractional }))).toEqual([]);
    const other = [...fractional.slice(0, 2), [0.5, 0.5, 0.25]];
    expect(codes(read({ fractional_site_positions: other }))).toEqual(["optimade/positions"]);
    expect(refusal({ cartesian_site_positions: undefined })).toBe("json/shape");
    expect(refusal({ fractional_site_positions: fractional.slice(1) })).toBe("json/shape");
  });

  test("a part of the cell is completed by the operations, or refused", () => {
    const part = { site_coordinate_span: "asymmetric_unit" };
    const operations = ["x,y,z", "-x,-y,-z"];
    const found = read({ ...part, space_group_symmetry_operations_xyz: operations });
    expect(contents(found)).toBe("O1 Ti3");
    expect(refusal(part)).toBe("optimade/span");
    const broken = { ...part, space_group_symmetry_operations_xyz: ["x,y,z", "-y,x,z"] };
    expect(refusal(broken)).toBe("optimade/span");
    expect(refusal({ site_coordinate_span: "molecular_entities" })).toBe("optimade/span");
    expect(refusal({ site_coordinate_span: "unit_cell" })).toBe("read");
  });

  test("what is no crystal", () => {
    expect(refusal({ dimension_types: [1, 1, 0] })).toBe("optimade/not-a-crystal");
    expect(refusal({ nperiodic_dimensions: 2 })).toBe("optimade/not-a-crystal");
    const none = [null, null, null];
    const slab = { dimension_types: [1, 1, 0], lattice_vectors: [[6, 0, 0], [0, 6, 0], none] };
    expect(refusal(slab)).toBe("optimade/not-a-crystal");
  });

  test("atoms without places are told", () => {
    expect(codes(read({ structure_features: ["implicit_atoms"] }))).toEqual([
      "optimade/implicit-atoms",
    ]);
  });
});

test.each([
  [{ nsites: 4 }, "nsites 4, but 3 was read"],
  [{ nelements: 3 }, "nelements 3, but 2 was read"],
  [{ elements: ["O", "Zr"] }, "elements O Zr, but O Ti was read"],
  [
    { elements: ["O", "Ti"], elements_ratios: [0.5, 0.5] },
    "elements_ratios 0.500 0.500, but 0.333 0.667 was read",
  ],
  [{ chemical_formula_reduced: "OTi" }, "formula OTi, but Ti2 O in the cell was read"],
])("what it states of itself: %j", (more, words) => {
  const found = read(more);
  expect(codes(found)).toEqual(["structure/stated"]);
  expect(found.warnings[0]!.message).toContain(words);
});

test("what it states of itself and is so", () => {
  const found = read({
    nsites: 3,
    nelements: 2,
    elements: ["O", "Ti"],
    elements_ratios: [0.3333, 0.6667],
    chemical_formula_reduced: "OTi2",
    dimension_types: [1, 1, 1],
    assemblies: [],
  });
  expect(codes(found)).toEqual([]);
});
