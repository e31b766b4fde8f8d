/** Mixed sites whose species move differently: the B of each counts, in whatever order they are listed. */
import { beforeAll, expect, test } from "vitest";
import { readStructures } from "../../src/crystal/io/read-structures.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../src/crystal/symmetry/symmetry.ts";
import { writeCif } from "../../src/crystal/io/write-structure.ts";
import { powderPattern } from "../../src/diffraction/powder.ts";

beforeAll(async () => loadSymmetry());

const HEAD = `data_oxide
_cell_length_a 4.26
_cell_length_b 4.26
_cell_length_c 4.26
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_name_H-M_alt 'F m -3 m'
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
_atom_site_B_iso_or_equiv
`;
const O = "O1 .5 .5 .5 1 0.8";

function read(...rows: readonly string[]): Structure {
  return readStructures(`${HEAD}${rows.join("\n")}\n`).structures[0]!.structure;
}

function intensities(structure: Structure): readonly number[] {
  return powderPattern(structure, { twoThetaRangeDeg: [5, 140] }).peaks.map((peak) =>
    Number(peak.intensity.toFixed(8)),
  );
}

test("a pattern does not depend on the order of the rows: the first B stood for all", () => {
  for (const [mg, fe] of [
    ["Mg1 0 0 0 0.5 0.4", "Fe1 0 0 0 0.5 2.4"],
    ["Mg1 0 0 0 0.5 ?", "Fe1 0 0 0 0.5 2.4"],
    ["Fe2 0 0 0 0.5 0.4", "Fe1 0 0 0 0.5 2.4"],
  ] as const) {
    const structure = read(mg, fe, O);
    expect(intensities(read(fe, mg, O))).toEqual(intensities(structure));
    const bs = structure.sites[0]!.species.map((one) => one.bIsoAngstrom2);
    expect(bs).toEqual([mg.endsWith("?") ? undefined : 0.4, 2.4]);
  }
});

test("equal ones are of the site; the option of the pattern comes before either", () => {
  const [site] = read("Mg1 0 0 0 0.5 0.4", "Fe1 0 0 0 0.5 0.4", O).sites;
  expect(site!.bIsoAngstrom2).toBe(0.4);
  expect(site!.species.every((one) => one.bIsoAngstrom2 === undefined)).toBe(true);
  const bIsoAngstrom2 = { Mg: 0.4, Fe: 0.4, O: 0.8 };
  const overruled = powderPattern(read("Mg1 0 0 0 0.5 0.1", "Fe1 0 0 0 0.5 9", O), {
    bIsoAngstrom2,
  });
  const expected = powderPattern(read("Mg1 0 0 0 0.5 0.4", "Fe1 0 0 0 0.5 0.4", O));
  expect(overruled.peaks.map((peak) => peak.intensity)).toEqual(
    expected.peaks.map((peak) => peak.intensity),
  );
});

test("are written, with symmetry and without", () => {
  const structure = read("Mg1 0 0 0 0.5 0.4", "Fe1 0 0 0 0.5 2.4", O);
  for (const options of [{}, { symmetry: analyzeSymmetry(structure) }]) {
    const again = readStructures(writeCif(structure, options)).structures[0]!.structure;
    expect(again.sites[0]!.species).toEqual(structure.sites[0]!.species);
    expect(intensities(again)).toEqual(intensities(structure));
  }
});
