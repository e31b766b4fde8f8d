/**
 * The space group as a CIF names it: Hall symbol, Hermann-Mauguin symbol, number; and the tabulated settings that these words
 * leave possible.
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { plainNumber } from "../../formats/typography.ts";
import type { CifItems } from "./tags.ts";
import { operationsFromHall } from "../symmetry/hall-symbol.ts";
import {
  operationsOfSetting,
  settingByHall,
  settingsByNumber,
  settingsBySymbol,
  type TabulatedSetting,
} from "../symmetry/space-group-settings.ts";
import type { SymmetryOperation } from "../symmetry/symmetry-engine.ts";
import { operationCensus } from "../symmetry/symmetry-operation.ts";

/** The space group as the file states it. */
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
  const symbols = textsOf(items, HM_TAGS);
  // The first that is understood: "_space_group_name_H-M_alt" may hold anything.
  const hermannMauguin = symbols.find((text) => settingsBySymbol(text).length > 0) ?? symbols[0];
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

/** All that is said under these tags. */
function textsOf(items: CifItems, tags: readonly string[]): readonly string[] {
  return tags.map((tag) => items.text(tag)).filter((text) => text !== undefined);
}

function readNumber(items: CifItems, warnings: Warning[]): number | undefined {
  const text = items.text(...NUMBER_TAGS);
  if (text === undefined) return undefined;
  const number = numberOf(text);
  if (number !== undefined) return number;
  warnings.push({
    code: "cif/space-group-number",
    message: `"${text.slice(0, 20)}" is not the number of a space group: passed over`,
    ...items.position(...NUMBER_TAGS),
  });
  return undefined;
}

function numberOf(text: string): number | undefined {
  const plain = plainNumber(text);
  const number = /^\d{1,3}$/.test(plain) ? Number(plain) : 0;
  return number >= 1 && number <= 230 ? number : undefined;
}

export interface DeclaredSettings {
  readonly source: "hall" | "symbol" | "number" | "none";
  readonly settings: readonly TabulatedSetting[];
  /** Operations of a Hall symbol, which leaves nothing open. */
  readonly hall: readonly SymmetryOperation[] | null;
}

/**
 * Hall symbol, Hermann-Mauguin symbol, number: the first that is understood; the others must not contradict it.
 * @throws EwaldError `cif/symmetry-contradiction`, `cif/space-group-symbol`, `cif/hall-symbol`, `cif/space-group-number`
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
  const unknown = textsOf(items, HM_TAGS).filter((text) => settingsBySymbol(text).length === 0);
  for (const text of new Set(unknown)) {
    warnings.push({
      code: "cif/space-group-symbol",
      message: `the space-group symbol "${text.slice(0, 40)}" is not known`,
      ...items.position(...HM_TAGS),
    });
  }
  const listed = declared.operations !== undefined;
  const contradiction = contradictionOf(items, declared, hall);
  if (contradiction !== null) {
    const at = items.position(...NUMBER_TAGS, ...HM_TAGS, ...HALL_TAGS);
    if (!listed) {
      throw new EwaldError("cif/symmetry-contradiction", contradiction, {
        value: spaceGroupNumber ?? hermannMauguin,
        ...at,
        hint: "Correct the one that is wrong, or list the symmetry operations.",
      });
    }
    warnings.push({ code: "cif/symmetry-contradiction", message: contradiction, ...at });
    // With listed operations either may be the one that is right.
    const ofHall = declared.hall === undefined ? undefined : settingByHall(declared.hall);
    const settings = [...bySymbol, ...byNumber, ...(ofHall === undefined ? [] : [ofHall])];
    return { source: "symbol", hall: null, settings };
  }
  if (hall !== null) {
    const setting = settingByHall(declared.hall!);
    return { source: "hall", hall, settings: setting === undefined ? [] : [setting] };
  }
  if (bySymbol.length > 0) return { source: "symbol", hall, settings: bySymbol };
  if (!listed) refuseUnknown(items, declared, byNumber.length);
  if (byNumber.length > 0) return { source: "number", hall, settings: byNumber };
  return { source: "none", hall, settings: [] };
}

/** The contradiction between Hall symbol, Hermann-Mauguin symbols and numbers that name different space groups; null where they agree. */
function contradictionOf(
  items: CifItems,
  declared: DeclaredSymmetry,
  hall: readonly SymmetryOperation[] | null,
): string | null {
  const said: { readonly what: string; readonly numbers: ReadonlySet<number> }[] = [];
  for (const text of textsOf(items, HM_TAGS)) {
    const numbers = new Set(settingsBySymbol(text).map((one) => one.number));
    if (numbers.size > 0) said.push({ what: `the space-group symbol "${text}"`, numbers });
  }
  for (const text of textsOf(items, NUMBER_TAGS)) {
    const number = numberOf(text);
    if (number !== undefined) said.push({ what: `number ${number}`, numbers: new Set([number]) });
  }
  for (const [index, { what, numbers }] of said.entries()) {
    const other = said
      .slice(0, index)
      .find((one) => ![...numbers].some((number) => one.numbers.has(number)));
    if (other !== undefined) return `${other.what} and ${what} are of different space groups`;
  }
  if (hall === null || said.length === 0) return null;
  const census = operationCensus(hall);
  const setting = settingByHall(declared.hall!);
  const agrees = [...said[0]!.numbers].some((number) =>
    setting === undefined
      ? settingsByNumber(number).some((one) => operationCensus(operationsOfSetting(one)) === census)
      : setting.number === number,
  );
  return agrees
    ? null
    : `the Hall symbol "${declared.hall!}" and ${said[0]!.what} are of different space groups`;
}

/** A file without listed operations whose words for its space group are not understood is no file of P 1. */
function refuseUnknown(items: CifItems, declared: DeclaredSymmetry, settingCount: number): void {
  const { hermannMauguin, hall, spaceGroupNumber } = declared;
  const refuse = (code: string, message: string, value: string, tags: readonly string[]): never => {
    throw new EwaldError(code, message, {
      value,
      ...items.position(...tags),
      hint: "List the symmetry operations.",
    });
  };
  if (hermannMauguin !== undefined && settingCount !== 1) {
    // A symbol that is not in the table may well mean a setting that is not either.
    const rest =
      settingCount > 1
        ? `number ${spaceGroupNumber!} has several settings`
        : "no operations are listed";
    const shown = `the space-group symbol "${hermannMauguin.slice(0, 40)}" is not known`;
    refuse("cif/space-group-symbol", `${shown}, and ${rest}`, hermannMauguin, HM_TAGS);
  }
  if (settingCount > 0) return;
  if (hall !== undefined) {
    refuse("cif/hall-symbol", `"${hall.slice(0, 40)}" is no Hall symbol`, hall, HALL_TAGS);
  }
  const number = items.text(...NUMBER_TAGS);
  if (number !== undefined) {
    const message = `"${number.slice(0, 20)}" is not the number of a space group`;
    refuse("cif/space-group-number", message, number, NUMBER_TAGS);
  }
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
