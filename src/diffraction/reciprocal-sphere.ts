/**
 * Every reciprocal point within a radius, with its intensity: what the limiting sphere holds. Unlike the point cloud of
 * fixed indices it does not depend on the cell that describes a structure: the points that a larger cell adds have no
 * intensity. One point of each Friedel pair, never the origin; I = |F|² / V² as in `point-cloud.ts`, without
 * Lorentz-polarisation and without displacements.
 */
import type { Structure } from "../crystal/structure.ts";
import type { Mat3 } from "../math/matrix3.ts";
import type { RadiationKind } from "../radiation/radiation.ts";
import type { FormFactorTable } from "./form-factor.ts";
import { phaseBuffers, squaredStructureFactors } from "./phase-sums.ts";
import { forwardAmplitude, NO_DISPLACEMENT } from "./point-cloud.ts";
import { emptyPoints, halfSphere } from "./reciprocal-points.ts";
import { checkFormFactorRange, scatteringCell, type ScatteringOptions } from "./scattering-cell.ts";

export interface ReciprocalSphereOptions {
  /** Radius, 1/Å without 2π: 2/λ is the limiting sphere. */
  readonly gMaxInvAngstrom: number;
  /** `"xray"` (default) or `"neutron"`. */
  readonly radiation?: Exclude<RadiationKind, "electron">;
  /** Default `"international-tables"`. */
  readonly formFactors?: FormFactorTable;
}

/** Points in order of the enumeration. Arrays may be longer than `count`, and the next call overwrites them. */
export interface ReciprocalSphere {
  readonly count: number;
  readonly h: Int32Array;
  readonly k: Int32Array;
  readonly l: Int32Array;
  /** |g|², 1/Å² */
  readonly g2: Float64Array;
  /** |F|² / V², (electrons/Å³)² or (fm/Å³)². */
  readonly intensity: Float64Array;
  /** The same at the origin: the square of the density of electrons (or lengths). */
  readonly forward: number;
  /** Rows a*, b*, c* in 1/Å. */
  readonly reciprocal: Mat3;
  readonly volumeAngstrom3: number;
}

export type SphereReader = (structure: Structure) => ReciprocalSphere;

/**
 * A reader for many structures: buffers are made once.
 * The reader throws EwaldError `scattering/…`, `diffraction/too-many-reflections`.
 */
export function reciprocalSphere(options: ReciprocalSphereOptions): SphereReader {
  const { gMaxInvAngstrom } = options;
  const scattering: ScatteringOptions = {
    radiation: options.radiation ?? "xray",
    formFactors: options.formFactors ?? "international-tables",
    bIsoAngstrom2: NO_DISPLACEMENT,
  };
  const points = emptyPoints();
  const phases = phaseBuffers();
  let intensity = new Float64Array(0);
  return (structure) => {
    const cell = scatteringCell(structure, scattering);
    checkFormFactorRange(cell, gMaxInvAngstrom);
    halfSphere(cell.reciprocal, 0, gMaxInvAngstrom, points);
    if (intensity.length < points.count) intensity = new Float64Array(points.g2.length);
    squaredStructureFactors(cell, points, intensity, phases);
    const perVolume = 1 / cell.volumeAngstrom3 ** 2;
    for (let i = 0; i < points.count; i++) intensity[i]! *= perVolume;
    return {
      count: points.count,
      h: points.h,
      k: points.k,
      l: points.l,
      g2: points.g2,
      intensity,
      forward: forwardAmplitude(cell) ** 2 * perVolume,
      reciprocal: cell.reciprocal,
      volumeAngstrom3: cell.volumeAngstrom3,
    };
  };
}
