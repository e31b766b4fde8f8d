/**
 * Enumeration of reciprocal lattice points in a shell, complete for any cell. With g = ha* + kb* + lc*, the three bounds
 * |h| ≤ g|a|, |k| ≤ g|b| hold because h = g·a; for each pair of the outer two indices the inner one runs between the roots of
 * the quadratic |g|² = g²max. Nothing is assumed about angles.
 */
import { EwaldError } from "../errors.ts";
import { determinant, dot, invert, type Mat3, norm, transpose } from "../math/matrix3.ts";

/** Reciprocal points in order of the enumeration: inner index fastest. Buffers may be longer than `count`. */
export interface ReciprocalPoints {
  count: number;
  /** Axis (0 = h, 1 = k, 2 = l) whose index runs fastest; the other two are constant over a run. */
  inner: 0 | 1 | 2;
  h: Int32Array;
  k: Int32Array;
  l: Int32Array;
  /** |g|², 1/Å² */
  g2: Float64Array;
}

/** More points than this in one half sphere are a mistake in the range (or a cell of micrometres). */
const MOST_POINTS = 20_000_000;
/** A point on the sphere's surface belongs to it whatever the rounding. */
const RELATIVE_SLACK = 1e-9;

export function emptyPoints(): ReciprocalPoints {
  const empty = new Int32Array(0);
  return { count: 0, inner: 2, h: empty, k: empty, l: empty, g2: new Float64Array(0) };
}

/** Room for `length` points, what is there kept. */
function reserve(points: ReciprocalPoints, length: number): void {
  if (points.g2.length >= length) return;
  const room = Math.ceil(length * 1.5);
  for (const index of ["h", "k", "l"] as const) {
    const longer = new Int32Array(room);
    longer.set(points[index]);
    points[index] = longer;
  }
  const longer = new Float64Array(room);
  longer.set(points.g2);
  points.g2 = longer;
}

/** Metric of the reciprocal lattice, G*[i][j] = aᵢ*·aⱼ*, as its six numbers 11, 22, 33, 23, 13, 12. */
export type ReciprocalMetric = readonly [number, number, number, number, number, number];

export function reciprocalMetric(reciprocal: Mat3): ReciprocalMetric {
  const [a, b, c] = reciprocal;
  return [dot(a, a), dot(b, b), dot(c, c), dot(b, c), dot(a, c), dot(a, b)];
}

/**
 * Half of the points with gMin ≤ |g| ≤ gMax (one of each pair ±g, never the origin), written into `into`.
 * @throws EwaldError `diffraction/too-many-reflections`
 */
export function halfSphere(
  reciprocal: Mat3,
  gMinInvAngstrom: number,
  gMaxInvAngstrom: number,
  into: ReciprocalPoints,
  metric: ReciprocalMetric = reciprocalMetric(reciprocal),
): void {
  const direct = transpose(invert(reciprocal));
  const lengths = direct.map(norm);
  // The longest axis has most points along it: the longest runs, and the fewest changes of the outer pair.
  const inner = lengths.indexOf(Math.max(...lengths)) as 0 | 1 | 2;
  const [first, second] = ([0, 1, 2] as const).filter((axis) => axis !== inner) as [0 | 1, 1 | 2];
  const square = (axis: number): number => metric[axis]!;
  const mixed = (i: number, j: number): number => metric[6 - i - j]!;
  const gMax2 = gMaxInvAngstrom * gMaxInvAngstrom * (1 + RELATIVE_SLACK);
  const gMin2 = gMinInvAngstrom * gMinInvAngstrom * (1 - RELATIVE_SLACK);
  const [g11, g22, g33] = [square(first), square(second), square(inner)];
  const [g12, g13, g23] = [mixed(first, second), mixed(first, inner), mixed(second, inner)];
  const most1 = Math.floor(gMaxInvAngstrom * lengths[first]! + 1e-6);
  const most2 = Math.floor(gMaxInvAngstrom * lengths[second]! + 1e-6);
  // Half of the sphere's volume over that of one reciprocal cell, and a skin one point thick.
  const volume = Math.abs(determinant(direct));
  checkCount(2.1 * gMaxInvAngstrom ** 3 * volume + (most1 + 1) * (2 * most2 + 1), gMaxInvAngstrom);
  let axes = [into.h, into.k, into.l] as const;
  let [index1, index2, index3] = [axes[first], axes[second], axes[inner]];
  let { g2 } = into;
  let count = 0;
  for (let h = 0; h <= most1; h++) {
    for (let k = h === 0 ? 0 : -most2; k <= most2; k++) {
      const half = h * g13 + k * g23;
      const rest = h * h * g11 + k * k * g22 + 2 * h * k * g12;
      const discriminant = half * half - g33 * (rest - gMax2);
      if (discriminant < 0) continue;
      const root = Math.sqrt(discriminant);
      const from = h === 0 && k === 0 ? 1 : Math.ceil((-half - root) / g33);
      const to = Math.floor((-half + root) / g33);
      if (to < from) continue;
      if (count + to - from >= g2.length) {
        reserve(into, count + to - from + 1);
        axes = [into.h, into.k, into.l];
        index1 = axes[first];
        index2 = axes[second];
        index3 = axes[inner];
        g2 = into.g2;
      }
      for (let l = from; l <= to; l++) {
        const length2 = rest + l * (2 * half + l * g33);
        if (length2 < gMin2) continue;
        index1[count] = h;
        index2[count] = k;
        index3[count] = l;
        g2[count++] = length2;
      }
    }
  }
  into.inner = inner;
  into.count = count;
}

function checkCount(bound: number, gMaxInvAngstrom: number): void {
  if (bound <= MOST_POINTS) return;
  throw new EwaldError(
    "diffraction/too-many-reflections",
    `about ${bound.toExponential(1)} reciprocal points within ${gMaxInvAngstrom.toPrecision(4)} 1/Å`,
    { value: gMaxInvAngstrom, unit: "1/Å", hint: "Narrow the range of angles or d spacings." },
  );
}
