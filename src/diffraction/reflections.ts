/** Reflections of a lattice: every hkl in a range of d, sorted by falling d. */
import { reciprocalLattice } from "../crystal/lattice.ts";
import { EwaldError } from "../errors.ts";
import type { Mat3, Vec3 } from "../math/matrix3.ts";
import {
  hklKey,
  hklOfKey,
  laueRotations,
  orbitOf,
  positiveHkl,
  type Rotation,
  symmetrisedMetric,
} from "./laue.ts";
import { sortByLength } from "./peaks.ts";
import { emptyPoints, halfSphere, reciprocalMetric } from "./reciprocal-points.ts";

export interface ReflectionRange {
  /** Smallest spacing, Å; or `gMaxInvAngstrom`. */
  readonly dMinAngstrom?: number;
  /** Largest 1/d, 1/Å. */
  readonly gMaxInvAngstrom?: number;
  /** Smallest 1/d, 1/Å; default 0 (the origin is never a reflection). */
  readonly gMinInvAngstrom?: number;
  /** Symmetry operations in the axes of the cell: the equivalent with the largest h, then k, then l stands for all. */
  readonly operations?: readonly Rotation[];
  /** Which of the pair ±hkl: `"half"` (default) one of them, `"full"` both. Not with `operations`. */
  readonly friedel?: "half" | "full";
}

/** Reflections as columns, sorted by rising 1/d. */
export interface Reflections {
  readonly count: number;
  /** h, k, l of each; (count × 3). */
  readonly hkl: Int32Array;
  /** 1/d, 1/Å. */
  readonly gInvAngstrom: Float64Array;
  /** How many of the reflections within the whole sphere each stands for. */
  readonly multiplicity: Int32Array;
}

/**
 * All reciprocal lattice points (hkl) of a lattice between two values of 1/d, in 1/Å.
 * @throws EwaldError `diffraction/range`, `diffraction/too-many-reflections`, `diffraction/operation`
 */
export function reflections(lattice: Mat3, range: ReflectionRange): Reflections {
  const gMax = range.gMaxInvAngstrom ?? 1 / (range.dMinAngstrom ?? Number.NaN);
  const gMin = range.gMinInvAngstrom ?? 0;
  if (!(gMax > 0 && Number.isFinite(gMax) && gMin >= 0 && gMin <= gMax)) {
    throw new EwaldError("diffraction/range", `1/d from ${gMin} to ${gMax} 1/Å is no range`, {
      value: [gMin, gMax],
      unit: "1/Å",
      hint: "Give dMinAngstrom or gMaxInvAngstrom, above gMinInvAngstrom.",
    });
  }
  const reciprocal = reciprocalLattice(lattice);
  const rotations = laueRotations(range.operations ?? []);
  const metric = symmetrisedMetric(reciprocalMetric(reciprocal), rotations);
  const points = emptyPoints();
  halfSphere(reciprocal, gMin, gMax, points, metric);
  const order = sortByLength(points);
  const hkls: Vec3[] = [];
  const lengths: number[] = [];
  const multiplicities: number[] = [];
  const seen = new Set<number>();
  for (const i of order) {
    const hkl = positiveHkl(points.h[i]!, points.k[i]!, points.l[i]!);
    const g = Math.sqrt(points.g2[i]!);
    if (rotations.length > 0) {
      if (seen.has(hklKey(hkl))) continue;
      const orbit = orbitOf(hkl, rotations);
      for (const key of orbit) seen.add(key);
      hkls.push(hklOfKey(Math.max(...orbit)));
      lengths.push(g);
      multiplicities.push(2 * orbit.size);
    } else if (range.friedel === "full") {
      hkls.push(hkl, [0 - hkl[0], 0 - hkl[1], 0 - hkl[2]]);
      lengths.push(g, g);
      multiplicities.push(1, 1);
    } else {
      hkls.push(hkl);
      lengths.push(g);
      multiplicities.push(2);
    }
  }
  return {
    count: hkls.length,
    hkl: Int32Array.from(hkls.flat()),
    gInvAngstrom: Float64Array.from(lengths),
    multiplicity: Int32Array.from(multiplicities),
  };
}
