/** The data pack's symmetry cells and a sample of its structures: agreement, stability of keys, speed. */
import { beforeAll, describe, expect, test } from "vitest";
import { ELEMENT_SYMBOLS } from "../../src/crystal/element.ts";
import { changeAxes, shiftOrigin } from "../../src/crystal/structure-transform.ts";
import { structureTypeKey } from "../../src/crystal/types/structure-type-key.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../src/crystal/symmetry/symmetry.ts";
import { normaliserPermutations } from "../../src/crystal/symmetry/wyckoff-normaliser.ts";
import { openStructureTable, tableFile } from "../../src/data/files.node.ts";
import { openTable } from "../../src/data/parquet.ts";
import { rowStructure } from "../../src/data/structure-table.ts";
import { type Mat3, norm, type Vec3 } from "../../src/math/matrix3.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";

beforeAll(() => loadSymmetry());

const SKEW: readonly Mat3[] = [
  [
    [1, 1, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  [
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ],
  [
    [1, 0, 0],
    [0, 1, 0],
    [-1, 1, 1],
  ],
  [
    [0, -1, 1],
    [1, 0, 0],
    [0, 1, 0],
  ],
];

describe.skipIf(!hasShared)(`formats/symmetry_tests.parquet${SHARED_ABSENT}`, () => {
  test("392 cells: every number, every letter up to the normaliser", async () => {
    const table = await openTable(await tableFile(sharedPath("formats", "symmetry_tests.parquet")));
    const columns = {
      name: "string",
      lattice: "numbers",
      atom_types: "numbers",
      frac_coords: "numbers",
      expected_number: "number",
      independent_number: "number",
      expected_wyckoffs: "strings?",
    } as const;
    let count = 0;
    let lettersCompared = 0;
    const loose: string[] = [];
    for await (const row of table.rows(columns)) {
      count++;
      const L = Array.from(row.lattice);
      const structure: Structure = {
        lattice: [0, 3, 6].map((at) => L.slice(at, at + 3)) as unknown as Mat3,
        sites: Array.from(row.atom_types, (kind, i) => ({
          species: [{ element: ELEMENT_SYMBOLS[kind] as string, occupancy: 1 }],
          frac: Array.from(row.frac_coords.slice(3 * i, 3 * i + 3)) as unknown as Vec3,
        })),
      };
      // The cells are exact to 1e-5 Å; at 0.01 Å four are within tolerance of a supergroup (50 of 125, 60 of 72, …).
      const symmetry = analyzeSymmetry(structure, { symprecAngstrom: 1e-5 });
      expect([row.name, symmetry.number]).toEqual([row.name, row.independent_number]);
      if (symmetry.number !== row.expected_number) {
        loose.push(row.name);
        continue;
      }
      if (row.expected_wyckoffs === null) continue;
      lettersCompared++;
      const expected = Array.from(row.expected_wyckoffs).join("");
      const same = normaliserPermutations(symmetry.number).some(
        (map) =>
          symmetry.wyckoffLetters.map((letter) => map.get(letter) ?? letter).join("") === expected,
      );
      expect(same, row.name).toBe(true);
    }
    expect(count).toBe(392);
    expect(lettersCompared).toBe(386);
    // Distorted on purpose: their expected number holds at a loose tolerance of the source's own only.
    expect(loose.every((name) => name.startsWith("distorted/"))).toBe(true);
    expect(loose).toHaveLength(6);
  });
});

/** Every `STRIDE`th row of the labelled table, at most 60 sites. Stride 25 (1,900 structures) passed, too. */
const STRIDE = 400;

async function sample(): Promise<{ structure: Structure; loose: number; tight: number }[]> {
  const path = sharedPath("mp_labelled.parquet");
  const groups = await openTable(await tableFile(path));
  const expected: (readonly [number, number])[] = [];
  for await (const row of groups.rows({ space_group: "number", space_group_tight: "number" }))
    expected.push([row.space_group, row.space_group_tight]);
  const found: { structure: Structure; loose: number; tight: number }[] = [];
  let index = 0;
  for await (const row of await openStructureTable(path)) {
    const [loose, tight] = expected[index] as readonly [number, number];
    if (index++ % STRIDE === 0 && row.species.length <= 60)
      found.push({ structure: rowStructure(row), loose, tight });
  }
  return found;
}

function lcg(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Each site moved by at most `size` Å in a random direction. */
function jiggled(structure: Structure, size: number, random: () => number): Structure {
  const [a, b, c] = structure.lattice.map(norm) as [number, number, number];
  const step = (length: number): number => ((2 * random() - 1) * size) / Math.sqrt(3) / length;
  const sites = structure.sites.map(({ species, frac }) => ({
    species,
    frac: [frac[0] + step(a), frac[1] + step(b), frac[2] + step(c)] as const,
  }));
  return { lattice: structure.lattice, sites };
}

describe.skipIf(!hasShared)(`a sample of mp_labelled.parquet${SHARED_ABSENT}`, () => {
  test("space groups at 0.1 and 0.01 Å agree; keys keep under changes of description and noise", async () => {
    const structures = await sample();
    expect(structures.length).toBeGreaterThan(100);
    const random = lcg(20_240_601);
    const differing: string[] = [];
    let [steady, changedByAxes, changedByNoise] = [0, 0, 0];
    for (const [index, { structure, loose, tight }] of structures.entries()) {
      const numbers = [0.1, 0.01].map(
        (symprecAngstrom) => analyzeSymmetry(structure, { symprecAngstrom }).number,
      );
      if (numbers[0] !== loose || numbers[1] !== tight)
        differing.push(`${index}: ${numbers.join(" ")} for ${loose} ${tight}`);
      if (loose !== tight) continue;
      steady++;
      const key = structureTypeKey(structure);
      const shift: Vec3 = [random(), random(), random()];
      const moved = shiftOrigin(changeAxes(structure, SKEW[index % 4] as Mat3), shift);
      if (structureTypeKey(moved) !== key) changedByAxes++;
      if (structureTypeKey(jiggled(structure, 0.001, random)) !== key) changedByNoise++;
    }
    expect(differing).toEqual([]);
    expect(steady).toBeGreaterThan(80);
    expect([changedByAxes, changedByNoise]).toEqual([0, 0]);
  });
});
