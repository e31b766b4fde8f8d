/**
 * Lorentz-polarisation factors of powder diffraction as functions of the Bragg angle θ.
 * Source: International Tables for Crystallography C (2004), sections 6.2.2 and 6.2.5.
 */
import { RADIANS } from "./angles.ts";

/** The Lorentz-polarisation factor of an experiment: none, Lorentz alone, or that of a tube with or without a monochromator. */
export type LorentzPolarisation =
  /** No geometric factor: intensities are |F|² × multiplicity. */
  | { readonly kind: "none" }
  /** Lorentz factor alone, 1/(sin²θ cosθ): neutrons, electrons. */
  | { readonly kind: "lorentz" }
  /** Unpolarised tube, no monochromator: (1 + cos²2θ)/(sin²θ cosθ). */
  | { readonly kind: "unpolarised" }
  /** With a crystal monochromator at 2θ_M: (1 + cos²2θ_M cos²2θ)/(sin²θ cosθ), mosaic limit. */
  | { readonly kind: "monochromator"; readonly twoThetaDeg: number };

/** The Lorentz-polarisation factor at the Bragg angle θ (radians). */
export function lorentzPolarisationFactor(thetaRad: number, factor: LorentzPolarisation): number {
  const sin = Math.sin(thetaRad);
  return lorentzPolarisationOfSin2(sin * sin, factor);
}

/** The same as a function of sin²θ = (λg/2)²: algebra alone, for loops over reflections. */
export function lorentzPolarisationOfSin2(sin2Theta: number, factor: LorentzPolarisation): number {
  if (factor.kind === "none") return 1;
  const lorentz = 1 / (sin2Theta * Math.sqrt(1 - sin2Theta));
  if (factor.kind === "lorentz") return lorentz;
  const cosTwoTheta = 1 - 2 * sin2Theta;
  if (factor.kind === "unpolarised") return (1 + cosTwoTheta * cosTwoTheta) * lorentz;
  const cosMonochromator = Math.cos(factor.twoThetaDeg * RADIANS);
  return (1 + cosMonochromator * cosMonochromator * cosTwoTheta * cosTwoTheta) * lorentz;
}
