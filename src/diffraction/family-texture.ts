/** Preferred orientation of line lists, which hold one member of each family of equivalent reflections. */
import { dot, type Mat3, type Vec3, vectorTimesMatrix } from "../math/matrix3.ts";
import type { LineList } from "./line-list.ts";
import type { TextureAxis } from "./scan-conditions.ts";
import { marchDollase } from "./texture.ts";

const CUBIC_DIRECTIONS: Readonly<Record<TextureAxis, readonly Vec3[]>> = (() => {
  const axes = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] as const; // prettier-ignore
  const diagonals = [[1, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1], [0, 1, 1], [0, 1, -1]] as const; // prettier-ignore
  const corners = [[1, 1, 1], [-1, 1, 1], [1, -1, 1], [1, 1, -1]] as const; // prettier-ignore
  return { "100": axes, "010": axes, "001": axes, "110": diagonals, "111": corners };
})();

/**
 * March-Dollase factor of a family, from one member: in cubic crystals the mean over the equivalent directions; else the
 * axis is one that symmetry leaves in place up to sign, so that all members stand alike to it.
 * @param weight of cos²α and r; `marchDollaseSlope` gives the factor's derivative to r
 */
export function textureFactor(
  { system }: LineList,
  reciprocal: Mat3,
  hkl: Vec3,
  axis: TextureAxis,
  r: number,
  weight = marchDollase,
): number {
  if (system === "cubic") {
    const directions = CUBIC_DIRECTIONS[axis];
    const length2 = dot(hkl, hkl);
    let sum = 0;
    for (const direction of directions) {
      const along = dot(hkl, direction);
      sum += weight((along * along) / (length2 * dot(direction, direction)), r);
    }
    return sum / directions.length;
  }
  const isUniaxial = ["tetragonal", "trigonal", "hexagonal"].includes(system);
  const row = isUniaxial || axis === "001" || axis === "111" ? 2 : axis === "010" ? 1 : 0;
  const unit = reciprocal[row];
  const g = vectorTimesMatrix(hkl, reciprocal);
  const along = dot(g, unit);
  return weight((along * along) / (dot(g, g) * dot(unit, unit)), r);
}
