/**
 * A compound as its powder lines: hkl and strength of every family on the conventional cell. From it a pattern at any
 * strained cell, wavelength, width or texture costs microseconds, for the structure factors need not be summed again
 * (their change under strains of a few per cent is far below what elements and texture do).
 */
import type { CrystalSystem, Structure } from "../../crystal/index.ts";
import { analyzeSymmetry, latticeParameters } from "../../crystal/index.ts";
import { type PowderBuffers, powderPattern } from "../../diffraction/index.ts";
import { lorentzPolarisationFactor, parseRadiation } from "../../radiation/index.ts";

/** a, b, c (Å), alpha, beta, gamma (°). */
export type CellParameters = readonly [number, number, number, number, number, number];

/** Å³ */
export function volumeOf([a, b, c, alpha, beta, gamma]: CellParameters): number {
  const [x, y, z] = [alpha, beta, gamma].map((deg) => Math.cos((deg * Math.PI) / 180)) as [
    number,
    number,
    number,
  ];
  return a * b * c * Math.sqrt(1 - x * x - y * y - z * z + 2 * x * y * z);
}

export interface LineList {
  readonly system: CrystalSystem;
  /** Of the standardised conventional cell (rhombohedral as hexagonal). */
  readonly cell: CellParameters;
  /** One member of each family, (lines, 3). */
  readonly hkl: Int16Array;
  /** Multiplicity × |F|², strongest 1; (lines). */
  readonly strength: Float32Array;
}

/** 2θ of Cu Kα1 between which lines are listed: wider than what scans show, so that strain and shifts move lines into view. */
export const LISTED_RANGE_DEG = [3, 116] as const;
/** Lines below this share of the strongest peak are left out (percent). */
const LEAST_INTENSITY = 0.03;
const RADIATION = parseRadiation("CuKa1");
/** Of an unpolarised tube: what `powderPattern` multiplied by, and a simulated scan multiplies by again. */
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
    strength[i] =
      intensity / lorentzPolarisationFactor((twoThetaDeg * Math.PI) / 360, POLARISATION);
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
