/** Agreement: the cosine of √I, observed and calculated, over what of a scan a cell's lines can be compared with. */
import { lowerBound } from "../math/sorted.ts";
import { type CellParameters, LISTED_RANGE_DEG, type LineList } from "../diffraction/line-list.ts";
import type { Observation } from "../scan/observe.ts";
import { atMost180, atOtherWavelength } from "../radiation/angles.ts";
import { CU_KA1_ANGSTROM } from "../radiation/radiation.ts";

const NOISE_CUT = 2;

/** √ of the net intensity, 0 where the calculated curve does not reach. */
function rootNet(observation: Observation, endDeg: number): Float64Array {
  const { intensity, background, noise, twoThetaDeg } = observation;
  return intensity.map((value, i) =>
    twoThetaDeg[i]! > endDeg
      ? 0
      : Math.sqrt(Math.max(0, value - background[i]! - NOISE_CUT * noise[i]!)),
  );
}

/** Cosine of the roots, and the factor that brings the calculated curve to the observed one (in the roots). */
export function compare(
  observed: Float64Array,
  calculated: Float64Array,
  { noise }: Observation,
  end: number,
): { readonly cosine: number; readonly scale: number } {
  let found = { cosine: 0, scale: 0 };
  // The second time what of the calculated curve would drown in noise is cut as the observed one was.
  for (const cut of [0, NOISE_CUT]) {
    let [cross, oo, cc] = [0, 0, 0];
    const scale = cut === 0 ? 1 : found.scale;
    for (let i = 0; i < end; i++) {
      const root = Math.sqrt(Math.max(0, scale * calculated[i]! - cut * noise[i]!));
      cross += observed[i]! * root;
      oo += observed[i]! * observed[i]!;
      cc += root * root;
    }
    if (!(oo > 0 && cc > 0)) return { cosine: 0, scale: 0 };
    found = { cosine: cross / Math.sqrt(oo * cc), scale: scale * (cross / cc) ** 2 };
  }
  return found;
}

/** The part of a scan that a cell's lines can be compared with. */
export interface Span {
  readonly endDeg: number;
  readonly end: number;
  /** See {@link rootNet}. */
  readonly observed: Float64Array;
}

/** Lines are listed up to a fixed sin θ / λ of the given cell: a cell so much larger brings that end down. */
export function spanOf(observation: Observation, larger: number): Span {
  const ratio = observation.wavelengthAngstrom / (CU_KA1_ANGSTROM * larger);
  const endDeg = atMost180(atOtherWavelength(LISTED_RANGE_DEG[1], ratio));
  const end = lowerBound(observation.twoThetaDeg, endDeg);
  return { endDeg, end, observed: rootNet(observation, endDeg) };
}

/** How much longer the longest axis is than that of the lines. */
export function longestChange({ cell: given }: LineList, cell: CellParameters): number {
  return Math.max(...[0, 1, 2].map((i) => cell[i]! / given[i]!));
}
