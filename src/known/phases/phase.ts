/**
 * A known phase: a compound with its structure and where that comes from. What is kept of a structure is what a CIF with
 * symmetry holds: a cell in a tabulated setting, one site of each orbit.
 */
import { inCell } from "../../crystal/lattice.ts";
import { type CellParameters, latticeOf } from "../../diffraction/line-list.ts";
import type { Site, Species, Structure } from "../../crystal/structure.ts";
import {
  operationsOfSetting,
  type TabulatedSetting,
} from "../../crystal/symmetry/space-group-settings.ts";
import { imageOf } from "../../crystal/symmetry/symmetry-operation.ts";
import type { Vec3 } from "../../math/matrix3.ts";

/** One site of each orbit of a phase. */
export interface UnitSite {
  readonly species: readonly Species[];
  /** Sites of the orbit in the cell. */
  readonly multiplicity: number;
  readonly frac: Vec3;
  /** B = 8π²U, Å², where the source states one. */
  readonly bIsoAngstrom2?: number;
}

/** A phase as it is kept. */
export interface PhaseRecord {
  /** In its source: "mp-390", "amcsd-0000123"; of one's own: the name of the file or row. */
  readonly id: string;
  /** "Materials Project", "AMCSD", or the name of one's own library. */
  readonly source: string;
  /** Of the mineral or compound. */
  readonly name?: string;
  /** Where it was published. */
  readonly reference?: string;
  /** Whether the structure was measured; the cells of calculated ones are off by about 1 %. */
  readonly isMeasured: boolean;
  /** eV/atom, of calculated structures where the tables have it. */
  readonly energyAboveHullEvPerAtom?: number;
  /** The phase's own, at the tolerance of its source; that of the cell below may be lower, for it keeps the atoms as given. */
  readonly spaceGroup: number;
  readonly setting: TabulatedSetting;
  readonly cell: CellParameters;
  readonly sites: readonly UnitSite[];
}

/** Images of one site nearer than this are one, Å: coordinates are kept to some 1e-5 of an edge. */
const SAME_SITE_ANGSTROM = 5e-3;

/** Every atom of the cell. */
export function structureOf({
  setting,
  cell,
  sites,
}: Pick<PhaseRecord, "setting" | "cell" | "sites">): Structure {
  const operations = operationsOfSetting(setting);
  return {
    lattice: latticeOf(cell),
    statedSymmetry: { setting, operations },
    sites: sites.flatMap(({ species, frac, bIsoAngstrom2 }) =>
      orbitOf(frac, operations, cell).map((position): Site => ({
        species,
        frac: position,
        ...(bIsoAngstrom2 === undefined ? {} : { bIsoAngstrom2 }),
      })),
    ),
  };
}

/** Distinct images, each in the mean of those that fall together: special positions come out exact. */
export function orbitOf(
  frac: Vec3,
  operations: ReturnType<typeof operationsOfSetting>,
  cell: CellParameters,
): Vec3[] {
  const found: { readonly first: Vec3; readonly sum: [number, number, number]; count: number }[] =
    [];
  for (const operation of operations) {
    const image = imageOf(operation, frac);
    const twin = found.find(({ first }) => isSame(first, image, cell));
    if (twin === undefined) {
      found.push({ first: image, sum: [0, 0, 0], count: 1 });
      continue;
    }
    twin.count++;
    for (let i = 0; i < 3; i++) {
      const off = image[i]! - twin.first[i]!;
      twin.sum[i]! += off - Math.round(off);
    }
  }
  return found.map(({ first, sum, count }) =>
    inCell(first.map((x, i) => x + sum[i]! / count) as unknown as Vec3),
  );
}

function isSame(one: Vec3, other: Vec3, cell: CellParameters): boolean {
  for (let i = 0; i < 3; i++) {
    const off = one[i]! - other[i]!;
    if (Math.abs(off - Math.round(off)) * cell[i]! > SAME_SITE_ANGSTROM) return false;
  }
  return true;
}
