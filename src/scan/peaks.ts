/**
 * Peak search: background by SNIP, maxima of the smoothed rest that stand out of the noise, then a fit of
 * overlapping groups for positions, widths and areas with their uncertainties.
 */
import { lowerBound } from "../math/sorted.ts";
import { atOtherWavelength } from "../radiation/angles.ts";
import { snip, snipWindow } from "./background.ts";
import { type Candidate, fitGroup, type FittedPeak } from "./peak-fit.ts";
import type { Scan, ScanRange } from "./scan.ts";
import { savitzkyGolay } from "./smooth.ts";
import { type Doublet, doubletOf } from "./strip-alpha2.ts";

export interface PeakOptions {
  /** Least height over the noise of the smoothed scan; default 5. */
  readonly signalToNoise?: number;
  /** Half width of the background window in units of the axis; defaults of `SnipOptions`. */
  readonly backgroundHalfWidth?: number;
  /** Model the Kα2 of a doublet, so that positions are those of Kα1; default true. */
  readonly doublet?: boolean;
}

/** A peak of a scan; position, width and area in units of the axis (and intensity). */
export interface ScanPeak extends FittedPeak {
  /** Index of the range it stands in. */
  readonly range: number;
}

/** A peak as the search alone sees it: nothing is fitted; in units of the axis and intensity. */
export interface SearchedPeak {
  /** Vertex of the parabola through the highest points. */
  readonly position: number;
  /** Over the background. */
  readonly height: number;
  /** Full width at half height; of overlapping peaks where the valley between them is. */
  readonly fwhm: number;
  readonly signalToNoise: number;
}

const DEFAULT_SIGNAL_TO_NOISE = 5;
/** A fit window reaches so many widths beyond its outer peaks; peaks closer than twice that share a fit. */
const REACH_WIDTHS = 4;
const MAX_GROUP = 8;
/** Fewer points hold no peak. */
const LEAST_POINTS = 15;

/** The peaks of all ranges of a scan, in order of position. */
export function findPeaks(scan: Scan, options: PeakOptions = {}): ScanPeak[] {
  const isAngle = scan.ranges.every((range) => range.axis.kind === "twoTheta");
  const doublet = options.doublet === false || !isAngle ? undefined : doubletOf(scan.radiation);
  const found = scan.ranges.flatMap((range, index) =>
    findRangePeaks(range, options, doublet).map((peak) => Object.assign(peak, { range: index })),
  );
  return found.sort((a, b) => a.position - b.position);
}

/**
 * The search without the fits: some hundred times faster than {@link findPeaks}, positions good to a tenth of a width. Peaks of
 * all ranges in order of position; the Kα2 of a doublet are left out.
 */
export function searchPeaks(scan: Scan, options: PeakOptions = {}): SearchedPeak[] {
  const isAngle = scan.ranges.every((range) => range.axis.kind === "twoTheta");
  const doublet = options.doublet === false || !isAngle ? undefined : doubletOf(scan.radiation);
  const found = scan.ranges.flatMap((range) =>
    range.intensity.length < LEAST_POINTS
      ? []
      : withoutAlpha2(searchMaxima(range, noiseOf(range), options), doublet),
  );
  return found.sort((a, b) => a.position - b.position);
}

/**
 * Noise of each point: the stated uncertainty, else what neighbouring points differ by (robust, from
 * second differences), which grows with the root of the intensity.
 */
export function noiseOf(range: ScanRange): Float64Array {
  const { esd, intensity } = range;
  if (esd?.every((value) => value > 0)) return esd;
  const measured = typicalNoise(intensity, () => true);
  if (measured.noise > 0 && measured.level > 0) return growing(intensity, measured);
  // Without background, simulated or cut off at 0, most points say nothing of noise: those between zeros are left out.
  const isDark = (i: number): boolean =>
    intensity[i - 1] === 0 && intensity[i] === 0 && intensity[i + 1] === 0;
  const { noise, level } = typicalNoise(intensity, (i) => !isDark(i));
  const top = largest(intensity);
  return growing(intensity, {
    noise: noise > 0 ? noise : Math.max(top * 1e-4, Number.MIN_VALUE),
    level: Math.max(level, top * 1e-3),
  });
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

interface TypicalNoise {
  readonly noise: number;
  /** Intensity that has it. */
  readonly level: number;
}

/** Medians over the inner points that count; 0 where there are none. */
function typicalNoise(intensity: Float64Array, counts: (i: number) => boolean): TypicalNoise {
  const differences: number[] = [];
  const levels: number[] = [];
  for (let i = 1; i + 1 < intensity.length; i++) {
    if (!counts(i)) continue;
    differences.push(Math.abs(intensity[i - 1]! - 2 * intensity[i]! + intensity[i + 1]!));
    levels.push(intensity[i]!);
  }
  const middle = differences.length >> 1;
  const difference = differences.sort((a, b) => a - b)[middle] ?? 0;
  // 1.4826 MAD is σ for normal noise; second differences of white noise have 6 σ².
  const noise = (difference * 1.4826) / Math.sqrt(6);
  return { noise, level: Math.abs(levels.sort((a, b) => a - b)[middle] ?? 0) };
}

function growing(intensity: Float64Array, { noise, level }: TypicalNoise): Float64Array {
  const reference = Math.max(level, largest(intensity) * 1e-6, Number.MIN_VALUE);
  return intensity.map((value) => noise * Math.sqrt(Math.max(1, value / reference)));
}

function findRangePeaks(
  range: ScanRange,
  options: PeakOptions,
  doublet: Doublet | undefined,
): FittedPeak[] {
  const { intensity, axis } = range;
  if (intensity.length < LEAST_POINTS) return [];
  const noise = noiseOf(range);
  const candidates = withoutAlpha2(searchMaxima(range, noise, options), doublet);
  return groups(candidates).flatMap((group) => {
    const first = group[0]!;
    const last = group.at(-1)!;
    const low = first.position - REACH_WIDTHS * first.fwhm;
    const beyond = doublet === undefined ? 0 : last.position * 0.003;
    const high = last.position + REACH_WIDTHS * last.fwhm + beyond;
    const start = lowerBound(axis.values, low);
    const end = lowerBound(axis.values, high);
    const data = {
      x: axis.values.subarray(start, end),
      y: intensity.subarray(start, end),
      esd: noise.subarray(start, end),
    };
    return fitGroup(data, group, doublet);
  });
}

/** Odd window of about the half width of the sharpest strong peak: smooths noise, keeps peaks. */
function smoothingWindow(net: Float64Array): number {
  let top = 0;
  for (let i = 1; i < net.length; i++) if (net[i]! > net[top]!) top = i;
  let left = top;
  while (left > 0 && net[left]! > net[top]! / 2) left--;
  let right = top;
  while (right + 1 < net.length && net[right]! > net[top]! / 2) right++;
  const window = 2 * Math.round((right - left) / 2) + 1;
  return Math.min(Math.max(5, window), 101, net.length % 2 === 1 ? net.length : net.length - 1);
}

/** Part of the variance of white noise that a quadratic Savitzky-Golay window keeps at its centre. */
function keptVariance(window: number): number {
  const m = (window - 1) / 2;
  return (3 * (3 * m * m + 3 * m - 1)) / ((2 * m - 1) * (2 * m + 1) * (2 * m + 3));
}

/** SNIP follows the lower edge of the noise: how many of its σ the middle of the background lies above it. */
function clippingBias(net: Float64Array, noise: Float64Array, kept: number): number {
  const ratios: number[] = [];
  net.forEach((value, i) => {
    const ratio = value / (noise[i]! * kept);
    if (ratio < 6) ratios.push(ratio);
  });
  return ratios.length === 0 ? 0 : Math.max(0, ratios.sort((a, b) => a - b)[ratios.length >> 1]!);
}

function searchMaxima(range: ScanRange, noise: Float64Array, options: PeakOptions): Candidate[] {
  const { intensity } = range;
  const x = range.axis.values;
  const halfWindow = snipWindow(range, 4, options.backgroundHalfWidth);
  const rough = snip(intensity, halfWindow);
  const window = smoothingWindow(intensity.map((value, i) => value - rough[i]!));
  const smoothed = savitzkyGolay(intensity, { window, degree: 2 });
  const level = snip(smoothed, halfWindow);
  const kept = Math.sqrt(keptVariance(window));
  const net = smoothed.map((value, i) => value - level[i]!);
  const bias = clippingBias(net, noise, kept);
  const least = options.signalToNoise ?? DEFAULT_SIGNAL_TO_NOISE;
  const found: Candidate[] = [];
  for (let i = 1; i + 1 < net.length; i++) {
    const sigma = noise[i]! * kept;
    const value = net[i]! - bias * sigma;
    if (!(net[i]! > net[i - 1]! && net[i]! >= net[i + 1]!) || value < least * sigma) continue;
    const { left, right, prominence } = flanks(net, i);
    if (prominence < least * sigma || prominence < 0.02 * value) continue;
    const fwhm = Math.max(x[right]! - x[left]!, 2 * (x[i + 1]! - x[i]!));
    const position = vertex(x, net, i);
    found.push({ position, height: value, fwhm, signalToNoise: value / sigma });
  }
  return found;
}

/** Where the parabola through a highest point and its neighbours is highest. */
function vertex(x: Float64Array, net: Float64Array, i: number): number {
  const [left, top, right] = [net[i - 1]!, net[i]!, net[i + 1]!];
  const bend = left - 2 * top + right;
  const offset = bend < 0 ? (left - right) / (2 * bend) : 0;
  return x[i]! + (offset * (x[i + 1]! - x[i - 1]!)) / 2;
}

/** Half-height points on both sides, and how far the maximum rises above the higher of its two valleys. */
function flanks(
  smoothed: Float64Array,
  top: number,
): { left: number; right: number; prominence: number } {
  const height = smoothed[top]!;
  const half = height / 2;
  const walk = (direction: 1 | -1): { at: number; valley: number } => {
    let valley = height;
    let at = top;
    let reachedHalf = false;
    for (let i = top + direction; i >= 0 && i < smoothed.length; i += direction) {
      const value = smoothed[i]!;
      if (value > height) break;
      if (value < valley) {
        valley = value;
        if (!reachedHalf) at = i;
      }
      reachedHalf ||= value <= half;
      // Far below, nothing more is learnt.
      if (value < height * 0.05) break;
    }
    return { at, valley };
  };
  const left = walk(-1);
  const right = walk(1);
  return {
    left: left.at,
    right: right.at,
    prominence: height - Math.max(left.valley, right.valley),
  };
}

/** Maxima that are the Kα2 of a stronger one are no peaks of their own where the doublet is modelled. */
function withoutAlpha2(
  candidates: readonly Candidate[],
  doublet: Doublet | undefined,
): Candidate[] {
  if (doublet === undefined) return [...candidates];
  const ratio = doublet.alpha2Angstrom / doublet.alpha1Angstrom;
  return candidates.filter((candidate, i) => {
    for (let k = i - 1; k >= 0; k--) {
      const parent = candidates[k]!;
      if (candidate.position - parent.position > 0.01 * candidate.position) break;
      const expected = atOtherWavelength(parent.position, ratio);
      const near = Math.abs(candidate.position - expected) < 0.35 * parent.fwhm;
      if (near && candidate.height < 1.6 * doublet.ratio * parent.height) return false;
    }
    return true;
  });
}

function groups(candidates: readonly Candidate[]): Candidate[][] {
  const out: Candidate[][] = [];
  for (const candidate of candidates) {
    const group = out.at(-1);
    const last = group?.at(-1);
    const near =
      last !== undefined &&
      candidate.position - last.position < REACH_WIDTHS * (last.fwhm + candidate.fwhm);
    if (near && group!.length < MAX_GROUP) group!.push(candidate);
    else out.push([candidate]);
  }
  return out;
}
