/** From single reflections to the peaks of a powder: sorting, merging at one angle, families of hkl. */
import type { Mat3, Vec3 } from "../math/matrix3.ts";
import { RADIANS, twoThetaDegOfG } from "../radiation/angles.ts";
import { compareHkl, morePositive, positiveHkl } from "./laue.ts";
import type { ReciprocalPoints } from "./reciprocal-points.ts";

/** Reflections of a peak that symmetry makes equivalent. */
export interface Family {
  /** The member with the fewest negative indices, then the largest h, k, l: (1 1 0), not (2 -1 0). */
  readonly hkl: Vec3;
  /** Reflections of the family in this peak, Friedel mates counted. */
  readonly multiplicity: number;
}

/** One peak of a calculated powder pattern: 2θ in degrees, d in Å, the strongest intensity 100. */
export interface Peak {
  readonly twoThetaDeg: number;
  readonly dAngstrom: number;
  /** Integrated intensity; the strongest peak of a pattern is 100. */
  readonly intensity: number;
  /** Families that share the peak, those with no intensity (systematic absences) left out. */
  readonly hkls: readonly Family[];
  /** Sum over the families. */
  readonly multiplicity: number;
}

/** Reflections of one wavelength that fall together. */
export interface MergedPeaks {
  readonly count: number;
  /** |g|² of the group's first (lowest) reflection: the position of the peak. */
  readonly g2: Float64Array;
  readonly intensity: Float64Array;
  /** Members of group i are `order[from[i]] … order[from[i + 1] - 1]`. */
  readonly from: Int32Array;
}

/** Arrays that a stream of patterns shares; a call's results live in them until the next one. */
export interface PeakBuffers {
  order: Int32Array;
  bucketEnd: Int32Array;
  g2: Float64Array;
  intensity: Float64Array;
  from: Int32Array;
}

export function peakBuffers(): PeakBuffers {
  const [whole, real] = [new Int32Array(0), new Float64Array(0)];
  return { order: whole, bucketEnd: whole, g2: real, intensity: real, from: whole };
}

function reserve(buffers: PeakBuffers, count: number): void {
  if (buffers.order.length >= count) return;
  const room = Math.ceil(count * 1.5);
  buffers.order = new Int32Array(room);
  buffers.bucketEnd = new Int32Array(room + 2);
  buffers.g2 = new Float64Array(room);
  buffers.intensity = new Float64Array(room);
  buffers.from = new Int32Array(room + 1);
}

/** Order of the points by rising |g|: buckets of equal |g|² (about two points each), then insertion. Linear in time. */
export function sortByLength(points: ReciprocalPoints, buffers = peakBuffers()): Int32Array {
  const { count, g2 } = points;
  reserve(buffers, count);
  let [least, most] = [Infinity, 0];
  for (let i = 0; i < count; i++) {
    const value = g2[i]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const buckets = (count >> 1) + 1;
  const scale = most > least ? (buckets - 1) / (most - least) : 0;
  const end = buffers.bucketEnd.fill(0, 0, buckets + 1);
  for (let i = 0; i < count; i++) end[(((g2[i]! - least) * scale) | 0) + 1]!++;
  for (let i = 0; i < buckets; i++) end[i + 1]! += end[i]!;
  const { order } = buffers;
  for (let i = 0; i < count; i++) order[end[((g2[i]! - least) * scale) | 0]!++] = i;
  for (let i = 1; i < count; i++) {
    const moving = order[i]!;
    const value = g2[moving]!;
    let at = i - 1;
    while (at >= 0 && g2[order[at]!]! > value) {
      order[at + 1] = order[at]!;
      at--;
    }
    order[at + 1] = moving;
  }
  return order.subarray(0, count);
}

/**
 * Adds the reflections whose 2θ round to the same multiple of `toleranceDeg`, the rule of pymatgen. Angles are worked out only
 * for neighbours that could share one: d(2θ)/d(g²) is nowhere below λ²/2.
 */
export function mergePeaks(
  points: ReciprocalPoints,
  order: Int32Array,
  intensity: Float64Array,
  wavelengthAngstrom: number,
  toleranceDeg: number,
  buffers = peakBuffers(),
): MergedPeaks {
  const { g2 } = points;
  reserve(buffers, order.length);
  const { g2: g2OfGroup, intensity: sum, from } = buffers;
  const surelyApart = (toleranceDeg * RADIANS * 4) / wavelengthAngstrom ** 2;
  const binOf = (length2: number): number =>
    Math.round(twoThetaDegOfG(Math.sqrt(length2), wavelengthAngstrom) / toleranceDeg);
  let last = -1;
  let previous = -Infinity;
  for (let at = 0; at < order.length; at++) {
    const point = order[at]!;
    const length2 = g2[point]!;
    const gap = length2 - previous;
    // Lengths that agree to twelve digits are the same.
    const isSame =
      gap <= 1e-12 * length2 ||
      (length2 - g2OfGroup[last]! <= surelyApart && binOf(length2) === binOf(g2OfGroup[last]!));
    if (!isSame) {
      last++;
      g2OfGroup[last] = length2;
      from[last] = at;
      sum[last] = 0;
    }
    previous = length2;
    sum[last]! += intensity[point]!;
  }
  from[last + 1] = order.length;
  return { count: last + 1, g2: g2OfGroup, intensity: sum, from };
}

/** Members weaker than this share of the strongest member of the peak are absent, not merely weak. */
const ABSENT = 1e-8;
/** Without the crystal's symmetry, members whose |F|² agree within this share of the peak's largest are one family. */
const EQUAL_SHARE = 1e-4;

/** The rotations by which reflections are equivalent, and whether a family must have one |F|². */
export interface Equivalents {
  /** Rotations of the lattice, or of the crystal where its operations are given: they tell which reflections are one family. */
  readonly rotations: readonly Mat3[];
  /** The rotations are the lattice's: only members with the same |F|² are one family. */
  readonly sameIntensity: boolean;
}

/** The reflections that were computed, each for all that are equivalent to it. */
export interface ComputedReflections {
  readonly points: ReciprocalPoints;
  readonly fSquared: Float64Array;
  /** How many of a half sphere each point stands for … */
  readonly weight: Float64Array;
  /** … by these rotations. */
  readonly symmetry: readonly Mat3[];
}

/** Nine whole numbers for each rotation, row after row: an inner loop reads them faster than nested arrays. */
export function flatRotations(rotations: readonly Mat3[]): Int32Array {
  const flat = new Int32Array(9 * rotations.length);
  for (let i = 0; i < flat.length; i++)
    flat[i] = rotations[(i / 9) | 0]![((i / 3) | 0) % 3]![i % 3]!;
  return flat;
}

/**
 * Families of the reflections in one peak, `members[from] … members[to - 1]`, in the order of their hkl. With the crystal's
 * rotations: the orbits of its Laue group. With the lattice's: its orbits, split where |F|² differs (hkl and khl of 4/m, say).
 */
export function familiesOf(
  { points, fSquared, weight }: ComputedReflections,
  symmetry: Int32Array,
  members: Int32Array,
  from: number,
  to: number,
  { rotations, sameIntensity }: Equivalents,
): Family[] {
  // Of a hundred peaks 97 have one member.
  if (to - from === 1) {
    const only = members[from]!;
    return [
      { hkl: shownEquivalent(points, only, symmetry), multiplicity: (2 * weight[only]!) | 0 },
    ];
  }
  let strongest = 0;
  for (let at = from; at < to; at++) strongest = Math.max(strongest, fSquared[members[at]!]!);
  let left: number[] = [];
  for (let at = from; at < to; at++) {
    if (fSquared[members[at]!]! > ABSENT * strongest) left.push(members[at]!);
  }
  const families: Family[] = [];
  while (left.length > 0) {
    const first = left[0]!;
    let hkl = shownEquivalent(points, first, symmetry);
    let count = weight[first]!;
    const others: number[] = [];
    for (let at = 1; at < left.length; at++) {
      const member = left[at]!;
      const differs = Math.abs(fSquared[member]! - fSquared[first]!) > EQUAL_SHARE * strongest;
      if ((sameIntensity && differs) || !areEquivalent(points, first, member, rotations)) {
        others.push(member);
        continue;
      }
      count += weight[member]!;
      hkl = morePositive(hkl, shownEquivalent(points, member, symmetry));
    }
    insertFamily(families, { hkl, multiplicity: (2 * count) | 0 });
    left = others;
  }
  return families;
}

/** Puts a family at its place in the order of hkl: a call of `sort` for two or three cost as much as all else of the peak. */
function insertFamily(families: Family[], family: Family): void {
  let at = families.length;
  for (; at > 0 && compareHkl(families[at - 1]!.hkl, family.hkl) > 0; at--)
    families[at] = families[at - 1]!;
  families[at] = family;
}

/** True where a rotation brings one reflection onto the other or its Friedel mate. */
function areEquivalent(
  { h, k, l }: ReciprocalPoints,
  one: number,
  other: number,
  rotations: readonly Mat3[],
): boolean {
  const [x, y, z] = [h[other]!, k[other]!, l[other]!];
  for (const [a, b, c] of rotations) {
    const p = h[one]! * a[0] + k[one]! * b[0] + l[one]! * c[0];
    if (p !== x && p !== -x) continue;
    const q = h[one]! * a[1] + k[one]! * b[1] + l[one]! * c[1];
    const r = h[one]! * a[2] + k[one]! * b[2] + l[one]! * c[2];
    if ((p === x && q === y && r === z) || (p === -x && q === -y && r === -z)) return true;
  }
  return false;
}

/** The one of a reflection's equivalents that a table of reflections would list; see {@link Family}. */
function shownEquivalent(
  { h, k, l, inner }: ReciprocalPoints,
  point: number,
  symmetry: Int32Array,
): Vec3 {
  const x = h[point]!;
  const y = k[point]!;
  const z = l[point]!;
  // The computed one has the largest h, then k, then l of its equivalents where l ran fastest (`keepRepresentatives`).
  if (inner === 2 && x >= 0 && y >= 0 && z >= 0) return [x, y, z];
  // Whole numbers until the end: an array for each image took a third of a pattern's time.
  let bestH = x;
  let bestK = y;
  let bestL = z;
  let best = positiveRank(x, y, z);
  for (let at = 0; at < symmetry.length; at += 9) {
    const p = (x * symmetry[at]! + y * symmetry[at + 3]! + z * symmetry[at + 6]!) | 0;
    // Where no index is negative nothing with a smaller first one goes before.
    if (best >= 0 && Math.abs(p) < Math.abs(bestH)) continue;
    const q = (x * symmetry[at + 1]! + y * symmetry[at + 4]! + z * symmetry[at + 7]!) | 0;
    const r = (x * symmetry[at + 2]! + y * symmetry[at + 5]! + z * symmetry[at + 8]!) | 0;
    const rank = positiveRank(p, q, r);
    if (rank <= best) continue;
    best = rank;
    bestH = p;
    bestK = q;
    bestL = r;
  }
  return positiveHkl(bestH, bestK, bestL);
}

/** The order of `morePositive` among `positiveHkl` as a number, the larger the earlier; |index| < 4096. */
function positiveRank(h: number, k: number, l: number): number {
  const isPositive = h > 0 || (h === 0 && (k > 0 || (k === 0 && l > 0)));
  const negative = isPositive
    ? (k < 0 ? 1 : 0) + (l < 0 ? 1 : 0)
    : (k > 0 ? 1 : 0) + (l > 0 ? 1 : 0);
  const key = (h * 8192 + k) * 8192 + l;
  return (isPositive ? key : -key) - negative * 8192 ** 3;
}
