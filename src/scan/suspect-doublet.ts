/**
 * Whether a scan that is said to be of one Kα line shows two. Where Kα2 is apart, each peak of a doublet has a neighbour of half
 * its height at the place that the anode's two wavelengths give; a peak of a single line has none. Taken for one line, a doublet
 * moves every cell by some hundredths of a per cent.
 */
import type { Warning } from "../errors.ts";
import { median } from "../math/statistics.ts";
import { atOtherWavelength } from "../radiation/angles.ts";
import type { Radiation } from "../radiation/radiation.ts";
import { ANODE_WAVELENGTHS_ANGSTROM } from "../radiation/wavelengths.table.ts";
import { background } from "./background.ts";
import { searchPeaks } from "./peaks.ts";
import type { Scan, ScanRange } from "./scan.ts";

const ANODES = ["Cu", "Co", "Mo", "Fe", "Cr", "Ag"] as const;
/** Files and people round: 1.5406 is 1.54056, and 1.5418 the mean of the doublet. */
const SAME_WAVELENGTH = 3e-4;
/** Kα2 is seen beside Kα1 from this part of the peak's width on. */
const APART = 0.7;
/** Peaks clear of noise and of ripples. */
const LEAST_SIGNAL = 15;
const LEAST_HEIGHT = 0.01;
const LEAST_PEAKS = 4;
/** Height of the neighbour above the same distance on the other side, in heights of the peak: 0.5 of a doublet, 0 of one line. */
const [LEAST_RATIO, MOST_RATIO] = [0.25, 0.8];
/** So many of the peaks must have one: neighbours by chance stand on both sides. */
const LEAST_SHARE = 0.6;

interface Anode {
  readonly symbol: string;
  readonly alpha1: number;
  readonly alpha2: number;
  readonly isMean: boolean;
}

function anodeOf(radiation: Radiation | null): Anode | undefined {
  const [line, ...others] = radiation?.lines ?? [];
  if (radiation?.kind !== "xray" || line === undefined || others.length > 0) return undefined;
  const isNear = (name: string): boolean =>
    Math.abs(line.wavelengthAngstrom / ANODE_WAVELENGTHS_ANGSTROM[name]! - 1) < SAME_WAVELENGTH;
  const symbol = ANODES.find((one) => isNear(`${one}Ka1`) || isNear(`${one}Ka`));
  if (symbol === undefined) return undefined;
  return {
    symbol,
    alpha1: ANODE_WAVELENGTHS_ANGSTROM[`${symbol}Ka1`]!,
    alpha2: ANODE_WAVELENGTHS_ANGSTROM[`${symbol}Ka2`]!,
    isMean: isNear(`${symbol}Ka`),
  };
}

/** A warning where the peaks show a doublet and the radiation has one line; none where they do not, or cannot. */
export function suspectDoublet(scan: Scan): Warning[] {
  const anode = anodeOf(scan.radiation);
  if (anode === undefined) return [];
  const ratios = scan.ranges.flatMap((range) => neighbourRatios(scan, range, anode));
  if (ratios.length < LEAST_PEAKS) return [];
  const ratio = median(ratios);
  const share = ratios.filter((one) => one > LEAST_RATIO / 2 && one < 1).length / ratios.length;
  if (ratio < LEAST_RATIO || ratio > MOST_RATIO || share < LEAST_SHARE) return [];
  const name = `${anode.symbol} K\u03b1`;
  const given = `${scan.radiation!.lines[0]!.wavelengthAngstrom} \u00c5`;
  const what = anode.isMean ? `the mean of ${name}1 and ${name}2` : `${name}1 alone`;
  return [
    {
      code: "scan/doublet-suspected",
      message: `${given} is ${what}, but the peaks at high angles are double, as of ${name}1 and ${name}2 together: cells would be wrong by some hundredths of a per cent; give ${anode.symbol}Ka12`,
    },
  ];
}

/** How much higher it is one Kα2 shift above each peak than as far below, in heights of the peak. */
function neighbourRatios(scan: Scan, range: ScanRange, anode: Anode): number[] {
  if (range.axis.kind !== "twoTheta" || range.intensity.length < 100) return [];
  const peaks = searchPeaks({ ...scan, ranges: [range] });
  const level = background(range, { method: "snip" });
  const netAt = (position: number): number => valueAt(range, level, position);
  const highest = peaks.reduce((most, { height }) => Math.max(most, height), 0);
  return peaks.flatMap(({ position, height, fwhm, signalToNoise }) => {
    if (signalToNoise < LEAST_SIGNAL || height < LEAST_HEIGHT * highest) return [];
    const shift = atOtherWavelength(position, anode.alpha2 / anode.alpha1) - position;
    if (!(shift >= APART * fwhm)) return [];
    const own = netAt(position);
    const [below, above] = [netAt(position - shift) / own, netAt(position + shift) / own];
    // Itself the second of a pair, or the smaller of two neighbours.
    return below > 0.9 || !Number.isFinite(above - below) ? [] : [above - below];
  });
}

/** Intensity over the background between two points. */
function valueAt({ axis, intensity }: ScanRange, level: Float64Array, position: number): number {
  const { values } = axis;
  let [low, high] = [0, values.length - 1];
  if (position < values[low]! || position > values[high]!) return Number.NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle]! <= position) low = middle;
    else high = middle;
  }
  const part = (position - values[low]!) / (values[high]! - values[low]!);
  const at = (i: number): number => intensity[i]! - level[i]!;
  return at(low) + (at(high) - at(low)) * part;
}
