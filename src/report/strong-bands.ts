/** Bands of a scan that spoke for a type (Grad-CAM), with the lines that stand under them. */
import type { OverlayLine } from "../fit/overlay.ts";
import { atMost180, atOtherWavelength } from "../radiation/angles.ts";

export interface StrongBand {
  readonly fromDeg: number;
  readonly toDeg: number;
  /** Greatest weight within, 0 to 1. */
  readonly weight: number;
  /** Lines of the candidate within or, for the network sees no finer, beside it; strongest first. */
  readonly lines: readonly OverlayLine[];
}

/** A band is what stays above this share of the greatest weight. */
const STRONG = 0.5;
/** Lines lower than this share of the highest explain nothing. */
const LEAST_HEIGHT = 0.01;
const MOST_LINES = 4;
/** One cell of the network's last convolution, in ln sin θ: 1.4° at 2θ = 22°, 4° at 60°. */
const RESOLUTION = 0.061;

/** Strongest first. */
export function strongBands(
  explanation: { readonly twoThetaDeg: ArrayLike<number>; readonly weight: ArrayLike<number> },
  lines: readonly OverlayLine[],
): StrongBand[] {
  const { twoThetaDeg, weight } = explanation;
  const top = lines.reduce((most, { height }) => Math.max(most, height), 0);
  let greatest = 0;
  for (let i = 0; i < weight.length; i++) greatest = Math.max(greatest, weight[i]!);
  const bands: StrongBand[] = [];
  for (let i = 0; i < weight.length; i++) {
    if (!(weight[i]! > STRONG * greatest)) continue;
    const start = i;
    let most = 0;
    while (i < weight.length && weight[i]! > STRONG * greatest) most = Math.max(most, weight[i++]!);
    const [fromDeg, toDeg] = [twoThetaDeg[start]!, twoThetaDeg[i - 1]!];
    const first = atOtherWavelength(fromDeg, Math.exp(-RESOLUTION));
    const last = atMost180(atOtherWavelength(toDeg, Math.exp(RESOLUTION)));
    const under = lines
      .filter(
        ({ twoThetaDeg: at, height }) => at >= first && at <= last && height >= LEAST_HEIGHT * top,
      )
      .sort((a, b) => b.height - a.height)
      .slice(0, MOST_LINES);
    bands.push({ fromDeg, toDeg, weight: most, lines: under });
  }
  return bands.sort((a, b) => b.weight - a.weight);
}
