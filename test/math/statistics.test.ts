import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/math/random.ts";
import {
  bootstrapInterval,
  mean,
  median,
  pearson,
  quantile,
  ranks,
  spearman,
  standardDeviation,
} from "../../src/math/statistics.ts";

const golden = JSON.parse(readFileSync(new URL("fixtures/fits.json", import.meta.url), "utf8")) as {
  a: number[];
  b: number[];
  mean: number;
  median: number;
  sd: number;
  pearson: number;
  spearman: number;
  ranks: number[];
  quantiles: Record<string, number>;
};

describe("statistics", () => {
  test("as NumPy and SciPy", () => {
    const { a, b } = golden;
    expect(mean(a)).toBeCloseTo(golden.mean, 12);
    expect(median(a)).toBeCloseTo(golden.median, 12);
    expect(standardDeviation(a)).toBeCloseTo(golden.sd, 12);
    expect(pearson(a, b)).toBeCloseTo(golden.pearson, 12);
    expect(spearman(a, b)).toBeCloseTo(golden.spearman, 12);
    expect(Array.from(ranks(a))).toEqual(golden.ranks);
    for (const [level, value] of Object.entries(golden.quantiles)) {
      expect(quantile(a, Number(level))).toBeCloseTo(value, 12);
    }
  });

  test("95 % intervals hold the truth about 95 times in 100", () => {
    const random = Random.fromSeed("coverage");
    let held = 0;
    for (let run = 0; run < 200; run++) {
      const values = random.fillNormal(new Float64Array(40), 5, 2);
      const statistic = (indices: Uint32Array) =>
        mean(indices.length === 0 ? [] : pick(values, indices));
      const { lower, upper } = bootstrapInterval(40, statistic, random, { resamplings: 200 });
      if (lower <= 5 && 5 <= upper) held++;
    }
    expect(held).toBeGreaterThan(174);
    expect(held).toBeLessThan(200);
  });

  test("the estimate is that of the samples as they are", () => {
    const values = [1, 2, 3, 10];
    const statistic = (indices: Uint32Array) => median(pick(values, indices));
    const interval = bootstrapInterval(4, statistic, Random.fromSeed(1));
    expect(interval.estimate).toBe(2.5);
    expect(interval.lower).toBeGreaterThanOrEqual(1);
    expect(interval.upper).toBeLessThanOrEqual(10);
    expect(interval).toEqual(bootstrapInterval(4, statistic, Random.fromSeed(1)));
  });

  test.each([
    [() => mean([]), "samples/empty"],
    [() => standardDeviation([1]), "samples/empty"],
    [() => median([1, Number.NaN]), "samples/not-finite"],
    [() => quantile([1, 2], 1.1), "samples/quantile"],
    [() => pearson([1, 1, 1], [1, 2, 3]), "samples/constant"],
    [() => pearson([1, 2], [1, 2, 3]), "samples/length"],
    [() => bootstrapInterval(0, () => 0, Random.fromSeed(1)), "samples/empty"],
  ])("refuses case %#", (call, code) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});

function pick(values: ArrayLike<number>, indices: Uint32Array): number[] {
  return Array.from(indices, (i) => values[i]!);
}
