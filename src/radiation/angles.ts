/**
 * Bragg's law, λ = 2 d sin θ, in its forms: between 2θ (degrees), sin θ, g = 1/d (1/Å, no 2π; sin θ/λ is half of it) and d (Å),
 * and between the angles at which one spacing shows with two wavelengths. One rule for what a wavelength cannot reach (sin θ > 1):
 * the angle is NaN, and every comparison with it is false. {@link isReached} asks; {@link atMost180} ends a range there.
 */

/** Radians in a degree. */
export const RADIANS = Math.PI / 180;

/** Bragg angle θ in radians of a scattering angle 2θ in degrees. */
export function thetaRadOf(twoThetaDeg: number): number {
  return (twoThetaDeg * RADIANS) / 2;
}

/** sin θ of a scattering angle 2θ in degrees. */
export function sinThetaOf(twoThetaDeg: number): number {
  return Math.sin((twoThetaDeg * RADIANS) / 2);
}

/** 2θ in degrees of sin θ; NaN beyond reach. */
export function twoThetaDegOfSin(sinTheta: number): number {
  return (2 * Math.asin(sinTheta)) / RADIANS;
}

/** True for an angle that a diffractometer can be turned to: below 180°, and no NaN. */
export function isReached(twoThetaDeg: number): boolean {
  return twoThetaDeg < 180;
}

/** An angle as the end of a range: 180° for what is beyond reach. */
export function atMost180(twoThetaDeg: number): number {
  return twoThetaDeg < 180 ? twoThetaDeg : 180;
}

/** 2θ in degrees of a reciprocal length g = 1/d in 1/Å; NaN beyond reach. */
export function twoThetaDegOfG(gInvAngstrom: number, wavelengthAngstrom: number): number {
  return twoThetaDegOfSin((wavelengthAngstrom * gInvAngstrom) / 2);
}

/** Reciprocal length g = 1/d in 1/Å of a scattering angle 2θ in degrees; half of it is sin θ/λ. */
export function gOfTwoThetaDeg(twoThetaDeg: number, wavelengthAngstrom: number): number {
  return (2 * sinThetaOf(twoThetaDeg)) / wavelengthAngstrom;
}

/** 2θ in degrees of a lattice spacing d in Å; NaN where the wavelength cannot reach it (λ > 2d). */
export function twoThetaDegOfD(dAngstrom: number, wavelengthAngstrom: number): number {
  return twoThetaDegOfSin(wavelengthAngstrom / (2 * dAngstrom));
}

/** Lattice spacing d in Å of a scattering angle 2θ in degrees; wavelength in Å. */
export function dOfTwoThetaDeg(twoThetaDeg: number, wavelengthAngstrom: number): number {
  return wavelengthAngstrom / (2 * sinThetaOf(twoThetaDeg));
}

/** d(2θ)/d(g²), degrees times Å²: λ² / (4 sin θ cos θ), of sin²θ = λ²g²/4. */
export function twoThetaDegPerG2(sin2Theta: number, wavelengthAngstrom: number): number {
  return wavelengthAngstrom ** 2 / (4 * Math.sqrt(sin2Theta * (1 - sin2Theta))) / RADIANS;
}

/**
 * 2θ at which the spacing that shows at `twoThetaDeg` shows with another wavelength, so many times as long: the Kα2 partner of a
 * Kα1 line, a line with another tube. Just so, of a spacing that is smaller by that factor. NaN beyond reach.
 */
export function atOtherWavelength(twoThetaDeg: number, wavelengthRatio: number): number {
  return twoThetaDegOfSin(sinThetaOf(twoThetaDeg) * wavelengthRatio);
}

/** How fast {@link atOtherWavelength} moves with its angle: d(2θ')/d(2θ) = tan θ'/tan θ. NaN beyond reach. */
export function slopeAtOtherWavelength(twoThetaDeg: number, wavelengthRatio: number): number {
  const thetaRad = thetaRadOf(twoThetaDeg);
  const sin = wavelengthRatio * Math.sin(thetaRad);
  return (wavelengthRatio * Math.cos(thetaRad)) / Math.sqrt(1 - sin * sin);
}
