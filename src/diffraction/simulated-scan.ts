/**
 * A scan from a line list: the cell strained, lines placed, weighted (Lorentz-polarisation, thermal motion, texture),
 * broadened and drawn on a 2θ grid, with background and counting noise. Cu Kα1 (and Kα2).
 */
import { CU_KA1_ANGSTROM } from "../radiation/radiation.ts";
import { freeCell } from "../crystal/free-cell.ts";
import { addLine, reachOfHeight } from "../math/pseudo-voigt.ts";
import {
  atOtherWavelength,
  isReached,
  RADIANS,
  thetaRadOf,
  twoThetaDegOfSin,
} from "../radiation/angles.ts";
import type { Random } from "../math/random.ts";
import { lorentzPolarisationOfSin2 } from "../radiation/polarisation.ts";
import { meanWavelength, parseRadiation } from "../radiation/radiation.ts";
import { textureFactor } from "./family-texture.ts";
import { type CellParameters, type LineList, POLARISATION } from "./line-list.ts";
import { reciprocalOf, squaredLengths } from "./line-places.ts";
import type { ScanConditions } from "./scan-conditions.ts";

const KA2_RATIO = meanWavelength(parseRadiation("CuKa2")) / CU_KA1_ANGSTROM;
/** Wings are drawn up to so many widths, weak lines' until their Lorentzian has fallen to this share of the top. */
const REACH = 12;
const LEAST_WING = 5e-4;
/** Weaker lines (of the strongest) are not drawn. */
const LEAST_AREA = 5e-4;

/** The strained cell: tied axes stay tied, free angles alone move. */
function strainedCell({ cell, system }: LineList, conditions: ScanConditions): CellParameters {
  const { edges, edgeOf, angles } = freeCell(system);
  const scale = 1 + conditions.isotropicStrain;
  const out: [number, number, number, number, number, number] = [...cell];
  for (let i = 0; i < 3; i++) {
    // One axis against the others: in a cubic cell there are no others.
    const axial = edges.length === 1 ? 0 : conditions.axialStrain[edges[edgeOf[i]!]!]!;
    out[i] = out[i]! * scale * (1 + axial);
  }
  for (const at of angles) out[at]! += conditions.angleShiftDeg[at - 3]!;
  return out;
}

/** Lines as they stand in one scan: angles for Cu Kα1 (degrees), areas (strongest 1). */
export interface PlacedLines {
  readonly count: number;
  readonly twoThetaDeg: Float64Array;
  readonly area: Float64Array;
}

/** Lines of the strained, textured, vibrating crystal that Cu Kα1 reaches; zero shift and displacement included. */
export function placeLines(lines: LineList, conditions: ScanConditions): PlacedLines {
  const reciprocal = reciprocalOf(strainedCell(lines, conditions));
  const squared = squaredLengths(lines.hkl, reciprocal);
  const size = squared.length;
  const twoThetaDeg = new Float64Array(size);
  const area = new Float64Array(size);
  let count = 0;
  let most = 0;
  for (let i = 0; i < size; i++) {
    const g2 = squared[i]!;
    const sin2 = (g2 * CU_KA1_ANGSTROM * CU_KA1_ANGSTROM) / 4;
    if (sin2 >= 0.9) continue;
    const trueDeg = twoThetaDegOfSin(Math.sqrt(sin2));
    let value = lines.strength[i]! * lorentzPolarisationOfSin2(sin2, POLARISATION);
    // exp(-2B s²) with s² = g²/4.
    value *= Math.exp((-conditions.bIsoAngstrom2 * g2) / 2);
    if (conditions.march !== 1) {
      const hkl = [lines.hkl[3 * i]!, lines.hkl[3 * i + 1]!, lines.hkl[3 * i + 2]!] as const;
      value *= textureFactor(lines, reciprocal, hkl, conditions.textureAxis, conditions.march);
    }
    twoThetaDeg[count] =
      trueDeg +
      conditions.zeroShiftDeg +
      conditions.displacementDeg * Math.cos(thetaRadOf(trueDeg));
    area[count] = value;
    if (value > most) most = value;
    count++;
  }
  for (let i = 0; i < count; i++) area[i]! /= most;
  return { count, twoThetaDeg, area };
}

/** An even grid of 2θ, degrees. */
export interface AngleGrid {
  readonly startDeg: number;
  readonly stepDeg: number;
  readonly size: number;
}

/** The paper's: 5.00° to 109.98° in steps of 0.02°, 5,250 points. */
export const PAPER_GRID: AngleGrid = { startDeg: 5, stepDeg: 0.02, size: 5250 };

/** 2θ of the points of a grid, degrees. */
export function anglesOf({ startDeg, stepDeg, size }: AngleGrid): Float64Array {
  const out = new Float64Array(size);
  for (let j = 0; j < size; j++) out[j] = startDeg + j * stepDeg;
  return out;
}

/**
 * The profiles of placed lines at angles that rise.
 * Widths and mixing add in quadrature, not by Thompson, Cox & Hastings: the shipped networks were trained and their thresholds set
 * on these scans, and the instrument and the size of a drawn scan are random anyway.
 */
export function drawLines(
  lines: PlacedLines,
  conditions: ScanConditions,
  x: Float64Array,
): Float64Array {
  const out = new Float64Array(x.length);
  const { kAlpha2 } = conditions;
  for (let i = 0; i < lines.count; i++) {
    const whole = lines.area[i]!;
    if (whole < LEAST_AREA) continue;
    const position = lines.twoThetaDeg[i]!;
    const theta = thetaRadOf(position);
    const [tan, cos] = [Math.tan(theta), Math.cos(theta)];
    const instrument = Math.hypot(
      conditions.instrumentWidthDeg,
      conditions.instrumentSlopeDeg * tan,
    );
    const size = (0.9 * CU_KA1_ANGSTROM) / (conditions.sizeAngstrom * cos * RADIANS);
    const lorentz =
      size +
      (4 * conditions.microstrain * tan) / RADIANS +
      instrument * conditions.instrumentLorentz;
    const gauss = instrument * (1 - conditions.instrumentLorentz);
    const fwhm = Math.hypot(lorentz, gauss);
    const eta = lorentz / (lorentz + gauss);
    const area = whole / (1 + kAlpha2);
    addLine(out, x, { position, fwhm, eta, area }, reachOfHeight(area, LEAST_WING, REACH));
    if (kAlpha2 === 0) continue;
    const partner = atOtherWavelength(position, KA2_RATIO);
    if (!isReached(partner)) continue;
    const second = { position: partner, fwhm, eta, area: area * kAlpha2 };
    addLine(out, x, second, reachOfHeight(second.area, LEAST_WING, REACH));
  }
  return out;
}

/**
 * A simulated scan on the grid; points outside the conditions' range are 0. `impurity` is the line list of the foreign phase, drawn
 * where the conditions ask for one.
 */
export function simulateScan(
  lines: LineList,
  conditions: ScanConditions,
  grid: AngleGrid,
  random: Random,
  impurity?: { readonly lines: LineList; readonly conditions: ScanConditions },
): Float64Array {
  const x = anglesOf(grid);
  const out = drawLines(placeLines(lines, conditions), conditions, x);
  let top = maximum(out);
  if (impurity !== undefined && conditions.impurity > 0) {
    const foreign = drawLines(placeLines(impurity.lines, impurity.conditions), conditions, x);
    const share = (conditions.impurity * top) / Math.max(maximum(foreign), 1e-12);
    for (let j = 0; j < out.length; j++) out[j]! += share * foreign[j]!;
    top = maximum(out);
  }
  addBackgroundAndNoise(out, x, top, conditions, random);
  return out;
}

function maximum(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

function addBackgroundAndNoise(
  out: Float64Array,
  x: Float64Array,
  top: number,
  conditions: ScanConditions,
  random: Random,
): void {
  const { background, humpCentreDeg, humpWidthDeg, peakCounts, rangeDeg } = conditions;
  const scale = Number.isFinite(peakCounts) ? peakCounts / top : 100 / top;
  for (let j = 0; j < x.length; j++) {
    const angle = x[j]!;
    if (angle < rangeDeg[0] || angle > rangeDeg[1]) {
      out[j] = 0;
      continue;
    }
    const hump = (angle - humpCentreDeg) / humpWidthDeg;
    const under =
      background.constant +
      background.air * Math.exp(-(angle - 5) / 8) +
      background.hump * Math.exp(-hump * hump);
    const value = out[j]! * scale + under * top * scale;
    out[j] = Number.isFinite(peakCounts)
      ? Math.max(0, value + Math.sqrt(Math.max(value, 0)) * random.normal())
      : value;
  }
}
