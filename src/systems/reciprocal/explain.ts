/**
 * Critical points (section III D and Fig. 5 of the paper): of every channel that the pool takes the largest activation of, the
 * point that had it. A point's share is the part of the channels that it won; channels that no point woke (all 0) do not count.
 * Points that the network cannot tell apart share a win.
 */
import { compositionOf } from "../../crystal/composition/composition.ts";
import type { Structure } from "../../crystal/structure.ts";
import type { ReadModelFile } from "../../models/model-store.ts";
import { morePositive, positiveHkl } from "../../diffraction/laue.ts";
import type { Vec3 } from "../../math/matrix3.ts";
import { explanationModel, readModelFile } from "../../net/export.ts";
import type { Weights } from "../../net/layout.ts";
import { loadPredictor } from "../../net/predictor.ts";
import type { Runtime } from "../../net/runtime.ts";
import { emptyInputs, putComposition, splitFeatures } from "./dataset.ts";
import { FEATURES, POINT_CHANNELS, POINTS } from "./feature-layout.ts";
import { featureWriter, listedPoints } from "./features.ts";
import { propertyNetwork } from "./network.ts";
import { loadPropertyModel, type ReciprocalOptions } from "./predict.ts";

/** One reciprocal point. */
export interface ReciprocalPoint {
  readonly hkl: Vec3;
  /** Cartesian, 1/Å without 2π. */
  readonly gInvAngstrom: Vec3;
  /** 0 … 1; 0 where the point won nothing. */
  readonly share: number;
}

/** Points that are one to the network, or to Friedel's law; the member that a table of reflections would list stands for all. */
export interface CriticalPoint {
  readonly hkl: Vec3;
  /** Points that `hkl` stands for, both of each Friedel pair counted. */
  readonly multiplicity: number;
  /** Null at the origin. */
  readonly dAngstrom: number | null;
  readonly share: number;
}

export interface Explanation {
  /** Winners, largest share first. */
  readonly critical: readonly CriticalPoint[];
  /** All points that the network saw, one of each Friedel pair. */
  readonly points: readonly ReciprocalPoint[];
}

/** Activations within this share of the largest count as equal: single precision sums differ that much. */
const TIE = 1e-5;

/**
 * Share of the channels that each point won.
 * @param activations (channels, points), not negative
 */
export function winnerShares(activations: ArrayLike<number>, points: number): Float64Array {
  const shares = new Float64Array(points);
  let awake = 0;
  for (let start = 0; start < activations.length; start += points) {
    let most = 0;
    for (let p = 0; p < points; p++) most = Math.max(most, activations[start + p]!);
    if (most <= 0) continue;
    awake++;
    const winners: number[] = [];
    for (let p = 0; p < points; p++)
      if (activations[start + p]! >= most * (1 - TIE)) winners.push(p);
    for (const p of winners) shares[p]! += 1 / winners.length;
  }
  if (awake > 0) for (let p = 0; p < points; p++) shares[p]! /= awake;
  return shares;
}

/** The same shares with each family's spread evenly: rounding in the features lets one of many alike win. */
export function evenShares(shares: Float64Array, keys: readonly string[]): Float64Array {
  const families = new Map<string, { share: number; count: number }>();
  for (const [p, key] of keys.entries()) {
    const { share, count } = families.get(key) ?? { share: 0, count: 0 };
    families.set(key, { share: share + shares[p]!, count: count + 1 });
  }
  return shares.map((_, p) => {
    const { share, count } = families.get(keys[p]!)!;
    return share / count;
  });
}

/** Families by a key; shares add up. */
export function mergePoints(
  points: readonly (ReciprocalPoint & { readonly key: string; readonly count: number })[],
): CriticalPoint[] {
  const families = new Map<string, CriticalPoint>();
  for (const { hkl, gInvAngstrom, share, key, count } of points) {
    const known = families.get(key);
    const g = Math.hypot(...gInvAngstrom);
    families.set(key, {
      hkl: known === undefined ? hkl : morePositive(known.hkl, hkl),
      multiplicity: count + (known?.multiplicity ?? 0),
      dAngstrom: g === 0 ? null : 1 / g,
      share: share + (known?.share ?? 0),
    });
  }
  return [...families.values()]
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || (b.dAngstrom ?? Infinity) - (a.dAngstrom ?? Infinity));
}

/** An explainer: it says which reciprocal lattice points decided a prediction. */
export interface ReciprocalExplainer {
  /**
   * The points that decided, hkl in the axes of the structure as given.
   * @throws EwaldError `scattering/…`
   */
  explain(structure: Structure): Promise<Explanation>;
  release(): Promise<void>;
}

/**
 * Loads the network of properties with its explanation.
 * @throws EwaldError `model/…`, and what `read` throws
 */
export async function loadExplainer(
  runtime: Runtime,
  read: ReadModelFile,
  options: ReciprocalOptions = {},
): Promise<ReciprocalExplainer> {
  const { stored, withComposition } = await loadPropertyModel(read, options);
  const { weights } = readModelFile(stored.onnx);
  const model = propertyNetwork({
    pointWidths: pointWidthsOf(weights),
    trunkWidth: trunkWidthOf(weights),
    withComposition,
  });
  const predictor = await loadPredictor(
    runtime,
    explanationModel(model, weights, { named: ["pool"] }),
  );
  const write = featureWriter();
  return {
    async explain(structure) {
      const features = new Float32Array(FEATURES);
      write(structure, features, 0);
      const inputs = emptyInputs(1, withComposition);
      splitFeatures(features, 0, 0, inputs);
      if (withComposition) putComposition(compositionOf(structure), 0, inputs);
      const { pool } = await predictor.run(inputs);
      const { hkl, sphere, rows } = listedPoints(structure);
      const count = rows.length;
      const own = onlyListed(pool!.data, count);
      const keys = rows.map((_, p) => alikeKey(features, p));
      const shares = evenShares(winnerShares(own, count), keys);
      const [a, b, c] = sphere.reciprocal;
      const points = rows.map((_, p) => {
        const [h, k, l] = [hkl[3 * p]!, hkl[3 * p + 1]!, hkl[3 * p + 2]!];
        const g = [0, 1, 2].map((i) => h * a[i]! + k * b[i]! + l * c[i]!);
        return {
          hkl: positiveHkl(h, k, l),
          gInvAngstrom: g as unknown as Vec3,
          share: shares[p]!,
          key: keys[p]!,
          count: 2,
        };
      });
      return {
        critical: mergePoints(points),
        points: points.map(({ hkl: index, gInvAngstrom, share }) => ({
          hkl: index,
          gInvAngstrom,
          share,
        })),
      };
    },
    release: () => predictor.release(),
  };
}

/** Points whose numbers agree to four digits are one to the network. */
function alikeKey(features: Float32Array, p: number): string {
  const start = features.length - POINTS * POINT_CHANNELS + p * POINT_CHANNELS;
  return Array.from(features.subarray(start, start + 4), (x) => x.toFixed(4)).join(" ");
}

/** (channels, 1, POINTS) without the rows that only repeat a point. */
function onlyListed(pool: ArrayLike<number>, count: number): Float64Array {
  const channels = pool.length / POINTS;
  const own = new Float64Array(channels * count);
  for (let channel = 0; channel < channels; channel++)
    for (let p = 0; p < count; p++) own[channel * count + p] = pool[channel * POINTS + p]!;
  return own;
}

/** Sizes of the shipped network, read off its weights. */
function pointWidthsOf(weights: Weights): number[] {
  return [...weights]
    .filter(([name]) => /^pointwise\d*\/weight$/.test(name))
    .map(([, { shape }]) => shape[0]!);
}

function trunkWidthOf(weights: Weights): number {
  return weights.get("dense/weight")!.shape[0]!;
}
