/**
 * Features of a structure for the default network: numbers made of the reciprocal points within the limiting sphere of Cu Kα
 * (|g| ≤ 2/λ) and their intensities, and nothing else: no elements, no cell. They do not change when the structure is
 * turned, mirrored, described by another cell (a doubled one adds points without intensity) or its atoms are listed in another order,
 * so that nothing of this has to be learned from copies.
 *
 *   profile     ln of the mean |F|²/V in shells of |g|: what a powder shows, on an absolute scale
 *   anisotropy  Σᵢⱼ wᵢ wⱼ P_l(cos γᵢⱼ) / (Σ w)² for l = 2, 4, 6 in wider shells, w = I and w = √I: how the intensity lies in
 *               space (the power spectrum of P. Steinhardt, D. Nelson, M. Ronchetti, Phys. Rev. B 28, 784 (1983)), 0 for a sphere
 *   pairs       how much likelier than by chance two electrons lie r apart: the Patterson function averaged over directions,
 *               Σ I w sin(2πgr)/(2πgr) / I(000), 0.6 to 6.1 Å; w damps towards the sphere's surface
 *   overall     density of electrons (origin point), how close the shortest points lie, how many of them are alike, how many
 *               points there are
 *   points      the shortest points with intensity, one of each Friedel pair, with their multiplicity and their directions among
 *               the others
 */
import type { Structure } from "../../crystal/structure.ts";
import type { StructureFeature } from "../../data/table-features.ts";
import { type ReciprocalSphere, reciprocalSphere } from "../../diffraction/reciprocal-sphere.ts";
import { ANISOTROPY_AT, FEATURES, G_MAX, GLOBALS, OVERALL_AT, PAIRS_AT } from "./feature-layout.ts";
import { shortestPoints, writeOverall, writePoints } from "./point-features.ts";
import { gather, shellSums, writeAnisotropy, writePairs, writeProfile } from "./shell-features.ts";

/** Writes the features of a structure into `out` from `offset` on; {@link FEATURES} numbers. */
export type FeatureWriter = (structure: Structure, out: Float32Array, offset: number) => void;

/**
 * A writer for many structures: buffers are made once.
 * It throws EwaldError `scattering/…` for elements without a form factor.
 */
export function featureWriter(): FeatureWriter {
  const read = reciprocalSphere({ gMaxInvAngstrom: G_MAX });
  const sums = shellSums();
  return (structure, out, offset) => {
    const sphere = read(structure);
    gather(sphere, sums);
    writeProfile(sums, out, offset);
    writeAnisotropy(sums, out, offset + ANISOTROPY_AT);
    writePairs(sphere, sums, out, offset + PAIRS_AT);
    const shortest = shortestPoints(sphere, sums.count);
    writePoints(sphere, shortest, out, offset + GLOBALS);
    writeOverall(sphere, shortest, sums.count, out, offset + OVERALL_AT, offset + GLOBALS);
  };
}

/** The features of structures for `tableFeatures`, cached by table. */
export function reciprocalFeature(): StructureFeature {
  return {
    feature: "reciprocal",
    version: 4,
    parameters: { gMaxInvAngstrom: G_MAX },
    shape: [FEATURES],
    writer: featureWriter,
  };
}

/** hkl of the points that {@link featureWriter} would list, in that order; (points × 3). */
export function listedPoints(structure: Structure): {
  readonly hkl: Int32Array;
  readonly sphere: ReciprocalSphere;
  readonly rows: readonly number[];
} {
  const sphere = reciprocalSphere({ gMaxInvAngstrom: G_MAX })(structure);
  const sums = shellSums();
  gather(sphere, sums);
  const { chosen } = shortestPoints(sphere, sums.count);
  const hkl = Int32Array.from(chosen.flatMap((i) => [sphere.h[i]!, sphere.k[i]!, sphere.l[i]!]));
  return { hkl, sphere, rows: chosen };
}
