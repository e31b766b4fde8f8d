/**
 * Features for the default network of crystal systems: lengths and angles of the three reciprocal basis vectors of the
 * conventional cell, pair by pair; intensities are not looked at. Numbers that are 0 where symmetry demands it are given as
 * logarithms, so that 10⁻³ and 10⁻² of a difference are as far apart as 0.1 and 1.
 */
import { conventionalCell } from "../../crystal/structure-transform.ts";
import type { Structure } from "../../crystal/structure.ts";
import type { StructureFeature } from "../../data/table-features.ts";
import { pointCloudWriter } from "../../diffraction/point-cloud.ts";
import { EwaldError } from "../../errors.ts";
import { SYSTEM_CHANNELS, SYSTEM_PAIRS } from "./network.ts";

const PAIRS = [
  [0, 1],
  [1, 2],
  [2, 0],
] as const;
/** Differences below are rounding. */
const LEAST = 1e-4;

const small = (x: number): number => Math.log(Math.abs(x) + LEAST) / 5 + 1;

/** Writes (3, 4) numbers: ln of |ln ratio|, of |cos γ*|, of |cos γ* - ½|, and the ratio's logarithm itself. */
export function systemFeatureWriter(): (
  conventional: Structure,
  out: Float32Array,
  offset: number,
) => void {
  const write = pointCloudWriter({ points: 3, scaling: "none" });
  const cloud = new Float32Array(12);
  return (conventional, out, offset) => {
    write(conventional, cloud, 0);
    const length = (p: number): number =>
      Math.hypot(cloud[4 * p]!, cloud[4 * p + 1]!, cloud[4 * p + 2]!);
    for (const [pair, [i, j]] of PAIRS.entries()) {
      const logRatio = Math.abs(Math.log(length(i) / length(j)));
      let cos = 0;
      for (let k = 0; k < 3; k++) cos += cloud[4 * i + k]! * cloud[4 * j + k]!;
      cos = Math.abs(cos / (length(i) * length(j)));
      const at = offset + pair * SYSTEM_CHANNELS;
      out[at] = small(logRatio);
      out[at + 1] = small(cos);
      out[at + 2] = small(cos - 0.5);
      out[at + 3] = Math.min(logRatio, 3);
    }
  };
}

/**
 * The features of the crystal system for `tableFeatures`: of the conventional standard cell, found at a tolerance (needs `loadSymmetry`); NaN where the search for
 * symmetry fails.
 */
export function systemFeature(symprecAngstrom: number): StructureFeature {
  return {
    feature: "reciprocal-system",
    version: 1,
    parameters: { symprecAngstrom },
    shape: [SYSTEM_PAIRS, SYSTEM_CHANNELS],
    writer: () => {
      const write = systemFeatureWriter();
      return (structure, out, offset) => {
        try {
          write(conventionalCell(structure, { symprecAngstrom }), out, offset);
        } catch (error) {
          if (!(error instanceof EwaldError)) throw error;
          out.fill(Number.NaN, offset, offset + SYSTEM_PAIRS * SYSTEM_CHANNELS);
        }
      };
    },
  };
}
