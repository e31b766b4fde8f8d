/** Random forest and gradient boosting. */
import { describe, expect, test } from "vitest";
import { rocAuc } from "../../src/math/metrics.ts";
import { Random } from "../../src/math/random.ts";
import { gradientBoosting, randomForest } from "../../src/reproduce/trees.ts";

/** Class 1 where two of the ten numbers lie on one side of ½ (an exclusive or: no single number tells), with some noise. */
function samples(count: number, seed: number, noise = 0): { x: Float32Array; labels: number[] } {
  const random = Random.fromSeed(seed);
  const x = random.fillUniform(new Float32Array(10 * count));
  const labels = Array.from({ length: count }, (_, i) => {
    const same = x[10 * i + 2]! > 0.5 === x[10 * i + 7]! > 0.5;
    return same === random.uniform() >= noise ? 1 : 0;
  });
  return { x, labels };
}

describe.each([
  ["forest", randomForest],
  ["boosting", gradientBoosting],
] as const)("%s", (_, fit) => {
  test("learns what no single number tells, and is as good as the noise lets it on others", () => {
    const [seen, others] = [samples(2000, 1, 0.1), samples(1000, 2, 0.1)];
    const p = fit(seen.x, seen.labels, { seed: 1 }).probabilities(others.x);
    // With a tenth of the labels turned, knowing the rule gives an AUC of 0.9.
    expect(rocAuc(others.labels, p)).toBeGreaterThan(0.84);
    expect(rocAuc(others.labels, p)).toBeLessThan(0.93);
    expect(Math.min(...p)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...p)).toBeLessThanOrEqual(1);
  });

  test("one seed, one model; labels at random teach nothing", () => {
    const seen = samples(400, 3);
    const run = (seed: number) => fit(seen.x, seen.labels, { seed, maxFeatures: 3, trees: 5 });
    expect(run(1).probabilities(seen.x)).toEqual(run(1).probabilities(seen.x));
    expect(run(1).probabilities(seen.x)).not.toEqual(run(2).probabilities(seen.x));
    const random = Random.fromSeed(9);
    const noise = seen.labels.map(() => random.integer(0, 1));
    const others = samples(600, 4);
    const p = fit(seen.x, noise, { seed: 1 }).probabilities(others.x);
    expect(Math.abs(rocAuc(others.labels, p) - 0.5)).toBeLessThan(0.1);
  });

  test("numbers that take few values, or one, are split between them or not at all", () => {
    const labels = Array.from({ length: 200 }, (_, i) => i % 2);
    const x = Float32Array.from(labels.flatMap((label) => [7, label === 1 ? -3 : -4]));
    const p = fit(x, labels, { seed: 1, maxFeatures: 1 }).probabilities(
      Float32Array.of(7, -4, 7, -3.4),
    );
    expect(p[0]).toBeLessThan(0.1);
    expect(p[1]).toBeGreaterThan(0.9);
  });

  test("rows and labels must fit", () => {
    expect(() => fit(new Float32Array(7), [0, 1], { seed: 1 })).toThrow("7 numbers, 2 labels");
    const model = fit(Float32Array.of(1, 2, 3, 4), [0, 1], { seed: 1, minLeaf: 1 });
    expect(() => model.probabilities(new Float32Array(3))).toThrow("no rows of 2");
  });
});

test("a tree without limits learns its sample by heart; a leaf of half the samples cannot", () => {
  const { x, labels } = samples(300, 5, 0.5);
  const own = (minLeaf: number) =>
    rocAuc(labels, randomForest(x, labels, { seed: 1, trees: 30, minLeaf }).probabilities(x));
  expect(own(1)).toBeGreaterThan(0.99);
  expect(own(150)).toBeLessThan(0.8);
});
