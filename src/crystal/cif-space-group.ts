/**
 * What a CIF calls its space group: Hall symbol, Hermann-Mauguin symbol, number; and the tabulated settings that these words
 * leave possible.
 */
import { EwaldError, type Warning } from "../errors.ts";
import type { CifItems } from "./cif-tags.ts";
import { operationsFromHall } from "./hall-symbol.ts";
import {
  type TabulatedSetting,
  operationsOfSetting,
  settingByHall,
  settingsByNumber,
  settingsBySymbol,
} from "./space-group-settings.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";

/** What the file says of its space group, as written. */
export interface DeclaredSymmetry {
  readonly spaceGroupNumber?: number;
  readonly hermannMauguin?: string;
  readonly hall?: string;
  /** Operations listed by the file, as written. */
  readonly operations?: readonly string[];
}

export const OPERATION_TAGS = ["_space_group_symop_operation_xyz", "_symmetry_equiv_pos_as_xyz"];
export const HM_TAGS = [
  "_space_group_name_H-M_alt",
  "_symmetry_space_group_name_H-M",
  "_space_group_name_H-M_full",
  "_space_group_name_H-M_ref",
];
export const HALL_TAGS = ["_space_group_name_Hall", "_symmetry_space_group_name_Hall"];
export const NUMBER_TAGS = ["_space_group_IT_number", "_symmetry_Int_Tables_number"];

/** Symbols, number and operations of the file; what is no number of a space group is warned of. */
export function readDeclared(items: CifItems, warnings: Warning[]): DeclaredSymmetry {
  const hermannMauguin = items.text(...HM_TAGS);
  const hall = items.text(...HALL_TAGS);
  const number = readNumber(items, warnings);
  const operations: string[] = [];
  const column = items.column(...OPERATION_TAGS);
  for (let row = 0; row < (column?.length ?? 0); row += 1) {
    const text = column!.string(row);
    if (text !== undefined && text.trim() !== "") operations.push(text.trim());
  }
  return {
    ...(number === undefined ? {} : { spaceGroupNumber: number }),
    ...(hermannMauguin === undefined ? {} : { hermannMauguin }),
    ...(hall === undefined ? {} : { hall }),
    ...(operations.length === 0 ? {} : { operations }),
  };
}

function readNumber(items: CifItems, warnings: Warning[]): number | undefined {
  const text = items.text(...NUMBER_TAGS);
  if (text === undefined) return undefined;
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 230) return number;
  warnings.push({
    code: "cif/space-group-number",
    message: `"${text.slice(0, 20)}" is not the number of a space group: passed over`,
    ...items.position(...NUMBER_TAGS),
  });
  return undefined;
}

export interface DeclaredSettings {
  readonly source: "hall" | "symbol" | "number" | "none";
  readonly settings: readonly TabulatedSetting[];
  /** Operations of a Hall symbol, which leaves nothing open. */
  readonly hall: readonly SymmetryOperation[] | null;
}

/**
 * Hall symbol, Hermann-Mauguin symbol, number: the first that is understood; the others must not contradict it.
 * @throws EwaldError `cif/symmetry-contradiction`, `cif/space-group-symbol`
 */
export function declaredSettings(
  items: CifItems,
  declared: DeclaredSymmetry,
  warnings: Warning[],
): DeclaredSettings {
  const { hermannMauguin, spaceGroupNumber } = declared;
  const byNumber = spaceGroupNumber === undefined ? [] : settingsByNumber(spaceGroupNumber);
  const bySymbol = hermannMauguin === undefined ? [] : settingsBySymbol(hermannMauguin);
  const hall = readHall(items, declared, warnings);
  if (hermannMauguin !== undefined && bySymbol.length === 0) {
    warnings.push({
      code: "cif/space-group-symbol",
      message: `the space-group symbol "${hermannMauguin.slice(0, 40)}" is not known`,
      ...items.position(...HM_TAGS),
    });
  }
  const listed = declared.operations !== undefined;
  const disagree =
    bySymbol.length > 0 &&
    byNumber.length > 0 &&
    !bySymbol.some((one) => one.number === spaceGroupNumber);
  if (disagree) {
    const message = `the space-group symbol "${hermannMauguin!}" is not one of number ${spaceGroupNumber!}`;
    const at = items.position(...NUMBER_TAGS);
    if (!listed && hall === null) {
      throw new EwaldError("cif/symmetry-contradiction", message, {
        value: spaceGroupNumber,
        ...at,
      });
    }
    warnings.push({ code: "cif/symmetry-contradiction", message, ...at });
  }
  if (hall !== null) {
    const setting = settingByHall(declared.hall!);
    return { source: "hall", hall, settings: setting === undefined ? [] : [setting] };
  }
  if (bySymbol.length > 0) {
    // With listed operations either may be the one that is right.
    const settings = disagree ? [...bySymbol, ...byNumber] : bySymbol;
    return { source: "symbol", hall, settings };
  }
  if (hermannMauguin !== undefined && byNumber.length > 1 && !listed) {
    // A symbol that is not in the table may well mean a setting that is not either.
    throw new EwaldError(
      "cif/space-group-symbol",
      `the space-group symbol "${hermannMauguin.slice(0, 40)}" is not known, and number ${spaceGroupNumber!} has several settings`,
      {
        value: hermannMauguin,
        ...items.position(...HM_TAGS),
        hint: "List the symmetry operations.",
      },
    );
  }
  if (byNumber.length > 0) return { source: "number", hall, settings: byNumber };
  if (hermannMauguin !== undefined && !listed) {
    throw new EwaldError(
      "cif/space-group-symbol",
      `the space-group symbol "${hermannMauguin.slice(0, 40)}" is not known, and no operations are listed`,
      {
        value: hermannMauguin,
        ...items.position(...HM_TAGS),
        hint: "List the symmetry operations.",
      },
    );
  }
  return { source: "none", hall, settings: [] };
}

function readHall(
  items: CifItems,
  declared: DeclaredSymmetry,
  warnings: Warning[],
): readonly SymmetryOperation[] | null {
  if (declared.hall === undefined) return null;
  try {
    const setting = settingByHall(declared.hall);
    return setting === undefined ? operationsFromHall(declared.hall) : operationsOfSetting(setting);
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    const at = items.position(...HALL_TAGS);
    warnings.push({ code: "cif/hall-symbol", message: error.message, ...at });
    return null;
  }
}
