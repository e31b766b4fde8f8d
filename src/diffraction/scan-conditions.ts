/**
 * The conditions of a laboratory that change an ideal pattern, as numbers drawn at random: strain of the cell within its crystal system,
 * thermal motion, texture, crystallite size, instrument, zero shift and displacement, Kα2, background, counting noise,
 * limited range, lines of an impurity. Ranges are those of laboratory diffractometers; the paper (Methods, Note 2) names
 * strain, size, orientation and background noise.
 */
import type { Random } from "../math/random.ts";

/** Plane normal of a fibre texture: one of the reciprocal axes, or a family of cubic directions. */
export type TextureAxis = "100" | "010" | "001" | "110" | "111";

export interface ScanConditions {
  /** Relative change of the cell's volume^(1/3). */
  readonly isotropicStrain: number;
  /** Relative changes of a, b, c on top; those that the crystal system ties are taken from the first. */
  readonly axialStrain: readonly [number, number, number];
  /** Changes of free angles, degrees. */
  readonly angleShiftDeg: readonly [number, number, number];
  /** B of all atoms, Å². */
  readonly bIsoAngstrom2: number;
  /** March-Dollase coefficient; 1 is an ideal powder. */
  readonly march: number;
  readonly textureAxis: TextureAxis;
  readonly sizeAngstrom: number;
  readonly microstrain: number;
  /** Width of the instrument, degrees: √(w² + u² tan²θ). */
  readonly instrumentWidthDeg: number;
  readonly instrumentSlopeDeg: number;
  /** Lorentzian share of the instrument's width. */
  readonly instrumentLorentz: number;
  readonly zeroShiftDeg: number;
  /** 2θ moves by this times cosθ, degrees. */
  readonly displacementDeg: number;
  /** Kα2 : Kα1; 0 for a monochromator. */
  readonly kAlpha2: number;
  /** Counts of the strongest point over the background; Infinity for no noise. */
  readonly peakCounts: number;
  /** Shares of the strongest point: constant, air scatter (falls with 2θ), amorphous hump. */
  readonly background: { readonly constant: number; readonly air: number; readonly hump: number };
  readonly humpCentreDeg: number;
  readonly humpWidthDeg: number;
  readonly rangeDeg: readonly [number, number];
  /** Share of an impurity's strongest line; 0 for none. */
  readonly impurity: number;
}

/** How far the cell may be from the compound's own, relative. */
export interface StrainLimits {
  readonly isotropic: number;
  readonly axial: number;
}

/** Other members of a type, solid solutions and errors of calculated cells: some per cent. */
const DEFAULT_LIMITS: StrainLimits = { isotropic: 0.025, axial: 0.012 };

function logUniform(random: Random, low: number, high: number): number {
  return Math.exp(random.uniformBetween(Math.log(low), Math.log(high)));
}

const TEXTURE_AXES: readonly TextureAxis[] = ["001", "001", "100", "010", "110", "111"];

function drawRange(random: Random): readonly [number, number] {
  const start = random.uniform() < 0.5 ? 5 : random.uniformBetween(5, 20);
  const kind = random.uniform();
  const end =
    kind < 0.35 ? 110 : random.uniformBetween(kind < 0.6 ? 60 : 70, kind < 0.6 ? 72 : 110);
  return [start, end];
}

/** One scan's conditions. About a quarter are clean: processed patterns without background and noise. */
export function drawConditions(random: Random, limits = DEFAULT_LIMITS): ScanConditions {
  const isClean = random.uniform() < 0.25;
  const none = { constant: 0, air: 0, hump: 0 };
  const axial = (): number => random.normal(0, limits.axial / 2);
  return {
    isotropicStrain: random.uniformBetween(-limits.isotropic, limits.isotropic),
    axialStrain: [axial(), axial(), axial()],
    angleShiftDeg: [random.normal(0, 0.4), random.normal(0, 0.4), random.normal(0, 0.4)],
    bIsoAngstrom2: random.uniformBetween(0.1, 1.8),
    march: random.uniform() < 0.4 ? 1 : Math.exp(random.normal(0, 0.28)),
    textureAxis: random.choice(TEXTURE_AXES),
    sizeAngstrom: logUniform(random, 100, 3000),
    microstrain: random.uniform() < 0.5 ? 0 : random.uniformBetween(0, 0.003),
    instrumentWidthDeg: random.uniformBetween(0.05, 0.22),
    instrumentSlopeDeg: random.uniformBetween(0, 0.15),
    instrumentLorentz: random.uniform(),
    zeroShiftDeg: random.normal(0, 0.03),
    displacementDeg: random.normal(0, 0.05),
    kAlpha2: random.uniform() < 0.75 ? 0.5 : 0,
    peakCounts: isClean ? Infinity : logUniform(random, 150, 60_000),
    background: isClean
      ? none
      : {
          constant: logUniform(random, 0.002, 0.4),
          air: random.uniform() < 0.5 ? 0 : logUniform(random, 0.01, 0.6),
          hump: random.uniform() < 0.6 ? 0 : random.uniformBetween(0.01, 0.25),
        },
    humpCentreDeg: random.uniformBetween(15, 35),
    humpWidthDeg: random.uniformBetween(5, 15),
    rangeDeg: drawRange(random),
    impurity: random.uniform() < 0.75 ? 0 : random.uniformBetween(0.02, 0.15),
  };
}
