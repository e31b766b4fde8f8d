/**
 * The cell of a known arrangement found in a scan: first by trying sizes and axial ratios, lines looked up in the scan over
 * ln sin θ (there a larger cell is a shift), then by least squares of paired peaks and lines.
 */
import { cellOfFree, freeCell } from "../crystal/free-cell.ts";
import type { CrystalSystem } from "../crystal/symmetry/space-group.ts";
import {
  atMost180,
  RADIANS,
  sinThetaOf,
  thetaRadOf,
  twoThetaDegOfG,
  twoThetaDegPerG2,
} from "../radiation/angles.ts";
import { leastSquares } from "../math/least-squares.ts";
import type { CellParameters, LineList } from "../diffraction/line-list.ts";
import { type Observation, widthAt } from "../scan/observe.ts";
import { reciprocalOf, squaredLengths, squaredLengthSlopes } from "../diffraction/line-places.ts";
import { type Placed, placeOn, relativeHeight } from "./placed-lines.ts";

export interface CellRange {
  /** Least and greatest factor on the lengths of the given cell. */
  readonly factor: readonly [number, number];
  /** Largest relative change of one axis against the others. */
  readonly axial: number;
}

export interface FittedCell {
  readonly cell: CellParameters;
  readonly zeroShiftDeg: number;
}

type Strain = readonly number[];

/** The cell with its free parameters changed: relative lengths first, then angles in degrees. */
export function changed(
  cell: CellParameters,
  system: CrystalSystem,
  p: ArrayLike<number>,
): CellParameters {
  const { edges, edgeOf, angles } = freeCell(system);
  const out: [number, number, number, number, number, number] = [...cell];
  for (let i = 0; i < 3; i++) out[i]! *= 1 + p[edgeOf[i]!]!;
  for (const [j, at] of angles.entries()) out[at]! += p[edges.length + j]!;
  return out;
}

/** Adds, to a row of a Jacobian from `at` on, `factor` times what changes with the free parameters of {@link changed}. */
function addChange(
  row: Float64Array,
  at: number,
  slopes: ArrayLike<number>,
  cell: CellParameters,
  system: CrystalSystem,
  factor: number,
): void {
  const { edges, edgeOf, angles } = freeCell(system);
  for (let i = 0; i < 3; i++) row[at + edgeOf[i]!]! += factor * slopes[i]! * cell[i]!;
  for (const [j, place] of angles.entries()) row[at + edges.length + j]! += factor * slopes[place]!;
}

/** The cell with what its crystal system asks for: tables state a and b of quartz with a difference of 0.0005 Å. */
export function symmetricCell({ cell, system }: LineList): CellParameters {
  const { edges, edgeOf, angles } = freeCell(system);
  // Tied edges become their geometric mean.
  const means = edges.map((_, edge) => {
    const tied = cell.slice(0, 3).filter((_, i) => edgeOf[i] === edge);
    const product = tied.reduce((sofar, length) => sofar * length);
    return tied.length === 3
      ? Math.cbrt(product)
      : tied.length === 2
        ? Math.sqrt(product)
        : product;
  });
  const made = cellOfFree(system, [...means, ...angles.map((at) => cell[at]!)]);
  return [made.a, made.b, made.c, made.alphaDeg, made.betaDeg, made.gammaDeg];
}

/** Number of free lengths and of free angles. */
export function freedom(system: CrystalSystem): readonly [number, number] {
  const { edges, angles } = freeCell(system);
  return [edges.length, angles.length];
}

/** Changes of shape that are tried, the size kept: axial ratios on a grid, the monoclinic angle too. */
function shapes(system: CrystalSystem, axial: number): Strain[] {
  const [lengths, angles] = freedom(system);
  if (lengths === 1 || axial === 0) return [Array.from({ length: lengths + angles }, () => 0)];
  const steps = lengths === 2 ? 6 : angles === 0 ? 3 : 2;
  const values = Array.from({ length: 2 * steps + 1 }, (_, i) => ((i - steps) / steps) * axial);
  if (lengths === 2) return values.map((t) => [-t / 3, (2 * t) / 3]);
  const turns = angles === 1 ? [-1, -0.5, 0, 0.5, 1] : [0];
  return values.flatMap((s) =>
    values.flatMap((t) =>
      turns.map((turn) => [
        (2 * s - t) / 3,
        (2 * t - s) / 3,
        -(s + t) / 3,
        ...Array.from({ length: angles }, () => turn),
      ]),
    ),
  );
}

/** Step over ln sin θ of the look-up, and how far a line may be beside a peak and still count in part. */
const LOOKUP_STEP = 0.001;
const BLUR = 3;
/** Points are counted from so many standard deviations over the background. */
const NOISE_CUT = 2;

interface Lookup {
  readonly first: number;
  readonly values: Float64Array;
}

/** √ of the net intensity over ln sin θ, highest 1; the greatest of each bin, blurred. */
function lookupOf({ twoThetaDeg, intensity, background, noise }: Observation): Lookup {
  const position = (at: number): number => Math.log(sinThetaOf(at));
  const first = position(twoThetaDeg[0]!);
  const size = Math.ceil((position(twoThetaDeg.at(-1)!) - first) / LOOKUP_STEP) + 1;
  const most = new Float64Array(size);
  let top = 0;
  let before = 0;
  for (let i = 0; i < intensity.length; i++) {
    const net = Math.max(0, intensity[i]! - background[i]! - NOISE_CUT * noise[i]!);
    const bin = Math.min(size - 1, Math.round((position(twoThetaDeg[i]!) - first) / LOOKUP_STEP));
    // At low angles a step of the scan covers several bins.
    for (let k = i === 0 ? bin : Math.min(bin, before + 1); k <= bin; k++)
      most[k] = Math.max(most[k]!, net);
    before = bin;
    top = Math.max(top, net);
  }
  const values = most.map((_, bin) => {
    let best = 0;
    for (let k = -BLUR; k <= BLUR; k++) {
      const near = Math.sqrt((most[bin + k] ?? 0) / (top || 1));
      best = Math.max(best, near * (1 - Math.abs(k) / (BLUR + 1)));
    }
    return best;
  });
  return { first, values };
}

/** Lines that are looked up: the strongest. */
const LOOKED_UP = 45;
/** Lines outside the scan weigh this share in the norm: one line that happens to fall on a peak is no pattern. */
const OUTSIDE = 0.15;

interface Trial {
  readonly cell: CellParameters;
  readonly score: number;
}

/** Cells whose strong lines fall on intensity, best first; a few, apart from each other. */
export function trialCells(
  observation: Observation,
  lines: LineList,
  { factor, axial }: CellRange,
  count: number,
): CellParameters[] {
  const lookup = lookupOf(observation);
  const half = observation.wavelengthAngstrom / 2;
  const squared = squaredLengths(lines.hkl, reciprocalOf(lines.cell));
  const heights = squared.map((g2, i) =>
    relativeHeight(lines.strength[i]!, g2, Math.min(0.95, g2 * half * half), observation.width),
  );
  const order = [...heights.keys()].sort((i, j) => heights[j]! - heights[i]!).slice(0, LOOKED_UP);
  const weights = Float64Array.from(order, (i) => Math.sqrt(heights[i]!));
  const norm = weights.reduce((sum, weight) => sum + weight * weight, 0);
  const kept = indicesOf(lines, order);
  const steps = Math.ceil(Math.log(factor[1] / factor[0]) / (2 * LOOKUP_STEP));
  const trials: Trial[] = [];
  for (const strain of shapes(lines.system, axial)) {
    const cell = changed(lines.cell, lines.system, strain);
    const bins = squaredLengths(kept, reciprocalOf(cell)).map(
      (g2) => (Math.log(Math.sqrt(g2) * half) - lookup.first) / LOOKUP_STEP,
    );
    const scores = new Float64Array(steps + 1);
    for (let s = 0; s <= steps; s++) {
      const shift = (Math.log(factor[0]) + s * 2 * LOOKUP_STEP) / LOOKUP_STEP;
      scores[s] = lookUp(lookup.values, bins, weights, shift, norm);
    }
    for (let s = 0; s <= steps; s++) {
      if (scores[s]! < (scores[s - 1] ?? 0) || scores[s]! < (scores[s + 1] ?? 0)) continue;
      const size = factor[0] * Math.exp(2 * s * LOOKUP_STEP);
      trials.push({ cell: scaledCell(cell, size), score: scores[s]! });
    }
  }
  return apart(
    trials.sort((a, b) => b.score - a.score),
    count,
  );
}

function lookUp(
  values: Float64Array,
  bins: Float64Array,
  weights: Float64Array,
  shift: number,
  norm: number,
): number {
  let sum = 0;
  let inside = 0;
  for (let i = 0; i < bins.length; i++) {
    const value = values[Math.round(bins[i]! - shift)];
    if (value === undefined) continue;
    sum += weights[i]! * value;
    inside += weights[i]! * weights[i]!;
  }
  return sum / Math.sqrt(inside + OUTSIDE * norm);
}

function scaledCell(cell: CellParameters, factor: number): CellParameters {
  const [a, b, c, alpha, beta, gamma] = cell;
  return [a * factor, b * factor, c * factor, alpha, beta, gamma];
}

function apart(trials: readonly Trial[], count: number): CellParameters[] {
  const chosen: CellParameters[] = [];
  for (const { cell } of trials) {
    if (chosen.length === count) break;
    const isNear = chosen.some((other) =>
      cell.every((value, i) => Math.abs(value / other[i]! - 1) < 0.004),
    );
    if (!isNear) chosen.push(cell);
  }
  return chosen;
}

/** Relative distance in sin θ within which peaks and lines are paired, round by round. */
const ROUNDS = [0.008, 0.004, 0.002, 0.0015] as const;
const MOST_PAIRS = 40;
/** Standard deviations expected before looking: changes of lengths (relative) and angles, zero shift. */
const STRAIN_SIGMA = 0.02;
const TURN_SIGMA_DEG = 1;
const ZERO_SIGMA_DEG = 0.1;

interface Pair {
  readonly line: number;
  /** Observed angle less what neighbours of the line add to it, degrees. */
  readonly twoThetaDeg: number;
  readonly weight: number;
}

/**
 * The cell and zero shift that bring lines onto the peaks beside them.
 * @param skipped rounds left out at the beginning: a cell that is nearly right is not led away by far peaks
 */
export function refineCell(
  observation: Observation,
  lines: LineList,
  start: CellParameters,
  skipped = 0,
): FittedCell {
  let fitted: FittedCell = { cell: start, zeroShiftDeg: 0 };
  for (const tolerance of ROUNDS.slice(skipped)) {
    const placed = placeOn(observation, lines, fitted.cell, fitted.zeroShiftDeg);
    const pairs = pairsOf(observation, placed, tolerance);
    if (pairs.length === 0) break;
    fitted = solve(observation, lines, fitted, pairs);
  }
  return fitted;
}

function pairsOf({ peaks, width }: Observation, placed: Placed, tolerance: number): Pair[] {
  const strongest = peaks.toSorted((a, b) => b.height - a.height).slice(0, MOST_PAIRS);
  const top = strongest[0]?.height ?? 1;
  const pairs: Pair[] = [];
  for (const { twoThetaDeg, height } of strongest) {
    const fwhm = widthAt(width, twoThetaDeg);
    const reach =
      (2 * Math.tan(thetaRadOf(twoThetaDeg)) * tolerance) / RADIANS + 0.35 * fwhm + 0.02;
    let best = -1;
    let value = 0;
    for (let i = 0; i < placed.count; i++) {
      const off = (placed.twoThetaDeg[i]! - twoThetaDeg) / reach;
      const worth = placed.height[i]! * (1 - off * off);
      if (Math.abs(off) < 1 && worth > value) [best, value] = [i, worth];
    }
    if (best < 0) continue;
    const at = placed.twoThetaDeg[best]!;
    let [sum, moment] = [0, 0];
    for (let i = 0; i < placed.count; i++) {
      const off = placed.twoThetaDeg[i]! - at;
      if (Math.abs(off) > 0.6 * fwhm) continue;
      sum += placed.height[i]!;
      moment += placed.height[i]! * off;
    }
    const weight = Math.sqrt(Math.min(height / top, placed.height[best]!)) / (0.02 + 0.15 * fwhm);
    pairs.push({ line: placed.index[best]!, twoThetaDeg: twoThetaDeg - moment / sum, weight });
  }
  return pairs;
}

/** h, k, l of some lines, (lines, 3). */
function indicesOf({ hkl }: LineList, lines: readonly number[]): Int16Array {
  return Int16Array.from(lines.flatMap((i) => Array.from(hkl.subarray(3 * i, 3 * i + 3))));
}

function solve(
  { wavelengthAngstrom }: Observation,
  lines: LineList,
  { cell, zeroShiftDeg }: FittedCell,
  pairs: readonly Pair[],
): FittedCell {
  const { system } = lines;
  const [lengths, angles] = freedom(system);
  const count = lengths + angles + 1;
  const hkl = indicesOf(lines, pairs.map(({ line }) => line)); // prettier-ignore
  const lengthsOf = (p: Float64Array): Float64Array =>
    squaredLengths(hkl, reciprocalOf(changed(cell, system, p)));
  // What is expected before looking: the last rows.
  const sigma = Array.from({ length: count }, (_, j) =>
    j < lengths ? STRAIN_SIGMA : j < count - 1 ? TURN_SIGMA_DEG : ZERO_SIGMA_DEG,
  );
  const residuals = (p: Float64Array, out: Float64Array): void => {
    const squared = lengthsOf(p);
    const zero = zeroShiftDeg + p[count - 1]!;
    for (const [k, { twoThetaDeg, weight }] of pairs.entries()) {
      const at = atMost180(twoThetaDegOfG(Math.sqrt(squared[k]!), wavelengthAngstrom));
      out[k] = weight * (twoThetaDeg - zero - at);
    }
    for (let j = 0; j < count; j++)
      out[pairs.length + j] = (j === count - 1 ? zero : p[j]!) / sigma[j]!;
  };
  const jacobian = (p: Float64Array, out: Float64Array): void => {
    out.fill(0);
    const squared = lengthsOf(p);
    const slopes = squaredLengthSlopes(hkl, changed(cell, system, p));
    for (const [k, { weight }] of pairs.entries()) {
      out[k * count + count - 1] = -weight;
      const sin2 = (squared[k]! * wavelengthAngstrom ** 2) / 4;
      // Beyond reach a line stays at 180°.
      if (!(sin2 < 1)) continue;
      const perG2 = -weight * twoThetaDegPerG2(sin2, wavelengthAngstrom);
      addChange(out, k * count, slopes.subarray(6 * k, 6 * k + 6), cell, system, perG2);
    }
    for (let j = 0; j < count; j++) out[(pairs.length + j) * count + j] = 1 / sigma[j]!;
  };
  const { parameters } = leastSquares(
    { residualCount: pairs.length + count, residuals, jacobian },
    new Float64Array(count),
    { maxIterations: 8, tolerance: 1e-7 },
  );
  return {
    cell: changed(cell, system, parameters),
    zeroShiftDeg: zeroShiftDeg + parameters[count - 1]!,
  };
}
