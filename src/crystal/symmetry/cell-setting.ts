/**
 * In which tabulated setting of its space group a cell is, by its operations: the same rotations, and translations that
 * at most another origin makes equal. Then the symbol, the site symmetries and the Wyckoff letters are those of the
 * cell's own axes (Pbnm and "..m" where the standard setting has Pnma and ".m."), and the way to the standard setting is told.
 *
 * Cells in no tabulated setting (a primitive cell of a centred lattice, a supercell, unusual axes) keep those of the standard
 * one that the symmetry finder leads to.
 */
import {
  type Mat3,
  type Vec3,
  add,
  determinant,
  norm,
  vectorTimesMatrix,
} from "../../math/matrix3.ts";
import { originBetween } from "./origin-shift.ts";
import { settingSymbol, siteSymmetryInAxes } from "./setting-symbol.ts";
import {
  type AxesTransformation,
  plainest,
  pointsInAxes,
  standardOf,
  toStandardSetting,
} from "./setting-transformation.ts";
import {
  type TabulatedSetting,
  hallNumberOf,
  operationsOfSetting,
  settingByHallNumber,
  settingsByNumber,
} from "./space-group-settings.ts";
import type { Structure } from "../structure.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";
import { rotationKey } from "./symmetry-operation.ts";
import { positionOfOrbit } from "./wyckoff-letter.ts";

/** Translations of a setting are those of the table to within this: the finder makes them exact. */
const SAME_TRANSLATION = 1e-4;
/** An orbit lies on its position to within this fraction of the cell. */
const ON_POSITION = 0.05;

/** The kind of a cell that no table lists. */
export type OtherCell = "primitive" | "supercell" | "other-axes";

export interface StandardSetting extends AxesTransformation {
  /** "Pnma" */
  readonly symbol: string;
  readonly setting: TabulatedSetting;
}

export interface CellSetting {
  /** Null where the cell is in none. */
  readonly tabulated: TabulatedSetting | null;
  /** Where the origin of that setting lies in the cell, fractional; 0 unless it is moved by more than the tolerance. */
  readonly originShift: Vec3;
  /** Only where `tabulated` is null. */
  readonly otherCell?: OtherCell;
  /** The standard setting of the tables and how its axes and origin follow from those of the cell. */
  readonly standard: StandardSetting;
}

export interface SymmetryInCell {
  /** In the axes of the cell: "Pbnm", "P2_1/n", "P112_1/b"; the standard one where the cell is in no tabulated setting. */
  readonly symbol: string;
  readonly setting: CellSetting;
  /** Per site. */
  readonly wyckoffLetters: readonly string[];
  /** Per site, oriented to the axes of the cell (of the standard setting where the cell is in no tabulated one). */
  readonly siteSymmetries: readonly string[];
}

/** The answer of the symmetry finder for a cell. */
export interface FoundSymmetry {
  readonly number: number;
  readonly hallNumber: number;
  readonly symprecAngstrom: number;
  readonly operations: readonly SymmetryOperation[];
  readonly orbits: readonly number[];
  readonly wyckoffLetters: readonly string[];
  readonly siteSymmetries: readonly string[];
  readonly transformation: AxesTransformation;
}

export function symmetryInCell(structure: Structure, found: FoundSymmetry): SymmetryInCell {
  const match = tabulatedSetting(structure.lattice, found);
  return (match && inTabulated(structure, found, match)) ?? inNone(found);
}

interface Match {
  readonly setting: TabulatedSetting;
  readonly originShift: Vec3;
}

/** The setting with the very operations, else the one whose origin is nearest; the first of the table where several are. */
function tabulatedSetting(lattice: Mat3, found: FoundSymmetry): Match | null {
  let best: (Match & { distance: number }) | null = null;
  for (const setting of settingsByNumber(found.number)) {
    // Settings that differ from another by their origin only.
    if (setting.hermannMauguin.endsWith("(a)")) continue;
    const originShift = originBetween(
      found.operations,
      operationsOfSetting(setting),
      SAME_TRANSLATION,
    );
    if (originShift === null) continue;
    const distance = norm(vectorTimesMatrix(originShift, lattice));
    if (distance <= found.symprecAngstrom) return { setting, originShift: [0, 0, 0] };
    if (best === null || distance < best.distance - 1e-6) best = { setting, originShift, distance };
  }
  return best;
}

function inTabulated(
  structure: Structure,
  found: FoundSymmetry,
  { setting, originShift }: Match,
): SymmetryInCell | null {
  const way = toStandardSetting(setting);
  const symbol = settingSymbol(setting);
  if (way === null) {
    const { setting: other, wyckoffLetters, siteSymmetries } = inNone(found);
    const { standard } = other;
    return {
      symbol,
      setting: { tabulated: setting, originShift, standard },
      wyckoffLetters,
      siteSymmetries: siteSymmetries.map((one) =>
        siteSymmetryInAxes(one, found.number, standard.basisRows),
      ),
    };
  }
  return inSetting(structure, found.orbits, { setting, originShift }, way);
}

/** Of a cell that is in this setting; null where no way leads from there to the standard one, or the orbits are no positions. */
export function symmetryInSetting(
  structure: Structure,
  orbits: readonly number[],
  setting: TabulatedSetting,
): SymmetryInCell | null {
  const way = toStandardSetting(setting);
  return way && inSetting(structure, orbits, { setting, originShift: [0, 0, 0] }, way);
}

function inSetting(
  structure: Structure,
  orbits: readonly number[],
  { setting, originShift }: Match,
  way: AxesTransformation,
): SymmetryInCell | null {
  const standardSetting = standardOf(setting);
  const standard: StandardSetting = {
    symbol: settingSymbol(standardSetting),
    setting: standardSetting,
    basisRows: way.basisRows,
    originShift: add(way.originShift, originShift),
  };
  const hallNumber = hallNumberOf(standardSetting)!;
  const wyckoffLetters: string[] = [];
  const siteSymmetries: string[] = [];
  for (const orbit of membersOf(orbits)) {
    const members = orbit.map((site) => structure.sites[site]!.frac);
    const position = positionOfOrbit(hallNumber, pointsInAxes(members, standard));
    if (position === undefined || position.misfit > ON_POSITION) return null;
    const siteSymmetry = siteSymmetryInAxes(position.siteSymmetry, setting.number, way.basisRows);
    for (const site of orbit) {
      wyckoffLetters[site] = position.letter;
      siteSymmetries[site] = siteSymmetry;
    }
  }
  return {
    symbol: settingSymbol(setting),
    setting: { tabulated: setting, originShift, standard },
    wyckoffLetters,
    siteSymmetries,
  };
}

function membersOf(orbits: readonly number[]): number[][] {
  const members = new Map<number, number[]>();
  for (const [site, orbit] of orbits.entries()) {
    const present = members.get(orbit);
    if (present === undefined) members.set(orbit, [site]);
    else present.push(site);
  }
  return [...members.values()];
}

function inNone(found: FoundSymmetry): SymmetryInCell {
  const setting = settingByHallNumber(found.hallNumber);
  const symbol = settingSymbol(setting);
  const { wyckoffLetters, siteSymmetries } = found;
  return {
    symbol,
    setting: {
      tabulated: null,
      originShift: [0, 0, 0],
      otherCell: otherCell(found),
      standard: {
        symbol,
        setting,
        ...plainest(found.transformation, operationsOfSetting(setting)),
      },
    },
    wyckoffLetters,
    siteSymmetries,
  };
}

const UNTURNED = rotationKey([
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
]);

function otherCell({ operations, hallNumber, transformation }: FoundSymmetry): OtherCell {
  const points = (all: readonly SymmetryOperation[]) =>
    all.filter(({ rotation }) => rotationKey(rotation) === UNTURNED).length;
  const standardPoints = points(operationsOfSetting(settingByHallNumber(hallNumber)));
  const size = Math.abs(determinant(transformation.basisRows));
  if (size < 1 - 1e-6) return "supercell";
  return standardPoints > 1 && points(operations) === 1 ? "primitive" : "other-axes";
}
