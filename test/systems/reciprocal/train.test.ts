/** The default networks learn from a small table, are exported, and are invariant. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { embeddedRows } from "../../../src/data/embedded.ts";
import { randomSplit } from "../../../src/data/splits.ts";
import type { StructureRow } from "../../../src/data/structure-table.ts";
import {
  type FeatureRows,
  type StructureFeature,
  tableFeatures,
} from "../../../src/data/table-features.ts";
import { Random } from "../../../src/math/random.ts";
import { exportModel } from "../../../src/net/export.ts";
import { type Answer, loadPredictor } from "../../../src/net/predictor.ts";
import { collectData, rowsWith } from "../../../src/systems/reciprocal/dataset.ts";
import { domainOf } from "../../../src/systems/reciprocal/domain.ts";
import {
  calibrateProperties,
  propertyLogits,
  scoreProperties,
} from "../../../src/systems/reciprocal/evaluate.ts";
import { POINTS } from "../../../src/systems/reciprocal/feature-layout.ts";
import { reciprocalFeature } from "../../../src/systems/reciprocal/features.ts";
import { propertyNetwork, systemNetwork } from "../../../src/systems/reciprocal/network.ts";
import { systemFeature } from "../../../src/systems/reciprocal/system-features.ts";
import {
  collectSystemData,
  systemAnswers,
  trainSystem,
} from "../../../src/systems/reciprocal/train-system.ts";
import { trainProperties } from "../../../src/systems/reciprocal/train.ts";

const METADATA = { dataHash: "", commit: "", attribution: "" };
const rows: StructureRow[] = [];

beforeAll(async () => {
  await loadSymmetry();
  for await (const row of embeddedRows({ perType: 4, mostAtoms: 6, seed: 3 })) rows.push(row);
});

const withFeature = (feature: StructureFeature): AsyncGenerator<FeatureRows> =>
  tableFeatures(rows, feature, { remember: async (_request, compute) => compute() });

describe("properties", () => {
  test("learned from rows that know one label each, better than chance on others; shuffled points, same answer", async () => {
    const data = await collectData(withFeature(reciprocalFeature()));
    const split = randomSplit(data.rows, 1, { train: 0.7, val: 0.3 });
    const part = (name: string): Uint32Array => rowsWith(data, new Set(split.parts[name]), [0]);
    const [trainRows, validationRows] = [part("train"), part("val")];
    const runtime = await loadRuntime({ threads: 1 });
    const { best, history } = await trainProperties({
      runtime,
      data,
      trainRows,
      validationRows,
      tasks: ["metal"],
      seed: 1,
      epochs: 12,
      batch: 64,
    });
    expect(history.at(-1)!.train["loss"]!).toBeLessThan(history[0]!.train["loss"]!);
    const half = exportModel(propertyNetwork(), best, { metadata: METADATA, half: true });
    expect(half.byteLength).toBeLessThan(4e6);
    const predictor = await loadPredictor(runtime, half);
    const logits = await propertyLogits(predictor, data, validationRows);
    const calibration = calibrateProperties(data, validationRows, logits, ["metal"]);
    const { metal } = scoreProperties(data, validationRows, logits, calibration);
    expect(metal!.n).toBe(validationRows.length);
    expect(metal!.auc).toBeGreaterThan(0.7);
    expect(domainOf(data, trainRows).electronsPerAngstrom3[0]).toBeGreaterThan(0);

    const random = Random.fromSeed(4);
    const seen = 7;
    const points = random.fillUniform(new Float32Array(POINTS * seen));
    const weight = random.fillUniform(new Float32Array(POINTS));
    const overall = random.fillUniform(new Float32Array(data.blocks[0]!.shape[1]! - POINTS * 8));
    const order = random.permutation(POINTS);
    const shuffled = Float32Array.from(order, (p) => weight[p]!);
    const moved = new Float32Array(POINTS * seen);
    for (const [i, p] of order.entries())
      moved.set(points.subarray(p * seen, (p + 1) * seen), i * seen);
    const ask = async (p: Float32Array, w: Float32Array): Promise<Answer["data"]> =>
      (await predictor.run({ overall, points: p, weight: w }))["logits"]!.data;
    const [before, after] = [await ask(points, weight), await ask(moved, shuffled)];
    for (const [i, x] of before.entries()) expect(after[i]).toBeCloseTo(x, 4);
    await predictor.release();
  });
});

describe("crystal systems", () => {
  test("learned from the shape of three points", async () => {
    const data = await collectSystemData(withFeature(systemFeature(0.01)), false);
    const split = randomSplit(data.rows, 1, { train: 0.7, val: 0.3 });
    const ids = (name: string): ReadonlySet<string> => new Set(split.parts[name]);
    const runtime = await loadRuntime({ threads: 1 });
    const { best } = await trainSystem({
      runtime,
      data,
      trainIds: ids("train"),
      validationIds: ids("val"),
      seed: 1,
      epochs: 40,
    });
    const bytes = exportModel(systemNetwork(), best, { metadata: METADATA });
    const predictor = await loadPredictor(runtime, bytes);
    expect((await systemAnswers(predictor, data, ids("val"))).accuracy).toBeGreaterThan(0.9);
    await predictor.release();
  });
});
