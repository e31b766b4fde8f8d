/**
 * Every operator and layer: gradients against finite differences in float64, and the interpreter against
 * native and WASM, values and gradients, by one body. Shapes are drawn by fast-check.
 */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Random } from "../../src/math/random.ts";
import { gradients } from "../../src/net/autodiff.ts";
import { Graph, reachable, type Value } from "../../src/net/graph.ts";
import { interpret } from "../../src/net/interpreter.ts";
import * as layer from "../../src/net/layers.ts";
import * as loss from "../../src/net/losses.ts";
import * as op from "../../src/net/ops/index.ts";
import { sizeOf } from "../../src/net/shape.ts";
import { finiteDifferences, randomFeeds, relativeError, runOnnx, type Feeds } from "./support.ts";

/** Draws the sizes of a case: a whole number between two bounds. */
type Pick = (low: number, high: number) => number;
/** Integer inputs are named "index…" and hold class numbers below 3. */
type Build = (graph: Graph, pick: Pick) => Value;

const cases: Record<string, Build> = {
  "add, sub, mul, div, neg broadcast"(graph, pick) {
    const [a, b, c] = [pick(1, 3), pick(1, 4), pick(1, 3)];
    const x = graph.feed("x", [a, 1, c]);
    const y = graph.feed("y", [b, c]);
    const z = graph.feed("z", [b, 1]);
    return op.add(op.mul(op.sub(x, y), z), op.neg(op.div(x, op.add(op.square(z), 2))));
  },
  "exp, log, sqrt, tanh, sigmoid, softplus"(graph, pick) {
    const x = graph.feed("x", [pick(1, 12)]);
    const positive = op.add(op.square(x), 1);
    const parts = [op.exp(x), op.log(positive), op.sqrt(positive)];
    return op.concat([...parts, op.tanh(x), op.sigmoid(x), op.softplus(x)], 0);
  },
  "relu, abs, erf, elu, selu, gelu, leaky relu, bounds"(graph, pick) {
    const x = graph.feed("x", [pick(1, 12)]);
    const parts = [op.relu(x), op.abs(x), op.erf(x), op.elu(x, 0.7), op.selu(x), op.gelu(x)];
    return op.concat([...parts, op.leakyRelu(x, 0.2), op.atLeast(x, -0.3), op.atMost(x, 0.4)], 0);
  },
  "sum, mean, max"(graph, pick) {
    const x = graph.feed("x", [pick(1, 4), pick(2, 4), pick(2, 3)]);
    const outer = op.add(op.sum(x, [0, 2], true), op.mean(x, [1], true));
    return op.add(outer, op.add(op.max(x, 1, true), op.sum(x)));
  },
  "softmax, logSoftmax, variance"(graph, pick) {
    const x = graph.feed("x", [pick(2, 4), pick(2, 5), 2]);
    return op.add(op.add(op.softmax(x), op.logSoftmax(x, 1)), op.variance(x, [0, 2]));
  },
  "reshape, transpose, expand, concat, slice, pad, repeat"(graph, pick) {
    const [a, b, c] = [pick(1, 3), pick(2, 4), pick(2, 4)];
    const flat = op.reshape(op.transpose(graph.feed("x", [a, b, c]), [2, 0, 1]), [c * a, b]);
    const shifted = op.pad(op.slice(flat, 1, 1, b), [0, 0], [0, 1]);
    const repeated = op.repeatAlong(op.slice(flat, 0, 0, 1), 0, 2 * c * a);
    return op.mul(op.concat([shifted, flat], 0), op.reshape(repeated, [2 * c * a, b]));
  },
  "takeRows, gatherAlong, scatterAlong, oneHot"(graph, pick) {
    const table = graph.feed("table", [3, pick(1, 3)]);
    const index = graph.input("index", [], "int");
    const taken = op.takeRows(table, index);
    const column = op.reshape(index, [graph.batch, 1]);
    const spread = op.scatterAlong(op.slice(taken, 1, 0, 1), column, 0, 3);
    const back = op.gatherAlong(spread, column, 0);
    return op.add(op.mul(taken, back), op.sum(op.oneHot(index, 3), [1], true));
  },
  "matmul, all transpositions"(graph, pick) {
    const [b, m, k, n] = [pick(1, 3), pick(1, 4), pick(1, 4), pick(1, 4)];
    const parts = [false, true].flatMap((turnA) =>
      [false, true].flatMap((turnB) =>
        [[], [b]].map((lead) => {
          const name = `${turnA} ${turnB} ${lead.length}`;
          const x = graph.feed(`a ${name}`, [...lead, ...(turnA ? [k, m] : [m, k])]);
          const y = graph.feed(`b ${name}`, [...lead, ...(turnB ? [n, k] : [k, n])]);
          return op.reshape(op.matmul(x, y, { a: turnA, b: turnB }), [-1]);
        }),
      ),
    );
    return op.concat(parts, 0);
  },
  "convolution 1D: stride, padding, bias"(graph, pick) {
    const [channels, out, kernel, stride] = [pick(1, 3), pick(1, 3), pick(1, 5), pick(1, 3)];
    const x = graph.feed("x", [2, channels, pick(kernel, kernel + 6)]);
    const w = graph.feed("w", [out, channels, kernel]);
    const [before, after] = [[pick(0, kernel - 1)], [pick(0, kernel - 1)]];
    const window = { stride: [stride], before, after, dilation: [1] };
    return op.conv(x, w, window, graph.feed("bias", [out]));
  },
  "convolution 1D: dilation"(graph, pick) {
    const [kernel, dilation] = [pick(1, 3), pick(1, 3)];
    const x = graph.feed("x", [2, 2, pick(8, 12)]);
    const w = graph.feed("w", [2, 2, kernel]);
    const before = [pick(0, (kernel - 1) * dilation)];
    return op.conv(x, w, { stride: [1], before, after: [1], dilation: [dilation] });
  },
  "convolution 2D: stride and padding per axis"(graph, pick) {
    const [p, q] = [pick(1, 3), pick(1, 3)];
    const x = graph.feed("x", [2, 2, pick(4, 7), pick(3, 6)]);
    const w = graph.feed("w", [2, 2, p, q]);
    const before = [pick(0, p - 1), pick(0, q - 1)];
    const window = { stride: [pick(1, 2), pick(1, 3)], before, after: before, dilation: [1, 1] };
    return op.conv(x, w, window);
  },
  "convolution of a large map"(graph, pick) {
    const values = Array.from({ length: 2 * 40 * 26 }, (_, i) => Math.sin(i * i));
    const x = graph.constant(values, [2, 1, 40, 26]);
    const [p, q] = [pick(1, 3), pick(1, 3)];
    const before = [pick(0, p - 1), pick(0, q - 1)];
    const window = { stride: [1, 1], before, after: before, dilation: [1, 1] };
    const y = op.conv(x, graph.feed("w", [2, 1, p, q]), window);
    return op.mean(op.mul(y, y), [2, 3]);
  },
  "pad that cuts, every nth"(graph, pick) {
    const [first, step] = [pick(0, 1), pick(2, 3)];
    const x = graph.feed("x", [2, step * pick(1, 3), 4]);
    const cut = op.pad(
      op.everyNth(x, [0, first, 0], [1, step, 1]),
      [0, 0, -1],
      [1, 0, -pick(0, 2)],
    );
    return op.concat([cut, op.pad(cut, [0, 0, pick(0, 2)], [0, 0, 0])], 2);
  },
  "transposed convolution"(graph, pick) {
    const [kernel, stride] = [pick(2, 4), pick(1, 3)];
    const x = graph.feed("x", [2, 2, pick(2, 4), pick(2, 3)]);
    const w = graph.feed("w", [2, 3, kernel, kernel]);
    const length = (n: number): number => (n - 1) * stride + kernel - 2;
    const shape = [2, 3, length(x.shape[2]!), length(x.shape[3]!)];
    const ones = [1, 1];
    const window = { stride: [stride, stride], before: ones, after: ones, dilation: ones };
    return op.convInputGradient(x, w, shape, window);
  },
  "pooling and upsampling"(graph, pick) {
    const [kernel, stride] = [pick(1, 3), pick(1, 3)];
    const x = graph.feed("x", [2, 2, pick(3, 7), 4]);
    const padding = [pick(0, kernel - 1), 0];
    const over = { kernel: [kernel, 2], stride: [stride, 1], padding };
    const tiles = op.avgPool(op.upsample(x, [2, 3]), { kernel: [2, 3] });
    const parts = [op.maxPool(x, over), op.avgPool(x, over), tiles];
    return op.concat(
      parts.map((part) => op.reshape(part, [-1])),
      0,
    );
  },
  "pooling 1D"(graph, pick) {
    const x = graph.feed("x", [2, 3, 2 * pick(2, 5)]);
    return op.add(op.maxPool(x, { kernel: [2] }), op.avgPool(x, { kernel: [2] }));
  },
  "cross-entropy with smoothing and class weights, KL"(graph, pick) {
    const logits = graph.feed("logits", [graph.batch, 3]);
    const labels = graph.input("index", [], "int");
    const smoothing = pick(0, 1) * 0.1;
    const plain = loss.crossEntropy(logits, labels, { smoothing });
    const weighted = loss.crossEntropy(logits, labels, { smoothing, weights: [0.2, 1, 3] });
    const target = op.softmax(graph.feed("target", [graph.batch, 3]));
    return op.add(op.add(plain, weighted), loss.klDivergence(logits, target));
  },
  "losses of regression and VAE"(graph, pick) {
    const shape = [graph.batch, pick(3, 6)];
    const [x, y] = [graph.feed("x", shape), graph.feed("y", shape)];
    const [positive, label] = [op.square(x), op.sigmoid(y)];
    const parts = [
      loss.meanSquaredError(x, y),
      loss.meanAbsoluteError(x, y),
      loss.huber(x, y, 0.7),
      loss.meanSquaredLogError(positive, label),
      loss.cosineLoss(x, y),
      loss.pearsonLoss(x, y),
      loss.klNormal(x, y),
      loss.binaryCrossEntropy(x, label, 2.5),
      loss.weightedMean(x, label),
    ];
    return op.concat(
      parts.map((part) => op.reshape(part, [1])),
      0,
    );
  },
};

/** Layers hold parameters; here these are replaced by inputs so that the same body differentiates them. */
class OpenGraph extends Graph {
  override parameter(name: string, shape: readonly number[]): Value {
    return this.feed([this.layer, name].join("/"), shape);
  }
}

Object.assign(cases, {
  "batch norm over channels of maps and of points"(graph, pick) {
    const maps = layer.batchNorm(graph.feed("maps", [pick(2, 3), 2, pick(2, 4), 2]));
    const points = layer.batchNorm(graph.feed("points", [3, pick(3, 6)]), { axis: 0 });
    return op.concat([op.reshape(maps, [-1]), op.reshape(points, [-1])], 0);
  },
  "dense, pointwise, embedding, prelu, dropout, sampling"(graph, pick) {
    const x = graph.feed("x", [graph.batch, 2, pick(2, 4)]);
    const hidden = layer.prelu(layer.dense(x, 3));
    const rows = layer.embedding(graph.input("index", [], "int"), 3, 3);
    const merged = layer.dropout(op.add(op.mean(hidden, [1]), rows), 0.3);
    const drawn = layer.sampleNormal(merged, op.mul(rows, 0.3));
    return layer.pointwise(op.transpose(drawn, [1, 0]), 2);
  },
  "convolution layers, attention, global mean"(graph, pick) {
    const x = graph.feed("x", [2, 2, pick(4, 6), 3]);
    const wide = layer.convolution(x, 3, { kernel: [3, 2], stride: pick(1, 2) });
    const up = layer.transposedConvolution(wide, 2, { kernel: 3, stride: 2, outputPadding: 1 });
    const items = op.transpose(op.reshape(up, [2, 2, -1]), [0, 2, 1]);
    return op.add(layer.attentionPool(items, { hidden: 3 }), layer.globalMean(up));
  },
} satisfies Record<string, Build>);

interface Made {
  readonly graph: Graph;
  readonly loss: Value;
  readonly leaves: readonly Value[];
  readonly feeds: Feeds;
}

/** The case's value weighted by random numbers and summed: every element matters differently. */
function make(build: Build, sizes: readonly number[], seed: number): Made {
  let at = 0;
  const pick: Pick = (low, high) => low + (sizes[at++ % sizes.length]! % (high - low + 1));
  const graph = new OpenGraph({ batch: pick(2, 4), training: true });
  const value = build(graph, pick);
  const weights = Random.fromSeed(seed).fillNormal(new Float64Array(sizeOf(value.shape)));
  const loss = op.sum(op.mul(value, graph.constant(Float32Array.from(weights), value.shape)));
  const needed = reachable([loss]);
  const leaves = needed.filter((node) => node.leaf?.kind === "input" && node.dtype === "float");
  const feeds = randomFeeds([loss], seed);
  for (const { leaf, shape } of needed)
    if (leaf?.kind === "input" && leaf.name.startsWith("index"))
      feeds[leaf.name] = Float64Array.from({ length: sizeOf(shape) }, (_, i) => (i * 5 + seed) % 3);
  return { graph, loss, leaves, feeds };
}

const drawn = fc.tuple(
  fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 }),
  fc.integer({ min: 0, max: 1e6 }),
);

describe.each(Object.keys(cases))("%s", (name) => {
  const build = cases[name]!;

  test("gradients agree with finite differences in float64", () => {
    fc.assert(
      fc.property(drawn, ([sizes, seed]) => {
        const { loss, leaves, feeds } = make(build, sizes, seed);
        const found = gradients(loss, leaves);
        const computed = interpret(Object.fromEntries(found.map((g, i) => [i, g])), feeds);
        for (const [i, leaf] of leaves.entries()) {
          const name = (leaf.leaf as { name: string }).name;
          const expected = finiteDifferences(loss, name, feeds);
          const size = Math.hypot(...expected);
          const error = relativeError(computed[i]!, expected) * (size / (size + 1e-3));
          expect(error, `${name} ${leaf.shape.join("×")}`).toBeLessThan(2e-6);
        }
      }),
      { numRuns: 5, seed: 20 },
    );
  });

  test.each(["cpu", "wasm"] as const)("interpreter = %s", async (provider) => {
    const [[sizes, seed]] = fc.sample(drawn, { numRuns: 1, seed: 11 }) as [[number[], number]];
    const { loss, leaves, feeds } = make(build, sizes, seed);
    const outputs: Record<string, Value> = { loss };
    for (const [i, gradient] of gradients(loss, leaves).entries()) outputs[`d${i}`] = gradient;
    const expected = interpret(outputs, feeds);
    const actual = await runOnnx(outputs, feeds, provider);
    for (const output of Object.keys(outputs)) {
      const size = Math.hypot(...expected[output]!);
      const error = relativeError(actual[output]!, expected[output]!) * (size / (size + 1e-2));
      expect(error, output).toBeLessThan(2e-5);
    }
  });
});
