/**
 * The networks. `propertyNetwork` is the default: invariant features in, one trunk, a head per task. `pointNet` is the paper's
 * (Fig. 3, appendix B): points turned at random in training. `systemNetwork` tells crystal systems apart by the three
 * shortest indices alone.
 */
import type { Value } from "../../net/graph.ts";
import { attentionPool, batchNorm, dense, dropout, pointwise } from "../../net/layers.ts";
import type { Model } from "../../net/model.ts";
import { concat, transpose } from "../../net/ops/arrange.ts";
import { add, mul, reshape, sum } from "../../net/ops/core.ts";
import { relu } from "../../net/ops/elementwise.ts";
import { max } from "../../net/ops/reduce.ts";
import { COMPOSITION_SIZE } from "./composition-features.ts";
import { GLOBALS, POINT_CHANNELS, POINTS } from "./feature-layout.ts";
import { PROPERTY_TASK_NAMES, SYSTEM_CLASSES } from "./task.ts";

/** Shared by the layers below. */
const normalised = (x: Value, units: number): Value =>
  relu(batchNorm(dense(x, units, { bias: false })));

const normalisedPoints = (x: Value, units: number): Value =>
  relu(batchNorm(pointwise(x, units, { bias: false }), { axis: 0 }));

export interface PropertyNetworkOptions {
  readonly tasks?: number;
  /** Further outputs that only training uses: the continuous properties behind the classes. */
  readonly auxiliary?: number;
  /** A further input, the composition. */
  readonly withComposition?: boolean;
  readonly pointWidths?: readonly number[];
  readonly trunkWidth?: number;
  readonly dropout?: number;
}

/** Channels that the composition becomes before it joins the rest. */
const ELEMENT_WIDTH = 256;

/** Features without the weight of a point. */
const SEEN = POINT_CHANNELS - 1;

/**
 * The default. Inputs: `overall` (batch, GLOBALS), `points` (batch, POINTS, 7), `weight` (batch, POINTS), and `composition`
 * (batch, COMPOSITION_SIZE) where asked. Outputs: `logits`
 * (batch, tasks), and `auxiliary` where asked. Offers "pool", the activations of which the largest over the points wins:
 * (channels, batch, points).
 */
export function propertyNetwork(options: PropertyNetworkOptions = {}): Model {
  const { tasks = PROPERTY_TASK_NAMES.length, auxiliary = 0, withComposition = false } = options;
  const { pointWidths = [16, 32], trunkWidth = 384, dropout: rate = 0.3 } = options;
  return {
    name: `reciprocal-properties${withComposition ? "-with-composition" : ""}`,
    inputs: {
      overall: { shape: [GLOBALS], describes: "profile, anisotropy, overall numbers" },
      points: { shape: [POINTS, SEEN], describes: "the shortest reciprocal points" },
      weight: { shape: [POINTS], describes: "1 / number of points, 0 for a row that repeats one" },
      ...(withComposition
        ? { composition: { shape: [COMPOSITION_SIZE], describes: "elements and their facts" } }
        : {}),
    },
    build(graph, { overall, points, weight, composition }) {
      const { batch } = graph;
      let x = transpose(reshape(points!, [batch * POINTS, SEEN]), [1, 0]); // (features, batch·points)
      for (const width of pointWidths) x = normalisedPoints(x, width);
      const width = pointWidths.at(-1)!;
      const activations = graph.name("pool", reshape(x, [width, batch, POINTS]));
      const largest = transpose(max(activations, 2), [1, 0]); // (batch, channels)
      const weighted = mul(activations, reshape(weight!, [1, batch, POINTS]));
      const average = transpose(sum(weighted, [2]), [1, 0]);
      const whole = normalised(batchNorm(overall!), trunkWidth);
      const elements = composition === undefined ? [] : [normalised(composition, ELEMENT_WIDTH)];
      let y = concat([whole, largest, average, ...elements], 1);
      y = dropout(normalised(y, trunkWidth), rate);
      // A second layer beside the first: the sum keeps the way open for gradients.
      y = dropout(add(y, normalised(y, trunkWidth)), rate);
      const logits = dense(y, tasks, { name: "heads" });
      if (auxiliary === 0) return { logits };
      return { logits, auxiliary: dense(y, auxiliary, { name: "auxiliary" }) };
    },
  };
}

export interface PointNetOptions {
  readonly points: number;
  /** 4: x, y, z, intensity; 3 with the intensity masked. */
  readonly channels: 3 | 4;
  readonly classes: number;
  readonly pooling?: "max" | "attention";
  /** Default 64, 128, 512, 1024. */
  readonly pointWidths?: readonly number[];
  /** Default 512, 256, 128. */
  readonly widths?: readonly number[];
  /** Default 0. */
  readonly dropout?: number;
}

/**
 * The paper's network. Input `cloud` (batch, points, channels), outputs `logits` (batch, classes). Offers "pool" as
 * {@link propertyNetwork} does, and with attention the weights as "attention".
 */
export function pointNet(options: PointNetOptions): Model {
  const { points, channels, classes, pooling = "max", dropout: rate = 0 } = options;
  const { pointWidths = [64, 128, 512, 1024], widths = [512, 256, 128] } = options;
  return {
    name: `deepknet-${points}-${pooling}`,
    inputs: { cloud: { shape: [points, channels], describes: "reciprocal point cloud" } },
    build(graph, { cloud }) {
      const { batch } = graph;
      let x = transpose(reshape(cloud!, [batch * points, channels]), [1, 0]);
      for (const width of pointWidths) x = normalisedPoints(x, width);
      const width = pointWidths.at(-1)!;
      const activations = graph.name("pool", reshape(x, [width, batch, points]));
      let y =
        pooling === "max"
          ? transpose(max(activations, 2), [1, 0])
          : attentionPool(transpose(activations, [1, 2, 0]), { hidden: 128 });
      for (const hidden of widths) y = dropout(normalised(y, hidden), rate);
      return { logits: dense(y, classes, { name: "heads" }) };
    },
  };
}

/** The number of pairs of the three shortest points: see `systemFeatures`. */
export const SYSTEM_PAIRS = 3;
export const SYSTEM_CHANNELS = 4;

/**
 * Crystal system by the three reciprocal basis vectors of the conventional cell, their intensities unseen. Input `pairs`
 * (batch, 3, 4), output `logits` (batch, 6). The pairs are a set: their order does not matter.
 */
export function systemNetwork(): Model {
  return {
    name: "reciprocal-system",
    inputs: {
      pairs: { shape: [SYSTEM_PAIRS, SYSTEM_CHANNELS], describes: "ratio and angle of two points" },
    },
    build({ batch }, { pairs }) {
      let x = transpose(reshape(pairs!, [batch * SYSTEM_PAIRS, SYSTEM_CHANNELS]), [1, 0]);
      for (const width of [32, 64]) x = normalisedPoints(x, width);
      const set = reshape(x, [64, batch, SYSTEM_PAIRS]);
      const pooled = concat([max(set, 2), sum(set, [2])], 0); // (channels, batch)
      let y = normalised(transpose(pooled, [1, 0]), 64);
      y = normalised(y, 32);
      return { logits: dense(y, SYSTEM_CLASSES.length, { name: "heads" }) };
    },
  };
}
