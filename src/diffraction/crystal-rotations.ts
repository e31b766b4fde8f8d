/**
 * Rotations that map a crystal onto itself, found from its atoms, for speed alone: reflections that they make equivalent are
 * computed once (three crystals in four of a large collection have some; a mean of 45 % of the reflections fall away). The
 * lattice must fit within 2·10⁻⁸, below what any peak position shows, the atoms within 10⁻⁵ of a cell, as for centres of
 * inversion (`inversion.ts`). What is missed costs time only; it takes no symmetry finder and no choice of tolerance.
 */
import { IDENTITY, type Mat3, multiply, norm } from "../math/matrix3.ts";
import { rotatedMetric } from "./laue.ts";
import {
  type ReciprocalMetric,
  reciprocalMetric,
  type ReciprocalPoints,
} from "./reciprocal-points.ts";
import type { ScatteringCell } from "./scattering-cell.ts";

/** Largest relative change of any |g|² that a rotation may bring: 10⁻⁶° at 2θ = 90°. */
const METRIC_TOLERANCE = 2e-8;
const TOLERANCE = 1e-5;

/**
 * The group of those candidates (proper rotations, as for hkl rows) that lattice and atoms follow, by themselves or with the
 * inversion. A rotation whose products are not all candidates is left out: a set that is no group would count wrongly.
 */
export function crystalRotations(
  lattice: Mat3,
  cell: ScatteringCell,
  candidates: readonly Mat3[],
): Mat3[] {
  const metric = reciprocalMetric(cell.reciprocal);
  const moved = new Float64Array(cell.frac.length);
  const generators: Mat3[] = [];
  const allowed = new Set(candidates.map(rotationKey).filter((key) => key !== null));
  let group: Mat3[] = [IDENTITY];
  let keys = new Set(group.map(rotationKey));
  for (const rotation of candidates) {
    if (keys.has(rotationKey(rotation))) continue;
    if (metricChange(lattice, metric, rotation) > METRIC_TOLERANCE) continue;
    rotateAtoms(cell.frac, rotation, moved);
    if (!isShiftOf(cell, moved, 1) && !isShiftOf(cell, moved, -1)) continue;
    const larger = generate([...generators, rotation], allowed);
    if (larger === null) continue;
    generators.push(rotation);
    group = larger;
    keys = new Set(group.map(rotationKey));
  }
  return group;
}

/** Bound of the relative change of |g|² = Σ G*ᵢⱼ hᵢ hⱼ by a rotation; |hᵢ| ≤ |g| |aᵢ|. */
function metricChange(lattice: Mat3, metric: ReciprocalMetric, rotation: Mat3): number {
  const rotated = rotatedMetric(metric, rotation);
  const a = norm(lattice[0]);
  const b = norm(lattice[1]);
  const c = norm(lattice[2]);
  const most = [a * a, b * b, c * c, 2 * b * c, 2 * a * c, 2 * a * b];
  let bound = 0;
  for (let i = 0; i < 6; i++) bound += most[i]! * Math.abs(rotated[i]! - metric[i]!);
  return bound;
}

/** All products of the generators; `null` where one is not allowed. */
function generate(generators: readonly Mat3[], allowed: ReadonlySet<number>): Mat3[] | null {
  const group: Mat3[] = [IDENTITY];
  const keys = [rotationKey(IDENTITY)];
  // The list grows while it is walked.
  for (const element of group) {
    for (const generator of generators) {
      const product = multiply(element, generator);
      const key = rotationKey(product);
      if (keys.includes(key)) continue;
      if (key === null || !allowed.has(key)) return null;
      group.push(product);
      keys.push(key);
    }
  }
  return group;
}

/** Largest entry of a rotation that has a key: 49⁹ is below 2⁵³. */
const MOST_ENTRY = 24;

/** A number for each rotation, `null` for one with larger entries than any lattice in use has. */
function rotationKey([a, b, c]: Mat3): number | null {
  let key = 0;
  for (let i = 0; i < 9; i++) {
    const entry = (i < 3 ? a : i < 6 ? b : c)[i % 3]!;
    if (Math.abs(entry) > MOST_ENTRY) return null;
    key = key * (2 * MOST_ENTRY + 1) + entry;
  }
  return key;
}

/** hkl turn as rows, positions by the transpose. */
function rotateAtoms(frac: Float64Array, [a, b, c]: Mat3, moved: Float64Array): void {
  for (let i = 0; i < frac.length; i += 3) {
    const x = frac[i]!;
    const y = frac[i + 1]!;
    const z = frac[i + 2]!;
    moved[i] = x * a[0] + y * a[1] + z * a[2];
    moved[i + 1] = x * b[0] + y * b[1] + z * b[2];
    moved[i + 2] = x * c[0] + y * c[1] + z * c[2];
  }
}

/** True where one translation brings every moved atom (times `sign`) onto an atom of its kind. */
function isShiftOf(cell: ScatteringCell, moved: Float64Array, sign: 1 | -1): boolean {
  const { start, frac, scatterers } = cell;
  let rarest = 0;
  for (let kind = 1; kind < scatterers.length; kind++) {
    if (start[kind + 1]! - start[kind]! < start[rarest + 1]! - start[rarest]!) rarest = kind;
  }
  const first = start[rarest]!;
  for (let other = first; other < start[rarest + 1]!; other++) {
    const x = frac[3 * other]! - sign * moved[3 * first]!;
    const y = frac[3 * other + 1]! - sign * moved[3 * first + 1]!;
    const z = frac[3 * other + 2]! - sign * moved[3 * first + 2]!;
    if (fits(cell, moved, sign, x, y, z)) return true;
  }
  return false;
}

function fits(
  { start, frac, occupancy, scatterers }: ScatteringCell,
  moved: Float64Array,
  sign: 1 | -1,
  x: number,
  y: number,
  z: number,
): boolean {
  for (let kind = 0; kind < scatterers.length; kind++) {
    const from = start[kind]!;
    const end = start[kind + 1]!;
    for (let i = from; i < end; i++) {
      const wantX = sign * moved[3 * i]! + x;
      const wantY = sign * moved[3 * i + 1]! + y;
      const wantZ = sign * moved[3 * i + 2]! + z;
      let j = from;
      for (; j < end; j++) {
        if (offWhole(frac[3 * j]! - wantX) > TOLERANCE) continue;
        if (offWhole(frac[3 * j + 1]! - wantY) > TOLERANCE) continue;
        if (offWhole(frac[3 * j + 2]! - wantZ) > TOLERANCE) continue;
        if (occupancy[j] === occupancy[i]) break;
      }
      if (j === end) return false;
    }
  }
  return true;
}

/** Distance of a number from the nearest integer. */
function offWhole(value: number): number {
  return Math.abs(value - Math.round(value));
}

/** More than twice any index, so that h·m² + k·m + l (the axes as they are enumerated) has the order and the sign of hkl. */
const RADIX = 8192;

/**
 * Keeps of each set of equivalent points (of a half sphere) the one whose indices come last, and writes how many it stands
 * for into `weight`. The order is that of the enumeration: what is left still lies in runs.
 */
export function keepRepresentatives(
  points: ReciprocalPoints,
  rotations: readonly Mat3[],
  weight: Float64Array,
): void {
  const { count, inner, h, k, l, g2 } = points;
  // A point's place in the order is one product of its indices with three factors, that of its image with three others.
  const place = inner === 2 ? [2, 1, 0] : inner === 1 ? [2, 0, 1] : [0, 2, 1];
  const [placeH, placeK, placeL] = place.map((power) => RADIX ** power) as [number, number, number];
  const factors = new Float64Array(3 * rotations.length);
  for (let i = 0; i < factors.length; i++) {
    const [onH, onK, onL] = rotations[Math.floor(i / 3)]![i % 3]!;
    factors[i] = onH * placeH + onK * placeK + onL * placeL;
  }
  let kept = 0;
  // The rotation that found a later equivalent of one point mostly finds one of the next: tried first.
  let likely = 0;
  for (let i = 0; i < count; i++) {
    const x = h[i]!;
    const y = k[i]!;
    const z = l[i]!;
    const own = x * placeH + y * placeK + z * placeL;
    let image = x * factors[likely]! + y * factors[likely + 1]! + z * factors[likely + 2]!;
    // Either sign: the Friedel mate of an image outside the half sphere is in it.
    if (Math.abs(image) > own) continue;
    let fixed = 0;
    let at = 0;
    for (; at < factors.length; at += 3) {
      image = Math.abs(x * factors[at]! + y * factors[at + 1]! + z * factors[at + 2]!);
      if (image > own) break;
      if (image === own) fixed++;
    }
    if (at < factors.length) {
      likely = at;
      continue;
    }
    h[kept] = x;
    k[kept] = y;
    l[kept] = z;
    g2[kept] = g2[i]!;
    weight[kept++] = rotations.length / fixed;
  }
  points.count = kept;
}
