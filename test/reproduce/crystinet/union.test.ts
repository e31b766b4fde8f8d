import fc from "fast-check";
import { expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import { Random } from "../../../src/math/random.ts";
import { exportModel } from "../../../src/net/export.ts";
import { typeGroups } from "../../../src/reproduce/crystinet/groups.ts";
import { partOfPattern, planPatterns } from "../../../src/reproduce/crystinet/pattern-plan.ts";
import { nextLambda, rcnetModel } from "../../../src/reproduce/crystinet/rcnet.ts";
import {
  type CrystinetRegime,
  EVENING_REGIME,
  type LabelledPatterns,
  trainRcnet,
} from "../../../src/reproduce/crystinet/train.ts";
import {
  Crystinet,
  type CrystinetEvidence,
  reliabilities,
  weigh,
} from "../../../src/reproduce/crystinet/union.ts";
import type { Sample } from "../../../src/systems/structure-type/dataset.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });
const evidence = fc
  .array(fc.record({ confidence: share, cosine: share }), { minLength: 2, maxLength: 10 })
  .map((networks): CrystinetEvidence => ({
    answer: networks.map((_, network) => 10 * network),
    confidence: networks.map(({ confidence }) => confidence),
    cosine: networks.map(({ cosine }) => cosine),
    nearest: { type: 0, cosine: 0 },
  }));

test("R lies between α/2 and 1, and the network of the highest R wins", () => {
  fc.assert(
    fc.property(evidence, share, (one, alpha) => {
      const all = reliabilities(one, alpha);
      for (const value of all) {
        expect(value).toBeGreaterThanOrEqual(alpha / 2 - 1e-12);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }
      const { network, type, reliability } = weigh(one, alpha);
      expect(reliability).toBe(Math.max(...all));
      expect(type).toBe(10 * network);
    }),
  );
});

test("confidence decides alone at α = 0, similarity alone at α = 1; a network left out does not win", () => {
  const one: CrystinetEvidence = {
    answer: [3, 7],
    confidence: [0.9, 0.2],
    cosine: [0.1, 0.8],
    nearest: { type: 7, cosine: 0.8 },
  };
  expect(weigh(one, 0).type).toBe(3);
  expect(weigh(one, 1).type).toBe(7);
  expect(weigh(one, 1, new Set([1])).type).toBe(3);
  // 0.7 · (0.5 + 0.4) + 0.3 · 0.2
  expect(weigh(one, 0.7).reliability).toBeCloseTo(0.69, 12);
});

test("hints become dearer above the budget and cheaper below, not below the floor", () => {
  const at = (asked: number, lambda: number) => ({
    step: 5,
    epoch: 0,
    progress: 0.1,
    lastMetrics: { asked },
    previous: { lambda },
  });
  expect(nextLambda(at(0.9, 0.1))).toBeCloseTo(0.125, 12);
  expect(nextLambda(at(0.3, 0.1))).toBeCloseTo(0.1 / 1.03, 12);
  expect(nextLambda(at(0.3, 0.1), 0.1)).toBe(0.1);
});

const sample = (id: string, formula: string): Sample => ({
  id,
  formula,
  lines: {
    system: "cubic",
    cell: [4, 4, 4, 90, 90, 90],
    hkl: new Int16Array(),
    strength: new Float32Array(),
  },
});

test("rare types get more patterns of each compound; honest parts keep a compound together, the paper's do not", () => {
  const common = Array.from({ length: 400 }, (_, i) => sample(`c${i}`, `A${i}`));
  const rare = Array.from({ length: 4 }, (_, i) => sample(`r${i}`, `B${i}`));
  const plan = planPatterns([common, rare], 2200);
  expect(plan.filter(({ type }) => type === 0)).toHaveLength(2000);
  expect(plan.filter(({ type }) => type === 1)).toHaveLength(200);
  const partsOf = (split: "compounds" | "patterns") =>
    rare.map(
      ({ id }) =>
        new Set(
          plan.filter((one) => one.sample.id === id).map((one) => partOfPattern(one, split, 1)),
        ).size,
    );
  expect(partsOf("compounds")).toEqual([1, 1, 1, 1]);
  expect(Math.max(...partsOf("patterns"))).toBe(3);
});

/** A pattern of a type: three pairs of lines, as far apart as the type says, a little off. */
function pattern(type: number, points: number, random: Random): Float32Array {
  const values = new Float32Array(points);
  for (const start of [0.2, 0.45, 0.7])
    for (const along of [0, 60 + 70 * type]) {
      const centre = points * start + along + random.normal(0, 3);
      for (let i = 0; i < points; i++) values[i]! += Math.exp(-(((i - centre) / 12) ** 2));
    }
  return values;
}

test("average patterns that are alike come into one group", async () => {
  const random = Random.fromSeed(4);
  const averages = Array.from({ length: 24 }, (_, i) => pattern(4 * (i % 3), 5250, random));
  const { labels, exemplars } = await typeGroups(averages, 3, 1);
  expect(exemplars).toHaveLength(3);
  for (const [i, label] of labels.entries()) expect(label).toBe(labels[i % 3]);
});

test("two small networks, trained apart, tell four types together", async () => {
  const regime: CrystinetRegime = {
    ...EVENING_REGIME,
    passes: 16,
    batch: 8,
    learningRate: 3e-3,
    shape: { ...EVENING_REGIME.shape, filters: 4, blocks: 4, binning: 15, kernel: 5 },
  };
  const runtime = await loadRuntime({ provider: "cpu", threads: 1 });
  const random = Random.fromSeed(5);
  const draw = (types: readonly number[], count: number): LabelledPatterns => {
    const label = Int32Array.from({ length: count }, (_, i) => i % types.length);
    const intensity = new Uint8Array(count * 5250);
    for (const [row, own] of label.entries())
      intensity.set(
        pattern(types[own]!, 5250, random).map((value) => 255 * Math.min(1, value)),
        row * 5250,
      );
    return { intensity, label };
  };
  const metadata = { dataHash: "", commit: "", attribution: "" };
  const files = [];
  for (const types of [
    [0, 1],
    [4, 5],
  ]) {
    const train = draw(types, 96);
    const { best } = await trainRcnet({
      runtime,
      regime,
      types: types.length,
      train,
      validation: draw(types, 16),
      seed: 1,
    });
    files.push({ types, onnx: exportModel(rcnetModel(2, regime.shape), best, { metadata }) });
  }
  const averages = Array.from({ length: 6 }, (_, type) => pattern(type, 5250, random));
  const model = await Crystinet.load(runtime, files, averages);
  let right = 0;
  for (const type of [0, 1, 4, 5])
    for (let i = 0; i < 10; i++) {
      const [one] = await model.witness(pattern(type, 5250, random));
      if (weigh(one!, 0.7).type === type) right++;
    }
  await model.release();
  // By chance 10.
  expect(right).toBeGreaterThanOrEqual(30);
}, 60_000);
