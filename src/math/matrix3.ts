/**
 * Algebra of 3-vectors and 3×3 matrices as plain tuples. A matrix is three rows; `multiplyVector`
 * treats the vector as a column, `vectorTimesMatrix` as a row (lattice vectors are rows, so
 * `cart = vectorTimesMatrix(frac, lattice)`).
 */

export type Vec3 = readonly [number, number, number];
export type Mat3 = readonly [Vec3, Vec3, Vec3];

export const IDENTITY: Mat3 = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

export function dot(u: Vec3, v: Vec3): number {
  return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
}

export function cross(u: Vec3, v: Vec3): Vec3 {
  return [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
}

export function norm(v: Vec3): number {
  return Math.sqrt(dot(v, v));
}

export function add(u: Vec3, v: Vec3): Vec3 {
  return [u[0] + v[0], u[1] + v[1], u[2] + v[2]];
}

export function subtract(u: Vec3, v: Vec3): Vec3 {
  return [u[0] - v[0], u[1] - v[1], u[2] - v[2]];
}

export function scale(v: Vec3, factor: number): Vec3 {
  return [v[0] * factor, v[1] * factor, v[2] * factor];
}

export function transpose(m: Mat3): Mat3 {
  return [
    [m[0][0], m[1][0], m[2][0]],
    [m[0][1], m[1][1], m[2][1]],
    [m[0][2], m[1][2], m[2][2]],
  ];
}

/** Signed volume spanned by the rows. */
export function determinant(m: Mat3): number {
  return dot(m[0], cross(m[1], m[2]));
}

/** Inverse; the caller makes sure that the determinant is not zero. */
export function invert(m: Mat3): Mat3 {
  const factor = 1 / determinant(m);
  return transpose([
    scale(cross(m[1], m[2]), factor),
    scale(cross(m[2], m[0]), factor),
    scale(cross(m[0], m[1]), factor),
  ]);
}

export function multiply(a: Mat3, b: Mat3): Mat3 {
  return [vectorTimesMatrix(a[0], b), vectorTimesMatrix(a[1], b), vectorTimesMatrix(a[2], b)];
}

/** `m · v` with v a column. */
export function multiplyVector(m: Mat3, v: Vec3): Vec3 {
  return [dot(m[0], v), dot(m[1], v), dot(m[2], v)];
}

/** `v · m` with v a row. */
export function vectorTimesMatrix(v: Vec3, m: Mat3): Vec3 {
  return [
    v[0] * m[0][0] + v[1] * m[1][0] + v[2] * m[2][0],
    v[0] * m[0][1] + v[1] * m[1][1] + v[2] * m[2][1],
    v[0] * m[0][2] + v[1] * m[1][2] + v[2] * m[2][2],
  ];
}
