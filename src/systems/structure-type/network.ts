/** The default network: a pattern over ln sin θ → structure types and "none of them". Convolutions see what stands where relative to what. */
import type { Graph, Value } from "../../net/graph.ts";
import { batchNorm, convolution, dense, dropout } from "../../net/layers.ts";
import type { Model } from "../../net/model.ts";
import { concat } from "../../net/ops/arrange.ts";
import { add, mean, reshape } from "../../net/ops/core.ts";
import { relu } from "../../net/ops/elementwise.ts";
import { max } from "../../net/ops/reduce.ts";
import { PATTERN_SIZE } from "../../scan/log-pattern.ts";

const INPUTS = {
  intensity: {
    shape: [PATTERN_SIZE],
    describes: "√(I / I_max) over ln sin θ, 2θ = 5° to 110° for Cu Kα1",
  },
  range: { shape: [2], describes: "first and last observed bin, as shares of the axis" },
} as const;

function block(x: Value, channels: number, stride: number): Value {
  const conv = (input: Value, step: number): Value =>
    batchNorm(convolution(input, channels, { kernel: 3, stride: step, bias: false }));
  const inner = conv(relu(conv(x, stride)), 1);
  if (stride === 1 && x.shape[1] === channels) return relu(add(inner, x));
  const narrow = { kernel: 1, stride, bias: false };
  return relu(add(inner, batchNorm(convolution(x, channels, narrow))));
}

/** Channels and stride of each residual block; the stem leaves 384 positions. */
const BLOCKS = [
  [48, 2],
  [64, 2],
  [96, 1],
  [128, 2],
] as const;
const STEM_CHANNELS = 32;
/** The pooled parts of the axis. */
const PARTS = 6;

/** Name of the last convolution's output, for Grad-CAM: (batch, channels, positions). */
export const LAST_CONVOLUTION = "features";

export function convolutionalModel(classes: number): Model {
  return {
    name: "structure-type-convolutional",
    inputs: INPUTS,
    build(graph: Graph, { intensity, range }) {
      const [batch] = intensity!.shape as [number];
      let x = reshape(intensity!, [batch, 1, PATTERN_SIZE]);
      x = relu(batchNorm(convolution(x, STEM_CHANNELS, { kernel: 16, stride: 4, bias: false })));
      for (const [channels, stride] of BLOCKS) x = block(x, channels, stride);
      graph.name(LAST_CONVOLUTION, x);
      const [, channels, positions] = x.shape as [number, number, number];
      const parts = mean(reshape(x, [batch, channels * PARTS, positions / PARTS]), [2]);
      const pooled = concat([reshape(parts, [batch, channels * PARTS]), max(x, 2), range!], 1);
      const hidden = relu(batchNorm(dense(dropout(pooled, 0.2), 384, { bias: false })));
      return { logits: dense(dropout(hidden, 0.3), classes) };
    },
  };
}
