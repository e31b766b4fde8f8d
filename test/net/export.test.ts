import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { EwaldError } from "../../src/errors.ts";
import { float16Of, float32OfHalf } from "../../src/net/half.ts";
import * as net from "../support/net.ts";
import { relativeError } from "./support.ts";

/** Everything that bends a dynamic batch: convolution, pooling, point-wise layers, attention, two heads. */
const model: net.Model = {
  name: "everything",
  inputs: { scan: { shape: [1, 24], describes: "intensity, largest 1" } },
  build(graph, { scan }) {
    let x = net.relu(net.batchNorm(net.convolution(scan!, 6, { kernel: 5, stride: 2 })));
    graph.name("features", x); // (batch, 6, 12)
    x = net.maxPool(net.upsample(x, [2]), { kernel: [2] });
    x = net.transposedConvolution(x, 4, { kernel: 3, stride: 2, padding: 1, outputPadding: 1 });
    const rows = net.transpose(net.reshape(x, [graph.batch, 4, 24]), [0, 2, 1]);
    const pooled = net.attentionPool(rows);
    const points = net.transpose(net.reshape(rows, [graph.batch * 24, 4]), [1, 0]);
    const lifted = net.reshape(net.pointwise(points, 5), [5, graph.batch, 24]);
    graph.name("winners", net.argmax(lifted, 2));
    const best = net.transpose(net.max(lifted, 2), [1, 0]);
    const merged = net.dropout(net.concat([pooled, best], 1), 0.5);
    const code = net.gelu(net.dense(merged, 400));
    return { logits: net.dense(code, 3), width: net.softplus(net.dense(code, 1)) };
  },
};
const objective: net.Objective = {
  targets: { label: { shape: [], dtype: "int" } },
  build: (_, { logits, width }, { label }) => ({
    loss: net.add(net.crossEntropy(logits!, label!), net.mul(net.mean(width!), 0.01)),
  }),
};
const metadata = {
  dataHash: "sha256:0123",
  commit: "abc",
  attribution: "Made up for this test, CC0.",
  classes: { logits: ["cubic", "hexagonal", "none"] },
};

let runtime: net.Runtime;
let weights: net.Weights;
const input = (batch: number): Float32Array =>
  Float32Array.from({ length: batch * 24 }, (_, i) => 0.1 * Math.sin(i));

beforeAll(async () => {
  runtime = await net.loadRuntime({ threads: 1 });
  const train: net.BatchSource = {
    batchesPerEpoch: 10,
    get: (_, index) => ({
      scan: Float32Array.from({ length: 8 * 24 }, (_, i) => Math.sin(i * (1 + index))),
      label: Int32Array.from({ length: 8 }, (_, i) => (i + index) % 3),
    }),
  };
  const options = { runtime, model, objective, batch: 8, seed: 1, epochs: 1 };
  weights = (await net.fit({ ...options, optimiser: net.adam(), train })).last;
});

async function answer(bytes: Uint8Array, batch: number, feeds?: net.Batch) {
  const predictor = await net.loadPredictor(runtime, bytes);
  const outputs = await predictor.run(feeds ?? { scan: input(batch) });
  await predictor.release();
  return outputs;
}

function total(data: ArrayLike<number>): number {
  return Array.from(data).reduce((a, b) => a + b, 0);
}

describe("an exported model", () => {
  test("answers batches of any size, each sample as if alone", async () => {
    const bytes = net.exportModel(model, weights, { metadata });
    const [one, seven] = [await answer(bytes, 1), await answer(bytes, 7)];
    expect(seven["logits"]!.shape).toEqual([7, 3]);
    expect(seven["width"]!.shape).toEqual([7, 1]);
    expect(relativeError(seven["logits"]!.data.subarray(0, 3), one["logits"]!.data)).toBeLessThan(
      1e-5,
    );
  });

  test("agrees with the interpreter in float64", async () => {
    const graph = new net.Graph({ batch: 2 });
    const outputs = model.build(graph, { scan: graph.input("scan", [1, 24]) });
    const named = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
    const expected = net.interpret(outputs, { scan: input(2), ...named });
    const actual = await answer(net.exportModel(model, weights, { metadata }), 2);
    for (const name of ["logits", "width"])
      expect(relativeError(actual[name]!.data, expected[name]!)).toBeLessThan(2e-6);
  });

  test("gives the same answers within 2e-3 from half the bytes", async () => {
    const [single, half] = [false, true].map((half) =>
      net.exportModel(model, weights, { metadata, half }),
    );
    const [a, b] = [await answer(single!, 5), await answer(half!, 5)];
    for (const name of ["logits", "width"])
      expect(relativeError(b[name]!.data, a[name]!.data)).toBeLessThan(2e-3);
    const numbers = [...weights.values()].reduce((total, { data }) => total + data.length, 0);
    expect(single!.length - half!.length).toBeGreaterThan(1.5 * numbers);
  });

  test("carries its metadata and its weights", () => {
    const file = net.readModelFile(net.exportModel(model, weights, { metadata }));
    expect(file.metadata).toMatchObject({
      "ewald.model": "everything",
      "ewald.dataHash": "sha256:0123",
      "ewald.attribution": "Made up for this test, CC0.",
    });
    expect(JSON.parse(file.metadata["ewald.classes"]!)).toEqual(metadata.classes);
    expect(net.inputSpecsOf(file)).toEqual(model.inputs);
    expect(file.inputs).toEqual([{ name: "scan", type: "float32", dims: ["batch", 1, 24] }]);
    expect(new Map([...file.weights].sort())).toEqual(new Map([...weights].sort()));
  });

  test("refuses missing weights and wrong inputs by name", async () => {
    const part = new Map([...weights].slice(1));
    expect(() => net.exportModel(model, part, { metadata })).toThrow(
      '"convolution/weight" needs 30',
    );
    const bytes = net.exportModel(model, weights, { metadata });
    await expect(answer(bytes, 1, { scan: new Float32Array(25) })).rejects.toThrow("batch×1×24");
    await expect(answer(bytes, 1, {})).rejects.toThrow('needs "scan"');
  });

  const python = process.env["EWALD_BENCH_PYTHON"];
  test.skipIf(python === undefined)(
    "passes onnx.checker, runs in Python (EWALD_BENCH_PYTHON)",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "ewald-export-"));
      const script = fileURLToPath(new URL("check_export.py", import.meta.url));
      for (const half of [false, true]) {
        const path = join(folder, "model.onnx");
        const bytes = net.exportModel(model, weights, { metadata, half });
        writeFileSync(path, bytes);
        const text = execFileSync(python!, [script, path, "scan", "1,24"], { encoding: "utf8" });
        const result = JSON.parse(text) as {
          metadata: object;
          outputs: Record<string, [number[], number[]]>[];
        };
        expect(result.metadata).toMatchObject({ "ewald.commit": "abc" });
        for (const [i, batch] of [1, 3].entries()) {
          const ours = await answer(bytes, batch);
          for (const name of ["logits", "width"]) {
            const [shape, data] = result.outputs[i]![name]!;
            expect(shape).toEqual(ours[name]!.shape);
            expect(relativeError(ours[name]!.data, data)).toBeLessThan(1e-5);
          }
        }
      }
      rmSync(folder, { recursive: true });
    },
  );
});

describe("explanations", () => {
  test("return intermediates, winners and gradients to any node", async () => {
    const options = { batch: 1, named: ["features", "winners", "attention"] };
    const gradient = { of: "logits", to: ["features", "scan"] };
    const bytes = net.explanationModel(model, weights, { ...options, gradient });
    const feeds = { scan: input(1), seed: Float32Array.of(0, 1, 0) };
    const found = await answer(bytes, 1, feeds);
    expect(found["winners"]!.shape).toEqual([5, 1, 1]);
    expect(total(found["attention"]!.data)).toBeCloseTo(1, 5);

    // The gradient to the input, by finite differences of the float64 interpreter.
    const graph = new net.Graph({ batch: 1 });
    const { logits } = model.build(graph, { scan: graph.input("scan", [1, 24]) });
    const named = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
    const logit = (scan: Float64Array): number =>
      net.interpret({ logits: logits! }, { ...named, scan }).logits[1]!;
    const scan = Float64Array.from(input(1));
    const expected = scan.map((_, i) => {
      const moved = (h: number): number => logit(scan.map((x, j) => (i === j ? x + h : x)));
      return (moved(1e-6) - moved(-1e-6)) / 2e-6;
    });
    expect(relativeError(found["gradient:scan"]!.data, expected)).toBeLessThan(1e-4);

    const [activations, toFeatures] = [found["features"]!, found["gradient:features"]!];
    expect(toFeatures.shape).toEqual([1, 6, 12]);
    const cam = net.gradCam(
      activations.data as Float32Array,
      toFeatures.data as Float32Array,
      6,
      12,
    );
    expect(cam).toHaveLength(12);
    expect(Math.min(...cam)).toBeGreaterThanOrEqual(0);
    expect(() => net.explanationModel(model, weights, { named: ["feature"] })).toThrow(
      'the model offers no "feature"',
    );
  });

  test("Grad-CAM by hand: two channels, one counts", () => {
    const activations = Float32Array.of(1, 2, 3, 5, 5, 5);
    const gradient = Float32Array.of(0.5, 1, 1.5, -0.3, 0, 0);
    const expected = [1 - 0.5, 2 - 0.5, 3 - 0.5];
    for (const [i, value] of net.gradCam(activations, gradient, 2, 3).entries())
      expect(value).toBeCloseTo(expected[i]!, 6);
  });
});

describe("safetensors", () => {
  test("weights come back", () => {
    const file = net.writeSafeTensors({ weights, metadata: { epoch: "3" } });
    const back = net.readSafeTensors(file);
    expect(back.weights).toEqual(weights);
    expect(back.metadata).toEqual({ epoch: "3" });
    const half = net.readSafeTensors(
      net.writeSafeTensors({ weights, metadata: {} }, { half: true }),
    );
    for (const [name, { data }] of half.weights)
      expect(relativeError(data, weights.get(name)!.data), name).toBeLessThan(1e-3);
  });

  test("a broken file is refused with a typed error, wherever it is cut or changed", () => {
    const file = net.writeSafeTensors({ weights, metadata: {} });
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.boolean(), (at, value, cut) => {
        const broken = cut ? file.slice(0, at) : file.slice();
        if (!cut) broken[at] = value;
        try {
          net.readSafeTensors(broken);
        } catch (error) {
          if (!(error instanceof EwaldError)) throw error;
        }
        if (cut) expect(() => net.readSafeTensors(broken)).toThrow(EwaldError);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  test("an ONNX file cut short is refused with a typed error, wherever it is cut", () => {
    const file = net.exportModel(model, weights, { metadata });
    // The file without any metadata is whole: its length is that of the graph and what stands before it.
    const bare = net.explanationModel(model, weights, { named: [], batch: net.DYNAMIC_BATCH });
    const accepted: number[] = [];
    const tryCut = (at: number): void => {
      try {
        net.readModelFile(file.slice(0, at));
        accepted.push(at);
      } catch (error) {
        if (!(error instanceof EwaldError)) throw error;
      }
    };
    for (let at = bare.length - 200; at < file.length; at++) tryCut(at);
    fc.assert(fc.property(fc.integer({ min: 1, max: bare.length - 1 }), tryCut), {
      numRuns: 200,
      seed: 5,
    });
    expect(accepted).toEqual([bare.length]);
    expect(net.readModelFile(file.slice(0, bare.length)).weights.size).toBe(weights.size);
  });

  test("a file that lost one of its statements is refused by name", () => {
    const file = net.exportModel(model, weights, { metadata });
    const last = new TextEncoder().encode("ewald.attribution");
    const at = file.findLastIndex((_, i) => last.every((byte, k) => file[i + k] === byte));
    // The key stands behind two tags and their lengths.
    expect(() => net.readModelFile(file.slice(0, at - 4))).toThrow(
      expect.objectContaining({
        code: "onnx/truncated",
        details: expect.objectContaining({ value: ["ewald.attribution"] }),
      }),
    );
  });
});

test("half precision rounds to nearest, ties to even, and back", () => {
  const known: [number, number][] = [
    [0, 0],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    [0.1, 0x2e66],
    [Infinity, 0x7c00],
  ];
  expect([...float16Of(known.map(([value]) => value))]).toEqual(known.map(([, bits]) => bits));
  const all = Uint16Array.from({ length: 0x7c01 }, (_, i) => i);
  expect(float16Of(float32OfHalf(all))).toEqual(all);
});
