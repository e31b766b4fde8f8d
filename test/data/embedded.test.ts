import { beforeAll, describe, expect, test } from "vitest";
import { neighbours } from "../../src/crystal/distances.ts";
import { element, ionicRadii } from "../../src/crystal/element.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { describeStructure } from "../../src/data/describe.ts";
import { EMBEDDED_PROVENANCE, embeddedRows } from "../../src/data/embedded.ts";
import {
  rowFault,
  rowStructure,
  type StructureRow,
  structureTable,
} from "../../src/data/structure-table.ts";
import { structureTableBytes, tableFileOf } from "../../src/data/table-writer.ts";

let rows: StructureRow[] = [];
beforeAll(async () => {
  await loadSymmetry();
  rows = [...embeddedRows({ perType: 3, mostAtoms: 10 })];
});

const ANIONS = "O S Se Te F Cl Br I N".split(" ");

/** Radii an element can have: any of Shannon's for the charges it commonly takes, or its metallic one. */
function possibleRadii(symbol: string, isMetal: boolean): number[] {
  if (isMetal) return [element(symbol).metallicRadiusAngstrom ?? Number.NaN];
  return ionicRadii(symbol).map((radius) => radius.ionicRadiusAngstrom);
}

describe("the embedded table", () => {
  test("has about a hundred types and more, every crystal system, most elements, ids once", () => {
    expect(new Set(rows.map((row) => row.structureType)).size).toBeGreaterThan(90);
    expect(new Set(rows.map((row) => row.crystalSystem)).size).toBeGreaterThanOrEqual(6);
    expect(new Set(rows.flatMap((row) => row.species)).size).toBeGreaterThan(70);
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
    for (const row of rows) expect(rowFault(row)).toBeNull();
  });

  test("every nearest distance is within 15 % of a sum of radii of the two elements", () => {
    for (const row of rows) {
      const structure = rowStructure(row);
      const list = neighbours(structure, 7);
      const isMetal = !row.species.some((symbol) => ANIONS.includes(symbol));
      for (const [i, symbol] of row.species.entries()) {
        const k = list.start[i]!;
        const distance = list.distanceAngstrom[k]!;
        const other = row.species[list.site[k]!]!;
        const sums = possibleRadii(symbol, isMetal).flatMap((a) =>
          possibleRadii(other, isMetal).map((b) => a + b),
        );
        const best = Math.min(...sums.map((sum) => Math.abs(distance / sum - 1)));
        expect(best, `${row.id}: ${symbol}-${other} ${distance.toFixed(3)} Å`).toBeLessThanOrEqual(
          0.15,
        );
      }
    }
  });

  test("rock salt: ions alternate, and the distance is that of the radii", () => {
    const salts = [...embeddedRows({ perType: 25, mostAtoms: 2 })].filter(
      (row) => row.id.startsWith("embedded-halite-") || row.id.startsWith("embedded-rock-salt-"),
    );
    expect(salts.length).toBeGreaterThan(10);
    for (const row of salts) {
      expect(row.structureType).toBe("AB|cF8|225|a b");
      expect(row.species.filter((symbol) => ANIONS.includes(symbol))).toHaveLength(1);
    }
  });

  test("descriptors are those of the decorated structure itself", () => {
    for (const row of rows.filter((_, i) => i % 7 === 0)) {
      const { formula, formulaAnonymous, spaceGroup, pearson, structureType } = describeStructure(
        rowStructure(row),
      );
      expect({ formula, formulaAnonymous, spaceGroup, pearson, structureType }, row.id).toEqual({
        formula: row.formula,
        formulaAnonymous: row.formulaAnonymous,
        spaceGroup: row.spaceGroup,
        pearson: row.pearson,
        structureType: row.structureType,
      });
    }
  });

  test("metals and insulators, labels in the range of solids", () => {
    const gaps = rows.flatMap(({ labels }) => labels.bandGapEv ?? []);
    expect(gaps.filter((gap) => gap === 0).length).toBeGreaterThan(50);
    expect(gaps.filter((gap) => gap > 0).length).toBeGreaterThan(50);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(14.2);
    for (const { labels } of rows) {
      const energy = labels.formationEnergyEvPerAtom;
      if (energy !== undefined) expect(Math.abs(energy)).toBeLessThan(8);
    }
  });

  test("the same for everyone, another with another seed", () => {
    const options = { perType: 2, mostAtoms: 4 };
    const first = [...embeddedRows(options)];
    expect([...embeddedRows(options)]).toEqual(first);
    expect([...embeddedRows({ ...options, seed: 2 })]).not.toEqual(first);
  });

  test("says what it is wherever it goes", async () => {
    const bytes = await structureTableBytes(rows.slice(0, 5), {
      provenance: [EMBEDDED_PROVENANCE],
    });
    const table = await structureTable(tableFileOf(bytes));
    expect(table.provenance[0]!.embedded).toBe(true);
    expect(
      rows.every((row) => row.source === "ewald_embedded" && row.id.startsWith("embedded-")),
    ).toBe(true);
  });
});
