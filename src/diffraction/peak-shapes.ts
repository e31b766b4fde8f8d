/**
 * Peak shapes of unit area as functions of the distance x from the peak and the full width at half maximum, in any one
 * unit, with the derivatives that a fit needs.
 *
 * Pseudo-Voigt: η L(x) + (1 - η) G(x), both of the same width. Thompson, Cox & Hastings, J. Appl. Cryst. 20 (1987) 79, give
 * width and η of the pseudo-Voigt nearest to the convolution of a Gaussian and a Lorentzian of given widths (to about 1 %).
 */

const GAUSS_EXPONENT = 4 * Math.LN2;
/** Height of the Gaussian and of the Lorentzian of unit area and unit width. */
const GAUSS_HEIGHT = 2 * Math.sqrt(Math.LN2 / Math.PI);
const LORENTZ_HEIGHT = 2 / Math.PI;

export function gaussian(x: number, fwhm: number): number {
  const u = x / fwhm;
  return (GAUSS_HEIGHT / fwhm) * Math.exp(-GAUSS_EXPONENT * u * u);
}

export function lorentzian(x: number, fwhm: number): number {
  const u = x / fwhm;
  return LORENTZ_HEIGHT / fwhm / (1 + 4 * u * u);
}

export function pseudoVoigt(x: number, fwhm: number, eta: number): number {
  return eta * lorentzian(x, fwhm) + (1 - eta) * gaussian(x, fwhm);
}

export interface ShapeDerivatives {
  readonly value: number;
  /** ∂/∂(peak position): minus the derivative to x. */
  readonly position: number;
  readonly fwhm: number;
  readonly eta: number;
}

/** Pseudo-Voigt and its derivatives to position, width and mixing. */
export function pseudoVoigtDerivatives(x: number, fwhm: number, eta: number): ShapeDerivatives {
  const u = x / fwhm;
  const g = gaussian(x, fwhm);
  const l = lorentzian(x, fwhm);
  const gSlope = -2 * GAUSS_EXPONENT * u * g;
  const lSlope = (-8 * u * l) / (1 + 4 * u * u);
  const slope = eta * lSlope + (1 - eta) * gSlope; // to u
  const value = eta * l + (1 - eta) * g;
  return {
    value,
    position: -slope / fwhm,
    fwhm: -(value + u * slope) / fwhm,
    eta: l - g,
  };
}

export interface PseudoVoigtShape {
  readonly fwhm: number;
  /** Lorentzian share, 0 to 1. */
  readonly eta: number;
}

/** Width and mixing of a Gaussian of one width convolved with a Lorentzian of another (Thompson, Cox & Hastings 1987). */
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

/**
 * Distance, in widths, beyond which no more than `tail` of the area lies (both sides together). Lorentzian wings are long:
 * η/(π·tail) widths; the Gaussian's end within 3 for any tail above 10⁻¹⁰.
 */
export function windowInWidths(eta: number, tail: number): number {
  const gauss = Math.sqrt(Math.log(1 / tail) / GAUSS_EXPONENT);
  return Math.max(gauss, eta <= 0 ? 0 : eta / (Math.PI * tail));
}
