/**
 * Trigonal against hexagonal (section III of the paper) by a small network on numbers that no rotation changes: the lengths of the
 * three basis points of the conventional cell, spread over hat functions, since what tells the systems apart are narrow ranges of a
 * and c; and, where intensities are not masked, the points' intensities in order of length, with their spread among points of one
 * length, which a sixfold axis forbids.
 */
import { cloudIndices, type PointCount } from "../../diffraction/point-cloud.ts";
import { arrayBatches } from "../../net/batches.ts";
import { batchNorm, dense, dropout } from "../../net/layers.ts";
import { classification } from "../../net/losses.ts";
import type { Model } from "../../net/model.ts";
import { relu } from "../../net/ops/elementwise.ts";
import { adamW } from "../../net/optimisers.ts";
import type { Runtime } from "../../net/runtime.ts";
import { cosine } from "../../net/schedules.ts";
import { fit } from "../../net/trainer.ts";
import type { CloudData } from "./clouds.ts";
import { trainedPredictor } from "../../systems/reciprocal/evaluate.ts";
import { averageDecay } from "../../systems/reciprocal/train.ts";

const HATS = 24;
/** Ranges of ln |g| of the three points by length, and of the two ratios between neighbours. */
const RANGES = [
  [-4.5, -0.5],
  [-2.5, 0],
  [-2.5, 0],
  [0, 2.6],
  [0, 1],
] as const;
/** Lengths that differ by less count as one: cells are symmetric within a tolerance only. */
const ONE_LENGTH = 0.01;
/** 1/Å that clouds scaled as the released code are divided by. */
const POSITION_SCALE = 5;
/** The count of numbers of a point: ln |g|, ln I scaled, spread of that among points of its length, how many these are. */
const POINT_NUMBERS = 4;

/** Writes one hat function's worth of neighbours: at most two of the numbers are not 0, and all add up to 1. */
function writeHats(value: number, [low, high]: readonly [number, number], out: number[]): void {
  const place = ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (HATS - 1);
  for (let i = 0; i < HATS; i++) out.push(Math.max(0, 1 - Math.abs(place - i)));
}

interface Point {
  readonly length: number;
  readonly intensity: number;
}

const byLength = (a: Point, b: Point): number =>
  Math.abs(a.length - b.length) < ONE_LENGTH ? a.intensity - b.intensity : a.length - b.length;

/**
 * Numbers of one cloud that is scaled as the released code, in its stored order.
 * @param cloud (points, 4)
 */
export function shapeNumbers(
  cloud: ArrayLike<number>,
  points: Extract<PointCount, 3 | 27>,
  channels: 3 | 4,
): number[] {
  const indices = cloudIndices(points);
  const own = Array.from({ length: points }, (_, p) => {
    const length = Math.hypot(cloud[4 * p]!, cloud[4 * p + 1]!, cloud[4 * p + 2]!);
    return { length: Math.log(POSITION_SCALE * length), intensity: cloud[4 * p + 3]! };
  });
  const isBasis = (p: number): boolean => {
    const hkl = indices.subarray(3 * p, 3 * p + 3);
    const sum = hkl.reduce((total, index) => total + index, 0);
    return Math.min(...hkl) === 0 && sum === 1;
  };
  const basis = own.filter((_, p) => isBasis(p)).sort((a, b) => a.length - b.length);
  const [first, second, third] = basis.map(({ length }) => length) as [number, number, number];
  const numbers: number[] = [];
  for (const [i, value] of [first, second, third, second - first, third - second].entries())
    writeHats(value, RANGES[i]!, numbers);
  if (channels === 3) return numbers;
  if (points === 3) return [...numbers, ...basis.map(({ intensity }) => intensity)];
  // One of each Friedel pair: what follows the origin.
  const origin = (points - 1) / 2;
  const half = own.slice(origin + 1).sort(byLength);
  numbers.push(own[origin]!.intensity);
  for (const { length, intensity } of half) {
    const alike = half.filter((other) => Math.abs(other.length - length) < ONE_LENGTH);
    const among = alike.map((other) => other.intensity);
    numbers.push(length, intensity, Math.max(...among) - Math.min(...among), alike.length / 6);
  }
  return numbers;
}

const numberCount = (points: 3 | 27, channels: 3 | 4): number => {
  const lengths = RANGES.length * HATS;
  if (channels === 3) return lengths;
  return lengths + (points === 3 ? 3 : 1 + 13 * POINT_NUMBERS);
};

/** Input `numbers` (batch, size), output `logits` (batch, 2). */
function shapeNetwork(points: 3 | 27, channels: 3 | 4): Model {
  return {
    name: `trigonal-hexagonal-${points}-${channels}`,
    inputs: {
      numbers: { shape: [numberCount(points, channels)], describes: "lengths, intensities" },
    },
    build(_graph, { numbers }) {
      let x = numbers!;
      for (const width of [128, 64])
        x = dropout(relu(batchNorm(dense(x, width, { bias: false }))), 0.2);
      return { logits: dense(x, 2, { name: "heads" }) };
    },
  };
}

export interface ShapeTrainOptions {
  readonly runtime: Runtime;
  readonly data: CloudData;
  readonly points: 3 | 27;
  readonly channels: 3 | 4;
  readonly trainRows: Uint32Array;
  readonly validationRows: Uint32Array;
  readonly testRows: Uint32Array;
  readonly seed: number;
  /** Default 30. */
  readonly epochs?: number;
}

/** Margins (second class over first) of the test rows, by a network trained on the others. */
export async function shapeMargins(options: ShapeTrainOptions): Promise<Float64Array> {
  const { runtime, data, points, channels, seed, epochs = 30 } = options;
  const { trainRows, validationRows, testRows } = options;
  const take = (rows: Uint32Array) => ({
    numbers: Float32Array.from(
      Array.from(rows, (row) => {
        const cloud = data.clouds.subarray(row * 4 * points, (row + 1) * 4 * points);
        return shapeNumbers(cloud, points, channels);
      }).flat(),
    ),
    label: Int32Array.from(rows, (row) => data.label[row]!),
  });
  const model = shapeNetwork(points, channels);
  const batch = Math.min(128, trainRows.length, validationRows.length);
  const rate = cosine({ peak: 3e-3, warmUp: 0.05, floor: 3e-5 });
  const { best } = await fit({
    runtime,
    model,
    objective: classification(),
    batch,
    seed,
    epochs,
    optimiser: adamW({ learningRate: 3e-3, weightDecay: 0.05 }),
    averageDecay: averageDecay(epochs * Math.max(1, Math.floor(trainRows.length / batch))),
    scalars: (at) => ({ learningRate: rate(at) }),
    train: arrayBatches(take(trainRows), trainRows.length, batch, seed),
    validation: arrayBatches(take(validationRows), validationRows.length, batch),
  });
  const predictor = await trainedPredictor(runtime, model, best);
  const { numbers } = take(testRows);
  const logits = (await predictor.run({ numbers }))["logits"]!.data;
  await predictor.release();
  return Float64Array.from(testRows, (_, i) => logits[2 * i + 1]! - logits[2 * i]!);
}
