/**
 * RCNet (Chen 2024, Methods and Fig. 2): a residual network over the 2θ axis with a prediction and a confidence head, one per
 * group of structure types. Sixteen residual blocks of two convolutions and a pooling; 10 filters at first, twice as many after
 * every fourth block; half the points after every second; kernel 30, dropout 0.5. Blocks activate before they convolve,
 * and the shortcut widens with zeros: both are how the 1D residual networks of that lineage are built; the paper's table of
 * layers (Supporting Table 3) is not at hand.
 */
import type { Graph, Value } from "../../net/graph.ts";
import { xavierUniform } from "../../net/initialise.ts";
import { batchNorm, convolution, dense, dropout, globalMean } from "../../net/layers.ts";
import { accuracy } from "../../net/losses.ts";
import type { Model, Objective } from "../../net/model.ts";
import { oneHot, pad } from "../../net/ops/arrange.ts";
import { add, mean, mul, neg, reshape, sub, sum } from "../../net/ops/core.ts";
import { exp, log, relu, sigmoid, step } from "../../net/ops/elementwise.ts";
import { maxPool } from "../../net/ops/pool.ts";
import { logSoftmax } from "../../net/ops/reduce.ts";
import type { ScalarsAt } from "../../net/trainer.ts";
import { PAPER_GRID } from "../../diffraction/simulated-scan.ts";

export interface RcnetShape {
  /** Points of a pattern. */
  readonly points: number;
  readonly blocks: number;
  readonly filters: number;
  readonly kernel: number;
  readonly dropout: number;
  /** Points averaged into one before the first convolution; 1 in the paper. */
  readonly binning: number;
}

/** As in the paper. */
export const RCNET: RcnetShape = {
  points: PAPER_GRID.size,
  blocks: 16,
  filters: 10,
  kernel: 30,
  dropout: 0.5,
  binning: 1,
};
const DOUBLING = 4;
const HALVING = 2;

/** Name of the last convolution's output, for Grad-CAM: (batch, channels, positions). */
export const RCNET_FEATURES = "features";
/** The output of the block in the middle: a sixteenth of the points, where the last has a 256th. */
export const RCNET_MIDDLE = "middle";

/** Pooled by two, the last point by itself where their number is odd; new channels are zeros. */
function shortcut(x: Value, channels: number, stride: number): Value {
  const [, had, length] = x.shape as [number, number, number];
  let y = x;
  if (stride > 1) {
    const even = pad(y, [0, 0, 0], [0, 0, length % stride]);
    y = maxPool(even, { kernel: [stride] });
  }
  return pad(y, [0, 0, 0], [0, channels - had, 0]);
}

function residualBlock(x: Value, index: number, shape: RcnetShape): Value {
  const channels = shape.filters * 2 ** Math.floor(index / DOUBLING);
  const stride = index % HALVING === 1 ? HALVING : 1;
  const { kernel } = shape;
  let y = x;
  if (index > 0) y = dropout(relu(batchNorm(y)), shape.dropout);
  y = convolution(y, channels, { kernel, stride });
  y = dropout(relu(batchNorm(y)), shape.dropout);
  y = convolution(y, channels, { kernel });
  return add(y, shortcut(x, channels, stride));
}

/** Pattern (points; 0 to 1) → logits (types) and confidence (1). */
export function rcnetModel(types: number, shape: RcnetShape = RCNET): Model {
  return {
    name: "crystinet-rcnet",
    inputs: {
      intensity: {
        shape: [shape.points],
        describes: "intensity over 2θ, 5.00° to 109.98° for Cu Kα1, largest 1",
      },
    },
    build(graph: Graph, { intensity }) {
      const [batch] = intensity!.shape as [number];
      const { points, binning } = shape;
      let x = reshape(intensity!, [batch, 1, points]);
      if (binning > 1) x = mean(reshape(x, [batch, 1, points / binning, binning]), [3]);
      x = relu(batchNorm(convolution(x, shape.filters, { kernel: shape.kernel })));
      for (let i = 0; i < shape.blocks; i++) {
        x = graph.scope("block", () => residualBlock(x, i, shape));
        if (i === shape.blocks / 2 - 1) graph.name(RCNET_MIDDLE, x);
      }
      graph.name(RCNET_FEATURES, x);
      const features = globalMean(relu(batchNorm(x)));
      const width = features.shape[1]!;
      const initial = xavierUniform(width, types);
      return {
        logits: dense(features, types, { name: "prediction", initial }),
        confidence: sigmoid(dense(features, 1, { name: "confidence", initial })),
      };
    },
  };
}

/** ln of numbers from 0 to 1, not below ln 1e-6. */
function safeLog(x: Value): Value {
  return log(add(mul(x, 1 - 1e-6), 1e-6));
}

/**
 * DeVries & Taylor 2018: the network may ask for a hint, p' = c·p + (1 − c)·y, on half the batch; asking costs −λ ln c.
 * Evaluated without hints.
 */
export function rcnetObjective(types: number): Objective {
  return {
    targets: { label: { shape: [], dtype: "int" } },
    build(graph, { logits, confidence }, { label }) {
      const hot = oneHot(label!, types);
      const probability = exp(logSoftmax(logits!));
      let trust = confidence!;
      if (graph.training) {
        const hinted = step(sub(graph.noise("hint", [graph.batch, 1], "uniform"), 0.5));
        trust = sub(1, mul(hinted, sub(1, confidence!)));
      }
      const mixed = add(mul(trust, probability), mul(sub(1, trust), hot));
      const task = neg(mean(sum(mul(hot, safeLog(mixed)), [1])));
      const asked = neg(mean(safeLog(confidence!)));
      const loss = add(task, mul(graph.scalar("lambda", FIRST_LAMBDA), asked));
      return { loss, task, asked, accuracy: accuracy(logits!, label!) };
    },
  };
}

/** λ at first, and what hints may cost, −ln c. */
export const FIRST_LAMBDA = 0.1;
export const BUDGET = 0.6;
/** λ is divided by the first where hints cost less than the budget (they may cost more), by the second where more. */
const LAMBDA_STEPS = { cheap: 1.03, dear: 0.8 } as const;

/**
 * λ of the next step: hints are kept at the budget (paper's code: budget 0.6, factors 1.03 and 0.8).
 * @param least not below this; 0 in the paper
 */
export function nextLambda({ previous, lastMetrics }: ScalarsAt, least = 0): number {
  const before = previous["lambda"] ?? FIRST_LAMBDA;
  const asked = lastMetrics["asked"];
  if (asked === undefined) return before;
  const next = asked > BUDGET ? before / LAMBDA_STEPS.dear : before / LAMBDA_STEPS.cheap;
  return Math.max(least, next);
}
