/** How the features of `features.ts` lie in a row, and the radii that all of them count in. */

/** Cu Kα of the paper, Å. */
const WAVELENGTH_ANGSTROM = 1.5418;
/** Radius of the limiting sphere, 1/Å. */
export const G_MAX = 2 / WAVELENGTH_ANGSTROM;

/** Points of the point part; a structure with fewer repeats its first with weight 0. */
export const POINTS = 64;
/** |g|, ln I, ln I/I(000), ln multiplicity, |g| / largest, Σ P₂, Σ P₄; and the weight, 1 / number of points or 0. */
export const POINT_CHANNELS = 8;

export const SHELLS = 64;
/** Shells of the anisotropy, its harmonics by degree, and distances of the pairs. */
export const WIDE_SHELLS = 8;
export const DEGREES = [2, 4, 6] as const;
export const PAIRS = 56;
const OVERALL = 10;
const PROFILE_AT = 0;
export const ANISOTROPY_AT = PROFILE_AT + SHELLS;
export const PAIRS_AT = ANISOTROPY_AT + 2 * DEGREES.length * WIDE_SHELLS;
export const OVERALL_AT = PAIRS_AT + PAIRS;
/** Numbers of a structure as a whole: profile, anisotropy, pairs, overall. */
export const GLOBALS = OVERALL_AT + OVERALL;
/** Among the overall numbers: ½ ln I(000), and ln |g| of the shortest point. */
export const ELECTRON_DENSITY = 0;
export const SHORTEST = 1;
export const FEATURES = GLOBALS + POINTS * POINT_CHANNELS;

/** The share of I(000) below which a point has no intensity (coordinates are known to 1e-6, which leaves 1e-10). */
export const ABSENT = 1e-6;

/** Radii are counted in fine bins first. */
export const FINE = 512;
export const FINE_WIDTH = G_MAX / FINE;
