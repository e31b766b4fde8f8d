/**
 * How alike two scans are. The measures on equal grids take plain arrays; `compareScans` brings two scans
 * to one grid first. Zero and one mean: cosine and Pearson 1 for equal shapes; Jensen-Shannon divergence 0
 * to 1 bit; dynamic time warping a distance; peak matching a fraction, beside which chance gives another.
 */
import { EwaldError } from "../errors.ts";
import { pearson } from "../math/statistics.ts";
import { meanStep } from "./background.ts";
import { resample } from "./resample.ts";
import type { Scan } from "./scan.ts";

function checkLengths(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length === b.length && a.length > 0) return;
  throw new EwaldError(
    "scan/length",
    `patterns of ${a.length} and ${b.length} points are not comparable`,
    {
      value: b.length,
      hint: "Resample both on one grid.",
    },
  );
}

/** a·b / (|a||b|); 0 where one is zero throughout. */
export function cosineSimilarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkLengths(a, b);
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return aa > 0 && bb > 0 ? dot / Math.sqrt(aa * bb) : 0;
}

/** Pearson's correlation coefficient; 0 where one is constant. */
export function pearsonCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkLengths(a, b);
  return isConstant(a) || isConstant(b) ? 0 : pearson(a, b);
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/**
 * Jensen-Shannon divergence in bits of two patterns taken as distributions: 0 equal, 1 disjoint. (scipy's
 * `jensenshannon(base=2)` is its square root.)
 * @throws EwaldError `scan/option` for negative values or no intensity.
 */
export function jensenShannonDivergence(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkLengths(a, b);
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < a.length; i++) {
    if (!(a[i]! >= 0 && b[i]! >= 0)) {
      throw new EwaldError("scan/option", "a distribution has no negative values", {
        value: Math.min(a[i]!, b[i]!),
        hint: "Clip at zero after taking the background away.",
      });
    }
    sumA += a[i]!;
    sumB += b[i]!;
  }
  if (!(sumA > 0 && sumB > 0)) throw new EwaldError("scan/option", "a pattern without intensity");
  let divergence = 0;
  for (let i = 0; i < a.length; i++) {
    const p = a[i]! / sumA;
    const q = b[i]! / sumB;
    const m = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log2(p / m)) / 2;
    if (q > 0) divergence += (q * Math.log2(q / m)) / 2;
  }
  return Math.max(0, divergence);
}

/**
 * Dynamic time warping distance, √Σ(a−b)² along the cheapest path (H. Sakoe, S. Chiba, IEEE Trans. ASSP
 * 26 (1978) 43). `window` is the largest shift in points (Sakoe-Chiba band): unlimited warping would turn
 * any peak into any other. Time grows with length × window, memory with length.
 */
export function dtwDistance(a: ArrayLike<number>, b: ArrayLike<number>, window: number): number {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0) checkLengths(a, b);
  const band = Math.max(Math.floor(window), Math.abs(n - m));
  let before = new Float64Array(m + 1).fill(Infinity);
  let now = new Float64Array(m + 1).fill(Infinity);
  before[0] = 0;
  for (let i = 1; i <= n; i++) {
    now.fill(Infinity);
    const from = Math.max(1, i - band);
    const to = Math.min(m, i + band);
    for (let j = from; j <= to; j++) {
      const cost = (a[i - 1]! - b[j - 1]!) ** 2;
      now[j] = cost + Math.min(before[j]!, before[j - 1]!, now[j - 1]!);
    }
    [before, now] = [now, before];
  }
  return Math.sqrt(before[m]!);
}

export interface PeakMatch {
  /** Pairs of indices (a, b), each peak at most once, nearest pairs first. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Part of a's peaks that found a partner. */
  readonly matchedOfA: number;
  readonly matchedOfB: number;
  /** Dice coefficient: 2 pairs / (peaks of a + peaks of b). */
  readonly score: number;
  /** `matchedOfA` expected of peaks thrown anywhere in the range: the part of it within tolerance of b's peaks. */
  readonly chanceOfA: number;
  readonly chanceOfB: number;
}

/** Length of the union of [p − t, p + t] within the range, over the range. */
function coverage(
  positions: ArrayLike<number>,
  tolerance: number,
  [low, high]: readonly [number, number],
): number {
  const sorted = Array.from(positions).sort((a, b) => a - b);
  let covered = 0;
  let end = low;
  for (const position of sorted) {
    const from = Math.max(end, position - tolerance);
    const to = Math.min(high, position + tolerance);
    if (to > from) covered += to - from;
    end = Math.max(end, Math.min(high, position + tolerance));
  }
  return high > low ? covered / (high - low) : 0;
}

/**
 * One-to-one matching of peak positions within a tolerance, with the level that chance alone would reach:
 * a match of 0.6 says nothing where thirty lines of ±0.5° cover half of the range.
 */
export function matchPeakPositions(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: { readonly tolerance: number; readonly range: readonly [number, number] },
): PeakMatch {
  const { tolerance, range } = options;
  const close: { i: number; j: number; off: number }[] = [];
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j < b.length; j++) {
      const off = Math.abs(a[i]! - b[j]!);
      if (off <= tolerance) close.push({ i, j, off });
    }
  }
  close.sort((one, other) => one.off - other.off);
  const usedA = new Set<number>();
  const usedB = new Set<number>();
  const pairs: (readonly [number, number])[] = [];
  for (const { i, j } of close) {
    if (usedA.has(i) || usedB.has(j)) continue;
    usedA.add(i);
    usedB.add(j);
    pairs.push([i, j]);
  }
  const part = (whole: number): number => (whole === 0 ? 0 : pairs.length / whole);
  return {
    pairs,
    matchedOfA: part(a.length),
    matchedOfB: part(b.length),
    score: a.length + b.length === 0 ? 0 : (2 * pairs.length) / (a.length + b.length),
    chanceOfA: coverage(b, tolerance, range),
    chanceOfB: coverage(a, tolerance, range),
  };
}

/** How alike two scans are, by several measures. */
export interface ScanSimilarity {
  readonly cosine: number;
  readonly pearson: number;
  /** Bits; of the patterns clipped at zero. */
  readonly jensenShannon: number;
  /** The distance by dynamic time warping of patterns scaled to a maximum of 1, window 0.2 axis units. */
  readonly dtw: number;
  /** Where both have data. */
  readonly range: readonly [number, number];
  readonly step: number;
}

const DTW_WINDOW = 0.2;

/**
 * Two scans over the same axis, compared where both have data, on the coarser of their grids.
 * @throws EwaldError `scan/axis` for different axes, `scan/no-overlap`.
 */
export function compareScans(a: Scan, b: Scan): ScanSimilarity {
  const [first, second] = [a.ranges[0]!, b.ranges[0]!];
  if (first.axis.kind !== second.axis.kind) {
    throw new EwaldError(
      "scan/axis",
      `a scan over ${first.axis.kind} and one over ${second.axis.kind}`,
      {
        value: second.axis.kind,
        hint: "Convert one of them (convertScanAxis).",
      },
    );
  }
  const low = Math.max(first.axis.values[0]!, second.axis.values[0]!);
  const high = Math.min(first.axis.values.at(-1)!, second.axis.values.at(-1)!);
  if (!(high > low)) {
    throw new EwaldError("scan/no-overlap", "the scans have no range in common", { value: low });
  }
  const step = Math.max(meanStep(first), meanStep(second));
  const onGrid = (scan: Scan): Float64Array => {
    const one = resample({ ...scan, ranges: [scan.ranges[0]!] }, { start: low, stop: high, step });
    return one.ranges[0]!.intensity;
  };
  const left = onGrid(a);
  const right = onGrid(b);
  const size = Math.min(left.length, right.length);
  const [p, q] = [left.subarray(0, size), right.subarray(0, size)];
  const scaled = (values: Float64Array): Float64Array => {
    const top = values.reduce((most, value) => Math.max(most, value), 0) || 1;
    return values.map((value) => value / top);
  };
  return {
    cosine: cosineSimilarity(p, q),
    pearson: pearsonCorrelation(p, q),
    jensenShannon: jensenShannonDivergence(
      p.map((value) => Math.max(0, value)),
      q.map((value) => Math.max(0, value)),
    ),
    dtw: dtwDistance(scaled(p), scaled(q), DTW_WINDOW / step),
    range: [low, high],
    step,
  };
}
