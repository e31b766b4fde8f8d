/**
 * Laue symmetry of reflections: which hkl are equivalent. A rotation R of a symmetry operation (x' = R x + t, R in the axes of
 * the cell) turns the row hkl into hkl·R; Friedel's law adds -hkl.
 */
import { reciprocalLattice } from "../crystal/lattice.ts";
import { EwaldError } from "../errors.ts";
import {
  determinant,
  dot,
  type Mat3,
  norm,
  transpose,
  type Vec3,
  vectorTimesMatrix,
} from "../math/matrix3.ts";
import type { ReciprocalMetric } from "./reciprocal-points.ts";

/** A symmetry operation as far as reflections care. */
export interface Rotation {
  /** Integer matrix in the axes of the cell. */
  readonly rotation: Mat3;
}

/**
 * The different proper rotations of a set of operations. Of a rotation and its product with the inversion one is enough:
 * Friedel's law adds the other.
 * @throws EwaldError `diffraction/operation` for a matrix that is not a unimodular integer one.
 */
export function laueRotations(operations: readonly Rotation[]): Mat3[] {
  const unique = new Map<string, Mat3>();
  for (const { rotation } of operations) {
    const isWhole = rotation.every((row) => row.every(Number.isInteger));
    const sign = determinant(rotation);
    if (!isWhole || Math.abs(sign) !== 1) {
      throw new EwaldError(
        "diffraction/operation",
        "a symmetry rotation is not an integer matrix",
        {
          value: rotation,
          hint: "Give the operations in the axes of the structure's own cell.",
        },
      );
    }
    const proper = rotation.map((row) => row.map((x) => sign * x + 0)) as unknown as Mat3;
    unique.set(proper.join(";"), proper);
  }
  return [...unique.values()];
}

/** Sorts the largest h first, then k, then l. */
export function compareHkl(a: Vec3, b: Vec3): number {
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
}

function negativeIndices(hkl: Vec3): number {
  return (hkl[0] < 0 ? 1 : 0) + (hkl[1] < 0 ? 1 : 0) + (hkl[2] < 0 ? 1 : 0);
}

/** The member of a family, of two, that a table of reflections would list: fewest negative indices, then the largest h, k, l. */
export function morePositive(a: Vec3, b: Vec3): Vec3 {
  const more = negativeIndices(b) - negativeIndices(a);
  return more < 0 || (more === 0 && compareHkl(a, b) > 0) ? b : a;
}

/** The one of hkl and its Friedel mate whose first index that is not 0 is positive. */
export function positiveHkl(h: number, k: number, l: number): Vec3 {
  return h > 0 || (h === 0 && (k > 0 || (k === 0 && l > 0))) ? [h, k, l] : [0 - h, 0 - k, 0 - l];
}

/** One number per hkl, in their order; |index| < 4096. */
export function hklKey([h, k, l]: Vec3): number {
  return ((h + 4096) * 8192 + (k + 4096)) * 8192 + (l + 4096);
}

export function hklOfKey(key: number): Vec3 {
  return [
    Math.floor(key / 8192 ** 2) - 4096,
    (Math.floor(key / 8192) % 8192) - 4096,
    (key % 8192) - 4096,
  ];
}

/** Keys of all equivalents of hkl, each as its positive Friedel mate; hkl itself among them. */
export function orbitOf([h, k, l]: Vec3, rotations: readonly Mat3[]): Set<number> {
  const orbit = new Set([positiveKey(h, k, l)]);
  for (const [a, b, c] of rotations) {
    orbit.add(
      positiveKey(
        h * a[0] + k * b[0] + l * c[0],
        h * a[1] + k * b[1] + l * c[1],
        h * a[2] + k * b[2] + l * c[2],
      ),
    );
  }
  return orbit;
}

/** Key of hkl or of its Friedel mate, whichever is positive (see {@link positiveHkl}). */
function positiveKey(h: number, k: number, l: number): number {
  const isPositive = h > 0 || (h === 0 && (k > 0 || (k === 0 && l > 0)));
  const sign = isPositive ? 1 : -1;
  return ((sign * h + 4096) * 8192 + (sign * k + 4096)) * 8192 + (sign * l + 4096);
}

/** Lengths and angles of a lattice that agree within this are the same: noise of coordinates with five digits. */
const METRIC_TOLERANCE = 2e-5;
const MOST_COEFFICIENT = 6;

/**
 * Proper rotations that map a lattice onto itself (with the inversion: its holohedry), to be applied to hkl rows. Images of a, b, c are searched among
 * the lattice vectors of their lengths, kept where the angles fit too.
 */
export function latticeRotations(lattice: Mat3): Mat3[] {
  const metric = lattice.map((u) => lattice.map((v) => dot(u, v)));
  const scale = Math.max(metric[0]![0]!, metric[1]![1]!, metric[2]![2]!) * METRIC_TOLERANCE;
  const reciprocal = reciprocalLattice(lattice);
  const longest = Math.max(...lattice.map(norm));
  const [mostA, mostB, mostC] = reciprocal.map((row) =>
    Math.min(MOST_COEFFICIENT, Math.floor(longest * norm(row) + 1e-3)),
  ) as [number, number, number];
  const [[m11, m12, m13], [, m22, m23], [, , m33]] = metric as unknown as Mat3;
  const imagesA: { row: Vec3; vector: Vec3 }[] = [];
  const imagesB: typeof imagesA = [];
  const imagesC: typeof imagesA = [];
  for (let i = -mostA; i <= mostA; i++) {
    for (let j = -mostB; j <= mostB; j++) {
      for (let k = -mostC; k <= mostC; k++) {
        const length2 =
          i * i * m11 + j * j * m22 + k * k * m33 + 2 * (j * k * m23 + i * k * m13 + i * j * m12);
        const isA = Math.abs(length2 - m11) <= scale;
        const isB = Math.abs(length2 - m22) <= scale;
        const isC = Math.abs(length2 - m33) <= scale;
        if (!isA && !isB && !isC) continue;
        const row: Vec3 = [i, j, k];
        const image = { row, vector: vectorTimesMatrix(row, lattice) };
        if (isA) imagesA.push(image);
        if (isB) imagesB.push(image);
        if (isC) imagesC.push(image);
      }
    }
  }
  const found: Mat3[] = [];
  for (const a of imagesA) {
    for (const b of imagesB) {
      if (Math.abs(dot(a.vector, b.vector) - m12) > scale) continue;
      for (const c of imagesC) {
        if (Math.abs(dot(a.vector, c.vector) - m13) > scale) continue;
        if (Math.abs(dot(b.vector, c.vector) - m23) > scale) continue;
        // Of a rotation and its product with the inversion one is enough: Friedel adds the other.
        if (determinant([a.row, b.row, c.row]) < 0) continue;
        // a' = row · (a, b, c), so h' = row · (h, k, l): the transpose for hkl as a row.
        found.push(transpose([a.row, b.row, c.row]));
      }
    }
  }
  return found;
}

/** R G* Rᵀ: the metric that gives every hkl the length of hkl·R. */
export function rotatedMetric(
  [m11, m22, m33, m23, m13, m12]: ReciprocalMetric,
  [a, b, c]: Mat3,
): ReciprocalMetric {
  const product = (u: Vec3, v: Vec3): number =>
    u[0] * (m11 * v[0] + m12 * v[1] + m13 * v[2]) +
    u[1] * (m12 * v[0] + m22 * v[1] + m23 * v[2]) +
    u[2] * (m13 * v[0] + m23 * v[1] + m33 * v[2]);
  return [product(a, a), product(b, b), product(c, c), product(b, c), product(a, c), product(a, b)];
}

/**
 * Mean of the reciprocal metric over the rotations, G* ← ⟨R G* Rᵀ⟩ with hkl a row: equivalents then have the same length to
 * the last digit, whatever noise the cell carries.
 */
export function symmetrisedMetric(
  metric: ReciprocalMetric,
  rotations: readonly Mat3[],
): ReciprocalMetric {
  if (rotations.length === 0) return metric;
  const mean: [number, number, number, number, number, number] = [0, 0, 0, 0, 0, 0];
  for (const rotation of rotations) {
    const rotated = rotatedMetric(metric, rotation);
    for (let i = 0; i < 6; i++) mean[i]! += rotated[i]! / rotations.length;
  }
  return mean;
}
