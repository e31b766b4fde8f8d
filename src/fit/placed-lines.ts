/** Lines of a cell placed on a measured scan: angles, heights, and the curve they draw. */
import { reciprocalOf, squaredLengths } from "../diffraction/line-places.ts";
import { addLine, reachOfHeight, unitHeight } from "../math/pseudo-voigt.ts";
import { atOtherWavelength, isReached, twoThetaDegOfSin } from "../radiation/angles.ts";
import { lorentzPolarisationOfSin2 } from "../radiation/polarisation.ts";
import { type CellParameters, type LineList, POLARISATION } from "../diffraction/line-list.ts";
import { type Observation, widthAt } from "../scan/observe.ts";

/** B of all atoms, Å²: what crystals at room temperature have, about. */
const B_ISO_ANGSTROM2 = 0.8;
/** Calculated peaks are pseudo-Voigts whose Lorentzian and Gaussian are as high as each other: so much of the area is Lorentzian. */
const ETA = 0.59607;
const HEIGHT = unitHeight(ETA);
/** They are drawn to so many widths, weak ones until their wings have fallen to this share of the highest. */
const REACH_WIDTHS = 8;
const LEAST_WING = 1 / 1600;
/** Bragg angles above this are not placed: sin²θ. */
const LARGEST_SIN2 = 0.97;

export interface Placed {
  readonly count: number;
  /** Index into the line list, by placed line. */
  readonly index: Int32Array;
  /** Angles of the Kα1 lines, zero shift included; degrees. */
  readonly twoThetaDeg: Float64Array;
  /** Heights of the peaks of each line alone; the highest is 1. */
  readonly height: Float64Array;
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
  const squared = squaredLengths(lines.hkl, reciprocalOf(cell));
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
  const add = (position: number, height: number, fwhm: number): void => {
    const area = (height * fwhm) / HEIGHT;
    const reach = reachOfHeight(height, LEAST_WING, REACH_WIDTHS);
    addLine(out, x, { position, fwhm, eta: ETA, area }, reach);
  };
  for (let i = 0; i < placed.count; i++) {
    const at = placed.twoThetaDeg[i]!;
    const height = placed.height[i]!;
    if (height < leastHeight) continue;
    const fwhm = widthAt(width, at) * widthFactor;
    add(at, height, fwhm);
    if (alpha2 === null) continue;
    const partner = atOtherWavelength(at, alpha2.wavelengthRatio);
    if (isReached(partner)) add(partner, height * alpha2.intensityRatio, fwhm);
  }
  return out;
}
