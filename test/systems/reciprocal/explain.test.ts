/** Who won the pool, and what stands for whom. */
import { expect, test } from "vitest";
import { positiveHkl } from "../../../src/diffraction/laue.ts";
import { evenShares, mergePoints, winnerShares } from "../../../src/systems/reciprocal/explain.ts";

test("shares: channels that nobody woke do not count, equals share a win", () => {
  const activations = [
    [0, 3, 1, 0],
    [0, 0, 0, 0],
    [2, 0, 2, 0],
    [0, 5, 0, 0],
  ].flat();
  expect(Array.from(winnerShares(activations, 4))).toEqual([1 / 6, 2 / 3, 1 / 6, 0]);
  expect(Array.from(winnerShares([0, 0], 2))).toEqual([0, 0]);
});

test("what one of a family won by rounding belongs to all of it", () => {
  const shares = evenShares(Float64Array.of(0.5, 0, 0.25, 0.25), ["111", "200", "111", "220"]);
  expect(Array.from(shares)).toEqual([0.375, 0, 0.375, 0.25]);
});

test("of a Friedel pair, the mate whose first index that is not 0 is positive", () => {
  expect(positiveHkl(-1, 2, 0)).toEqual([1, -2, 0]);
  expect(positiveHkl(0, -1, 3)).toEqual([0, 1, -3]);
  expect(positiveHkl(0, 0, 0)).toEqual([0, 0, 0]);
  expect(Object.is(positiveHkl(-1, 0, 0)[1], 0)).toBe(true);
});

test("families: shares and points add up, the most positive indices stand for all, losers are left out", () => {
  const point = (hkl: [number, number, number], share: number, key: string) => ({
    hkl,
    gInvAngstrom: [0.1 * hkl[0], 0.1 * hkl[1], 0.1 * hkl[2]] as [number, number, number],
    share,
    key,
    count: 2,
  });
  const merged = mergePoints([
    point([1, -1, 1], 0.1, "111"),
    point([1, 1, 1], 0.2, "111"),
    point([2, 0, 0], 0, "200"),
    { ...point([0, 0, 0], 0.7, "000"), count: 1 },
  ]);
  expect(merged.map(({ hkl, multiplicity }) => [hkl, multiplicity])).toEqual([
    [[0, 0, 0], 1],
    [[1, 1, 1], 4],
  ]);
  expect(merged[0]!.dAngstrom).toBeNull();
  expect(merged[1]!.dAngstrom).toBeCloseTo(10 / Math.sqrt(3), 9);
  expect(merged[1]!.share).toBeCloseTo(0.3, 12);
});
