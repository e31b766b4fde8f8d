/** Orbits of listed atoms: how many atoms a rounded special position gives. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCifStructures, type ReadStructure } from "../../src/crystal/cif/structure.ts";
import { expandSites } from "../../src/crystal/expand.ts";
import { latticeFromParameters } from "../../src/crystal/lattice.ts";
import {
  operationsOfSetting,
  settingsByNumber,
} from "../../src/crystal/symmetry/space-group-settings.ts";
import type { Vec3 } from "../../src/math/matrix3.ts";

function read(a: number, c: number, symbol: string, ...rows: readonly string[]): ReadStructure {
  const tags = ["label", "fract_x", "fract_y", "fract_z", "occupancy"].map(
    (tag) => `_atom_site_${tag}`,
  );
  const cell = `_cell_length_a ${a}\n_cell_length_b ${a}\n_cell_length_c ${c}\n_cell_angle_gamma 120\n`;
  return readCifStructures(
    `data_test\n${cell}_space_group_name_H-M_alt '${symbol}'\nloop_\n${[...tags, ...rows].join("\n")}\n`,
  ).structures[0]!;
}

function atoms({ structure }: ReadStructure, element: string): number {
  return structure.sites.filter(({ species }) => species[0]!.element === element).length;
}

function codes({ warnings }: ReadStructure): string[] {
  return warnings.map(({ code }) => code).filter((code) => code !== "cif/angle-assumed");
}

describe("partly filled special positions with rounded coordinates", () => {
  it("on a 3-fold axis: the sodium of cancrinite was 6 atoms instead of 2", () => {
    const found = read(12.615, 5.127, "P 63", "Na1 .333 .667 .133 .5", "Si1 .328 .410 .75 1");
    expect(atoms(found, "Na")).toBe(2);
    expect(codes(found)).toEqual([]);
  });

  it("on a hexagonal mirror: x,2x,z gave 10 atoms, no orbit of 12 operations", () => {
    for (const a of [8, 9.4, 10, 11, 13.75]) {
      for (const [x, y] of [
        [".123", ".247"],
        [".1235", ".2469"],
      ]) {
        expect(atoms(read(a, 5, "P 63 m c", `Na1 ${x} ${y} .1 .5`), "Na")).toBe(6);
      }
    }
  });

  it("images that cannot all be there are one atom; split ones that can stay apart", () => {
    // 0.03 Å off the axis: three halves on one spot; three thirds are a split atom.
    expect(atoms(read(10, 5, "P 3", "Na1 .0017 0 .1333 .5"), "Na")).toBe(1);
    expect(atoms(read(10, 5, "P 3", "Na1 .0017 0 .1333 .33"), "Na")).toBe(3);
  });

  it("warns where no tolerance gives an orbit: 22 atoms under 48 operations", () => {
    const { sites, warnings } = expandSites(
      [
        {
          species: { element: "Na", occupancy: 0.01 },
          frac: [0.002, 0.003, 0.001],
          rounding: 0.0005,
        },
      ],
      operationsOfSetting(settingsByNumber(221)[0]!),
      latticeFromParameters({ a: 14, b: 14, c: 14, alphaDeg: 90, betaDeg: 90, gammaDeg: 90 }),
      { mergeAngstrom: 0.02 },
    );
    expect([sites.length, warnings[0]?.code]).toEqual([22, "structure/orbit-size"]);
  });

  it("give as many atoms as the exact ones, in the trigonal, hexagonal and cubic groups", () => {
    const places: readonly ((x: number, z: number) => Vec3)[] = [
      (x, z) => [x, 2 * x, z],
      (x, z) => [2 * x, x, z],
      (x, z) => [x, -x, z],
      (x) => [x, 0, 1 / 3],
      (_x, z) => [1 / 3, 2 / 3, z],
      (x) => [x, x, x],
      (x, z) => [x, x, z],
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 143, max: 230 }),
        fc.constantFrom(...places),
        fc.double({ min: 0.05, max: 0.3, noNaN: true }),
        fc.double({ min: 0.05, max: 0.3, noNaN: true }),
        fc.double({ min: 4, max: 14, noNaN: true }),
        fc.constantFrom(3, 4),
        (number, place, x, z, a, digits) => {
          const isCubic = number > 194;
          const lattice = latticeFromParameters({
            a,
            b: a,
            c: isCubic ? a : 0.9 * a,
            alphaDeg: 90,
            betaDeg: 90,
            gammaDeg: isCubic ? 90 : 120,
          });
          const operations = operationsOfSetting(settingsByNumber(number)[0]!);
          const size = (frac: Vec3, rounding: number, mergeAngstrom = 0.05) => {
            const site = { species: { element: "Na", occupancy: 0.05 }, frac, rounding };
            return expandSites([site], operations, lattice, { mergeAngstrom }).sites.length;
          };
          const exact = place(x, z);
          const atExact = size(exact, 0);
          // Within 0.3 Å of a higher position rounding may well reach it.
          fc.pre(atExact === size(exact, 1, 0.3));
          const rounded = exact.map((value) => Number(value.toFixed(digits))) as unknown as Vec3;
          expect(size(rounded, 10 ** -digits / 2)).toBe(atExact);
        },
      ),
      { numRuns: 600, seed: 5 },
    );
  });
});
