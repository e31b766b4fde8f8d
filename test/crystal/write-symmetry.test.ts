/** CIFs written with symmetry hold the same crystal: composition, atoms, powder pattern. */
import * as fc from "fast-check";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { ReadStructure } from "../../src/crystal/cif/structure.ts";
import { reducedFormula } from "../../src/crystal/composition/composition-formula.ts";
import { compositionOf } from "../../src/crystal/composition/composition.ts";
import { readStructures } from "../../src/crystal/io/read-structures.ts";
import {
  changeAxes,
  primitiveCell,
  shiftOrigin,
  supercell,
} from "../../src/crystal/structure-transform.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { parseOperation } from "../../src/crystal/symmetry/symmetry-operation.ts";
import { analyzeSymmetry } from "../../src/crystal/symmetry/symmetry.ts";
import { writeCif } from "../../src/crystal/io/write-structure.ts";
import { powderPattern } from "../../src/diffraction/powder.ts";
import type { Mat3, Vec3 } from "../../src/math/matrix3.ts";
import { crystalIn, firstOfSame, settingsOf, SYSTEMS } from "../support/settings.ts";

beforeAll(async () => loadSymmetry());

function example(name: string): Structure {
  return readStructures(readFileSync(`examples/${name}.cif`)).structures[0]!.structure;
}

function again(structure: Structure, symprecAngstrom = 0.01): ReadStructure {
  const symmetry = analyzeSymmetry(structure, { symprecAngstrom });
  return readStructures(writeCif(structure, { symmetry })).structures[0]!;
}

function latticeLengths({ lattice }: Structure): number[] {
  return lattice.map((row) => Math.hypot(...row));
}

/** Atoms per 1000 Å³ by element; the cell itself may be another. */
function contents({ sites, lattice }: Structure): readonly [string, number][] {
  const [a, b, c] = lattice;
  const volume = Math.abs(
    a[0] * (b[1] * c[2] - b[2] * c[1]) -
      a[1] * (b[0] * c[2] - b[2] * c[0]) +
      a[2] * (b[0] * c[1] - b[1] * c[0]),
  );
  const sums = new Map<string, number>();
  for (const { element, occupancy } of sites.flatMap(({ species }) => species)) {
    sums.set(element, (sums.get(element) ?? 0) + occupancy);
  }
  return [...sums].sort().map(([element, sum]) => [element, Math.round((1e6 * sum) / volume)]);
}

/** Each line of either has its like in the other, or is weaker than what may differ. */
function expectSamePattern(found: Structure, expected: Structure, most = 0.02): void {
  const [left, right] = [found, expected].map(
    (one) => powderPattern(one, { twoThetaRangeDeg: [5, 90] }).peaks,
  );
  for (const [some, others] of [
    [left!, right!],
    [right!, left!],
  ] as const) {
    const lost = some.filter(
      ({ twoThetaDeg, intensity }) =>
        intensity > most &&
        !others.some(
          (other) =>
            Math.abs(other.twoThetaDeg - twoThetaDeg) < 1e-3 &&
            Math.abs(other.intensity - intensity) < most,
        ),
    );
    expect(lost).toEqual([]);
  }
}

const NAMES = ["quartz", "rutile", "halite", "calcite", "olivine", "anatase"];
/** Other axes of the same lattice. */
const AXES: readonly Mat3[] = [
  [
    [0, 0, 1],
    [1, 0, 0],
    [0, 1, 0],
  ],
  [
    [1, 1, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [-1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
];

describe("CIF with symmetry", () => {
  test("of a supercell is the unit cell: number 225 stood beside operations of a long cell", () => {
    const halite = example("halite");
    const read = again(supercell(halite, [1, 1, 2]));
    expect(read.warnings).toEqual([]);
    expect(read.structure.sites).toHaveLength(8);
    expectSamePattern(read.structure, halite);
  });

  test("of an origin slightly off: atoms moved by 0.034 Å", () => {
    const anatase = example("anatase");
    for (const shift of [0.0013, 0.0017, 0.0025]) {
      const read = again(shiftOrigin(anatase, [shift, shift, shift]));
      expect(read.warnings).toEqual([]);
      expectSamePattern(read.structure, anatase);
    }
  });

  test("at a large tolerance keeps the composition: LiZrO4F2 became LiZrO4F4", () => {
    const atoms: readonly (readonly [string, number, Vec3])[] = [
      ["Zr", 1, [0, 0, 0]],
      ["Li", 0.5, [0.5, 0.5, 0.253]],
      ["Li", 0.5, [0.5, 0.5, 0.747]],
      ["O", 1, [0.5, 0, 0.1]],
      ["O", 1, [0, 0.5, 0.1]],
      ["O", 1, [0.5, 0, 0.9]],
      ["O", 1, [0, 0.5, 0.9]],
      ["F", 0.5, [0.252, 0.25, 0.5]],
      ["F", 0.5, [0.748, 0.75, 0.5]],
      ["F", 0.5, [0.75, 0.252, 0.5]],
      ["F", 0.5, [0.25, 0.748, 0.5]],
    ];
    const structure: Structure = {
      lattice: [
        [6, 0, 0],
        [0, 6, 0],
        [0, 0, 8],
      ],
      sites: atoms.map(([element, occupancy, frac]) => ({
        species: [{ element, occupancy }],
        frac,
      })),
    };
    for (const symprec of [0.01, 0.05, 0.1]) {
      const read = again(structure, symprec);
      expect(reducedFormula(compositionOf(read.structure), "conventional")).toBe("LiZrO4F2");
      expect(read.structure.sites).toHaveLength(11);
    }
  });

  test.each(NAMES)("of %s survives other axes, origins, cells and small displacements", (name) => {
    const structure = example(name);
    const shift = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(
        fc.constantFrom(null, ...AXES),
        fc.tuple(shift, shift, shift),
        fc.constantFrom<Vec3>([1, 1, 1], [1, 2, 1], [1, 1, 3]),
        fc.boolean(),
        (axes, origin, repeats, isPrimitive) => {
          const cell = isPrimitive ? primitiveCell(structure) : structure;
          const turned = axes === null ? cell : changeAxes(cell, axes);
          const changed = supercell(shiftOrigin(turned, origin), repeats);
          const { structure: read, warnings } = again(changed);
          expect(warnings).toEqual([]);
          expect(contents(read)).toEqual(contents(structure));
          expectSamePattern(read, structure);
        },
      ),
      { numRuns: 15, seed: 7 },
    );
  });

  test.each(NAMES)("of %s with displaced atoms, within the tolerance", (name) => {
    const structure = example(name);
    const sites = structure.sites.map((site, i) => ({
      ...site,
      frac: site.frac.map((x, axis) => x + 0.0005 * Math.sin(7 * i + axis)) as unknown as Vec3,
    }));
    const { structure: read } = again({ ...structure, sites }, 0.1);
    expect(read.sites).toHaveLength(structure.sites.length);
    expect(contents(read)).toEqual(contents(structure));
    expectSamePattern(read, structure, 1.5);
  });

  test("keeps partly filled atoms 0.011 Å off a mirror apart: trimmed digits merged them", () => {
    const text = `data_x
_cell_length_a 5.318
_cell_length_b 5.318
_cell_length_c 12.837
_cell_angle_gamma 120
_space_group_name_H-M_alt 'P 63 m c'
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Ba1 .33333 .66667 0 1
O3 .53200 .06200 .15100 .12
`;
    const { structure } = readStructures(text).structures[0]!;
    expect(structure.sites).toHaveLength(14);
    expect(again(structure).structure.sites).toHaveLength(14);
  });

  test("of a cell distorted within the tolerance is that of the space group", () => {
    const { lattice, sites } = example("halite");
    const [a, b, c] = lattice;
    const long: Vec3 = [c[0], c[1], c[2] + 0.02];
    const { structure, warnings } = again({ lattice: [a, b, long], sites }, 0.1);
    expect(warnings).toEqual([]);
    expect(structure.sites).toHaveLength(8);
    const lengths = structure.lattice.map((row) => Math.hypot(...row));
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThan(1e-6);
  });

  test("keeps a tabulated setting of the input", () => {
    const text = writeCif(example("olivine"), { symmetry: analyzeSymmetry(example("olivine")) });
    expect(text).toContain("_space_group_name_H-M_alt 'P b n m'");
    expect(text).toContain("_cell_length_b 10.207");
  });

  test.each(SYSTEMS)("of %s crystals in every tabulated setting keeps it", (_, first, last) => {
    for (const [hallNumber, setting] of settingsOf(first, last)) {
      const { structure } = crystalIn(hallNumber, setting);
      const { number, hermannMauguin, choice } = firstOfSame(setting);
      const name = `'${hermannMauguin}${choice === "" ? "" : ` :${choice}`}'`;
      // Moved by what is no fraction: another origin of the same axes.
      const isSmall = structure.sites.length <= 120;
      for (const shift of isSmall ? [0, 0.0371] : [0]) {
        const moved = shiftOrigin(structure, [shift, shift, shift]);
        const text = writeCif(moved, { symmetry: analyzeSymmetry(moved) });
        expect([name, text.includes(`_IT_number ${number}\n`)]).toEqual([name, true]);
        const told = /_H-M_alt (.*)/.exec(text)![1]!;
        if (shift === 0) expect(told).toBe(name);
        const { structure: read, warnings } = readStructures(text).structures[0]!;
        expect([name, warnings, read.sites.length]).toEqual([name, [], structure.sites.length]);
        const symmetry = analyzeSymmetry(read);
        const written = symmetry.setting.tabulated!;
        expect(
          `'${written.hermannMauguin}${written.choice === "" ? "" : ` :${written.choice}`}'`,
        ).toBe(told);
        for (const [i, row] of latticeLengths(read).entries())
          expect(row).toBeCloseTo(latticeLengths(structure)[i]!, 6);
      }
    }
  });

  test("of a cell with noise keeps its axes: it became the standard cell", () => {
    const olivine = example("olivine");
    const sites = olivine.sites.map((site, i) => ({
      ...site,
      frac: site.frac.map((x, axis) => x + 0.0003 * Math.sin(7 * i + axis)) as unknown as Vec3,
    }));
    const noisy = shiftOrigin({ ...olivine, sites }, [0.1, 0.2, 0.3]);
    const text = writeCif(noisy, { symmetry: analyzeSymmetry(noisy) });
    expect(text).toContain("_space_group_name_H-M_alt 'P b n m'");
    const { structure } = readStructures(text).structures[0]!;
    expect(structure.sites).toHaveLength(28);
    expect(latticeLengths(structure)[1]).toBeCloseTo(10.207, 6);
    expectSamePattern(structure, olivine, 1);
  });

  test("gives an orbit of several oxidation states and B the mean of both", () => {
    const structure: Structure = {
      lattice: [
        [4, 0, 0],
        [0, 4, 0],
        [0, 0, 8],
      ],
      sites: [
        {
          species: [{ element: "Fe", occupancy: 1, oxidation: 2 }],
          frac: [0, 0, 0],
          bIsoAngstrom2: 0.3,
        },
        {
          species: [{ element: "Fe", occupancy: 1, oxidation: 3 }],
          frac: [0, 0, 0.5],
          bIsoAngstrom2: 1.3,
        },
      ],
    };
    const [site] = again(structure).structure.sites;
    expect(site!.species[0]!.oxidation).toBe(2.5);
    expect(site!.bIsoAngstrom2).toBeCloseTo(0.8, 10);
  });
});

test("a translation is rounded to a fraction within its own last digit", () => {
  const read = (t: string) => parseOperation(`x+${t},y,z`).translation[0];
  for (const t of ["1/3", "0.33", "0.333", ".3333", "0.33333333"]) expect(read(t)).toBe(1 / 3);
  for (const t of ["0.66667", "0.667", "0.666", "0.67"]) expect(read(t)).toBeCloseTo(2 / 3, 14);
  expect(read("0.17")).toBe(4 / 24);
  // 0.0034 of an axis of 10 Å was 0.
  for (const t of [0.0034, 0.00340001, 0.3325, 0.001]) expect(read(`${t}`)).toBe(t);
});
