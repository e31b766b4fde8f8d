import { beforeAll, describe, expect, test } from "vitest";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { clashOf, cleanedRows, type CleanOptions, planCleaning } from "../../src/data/clean.ts";
import { openStructureTable } from "../../src/data/files.node.ts";
import { type Labels, structureRow, type StructureRow } from "../../src/data/structure-table.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";

beforeAll(() => loadSymmetry());

type Atom = readonly [element: string, x: number, y: number, z: number, occupancy?: number];

function structure(cell: readonly [number, number, number], atoms: readonly Atom[]): Structure {
  const [a, b, c] = cell;
  const sites = atoms.map(([element, x, y, z, occupancy = 1]) => ({
    species: [{ element, occupancy }],
    frac: [x, y, z] as const,
  }));
  return {
    lattice: [
      [a, 0, 0],
      [0, b, 0],
      [0, 0, c],
    ],
    sites,
  };
}
function row(
  id: string,
  formula: string,
  what: Structure,
  labels: Labels = {},
  spaceGroup = 221,
  pearson = "cP2",
): StructureRow {
  return structureRow(what, { id, formula, formulaAnonymous: "AB", spaceGroup, pearson, labels });
}
const cscl = (a: number): Structure =>
  structure(
    [a, a, a],
    [
      ["Cs", 0, 0, 0],
      ["Cl", 0.5, 0.5, 0.5],
    ],
  );

async function clean(
  rows: readonly StructureRow[],
  options: CleanOptions = {},
): Promise<{ kept: StructureRow[]; report: string[] }> {
  const plan = await planCleaning(rows, options);
  const kept: StructureRow[] = [];
  for await (const one of cleanedRows(rows, plan)) kept.push(one);
  expect(plan.rows).toBe(rows.length);
  expect(plan.kept).toBe(kept.length);
  // Nothing goes in silence: every row is kept or in the report.
  for (const [index, { id }] of rows.entries()) {
    expect(plan.drop.has(index)).toBe(
      plan.report.some((problem) => problem.row === index && problem.code !== "clean/label"),
    );
    expect(plan.drop.has(index) || kept.some((one) => one.id === id)).toBe(true);
  }
  return { kept, report: plan.report.map(({ id, code }) => `${id} ${code}`) };
}

describe("duplicates", () => {
  test("same type, elements and cell within 1 %: the one with the lowest energy stays", async () => {
    const rows = [
      row("a", "ClCs", cscl(4.12)),
      row("b", "ClCs", cscl(4.125), { energyAboveHullEvPerAtom: 0.02, bandGapEv: 5 }),
      row("c", "ClCs", cscl(4.13), { energyAboveHullEvPerAtom: 0 }),
      row("larger", "ClCs", cscl(4.3)),
      row("other-elements", "BrCs", cscl(4.12)),
    ];
    expect(await clean(rows)).toMatchObject({
      kept: [{ id: "c" }, { id: "larger" }, { id: "other-elements" }],
      report: ["b clean/duplicate", "a clean/duplicate"],
    });
  });

  test("another choice of the same lattice is the same cell; a true distortion is not", async () => {
    const base = cscl(4);
    const [a, b, c] = base.lattice;
    const skewed: Structure = {
      lattice: [a, [b[0] + a[0], b[1], b[2]], c],
      sites: [base.sites[0]!, { ...base.sites[1]!, frac: [0, 0.5, 0.5] }],
    };
    const stretched = structure(
      [4, 4, 4.2],
      [
        ["Cs", 0, 0, 0],
        ["Cl", 0.5, 0.5, 0.5],
      ],
    );
    const { report } = await clean([
      row("a", "ClCs", base),
      row("skewed", "ClCs", skewed),
      row("stretched", "ClCs", stretched),
    ]);
    expect(report).toEqual(["skewed clean/duplicate"]);
  });

  test("chains do not join: each dropped row is like a kept one", async () => {
    const rows = [4, 4.03, 4.06, 4.09].map((edge, i) => row(String(i), "ClCs", cscl(edge)));
    expect((await clean(rows, { cellTolerance: 0.03 })).report).toEqual([
      "1 clean/duplicate",
      "3 clean/duplicate",
    ]);
  });

  test("an id twice: the first stays, whatever the second holds", async () => {
    const rows = [row("a", "ClCs", cscl(4)), row("a", "BrCs", cscl(5))];
    expect(await clean(rows)).toMatchObject({
      kept: [{ formula: "ClCs" }],
      report: ["a clean/duplicate-id"],
    });
  });
});

describe("clashing atoms", () => {
  test("0.65 Å or half the covalent radii's sum, across cell borders too", async () => {
    const near = structure(
      [4, 4, 4],
      [
        ["Cs", 0.02, 0, 0],
        ["Cl", 0.9, 0, 0],
      ],
    );
    expect(clashOf(row("x", "ClCs", near))).toBe("Cs-Cl at 0.480 Å, less than 1.73 Å");
    const hydrogen = structure(
      [4, 4, 4],
      [
        ["H", 0, 0, 0],
        ["H", 0.185, 0, 0],
      ],
    );
    expect(clashOf(row("x", "H", hydrogen))).toBeNull();
    expect(clashOf(row("x", "H", hydrogen), { nearestAngstrom: 0.75 })).toContain("H-H at 0.740 Å");
    expect((await clean([row("near", "ClCs", near)])).report).toEqual(["near clean/clash"]);
  });

  test("half-filled sites that exclude one another may be near", () => {
    const split = (occupancy: number): Structure =>
      structure(
        [4, 4, 4],
        [
          ["Li", 0, 0, 0, occupancy],
          ["Li", 0.1, 0, 0, 0.5],
        ],
      );
    expect(clashOf(row("x", "Li", split(0.5)))).toBeNull();
    expect(clashOf(row("x", "Li", split(0.7)))).toContain("Li-Li at 0.400 Å");
  });
});

test("labels that cannot be meant are taken off, the row stays", async () => {
  const rows = [
    row("soft", "ClCs", cscl(4), { shearModulusGpa: 0, bulkModulusGpa: 20, poissonRatio: 0.7 }),
    row("hard", "BrCs", cscl(5), { bulkModulusGpa: 501, bandGapEv: 0 }),
  ];
  const { kept, report } = await clean(rows);
  expect(kept.map(({ labels }) => labels)).toEqual([{ bulkModulusGpa: 20 }, { bandGapEv: 0 }]);
  expect(report).toEqual(["soft clean/label", "soft clean/label", "hard clean/label"]);
  expect((await clean(rows, { skip: ["label"] })).report).toEqual([]);
});

describe("ordering variants of one alloy", () => {
  // Cu3Au on the fcc lattice: L1_2, and D0_22, twice as high.
  const l12 = structure(
    [3.75, 3.75, 3.75],
    [
      ["Au", 0, 0, 0],
      ["Cu", 0.5, 0.5, 0],
      ["Cu", 0.5, 0, 0.5],
      ["Cu", 0, 0.5, 0.5],
    ],
  );
  const d022 = (c: number): Structure =>
    structure(
      [3.75, 3.75, c],
      [
        ["Au", 0, 0, 0],
        ["Au", 0.5, 0.5, 0.5],
        ["Cu", 0.5, 0.5, 0],
        ["Cu", 0, 0, 0.5],
        ["Cu", 0, 0.5, 0.25],
        ["Cu", 0.5, 0, 0.25],
        ["Cu", 0, 0.5, 0.75],
        ["Cu", 0.5, 0, 0.75],
      ],
    );
  const stable = row("L1_2", "AuCu3", l12, { energyAboveHullEvPerAtom: 0 }, 221, "cP4");

  test("the lowest stays; a distortion beyond the tolerance is another phase", async () => {
    const variant = row("D0_22", "AuCu3", d022(7.5), {}, 139, "tI8");
    expect((await clean([variant, stable])).report).toEqual(["D0_22 clean/ordering"]);
    const distorted = row("D0_22", "AuCu3", d022(8.4), {}, 139, "tI8");
    expect((await clean([distorted, stable])).report).toEqual([]);
  });

  test("compounds with a non-metal are never alloys", async () => {
    const rename = (what: Structure): Structure => ({
      ...what,
      sites: what.sites.map((site) => ({
        ...site,
        species: [{ element: site.species[0]!.element === "Au" ? "N" : "Fe", occupancy: 1 }],
      })),
    });
    const rows = [
      row("a", "Fe3N", rename(l12), {}, 221, "cP4"),
      row("b", "Fe3N", rename(d022(7.5)), {}, 139, "tI8"),
    ];
    expect((await clean(rows)).report).toEqual([]);
  });
});

test("one polymorph per formula where asked: lowest energy; rows without one are said", async () => {
  const rows = [
    row("high", "ClCs", cscl(4), { formationEnergyEvPerAtom: -1 }),
    row("low", "ClCs", cscl(4.4), { formationEnergyEvPerAtom: -2 }),
    row("unknown", "BrCs", cscl(5)),
  ];
  expect(await clean(rows, { lowestBy: "formationEnergyEvPerAtom" })).toMatchObject({
    kept: [{ id: "low" }],
    report: ["unknown clean/no-energy", "high clean/polymorph"],
  });
  expect((await clean(rows)).report).toEqual([]);
});

test.skipIf(!hasShared)(
  `the 180 prototypes: two clash, one is there twice${SHARED_ABSENT}`,
  async () => {
    const table = await openStructureTable(sharedPath("prototypes.parquet"));
    const plan = await planCleaning(table);
    expect(plan.report.map(({ id, code }) => `${id} ${code}`)).toEqual([
      "proto-133 clean/clash",
      "proto-136 clean/clash",
      "proto-139 clean/duplicate",
    ]);
  },
);
