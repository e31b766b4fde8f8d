import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  augmentationCounts,
  classCounts,
  classWeights,
  oversample,
} from "../../src/data/balance.ts";
import { openStructureTable } from "../../src/data/files.node.ts";
import { murmur3, sha256Hex } from "../../src/formats/hash.ts";
import { leakage, LEAKAGE_KEYS } from "../../src/data/leakage.ts";
import {
  columnSplit,
  foldParts,
  type GroupKey,
  groupedSplit,
  hashSplit,
  kFoldSplit,
  partOfId,
  randomSplit,
  type Split,
} from "../../src/data/splits.ts";
import type { StructureRow } from "../../src/data/structure-table.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";

interface Item {
  readonly id: string;
  readonly formula: string;
}
const byFormula: GroupKey<Item> = { name: "formula", of: (item) => item.formula };

function items(count: number, formulas: number): Item[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `id-${i}`,
    formula: `F${(i * 7919) % formulas}`,
  }));
}
const sizes = (split: Split): number[] => Object.values(split.parts).map((ids) => ids.length);
const itemArbitrary = fc.uniqueArray(
  fc.record({ id: fc.string(), formula: fc.constantFrom("A", "B", "C", "D") }),
  {
    selector: (item) => item.id,
    minLength: 4,
    maxLength: 60,
  },
);
const fractionArbitrary = fc.record({
  train: fc.double({ min: 0.1, max: 1, noNaN: true }),
  test: fc.double({ min: 0.1, max: 1, noNaN: true }),
});

describe("every split", () => {
  test("puts each row in exactly one part and is the same for the same seed", () => {
    fc.assert(
      fc.property(itemArbitrary, fc.nat(), fractionArbitrary, (rows, seed, fractions) => {
        const make: (() => Split)[] = [
          () => randomSplit(rows, seed, fractions),
          () => groupedSplit(rows, byFormula, seed, fractions),
          () => kFoldSplit(rows, 3, seed),
          () => kFoldSplit(rows, 2, seed, byFormula),
          () => hashSplit(rows, byFormula, String(seed), fractions),
        ];
        for (const split of make) {
          const all = Object.values(split().parts).flat();
          expect([...all].sort()).toEqual(rows.map((row) => row.id).sort());
          expect(split()).toEqual(split());
        }
      }),
    );
  });

  test("grouped ones keep a formula together: nothing leaks; parts miss their share by one group at most", () => {
    fc.assert(
      fc.property(itemArbitrary, fc.nat(), fractionArbitrary, (rows, seed, fractions) => {
        const largest = Math.max(...classCounts(rows.map((row) => row.formula)).values());
        for (const split of [
          groupedSplit(rows, byFormula, seed, fractions),
          hashSplit(rows, byFormula, "", fractions),
        ]) {
          expect(leakage(split, rows, [byFormula])).toMatchObject([
            { of: "test", in: "train", rows: 0 },
          ]);
        }
        const got = sizes(groupedSplit(rows, byFormula, seed, fractions));
        const share = (fractions.train / (fractions.train + fractions.test)) * rows.length;
        expect(Math.abs(got[0]! - share)).toBeLessThanOrEqual(largest);
      }),
    );
  });

  test("a random one of equal rows has its shares to within one row; seeds differ", () => {
    const rows = items(1001, 50);
    const split = randomSplit(rows, 1);
    expect(Object.keys(split.parts)).toEqual(["train", "val", "test"]);
    for (const [i, share] of [0.7, 0.15, 0.15].entries())
      expect(Math.abs(sizes(split)[i]! - share * 1001)).toBeLessThan(1);
    expect(randomSplit(rows, 2).parts).not.toEqual(split.parts);
    expect(leakage(split, rows, [byFormula])[1]!.rows).toBeGreaterThan(100);
  });

  test("ten folds part 1,003 rows into tens and hundreds", () => {
    const rows = items(1003, 9);
    const split = kFoldSplit(rows, 10, "seed");
    expect(sizes(split).sort()).toEqual([...Array<number>(7).fill(100), 101, 101, 101]);
    const { train, test: held } = foldParts(split, 3);
    expect([train.length + held.length, new Set([...train, ...held]).size]).toEqual([1003, 1003]);
    expect(() => foldParts(split, 11)).toThrow(expect.objectContaining({ code: "split/folds" }));
  });

  test.each([[1], [2.5], [12]])("%d folds of 11 rows are refused", (folds) => {
    expect(() => kFoldSplit(items(11, 3), folds, 0)).toThrow(
      expect.objectContaining({ code: "split/folds" }),
    );
  });

  test("an id twice or shares that are none are refused", () => {
    const twice = [...items(3, 2), ...items(1, 1)];
    expect(() => randomSplit(twice, 0)).toThrow(
      expect.objectContaining({ code: "split/duplicate-id" }),
    );
    for (const fractions of [{ train: 1 }, { train: 1, test: 0 }, { train: 1, test: Number.NaN }]) {
      expect(() => randomSplit(items(3, 3), 0, fractions)).toThrow(
        expect.objectContaining({ code: "split/fractions" }),
      );
    }
  });
});

describe("the hash split", () => {
  test("adding and removing rows moves no other row", () => {
    const all = items(3000, 700);
    const before = partOfId(hashSplit(all.slice(0, 2000), byFormula));
    const after = partOfId(hashSplit(all.toReversed(), byFormula));
    for (const [id, part] of before) expect(after.get(id)).toBe(part);
  });

  test("is what it was in every version: golden assignment", () => {
    const split = hashSplit(items(12, 12).map(({ id }) => ({ id })));
    expect(split.parts).toEqual({
      train: [2, 3, 4, 5, 7, 9, 10].map((i) => `id-${i}`),
      val: [0, 6, 8, 11].map((i) => `id-${i}`),
      test: ["id-1"],
    });
  });

  test("shares hold on average", () => {
    const counts = sizes(hashSplit(items(20_000, 20_000)));
    for (const [i, share] of [0.7, 0.15, 0.15].entries()) {
      expect(Math.abs(counts[i]! / 20_000 - share)).toBeLessThan(0.01);
    }
  });
});

test("MurmurHash3 and SHA-256 give the published values", async () => {
  // Reference values of MurmurHash3_x86_32, as in the test suites of its ports.
  expect(murmur3("")).toBe(0);
  expect(murmur3("", 1)).toBe(0x514e28b7);
  expect(murmur3("", 0xffffffff)).toBe(0x81f16f39);
  expect(murmur3("test")).toBe(0xba6bd213);
  expect(murmur3("test", 0x9747b28c)).toBe(0x704b81dc);
  expect(murmur3("Hello, world!")).toBe(0xc0363e43);
  expect(murmur3("The quick brown fox jumps over the lazy dog", 0x9747b28c)).toBe(0x2fa826cd);
  expect(await sha256Hex("abc")).toBe(
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

describe("class balance", () => {
  const labels = ["a", "b", "a", "a", "c", "b"];

  test("oversampling evens the classes and repeats each sample of a class equally often", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        (labels, seed) => {
          const indices = [...oversample(labels, seed)];
          const counts = classCounts(indices.map((i) => labels[i]!));
          expect(new Set(counts.values()).size).toBe(1);
          for (const label of counts.keys()) {
            const uses = [
              ...classCounts(indices.filter((i) => labels[i] === label).map(String)).values(),
            ];
            expect(uses[0]! - uses.at(-1)!).toBeLessThanOrEqual(1);
          }
          expect(indices.slice(0, labels.length)).toEqual([...labels.keys()]);
        },
      ),
    );
  });

  test("a lower target fills rare classes only", () => {
    expect([...classCounts([...oversample(labels, 1, 2)].map((i) => labels[i]!))]).toEqual([
      ["a", 3],
      ["b", 2],
      ["c", 2],
    ]);
    expect(() => oversample(labels, 1, -1)).toThrow(
      expect.objectContaining({ code: "balance/target" }),
    );
  });

  test("augmentation: ten of each, more of rare ones, never more than the cap", () => {
    expect([...augmentationCounts(labels, { perSample: 10, perClass: 40, atMost: 30 })]).toEqual([
      14, 20, 14, 14, 30, 20,
    ]);
  });

  test("weights agree with scikit-learn's compute_class_weight('balanced')", () => {
    expect([...classWeights(labels)]).toEqual([
      ["a", 6 / 9],
      ["b", 1],
      ["c", 2],
    ]);
  });
});

test.skipIf(!hasShared)(
  `the official split of the labelled table leaks as its readme says${SHARED_ABSENT}`,
  async () => {
    const table = await openStructureTable(sharedPath("mp_labelled.parquet"));
    const rows: StructureRow[] = [];
    for await (const row of table) rows.push(row);
    const overlaps = leakage(columnSplit(rows), rows, [
      LEAKAGE_KEYS.formula,
      LEAKAGE_KEYS.formulaAndSpaceGroup,
    ]);
    const testInTrain = overlaps.filter(
      (overlap) => overlap.of === "test" && overlap.in === "train",
    );
    expect(testInTrain.map(({ rows, total }) => [rows, total])).toEqual([
      [961, 3120],
      [304, 3120],
    ]);
    const honest = groupedSplit(rows, LEAKAGE_KEYS.formula, 1);
    expect(leakage(honest, rows, [LEAKAGE_KEYS.formula]).map(({ rows }) => rows)).toEqual([
      0, 0, 0,
    ]);
  },
);
