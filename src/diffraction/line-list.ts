/**
 * A compound as its powder lines: hkl and strength of every family on the conventional cell. From it a pattern at any
 * strained cell, wavelength, width or texture costs microseconds, for the structure factors need not be summed again
 * (their change under strains of a few per cent is far below what elements and texture do).
 */
import { cellVolume, latticeFromParameters, latticeParameters } from "../crystal/lattice.ts";
import type { CrystalSystem } from "../crystal/symmetry/space-group.ts";
import type { Structure } from "../crystal/structure.ts";
import { analyzeSymmetry } from "../crystal/symmetry/symmetry.ts";
import { type PowderBuffers, powderPattern } from "./powder.ts";
import { invert, type Mat3, multiply, multiplyVector, type Vec3 } from "../math/matrix3.ts";
import { thetaRadOf } from "../radiation/angles.ts";
import { lorentzPolarisationFactor } from "../radiation/polarisation.ts";
import { parseRadiation } from "../radiation/radiation.ts";

/** a, b, c (Å), alpha, beta, gamma (°). */
export type CellParameters = readonly [number, number, number, number, number, number];

/** Rows in Å of a cell that stands as a plain list. */
export function latticeOf([a, b, c, alphaDeg, betaDeg, gammaDeg]: CellParameters): Mat3 {
  return latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg });
}

/** Å³ */
export function volumeOf(cell: CellParameters): number {
  return cellVolume(latticeOf(cell));
}

/** The cell that a structure was given in, and how the lines' cell is made of it. */
export interface OwnCell {
  readonly cell: CellParameters;
  /** Vectors of the standard cell, rows, in units of the own cell's. */
  readonly basisRows: Mat3;
}

/** The lines of a structure without a wavelength: cell, hkl and strength of each. */
export interface LineList {
  readonly system: CrystalSystem;
  /** The standardised conventional cell (rhombohedral as hexagonal). */
  readonly cell: CellParameters;
  /** One member of each family, (lines, 3). */
  readonly hkl: Int16Array;
  /** Multiplicity × |F|², strongest 1; (lines). */
  readonly strength: Float32Array;
  /** The cell of a user's own structure: in it the structure is laid over a scan and answered. */
  readonly own?: OwnCell;
}

/** 2θ of Cu Kα1 between which lines are listed: wider than what scans show, so that strain and shifts move lines into view. */
export const LISTED_RANGE_DEG = [3, 116] as const;
/** Lines below this share of the strongest peak are left out (percent). */
const LEAST_INTENSITY = 0.03;
const RADIATION = parseRadiation("CuKa1");
/** The relative change that turning a cell and back leaves in its numbers. */
const ROUNDING = 1e-11;
/** The polarisation of an unpolarised tube: `powderPattern` multiplied by it, and a simulated scan multiplies by it again. */
export const POLARISATION = { kind: "unpolarised" } as const;

/**
 * Lines of a structure between 3° and 116° for Cu Kα1. Needs `await loadSymmetry()`.
 * @throws EwaldError of the symmetry search and of `powderPattern`
 */
export function lineList(
  structure: Structure,
  symprecAngstrom: number,
  buffers?: PowderBuffers,
): LineList {
  const symmetry = analyzeSymmetry(structure, { symprecAngstrom });
  const { conventional } = symmetry;
  const { operations } = analyzeSymmetry(conventional, { symprecAngstrom });
  const options = {
    radiation: RADIATION,
    twoThetaRangeDeg: LISTED_RANGE_DEG,
    operations,
    minimumIntensity: LEAST_INTENSITY,
  };
  const { peaks } = powderPattern(conventional, options, buffers);
  const hkl = new Int16Array(3 * peaks.length);
  const strength = new Float32Array(peaks.length);
  for (const [i, { twoThetaDeg, intensity, hkls }] of peaks.entries()) {
    hkl.set(hkls[0]!.hkl, 3 * i);
    strength[i] = intensity / lorentzPolarisationFactor(thetaRadOf(twoThetaDeg), POLARISATION);
  }
  const most = Math.max(...strength);
  for (let i = 0; i < strength.length; i++) strength[i]! /= most;
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = latticeParameters(conventional.lattice);
  return {
    system: symmetry.crystalSystem,
    cell: [a, b, c, alphaDeg, betaDeg, gammaDeg],
    hkl,
    strength,
  };
}

/** Coordinates of refinements are known to some 0.01 Å. */
const OWN_SYMPREC_ANGSTROM = 0.01;

/**
 * Lines of a user's own structure, its cell kept: it is laid over a scan as it is, and what is fitted comes out in its setting.
 * @throws EwaldError as {@link lineList}
 */
export function ownLines(structure: Structure): LineList {
  const { basisRows } = analyzeSymmetry(structure, {
    symprecAngstrom: OWN_SYMPREC_ANGSTROM,
  }).transformation;
  const own = { cell: parametersOf(structure.lattice), basisRows };
  return { ...lineList(structure, OWN_SYMPREC_ANGSTROM), own };
}

/** The cell of which a matrix makes vectors: rows times lattice. */
export function changedBasis(rows: Mat3, cell: CellParameters): CellParameters {
  return parametersOf(multiply(rows, latticeOf(cell)));
}

/** A cell of the lines' own as the structure was given in. */
export function inOwnSetting({ own }: LineList, cell: CellParameters): CellParameters {
  return own === undefined ? cell : changedBasis(invert(own.basisRows), cell);
}

/** h, k, l of a line in the setting that the structure was given in. */
export function ownHkl({ hkl, own }: LineList, line: number): Vec3 {
  const at = [hkl[3 * line]!, hkl[3 * line + 1]!, hkl[3 * line + 2]!] as const;
  if (own === undefined) return at;
  // + 0: no line is −0.
  const [h, k, l] = multiplyVector(invert(own.basisRows), at).map((x) => Math.round(x) + 0);
  return [h!, k!, l!];
}

/** Lengths and angles that are equal but for the last digits are equal; right angles are right. */
function parametersOf(lattice: Mat3): CellParameters {
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = latticeParameters(lattice);
  const same = (x: number, y: number): boolean => Math.abs(x / y - 1) < ROUNDING;
  const second = same(a, b) ? a : b;
  const third = same(a, c) ? a : same(second, c) ? second : c;
  const angle = (deg: number): number => [60, 90, 120].find((round) => same(deg, round)) ?? deg;
  const beta = same(alphaDeg, betaDeg) ? alphaDeg : betaDeg;
  const gamma = same(alphaDeg, gammaDeg) ? alphaDeg : gammaDeg;
  return [a, second, third, angle(alphaDeg), angle(beta), angle(gamma)];
}
