/**
 * A scan from a line list: the cell strained, lines placed, weighted (Lorentz-polarisation, thermal motion, texture),
 * broadened and drawn on a 2θ grid, with background and counting noise. Cu Kα1 (and Kα2).
 */
import { CU_KA1_ANGSTROM } from "../radiation/radiation.ts";
import { freeCell } from "../crystal/free-cell.ts";
import { reciprocalLattice } from "../crystal/lattice.ts";
import {
  atOtherWavelength,
  isReached,
  RADIANS,
  thetaRadOf,
  twoThetaDegOfSin,
} from "../radiation/angles.ts";
import { gaussian } from "./peak-shapes.ts";
import { dot, type Mat3 } from "../math/matrix3.ts";
import type { Random } from "../math/random.ts";
import { lorentzPolarisationOfSin2 } from "../radiation/polarisation.ts";
import { meanWavelength, parseRadiation } from "../radiation/radiation.ts";
import type { ScanConditions, TextureAxis } from "./scan-conditions.ts";
import { type CellParameters, latticeOf, type LineList, POLARISATION } from "./line-list.ts";
const KA2_RATIO = meanWavelength(parseRadiation("CuKa2")) / CU_KA1_ANGSTROM;
/** Wings are drawn up to so many widths, weak lines' until their Lorentzian has fallen to this share of the top. */
const REACH = 12;
const LEAST_WING = 5e-4;
/** The Gaussian part is below 1e-5 of its height beyond so many widths. */
const GAUSS_REACH = 2.1;
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

/** g·g of h, k, l. */
function squaredLength(reciprocal: Mat3, h: number, k: number, l: number): number {
  let sum = 0;
  for (let i = 0; i < 3; i++) {
    const x = h * reciprocal[0][i]! + k * reciprocal[1][i]! + l * reciprocal[2][i]!;
    sum += x * x;
  }
  return sum;
}

const CUBIC_DIRECTIONS: Readonly<Record<TextureAxis, readonly (readonly number[])[]>> = (() => {
  const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
  const diagonals = [[1, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1], [0, 1, 1], [0, 1, -1]]; // prettier-ignore
  const corners = [[1, 1, 1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]]; // prettier-ignore
  return { "100": axes, "010": axes, "001": axes, "110": diagonals, "111": corners };
})();

/** W(α) of A. Dollase, J. Appl. Cryst. 19, 267 (1986), of cos²α. */
function marchOfCos2(cos2: number, r: number): number {
  return (r * r * cos2 + (1 - cos2) / r) ** -1.5;
}

/**
 * March-Dollase factor of a family, from one member: in cubic crystals the mean over the equivalent directions; else the
 * axis is one that symmetry leaves in place up to sign, so that all members stand alike to it.
 */
export function textureFactor(
  lines: LineList,
  reciprocal: Mat3,
  [h, k, l]: readonly [number, number, number],
  axis: TextureAxis,
  r: number,
): number {
  if (lines.system === "cubic") {
    const directions = CUBIC_DIRECTIONS[axis];
    const length2 = h * h + k * k + l * l;
    let sum = 0;
    for (const [x, y, z] of directions as readonly [number, number, number][]) {
      const along = h * x + k * y + l * z;
      sum += marchOfCos2((along * along) / (length2 * (x * x + y * y + z * z)), r);
    }
    return sum / directions.length;
  }
  const isUniaxial = ["tetragonal", "trigonal", "hexagonal"].includes(lines.system);
  const row = isUniaxial || axis === "001" || axis === "111" ? 2 : axis === "010" ? 1 : 0;
  const unit = reciprocal[row];
  const g: readonly [number, number, number] = [0, 1, 2].map(
    (i) => h * reciprocal[0][i]! + k * reciprocal[1][i]! + l * reciprocal[2][i]!,
  ) as [number, number, number];
  const along = dot(g, unit);
  return marchOfCos2((along * along) / (dot(g, g) * dot(unit, unit)), r);
}

/** Lines as they stand in one scan: angles for Cu Kα1 (degrees), areas (strongest 1). */
export interface PlacedLines {
  readonly count: number;
  readonly twoThetaDeg: Float64Array;
  readonly area: Float64Array;
}

/** Lines of the strained, textured, vibrating crystal that Cu Kα1 reaches; zero shift and displacement included. */
export function placeLines(lines: LineList, conditions: ScanConditions): PlacedLines {
  const reciprocal = reciprocalLattice(latticeOf(strainedCell(lines, conditions)));
  const size = lines.strength.length;
  const twoThetaDeg = new Float64Array(size);
  const area = new Float64Array(size);
  let count = 0;
  let most = 0;
  for (let i = 0; i < size; i++) {
    const [h, k, l] = [lines.hkl[3 * i]!, lines.hkl[3 * i + 1]!, lines.hkl[3 * i + 2]!];
    const g2 = squaredLength(reciprocal, h, k, l);
    const sin2 = (g2 * CU_KA1_ANGSTROM * CU_KA1_ANGSTROM) / 4;
    if (sin2 >= 0.9) continue;
    const trueDeg = twoThetaDegOfSin(Math.sqrt(sin2));
    let value = lines.strength[i]! * lorentzPolarisationOfSin2(sin2, POLARISATION);
    // exp(-2B s²) with s² = g²/4.
    value *= Math.exp((-conditions.bIsoAngstrom2 * g2) / 2);
    if (conditions.march !== 1)
      value *= textureFactor(
        lines,
        reciprocal,
        [h, k, l],
        conditions.textureAxis,
        conditions.march,
      );
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

/** Adds the profiles of placed lines times `factor` to `out`. */
export function drawLines(
  lines: PlacedLines,
  conditions: ScanConditions,
  grid: AngleGrid,
  factor: number,
  out: Float64Array,
): void {
  const { kAlpha2 } = conditions;
  for (let i = 0; i < lines.count; i++) {
    const area = lines.area[i]! * factor;
    if (area < LEAST_AREA) continue;
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
    // Width and mixing of the pseudo-Voigt of both: simple sums in quadrature serve an augmentation.
    const fwhm = Math.hypot(lorentz, gauss);
    const eta = lorentz / (lorentz + gauss);
    drawPeak(position, area / (1 + kAlpha2), fwhm, eta, grid, out);
    if (kAlpha2 === 0) continue;
    const partner = atOtherWavelength(position, KA2_RATIO);
    if (isReached(partner))
      drawPeak(partner, (area * kAlpha2) / (1 + kAlpha2), fwhm, eta, grid, out);
  }
}

function drawPeak(
  position: number,
  area: number,
  fwhm: number,
  eta: number,
  { startDeg, stepDeg, size }: AngleGrid,
  out: Float64Array,
): void {
  // A Lorentzian has fallen to 1/(4 r²) of its height r widths away.
  const reach = Math.min(REACH, Math.max(GAUSS_REACH, Math.sqrt(area / (4 * LEAST_WING)))) * fwhm;
  const from = Math.max(0, Math.ceil((position - reach - startDeg) / stepDeg));
  const to = Math.min(size - 1, Math.floor((position + reach - startDeg) / stepDeg));
  const half = fwhm / 2;
  const lorentz = (area * eta * half) / Math.PI;
  const gauss = area * (1 - eta) * gaussian(0, fwhm);
  const exponent = (-4 * Math.LN2) / (fwhm * fwhm);
  const gaussReach = GAUSS_REACH * fwhm;
  for (let j = from; j <= to; j++) {
    const x = startDeg + j * stepDeg - position;
    let value = lorentz / (x * x + half * half);
    if (x < gaussReach && x > -gaussReach) value += gauss * Math.exp(exponent * x * x);
    out[j]! += value;
  }
}

/**
 * A scan on the grid; points outside the conditions' range are 0. `impurity` is the line list of the foreign phase, drawn
 * where the conditions ask for one.
 */
export function simulateScan(
  lines: LineList,
  conditions: ScanConditions,
  grid: AngleGrid,
  random: Random,
  impurity?: { readonly lines: LineList; readonly conditions: ScanConditions },
): Float64Array {
  const out = new Float64Array(grid.size);
  drawLines(placeLines(lines, conditions), conditions, grid, 1, out);
  let top = maximum(out);
  if (impurity !== undefined && conditions.impurity > 0) {
    const foreign = new Float64Array(grid.size);
    drawLines(placeLines(impurity.lines, impurity.conditions), conditions, grid, 1, foreign);
    const share = (conditions.impurity * top) / Math.max(maximum(foreign), 1e-12);
    for (let j = 0; j < grid.size; j++) out[j]! += share * foreign[j]!;
    top = maximum(out);
  }
  addBackgroundAndNoise(out, top, conditions, grid, random);
  return out;
}

function maximum(values: Float64Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

function addBackgroundAndNoise(
  out: Float64Array,
  top: number,
  conditions: ScanConditions,
  { startDeg, stepDeg, size }: AngleGrid,
  random: Random,
): void {
  const { background, humpCentreDeg, humpWidthDeg, peakCounts, rangeDeg } = conditions;
  const scale = Number.isFinite(peakCounts) ? peakCounts / top : 100 / top;
  for (let j = 0; j < size; j++) {
    const angle = startDeg + j * stepDeg;
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
