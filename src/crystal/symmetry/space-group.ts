/**
 * Space groups as such, without a structure: names, systems, settings, operations, Wyckoff
 * positions. Facts come from moyo's transcription of International Tables A through spglib's Hall table;
 * needs `await loadSymmetry()` first, except {@link crystalSystemOf}.
 *
 * The standard setting is spglib's, the lowest Hall number of each type: unique axis b, cell choice 1, hexagonal
 * axes for R, and origin choice 1 where there are two. International Tables and most
 * CIFs prefer origin choice 2, so a published Wyckoff list may need `setting: "international"`.
 */
import { EwaldError } from "../../errors.ts";
import { type SymmetryOperation, moyoEngine, operationFromMoyo } from "./symmetry-engine.ts";

export type CrystalSystem =
  | "triclinic"
  | "monoclinic"
  | "orthorhombic"
  | "tetragonal"
  | "trigonal"
  | "hexagonal"
  | "cubic";

/** Last space group number of each crystal system (International Tables A). */
const LAST_OF_SYSTEM: readonly (readonly [number, CrystalSystem])[] = [
  [2, "triclinic"],
  [15, "monoclinic"],
  [74, "orthorhombic"],
  [142, "tetragonal"],
  [167, "trigonal"],
  [194, "hexagonal"],
  [230, "cubic"],
];

/** @throws EwaldError `symmetry/space-group-number` unless a whole number 1-230 */
export function crystalSystemOf(spaceGroupNumber: number): CrystalSystem {
  return LAST_OF_SYSTEM.find(([last]) => checkedNumber(spaceGroupNumber) <= last)![1];
}

function checkedNumber(number: number): number {
  if (!Number.isInteger(number) || number < 1 || number > 230) {
    throw new EwaldError(
      "symmetry/space-group-number",
      `${number} is not the number of a space group`,
      { value: number, hint: "Space groups are numbered 1 to 230." },
    );
  }
  return number;
}

function checkedHallNumber(hallNumber: number): number {
  if (!Number.isInteger(hallNumber) || hallNumber < 1 || hallNumber > 530) {
    throw new EwaldError(
      "symmetry/hall-number",
      `${hallNumber} is not the number of a Hall symbol`,
      { value: hallNumber, hint: "Hall symbols are numbered 1 to 530." },
    );
  }
  return hallNumber;
}

/** "P 4_2/m n m" → "P4_2/mnm". */
export function compactSymbol(symbol: string): string {
  return symbol.replaceAll(" ", "");
}

export interface SpaceGroupType {
  readonly number: number;
  /** Short Hermann-Mauguin symbol without spaces: "P4_2/mnm". */
  readonly symbol: string;
  /** Full Hermann-Mauguin symbol with spaces: "P 4_2/m 2_1/n 2/m". */
  readonly symbolFull: string;
  readonly crystalSystem: CrystalSystem;
  /** "4/mmm" */
  readonly pointGroup: string;
  /** "tP" */
  readonly bravais: string;
}

/** @throws EwaldError `symmetry/space-group-number`, `symmetry/not-loaded` */
export function spaceGroupType(number: number): SpaceGroupType {
  const type = moyoEngine().space_group_type(checkedNumber(number));
  return {
    number,
    symbol: compactSymbol(type.hm_short),
    symbolFull: type.hm_full,
    crystalSystem: crystalSystemOf(number),
    pointGroup: type.geometric_crystal_class,
    bravais: type.bravais_class,
  };
}

/** One of the 530 tabulated settings. */
export interface SpaceGroupSetting {
  readonly number: number;
  readonly hallNumber: number;
  /** spglib's code of the setting: "b1", "H", "2", "cab", "" … */
  readonly setting: string;
  readonly hallSymbol: string;
  /** Short and full Hermann-Mauguin symbols of this setting, with spaces. */
  readonly symbolShort: string;
  readonly symbolFull: string;
  readonly centring: "P" | "A" | "B" | "C" | "I" | "R" | "F";
}

/** All tabulated settings of a space group, by Hall number; the first is spglib's standard. */
export function spaceGroupSettings(number: number): readonly SpaceGroupSetting[] {
  return moyoEngine()
    .hall_symbol_entries_from_number(checkedNumber(number))
    .map((entry) => ({
      number: entry.number,
      hallNumber: entry.hall_number,
      setting: entry.setting,
      hallSymbol: entry.hall_symbol,
      symbolShort: entry.hm_short,
      symbolFull: entry.hm_full,
      centring: entry.centering,
    }));
}

/**
 * Hall number of the setting that spglib standardises to (`"spglib"`) or that International Tables
 * lists first for use today (`"international"`: as before, but origin choice 2).
 */
export function standardHallNumber(
  number: number,
  setting: "spglib" | "international" = "spglib",
): number {
  const settings = spaceGroupSettings(number);
  const centred =
    setting === "international" ? settings.find((entry) => entry.setting === "2") : undefined;
  return (centred ?? (settings[0] as SpaceGroupSetting)).hallNumber;
}

/** Which setting: a Hall number, or a space group number in its standard setting. */
export type SettingChoice =
  | { readonly hallNumber: number }
  | { readonly number: number; readonly setting?: "spglib" | "international" };

function hallNumberOf(choice: SettingChoice): number {
  return "hallNumber" in choice
    ? checkedHallNumber(choice.hallNumber)
    : standardHallNumber(choice.number, choice.setting);
}

/**
 * All operations of the conventional cell, centring translations included, identity first;
 * translations in [0, 1).
 *
 * @throws EwaldError `symmetry/space-group-number`, `symmetry/hall-number`, `symmetry/not-loaded`
 */
export function spaceGroupOperations(choice: SettingChoice): readonly SymmetryOperation[] {
  const hallNumber = hallNumberOf(choice);
  const engine = moyoEngine();
  return engine
    .operations_from_number(
      engine.hall_symbol_entry(hallNumber).number,
      { type: "HallNumber", value: hallNumber },
      false,
    )
    .map(operationFromMoyo);
}

export interface WyckoffPosition {
  readonly letter: string;
  /** Sites per conventional cell. */
  readonly multiplicity: number;
  /** Oriented symbol: "m.mm". */
  readonly siteSymmetry: string;
  /** One representative, "x,x,z". */
  readonly coordinates: string;
}

/** General position first. Letters are those of spglib's setting, see the header on origins. */
export function wyckoffPositions(choice: SettingChoice): readonly WyckoffPosition[] {
  return moyoEngine()
    .wyckoff_positions(hallNumberOf(choice))
    .map(({ letter, multiplicity, site_symmetry, coordinates }) => ({
      letter,
      multiplicity,
      siteSymmetry: site_symmetry,
      coordinates,
    }));
}
