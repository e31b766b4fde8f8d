/** Losses written outside of src/net, with its public names only. */
import { expect, test } from "vitest";
import { Random } from "../../src/math/random.ts";
import * as net from "../support/net.ts";

const BATCH = 64;

/** One number; its sign is the class, but near zero the label is a coin. */
function makeBatch(epoch: number, index: number): net.Batch {
  const random = Random.fromSeed(9, epoch, index);
  const x = random.fillUniform(new Float32Array(BATCH), -1, 1);
  const label = Int32Array.from(x, (value) =>
    Math.abs(value) < 0.3 ? random.integer(0, 1) : Number(value > 0),
  );
  return { x, label };
}

/**
 * DeVries & Taylor 2018: the network may ask for hints. The prediction is mixed with the label by the
 * confidence c, p' = c·p + (1-c)·y, for half the batch; asking costs -λ ln c, and λ keeps that cost at a
 * budget.
 */
const confident: { model: net.Model; objective: net.Objective } = {
  model: {
    name: "confident",
    inputs: { x: { shape: [1] } },
    build(_, { x }) {
      const hidden = net.tanh(net.dense(net.tanh(net.dense(x!, 16)), 16));
      const confidence = net.sigmoid(net.dense(hidden, 1, { name: "confidence" }));
      return { probability: net.softmax(net.dense(hidden, 2)), confidence };
    },
  },
  objective: {
    targets: { label: { shape: [], dtype: "int" } },
    build(graph, { probability, confidence }, { label }) {
      const hot = net.oneHot(label!, 2);
      let trust = confidence!;
      if (graph.training) {
        const hinted = net.step(net.sub(graph.noise("hint", [graph.batch, 1], "uniform"), 0.5));
        trust = net.sub(1, net.mul(hinted, net.sub(1, confidence!)));
      }
      const mixed = net.add(net.mul(trust, probability!), net.mul(net.sub(1, trust), hot));
      const task = net.neg(net.mean(net.sum(net.mul(hot, net.log(net.add(mixed, 1e-6))), [1])));
      const asked = net.neg(net.mean(net.log(net.add(confidence!, 1e-6))));
      const lambda = graph.scalar("lambda", 0.1);
      return { loss: net.add(task, net.mul(lambda, asked)), asked };
    },
  },
};

test("a confidence head that mixes prediction and label, with its budget, needs no change in net", async () => {
  const runtime = await net.loadRuntime({ provider: "cpu", threads: 1 });
  const budget = 0.3;
  const lambdas: number[] = [];
  const { last } = await net.fit({
    runtime,
    ...confident,
    batch: BATCH,
    seed: 2,
    epochs: 12,
    optimiser: net.adam({ learningRate: 0.01 }),
    train: { batchesPerEpoch: 40, get: makeBatch },
    scalars({ previous, lastMetrics }) {
      const before = previous["lambda"] ?? 0.1;
      const asked = lastMetrics["asked"];
      if (asked === undefined) return { lambda: before };
      const lambda = asked > budget ? before / 0.99 : before / 1.01;
      lambdas.push(lambda);
      return { lambda };
    },
  });
  expect(new Set(lambdas).size).toBeGreaterThan(10);
  const metadata = { dataHash: "", commit: "", attribution: "" };
  const file = net.exportModel(confident.model, last, { metadata });
  const predictor = await net.loadPredictor(runtime, file);
  const points = Float32Array.of(-0.8, -0.6, 0.6, 0.8, -0.1, 0, 0.1);
  const { probability, confidence } = await predictor.run({ x: points });
  await predictor.release();
  // Sure and right where the class is known, unsure where the label is a coin.
  for (const [i, x] of points.entries())
    if (Math.abs(x) > 0.5) expect(probability!.data[2 * i + 1]! > 0.5).toBe(x > 0);
  const sure = Math.min(...confidence!.data.subarray(0, 4));
  const unsure = Math.max(...confidence!.data.subarray(4));
  expect(sure).toBeGreaterThan(0.9);
  expect(unsure).toBeLessThan(sure - 0.1);
});

test("a variational autoencoder of one expression learns to rebuild its input", async () => {
  const runtime = await net.loadRuntime({ provider: "cpu", threads: 1 });
  const model: net.Model = {
    name: "vae",
    inputs: { x: { shape: [6] } },
    build(_, { x }) {
      const hidden = net.gelu(net.dense(x!, 24));
      const [average, spread] = [net.dense(hidden, 2), net.dense(hidden, 2, { name: "spread" })];
      const code = net.sampleNormal(average, spread);
      return { average, spread, rebuilt: net.dense(net.gelu(net.dense(code, 24)), 6) };
    },
  };
  const objective: net.Objective = {
    targets: { target: { shape: [6] } },
    build(graph, { average, spread, rebuilt }, { target }) {
      const error = net.meanSquaredError(rebuilt!, target!);
      const kl = net.klNormal(average!, spread!);
      return { loss: net.add(error, net.mul(graph.scalar("klWeight", 0), kl)), error, kl };
    },
  };
  const rising = net.ramp(0, 1e-3, 0.5);
  const { history } = await net.fit({
    runtime,
    model,
    objective,
    batch: 32,
    seed: 4,
    epochs: 10,
    optimiser: net.adam({ learningRate: 0.01 }),
    scalars: (at) => ({ klWeight: rising(at) }),
    train: {
      batchesPerEpoch: 30,
      get(epoch, index) {
        // Two hidden numbers behind six seen ones.
        const random = Random.fromSeed(1, epoch, index);
        const x = new Float32Array(32 * 6);
        for (let row = 0; row < 32; row++) {
          const [a, b] = [random.normal(), random.normal()];
          for (let i = 0; i < 6; i++) x[6 * row + i] = Math.sin(i) * a + Math.cos(2 * i) * b;
        }
        return { x, target: x };
      },
    },
  });
  const [first, last] = [history[0]!.train, history.at(-1)!.train];
  expect(last["error"]).toBeLessThan(0.1 * first["error"]!);
  expect(history.at(-1)!.scalars["klWeight"]).toBe(1e-3);
  expect(Number.isFinite(last["kl"])).toBe(true);
});
