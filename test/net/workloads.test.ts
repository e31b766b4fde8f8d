/**
 * Whole models against PyTorch in float64: gradients of every tensor and eight Adam steps of the three
 * workloads, by the step that training runs (`fixtures/workloads.py` made the golden values).
 */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashedArray, hashedBatch, hashedWeights, workloads } from "../../bench/net-workloads.mjs";
import * as net from "../support/net.ts";

interface Golden {
  readonly batch: number;
  readonly losses: readonly number[];
  readonly gradients: readonly {
    size: number;
    norm: number;
    product: number;
    samples: [number, number, number];
  }[];
  readonly weights: readonly number[];
  readonly weightNorms: readonly number[];
  readonly evaluationLoss: number;
}

const golden = JSON.parse(
  readFileSync(new URL("fixtures/workloads.json", import.meta.url), "utf8"),
) as Record<"W1" | "W2" | "W3", Golden>;

function dot(values: Float32Array, seed: number): number {
  const other = hashedArray(values.length, seed);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]! * other[i]!;
  return total;
}

function length(values: Float32Array): number {
  return Math.sqrt(values.reduce((total, value) => total + value * value, 0));
}

/**
 * Relative error of gradients in float32. Behind many ReLUs a few masks differ from float64, most with
 * the small batches of this test; float32 PyTorch is off as much.
 */
const TOLERANCE = { W1: 1e-4, W2: 1e-2, W3: 1e-2 };

describe.each(workloads(net))("$key", (workload) => {
  const expected = golden[workload.key];
  let stepper: net.Stepper;
  const losses: number[] = [];
  const tolerance = TOLERANCE[workload.key];

  beforeAll(async () => {
    const runtime = await net.loadRuntime({ provider: "cpu", threads: 2 });
    const { model, objective } = workload;
    const optimiser = net.adam({ learningRate: 1e-3 });
    stepper = await net.createStepper(runtime, model, objective, {
      batch: expected.batch,
      optimiser,
    });
    stepper.write("parameters", hashedWeights(stepper.step.trainable));
  });
  afterAll(() => stepper.release());

  test("gradients of every tensor agree", async () => {
    const metrics = await stepper.run(hashedBatch(workload, expected.batch), {
      ...net.adam().scalars(1),
    });
    losses.push(metrics["loss"]!);
    // After the first step the first moment is a tenth of the gradient.
    const gradient = stepper.read("moment0").map((value) => value * 10);
    const { entries } = stepper.step.trainable;
    expect(entries.map(({ size }) => size)).toEqual(expected.gradients.map(({ size }) => size));
    const total = Math.hypot(...expected.gradients.map(({ norm }) => norm));
    for (const [i, { name, offset, size }] of entries.entries()) {
      const part = gradient.subarray(offset, offset + size);
      const { norm, product, samples } = expected.gradients[i]!;
      // Products are sums of ±: their error is that of the gradient, its norm / √3.
      expect(Math.abs(dot(part, 2000 + i) - product), name).toBeLessThan(
        tolerance * norm + 1e-6 * total,
      );
      expect(Math.abs(length(part) - norm), name).toBeLessThan(tolerance * norm + 1e-6 * total);
      for (const [k, place] of [0, Math.floor(size / 3), size - 1].entries())
        expect(Math.abs(part[place]! - samples[k]!), `${name} ${place}`).toBeLessThan(
          tolerance * norm + 1e-6 * total,
        );
    }
    expect(metrics["gradientNorm"]! / total).toBeCloseTo(1, 3);
  });

  test("eight Adam steps follow", async () => {
    const batch = hashedBatch(workload, expected.batch);
    for (let step = 2; step <= 8; step++)
      losses.push((await stepper.run(batch, net.adam().scalars(step)))["loss"]!);
    for (const [i, loss] of losses.entries())
      expect(Math.abs(loss - expected.losses[i]!), `step ${i + 1}`).toBeLessThan(
        0.01 * Math.abs(expected.losses[i]!) + 2e-4,
      );
    const weights = stepper.read("parameters");
    for (const [i, { name, offset, size }] of stepper.step.trainable.entries.entries()) {
      const part = weights.subarray(offset, offset + size);
      // A bias that the loss does not feel (Pearson's) has rounding for a gradient; Adam makes steps of it.
      if (expected.gradients[i]!.norm < 1e-9) continue;
      // A step moves an element by at most about 1e-3: eight of them by 8e-3·√size in all.
      const moved = 8e-3 * Math.sqrt(size);
      expect(Math.abs(dot(part, 3000 + i) - expected.weights[i]!), name).toBeLessThan(0.2 * moved);
      expect(Math.abs(length(part) - expected.weightNorms[i]!), name).toBeLessThan(0.2 * moved);
    }
  });
});
