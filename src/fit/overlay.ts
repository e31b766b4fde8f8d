/**
 * A known arrangement laid over a scan: which cell fits best, where its lines stand, what of the scan they explain and what
 * they leave. Evidence for people, not a refinement: shapes and widths are the scan's typical ones.
 */
import { lowerBound } from "../math/sorted.ts";
import type { FittedCell } from "./cell-fit.ts";
import {
  type CellParameters,
  inOwnSetting,
  type LineList,
  ownHkl,
  volumeOf,
} from "../diffraction/line-list.ts";
import { highestOf, type Observation, type ObservedPeak, widthAt } from "../scan/observe.ts";
import { fitCellNear, fitCellWithin, givenCell } from "./overlay-cell.ts";
import { drawOn, placeOn, type Placed } from "./placed-lines.ts";
import { compare, longestChange, spanOf } from "./root-agreement.ts";
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
  /** The height of the peak of this line alone, in the scan's unit. */
  readonly height: number;
}

interface Unexplained {
  readonly twoThetaDeg: number;
  /** The share of the area of all peaks, 0 to 1. */
  readonly share: number;
  /** The height relative to the highest peak, 0 to 1. */
  readonly height: number;
}

/** Lines of a structure laid over a scan: fitted cell and shift, agreement, what they leave unexplained. */
export interface Overlay {
  /** In the setting that the structure was given in. */
  readonly cell: CellParameters;
  readonly cellIs: CellIs;
  /** Cube root of the ratio of volumes, this cell over the given one. */
  readonly cellFactor: number;
  /** Changes of a, b and c against the given cell, %. */
  readonly cellChangePercent: readonly [number, number, number];
  readonly zeroShiftDeg: number;
  /** Cosine of √I, observed (net of background and noise) and calculated, where both can be compared; 0 to 1. */
  readonly agreement: number;
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

/** Widths, of the scan's typical one, among which the curve's is chosen: a search sees peaks broader than they are. */
const WIDTHS = [1, 0.85, 0.7, 0.55, 0.45, 1.2, 1.5];
/** Texture and other elements change a height by up to this factor and the line still is the explanation. */
const MOST_RATIO = 3;
/** An unexplained peak stands at least this high (share of the highest), this clear, and is explained by less than so much. */
const CLEAR_HEIGHT = 0.03;
const CLEAR_SIGNAL = 8;
const LEAST_EXPLAINED = 0.3;
/** A missing line is calculated at least this high, and less than so much of it is there. */
const CLEAR_LINE = 0.08;
const LEAST_SEEN = 0.15;

/**
 * The best place of a compound's lines in a scan. Takes some 10 to 40 ms.
 * @param lines of the compound, see `lineList`
 */
export function overlay(
  observation: Observation,
  lines: LineList,
  { factor = [0.96, 1.04], axial = 0.03 }: OverlayOptions = {},
): Overlay {
  return layOver(
    observation,
    lines,
    fitCellWithin(observation, lines, { factor, axial }),
    "fitted",
  );
}

/**
 * A user's own structure laid over a scan as it is, angles as they are; or with a cell near the given one, the zero shift fitted too.
 * @param lines of the structure, see `ownLines`
 * @param change largest relative change of an axis, 0 for none
 */
export function overlayOwn(observation: Observation, lines: LineList, change = 0): Overlay {
  if (change === 0)
    return layOver(observation, lines, { cell: givenCell(lines), zeroShiftDeg: 0 }, "as given");
  return layOver(observation, lines, fitCellNear(observation, lines, change), "fitted");
}

function layOver(
  observation: Observation,
  lines: LineList,
  { cell, zeroShiftDeg }: FittedCell,
  cellIs: CellIs,
): Overlay {
  const { twoThetaDeg } = observation;
  const { observed, end, endDeg } = spanOf(observation, longestChange(lines, cell));
  const placed = placeOn(observation, lines, cell, zeroShiftDeg);
  const drawn = WIDTHS.map((widthFactor) => {
    const curve = drawOn(observation, placed, { widthFactor });
    return { curve, ...compare(observed, curve, observation, end) };
  });
  const { curve, cosine, scale: ofRoots } = drawn.reduce((a, b) => (b.cosine > a.cosine ? b : a));
  const scale = peakScale(observation, curve, endDeg) ?? ofRoots;
  const calculated = curve.map((value) => value * scale);
  const comparedDeg = [twoThetaDeg[0]!, Math.min(endDeg, twoThetaDeg.at(-1)!)] as const;
  const placedLines = linesOf(lines, placed, scale, comparedDeg);
  const given = lines.own?.cell ?? lines.cell;
  const own = inOwnSetting(lines, cell);
  const change = (i: number): number => 100 * (own[i]! / given[i]! - 1);
  return {
    cell: cellIs === "as given" ? given : own,
    cellIs,
    zeroShiftDeg,
    agreement: cosine,
    cellFactor: cellIs === "as given" ? 1 : Math.cbrt(volumeOf(own) / volumeOf(given)),
    cellChangePercent: cellIs === "as given" ? [0, 0, 0] : [change(0), change(1), change(2)],
    lines: placedLines,
    calculated,
    comparedDeg,
    ...explainedBy(observation, { calculated, comparedDeg }),
    missing: missingLines(observation, placedLines, calculated),
    texture: suspectedTexture(observation, lines, cell, placed),
  };
}

/** The part of the peaks that a calculated curve accounts for, as high as it is. */
export function explainedBy(
  observation: Observation,
  { calculated, comparedDeg: [, end] }: Pick<Overlay, "calculated" | "comparedDeg">,
): Pick<Overlay, "peakShares" | "explained" | "unexplained"> {
  const { peaks } = observation;
  const peakShares = explainedShares(observation, calculated);
  return {
    peakShares,
    explained: explainedTotal(peaks, peakShares, end),
    unexplained: unexplainedPeaks(peaks, peakShares, end),
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
  list: LineList,
  placed: Placed,
  scale: number,
  [from, to]: readonly [number, number],
): OverlayLine[] {
  return Array.from(placed.index, (line, i) => ({
    hkl: ownHkl(list, line),
    twoThetaDeg: placed.twoThetaDeg[i]!,
    height: placed.height[i]! * scale,
  }))
    .filter(({ twoThetaDeg }) => twoThetaDeg >= from && twoThetaDeg <= to)
    .sort((a, b) => a.twoThetaDeg - b.twoThetaDeg);
}

/** Greatest value of a curve around an angle. */
function highestNear(x: Float64Array, y: Float64Array, at: number, reach: number): number {
  let most = 0;
  for (let i = lowerBound(x, at - reach); i < x.length && x[i]! <= at + reach; i++)
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
      const sigma = noise[Math.min(noise.length - 1, lowerBound(twoThetaDeg, at))]!;
      return found < LEAST_SEEN * wanted && wanted > CLEAR_SIGNAL * sigma;
    })
    .sort((a, b) => b.height - a.height);
}

/** Whether lines were laid over a scan with the cell as it was given, or with one that was fitted. */
export type CellIs = "as given" | "fitted";
