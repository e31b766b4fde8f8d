/** From atoms that a file lists one by one (POSCAR, JSON) to a structure, with the checks that CIF gets. */
import { EwaldError, type Position, type Warning } from "../../errors.ts";
import {
  type Mat3,
  type Vec3,
  determinant,
  invert,
  norm,
  vectorTimesMatrix,
} from "../../math/matrix3.ts";
import type { ReadStructure } from "../cif/structure.ts";
import { type ListedSite, expandSites } from "../expand.ts";
import {
  type Difference,
  type StatedContents,
  contentDifferences,
  statedWarning,
} from "./stated-contents.ts";
import type { StatedSymmetry, Structure } from "../structure.ts";
import {
  operationsOfSetting,
  settingByHall,
  settingWith,
} from "../symmetry/space-group-settings.ts";
import { obeysStated } from "../symmetry/stated-symmetry.ts";
import type { SymmetryOperation } from "../symmetry/symmetry-engine.ts";
import { IDENTITY_OPERATION } from "../symmetry/symmetry-operation.ts";

export interface ListedStructure {
  readonly name: string;
  readonly lattice: Mat3;
  readonly sites: readonly ListedSite[];
  readonly formula?: string;
  /** By which the sites fill the cell; the identity alone unless said. */
  readonly operations?: readonly SymmetryOperation[];
  /** Hall symbol of the space group, in the axes of this cell. */
  readonly hall?: string;
  /** The file's statements on itself beside its atoms. */
  readonly stated?: StatedContents;
  /** Statements that a format makes in its own words, compared with the structure. */
  readonly differences?: (structure: Structure) => readonly Difference[];
  /** Warnings of the reader. */
  readonly warnings?: readonly Warning[];
}

/** Listed atoms nearer than this are one site of several species; distinct atoms never are, Å. */
const SAME_SITE_ANGSTROM = 1e-3;
/** A cell flatter than this fraction of |a||b||c| has lost a vector. */
const SMALLEST_RELATIVE_VOLUME = 1e-4;

/**
 * @throws EwaldError `lattice/zero-volume`, `structure/no-sites`, `structure/clash`, `structure/occupancy-sum`,
 * `structure/too-many-sites`
 */
export function structureOfList(listed: ListedStructure): ReadStructure {
  if (listed.sites.length === 0) {
    throw new EwaldError("structure/no-sites", "the structure lists no atoms");
  }
  const { lattice } = listed;
  const operations = listed.operations ?? [IDENTITY_OPERATION];
  const { sites, warnings } = expandSites(
    listed.sites,
    operations,
    lattice,
    listed.operations === undefined ? { mergeAngstrom: SAME_SITE_ANGSTROM } : {},
  );
  const stated = statedSymmetry(listed);
  const structure: Structure = { lattice, sites };
  const described = stated === null ? structure : { ...structure, statedSymmetry: stated };
  const isObeyed = obeysStated(described);
  const differences = [
    ...(isObeyed ? [] : [groupDifference(stated!)]),
    ...contentDifferences(listed.stated ?? {}, structure),
    ...(listed.differences?.(structure) ?? []),
  ];
  return {
    structure: isObeyed ? described : structure,
    name: listed.name,
    declared: listed.formula === undefined ? {} : { formula: listed.formula },
    operations,
    warnings: [...(listed.warnings ?? []), ...warnings, ...statedWarning(differences)],
  };
}

function statedSymmetry({ operations, hall }: ListedStructure): StatedSymmetry | null {
  const setting = hall === undefined ? undefined : settingByHall(hall);
  const stated = operations ?? (setting === undefined ? [] : operationsOfSetting(setting));
  // P 1 is no statement: every atom is listed.
  if (stated.length < 2) return null;
  return {
    setting: settingWith(stated, setting === undefined ? [] : [setting]),
    operations: stated,
  };
}

function groupDifference({ setting, operations }: StatedSymmetry): Difference {
  const stated = setting?.hermannMauguin ?? `of ${operations.length} operations`;
  return { what: "space group", stated, read: "atoms or a cell without its symmetry" };
}

/**
 * Three row vectors in Å that enclose a volume.
 * @throws EwaldError `lattice/zero-volume`
 */
export function checkedLattice(rows: Mat3, at: Position = {}): Mat3 {
  const volume = Math.abs(determinant(rows));
  if (!(volume > SMALLEST_RELATIVE_VOLUME * norm(rows[0]) * norm(rows[1]) * norm(rows[2]))) {
    throw new EwaldError("lattice/zero-volume", "the three lattice vectors enclose no volume", {
      value: rows,
      unit: "Å",
      ...at,
    });
  }
  return rows;
}

/** Cartesian (Å, row vector) to fractional coordinates, for many atoms of one lattice. */
export function fractionalOf(lattice: Mat3): (cart: Vec3) => Vec3 {
  const inverse = invert(lattice);
  return (cart) => vectorTimesMatrix(cart, inverse);
}
