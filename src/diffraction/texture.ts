/**
 * Preferred orientation after W. A. Dollase, J. Appl. Cryst. 19 (1986) 267: crystallites are plates (r < 1) or needles (r > 1)
 * whose plane normal (hkl) lines up with the scattering vector. W(α) = (r² cos²α + sin²α / r)^(-3/2), α the angle between the
 * reflection and the preferred normal; its mean over all directions is 1.
 */
import { EwaldError } from "../errors.ts";
import { dot, type Vec3 } from "../math/matrix3.ts";
import type { ReciprocalMetric, ReciprocalPoints } from "./reciprocal-points.ts";

/** Preferred orientation of the crystallites, by March and Dollase. */
export interface Texture {
  /** Plane normal that lines up, (hkl) in the axes of the cell; its equivalents only with `operations`. */
  readonly hkl: Vec3;
  /** March parameter r: 1 is a random powder. */
  readonly r: number;
}

/** W of cos²α. */
export function marchDollase(cosSquared: number, r: number): number {
  const base = r * r * cosSquared + (1 - cosSquared) / r;
  return 1 / (base * Math.sqrt(base));
}

/** ∂W/∂r. */
export function marchDollaseSlope(cosSquared: number, r: number): number {
  const base = r * r * cosSquared + (1 - cosSquared) / r;
  const basePerR = 2 * r * cosSquared - (1 - cosSquared) / (r * r);
  return (-1.5 * basePerR) / (base * base * Math.sqrt(base));
}

/**
 * Multiplies every intensity by W, averaged over `directions` (the preferred normal and its equivalents: a reflection list
 * that holds all equivalents needs only one).
 * @throws EwaldError `diffraction/texture`
 */
export function applyTexture(
  intensity: Float64Array,
  points: ReciprocalPoints,
  metric: ReciprocalMetric,
  texture: Texture,
): void {
  const { hkl, r } = texture;
  if (!(r > 0 && Number.isFinite(r)) || hkl.every((index) => index === 0)) {
    throw new EwaldError(
      "diffraction/texture",
      `preferred orientation (${hkl.join(" ")}), r = ${r}`,
      {
        value: r,
        hint: "Give a plane other than (0 0 0) and a March parameter r > 0 (1 is random).",
      },
    );
  }
  const [m11, m22, m33, m23, m13, m12] = metric;
  const [p, q, s] = hkl;
  const normal: Vec3 = [
    p * m11 + q * m12 + s * m13,
    p * m12 + q * m22 + s * m23,
    p * m13 + q * m23 + s * m33,
  ];
  const length2 = dot(hkl, normal);
  for (let i = 0; i < points.count; i++) {
    const projection =
      points.h[i]! * normal[0] + points.k[i]! * normal[1] + points.l[i]! * normal[2];
    const cosSquared = (projection * projection) / (length2 * points.g2[i]!);
    intensity[i]! *= marchDollase(Math.min(1, cosSquared), r);
  }
}
