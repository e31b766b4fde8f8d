import { beforeAll, expect, test } from "vitest";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { describeStructure, withStructureTypes } from "../../src/data/describe.ts";
import { openStructureTable } from "../../src/data/files.node.ts";
import { rowStructure, type StructureRow } from "../../src/data/structure-table.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";

beforeAll(() => loadSymmetry());

test("rutile from its atoms", () => {
  const u = 0.305;
  const atom = (element: string, x: number, y: number, z: number) => ({
    species: [{ element, occupancy: 1 }],
    frac: [x, y, z] as const,
  });
  const structure = {
    lattice: [
      [4.594, 0, 0],
      [0, 4.594, 0],
      [0, 0, 2.959],
    ] as const,
    sites: [
      atom("Ti", 0, 0, 0),
      atom("Ti", 0.5, 0.5, 0.5),
      atom("O", u, u, 0),
      atom("O", -u, -u, 0),
      atom("O", 0.5 + u, 0.5 - u, 0.5),
      atom("O", 0.5 - u, 0.5 + u, 0.5),
    ],
  };
  expect(describeStructure(structure)).toEqual({
    formula: "O2Ti",
    formulaAnonymous: "AB2",
    spaceGroup: 136,
    spaceGroupTight: 136,
    crystalSystem: "tetragonal",
    pearson: "tP6",
    structureType: "AB2|tP6|136|a f",
    inequivalentSiteCount: 2,
  });
});

test.skipIf(!hasShared)(`agrees with the columns of the tables${SHARED_ABSENT}`, async () => {
  const wrong: string[] = [];
  let checked = 0;
  for (const name of ["prototypes.parquet", "perov5.parquet", "aflow_elastic.parquet"]) {
    const table = await openStructureTable(sharedPath(name));
    let index = 0;
    for await (const row of table) {
      if (name !== "prototypes.parquet" && index++ % 97 !== 0) continue;
      const found = describeStructure(rowStructure(row));
      checked++;
      for (const field of [
        "formula",
        "formulaAnonymous",
        "crystalSystem",
        "pearson",
        "spaceGroup",
      ] as const) {
        if (row[field] !== found[field])
          wrong.push(`${name} ${row.id} ${field}: ${row[field]} here ${found[field]}`);
      }
    }
  }
  expect(checked).toBeGreaterThan(400);
  expect(wrong).toEqual([]);
});

test("what a table says stays, what it does not is filled in", async () => {
  const rows: StructureRow[] = [];
  const table = await openStructureTable("test/data/fixtures/structures-zstd.parquet");
  for await (const one of withStructureTypes(table)) rows.push(one);
  expect(
    rows.map(({ structureType, spaceGroupTight, pearson }) => [
      structureType,
      spaceGroupTight,
      pearson,
    ]),
  ).toEqual([
    ["AB|cF8|225|a b", 225, "cF8"],
    ["AB|cP2|221|a b", 221, "cP2"],
    ["AB|cF8|216|a c", 216, "cF8"],
  ]);
});
