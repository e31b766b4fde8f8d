/**
 * Reduced cells of a lattice: Niggli (unique up to rounding, the crystallographic standard) and Delaunay
 * (Selling; three short vectors at obtuse angles, robust for searching).
 *
 * Niggli: I. Krivy, B. Gruber, Acta Cryst. A32, 297 (1976), with the tolerances of R. W. Grosse-Kunstleve,
 * N. K. Sauter, P. D. Adams, Acta Cryst. A60, 1 (2004). Delaunay: B. Delaunay, Z. Krist. 84, 109 (1933).
 * Bases are rows throughout: `reduced = basisRows · lattice` with integers of determinant ±1, +1 for a
 * right-handed input.
 */
import { EwaldError } from "../../errors.ts";
import {
  IDENTITY,
  type Mat3,
  type Vec3,
  add,
  determinant,
  dot,
  multiply,
  scale,
} from "../../math/matrix3.ts";
import { checkedVolume, metricTensor } from "../lattice.ts";

export interface ReducedLattice {
  /** Reduced basis as rows, Å, in the same space as the input. */
  readonly lattice: Mat3;
  /** Whole numbers with `lattice = basisRows · input`. */
  readonly basisRows: Mat3;
}

/**
 * Relative tolerances of the comparisons, as a fraction of V^(1/3): that of Grosse-Kunstleve et al., then wider
 * ones. Cells that miss a symmetry by just the tolerance (15 of 139,739 relaxed ones: 120.0003°) cycle at it.
 */
const EPSILONS = [1e-5, 1e-4, 1e-3];
/** Sane cells take fewer than 20 rounds; rounding noise in a needle-shaped one could cycle. */
const MOST_ROUNDS = 100;

/** G6 vector A, B, C, ξ, η, ζ of Krivy and Gruber: squares and doubled products. */
function niggliVector(lattice: Mat3): [number, number, number, number, number, number] {
  const g = metricTensor(lattice);
  return [g[0][0], g[1][1], g[2][2], 2 * g[1][2], 2 * g[0][2], 2 * g[0][1]];
}

/** One step of Krivy and Gruber: the rows that change the basis, or undefined when none is due. */
function niggliStep(lattice: Mat3, eps: number): Mat3 | undefined {
  const [A, B, C, xi, eta, zeta] = niggliVector(lattice);
  const less = (x: number, y: number): boolean => x < y - eps;
  const equal = (x: number, y: number): boolean => Math.abs(x - y) <= eps;
  const size = Math.abs;
  if (less(B, A) || (equal(A, B) && less(size(eta), size(xi)))) {
    return [
      [0, -1, 0],
      [-1, 0, 0],
      [0, 0, -1],
    ];
  }
  if (less(C, B) || (equal(B, C) && less(size(zeta), size(eta)))) {
    return [
      [-1, 0, 0],
      [0, 0, -1],
      [0, -1, 0],
    ];
  }
  const signs = niggliSigns(xi, eta, zeta, eps);
  if (signs !== undefined) return signs;
  const sign = (x: number): number => (x > 0 ? 1 : -1);
  if (
    less(B, size(xi)) ||
    (equal(xi, B) && less(2 * eta, zeta)) ||
    (equal(xi, -B) && less(zeta, 0))
  )
    return [IDENTITY[0], IDENTITY[1], [0, -sign(xi), 1]];
  if (
    less(A, size(eta)) ||
    (equal(eta, A) && less(2 * xi, zeta)) ||
    (equal(eta, -A) && less(zeta, 0))
  )
    return [IDENTITY[0], IDENTITY[1], [-sign(eta), 0, 1]];
  if (
    less(A, size(zeta)) ||
    (equal(zeta, A) && less(2 * xi, eta)) ||
    (equal(zeta, -A) && less(eta, 0))
  )
    return [IDENTITY[0], [-sign(zeta), 1, 0], IDENTITY[2]];
  const sum = xi + eta + zeta + A + B;
  if (less(sum, 0) || (equal(sum, 0) && less(0, 2 * (A + eta) + zeta)))
    return [IDENTITY[0], IDENTITY[1], [1, 1, 1]];
  return undefined;
}

/** Steps 3 and 4: all products positive, or none. Undefined when that is so already. */
function niggliSigns(xi: number, eta: number, zeta: number, eps: number): Mat3 | undefined {
  const signs = [xi, eta, zeta].map((x) => (x > eps ? 1 : x < -eps ? -1 : 0)) as [
    number,
    number,
    number,
  ];
  const allPositive = signs[0] * signs[1] * signs[2] > 0;
  let flip: [number, number, number];
  if (allPositive) {
    flip = [signs[0], signs[1], signs[2]];
  } else {
    flip = signs.map((s) => (s === 1 ? -1 : 1)) as [number, number, number];
    // The product of the three flips must be +1; a zero product may be flipped freely.
    if (flip[0] * flip[1] * flip[2] < 0) flip[signs.lastIndexOf(0)] = -1;
  }
  if (flip.every((s) => s === 1)) return undefined;
  return [
    [flip[0], 0, 0],
    [0, flip[1], 0],
    [0, 0, flip[2]],
  ];
}

/**
 * Niggli-reduced basis. @throws EwaldError `lattice/zero-volume`, `lattice/reduction` where rounding keeps a
 * needle-shaped cell from settling.
 */
export function niggliReduce(lattice: Mat3): ReducedLattice {
  const scaleSquared = Math.cbrt(checkedVolume(lattice)) ** 2;
  // From a Delaunay basis few and safe steps remain, however skewed the input is.
  const start = delaunayReduce(lattice);
  for (const epsilon of EPSILONS) {
    let { lattice: current, basisRows } = start;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const step = niggliStep(current, epsilon * scaleSquared);
      if (step === undefined) return { lattice: current, basisRows };
      basisRows = multiply(step, basisRows);
      // From the whole numbers each time, so that rounding does not pile up.
      current = multiply(basisRows, lattice);
    }
  }
  throw new EwaldError("lattice/reduction", "the Niggli reduction of this cell does not settle", {
    value: lattice,
    unit: "Å",
  });
}

/**
 * Delaunay-reduced basis: the three shortest independent vectors among the seven of the reduced superbase.
 *
 * @throws EwaldError `lattice/zero-volume`
 */
export function delaunayReduce(lattice: Mat3): ReducedLattice {
  const superbase = sellingReduce(lattice);
  const [p, q, r, s] = superbase as [Vec3, Vec3, Vec3, Vec3];
  const candidates = [p, q, r, s, add(p, q), add(q, r), add(r, p)]
    .map((rows) => ({ rows, cart: multiply([rows, rows, rows], lattice)[0] }))
    .toSorted((one, other) => dot(one.cart, one.cart) - dot(other.cart, other.cart));
  const first = candidates[0] as { rows: Vec3 };
  const rest = candidates.slice(1);
  for (const [index, second] of rest.entries()) {
    for (const third of rest.slice(index + 1)) {
      const basisRows: Mat3 = [first.rows, second.rows, third.rows];
      const det = Math.round(determinant(basisRows));
      if (det === 0) continue;
      const rows: Mat3 =
        det > 0
          ? basisRows
          : [scale(first.rows, -1), scale(second.rows, -1), scale(third.rows, -1)];
      return { lattice: multiply(rows, lattice), basisRows: rows };
    }
  }
  throw new EwaldError("lattice/reduction", "the lattice vectors do not span space", {
    value: lattice,
    unit: "Å",
  });
}

/** Selling's algorithm on the superbase a, b, c, −(a+b+c), as rows of whole numbers. */
function sellingReduce(lattice: Mat3): Vec3[] {
  const superbase: Vec3[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [-1, -1, -1],
  ];
  const eps = 1e-9 * Math.cbrt(checkedVolume(lattice)) ** 2;
  // Each step shrinks the sum of squares; the count only guards against NaN and extreme needles.
  for (let round = 0; round < 100_000; round++) {
    const cart = superbase.map((rows) => multiply([rows, rows, rows], lattice)[0]);
    let worst = eps;
    let at: [number, number] | undefined;
    for (let i = 0; i < 4; i++) {
      for (let j = i + 1; j < 4; j++) {
        const product = dot(cart[i] as Vec3, cart[j] as Vec3);
        if (product > worst) {
          worst = product;
          at = [i, j];
        }
      }
    }
    if (at === undefined) return superbase;
    const [i, j] = at;
    const moved = superbase[i] as Vec3;
    for (let k = 0; k < 4; k++)
      if (k !== i && k !== j) superbase[k] = add(superbase[k] as Vec3, moved);
    superbase[i] = scale(moved, -1);
  }
  return superbase;
}
