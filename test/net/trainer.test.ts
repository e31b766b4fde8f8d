import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EwaldError } from "../../src/errors.ts";
import { workerBatches } from "../../src/net/batches.node.ts";
import { create } from "./fixtures/spiral-batches.mjs";
import * as net from "../support/net.ts";

const model: net.Model = {
  name: "spirals",
  inputs: { point: { shape: [2] } },
  build(graph, { point }) {
    let x = point!;
    for (const width of [32, 32]) x = net.relu(net.dense(x, width, { name: "hidden" }));
    graph.name("code", x);
    return { logits: net.dense(x, 2, { name: "last" }) };
  },
};
const objective: net.Objective = {
  targets: { label: { shape: [], dtype: "int" } },
  build: (_, { logits }, { label }) => ({
    accuracy: net.accuracy(logits!, label!),
    loss: net.crossEntropy(logits!, label!),
  }),
};

let runtime: net.Runtime;
beforeAll(async () => {
  runtime = await net.loadRuntime({ provider: "cpu", threads: 1 });
});

function source(batchesPerEpoch: number, batch = 64): net.BatchSource {
  return { batchesPerEpoch, get: create({ batch }) };
}

function options(changes: Partial<net.FitOptions> = {}): net.FitOptions {
  return {
    runtime,
    model,
    objective,
    batch: 64,
    seed: 3,
    epochs: 12,
    optimiser: net.adam({ learningRate: 0.01 }),
    train: source(25),
    ...changes,
  };
}

async function refused(run: Promise<unknown>): Promise<EwaldError> {
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EwaldError);
  return error as EwaldError;
}

describe("fit", () => {
  test("learns two spirals, reports progress, writes history", async () => {
    const store = net.memoryStore();
    const seen: net.Progress[] = [];
    const result = await net.fit(
      options({
        store,
        validation: { batchesPerEpoch: 4, get: (_, index) => create({ batch: 64 })(999, index) },
        score: (results) => ({
          rows: results.reduce((n, { batch }) => n + batch["label"]!.length, 0),
        }),
        monitor: { metric: "accuracy", better: "higher" },
        onProgress: (progress) => seen.push(progress),
      }),
    );
    expect(result.stopped).toBe("finished");
    expect(result.step).toBe(300);
    expect(result.history.at(-1)!.validation).toMatchObject({ rows: 256 });
    const best = Math.max(...result.history.map(({ validation }) => validation!["accuracy"]!));
    expect(best).toBeGreaterThan(0.97);
    expect(result.history.findLast((entry) => entry.best)!.validation!["accuracy"]).toBe(best);
    expect(seen).toHaveLength(300);
    expect(net.progressLine(seen[149]!)).toMatch(
      /^epoch 6\/12 ━{10}─{10}  50 %  loss 0\.\d+  \d+ samples\/s  \d+:\d\d left$/,
    );
    const lines = new TextDecoder()
      .decode(await store.read("history.jsonl"))
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(result.history);
  });

  test("the same seed gives the same bits, another seed others", async () => {
    const run = async (seed: number): Promise<Float32Array> =>
      (await net.fit(options({ seed, epochs: 1 }))).last.get("last/weight")!.data;
    const [a, b, c] = [await run(1), await run(1), await run(2)];
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
  });

  test("stops early on the chosen metric and keeps the best weights", async () => {
    // The validation loss rises from the second epoch on: labels of the validation are turned around.
    const turned = (index: number): net.Batch => {
      const { point, label } = create({ batch: 64 })(999, index);
      return { point, label: label.map((value: number) => 1 - value) };
    };
    const result = await net.fit(
      options({
        epochs: 50,
        validation: { batchesPerEpoch: 2, get: (_, index) => turned(index) },
        monitor: { metric: "loss", better: "lower", patience: 3 },
      }),
    );
    expect(result.stopped).toBe("early");
    const bestEpoch = result.history.findLast((entry) => entry.best)!.epoch;
    expect(result.history).toHaveLength(bestEpoch + 3);
    expect(result.best.get("last/weight")!.data).not.toEqual(result.last.get("last/weight")!.data);
  });

  test("an abort ends the run after the step, and it goes on from there", async () => {
    const store = net.memoryStore();
    const controller = new AbortController();
    const stopAt = (step: number) => (progress: net.Progress) => {
      if (progress.step === step) controller.abort();
    };
    const first = await net.fit(
      options({ epochs: 2, store, signal: controller.signal, onProgress: stopAt(31) }),
    );
    expect(first).toMatchObject({ stopped: "interrupted", step: 31 });
    const second = await net.fit(options({ epochs: 2, store }));
    const whole = await net.fit(options({ epochs: 2 }));
    expect(second.last).toEqual(whole.last);
    expect(second.history).toEqual(whole.history);
  });

  test("a checkpoint of another model or seed is refused", async () => {
    const store = net.memoryStore();
    await net.fit(options({ epochs: 1, store }));
    const other = {
      ...model,
      build: (_: net.Graph, { point }: net.Values) => ({ logits: net.dense(point!, 2) }),
    };
    const error = await refused(net.fit(options({ store, model: other })));
    expect(error.code).toBe("net/other-checkpoint");
    expect(error.message).toContain(
      '"hidden/weight (32, 2)" where this run has "dense/weight (2, 2)"',
    );
    expect((await refused(net.fit(options({ store, seed: 4 })))).code).toBe("net/other-checkpoint");
  });

  test("frozen layers keep their weights, running statistics and all", async () => {
    const frozenModel: net.Model = {
      ...model,
      build(_, { point }) {
        const x = net.relu(
          net.batchNorm(net.dense(point!, 16, { name: "body" }), { name: "norm" }),
        );
        return { logits: net.dense(x, 2, { name: "head" }) };
      },
    };
    const before = await net.fit(options({ model: frozenModel, epochs: 1 }));
    const after = await net.fit(
      options({
        model: frozenModel,
        epochs: 1,
        initial: before.last,
        frozen: (name) => name.startsWith("body") || name.startsWith("norm"),
      }),
    );
    for (const name of ["body/weight", "body/bias", "norm/scale", "norm/mean", "norm/variance"])
      expect(after.last.get(name), name).toEqual(before.last.get(name));
    expect(after.last.get("head/weight")).not.toEqual(before.last.get("head/weight"));
  });

  test("a wrong scalar, metric or batch is named", async () => {
    const scalars = await refused(net.fit(options({ scalars: () => ({ learningrate: 1 }) })));
    expect(scalars.code).toBe("net/unknown-scalar");
    const monitor = { metric: "auc", better: "higher" } as const;
    expect((await refused(net.fit(options({ monitor })))).code).toBe("net/unknown-metric");
    const short = await refused(net.fit(options({ train: source(25, 32) })));
    expect(short.message).toContain('"point" needs a Float32Array of 64×2');
  });
});

describe("a loss that is not finite", () => {
  const build: net.Model["build"] = (graph, { point }) => {
    const x = net.dense(point!, 4, { name: "first" });
    const odd = graph.scope("risky", () => net.log(net.sub(x, 2)));
    return { logits: net.dense(odd, 2, { name: "last" }) };
  };

  test("names step, layer and checkpoint", async () => {
    const store = net.memoryStore();
    const error = await refused(net.fit(options({ model: { ...model, build }, store })));
    expect(error.code).toBe("net/not-finite");
    expect(error.message).toBe(
      'loss is NaN at step 1 (epoch 1), first in layer "risky" (log, forward); no checkpoint was written',
    );
  });

  test("blames a batch that brought it, and names the last good checkpoint", async () => {
    const store = net.memoryStore();
    const bad: net.BatchSource = {
      batchesPerEpoch: 25,
      get(epoch, index) {
        const batch = create({ batch: 64 })(epoch, index);
        if (index === 17) batch.point[5] = Infinity;
        return batch;
      },
    };
    const error = await refused(net.fit(options({ train: bad, store, checkpointEvery: 5 })));
    expect(error.message).toBe(
      'loss is NaN at step 18 (epoch 1), first in input "point"; the last good checkpoint is checkpoint.safetensors (in memory) of step 15',
    );
  });
});

describe("worker threads", () => {
  const module = new URL("fixtures/spiral-batches.mjs", import.meta.url);
  const sources: net.BatchSource[] = [];
  afterAll(() => Promise.all(sources.map((made) => made.close?.())));

  test("give the batches of the same function, in order, whatever their number", async () => {
    for (const workers of [1, 3]) {
      const made = workerBatches({ module, data: { batch: 8 }, batchesPerEpoch: 5, workers });
      sources.push(made);
      const found = await Promise.all([0, 1, 2, 3, 4].map((index) => made.get(2, index)));
      expect(found).toEqual([0, 1, 2, 3, 4].map((index) => create({ batch: 8 })(2, index)));
    }
  });

  test("a failure carries the worker's words", async () => {
    const made = workerBatches({ module, data: { batch: 64, fail: 3 }, batchesPerEpoch: 5 });
    sources.push(made);
    const error = await refused(net.fit(options({ train: made })));
    expect(error.code).toBe("net/batch-failed");
    expect(error.message).toContain("no such file");
  });
});

describe("optimisers and schedules", () => {
  test("weight decay leaves biases alone; the moving average follows", async () => {
    const result = async (optimiser: net.Optimiser): Promise<net.Weights> =>
      (await net.fit(options({ optimiser, epochs: 1, averageDecay: 0.5 }))).last;
    const norm = (weights: net.Weights): number =>
      Math.hypot(...weights.get("hidden2/weight")!.data);
    const plain = await result(net.adamW({ learningRate: 0.003, weightDecay: 0 }));
    const decayed = await result(net.adamW({ learningRate: 0.003, weightDecay: 5 }));
    expect(norm(decayed)).toBeLessThan(0.8 * norm(plain));
  });

  test("schedules pass through their corners", () => {
    const at = (progress: number, epoch = 0): net.Place => ({ step: 0, epoch, progress });
    const warm = net.cosine({ peak: 2, warmUp: 0.2, floor: 1 });
    expect([0, 0.1, 0.2, 0.6, 1].map((p) => warm(at(p)))).toEqual([0, 1, 2, 1.5, 1]);
    const steps = net.stepDecay(1, 0.5, 10);
    expect([0, 9.9, 10, 25].map((epoch) => steps(at(0, epoch)))).toEqual([1, 1, 0.5, 0.25]);
    expect([0, 0.25, 0.9].map((p) => net.ramp(0, 4, 0.5)(at(p)))).toEqual([0, 2, 4]);
  });
});
