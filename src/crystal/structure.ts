/**
 * The structure record: what every layer above means by a crystal structure. Plain data, never
 * mutated; partial occupancy, mixed sites, ions and deuterium are kept as the source gave them.
 */
import type { Mat3, Vec3 } from "../math/matrix3.ts";
import type { LatticeParameters } from "./lattice.ts";
import type { TabulatedSetting } from "./symmetry/space-group-settings.ts";
import type { SymmetryOperation } from "./symmetry/symmetry-engine.ts";

/** One kind of atom on a site. */
export interface Species {
  /** IUPAC symbol; deuterium is `"D"`. */
  readonly element: string;
  /** Fraction of the site filled by this species, 0 < occupancy ≤ 1. */
  readonly occupancy: number;
  /** Standard uncertainty of `occupancy` where the source states one. */
  readonly occupancyEsd?: number;
  /** Formal oxidation state where the source states one. */
  readonly oxidation?: number;
  /** B = 8π²U, Å², where the species of a mixed site differ in it; takes the place of the site's. */
  readonly bIsoAngstrom2?: number;
}

/** One position in the cell and what stands on it. */
export interface Site {
  readonly species: readonly Species[];
  /** Fractional coordinates in the structure's lattice, not necessarily within [0, 1). */
  readonly frac: Vec3;
  /** Standard uncertainties of `frac`, 0 where the source states none for that coordinate. */
  readonly fracEsd?: Vec3;
  /** The source's own name of the site ("Si1"). */
  readonly label?: string;
  /** Isotropic displacement parameter B = 8π²U, Å². Equivalent isotropic where the source is anisotropic. */
  readonly bIsoAngstrom2?: number;
}

/** A crystal structure: lattice vectors (rows, Å) and all sites of the cell. */
export interface Structure {
  /** Lattice vectors a, b, c as rows, Å. */
  readonly lattice: Mat3;
  /** Standard uncertainties of the cell parameters where the source states them. */
  readonly latticeEsd?: LatticeParameters;
  /** Every atom of the cell: symmetry already expanded. */
  readonly sites: readonly Site[];
  /** Absent where the source states none or P 1, and where cell or atoms were changed. */
  readonly statedSymmetry?: StatedSymmetry;
}

/** The space group by which the source of a structure describes it. */
export interface StatedSymmetry {
  /** The tabulated setting that has these very operations; null where none has. */
  readonly setting: TabulatedSetting | null;
  /** In fractional coordinates of the structure's lattice, identity first. */
  readonly operations: readonly SymmetryOperation[];
}
