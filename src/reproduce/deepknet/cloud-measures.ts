/**
 * The share of the limiting sphere in a point cloud of fixed indices, structure by structure: the numbers behind the definitions of
 * deepKNet's section II and appendix A. Lengths in 1/Å without 2π, intensities (electrons/Å³)².
 */
import { reciprocalLattice } from "../../crystal/lattice.ts";
import type { Structure } from "../../crystal/structure.ts";
import {
  evaluateFormFactor,
  type FormFactorTable,
  xrayFormFactor,
} from "../../diffraction/form-factor.ts";
import { cloudIndices, type PointCount } from "../../diffraction/point-cloud.ts";
import type { ReciprocalSphere, SphereReader } from "../../diffraction/reciprocal-sphere.ts";
import { G_MAX } from "../../systems/reciprocal/feature-layout.ts";

/** The counts that are boxes of indices: within ±1, ±2, ±3. */
export const BOXES = [27, 125, 343] as const satisfies readonly PointCount[];

/** |g| of every row of a cloud, 1/Å. */
export function cloudLengths(structure: Structure, points: PointCount): Float64Array {
  const [a, b, c] = reciprocalLattice(structure.lattice);
  const indices = cloudIndices(points);
  return Float64Array.from({ length: points }, (_, row) => {
    const [h, k, l] = [indices[3 * row]!, indices[3 * row + 1]!, indices[3 * row + 2]!];
    return Math.hypot(
      h * a[0] + k * b[0] + l * c[0],
      h * a[1] + k * b[1] + l * c[1],
      h * a[2] + k * b[2] + l * c[2],
    );
  });
}

/** How many of the lengths lie in the limiting sphere. */
export const countInside = (lengths: Float64Array): number =>
  lengths.reduce((count, length) => count + (length <= G_MAX ? 1 : 0), 0);

/** Lengths that differ by less are one: a millionth of the sphere. */
const SAME_LENGTH = 1e-6 * G_MAX;

export function countDistinct(lengths: Float64Array): number {
  const sorted = lengths.toSorted();
  return sorted.reduce(
    (count, length, i) => count + (i === 0 || length - sorted[i - 1]! > SAME_LENGTH ? 1 : 0),
    0,
  );
}

export interface BoxCoverage {
  /** The share of the intensity in the sphere (without the origin) that points of the box have, 0 to 1. */
  readonly share: number;
  /** Spacing of the shortest point in the sphere that the box leaves out, Å; null where it leaves out none. */
  readonly firstLeftOutAngstrom: number | null;
}

/** The share of the sphere that the points have whose indices lie within ±`most`. */
export function boxCoverage(sphere: ReciprocalSphere, most: number): BoxCoverage {
  const { count, h, k, l, g2, intensity } = sphere;
  let [inside, all, shortest] = [0, 0, Infinity];
  for (let i = 0; i < count; i++) {
    all += intensity[i]!;
    if (Math.max(Math.abs(h[i]!), Math.abs(k[i]!), Math.abs(l[i]!)) <= most)
      inside += intensity[i]!;
    else shortest = Math.min(shortest, g2[i]!);
  }
  return {
    share: all > 0 ? inside / all : 0,
    firstLeftOutAngstrom: shortest === Infinity ? null : 1 / Math.sqrt(shortest),
  };
}

/** Share of the sphere's intensity that the three basis vectors have; they and their Friedel mates stand for one another. */
export function basisCoverage(sphere: ReciprocalSphere): number {
  const { count, h, k, l, intensity } = sphere;
  let [inside, all] = [0, 0];
  for (let i = 0; i < count; i++) {
    all += intensity[i]!;
    if (Math.abs(h[i]!) + Math.abs(k[i]!) + Math.abs(l[i]!) === 1) inside += intensity[i]!;
  }
  return all > 0 ? inside / all : 0;
}

/**
 * Σ I (1 - g²/G²) over the sphere: the same for every cell of a crystal if I = |F|²/V², since what a larger cell adds has no
 * intensity. The weight falls to 0 at the surface, where rounding decides which points are in.
 */
export function weightedIntensity(read: SphereReader, structure: Structure): number {
  const { count, g2, intensity } = read(structure);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += intensity[i]! * (1 - g2[i]! / (G_MAX * G_MAX));
  return sum;
}

/** Largest difference of two tables' form factors of an element within the limiting sphere (s ≤ 1/λ), electrons. */
export function formFactorDifference(
  element: string,
  [one, other]: readonly [FormFactorTable, FormFactorTable],
  steps = 200,
): number {
  const [a, b] = [xrayFormFactor(element, one), xrayFormFactor(element, other)];
  let most = 0;
  for (let i = 0; i <= steps; i++) {
    const s2 = ((G_MAX / 2) * (i / steps)) ** 2;
    most = Math.max(most, Math.abs(evaluateFormFactor(a, s2) - evaluateFormFactor(b, s2)));
  }
  return most;
}

/** Rows of a cloud of which the others are Friedel mates: the origin first, then hkl whose first index that is not 0 is positive. */
export function halfRows(points: PointCount): number[] {
  const indices = cloudIndices(points);
  const rows = Array.from({ length: points }, (_, row) => row);
  const sign = (row: number): number =>
    Array.from(indices.subarray(3 * row, 3 * row + 3)).find((index) => index !== 0) ?? 0;
  return [...rows.filter((row) => sign(row) === 0), ...rows.filter((row) => sign(row) > 0)];
}

/**
 * Largest difference of two lists of intensities, each in terms of the larger of the two values and `floor` of the largest expected one:
 * what ought to be nothing is nothing but for rounding.
 */
export function relativeDifference(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  floor = 1e-4,
): number {
  const largest = Math.max(...Array.from(expected));
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    const scale = Math.max(Math.abs(expected[i]!), Math.abs(actual[i]!), floor * largest);
    most = Math.max(most, Math.abs(actual[i]! - expected[i]!) / scale);
  }
  return most;
}

/** Volumes that agree to 1 % are one cell: symmetrising moves a cell a little. */
export const isOneCell = (multiple: number): boolean => Math.abs(multiple - 1) < 0.01;
