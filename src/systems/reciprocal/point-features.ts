/** Features of the shortest points, one by one, and what they say as a whole. See `features.ts`. */
import type { ReciprocalSphere } from "../../diffraction/reciprocal-sphere.ts";
import { ABSENT, FINE, FINE_WIDTH, G_MAX, POINT_CHANNELS, POINTS } from "./feature-layout.ts";

/** Two points are alike where g² and I agree to this share. */
const ALIKE_G2 = 1e-3;
/** Two lengths are one where g² agrees to this share: rounding. */
const SAME_G2 = 1e-6;
const ALIKE_INTENSITY = 1e-2;

/** The shortest points with intensity. */
export interface ShortestPoints {
  /** The listed ones, as indices into the sphere. */
  readonly chosen: readonly number[];
  /** These and the rest of the last one's length: a set that symmetry maps onto itself, whose directions are compared with. */
  readonly reference: readonly number[];
}

/** The shortest points with intensity, by |g|, then stronger first: any tie is between points that are alike. */
export function shortestPoints(sphere: ReciprocalSphere, count: Int32Array): ShortestPoints {
  const { g2, intensity } = sphere;
  let bin = 0;
  for (let found = 0; bin < FINE && found < POINTS; bin++) found += count[bin]!;
  const radius2 = (Math.min(bin + 1, FINE) * FINE_WIDTH) ** 2;
  const least = ABSENT * sphere.forward;
  const chosen: number[] = [];
  for (let i = 0; i < sphere.count; i++)
    if (intensity[i]! > least && g2[i]! <= radius2 * (1 + 1e-9)) chosen.push(i);
  chosen.sort((i, j) => g2[i]! - g2[j]!);
  // Lengths that differ by rounding alone are one length; within it, by intensity.
  let start = 0;
  let whole = chosen.length;
  for (let end = 1; end <= chosen.length; end++) {
    const length2 = g2[chosen[start]!]!;
    if (end < chosen.length && g2[chosen[end]!]! - length2 < SAME_G2 * length2) continue;
    if (end - start > 1) {
      const level = chosen.slice(start, end).sort((i, j) => intensity[j]! - intensity[i]!);
      for (let i = start; i < end; i++) chosen[i] = level[i - start]!;
    }
    if (start < POINTS && end >= POINTS) whole = end;
    start = end;
  }
  return { chosen: chosen.slice(0, POINTS), reference: chosen.slice(0, whole) };
}

export function writePoints(
  sphere: ReciprocalSphere,
  { chosen, reference }: ShortestPoints,
  out: Float32Array,
  offset: number,
): void {
  const { g2, h, k, l, intensity, forward } = sphere;
  const [a, b, c] = sphere.reciprocal;
  const n = chosen.length;
  const m = reference.length;
  const unit = new Float64Array(3 * m);
  for (let p = 0; p < m; p++) {
    const i = reference[p]!;
    const inverse = 1 / Math.sqrt(g2[i]!);
    unit[3 * p] = (h[i]! * a[0] + k[i]! * b[0] + l[i]! * c[0]) * inverse;
    unit[3 * p + 1] = (h[i]! * a[1] + k[i]! * b[1] + l[i]! * c[1]) * inverse;
    unit[3 * p + 2] = (h[i]! * a[2] + k[i]! * b[2] + l[i]! * c[2]) * inverse;
  }
  const longest = n === 0 ? 1 : Math.sqrt(g2[chosen[n - 1]!]!);
  for (let p = 0; p < n; p++) {
    const i = chosen[p]!;
    const g = Math.sqrt(g2[i]!);
    let alike = 0;
    let second = 0;
    let fourth = 0;
    for (let q = 0; q < m; q++) {
      const j = reference[q]!;
      const sameLength = Math.abs(g2[j]! - g2[i]!) < ALIKE_G2 * g2[i]!;
      if (sameLength && Math.abs(intensity[j]! - intensity[i]!) < ALIKE_INTENSITY * intensity[i]!)
        alike++;
      const cos =
        unit[3 * p]! * unit[3 * q]! +
        unit[3 * p + 1]! * unit[3 * q + 1]! +
        unit[3 * p + 2]! * unit[3 * q + 2]!;
      const cos2 = cos * cos;
      second += 1.5 * cos2 - 0.5;
      fourth += (35 * cos2 * cos2 - 30 * cos2 + 3) / 8;
    }
    const at = offset + p * POINT_CHANNELS;
    out[at] = g / G_MAX;
    out[at + 1] = (Math.log(intensity[i]! + 1e-6) + 13.8) / 15;
    out[at + 2] = 1 + Math.log(intensity[i]! / forward) / 14;
    out[at + 3] = Math.log(alike) / 3;
    out[at + 4] = g / longest;
    out[at + 5] = second / m;
    out[at + 6] = fourth / m;
    out[at + 7] = 1 / n;
  }
  for (let p = n; p < POINTS; p++) {
    const at = offset + p * POINT_CHANNELS;
    for (let channel = 0; channel < POINT_CHANNELS; channel++)
      out[at + channel] = n === 0 || channel === POINT_CHANNELS - 1 ? 0 : out[offset + channel]!;
  }
}

/** Writes the features of all points together; `points` is where its rows begin. */
export function writeOverall(
  { g2, forward }: ReciprocalSphere,
  { chosen }: ShortestPoints,
  count: Int32Array,
  out: Float32Array,
  offset: number,
  points: number,
): void {
  const n = chosen.length;
  const lengthAt = (rank: number): number =>
    n === 0 ? 0 : 0.5 * Math.log(g2[chosen[Math.min(rank, n) - 1]!]!);
  const channel = (p: number, which: number): number => out[points + p * POINT_CHANNELS + which]!;
  let logAlike = 0;
  let second = 0;
  let fourth = 0;
  for (let p = 0; p < n; p++) {
    logAlike += channel(p, 3) / n;
    second += channel(p, 5) / n;
    fourth += channel(p, 6) / n;
  }
  [
    0.5 * Math.log(forward),
    lengthAt(1),
    lengthAt(4),
    lengthAt(16),
    lengthAt(POINTS),
    n / POINTS,
    logAlike,
    second,
    fourth,
    Math.log(1 + count.reduce((sum, some) => sum + some, 0)),
  ].forEach((value, i) => {
    out[offset + i] = value;
  });
}
