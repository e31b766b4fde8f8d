/** The pseudo-Voigt of peak fits: unit height, full width at half maximum `fwhm`, Lorentzian part `eta`. */
const LN2_4 = 4 * Math.LN2;

/** Value and derivatives at one distance from the maximum; reused, so that loops allocate nothing. */
export interface ShapeAt {
  value: number;
  /** ∂/∂x. */
  slope: number;
  /** ∂/∂fwhm. */
  byWidth: number;
  /** ∂/∂eta. */
  byEta: number;
}

export function shapeAt(x: number, fwhm: number, eta: number, out: ShapeAt): void {
  const u = x / fwhm;
  const gauss = Math.exp(-LN2_4 * u * u);
  const lorentz = 1 / (1 + 4 * u * u);
  out.value = eta * lorentz + (1 - eta) * gauss;
  // d/du of both; u = x / w.
  const byU = -8 * u * (eta * lorentz * lorentz + (1 - eta) * Math.LN2 * gauss);
  out.slope = byU / fwhm;
  out.byWidth = (-byU * u) / fwhm;
  out.byEta = lorentz - gauss;
}

/** Area under unit height, over the width. */
export function areaFactor(eta: number): number {
  return (eta * Math.PI) / 2 + (1 - eta) * Math.sqrt(Math.PI / LN2_4);
}
