/**
 * What the default network sees of a structure: numbers made of the reciprocal points within the limiting sphere of Cu Kα
 * (|g| ≤ 2/λ) and their intensities, and nothing else: no elements, no cell. They do not change when the structure is
 * turned, mirrored, described by another cell (a doubled one adds points without intensity) or its atoms are listed in another order,
 * so that nothing of this has to be learned from copies.
 *
 *   profile     ln of the mean |F|²/V in shells of |g|: what a powder shows, on an absolute scale
 *   anisotropy  Σᵢⱼ wᵢ wⱼ P_l(cos γᵢⱼ) / (Σ w)² for l = 2, 4, 6 in wider shells, w = I and w = √I: how the intensity lies in
 *               space (the power spectrum of P. Steinhardt, D. Nelson, M. Ronchetti, Phys. Rev. B 28, 784 (1983)), 0 for a sphere
 *   pairs       how much likelier than by chance two electrons lie r apart: the Patterson function averaged over directions,
 *               Σ I w sin(2πgr)/(2πgr) / I(000), 0.6 to 6.1 Å; w damps towards the sphere's surface
 *   overall     density of electrons (origin point), how close the shortest points lie, how many of them are alike, how many
 *               points there are
 *   points      the shortest points with intensity, one of each Friedel pair, with their multiplicity and their directions among
 *               the others
 */
import type { Structure } from "../../crystal/index.ts";
import { type ReciprocalSphere, reciprocalSphere } from "../../diffraction/index.ts";
import type { StructureFeature } from "../../data/index.ts";

/** Cu Kα of the paper, Å. */
const WAVELENGTH_ANGSTROM = 1.5418;
/** Radius of the limiting sphere, 1/Å. */
export const G_MAX = 2 / WAVELENGTH_ANGSTROM;

/** Points of the point part; a structure with fewer repeats its first with weight 0. */
export const POINTS = 64;
/** |g|, ln I, ln I/I(000), ln multiplicity, |g| / largest, Σ P₂, Σ P₄; and the weight, 1 / number of points or 0. */
export const POINT_CHANNELS = 8;

const SHELLS = 64;
/** Farther out there are too many points for their directions to say much. */
const ANISOTROPY_MAX = 0.8;
const WIDE_SHELLS = 8;
const DEGREES = [2, 4, 6] as const;
const OVERALL = 10;
const ANISOTROPY_AT = SHELLS;
const PAIRS = 56;
const PAIRS_AT = ANISOTROPY_AT + 2 * DEGREES.length * WIDE_SHELLS;
const OVERALL_AT = PAIRS_AT + PAIRS;
/** Numbers of a structure as a whole: profile, anisotropy, pairs, overall. */
export const GLOBALS = OVERALL_AT + OVERALL;
/** Among the features: ½ ln I(000), and ln |g| of the shortest point. */
export const ELECTRON_DENSITY_AT = OVERALL_AT;
export const SHORTEST_AT = OVERALL_AT + 1;
export const FEATURES = GLOBALS + POINTS * POINT_CHANNELS;

/** Of I(000): below, a point has no intensity (coordinates are known to 1e-6, which leaves 1e-10). */
const ABSENT = 1e-6;
/** Two points are alike where g² and I agree to this share. */
const ALIKE_G2 = 1e-3;
/** Two lengths are one where g² agrees to this share: rounding. */
const SAME_G2 = 1e-6;
const ALIKE_INTENSITY = 1e-2;

/** Radii are counted in fine bins first; the shells are these, smoothed. */
const FINE = 512;
const FINE_WIDTH = G_MAX / FINE;
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

interface Workspace {
  readonly fine: Float64Array;
  readonly count: Int32Array;
  /** Per wide shell: weight, then sums of all monomials; for I and for √I. */
  readonly moments: readonly [Float64Array, Float64Array];
  readonly terms: Float64Array;
  /** The shortest points, as indices into the sphere. */
  chosen: number[];
  /** These and the rest of the last one's length: a set that symmetry maps onto itself, whose directions are compared with. */
  reference: number[];
  /** Unit vectors of the reference. */
  unit: Float64Array;
}

const STRIDE = 1 + ALL_TERMS;

function workspace(): Workspace {
  return {
    fine: new Float64Array(FINE),
    count: new Int32Array(FINE),
    moments: [new Float64Array(WIDE_SHELLS * STRIDE), new Float64Array(WIDE_SHELLS * STRIDE)],
    terms: new Float64Array(ALL_TERMS),
    chosen: [],
    reference: [],
    unit: new Float64Array(6 * POINTS),
  };
}

/** Writes the features of a structure into `out` from `offset` on; {@link FEATURES} numbers. */
export type FeatureWriter = (structure: Structure, out: Float32Array, offset: number) => void;

/**
 * A writer for many structures: buffers are made once.
 * It throws EwaldError `scattering/…` for elements without a form factor.
 */
export function featureWriter(): FeatureWriter {
  const read = reciprocalSphere({ gMaxInvAngstrom: G_MAX });
  const work = workspace();
  return (structure, out, offset) => {
    const sphere = read(structure);
    gather(sphere, work);
    writeProfile(work, out, offset);
    writeAnisotropy(work, out, offset + ANISOTROPY_AT);
    writePairs(sphere, work, out, offset + PAIRS_AT);
    choosePoints(sphere, work);
    writePoints(sphere, work, out, offset + GLOBALS);
    writeOverall(sphere, work, out, offset + OVERALL_AT, offset + GLOBALS);
  };
}

/** For `tableFeatures`: cached by table. */
export function reciprocalFeature(): StructureFeature {
  return {
    feature: "reciprocal",
    version: 4,
    parameters: { gMaxInvAngstrom: G_MAX },
    shape: [FEATURES],
    writer: featureWriter,
  };
}

/** hkl of the points that {@link featureWriter} would list, in that order; (points × 3). */
export function listedPoints(structure: Structure): {
  readonly hkl: Int32Array;
  readonly sphere: ReciprocalSphere;
  readonly rows: readonly number[];
} {
  const sphere = reciprocalSphere({ gMaxInvAngstrom: G_MAX })(structure);
  const work = workspace();
  gather(sphere, work);
  choosePoints(sphere, work);
  const hkl = Int32Array.from(
    work.chosen.flatMap((i) => [sphere.h[i]!, sphere.k[i]!, sphere.l[i]!]),
  );
  return { hkl, sphere, rows: work.chosen };
}

/** One pass over all points: radial sums, counts of points with intensity, directional moments. */
function gather(sphere: ReciprocalSphere, work: Workspace): void {
  const { fine, count, moments, terms } = work;
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
function writeProfile({ fine }: Workspace, out: Float32Array, offset: number): void {
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

function writeAnisotropy({ moments }: Workspace, out: Float32Array, offset: number): void {
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

function writePairs(
  { forward }: ReciprocalSphere,
  { fine, count }: Workspace,
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

/** The shortest points with intensity, by |g|, then stronger first: any tie is between points that are alike. */
function choosePoints(sphere: ReciprocalSphere, work: Workspace): void {
  const { g2, intensity } = sphere;
  let bin = 0;
  for (let found = 0; bin < FINE && found < POINTS; bin++) found += work.count[bin]!;
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
  work.chosen = chosen.slice(0, POINTS);
  work.reference = chosen.slice(0, whole);
}

function writePoints(
  sphere: ReciprocalSphere,
  work: Workspace,
  out: Float32Array,
  offset: number,
): void {
  const { g2, h, k, l, intensity, forward } = sphere;
  const { chosen, reference } = work;
  const [a, b, c] = sphere.reciprocal;
  const n = chosen.length;
  const m = reference.length;
  if (work.unit.length < 3 * m) work.unit = new Float64Array(6 * m);
  const { unit } = work;
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

/** What the point part says as a whole; `points` is where its rows begin. */
function writeOverall(
  { g2, forward }: ReciprocalSphere,
  { chosen, count }: Workspace,
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
