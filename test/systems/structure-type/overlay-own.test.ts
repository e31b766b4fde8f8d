/** A user's own structure over a scan: as it is, or with a cell near its own, in the setting that it was given in. */
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { type LineList, ownLines } from "../../../src/diffraction/line-list.ts";
import { observe } from "../../../src/scan/observe.ts";
import { overlay, overlayOwn } from "../../../src/fit/overlay.ts";
import { exampleLines, ownExample, simulated } from "./support.ts";

type Cell = readonly [number, number, number, number, number, number];

function linesOfCif(cell: Cell, group: string, atoms: readonly string[]): LineList {
  const names = ["length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma"];
  const cif = [
    "data_own",
    ...names.map((name, i) => `_cell_${name} ${cell[i]}`),
    `_symmetry_space_group_name_H-M '${group}'`,
    "loop_",
    ..."label type_symbol fract_x fract_y fract_z".split(" ").map((name) => `_atom_site_${name}`),
    ...atoms,
  ].join("\n");
  const { structures } = readStructures(new TextEncoder().encode(cif), { name: "own.cif" });
  return ownLines(structures[0]!.structure);
}

function perovskite([a, b, c]: readonly [number, number, number]): LineList {
  return linesOfCif([a, b, c, 90, 90, 90], "P b n m", [
    "A1 La 0.993 0.029 0.25",
    "B1 Fe 0.5 0 0",
    "O1 O 0.075 0.488 0.25",
    "O2 O 0.718 0.281 0.039",
  ]);
}

beforeAll(() => loadSymmetry());

function changed({ own }: LineList, factors: readonly number[]): Cell {
  return own!.cell.map((value, i) => value * (factors[i] ?? 1)) as unknown as Cell;
}

describe("as it is", () => {
  test("quartz over rutile keeps a = 4.913 and stands where quartz stands", () => {
    const lines = ownExample("quartz");
    const laid = overlayOwn(observe(simulated(exampleLines("rutile"))), lines);
    expect(laid.cell).toEqual(lines.own!.cell);
    expect(laid.cell[0]).toBeCloseTo(4.91, 1);
    const strongest = laid.lines.reduce((a, b) => (b.height > a.height ? b : a));
    expect(strongest.twoThetaDeg).toBeCloseTo(26.65, 1);
    // The search that types are found with moved it onto what is there.
    expect(overlay(observe(simulated(exampleLines("rutile"))), lines).cellFactor).not.toBeCloseTo(
      1,
      2,
    );
  });

  test("on its own scan it agrees as with a fitted cell, shift and all", () => {
    for (const name of ["quartz", "olivine", "calcite", "rutile"]) {
      const observation = observe(simulated(exampleLines(name)));
      const given = overlayOwn(observation, ownExample(name));
      expect([name, given.agreement > 0.93, given.explained > 0.97]).toEqual([name, true, true]);
    }
  });

  test("a cell that is distorted by less than a symmetry search sees is not made regular", () => {
    const lines = linesOfCif([4.913, 4.9135, 5.405, 90, 90, 120], "P 1", [
      "Si1 Si 0.4697 0 0.33333",
      "Si2 Si 0 0.4697 0.66667",
      "Si3 Si 0.5303 0.5303 0",
    ]);
    const laid = overlayOwn(observe(simulated(exampleLines("quartz"))), lines);
    expect(laid.cell.slice(0, 2)).toEqual([4.913, 4.9135]);
    // Fitted, the crystal system's constraints hold exactly.
    const [a, b, , alpha, beta, gamma] = overlayOwn(
      observe(simulated(exampleLines("quartz"))),
      lines,
      0.01,
    ).cell;
    expect(a).toBe(b);
    expect([alpha, beta, gamma]).toEqual([90, 90, 120]);
  });
});

describe("the setting that the structure was given in", () => {
  test("olivine in Pbnm: a 4.76, b 10.21, c 5.98, lines by its own hkl", () => {
    const lines = ownExample("olivine");
    const scan = simulated(exampleLines("olivine"), { axialStrain: [0.004, -0.003, 0.002] });
    const { cell, lines: placed } = overlayOwn(observe(scan), lines, 0.01);
    // Standard axes are b, c, a of the file.
    const expected = changed(lines, [1.002, 1.004, 0.997]);
    cell.forEach((value, i) => expect(Math.abs(value / expected[i]! - 1)).toBeLessThan(5e-4));
    const [a, b, c] = cell;
    for (const { hkl, twoThetaDeg } of placed.slice(0, 12)) {
      const [h, k, l] = hkl;
      expect(hkl.every(Number.isInteger)).toBe(true);
      const d = 1 / Math.sqrt((h / a) ** 2 + (k / b) ** 2 + (l / c) ** 2);
      const own = (360 / Math.PI) * Math.asin(1.5405929 / (2 * d));
      expect(Math.abs(own - twoThetaDeg)).toBeLessThan(0.1);
    }
  });

  test.each([
    ["triclinic, kaolinite's setting", [5.154, 8.942, 7.401, 91.69, 104.61, 89.82], "P 1"],
    ["triclinic, an acute cell", [5.1, 7.4, 6.2, 75.1, 84.2, 60.3], "P -1"],
    ["monoclinic with c unique", [5.2, 6.1, 9.3, 90, 90, 103.5], "P 1 1 2"],
    ["monoclinic with a unique", [9.3, 5.2, 6.1, 98.2, 90, 90], "P 2 1 1"],
    ["orthorhombic, axes turned", [7.1, 9.9, 4.3, 90, 90, 90], "P 2 2 2"],
    ["tetragonal", [4.6, 4.6, 3.1, 90, 90, 90], "P 4"],
    ["rhombohedral axes", [5.1, 5.1, 5.1, 67.3, 67.3, 67.3], "R 3 :R"],
    ["hexagonal axes", [5.3, 5.3, 7.7, 90, 90, 120], "P 3"],
    ["body-centred cubic", [5.9, 5.9, 5.9, 90, 90, 90], "I 2 3"],
    ["cubic", [4.4, 4.4, 4.4, 90, 90, 90], "P 2 3"],
  ] as const)("%s comes out as it went in", (_, cell, group) => {
    const atoms = ["X1 Pb 0.11 0.23 0.37", "X2 O 0.42 0.08 0.71"];
    const lines = linesOfCif(cell, group, atoms);
    const scan = simulated(lines, { isotropicStrain: 0.003 });
    const given = overlayOwn(observe(scan), lines);
    expect(given.cell).toEqual(lines.own!.cell);
    const { cell: found, cellIs } = overlayOwn(observe(scan), lines, 0.01);
    expect(cellIs).toBe("fitted");
    found.forEach((value, i) => {
      const right = i < 3 ? cell[i]! * 1.003 : cell[i]!;
      expect(Math.abs(value / right - 1)).toBeLessThan(i < 3 ? 2e-3 : 6e-3);
    });
    // What the crystal system makes equal is equal in the last digit.
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [3, 4],
      [3, 5],
    ] as const)
      // prettier-ignore
      if (cell[i] === cell[j] && group !== "P 1" && group !== "P 2 2 2") expect(found[i]).toBe(found[j]);
    for (const [i, angle] of cell.slice(3).entries())
      if (angle === 90 || angle === 120) expect(found[3 + i]).toBe(angle);
  });
});

describe("the nearest minimum to the given cell", () => {
  test.each([
    ["LaFeO3", [5.553, 5.563, 7.862]],
    ["SrRuO3", [5.567, 5.53, 7.845]],
    ["CaTiO3", [5.38, 5.442, 7.64]],
    ["all but cubic", [5.5, 5.505, 7.79]],
  ] as const)("pseudo-cubic %s: a and b are not changed for each other", (_, cell) => {
    for (const errors of [
      [1, 1, 1],
      [1.003, 0.998, 1.001],
      [0.994, 1.002, 0.997],
    ] as const)
      // prettier-ignore
      for (const instrumentWidthDeg of [0.06, 0.25]) {
        const observation = observe(simulated(perovskite(cell), { instrumentWidthDeg }));
        const start = cell.map((value, i) => value * errors[i]!) as unknown as typeof cell;
        const found = overlayOwn(observation, perovskite(start), 0.015).cell;
        for (const [i, value] of cell.entries())
          expect(Math.abs(found[i]! / value - 1)).toBeLessThan(1e-3);
      }
  });

  test("no axis leaves the change that is allowed", () => {
    const lines = ownExample("olivine");
    fc.assert(
      fc.property(
        fc.double({ min: -0.03, max: 0.03, noNaN: true }),
        fc.double({ min: 0.001, max: 0.02, noNaN: true }),
        (isotropicStrain, change) => {
          const scan = simulated(exampleLines("olivine"), { isotropicStrain });
          const { cellChangePercent } = overlayOwn(observe(scan), lines, change);
          for (const percent of cellChangePercent)
            expect(Math.abs(percent)).toBeLessThanOrEqual(100 * change + 1e-9);
        },
      ),
      { seed: 1, numRuns: 8 },
    );
  });
});

describe("off the grid", () => {
  test("a compound that does not belong to the scan comes to rest at no step of the search", () => {
    const scans = ["rutile", "calcite", "olivine", "anatase"].map((name, i) =>
      observe(simulated(exampleLines(name), { isotropicStrain: 0.0007 * i })),
    );
    const cells = scans.map((observation) => overlay(observation, exampleLines("halite")).cell[0]);
    expect(new Set(cells.map((a) => a.toFixed(9))).size).toBe(scans.length);
  });

  test("quartz of tables, a and b 0.0005 Å apart, is fitted with a = b", () => {
    const quartz = exampleLines("quartz");
    const [a, , ...rest] = quartz.cell;
    const uneven: LineList = { ...quartz, cell: [a, a + 5e-4, ...rest] };
    const { cell } = overlay(observe(simulated(quartz)), uneven);
    expect(cell[0]).toBe(cell[1]);
  });
});
