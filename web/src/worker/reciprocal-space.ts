/** The reciprocal lattice of a structure within the limiting sphere (2/λ), with |F|² as the size of its points. */
import { cellVolume, reciprocalLattice } from "../../../src/crystal/lattice.ts";
import type { Structure } from "../../../src/crystal/structure.ts";
import { reflections } from "../../../src/diffraction/reflections.ts";
import { structureFactors } from "../../../src/diffraction/structure-factors.ts";
import type { Mat3 } from "../../../src/math/matrix3.ts";
import type { RadiationKind } from "../../../src/radiation/radiation.ts";

export interface ReciprocalSpace {
  readonly hkl: Int32Array;
  /** Cartesian, 1/Å without 2π, three per point. */
  readonly gInvAngstrom: Float64Array;
  /** Points within the radius that are no absences; of more than are drawn the strongest are. */
  readonly pointsWithin: number;
  /** |F|², largest 1; a point per reflection, absences left out. */
  readonly strength: Float64Array;
  readonly lattice: Mat3;
  /** 2/λ: what no wavelength of this radiation can pass. */
  readonly limitInvAngstrom: number;
  /** Points are drawn up to here, 1/Å; the limit itself where that is not too many. */
  readonly radiusInvAngstrom: number;
}

/** More points are a fog. */
const MOST_POINTS = 3000;
/** Points of the whole sphere that are computed, of which the strongest are drawn. */
const CANDIDATES = 12_000;
/** |F|² below this share of the strongest is an absence, or as good as one. */
const LEAST_STRENGTH = 1e-4;

export interface ReciprocalInput {
  readonly structure: Structure;
  readonly radiation: RadiationKind;
  readonly wavelengthAngstrom: number;
}

export function reciprocalSpace(input: ReciprocalInput): ReciprocalSpace {
  const { structure, radiation, wavelengthAngstrom } = input;
  const limit = 2 / wavelengthAngstrom;
  const lattice = reciprocalLattice(structure.lattice);
  // The nearest ones where the limiting sphere holds too many: half a sphere, Friedel's law gives the rest.
  const reach = Math.cbrt((3 * CANDIDATES) / (4 * Math.PI * cellVolume(structure.lattice)));
  const radius = Math.min(limit, reach);
  const { count, hkl } = reflections(structure.lattice, { gMaxInvAngstrom: radius });
  const factors = structureFactors(structure, hkl, { radiation });
  const squared = factors.real.map((re, i) => re * re + factors.imaginary[i]! ** 2);
  const most = squared.reduce((a, b) => Math.max(a, b), 0) || 1;
  const present = Array.from({ length: count }, (_, i) => i).filter(
    (i) => squared[i]! >= LEAST_STRENGTH * most,
  );
  const seen = present.sort((a, b) => squared[b]! - squared[a]!).slice(0, MOST_POINTS / 2);
  const [a, b, c] = lattice;
  const points = seen.flatMap((i) => [1, -1].map((sign) => ({ i, sign })));
  const hkls = points.flatMap(({ i, sign }) => [0, 1, 2].map((axis) => sign * hkl[3 * i + axis]!));
  return {
    pointsWithin: 2 * present.length,
    hkl: Int32Array.from(hkls),
    gInvAngstrom: Float64Array.from({ length: 3 * points.length }, (_, n) => {
      const [p, axis] = [Math.floor(n / 3), n % 3];
      return hkls[3 * p]! * a[axis]! + hkls[3 * p + 1]! * b[axis]! + hkls[3 * p + 2]! * c[axis]!;
    }),
    strength: Float64Array.from(points, ({ i }) => squared[i]! / most),
    lattice,
    limitInvAngstrom: limit,
    radiusInvAngstrom: radius,
  };
}
