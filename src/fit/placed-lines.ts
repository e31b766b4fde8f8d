/** Lines of a cell placed on a measured scan: angles, heights, and the curve they draw. */
import { lowerBound } from "../math/sorted.ts";
import { reciprocalLattice } from "../crystal/lattice.ts";
import type { Mat3 } from "../math/matrix3.ts";
import { atOtherWavelength, isReached, twoThetaDegOfSin } from "../radiation/angles.ts";
import { lorentzPolarisationOfSin2 } from "../radiation/polarisation.ts";
import {
  type CellParameters,
  latticeOf,
  type LineList,
  POLARISATION,
} from "../diffraction/line-list.ts";
import { type Observation, widthAt } from "../scan/observe.ts";

/** B of all atoms, Å²: what crystals at room temperature have, about. */
const B_ISO_ANGSTROM2 = 0.8;
/** Calculated peaks are pseudo-Voigts of this Lorentzian share, drawn to so many widths. */
const ETA = 0.5;
const REACH_WIDTHS = 8;
/** Bragg angles above this are not placed: sin²θ. */
const LARGEST_SIN2 = 0.97;

export interface Placed {
  readonly count: number;
  /** Index into the line list, by placed line. */
  readonly index: Int32Array;
  /** Of Kα1, zero shift included; degrees. */
  readonly twoThetaDeg: Float64Array;
  /** Of a peak of that line alone; highest 1. */
  readonly height: Float64Array;
}

export function reciprocalOf(cell: CellParameters): Mat3 {
  return reciprocalLattice(latticeOf(cell));
}

/** |g|² of every line of the list for a cell, 1/Å². */
export function squaredLengths({ hkl, strength }: LineList, cell: CellParameters): Float64Array {
  const [p, q, r] = reciprocalOf(cell);
  const out = new Float64Array(strength.length);
  for (let i = 0; i < out.length; i++) {
    const [h, k, l] = [hkl[3 * i]!, hkl[3 * i + 1]!, hkl[3 * i + 2]!];
    const x = h * p[0] + k * q[0] + l * r[0];
    const y = h * p[1] + k * q[1] + l * r[1];
    const z = h * p[2] + k * q[2] + l * r[2];
    out[i] = x * x + y * y + z * z;
  }
  return out;
}

/** Height of a line's peak, relative: strength × Lorentz-polarisation × thermal motion over the width. */
export function relativeHeight(
  strength: number,
  g2: number,
  sin2: number,
  width: Observation["width"],
): number {
  const thermal = Math.exp((-B_ISO_ANGSTROM2 * g2) / 2);
  const twoThetaDeg = twoThetaDegOfSin(Math.sqrt(sin2));
  const lorentz = lorentzPolarisationOfSin2(sin2, POLARISATION);
  return (strength * lorentz * thermal) / widthAt(width, twoThetaDeg);
}

/** All lines that the wavelength reaches with this cell. */
export function placeOn(
  { wavelengthAngstrom, width }: Observation,
  lines: LineList,
  cell: CellParameters,
  zeroShiftDeg: number,
): Placed {
  const squared = squaredLengths(lines, cell);
  const index = new Int32Array(squared.length);
  const twoThetaDeg = new Float64Array(squared.length);
  const height = new Float64Array(squared.length);
  let count = 0;
  let most = 0;
  for (const [i, g2] of squared.entries()) {
    const sin2 = (g2 * wavelengthAngstrom * wavelengthAngstrom) / 4;
    if (sin2 > LARGEST_SIN2) continue;
    index[count] = i;
    twoThetaDeg[count] = twoThetaDegOfSin(Math.sqrt(sin2)) + zeroShiftDeg;
    height[count] = relativeHeight(lines.strength[i]!, g2, sin2, width);
    if (height[count]! > most) most = height[count]!;
    count++;
  }
  for (let i = 0; i < count; i++) height[i]! /= most;
  return {
    count,
    index: index.subarray(0, count),
    twoThetaDeg: twoThetaDeg.subarray(0, count),
    height: height.subarray(0, count),
  };
}

/** The pseudo-Voigt of unit height by distance in widths: a table is five times faster than the exponential. */
const SHAPE_STEP = 1 / 64;
const SHAPE = Float64Array.from({ length: REACH_WIDTHS / SHAPE_STEP + 2 }, (_, i) => {
  const u = (i * SHAPE_STEP) ** 2;
  return ETA / (1 + 4 * u) + (1 - ETA) * Math.exp(-4 * Math.LN2 * u);
});

export interface DrawOptions {
  /** Peaks so much wider than the scan's; default 1. */
  readonly widthFactor?: number;
  /** Lines lower than this share of the highest are left out; default 0.0005. */
  readonly leastHeight?: number;
}

/** The curve of placed lines over the scan's points, background left out. */
export function drawOn(
  { twoThetaDeg: x, alpha2, width }: Observation,
  placed: Placed,
  { widthFactor = 1, leastHeight = 5e-4 }: DrawOptions = {},
): Float64Array {
  const out = new Float64Array(x.length);
  for (let i = 0; i < placed.count; i++) {
    const at = placed.twoThetaDeg[i]!;
    const height = placed.height[i]!;
    if (height < leastHeight) continue;
    const fwhm = widthAt(width, at) * widthFactor;
    drawPeak(out, x, at, height, fwhm);
    if (alpha2 === null) continue;
    const partner = atOtherWavelength(at, alpha2.wavelengthRatio);
    if (isReached(partner)) drawPeak(out, x, partner, height * alpha2.intensityRatio, fwhm);
  }
  return out;
}

function drawPeak(
  out: Float64Array,
  x: Float64Array,
  at: number,
  height: number,
  fwhm: number,
): void {
  // Tails of weak lines are cut earlier: a Lorentzian falls to 1/(4u²).
  const reach = fwhm * Math.min(REACH_WIDTHS, Math.max(2, Math.sqrt(height) * 20));
  const end = at + reach;
  const scale = 1 / (fwhm * SHAPE_STEP);
  for (let i = lowerBound(x, at - reach); i < x.length && x[i]! <= end; i++) {
    const u = Math.abs(x[i]! - at) * scale;
    const k = Math.floor(u);
    out[i]! += height * (SHAPE[k]! + (u - k) * (SHAPE[k + 1]! - SHAPE[k]!));
  }
}
