import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  affinityClusters,
  affinityPropagation,
  negativeSquaredDistances,
} from "../../src/reproduce/affinity-propagation.ts";
import { Random } from "../../src/math/random.ts";

interface Golden {
  readonly points: readonly (readonly [number, number])[];
  readonly preference: number;
  readonly damping: number;
  readonly exemplars: readonly number[];
  readonly labels: readonly number[];
}

const GOLDEN = JSON.parse(
  readFileSync(new URL("fixtures/affinity.json", import.meta.url), "utf8"),
) as Golden[];
const random = (): Random => Random.fromSeed(1);

test.each(GOLDEN.map((golden, index) => ({ index, golden })))(
  "clusters as scikit-learn does (case $index)",
  ({ golden }) => {
    const { preference, damping, points } = golden;
    const options = { damping, preference };
    const found = affinityPropagation(negativeSquaredDistances(points), random(), options);
    expect(found.converged).toBe(true);
    expect(found.exemplars).toEqual(golden.exemplars);
    expect(found.labels).toEqual(golden.labels);
  },
);

describe("clusters of any points", () => {
  const point = fc.tuple(
    fc.double({ min: -5, max: 5, noNaN: true }),
    fc.double({ min: -5, max: 5, noNaN: true }),
  );
  const points = fc.array(point, { minLength: 3, maxLength: 25 });

  test("exemplars stand for themselves, every point belongs to its nearest exemplar", () => {
    fc.assert(
      fc.property(points, (xs) => {
        const s = negativeSquaredDistances(xs);
        const { exemplars, labels } = affinityPropagation(s, random(), { damping: 0.8 });
        for (const [cluster, i] of exemplars.entries()) expect(labels[i]).toBe(cluster);
        if (exemplars.length === 0) return;
        for (const [i, label] of labels.entries()) {
          const own = s[i * xs.length + exemplars[label]!]!;
          for (const k of exemplars)
            expect(own).toBeGreaterThanOrEqual(s[i * xs.length + k]! - 1e-9);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("moving all points together changes nothing", () => {
    fc.assert(
      fc.property(points, (xs) => {
        const rounded = xs.map(([x, y]) => [Math.round(x * 64) / 64, Math.round(y * 64) / 64]);
        const moved = rounded.map(([x, y]) => [x! + 8, y! - 4]);
        const cluster = (ps: number[][]): unknown =>
          affinityPropagation(negativeSquaredDistances(ps), random(), { damping: 0.8 }).labels;
        expect(cluster(moved)).toEqual(cluster(rounded));
      }),
      { numRuns: 25 },
    );
  });
});

test("the preference is found that gives as many clusters as wanted", () => {
  const { points } = GOLDEN[2]!;
  for (const wanted of [2, 5, 10]) {
    const s = negativeSquaredDistances(points);
    const found = affinityClusters(s, wanted, random());
    expect(found.exemplars).toHaveLength(wanted);
    expect(new Set(found.labels).size).toBe(wanted);
  }
});

test("what is no square of finite similarities is refused", () => {
  expect(() => affinityPropagation(new Float64Array(5), random())).toThrow("square of finite");
  expect(() => affinityPropagation(new Float64Array(9).fill(NaN), random())).toThrow("square");
  const s = negativeSquaredDistances(GOLDEN[0]!.points);
  expect(() => affinityClusters(s, 29.5, random())).toThrow("no preference gives 29.5");
});
