/**
 * How well the lines of the best candidate must lie on a scan before it is answered. Two numbers, fitted on measured scans of known
 * type by `tools/structure-type-calibrate.mjs` and measured cross-fitted by `npm run bench -- identify`. They
 * compare a known compound with a scan and ask no network, so that they hold for any model: code, not calibration.
 */
import type { Overlay } from "./overlay.ts";

export interface OverlayLimits {
  /** Share of the peaks' area that the lines must account for. */
  readonly leastExplained: number;
  /** Cosine of the roots of observed and calculated intensity. */
  readonly leastAgreement: number;
}

export const OVERLAY_LIMITS: OverlayLimits = { leastExplained: 0.35, leastAgreement: 0.55 };

export function isBorneOut(
  { explained, similarity }: Pick<Overlay, "explained" | "similarity">,
  { leastExplained, leastAgreement }: OverlayLimits,
): boolean {
  return explained >= leastExplained && similarity >= leastAgreement;
}
