/**
 * Asymmetry of lines by axial divergence. A ray that leaves the plane of the goniometer by β is seen (β²/2) cot 2θ off its angle, to
 * lower angles below 90° and to higher ones above. With specimen and detector equally high, at every height alike, β over its largest
 * value is u with density 2 (1 − u) (small angles; L. W. Finger, D. E. Cox & A. P. Jephcoat, J. Appl. Cryst. 27 (1994) 892). A line is
 * drawn as a few lines at the quantiles of u.
 */

/** More lines than this are never drawn for one. */
const MOST_PARTS = 8;
/** Parts stand no further apart than this share of the width. */
const APART = 0.35;

/** Off how much of the full reach each part stands: u², as many as its width needs; one where it hides the asymmetry. */
export function axialParts(reachDeg: number, fwhmDeg: number): number[] {
  const wanted = Math.ceil(Math.abs(reachDeg) / (APART * fwhmDeg));
  const count = Math.max(1, Math.min(MOST_PARTS, wanted));
  // Of one part alone: the mean.
  if (count === 1) return [1 / 6];
  return Array.from({ length: count }, (_, k) => (1 - Math.sqrt(1 - (k + 0.5) / count)) ** 2);
}
