/**
 * Types into groups, one per RCNet (Chen 2024, Methods): average patterns to two dimensions by UMAP, then affinity propagation.
 * What is alike lands in one group, so that a network learns to tell it apart, and groups differ.
 */
import type { UMAP } from "umap-js";
import { EwaldError } from "../../errors.ts";
import { affinityClusters, negativeSquaredDistances } from "../affinity-propagation.ts";
import { Random } from "../../math/random.ts";

export interface TypeGroups {
  /** Position of each type on the map, (types, 2). */
  readonly map: readonly (readonly [number, number])[];
  /** Group of each type. */
  readonly labels: readonly number[];
  /** The type that stands for each group. */
  readonly exemplars: readonly number[];
}

/** UMAP's own defaults, by which the map of 100 patterns has its few lumps. */
const NEIGHBOURS = 15;
const LEAST_DISTANCE = 0.1;
/** Averages are smeared over this many points before they are compared: 0.4°. */
const COARSE = 20;

function coarse(pattern: Float32Array): number[] {
  const size = Math.floor(pattern.length / COARSE);
  const values = Array.from({ length: size }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < COARSE; k++) sum += pattern[i * COARSE + k]!;
    return sum;
  });
  const norm = Math.hypot(...values);
  return values.map((value) => value / norm);
}

/** Loads the UMAP package. Only this paper's recipe needs it: whoever runs no recipe need not install it. */
async function loadUmap(): Promise<typeof UMAP> {
  try {
    return (await import("umap-js")).UMAP;
  } catch (cause) {
    throw new EwaldError("reproduce/missing-package", "the groups of types need umap-js", {
      value: "umap-js",
      hint: "Install it with npm install umap-js.",
      cause,
    });
  }
}

/**
 * @param averages of each type, (points)
 * @throws EwaldError `cluster/number` where no preference gives so many groups, `reproduce/missing-package` without umap-js
 */
export async function typeGroups(
  averages: readonly Float32Array[],
  groups: number,
  seed: number | string,
): Promise<TypeGroups> {
  const Umap = await loadUmap();
  const random = Random.fromSeed(seed, "umap");
  const umap = new Umap({
    nComponents: 2,
    nNeighbors: Math.min(NEIGHBOURS, averages.length - 1),
    minDist: LEAST_DISTANCE,
    random: () => random.uniform(),
  });
  const map = umap.fit(averages.map(coarse)).map(([x, y]) => [x!, y!] as const);
  const found = affinityClusters(
    negativeSquaredDistances(map),
    groups,
    Random.fromSeed(seed, "affinity"),
  );
  return { map, labels: found.labels, exemplars: found.exemplars };
}
