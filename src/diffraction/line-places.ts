/**
 * Where the lines of a cell stand: |g|² of each hkl, and how it moves with the cell. With {@link twoThetaDegPerG2} of `radiation`
 * that is ∂(2θ)/∂(cell), what a fit of a cell needs.
 */
import { reciprocalLattice } from "../crystal/lattice.ts";
import type { Mat3 } from "../math/matrix3.ts";
import { RADIANS } from "../radiation/angles.ts";
import { type CellParameters, latticeOf } from "./line-list.ts";

/** Rows a*, b*, c* of a cell, 1/Å, without 2π. */
export function reciprocalOf(cell: CellParameters): Mat3 {
  return reciprocalLattice(latticeOf(cell));
}

/** |g|² in 1/Å² of lines given as h, k, l, (lines, 3). */
export function squaredLengths(hkl: Int16Array, [p, q, r]: Mat3): Float64Array {
  const out = new Float64Array(hkl.length / 3);
  for (let i = 0; i < out.length; i++) {
    const [h, k, l] = [hkl[3 * i]!, hkl[3 * i + 1]!, hkl[3 * i + 2]!];
    const x = h * p[0] + k * q[0] + l * r[0];
    const y = h * p[1] + k * q[1] + l * r[1];
    const z = h * p[2] + k * q[2] + l * r[2];
    out[i] = x * x + y * y + z * z;
  }
  return out;
}

/**
 * ∂|g|²/∂(a, b, c, α, β, γ) of lines given as h, k, l: per Å and per degree, (lines, 6). With |g|² = hᵀG*h and dG* = −G* dG G* it
 * is −uᵀ dG u, where u = G*h are the components of g on a, b, c, and dG is known for each parameter (G₁₁ = a², G₂₃ = bc cos α, …).
 */
export function squaredLengthSlopes(hkl: Int16Array, cell: CellParameters): Float64Array {
  const [p, q, r] = reciprocalOf(cell);
  const [a, b, c, ...angles] = cell;
  const [cosA, cosB, cosC] = angles.map((deg) => Math.cos(deg * RADIANS)) as Triple;
  const [sinA, sinB, sinC] = angles.map((deg) => Math.sin(deg * RADIANS) * RADIANS) as Triple;
  const out = new Float64Array(2 * hkl.length);
  for (let i = 0; i < hkl.length; i += 3) {
    const [h, k, l] = [hkl[i]!, hkl[i + 1]!, hkl[i + 2]!];
    const x = h * p[0] + k * q[0] + l * r[0];
    const y = h * p[1] + k * q[1] + l * r[1];
    const z = h * p[2] + k * q[2] + l * r[2];
    const u = x * p[0] + y * p[1] + z * p[2];
    const v = x * q[0] + y * q[1] + z * q[2];
    const w = x * r[0] + y * r[1] + z * r[2];
    const row = 2 * i;
    out[row] = -2 * u * (a * u + b * cosC * v + c * cosB * w);
    out[row + 1] = -2 * v * (b * v + a * cosC * u + c * cosA * w);
    out[row + 2] = -2 * w * (c * w + a * cosB * u + b * cosA * v);
    out[row + 3] = 2 * v * w * b * c * sinA;
    out[row + 4] = 2 * u * w * a * c * sinB;
    out[row + 5] = 2 * u * v * a * b * sinC;
  }
  return out;
}

type Triple = [number, number, number];
