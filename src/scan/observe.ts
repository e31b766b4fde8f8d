/**
 * A scan made ready for comparison with calculated lines: one range over 2θ, background apart, peaks, widths. Made once per
 * scan and shared by all candidates.
 */
import { EwaldError } from "../errors.ts";
import { median } from "../math/statistics.ts";
import { snip } from "./background.ts";
import { convertScanAxis } from "./convert.ts";
import { noiseOf, searchPeaks } from "./peaks.ts";
import { mergeRanges, ownStep } from "./resample.ts";
import { type Scan, type ScanRange, scanWavelength } from "./scan.ts";
import { savitzkyGolay } from "./smooth.ts";
import { doubletOf } from "./strip-alpha2.ts";
import {
  atMost180,
  atOtherWavelength,
  slopeAtOtherWavelength,
  thetaRadOf,
} from "../radiation/angles.ts";
import { CU_KA1_ANGSTROM, type RadiationKind } from "../radiation/radiation.ts";

export interface ObservedPeak {
  readonly twoThetaDeg: number;
  /** Over the background, in the scan's unit. */
  readonly height: number;
  readonly fwhmDeg: number;
  /** Height × width over the sum of all peaks. */
  readonly share: number;
  readonly signalToNoise: number;
}

/** Height of the highest peak, 0 where there is none: what shares of a height are taken of. */
export function highestOf(peaks: readonly { readonly height: number }[]): number {
  return peaks.reduce((most, { height }) => Math.max(most, height), 0);
}

/** Intensity over 2θ with its background and its noise. */
export interface Levels {
  readonly twoThetaDeg: Float64Array;
  readonly intensity: Float64Array;
  /** The background under the peaks: humps broader than they stay in it. */
  readonly background: Float64Array;
  /** Standard deviation of each point. */
  readonly noise: Float64Array;
  /** The wavelength of the strongest line. */
  readonly wavelengthAngstrom: number;
}

/** A scan as everything that judges it sees it: peaks, background and noise, found once. */
export interface Observation extends Levels {
  readonly radiationKind: RadiationKind;
  /** λ(Kα2) / λ(Kα1) and intensity ratio, where the radiation is a doublet. */
  readonly alpha2: { readonly wavelengthRatio: number; readonly intensityRatio: number } | null;
  /** In order of angle; humps and ripples below half a per cent of the highest left out. */
  readonly peaks: readonly ObservedPeak[];
  /** Typical full width at half maximum: `base` + `slope` tan θ, degrees. */
  readonly width: { readonly baseDeg: number; readonly slopeDeg: number };
  /** Peaks and humps over a background that follows nothing narrower than 24° (2θ of Cu Kα1). */
  readonly overWide: {
    /** Full width of the highest feature, in 2θ of Cu Kα1. */
    readonly widthDeg: number;
    /** Its height over the noise of one point. */
    readonly signalToNoise: number;
    /** Share of the area that stands in peaks, 0 to 1; the rest are humps. */
    readonly peakShare: number;
  };
}

/** Peaks lower than this share of the highest are ripples of smoothing or noise more often than lines. */
const LEAST_HEIGHT = 0.005;
/** Background windows, half widths in degrees for Cu Kα1: under humps, and least under peaks. */
const WIDE_DEG = 12;
const NARROW_DEG = 1.2;
/** A window this many peak widths wide leaves a peak as it is. */
const WIDTHS_KEPT = 2.5;
/** A feature this broad (2θ of Cu Kα1) is a hump: crystals of 2 nm give 4°. */
export const HUMP_DEG = 4;
/** Area of a pseudo-Voigt of half Lorentzian share over height × width. */
const AREA_FACTOR = 1.32;

/**
 * Widths are compared at 130° of Cu Kα1 at most. Beyond, its peaks grow without bound: the middle of a scan at 0.5 Å to 90° would
 * turn 0.07° into 3.6°, and the sharpest of scans into "very broad reflections". Any scan to 110° that is said to be of Mo Kα was
 * refused for that reason, right or wrong.
 */
const MOST_COPPER_DEG = 130;

/** Width in 2θ at the angle at which Cu Kα1 would see what `twoThetaDeg` at this wavelength shows, per degree here. */
function toCopper(twoThetaDeg: number, wavelengthAngstrom: number): number {
  const ratio = CU_KA1_ANGSTROM / wavelengthAngstrom;
  const most = ratio > 1 ? atOtherWavelength(MOST_COPPER_DEG, 1 / ratio) : 180;
  return slopeAtOtherWavelength(Math.min(twoThetaDeg, most), ratio);
}

/** 2θ for Cu Kα1 of an angle at another wavelength; 180° where Cu Kα1 does not reach. */
export function copperAngleDeg(twoThetaDeg: number, wavelengthAngstrom: number): number {
  return atMost180(atOtherWavelength(twoThetaDeg, CU_KA1_ANGSTROM / wavelengthAngstrom));
}

/**
 * Looks at a scan once: 2θ in degrees, peaks, background, noise, width.
 * @throws EwaldError `scan/no-wavelength`, `axis/tof`, `scan/axis`; `identify/too-few-points`
 */
export function observe(scan: Scan): Observation {
  scanWavelength(scan);
  const [line] = scan.radiation!.lines;
  const { wavelengthAngstrom } = line!;
  const range = singleRange(scan);
  const { levels, stepDeg, factor, feature, halfWidthDeg } = lookAt(range, wavelengthAngstrom);
  const one: Scan = { ...scan, ranges: [range] };
  const found = searchPeaks(one, { backgroundHalfWidth: halfWidthDeg });
  const highest = highestOf(found);
  const kept = found.filter(
    ({ height, fwhm }) => height >= LEAST_HEIGHT * highest && fwhm * factor < HUMP_DEG,
  );
  const total = kept.reduce((sum, peak) => sum + peak.height * peak.fwhm, 0);
  const peaks = kept.map((peak) => ({
    twoThetaDeg: peak.position,
    height: peak.height,
    fwhmDeg: peak.fwhm,
    share: (peak.height * peak.fwhm) / total,
    signalToNoise: peak.signalToNoise,
  }));
  const doublet = doubletOf(scan.radiation);
  return {
    ...levels,
    radiationKind: scan.radiation!.kind,
    alpha2:
      doublet === undefined
        ? null
        : {
            wavelengthRatio: doublet.alpha2Angstrom / doublet.alpha1Angstrom,
            intensityRatio: doublet.ratio,
          },
    peaks,
    width: typicalWidth(peaks, stepDeg),
    overWide: {
      widthDeg: feature.widthDeg * factor,
      signalToNoise: feature.height / levels.noise[feature.index]!,
      peakShare: feature.area > 0 ? Math.min(1, (AREA_FACTOR * total) / feature.area) : 0,
    },
  };
}

const LEAST_POINTS = 50;

interface Look {
  readonly levels: Levels;
  readonly stepDeg: number;
  /** From widths here to those in 2θ of Cu Kα1. */
  readonly factor: number;
  readonly feature: Feature;
  /** Half width of the background's window. */
  readonly halfWidthDeg: number;
}

/**
 * Background and noise of one range over 2θ, as {@link observe} finds them; without the peaks, for simulated scans to learn from.
 * @throws EwaldError `identify/too-few-points`
 */
export function levelsOf(range: ScanRange, wavelengthAngstrom: number): Levels {
  return lookAt(range, wavelengthAngstrom).levels;
}

function lookAt(range: ScanRange, wavelengthAngstrom: number): Look {
  const { intensity } = range;
  const twoThetaDeg = range.axis.values;
  if (intensity.length < LEAST_POINTS) {
    throw new EwaldError("identify/too-few-points", `${intensity.length} points are no pattern`, {
      value: intensity.length,
      hint: `At least ${LEAST_POINTS} points are needed.`,
    });
  }
  const stepDeg = (twoThetaDeg.at(-1)! - twoThetaDeg[0]!) / (intensity.length - 1);
  const factor = toCopper((twoThetaDeg[0]! + twoThetaDeg.at(-1)!) / 2, wavelengthAngstrom);
  const smooth = smoothed(intensity, stepDeg, factor);
  const feature = highestFeature(smooth, stepDeg, factor);
  // A window for the peaks of this scan; where the highest feature is a hump, for what sharp ones stand on it.
  const isHump = feature.widthDeg * factor > HUMP_DEG;
  const halfWidthDeg = Math.max(NARROW_DEG / factor, isHump ? 0 : WIDTHS_KEPT * feature.widthDeg);
  // Clipping follows the lowest points: noise is smoothed first, or the background lies below its middle.
  const background = snip(smooth, pointsOf(halfWidthDeg, stepDeg));
  const levels = { twoThetaDeg, intensity, background, noise: noiseOf(range), wavelengthAngstrom };
  return { levels, stepDeg, factor, feature, halfWidthDeg };
}

/** All ranges as one over 2θ. */
export function singleRange(scan: Scan): ScanRange {
  const overAngle = convertScanAxis(scan, "twoTheta");
  const { ranges } = overAngle;
  const first = ranges[0];
  if (first === undefined) throw new EwaldError("scan/empty", "the scan has no range");
  const single =
    ranges.length === 1 ? first : mergeRanges(overAngle, ownStep(overAngle)).ranges[0]!;
  return abovePositive(single);
}

/** Angles at and below zero show the beam, not the sample. */
function abovePositive(range: ScanRange): ScanRange {
  const start = range.axis.values.findIndex((value) => value > 0);
  if (start <= 0) return range;
  return {
    axis: { kind: "twoTheta", values: range.axis.values.slice(start) },
    intensity: range.intensity.slice(start),
    ...(range.esd === undefined ? {} : { esd: range.esd.slice(start) }),
  };
}

interface Feature {
  readonly index: number;
  readonly widthDeg: number;
  readonly height: number;
  /** The area of all that stands over the wide background, intensity × degrees. */
  readonly area: number;
}

/** 7.5 points are 7 on every machine: the last bit of a tangent, which differs between engines, must not decide. */
function pointsOf(deg: number, stepDeg: number): number {
  return Math.max(1, Math.round(deg / stepDeg - 1e-6));
}

/**
 * Running mean over 0.15° (2θ of Cu Kα1): noise goes, peaks stay. A parabola over so few points falls below the scan beside a sharp peak,
 * and the background with it: to −57 counts in quartz that had 110.
 */
function smoothed(intensity: Float64Array, stepDeg: number, factor: number): Float64Array {
  const points = pointsOf(0.15 / factor, stepDeg);
  const window = Math.min(Math.max(5, 2 * (points >> 1) + 1), 51, LEAST_POINTS - 1);
  return savitzkyGolay(intensity, { window, degree: 1 });
}

/** The highest feature over the wide background; widths as the scan has them. */
function highestFeature(smooth: Float64Array, stepDeg: number, factor: number): Feature {
  const level = snip(smooth, pointsOf(WIDE_DEG / factor, stepDeg));
  const net = smooth.map((value, i) => value - level[i]!);
  let top = 0;
  let area = 0;
  for (let i = 0; i < net.length; i++) {
    if (net[i]! > net[top]!) top = i;
    area += net[i]! * stepDeg;
  }
  let [left, right] = [top, top];
  while (left > 0 && net[left]! > net[top]! / 2) left--;
  while (right + 1 < net.length && net[right]! > net[top]! / 2) right++;
  return { index: top, widthDeg: (right - left) * stepDeg, height: net[top]!, area };
}

/** Medians of the widths of the stronger peaks in the lower and the upper half of tan θ, a straight line through both. */
function typicalWidth(peaks: readonly ObservedPeak[], stepDeg: number): Observation["width"] {
  const least = 2 * stepDeg;
  const strong = peaks.toSorted((a, b) => b.height - a.height).slice(0, 24);
  if (strong.length === 0) return { baseDeg: Math.max(0.1, least), slopeDeg: 0 };
  const all = Math.max(least, median(strong.map(({ fwhmDeg }) => fwhmDeg)));
  const byAngle = strong.toSorted((a, b) => a.twoThetaDeg - b.twoThetaDeg);
  const half = byAngle.length >> 1;
  if (half < 3) return { baseDeg: all, slopeDeg: 0 };
  const middle = (part: readonly ObservedPeak[]): [number, number] => [
    median(part.map(({ twoThetaDeg }) => Math.tan(thetaRadOf(twoThetaDeg)))),
    median(part.map(({ fwhmDeg }) => fwhmDeg)),
  ];
  const [x0, y0] = middle(byAngle.slice(0, half));
  const [x1, y1] = middle(byAngle.slice(half));
  const slopeDeg = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0;
  const baseDeg = y0 - slopeDeg * x0;
  // A line that falls to nothing (a few odd widths) says less than the median.
  return slopeDeg >= 0 && baseDeg >= 0.3 * all
    ? { baseDeg, slopeDeg }
    : { baseDeg: all, slopeDeg: 0 };
}

/** Full width at half maximum expected at an angle, degrees. */
export function widthAt({ baseDeg, slopeDeg }: Observation["width"], twoThetaDeg: number): number {
  return baseDeg + slopeDeg * Math.tan(thetaRadOf(twoThetaDeg));
}
