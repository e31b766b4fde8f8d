/**
 * What stays fixed while a stage of the fit runs: which lines are drawn, their heights without texture and displacement parameter,
 * their angles as widths and shift see them. As in other refinements these are the numbers of the stage's start; the next stage
 * takes them anew.
 */
import type { CellParameters } from "../../diffraction/line-list.ts";
import { reciprocalOf, squaredLengths } from "../../diffraction/line-places.ts";
import { dot, type Mat3, type Vec3, vectorTimesMatrix } from "../../math/matrix3.ts";
import { reachOfTail } from "../../math/pseudo-voigt.ts";
import { sinThetaOf, thetaRadOf, twoThetaDegOfG } from "../../radiation/angles.ts";
import { lorentzPolarisationOfSin2 } from "../../radiation/polarisation.ts";
import { axialParts } from "./axial.ts";
import type { FitOptions } from "./fit-types.ts";
import type { MeasuredPoints } from "./measured-points.ts";
import { cellAt, type Layout, SHARED } from "./parameters.ts";
import type { PhaseLines } from "./phase-lines.ts";
import { partsOfShape } from "./shape-parts.ts";
import { shapeAt, type WidthAngles } from "./widths.ts";

export interface FramedPhase {
  readonly phase: PhaseLines;
  /** Index of each drawn line in the phase's list. */
  readonly index: Int32Array;
  readonly hkl: Int16Array;
  /** Height of each line by wavelength, of one cell, without B and texture. */
  readonly strength: readonly Float64Array[];
  readonly angles: readonly WidthAngles[];
  /** Derivative of the angle to the free shift: cos θ, or 1 for the zero. */
  readonly perShift: Float64Array;
  /** What an instrument shifts each line by, degrees. */
  readonly fixedShiftDeg: Float64Array;
  /** Derivative of the angle to the axial divergence: −cot 2θ. */
  readonly perAxial: Float64Array;
  /** The parts of each asymmetric line, see `axialParts`. */
  readonly parts: readonly (readonly number[])[];
  /** cos² of each equivalent against the texture's normal, by line; empty without texture. */
  readonly cosSquared: readonly (readonly number[])[];
}

export interface Frame {
  readonly x: Float64Array;
  readonly wavelengths: readonly number[];
  readonly phases: readonly FramedPhase[];
  /** So many widths on each side a line of some η is drawn. */
  readonly reachOf: (eta: number) => number;
}

/** A line is drawn so far that this share of its area is left out, and no further than so many widths. */
const TAIL = 3e-3;
const MOST_WIDTHS = 60;
const usualReach = (eta: number): number => Math.min(MOST_WIDTHS, reachOfTail(eta, TAIL));
/** Axial divergence that the parts of a line are made for where less was found so far. */
const LEAST_AXIAL_DEG = 0.06;
/** Lines weaker than this share of the phase's strongest are not drawn. */
const LEAST_STRENGTH = 1e-5;
/** Beyond sin²θ of 0.995 the geometry has no meaning. */
const MOST_SIN2 = 0.995;
/** Lines so far outside of the scan are not drawn, degrees. */
const BEYOND_DEG = 2;

/** Heights that take the place of multiplicity × |F|² × Lorentz-polarisation, one for each line of a phase's list. */
export type LineHeights = readonly Float64Array[];

export function frameOf(
  phases: readonly PhaseLines[],
  points: MeasuredPoints,
  layout: Layout,
  p: ArrayLike<number>,
  options: FitOptions,
  heights: LineHeights | null = null,
  reachOf = usualReach,
): Frame {
  const { lines, kind } = points.radiation;
  const wavelengths = lines.map(({ wavelengthAngstrom }) => wavelengthAngstrom);
  const weights = lines.map(({ weight }) => weight);
  const polarisation = options.lorentzPolarisation ?? {
    kind: kind === "xray" ? "unpolarised" : "lorentz",
  };
  const mayHaveAxial = options.free?.includes("asymmetry") !== false;
  const ends = [points.x[0]! - BEYOND_DEG, points.x.at(-1)! + BEYOND_DEG] as const;
  const [gMin2, gMax2] = ends.map((deg, i) => {
    const sin2 = sinThetaOf(Math.max(0, Math.min(deg, 179))) ** 2;
    const longest = i === 0 ? Math.max(...wavelengths) : Math.min(...wavelengths);
    return (4 * sin2) / longest ** 2;
  }) as [number, number];
  return {
    x: points.x,
    wavelengths,
    reachOf,
    phases: phases.map((phase, which) => {
      const cell = cellAt(phase, layout.places[which]!, p);
      const g2 = squaredLengths(phase.list.hkl, reciprocalOf(cell));
      const strengthOf = (line: number, s: number): number => {
        if (heights !== null) return weights[s]! * heights[which]![line]!;
        const sin2 = (g2[line]! * wavelengths[s]! ** 2) / 4;
        if (sin2 >= MOST_SIN2) return 0;
        const lp = lorentzPolarisationOfSin2(sin2, polarisation);
        return weights[s]! * phase.squared[s]![line]! * lp;
      };
      const inside = Array.from(g2.keys()).filter((i) => {
        const sin2 = (g2[i]! * wavelengths[0]! ** 2) / 4;
        return g2[i]! >= gMin2 && g2[i]! <= gMax2 && sin2 < MOST_SIN2;
      });
      const most = inside.reduce((top, i) => Math.max(top, strengthOf(i, 0)), 0);
      const isDrawn = (i: number): boolean =>
        heights !== null || strengthOf(i, 0) > LEAST_STRENGTH * most;
      const widthOf = (angles: WidthAngles): number =>
        shapeAt(p, layout.places[which]!, angles).fwhm;
      const axialDeg = mayHaveAxial ? Math.max(LEAST_AXIAL_DEG, p[SHARED.axial]!) : 0;
      return framedPhase(phase, inside.filter(isDrawn), cell, g2, points, strengthOf, options, {
        axialDeg,
        widthOf,
      });
    }),
  };
}

function framedPhase(
  phase: PhaseLines,
  kept: readonly number[],
  cell: CellParameters,
  g2: Float64Array,
  points: MeasuredPoints,
  strengthOf: (line: number, s: number) => number,
  { shift = "displacement", instrument }: FitOptions,
  { axialDeg, widthOf }: { axialDeg: number; widthOf: (angles: WidthAngles) => number },
): FramedPhase {
  const { radiation, shiftDeg, x } = points;
  const { hkl } = phase.list;
  const wavelength = radiation.lines[0]!.wavelengthAngstrom;
  const stepDeg = (x.at(-1)! - x[0]!) / (x.length - 1);
  const thetas = kept.map((i) => thetaRadOf(twoThetaDegOfG(Math.sqrt(g2[i]!), wavelength)));
  const angles = thetas.map((theta) => widthAngles(theta, instrument, stepDeg));
  const perAxial = Float64Array.from(thetas, (theta) => -1 / Math.tan(2 * theta));
  const normal = phase.normal;
  const reciprocal = reciprocalOf(cell);
  return {
    phase,
    index: Int32Array.from(kept),
    hkl: Int16Array.from(kept.flatMap((i) => Array.from(hkl.subarray(3 * i, 3 * i + 3)))),
    strength: radiation.lines.map((_, s) => Float64Array.from(kept, (i) => strengthOf(i, s))),
    angles,
    perAxial,
    parts: angles.map((one, at) => axialParts(axialDeg * perAxial[at]!, widthOf(one))),
    perShift: Float64Array.from(thetas, (theta) =>
      shift === "displacement" ? Math.cos(theta) : 1,
    ),
    fixedShiftDeg: Float64Array.from(thetas, shiftDeg),
    cosSquared:
      normal === null
        ? []
        : kept.map((i) => phase.orbits[i]!.map((one) => cosSquared(one, normal, reciprocal))),
  };
}

function widthAngles(
  theta: number,
  instrument: FitOptions["instrument"],
  stepDeg: number,
): WidthAngles {
  const tan = Math.tan(theta);
  const resolution = instrument?.resolution;
  let lorentzDeg = 0;
  if (resolution !== undefined) {
    const { u, v, w, eta } = resolution;
    lorentzDeg = partsOfShape(eta).lorentz * Math.sqrt(Math.max(0, u * tan * tan + v * tan + w));
  }
  return { tan, perCos: 1 / Math.cos(theta), lorentzDeg, leastGauss2: (0.3 * stepDeg) ** 2 };
}

/** cos² of the angle between two reciprocal vectors. */
function cosSquared(hkl: Vec3, normal: Vec3, reciprocal: Mat3): number {
  const [g, n] = [vectorTimesMatrix(hkl, reciprocal), vectorTimesMatrix(normal, reciprocal)];
  return Math.min(1, dot(g, n) ** 2 / (dot(g, g) * dot(n, n)));
}
