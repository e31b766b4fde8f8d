import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { latticeParameters } from "../../src/crystal/lattice.ts";
import { PROTOTYPES } from "../../src/crystal/types/prototypes.table.ts";
import { prototypeStructure } from "../../src/crystal/types/prototypes.ts";
import { primitiveCell } from "../../src/crystal/structure-transform.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../src/crystal/symmetry/symmetry.ts";
import { normaliserPermutations } from "../../src/crystal/symmetry/wyckoff-normaliser.ts";

const GOLDEN = "test/crystal/fixtures/spglib-prototypes.json";
/** Every fourth prototype, as its primitive cell and as listed: some seventy types of all systems. */
const chosen = PROTOTYPES.filter((_, index) => index % 4 === 0);

interface Entry {
  readonly number: number;
  readonly hall: number;
  readonly symbol: string;
  readonly wyckoffs: string;
  readonly operations: number;
  readonly stdSites: number;
  readonly stdLengths: readonly number[];
}

function cells(): Map<string, Structure> {
  return new Map(
    chosen.flatMap((prototype) => {
      const structure = prototypeStructure(prototype);
      return [
        [prototype.id, structure],
        [`${prototype.id} primitive`, primitiveCell(structure)],
      ] as const;
    }),
  );
}

beforeAll(async () => {
  await loadSymmetry();
  const target = process.env["EWALD_WRITE_CELLS"];
  if (target === undefined) return;
  const listed = [...cells()].map(([name, { lattice, sites }]) => {
    const elements = [...new Set(sites.map((site) => site.species[0]?.element))];
    const numbers = sites.map((site) => elements.indexOf(site.species[0]?.element) + 1);
    return [name, [lattice, sites.map((site) => site.frac), numbers]] as const;
  });
  writeFileSync(target, JSON.stringify(Object.fromEntries(listed)));
});

describe.skipIf(!existsSync(GOLDEN) && process.env["EWALD_WRITE_CELLS"] === undefined)(
  "spglib on prototypes",
  () => {
    test("number, setting, symbol, letters, operations and standard cell agree", () => {
      const golden = JSON.parse(readFileSync(GOLDEN, "utf8")) as { cells: Record<string, Entry> };
      const all = cells();
      expect(Object.keys(golden.cells)).toEqual([...all.keys()]);
      for (const [name, structure] of all) {
        const theirs = golden.cells[name] as Entry;
        const ours = analyzeSymmetry(structure);
        expect([
          name,
          ours.number,
          ours.hallNumber,
          ours.operations.length,
          ours.conventional.sites.length,
        ]).toEqual([name, theirs.number, theirs.hall, theirs.operations, theirs.stdSites]);
        expect(ours.setting.standard.symbol).toBe(theirs.symbol);
        // Letters up to the origin that each program happens to choose.
        const same = normaliserPermutations(ours.number).some(
          (map) =>
            ours.wyckoffLetters.map((letter) => map.get(letter) ?? letter).join("") ===
            theirs.wyckoffs,
        );
        expect(same, `${name}: ${ours.wyckoffLetters.join("")} and ${theirs.wyckoffs}`).toBe(true);
        // Of monoclinic and triclinic cells several are standard (which axis is called a); their letters agree above.
        if (["monoclinic", "triclinic"].includes(ours.crystalSystem)) continue;
        const { a, b, c } = latticeParameters(ours.conventional.lattice);
        for (const [index, length] of [a, b, c].entries())
          expect(length, name).toBeCloseTo(theirs.stdLengths[index] as number, 4);
      }
    });
  },
);
