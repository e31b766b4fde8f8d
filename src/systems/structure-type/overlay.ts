/**
 * A known arrangement laid over a scan: which cell fits best, where its lines stand, what of the scan they explain and what
 * they leave. Evidence for people, not a refinement: shapes and widths are the scan's typical ones.
 */
import { type FittedCell, refineCell, trialCells } from "./cell-fit.ts";
import { type CellParameters, type LineList, LISTED_RANGE_DEG, volumeOf } from "./line-list.ts";
import { highestOf, type Observation, type ObservedPeak, widthAt } from "./observation.ts";
import { CU_KA1_ANGSTROM } from "./simulate.ts";
import { type DrawOptions, drawOn, firstAtOrAbove, placeOn, type Placed } from "./placed-lines.ts";
import { type SuspectedTexture, suspectedTexture } from "./suspect-texture.ts";

export interface OverlayOptions {
  /** Least and greatest factor on the cell's lengths; default 0.96 to 1.04. */
  readonly factor?: readonly [number, number];
  /** Largest change of one axis against the others, relative; default 0.03. */
  readonly axial?: number;
}

export interface OverlayLine {
  readonly hkl: readonly [number, number, number];
  readonly twoThetaDeg: number;
  /** Of the peak of this line alone, in the scan's unit. */
  readonly height: number;
}

interface Unexplained {
  readonly twoThetaDeg: number;
  /** Of the area of all peaks, 0 to 1. */
  readonly share: number;
  /** Of the highest peak, 0 to 1. */
  readonly height: number;
}

export interface Overlay {
  readonly cell: CellParameters;
  /** Cube root of the ratio of volumes, fitted cell over given cell. */
  readonly cellFactor: number;
  readonly zeroShiftDeg: number;
  /** Cosine of √I, observed (net of background and noise) and calculated, where both can be compared; 0 to 1. */
  readonly similarity: number;
  /** Lines within the scan, in order of angle. */
  readonly lines: readonly OverlayLine[];
  /** Calculated curve over the scan's points, background left out, in the scan's unit. */
  readonly calculated: Float64Array;
  /** Angles that were compared: beyond them lines are not known. */
  readonly comparedDeg: readonly [number, number];
  /** How much of each of the observation's peaks calculated lines account for, 0 to 1. */
  readonly peakShares: readonly number[];
  /** Share of the peaks' area that calculated lines account for, 0 to 1; heights within a factor of three. */
  readonly explained: number;
  /** Clear peaks without a line, strongest first. */
  readonly unexplained: readonly Unexplained[];
  /** Lines that must be seen and are not, strongest first. */
  readonly missing: readonly OverlayLine[];
  readonly texture: SuspectedTexture | null;
}

/** Line lists end at this sin θ / λ, 1/Å. */
const LIST_END = Math.sin((LISTED_RANGE_DEG[1] * Math.PI) / 360) / CU_KA1_ANGSTROM;
const TRIALS = 12;
const REFINED = 3;
/** Trials are compared with wider peaks: they are near, not right. */
const TRIAL: DrawOptions = { widthFactor: 1.6, leastHeight: 0.01 };
/** Widths, of the scan's typical one, among which the curve's is chosen: a search sees peaks broader than they are. */
const WIDTHS = [1, 0.85, 0.7, 0.55, 0.45, 1.2, 1.5];
const NOISE_CUT = 2;
/** Texture and other elements change a height by up to this factor and the line still is the explanation. */
const MOST_RATIO = 3;
/** An unexplained peak stands at least this high (share of the highest), this clear, and is explained by less than so much. */
const CLEAR_HEIGHT = 0.03;
const CLEAR_SIGNAL = 8;
const LEAST_EXPLAINED = 0.3;
/** A missing line is calculated at least this high, and less than so much of it is there. */
const CLEAR_LINE = 0.08;
const LEAST_SEEN = 0.15;

/** √ of the net intensity, 0 where the calculated curve does not reach. */
function rootNet(observation: Observation, endDeg: number): Float64Array {
  const { intensity, background, noise, twoThetaDeg } = observation;
  return intensity.map((value, i) =>
    twoThetaDeg[i]! > endDeg
      ? 0
      : Math.sqrt(Math.max(0, value - background[i]! - NOISE_CUT * noise[i]!)),
  );
}

/** Cosine of the roots, and the factor that brings the calculated curve to the observed one (in the roots). */
function compare(
  observed: Float64Array,
  calculated: Float64Array,
  { noise }: Observation,
  end: number,
): { readonly cosine: number; readonly scale: number } {
  let found = { cosine: 0, scale: 0 };
  // The second time what of the calculated curve would drown in noise is cut as the observed one was.
  for (const cut of [0, NOISE_CUT]) {
    let [cross, oo, cc] = [0, 0, 0];
    const scale = cut === 0 ? 1 : found.scale;
    for (let i = 0; i < end; i++) {
      const root = Math.sqrt(Math.max(0, scale * calculated[i]! - cut * noise[i]!));
      cross += observed[i]! * root;
      oo += observed[i]! * observed[i]!;
      cc += root * root;
    }
    if (!(oo > 0 && cc > 0)) return { cosine: 0, scale: 0 };
    found = { cosine: cross / Math.sqrt(oo * cc), scale: scale * (cross / cc) ** 2 };
  }
  return found;
}

/** What of a scan a cell's lines can be compared with. */
interface Span {
  readonly endDeg: number;
  readonly end: number;
  /** See {@link rootNet}. */
  readonly observed: Float64Array;
}

/** Lines are listed up to a fixed sin θ / λ of the given cell: a cell so much larger brings that end down. */
function spanOf(observation: Observation, larger: number): Span {
  const endSin = (LIST_END / larger) * observation.wavelengthAngstrom;
  const endDeg = endSin >= 1 ? 180 : (Math.asin(endSin) * 360) / Math.PI;
  const end = firstAtOrAbove(observation.twoThetaDeg, endDeg);
  return { endDeg, end, observed: rootNet(observation, endDeg) };
}

function fitCell(
  observation: Observation,
  lines: LineList,
  { factor = [0.96, 1.04], axial = 0.03 }: OverlayOptions,
): FittedCell {
  const { observed, end } = spanOf(observation, factor[1]);
  const similarityOf = ({ cell, zeroShiftDeg }: FittedCell, options: DrawOptions): number => {
    const placed = placeOn(observation, lines, cell, zeroShiftDeg);
    return compare(observed, drawOn(observation, placed, options), observation, end).cosine;
  };
  const trials = trialCells(observation, lines, { factor, axial }, TRIALS)
    .map((cell) => ({ cell, zeroShiftDeg: 0 }))
    .map((trial) => ({ trial, similarity: similarityOf(trial, TRIAL) }))
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, REFINED);
  let best = { fitted: { cell: lines.cell, zeroShiftDeg: 0 }, similarity: -1 };
  for (const { trial } of trials) {
    for (const fitted of [refineCell(observation, lines, trial.cell), trial]) {
      const similarity = similarityOf(fitted, {});
      if (similarity > best.similarity) best = { fitted, similarity };
    }
  }
  return best.fitted;
}

/**
 * The best place of a compound's lines in a scan. Takes some 10 to 40 ms.
 * @param lines of the compound, see `lineList`
 */
export function overlay(
  observation: Observation,
  lines: LineList,
  options: OverlayOptions = {},
): Overlay {
  const { twoThetaDeg, peaks } = observation;
  const { cell, zeroShiftDeg } = fitCell(observation, lines, options);
  const longer = [0, 1, 2].map((i) => cell[i]! / lines.cell[i]!);
  const { observed, end, endDeg } = spanOf(observation, Math.max(...longer));
  const placed = placeOn(observation, lines, cell, zeroShiftDeg);
  const drawn = WIDTHS.map((widthFactor) => {
    const curve = drawOn(observation, placed, { widthFactor });
    return { curve, ...compare(observed, curve, observation, end) };
  });
  const { curve, cosine, scale: ofRoots } = drawn.reduce((a, b) => (b.cosine > a.cosine ? b : a));
  const scale = peakScale(observation, curve, endDeg) ?? ofRoots;
  const calculated = curve.map((value) => value * scale);
  const comparedDeg = [twoThetaDeg[0]!, Math.min(endDeg, twoThetaDeg.at(-1)!)] as const;
  const shares = explainedShares(observation, calculated);
  const placedLines = linesOf(lines, placed, scale, comparedDeg);
  return {
    cell,
    zeroShiftDeg,
    similarity: cosine,
    cellFactor: Math.cbrt(volumeOf(cell) / volumeOf(lines.cell)),
    lines: placedLines,
    calculated,
    comparedDeg,
    peakShares: shares,
    explained: explainedTotal(peaks, shares, comparedDeg[1]),
    unexplained: unexplainedPeaks(peaks, shares, comparedDeg[1]),
    missing: missingLines(observation, placedLines, calculated),
    texture: suspectedTexture(observation, lines, cell, placed),
  };
}

/** Factor that brings a curve to the peaks' heights (in the roots), where it has any; tails do not enter. */
function peakScale(
  { peaks, twoThetaDeg, width }: Observation,
  curve: Float64Array,
  endDeg: number,
): number | undefined {
  let [cross, cc] = [0, 0];
  for (const { twoThetaDeg: at, height } of peaks) {
    if (at > endDeg) continue;
    const there = highestNear(twoThetaDeg, curve, at, 0.5 * widthAt(width, at));
    cross += Math.sqrt(height * there);
    cc += there;
  }
  return cc > 0 ? (cross / cc) ** 2 : undefined;
}

function linesOf(
  { hkl }: LineList,
  placed: Placed,
  scale: number,
  [from, to]: readonly [number, number],
): OverlayLine[] {
  return Array.from(placed.index, (line, i) => ({
    hkl: [hkl[3 * line]!, hkl[3 * line + 1]!, hkl[3 * line + 2]!] as const,
    twoThetaDeg: placed.twoThetaDeg[i]!,
    height: placed.height[i]! * scale,
  }))
    .filter(({ twoThetaDeg }) => twoThetaDeg >= from && twoThetaDeg <= to)
    .sort((a, b) => a.twoThetaDeg - b.twoThetaDeg);
}

/** Greatest value of a curve around an angle. */
function highestNear(x: Float64Array, y: Float64Array, at: number, reach: number): number {
  let most = 0;
  for (let i = firstAtOrAbove(x, at - reach); i < x.length && x[i]! <= at + reach; i++)
    most = Math.max(most, y[i]!);
  return most;
}

/** How much of each peak calculated lines account for, 0 to 1. */
function explainedShares(
  { peaks, twoThetaDeg, width }: Observation,
  calculated: Float64Array,
): number[] {
  return peaks.map((peak) => {
    const reach = 0.5 * Math.min(peak.fwhmDeg, 2 * widthAt(width, peak.twoThetaDeg));
    const height = highestNear(twoThetaDeg, calculated, peak.twoThetaDeg, reach);
    return Math.min(1, (MOST_RATIO * height) / peak.height);
  });
}

function explainedTotal(
  peaks: readonly ObservedPeak[],
  shares: readonly number[],
  endDeg: number,
): number {
  let [sum, explained] = [0, 0];
  for (const [i, { twoThetaDeg, share }] of peaks.entries()) {
    if (twoThetaDeg > endDeg) continue;
    sum += share;
    explained += share * shares[i]!;
  }
  return sum > 0 ? explained / sum : 0;
}

function unexplainedPeaks(
  peaks: readonly ObservedPeak[],
  shares: readonly number[],
  endDeg: number,
): Unexplained[] {
  const top = highestOf(peaks);
  return peaks
    .filter(
      ({ twoThetaDeg, height, signalToNoise }, i) =>
        twoThetaDeg <= endDeg &&
        height >= CLEAR_HEIGHT * top &&
        signalToNoise >= CLEAR_SIGNAL &&
        shares[i]! < LEAST_EXPLAINED,
    )
    .map(({ twoThetaDeg, share, height }) => ({ twoThetaDeg, share, height: height / top }))
    .sort((a, b) => b.height - a.height);
}

function missingLines(
  { twoThetaDeg, intensity, background, noise, peaks, width }: Observation,
  lines: readonly OverlayLine[],
  calculated: Float64Array,
): OverlayLine[] {
  const top = highestOf(peaks);
  const net = intensity.map((value, i) => value - background[i]!);
  return lines
    .filter(({ twoThetaDeg: at, height }) => {
      if (height < CLEAR_LINE * top) return false;
      const reach = 0.6 * widthAt(width, at);
      const wanted = highestNear(twoThetaDeg, calculated, at, 0.1 * reach);
      const found = highestNear(twoThetaDeg, net, at, reach);
      const sigma = noise[Math.min(noise.length - 1, firstAtOrAbove(twoThetaDeg, at))]!;
      return found < LEAST_SEEN * wanted && wanted > CLEAR_SIGNAL * sigma;
    })
    .sort((a, b) => b.height - a.height);
}
