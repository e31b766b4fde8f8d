/**
 * Known compounds as short line lists on the axis of bins, and how well each fits a pattern when its cell may be a little larger
 * or smaller. The measure needs no network: both are sets of peaks, each peak a Gaussian of fixed width on the axis,
 * and the similarity is the cosine of the two sums. It finds the nearest known compound, is the baseline that the networks
 * have to beat, and one of the witnesses beside them.
 */
import type { ScanConditions } from "../diffraction/scan-conditions.ts";
import type { LineList } from "../diffraction/line-list.ts";
import { binOfTwoThetaDeg, type Pattern, PATTERN_SIZE, PATTERN_STEP } from "../scan/log-pattern.ts";
import { placeLines } from "../diffraction/simulated-scan.ts";

/** Lines kept of a compound, strongest first. */
const MOST_LINES = 56;
/** Standard deviation of a peak on the axis, bins: 0.6 % of sin θ. */
const TOLERANCE = 3;
/** Largest change of the cell, bins (0.19 % each), and step of the search. */
const MOST_SHIFT = 16;
const SHIFT_STEP = 2;
/** The same as a fraction of the cell. */
export const LARGEST_CHANGE = Math.expm1(MOST_SHIFT * PATTERN_STEP);
/** Peaks below this share of the strongest (of the root of intensity) do not count. */
const LEAST_PEAK = 0.06;

/** Positions (bins) and heights (root of intensity, strongest 1), in order of position. */
export interface PeakSet {
  readonly bin: Float32Array;
  readonly height: Float32Array;
}

const IDEAL: ScanConditions = {
  isotropicStrain: 0,
  axialStrain: [0, 0, 0],
  angleShiftDeg: [0, 0, 0],
  bIsoAngstrom2: 0.7,
  march: 1,
  textureAxis: "001",
  sizeAngstrom: 1000,
  microstrain: 0,
  instrumentWidthDeg: 0.1,
  instrumentSlopeDeg: 0,
  instrumentLorentz: 0.5,
  zeroShiftDeg: 0,
  displacementDeg: 0,
  kAlpha2: 0,
  peakCounts: Infinity,
  background: { constant: 0, air: 0, hump: 0 },
  humpCentreDeg: 25,
  humpWidthDeg: 10,
  rangeDeg: [5, 110],
  impurity: 0,
};

/** The peaks of a compound's ideal powder; lines nearer than 1.5 bins are one. */
export function peaksOfLines(lines: LineList): PeakSet {
  const placed = placeLines(lines, IDEAL);
  const at = Array.from({ length: placed.count }, (_, i) => i)
    .filter((i) => placed.twoThetaDeg[i]! > 3 && placed.twoThetaDeg[i]! < 115)
    .toSorted((a, b) => placed.twoThetaDeg[a]! - placed.twoThetaDeg[b]!);
  const merged: { bin: number; area: number }[] = [];
  for (const i of at) {
    const bin = binOfTwoThetaDeg(placed.twoThetaDeg[i]!);
    const area = placed.area[i]!;
    const last = merged.at(-1);
    if (last !== undefined && bin - last.bin < 1.5) {
      last.bin = (last.bin * last.area + bin * area) / (last.area + area);
      last.area += area;
    } else merged.push({ bin, area });
  }
  const most = Math.max(...merged.map(({ area }) => area));
  const kept = merged
    .filter(({ area }) => Math.sqrt(area / most) >= LEAST_PEAK)
    .toSorted((a, b) => b.area - a.area)
    .slice(0, MOST_LINES)
    .toSorted((a, b) => a.bin - b.bin);
  return {
    bin: Float32Array.from(kept, ({ bin }) => bin),
    height: Float32Array.from(kept, ({ area }) => Math.sqrt(area / most)),
  };
}

/** The maxima of a pattern that stand out. */
function peaksOfPattern({ intensity }: Pattern): PeakSet {
  const bin: number[] = [];
  const height: number[] = [];
  for (let i = 1; i + 1 < PATTERN_SIZE; i++) {
    const [left, middle, right] = [intensity[i - 1]!, intensity[i]!, intensity[i + 1]!];
    if (middle < LEAST_PEAK || middle < left || middle <= right) continue;
    const curvature = left - 2 * middle + right;
    bin.push(i + (curvature < 0 ? (0.5 * (left - right)) / curvature : 0));
    height.push(middle);
  }
  return { bin: Float32Array.from(bin), height: Float32Array.from(height) };
}

const WINDOW = 3 * TOLERANCE;

/** Overlap of two peaks at a distance of `d` bins. */
function overlap(d: number): number {
  return Math.exp((-d * d) / (4 * TOLERANCE * TOLERANCE));
}

/** Σ over pairs of heights times overlaps, of peaks from index `from` to `to` (excluded). */
function selfOverlap({ bin, height }: PeakSet, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    sum += height[i]! * height[i]!;
    for (let j = i + 1; j < to && bin[j]! - bin[i]! < 2 * WINDOW; j++)
      sum += 2 * height[i]! * height[j]! * overlap(bin[j]! - bin[i]!);
  }
  return sum;
}

/** A pattern made ready to be compared with many compounds. */
export interface Target {
  /** Σ of heights times overlaps with a peak at each bin. */
  readonly field: Float64Array;
  readonly norm: number;
  readonly first: number;
  readonly last: number;
}

export function targetOf(pattern: Pattern): Target {
  const peaks = peaksOfPattern(pattern);
  const field = new Float64Array(PATTERN_SIZE);
  for (const [i, bin] of peaks.bin.entries()) {
    const to = Math.min(PATTERN_SIZE - 1, Math.floor(bin + 2 * WINDOW));
    for (let b = Math.max(0, Math.ceil(bin - 2 * WINDOW)); b <= to; b++)
      field[b]! += peaks.height[i]! * overlap(b - bin);
  }
  return {
    field,
    norm: Math.sqrt(selfOverlap(peaks, 0, peaks.bin.length)),
    first: pattern.observed.indexOf(1),
    last: pattern.observed.lastIndexOf(1),
  };
}

export interface Fit {
  /** Cosine, 0 to 1. */
  readonly similarity: number;
  /** Factor on the compound's cell: above 1 where the measured crystal is larger. */
  readonly cellFactor: number;
}

/** Similarity of a compound to the target with its lines moved by `shift` bins; lines outside the range do not count. */
function similarityAt(compound: PeakSet, target: Target, shift: number): number {
  const { bin, height } = compound;
  let from = 0;
  let to = bin.length;
  while (from < to && bin[from]! + shift < target.first) from++;
  while (to > from && bin[to - 1]! + shift > target.last) to--;
  if (from === to) return 0;
  let product = 0;
  for (let i = from; i < to; i++) {
    const x = bin[i]! + shift;
    const left = Math.max(0, Math.min(PATTERN_SIZE - 2, Math.floor(x)));
    const share = x - left;
    product += height[i]! * (target.field[left]! * (1 - share) + target.field[left + 1]! * share);
  }
  return product / (Math.sqrt(selfOverlap(compound, from, to)) * Math.max(target.norm, 1e-9));
}

/**
 * A quick bound on {@link fitCompound}, good enough to sort by: the strongest lines only, sizes in larger steps.
 * @param strongest indices of the compound's lines, strongest first
 */
export function roughSimilarity(
  { bin, height }: PeakSet,
  strongest: ArrayLike<number>,
  norm: number,
  target: Target,
): number {
  let best = 0;
  for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT; shift += 2 * SHIFT_STEP) {
    let product = 0;
    for (let k = 0; k < strongest.length; k++) {
      const i = strongest[k]!;
      const at = Math.round(bin[i]! + shift);
      if (at >= target.first && at <= target.last) product += height[i]! * target.field[at]!;
    }
    if (product > best) best = product;
  }
  return best / (norm * Math.max(target.norm, 1e-9));
}

/** √ of a compound's overlap with itself. */
export function normOf(compound: PeakSet): number {
  return Math.sqrt(selfOverlap(compound, 0, compound.bin.length));
}

/** The best similarity over sizes of the cell. */
export function fitCompound(compound: PeakSet, target: Target): Fit {
  let best = { similarity: 0, shift: 0 };
  const attempt = (shift: number): void => {
    const similarity = similarityAt(compound, target, shift);
    if (similarity > best.similarity) best = { similarity, shift };
  };
  for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT; shift += SHIFT_STEP) attempt(shift);
  const { shift } = best;
  attempt(shift - SHIFT_STEP / 2);
  attempt(shift + SHIFT_STEP / 2);
  return {
    similarity: Math.min(1, best.similarity),
    cellFactor: Math.exp(-best.shift * PATTERN_STEP),
  };
}
