/**
 * Distances in a periodic structure: all neighbours within a cutoff, and the shortest distance of all.
 *
 * Cell lists: the Niggli cell of the lattice (so that skewed cells cost no more than compact ones) is cut into
 * bins of about one site, and each site looks into the bins that its cutoff sphere touches, images of the cell
 * included however small the cell is.
 */
import { EwaldError } from "../errors.ts";
import { type Mat3, type Vec3, invert, norm, vectorTimesMatrix } from "../math/matrix3.ts";
import { niggliReduce } from "./symmetry/cell-reduction.ts";
import { checkedVolume, reciprocalLattice } from "./lattice.ts";
import type { Structure } from "./structure.ts";

/** Neighbours of all sites, grouped by site (compressed rows), each group by rising distance. */
export interface NeighbourList {
  /** Length sites + 1: the neighbours of site i are entries `start[i]` to `start[i + 1] - 1`. */
  readonly start: Int32Array;
  /** Index of the neighbouring site. */
  readonly site: Int32Array;
  /** Three whole numbers per entry: the neighbour is at `frac[site] + image`, of the given coordinates. */
  readonly image: Int32Array;
  /** Å */
  readonly distanceAngstrom: Float64Array;
}

/** Memory for this many pairs is about 1.3 GB: nobody asked for more on purpose. */
const MOST_PAIRS = 40_000_000;
const MOST_BINS = 1_000_000;

interface Bins {
  readonly counts: readonly [number, number, number];
  /** How many bins away the cutoff reaches, per axis. */
  readonly reach: readonly [number, number, number];
  /** First site of each bin and next site of each site; −1 ends. */
  readonly head: Int32Array;
  readonly next: Int32Array;
  /** Bin coordinates, three per site. */
  readonly binOf: Int32Array;
  /** Cartesian coordinates of the sites brought into the reduced cell, three per site. */
  readonly cart: Float64Array;
  /** The lattice vectors subtracted to bring each site into the reduced cell, in reduced axes. */
  readonly offset: Int32Array;
  readonly lattice: Mat3;
  readonly basisRows: Mat3;
}

function makeBins({ lattice: given, sites }: Structure, cutoff: number): Bins {
  const { lattice, basisRows } = niggliReduce(given);
  const toReduced = invert(basisRows);
  const spacings = reciprocalLattice(lattice).map((row) => 1 / norm(row)) as unknown as Vec3;
  // About one site per bin, and no bin thinner than half the cutoff: thinner ones cost more visits than they save.
  const edge = Math.max(
    cutoff / 2,
    Math.cbrt(checkedVolume(lattice) / Math.min(sites.length, MOST_BINS)),
  );
  const counts = spacings.map((d) => Math.max(1, Math.floor(d / edge))) as unknown as Vec3;
  const reach = spacings.map((d, axis) =>
    Math.ceil((cutoff / d) * (counts[axis] as number) + 1e-9),
  ) as unknown as Vec3;
  const n = sites.length;
  const head = new Int32Array(counts[0] * counts[1] * counts[2]).fill(-1);
  const next = new Int32Array(n);
  const binOf = new Int32Array(3 * n);
  const cart = new Float64Array(3 * n);
  const offset = new Int32Array(3 * n);
  for (let i = n - 1; i >= 0; i--) {
    const frac = [...vectorTimesMatrix((sites[i] as { frac: Vec3 }).frac, toReduced)] as [
      number,
      number,
      number,
    ];
    for (let axis = 0; axis < 3; axis++) {
      const whole = Math.floor(frac[axis] as number);
      offset[3 * i + axis] = whole;
      frac[axis] = (frac[axis] as number) - whole;
      const bins = counts[axis] as number;
      binOf[3 * i + axis] = Math.min(bins - 1, Math.floor((frac[axis] as number) * bins));
    }
    cart.set(vectorTimesMatrix(frac, lattice), 3 * i);
    const bin =
      ((binOf[3 * i] as number) * counts[1] + (binOf[3 * i + 1] as number)) * counts[2] +
      (binOf[3 * i + 2] as number);
    next[i] = head[bin] as number;
    head[bin] = i;
  }
  return { counts, reach, head, next, binOf, cart, offset, lattice, basisRows };
}

/**
 * Calls `visit(j, image in reduced axes, squared distance)` for every site image within the square root
 * of what `limit()` says; the site itself is left out, its images are not.
 */
function visitAround(
  bins: Bins,
  i: number,
  limit: () => number,
  visit: (j: number, x: number, y: number, z: number, squared: number) => void,
): void {
  const { counts, reach, head, next, binOf, cart, lattice } = bins;
  const [a, b, c] = lattice;
  const [x0, y0, z0] = [
    cart[3 * i] as number,
    cart[3 * i + 1] as number,
    cart[3 * i + 2] as number,
  ];
  for (let dx = -reach[0]; dx <= reach[0]; dx++) {
    const bx = (binOf[3 * i] as number) + dx;
    const ix = Math.floor(bx / counts[0]);
    for (let dy = -reach[1]; dy <= reach[1]; dy++) {
      const by = (binOf[3 * i + 1] as number) + dy;
      const iy = Math.floor(by / counts[1]);
      for (let dz = -reach[2]; dz <= reach[2]; dz++) {
        const bz = (binOf[3 * i + 2] as number) + dz;
        const iz = Math.floor(bz / counts[2]);
        const bin =
          ((bx - ix * counts[0]) * counts[1] + by - iy * counts[1]) * counts[2] +
          bz -
          iz * counts[2];
        const shiftX = ix * a[0] + iy * b[0] + iz * c[0] - x0;
        const shiftY = ix * a[1] + iy * b[1] + iz * c[1] - y0;
        const shiftZ = ix * a[2] + iy * b[2] + iz * c[2] - z0;
        for (let j = head[bin] as number; j !== -1; j = next[j] as number) {
          const x = (cart[3 * j] as number) + shiftX;
          const y = (cart[3 * j + 1] as number) + shiftY;
          const z = (cart[3 * j + 2] as number) + shiftZ;
          const squared = x * x + y * y + z * z;
          if (squared > limit()) continue;
          if (j === i && ix === 0 && iy === 0 && iz === 0) continue;
          visit(j, ix, iy, iz, squared);
        }
      }
    }
  }
}

function checkCutoff(cutoff: number): void {
  if (!(cutoff > 0 && Number.isFinite(cutoff))) {
    throw new EwaldError("distances/cutoff", `cutoff ${cutoff} Å is not positive`, {
      value: cutoff,
      unit: "Å",
    });
  }
}

/**
 * Every neighbour within the cutoff of every site (each pair stands twice, once per end; images of the site
 * itself count, the site does not).
 *
 * @throws EwaldError `distances/cutoff`, `distances/too-many-pairs`, `lattice/zero-volume`
 */
export function neighbours(structure: Structure, cutoffAngstrom: number): NeighbourList {
  checkCutoff(cutoffAngstrom);
  const n = structure.sites.length;
  const volume = checkedVolume(structure.lattice);
  const expected = (n * n * 4.19 * cutoffAngstrom ** 3) / volume;
  if (expected > MOST_PAIRS) {
    throw new EwaldError(
      "distances/too-many-pairs",
      `about ${Math.round(expected)} pairs lie within ${cutoffAngstrom} Å`,
      { value: cutoffAngstrom, unit: "Å", hint: "Give a smaller cutoff." },
    );
  }
  const start = new Int32Array(n + 1);
  if (n === 0)
    return {
      start,
      site: new Int32Array(),
      image: new Int32Array(),
      distanceAngstrom: new Float64Array(),
    };
  const bins = makeBins(structure, cutoffAngstrom);
  const { offset, basisRows } = bins;
  const limit = cutoffAngstrom * cutoffAngstrom;
  const found: { j: number; x: number; y: number; z: number; squared: number }[] = [];
  const sites: number[] = [];
  const images: number[] = [];
  const distances: number[] = [];
  for (let i = 0; i < n; i++) {
    found.length = 0;
    visitAround(
      bins,
      i,
      () => limit,
      (j, x, y, z, squared) => found.push({ j, x, y, z, squared }),
    );
    found.sort((one, other) => one.squared - other.squared || one.j - other.j);
    for (const { j, x, y, z, squared } of found) {
      sites.push(j);
      images.push(...imageInInput(offset, basisRows, i, j, [x, y, z]));
      distances.push(Math.sqrt(squared));
    }
    start[i + 1] = sites.length;
  }
  return {
    start,
    site: Int32Array.from(sites),
    image: Int32Array.from(images),
    distanceAngstrom: Float64Array.from(distances),
  };
}

/** Image of j seen from i, from the wrapped reduced cell back to the coordinates as they were given. */
function imageInInput(
  offset: Int32Array,
  basisRows: Mat3,
  i: number,
  j: number,
  image: Vec3,
): Vec3 {
  const relative = (axis: 0 | 1 | 2): number =>
    image[axis] - (offset[3 * j + axis] as number) + (offset[3 * i + axis] as number);
  return vectorTimesMatrix([relative(0), relative(1), relative(2)], basisRows);
}

export interface ShortestDistance {
  readonly distanceAngstrom: number;
  /** Indices of the two sites; equal where a site is closest to its own image. */
  readonly from: number;
  readonly to: number;
  /** The second site is at `frac[to] + image`. */
  readonly image: Vec3;
}

/**
 * The shortest distance between any two sites or images: what tells clashing atoms. Undefined without sites.
 *
 * No arrangement of points keeps them farther apart than the densest packing of spheres (T. Hales, Ann. Math.
 * 162, 1065 (2005)), d ≤ (√2 V/N)^(1/3): so one pass with that cutoff finds it.
 *
 * @param stopBelowAngstrom stop at the first distance below this (a crowd of coincident atoms
 * would otherwise cost all its pairs).
 * @throws EwaldError `lattice/zero-volume`
 */
export function shortestDistance(
  structure: Structure,
  stopBelowAngstrom = 0,
): ShortestDistance | undefined {
  const n = structure.sites.length;
  if (n === 0) return undefined;
  const longest = Math.cbrt((Math.SQRT2 * checkedVolume(structure.lattice)) / n) * (1 + 1e-9);
  const bins = makeBins(structure, longest);
  let squared = longest * longest;
  let best: ShortestDistance | undefined;
  for (let i = 0; i < n; i++) {
    visitAround(
      bins,
      i,
      () => squared,
      (j, x, y, z, found) => {
        if (found >= squared && best !== undefined) return;
        squared = found;
        best = {
          distanceAngstrom: Math.sqrt(found),
          from: i,
          to: j,
          image: imageInInput(bins.offset, bins.basisRows, i, j, [x, y, z]),
        };
      },
    );
    if (best !== undefined && (best.distanceAngstrom < stopBelowAngstrom || squared === 0)) break;
  }
  return best;
}
