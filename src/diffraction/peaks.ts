/** From single reflections to the peaks of a powder: sorting, merging at one angle, families of hkl. */
import type { Mat3, Vec3 } from "../math/index.ts";
import { hklOfKey, morePositive, negativeIndices, orbitOf, positiveKey } from "./laue.ts";
import type { ReciprocalPoints } from "./reciprocal-points.ts";

export interface Family {
  /** The member with the fewest negative indices, then the largest h, k, l: (1 1 0), not (2 -1 0). */
  readonly hkl: Vec3;
  /** Reflections of the family in this peak, Friedel mates counted. */
  readonly multiplicity: number;
}

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

/** Order of the points by rising |g|: buckets of equal |g|² (about two points each), then insertion. Linear in time. */
export function sortByLength(points: ReciprocalPoints): Int32Array {
  const { count, g2 } = points;
  let [least, most] = [Infinity, 0];
  for (let i = 0; i < count; i++) {
    const value = g2[i]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const buckets = (count >> 1) + 1;
  const scale = most > least ? (buckets - 1) / (most - least) : 0;
  const end = new Int32Array(buckets + 1);
  for (let i = 0; i < count; i++) end[Math.floor((g2[i]! - least) * scale) + 1]!++;
  for (let i = 0; i < buckets; i++) end[i + 1]! += end[i]!;
  const order = new Int32Array(count);
  for (let i = 0; i < count; i++) order[end[Math.floor((g2[i]! - least) * scale)]!++] = i;
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
  return order;
}

const DEGREES = 180 / Math.PI;

export function twoThetaDegOfG2(g2: number, wavelengthAngstrom: number): number {
  return 2 * DEGREES * Math.asin(Math.min(1, (wavelengthAngstrom * Math.sqrt(g2)) / 2));
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
): MergedPeaks {
  const { g2 } = points;
  const g2OfGroup = new Float64Array(order.length);
  const sum = new Float64Array(order.length);
  const from = new Int32Array(order.length + 1);
  const surelyApart = ((toleranceDeg / DEGREES) * 4) / wavelengthAngstrom ** 2;
  const binOf = (length2: number): number =>
    Math.round(twoThetaDegOfG2(length2, wavelengthAngstrom) / toleranceDeg);
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

/** What makes reflections equivalent. */
export interface Equivalents {
  readonly rotations: readonly Mat3[];
  /** The rotations are the lattice's: only members with the same |F|² are one family. */
  readonly sameIntensity: boolean;
}

/**
 * Families of the reflections in one peak. With the crystal's rotations: the orbits of its Laue group. With the lattice's:
 * its orbits, split where |F|² differs (hkl and khl of 4/m, say).
 */
export function familiesOf(
  points: ReciprocalPoints,
  members: Int32Array,
  fSquared: Float64Array,
  { rotations, sameIntensity }: Equivalents,
): Family[] {
  let strongest = 0;
  for (const i of members) if (fSquared[i]! > strongest) strongest = fSquared[i]!;
  // Members still without a family: key of hkl and |F|². Numbers, not objects: half of a pattern's time is spent here.
  const keys: number[] = [];
  const values: number[] = [];
  for (const i of members) {
    if (fSquared[i]! <= ABSENT * strongest) continue;
    keys.push(positiveKey(points.h[i]!, points.k[i]!, points.l[i]!));
    values.push(fSquared[i]!);
  }
  const families: Family[] = [];
  while (keys.length > 0) {
    let first = 0;
    for (let i = 1; i < keys.length; i++) if (keys[i]! > keys[first]!) first = i;
    const hkl = hklOfKey(keys[first]!);
    const f = values[first]!;
    const orbit = keys.length > 1 ? orbitOf(hkl, rotations) : null;
    let shown = hkl;
    let left = 0;
    for (let i = 0; i < keys.length; i++) {
      const isOther =
        i !== first &&
        (!orbit!.has(keys[i]!) ||
          (sameIntensity && Math.abs(values[i]! - f) > EQUAL_SHARE * strongest));
      if (!isOther) {
        if (negativeIndices(shown) > 0) shown = morePositive(shown, hklOfKey(keys[i]!));
        continue;
      }
      keys[left] = keys[i]!;
      values[left++] = values[i]!;
    }
    families.push({ hkl: shown, multiplicity: 2 * (keys.length - left) });
    keys.length = left;
    values.length = left;
  }
  return families;
}
