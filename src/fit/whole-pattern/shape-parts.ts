/** The Gaussian and the Lorentzian of which a pseudo-Voigt of known shape is made. */
import { thompsonCoxHastings } from "../../diffraction/broadening.ts";

/** Gaussian and Lorentzian full widths that make a pseudo-Voigt of width 1 with this share of the Lorentzian. */
export function partsOfShape(eta: number): { readonly gauss: number; readonly lorentz: number } {
  const lorentz = risingRoot((l) => l * (1.36603 + l * (-0.47719 + 0.11116 * l)) - eta);
  return { lorentz, gauss: risingRoot((g) => thompsonCoxHastings(g, lorentz).fwhm - 1) };
}

/** Where a rising function is zero, between 0 and 1. */
function risingRoot(of: (x: number) => number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (of(middle) < 0) low = middle;
    else high = middle;
  }
  return high;
}
