/**
 * Widths of powder peaks over 2θ (full widths at half maximum, degrees), as sums of what broadens them:
 *
 * Gaussian:   Γ_G² = U tan²θ + V tanθ + W            Caglioti, Paoletti & Ricci, Nucl. Instrum. 3 (1958) 223
 * Lorentzian: Γ_L  = K λ / (L cosθ)                   size L: Scherrer (1918), K = 0.9
 *                  + 4 ε tanθ                         strain ε = Δd/d: Stokes & Wilson (1944)
 *                  + X / cosθ + Y tanθ                instrument
 * Anisotropic strain: Γ_A = tanθ · d² √(Σ S_HKL h^H k^K l^L), H + K + L = 4, of which the share ζ is Lorentzian and the rest
 * Gaussian: P. W. Stephens, J. Appl. Cryst. 32 (1999) 281.
 */
import { EwaldError } from "../errors.ts";
import { RADIANS, thetaRadOf } from "../radiation/angles.ts";
import type { Family } from "./peaks.ts";

/** The causes of wide peaks: the instrument (Caglioti), the size of crystallites, strain. */
export interface Broadening {
  /** Degrees². */
  readonly caglioti?: { readonly u: number; readonly v: number; readonly w: number };
  /** Mean size of the coherent domains, Å. */
  readonly sizeAngstrom?: number;
  /** Scherrer constant; default 0.9. */
  readonly scherrer?: number;
  /** Δd/d, dimensionless (0.001 is 0.1 %). */
  readonly strain?: number;
  /** Lorentzian width of the instrument, degrees: X/cosθ + Y tanθ. */
  readonly lorentz?: { readonly x: number; readonly y: number };
  /** Stephens coefficients by exponents "400", "220", "211" …, Å⁻⁴, and the Lorentzian share ζ. */
  readonly stephens?: {
    readonly coefficients: Readonly<Record<string, number>>;
    readonly lorentzShare: number;
  };
}

/** Scherrer's constant, for widths at half maximum of crystals of no known shape. */
export const SCHERRER = 0.9;

export interface PseudoVoigtShape {
  readonly fwhm: number;
  /** Lorentzian share of the area, 0 to 1. */
  readonly eta: number;
}

/** A pseudo-Voigt's shape as it changes with the widths of Gaussian and Lorentzian. */
export interface ShapeSlopes {
  readonly byGauss: PseudoVoigtShape;
  readonly byLorentz: PseudoVoigtShape;
}

/**
 * Width and mixing of the pseudo-Voigt nearest to a Gaussian of one width convolved with a Lorentzian of another, to about 1 %
 * (P. Thompson, D. E. Cox & J. B. Hastings, J. Appl. Cryst. 20 (1987) 79).
 */
export function thompsonCoxHastings(gaussFwhm: number, lorentzFwhm: number): PseudoVoigtShape {
  const [g, l] = [gaussFwhm, lorentzFwhm];
  const fifth =
    g ** 5 +
    2.69269 * g ** 4 * l +
    2.42843 * g ** 3 * l ** 2 +
    4.47163 * g ** 2 * l ** 3 +
    0.07842 * g * l ** 4 +
    l ** 5;
  const fwhm = fifth ** 0.2;
  const ratio = l / fwhm;
  return { fwhm, eta: ratio * (1.36603 + ratio * (-0.47719 + 0.11116 * ratio)) };
}

/** Derivatives of {@link thompsonCoxHastings}. */
export function thompsonCoxHastingsSlopes(gaussFwhm: number, lorentzFwhm: number): ShapeSlopes {
  const [g, l] = [gaussFwhm, lorentzFwhm];
  const { fwhm } = thompsonCoxHastings(g, l);
  const ratio = l / fwhm;
  const etaPerRatio = 1.36603 + ratio * (-2 * 0.47719 + 3 * 0.11116 * ratio);
  const shape = (fifthSlope: number, lorentzSlope: number): PseudoVoigtShape => {
    const fwhmSlope = fifthSlope / (5 * fwhm ** 4);
    return { fwhm: fwhmSlope, eta: (etaPerRatio * (lorentzSlope - ratio * fwhmSlope)) / fwhm };
  };
  return {
    byGauss: shape(
      5 * g ** 4 +
        4 * 2.69269 * g ** 3 * l +
        3 * 2.42843 * g ** 2 * l ** 2 +
        2 * 4.47163 * g * l ** 3 +
        0.07842 * l ** 4,
      0,
    ),
    byLorentz: shape(
      2.69269 * g ** 4 +
        2 * 2.42843 * g ** 3 * l +
        3 * 4.47163 * g ** 2 * l ** 2 +
        4 * 0.07842 * g * l ** 3 +
        5 * l ** 4,
      1,
    ),
  };
}

/** The quantities that the width of a peak depends on. */
export interface PeakPosition {
  readonly twoThetaDeg: number;
  readonly dAngstrom: number;
  readonly hkls?: readonly Family[];
}

/**
 * Width and Lorentzian share of a peak.
 * @throws EwaldError `profile/width` where Caglioti's polynomial is negative or everything is 0.
 */
export function peakWidth(
  peak: PeakPosition,
  broadening: Broadening,
  wavelengthAngstrom: number,
): PseudoVoigtShape {
  const thetaRad = thetaRadOf(peak.twoThetaDeg);
  const tan = Math.tan(thetaRad);
  const cos = Math.cos(thetaRad);
  const { u, v, w } = broadening.caglioti ?? { u: 0, v: 0, w: 0 };
  let gauss2 = u * tan * tan + v * tan + w;
  let lorentz = 0;
  if (broadening.sizeAngstrom !== undefined) {
    const constant = broadening.scherrer ?? SCHERRER;
    lorentz += (constant * wavelengthAngstrom) / (broadening.sizeAngstrom * cos) / RADIANS;
  }
  if (broadening.strain !== undefined) lorentz += (4 * broadening.strain * tan) / RADIANS;
  if (broadening.lorentz !== undefined) {
    lorentz += broadening.lorentz.x / cos + broadening.lorentz.y * tan;
  }
  if (broadening.stephens !== undefined && peak.hkls !== undefined) {
    const { coefficients, lorentzShare } = broadening.stephens;
    const variance = meanVariance(peak.hkls, coefficients);
    const width = (Math.sqrt(variance) * peak.dAngstrom ** 2 * tan) / RADIANS;
    lorentz += lorentzShare * width;
    gauss2 += ((1 - lorentzShare) * width) ** 2;
  }
  if (!(gauss2 >= 0 && lorentz >= 0 && gauss2 + lorentz > 0 && Number.isFinite(gauss2 + lorentz))) {
    throw new EwaldError(
      "profile/width",
      `peak at 2θ = ${peak.twoThetaDeg.toFixed(3)}° has no width (Gaussian² ${gauss2}, Lorentzian ${lorentz})`,
      { value: peak.twoThetaDeg, unit: "°", hint: "Check U, V, W, size and strain." },
    );
  }
  return thompsonCoxHastings(Math.sqrt(gauss2), lorentz);
}

/** σ² of 1/d² over the families of a peak, weighted by multiplicity. */
function meanVariance(
  families: readonly Family[],
  coefficients: Readonly<Record<string, number>>,
): number {
  let sum = 0;
  let weight = 0;
  for (const { hkl, multiplicity } of families) {
    let variance = 0;
    for (const [exponents, coefficient] of Object.entries(coefficients)) {
      const [p, q, r] = parseExponents(exponents);
      variance += coefficient * hkl[0] ** p * hkl[1] ** q * hkl[2] ** r;
    }
    sum += multiplicity * Math.max(0, variance);
    weight += multiplicity;
  }
  return weight === 0 ? 0 : sum / weight;
}

function parseExponents(text: string): [number, number, number] {
  const digits = [...text].map(Number);
  if (digits.length === 3 && digits.reduce((a, b) => a + b, 0) === 4) {
    return digits as [number, number, number];
  }
  throw new EwaldError("profile/stephens", `"${text}" are no exponents of a Stephens coefficient`, {
    value: text,
    hint: 'Use three digits with sum 4, such as "400" or "211".',
  });
}
