/** Points on the torus of a cell, found again by where they are. */
import { EwaldError, type Position } from "../errors.ts";
import { type Mat3, type Vec3, norm } from "../math/matrix3.ts";
import { reciprocalLattice } from "./lattice.ts";

/** More atoms than this within half an ångström are no structure; bounds the search for neighbours. */
const CROWD = 64;

/** Points of the cell in boxes no smaller than the search radius. */
export class TorusGrid {
  readonly longestAxis: number;
  readonly #lattice: Mat3;
  readonly #boxes = new Map<number, number[]>();
  readonly #points: Vec3[] = [];
  readonly #counts: Vec3;
  readonly #radius: number;

  constructor(lattice: Mat3, radius: number) {
    this.#lattice = lattice;
    this.#radius = radius;
    this.longestAxis = Math.max(...lattice.map(norm));
    this.#counts = reciprocalLattice(lattice).map((row) =>
      Math.max(1, Math.min(1024, Math.floor(1 / (norm(row) * radius)))),
    ) as unknown as Vec3;
  }

  /** Å; exact for distances below half of the shortest height of the cell. */
  distance(a: Vec3, b: Vec3): number {
    const u = nearestDifference(a[0], b[0]);
    const v = nearestDifference(a[1], b[1]);
    const w = nearestDifference(a[2], b[2]);
    const [p, q, r] = this.#lattice;
    const x = u * p[0] + v * q[0] + w * r[0];
    const y = u * p[1] + v * q[1] + w * r[1];
    const z = u * p[2] + v * q[2] + w * r[2];
    return Math.sqrt(x * x + y * y + z * z);
  }

  /** The same as `distance(a, b) <= radius`, most often decided on the first coordinate. */
  within(a: Vec3, b: Vec3, radius: number): boolean {
    // A fractional difference u keeps two points at least u times the height of the cell apart.
    if (Math.abs(nearestDifference(a[0], b[0])) * this.#counts[0] > 1.01) return false;
    if (Math.abs(nearestDifference(a[1], b[1])) * this.#counts[1] > 1.01) return false;
    return this.distance(a, b) <= radius;
  }

  #box(i: number, axis: 0 | 1 | 2): number {
    return Math.min(this.#counts[axis] - 1, Math.floor(i * this.#counts[axis]));
  }

  #key(i: number, j: number, k: number): number {
    return (i * this.#counts[1] + j) * this.#counts[2] + k;
  }

  add(point: Vec3, at: Position = {}): void {
    const key = this.#key(this.#box(point[0], 0), this.#box(point[1], 1), this.#box(point[2], 2));
    const box = this.#boxes.get(key);
    const index = this.#points.push(point) - 1;
    if (box === undefined) this.#boxes.set(key, [index]);
    else if (box.push(index) > CROWD) {
      throw new EwaldError(
        "structure/clash",
        `more than ${CROWD} atoms within a box of ${this.#radius} Å`,
        { ...at },
      );
    }
  }

  /** Index of the nearest point within the radius, or −1. */
  nearest(point: Vec3, radius: number): number {
    let best = -1;
    let least = radius;
    this.find(point, radius, (index) => {
      const distance = this.distance(point, this.#points[index]!);
      if (distance <= least) {
        least = distance;
        best = index;
      }
      return false;
    });
    return best;
  }

  /** The first point within the radius that is accepted, or −1. */
  find(point: Vec3, radius: number, accept: (index: number) => boolean): number {
    const [n0, n1, n2] = this.#counts;
    const [i, j, k] = [this.#box(point[0], 0), this.#box(point[1], 1), this.#box(point[2], 2)];
    for (const a of around(i, n0)) {
      for (const b of around(j, n1)) {
        for (const c of around(k, n2)) {
          const box = this.#boxes.get(this.#key(a, b, c));
          if (box === undefined) continue;
          for (const index of box) {
            if (this.distance(point, this.#points[index]!) <= radius && accept(index)) return index;
          }
        }
      }
    }
    return -1;
  }
}

function nearestDifference(a: number, b: number): number {
  const difference = a - b;
  return difference - Math.round(difference);
}

function around(i: number, count: number): readonly number[] {
  if (count === 1) return [0];
  if (count === 2) return [0, 1];
  return [(i + count - 1) % count, i, (i + 1) % count];
}
