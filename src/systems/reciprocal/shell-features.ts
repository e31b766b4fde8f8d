/**
 * Features that count points by their length: how much intensity lies where (profile), how it lies in space (anisotropy), and
 * how likely two electrons are so far apart (pairs). See `features.ts`.
 */
import type { ReciprocalSphere } from "../../diffraction/reciprocal-sphere.ts";
import {
  ABSENT,
  DEGREES,
  FINE,
  FINE_WIDTH,
  G_MAX,
  PAIRS,
  SHELLS,
  WIDE_SHELLS,
} from "./feature-layout.ts";

/** Farther out there are too many points for their directions to say much. */
const ANISOTROPY_MAX = 0.8;
/** Shells of the profile are fine bins, smoothed. */
const SHELL_STEP = FINE / SHELLS;
/** Standard deviation of a shell, in fine bins: half a step between shells' centres more, so that they overlap. */
const SHELL_SIGMA = SHELL_STEP;
const SHELL_REACH = Math.ceil(3 * SHELL_SIGMA);

/** x^a y^b z^c of one even degree, with the multinomial coefficients that make (u·v)^n of them. */
interface Monomials {
  readonly powers: Int32Array;
  readonly coefficients: Float64Array;
}

function monomials(degree: number): Monomials {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const powers: number[] = [];
  const coefficients: number[] = [];
  for (let a = degree; a >= 0; a--) {
    for (let b = degree - a; b >= 0; b--) {
      const c = degree - a - b;
      powers.push(a, b, c);
      coefficients.push(factorial(degree) / (factorial(a) * factorial(b) * factorial(c)));
    }
  }
  return { powers: Int32Array.from(powers), coefficients: Float64Array.from(coefficients) };
}

const MONOMIALS = DEGREES.map(monomials);
const TERMS = MONOMIALS.map(({ coefficients }) => coefficients.length);
const ALL_TERMS = TERMS.reduce((sum, count) => sum + count, 0);
/** Where the powers of x, y, z of each monomial lie in a table of powers 0 … 6 of the three. */
const [X_AT, Y_AT, Z_AT] = [0, 1, 2].map((axis) =>
  Int32Array.from(
    MONOMIALS.flatMap(({ powers }) =>
      Array.from({ length: powers.length / 3 }, (_, t) => 7 * axis + powers[3 * t + axis]!),
    ),
  ),
) as [Int32Array, Int32Array, Int32Array];
/** Legendre polynomials of degree 2, 4, 6 over 1, c², c⁴, c⁶. */
const LEGENDRE = [
  [-1 / 2, 3 / 2, 0, 0],
  [3 / 8, -30 / 8, 35 / 8, 0],
  [-5 / 16, 105 / 16, -315 / 16, 231 / 16],
] as const;

/** Sums over all points with intensity, by length. */
export interface ShellSums {
  readonly fine: Float64Array;
  readonly count: Int32Array;
  /** Per wide shell: weight, then sums of all monomials; for I and for √I. */
  readonly moments: readonly [Float64Array, Float64Array];
  readonly terms: Float64Array;
}

const STRIDE = 1 + ALL_TERMS;

/** Buffers for many structures. */
export function shellSums(): ShellSums {
  return {
    fine: new Float64Array(FINE),
    count: new Int32Array(FINE),
    moments: [new Float64Array(WIDE_SHELLS * STRIDE), new Float64Array(WIDE_SHELLS * STRIDE)],
    terms: new Float64Array(ALL_TERMS),
  };
}

/** One pass over all points: radial sums, counts of points with intensity, directional moments. */
export function gather(sphere: ReciprocalSphere, sums: ShellSums): void {
  const { fine, count, moments, terms } = sums;
  const [byIntensity, byRoot] = moments;
  fine.fill(0);
  count.fill(0);
  byIntensity.fill(0);
  byRoot.fill(0);
  const { g2, h, k, l, intensity } = sphere;
  const [a, b, c] = sphere.reciprocal;
  const least = ABSENT * sphere.forward;
  for (let i = 0; i < sphere.count; i++) {
    const value = intensity[i]!;
    if (value <= least) continue;
    const g = Math.sqrt(g2[i]!);
    const bin = Math.min(FINE - 1, (g / FINE_WIDTH) | 0);
    fine[bin]! += value;
    count[bin]!++;
    if (g >= ANISOTROPY_MAX) continue;
    const inverse = 1 / g;
    const x = (h[i]! * a[0] + k[i]! * b[0] + l[i]! * c[0]) * inverse;
    const y = (h[i]! * a[1] + k[i]! * b[1] + l[i]! * c[1]) * inverse;
    const z = (h[i]! * a[2] + k[i]! * b[2] + l[i]! * c[2]) * inverse;
    evenMonomials(x, y, z, terms);
    // Shared between two shells, so that nothing jumps when a point crosses from one to the next.
    const place = (g / ANISOTROPY_MAX) * WIDE_SHELLS - 0.5;
    const lower = Math.floor(place);
    const upperShare = place - lower;
    const root = Math.sqrt(value);
    for (let side = 0; side < 2; side++) {
      const shell = Math.min(WIDE_SHELLS - 1, Math.max(0, lower + side));
      const share = side === 0 ? 1 - upperShare : upperShare;
      const start = shell * STRIDE;
      const weight = share * value;
      const rootWeight = share * root;
      byIntensity[start]! += weight;
      byRoot[start]! += rootWeight;
      for (let t = 0; t < ALL_TERMS; t++) {
        byIntensity[start + 1 + t]! += weight * terms[t]!;
        byRoot[start + 1 + t]! += rootWeight * terms[t]!;
      }
    }
  }
}

const POWERS = new Float64Array(3 * 7);

/** All monomials of the even degrees, in the order of {@link MONOMIALS}. */
function evenMonomials(x: number, y: number, z: number, out: Float64Array): void {
  fillPowers(x, 0);
  fillPowers(y, 7);
  fillPowers(z, 14);
  for (let t = 0; t < ALL_TERMS; t++) {
    out[t] = POWERS[X_AT[t]!]! * POWERS[Y_AT[t]!]! * POWERS[Z_AT[t]!]!;
  }
}

function fillPowers(x: number, at: number): void {
  let power = 1;
  for (let i = 0; i < 7; i++) {
    POWERS[at + i] = power;
    power *= x;
  }
}

/** ln of mean |F|² / V in Gaussian shells: sums over half of the points, by half of the shell's volume. */
export function writeProfile({ fine }: ShellSums, out: Float32Array, offset: number): void {
  for (let shell = 0; shell < SHELLS; shell++) {
    const centre = (shell + 0.5) * SHELL_STEP;
    let sum = 0;
    let room = 0;
    const from = Math.max(0, Math.floor(centre - SHELL_REACH));
    const to = Math.min(FINE - 1, Math.ceil(centre + SHELL_REACH));
    for (let bin = from; bin <= to; bin++) {
      const weight = KERNEL[Math.abs(Math.round(2 * (bin + 0.5 - centre)))] ?? 0;
      sum += weight * fine[bin]!;
      const g = (bin + 0.5) * FINE_WIDTH;
      room += weight * 2 * Math.PI * g * g * FINE_WIDTH;
    }
    out[offset + shell] = Math.log(sum / room + 1e-3);
  }
}

/** Gaussian at half steps of a fine bin. */
const KERNEL = Float64Array.from({ length: 2 * SHELL_REACH + 3 }, (_, i) =>
  Math.exp(-0.5 * (i / 2 / SHELL_SIGMA) ** 2),
);

export function writeAnisotropy({ moments }: ShellSums, out: Float32Array, offset: number): void {
  let at = offset;
  for (const sums of moments) {
    for (let shell = 0; shell < WIDE_SHELLS; shell++) {
      const start = shell * STRIDE;
      const total = sums[start]!;
      const even = [1, 0, 0, 0];
      let term = start + 1;
      for (const [degree, { coefficients }] of MONOMIALS.entries()) {
        let square = 0;
        for (const coefficient of coefficients) square += coefficient * sums[term++]! ** 2;
        even[degree + 1] = total === 0 ? 0 : square / (total * total);
      }
      for (const row of LEGENDRE) {
        const value = row.reduce((sum, factor, i) => sum + factor * even[i]!, 0);
        // Sums of many points cancel to almost nothing: the logarithm spreads 10⁻⁴ … 1 evenly.
        out[at++] = total === 0 ? 0 : Math.log(Math.max(0, value) + 1e-4);
      }
    }
  }
}

/** w · 2 sin(2πgr)/(2πgr) by distance and fine bin, (pairs, bins): one product per structure. */
const WAVES = (() => {
  const waves = new Float64Array(PAIRS * FINE);
  for (let pair = 0; pair < PAIRS; pair++) {
    const r = 0.6 + pair * 0.1;
    for (let bin = 0; bin < FINE; bin++) {
      const g = (bin + 0.5) * FINE_WIDTH;
      const damping = (1 - (g / G_MAX) ** 2) ** 2;
      waves[pair * FINE + bin] =
        (damping * 2 * Math.sin(2 * Math.PI * g * r)) / (2 * Math.PI * g * r);
    }
  }
  return waves;
})();

export function writePairs(
  { forward }: ReciprocalSphere,
  { fine, count }: ShellSums,
  out: Float32Array,
  offset: number,
): void {
  for (let pair = 0; pair < PAIRS; pair++) {
    let sum = 0;
    const row = pair * FINE;
    for (let bin = 0; bin < FINE; bin++)
      if (count[bin] !== 0) sum += fine[bin]! * WAVES[row + bin]!;
    out[offset + pair] = Math.asinh(sum / forward);
  }
}
