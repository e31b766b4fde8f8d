import { describe, expect, test } from "vitest";
import { DATASET_RECIPES } from "../../src/reproduce/dataset-counts.ts";
import { checkLedger } from "../../src/reproduce/ledger.ts";
import { tableFile } from "../../src/data/files.node.ts";
import type { TableFile } from "../../src/data/parquet.ts";
import {
  findItem,
  findPaper,
  ledgerEntries,
  type Recipe,
  type RecipeContext,
  recipeIndex,
  type RunFacts,
} from "../../src/reproduce/recipe.ts";
import { PAPERS, REPRODUCTION_ITEMS } from "../../src/reproduce/items.table.ts";
import { structureTableBytes, tableFileOf } from "../../src/data/table-writer.ts";
import { structureRow, type StructureRow } from "../../src/data/structure-table.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";

test("93 items, numbered through, none empty", () => {
  expect(REPRODUCTION_ITEMS.map(({ number }) => number)).toEqual(
    Array.from({ length: 93 }, (_, i) => i + 1),
  );
  for (const item of REPRODUCTION_ITEMS) {
    expect(item.paper in PAPERS).toBe(true);
    expect(item.title.length).toBeGreaterThan(5);
  }
});

test("papers by name, its beginning or S1 … S5; items by number", () => {
  for (const text of ["kim-2021-eencm", "kim", "KIM-2021", "S1", "eencm"])
    expect(findPaper(text)).toBe("kim-2021-eencm");
  expect(() => findPaper("w")).not.toThrow();
  for (const text of ["S6", "", "2021"]) {
    expect(() => findPaper(text)).toThrow(
      expect.objectContaining({ code: "reproduce/unknown-paper" }),
    );
  }
  expect(findItem("wang-2022-deepknet", "43").title).toBe("data sets of three tasks");
  expect(() => findItem("kim-2021-eencm", "43")).toThrow(
    expect.objectContaining({ code: "reproduce/unknown-item" }),
  );
});

test("a recipe for no item, or two for one, is a mistake of ours", () => {
  const recipe = DATASET_RECIPES[0]!;
  expect(() => recipeIndex([recipe, recipe])).toThrow(
    expect.objectContaining({ code: "reproduce/recipe" }),
  );
  expect(() => recipeIndex([{ ...recipe, item: 94 }])).toThrow(
    expect.objectContaining({ code: "reproduce/recipe" }),
  );
  expect(recipeIndex(DATASET_RECIPES).size).toBe(DATASET_RECIPES.length);
});

const facts: RunFacts = {
  commit: "unknown",
  command: "ewald reproduce S1 1",
  machine: "m",
  recorded: "2026-11-21",
  wallSeconds: 1,
  fast: false,
  data: [],
};

function context(table: (name: string) => Promise<TableFile>, fast = false): RecipeContext {
  return { table, fast, checkpoints: "", progress: () => undefined };
}

function row(id: string, species: string[], rest: Partial<StructureRow> = {}): StructureRow {
  const sites = species.map((element, i) => ({
    species: [{ element, occupancy: 1 }],
    frac: [i / species.length, 0, 0] as const,
  }));
  const described = {
    id,
    formula: species.join(""),
    spaceGroup: 1,
    pearson: `aP${species.length}`,
    ...rest,
  };
  return structureRow(
    {
      lattice: [
        [3 * species.length, 0, 0],
        [0, 4, 0],
        [0, 0, 5],
      ],
      sites,
    },
    described,
  );
}

/** A hand-made table in which every count is known. */
const ROWS: StructureRow[] = [
  row("1", ["Fe"], {
    labels: { bandGapEv: 0, energyAboveHullEvPerAtom: 0 },
    formulaAnonymous: "A",
  }),
  row("2", ["Mg", "O"], {
    labels: { bandGapEv: 4, bulkModulusGpa: 86, shearModulusGpa: 34 },
    formulaAnonymous: "AB",
    inIcsd: true,
  }),
  row("3", ["S", "O", "O"], {
    formula: "O2S",
    labels: { bandGapEv: 3, bulkModulusGpa: 85, shearModulusGpa: 35 },
    formulaAnonymous: "AB2",
  }),
  row("4", ["Zn", "S"], { labels: { bandGapEv: 0 }, formulaAnonymous: "AB", inIcsd: true }),
  row("5", ["Ca", "Ti", "O", "O", "O"], {
    formula: "CaO3Ti",
    formulaAnonymous: "ABC3",
    labels: { formationEnergyEvPerAtom: -3, energyAboveHullEvPerAtom: 0.02 },
  }),
  row("6", ["Ca", "Ti", "O", "O", "O"], {
    formula: "CaO3Ti",
    formulaAnonymous: "ABC3",
    spaceGroup: 2,
  }),
  row("7", ["Na", "Cl", "K"], { formulaAnonymous: "ABC" }),
  row("8", ["H", "He", "Li", "Be", "B", "C"], { formulaAnonymous: "ABCDEF", inIcsd: false }),
];
const handMade = async (): Promise<TableFile> =>
  tableFileOf(await structureTableBytes(ROWS, { provenance: [] }), "hand-made");

async function ours(item: number, from = context(handMade, true)): Promise<Record<string, number>> {
  const recipe = DATASET_RECIPES.find((recipe) => recipe.item === item) as Recipe;
  const result = await recipe.run(from);
  // Whatever a recipe returns must fit the ledger, and say what differs.
  const entries = ledgerEntries(item, result, facts);
  checkLedger(
    { paper: "x", table: "y", title: "z", differences: result.differences, entries },
    "test",
  );
  expect(result.differences.length).toBeGreaterThan(0);
  return Object.fromEntries(result.quantities.map(({ key, ours }) => [key, ours!.value]));
}

describe("counting recipes on a table whose counts are known", () => {
  test.each([
    [1, { entries: 8, "binary-to-quinary": 6, "share-binary-to-quinary": 75, elements: 9 }],
    [10, { oxides: 2, sulfides: 0, fluorides: 0, nitrides: 0, binaries: 2 }],
    [21, { abc3: 1, ternary: 2, "abc3-with-energy": 1, "ternary-with-energy": 1 }],
    [
      43,
      {
        metallicity: 4,
        metals: 2,
        insulators: 2,
        elasticity: 2,
        "bulk-above-85": 1,
        "shear-above-34": 1,
        stability: 2,
        stable: 1,
        icsd: 2,
      },
    ],
    [
      56,
      { structures: 8, typed: 8, types: 7, "top-100": 8, "top-100-share": 100, "rarest-of-100": 1 },
    ],
    [78, { structures: 8, sites: 27, "inequivalent-sites": 0 }],
  ])("item %d", async (item, expected) => {
    expect(await ours(item)).toEqual(expected);
  });
});

test.skipIf(!hasShared)(
  `the labelled table gives the numbers that its readme states${SHARED_ABSENT}`,
  async () => {
    const found = await ours(
      43,
      context((name) => tableFile(sharedPath(name)), true),
    );
    expect(found).toMatchObject({
      metallicity: 51_149,
      metals: 20_089,
      stability: 42_625,
      elasticity: 11_464,
    });
  },
);
