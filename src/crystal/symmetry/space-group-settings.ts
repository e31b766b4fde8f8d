/**
 * Space-group settings by what CIFs call them: Hermann-Mauguin symbol in any spelling (spaces,
 * underscores, letter case, "P 21/c" for "P 1 21/c 1", "Fm3m" for "F m -3 m", "Cmce" for "C m c a",
 * ":1", ":H", ICSD's "S", "Z", "HR"), Hall symbol, number. Needs no symmetry finder to be loaded.
 */
import { plainSymbol } from "../../formats/typography.ts";
import { operationsFromHall } from "./hall-symbol.ts";
import { SPACE_GROUP_SETTINGS } from "./space-group-settings.table.ts";
import type { SymmetryOperation } from "./symmetry-engine.ts";
import { sameOperations } from "./symmetry-operation.ts";

export interface TabulatedSetting {
  readonly number: number;
  /** "P 1 21/c 1" */
  readonly hermannMauguin: string;
  /** Origin choice "1" or "2", axes "H" or "R", or "". */
  readonly choice: string;
  readonly hall: string;
}

const SETTINGS: readonly TabulatedSetting[] = SPACE_GROUP_SETTINGS.trim()
  .split("\n")
  .map((line) => {
    const [number, hermannMauguin, choice, hall] = line.split("|") as [
      string,
      string,
      string,
      string,
    ];
    return { number: Number(number), hermannMauguin, choice, hall };
  });

/** The e of 1992 names two glide planes at once (International Tables A, section 1.3.4). */
const E_SYMBOLS: Readonly<Record<string, string>> = {
  aem2: "abm2",
  bme2: "bma2",
  b2em: "b2cm",
  cm2e: "cm2a",
  c2me: "c2mb",
  ae2m: "ac2m",
  aea2: "aba2",
  b2eb: "b2cb",
  c2ce: "c2cb",
  cc2e: "cc2a",
  ae2a: "ac2a",
  bbe2: "bba2",
  cmce: "cmca",
  ccme: "ccmb",
  aema: "abma",
  aeam: "acam",
  bbem: "bbcm",
  bmeb: "bmab",
  cmme: "cmma",
  aemm: "abmm",
  bmem: "bmcm",
  ccce: "ccca",
  aeaa: "abaa",
  bbeb: "bbcb",
};

/** Lines of table A1.4.2.7, which stand first. */
const HALL_NUMBERS = 530;

/** Without the signs that only set a symbol; any other sign stays, so that a symbol with it is not found. */
function compact(symbol: string): string {
  return symbol.toLowerCase().replace(/[\s_~^$(){}'"]/g, "");
}

/** Names under which a setting is found: full, monoclinic without its 1s, old cubic without its minus. */
function keysOf({ number, hermannMauguin }: TabulatedSetting): string[] {
  const full = compact(hermannMauguin);
  const keys = [full];
  if (number >= 3 && number <= 15) {
    keys.push(compact(hermannMauguin.replace(/ 1(?= |$)/g, "")));
  }
  if (number >= 200 && full.includes("-3")) keys.push(full.replace("-3", "3"));
  return keys;
}

function indexBy(keys: (one: TabulatedSetting) => readonly string[]) {
  const index = new Map<string, TabulatedSetting[]>();
  for (const setting of SETTINGS) {
    for (const key of new Set(keys(setting))) {
      const present = index.get(key);
      if (present === undefined) index.set(key, [setting]);
      else present.push(setting);
    }
  }
  return index;
}

function hallKey(hall: string): string {
  return plainSymbol(hall)
    .toLowerCase()
    .replace(/_/g, " ")
    .replace(/=/g, '"')
    .replace(/\s+/g, " ")
    .trim();
}

const BY_HM = indexBy(keysOf);
const BY_HALL = indexBy((one) => [hallKey(one.hall)]);

/** The tabulated setting with this Hall symbol, the standard one first in the table. */
export function settingByHall(hall: string): TabulatedSetting | undefined {
  return BY_HALL.get(hallKey(hall))?.[0];
}

/** The setting of a Hall number, 1-530: the table holds them first, in that order. */
export function settingByHallNumber(hallNumber: number): TabulatedSetting {
  return SETTINGS[hallNumber - 1]!;
}

/** 1-530; undefined for the settings that table A1.4.2.7 leaves out. */
export function hallNumberOf(setting: TabulatedSetting): number | undefined {
  const index = SETTINGS.indexOf(setting);
  return index >= 0 && index < HALL_NUMBERS ? index + 1 : undefined;
}

/** All tabulated settings of a number, the standard one first; empty where the number is none. */
export function settingsByNumber(number: number): readonly TabulatedSetting[] {
  return SETTINGS.filter((one) => one.number === number);
}

/**
 * All settings that the symbol may mean: several where it leaves the origin, the axes or the unique axis
 * open; none where it is not known.
 */
export function settingsBySymbol(symbol: string): readonly TabulatedSetting[] {
  if (symbol.length > 60) return [];
  // "(No. 15)", "<sub>", "P6(3)/mmc", and the axes or origin after a colon or, with ICSD, after the symbol.
  const signs = plainSymbol(symbol);
  const remark = /\(?\s*#?\s*No\.?\s*(\d+)\s*\)?/i.exec(signs);
  let plain = signs
    .replace(remark?.[0] ?? "", "")
    .replace(/<span[^<>]*overline[^<>]*>\s*(\d)\s*<\/span>/gi, "-$1")
    .replace(/<\/?(?:sub|sup|i|b|em)>/gi, "")
    .replace(/_/g, "");
  const colon = /:\s*([12HRhrSZsz]|-?[abc][123]?)\s*$/.exec(plain);
  let choice = colon?.[1]?.toUpperCase() ?? "";
  if (colon !== null) plain = plain.slice(0, colon.index);
  const origin = /\s*\(?origin (?:choice )?([12])\)?\s*$/i.exec(plain);
  if (origin !== null) {
    choice = origin[1]!;
    plain = plain.slice(0, origin.index);
  }
  const letters = /\s+(HR|H|R|S|Z|RS)\s*$/.exec(plain);
  if (letters !== null && choice === "") {
    choice = letters[1] === "HR" ? "H" : letters[1] === "RS" ? "R" : letters[1]!;
    plain = plain.slice(0, letters.index);
  }
  if (choice === "S") choice = "1";
  if (choice === "Z") choice = "2";
  const number = remark === null ? undefined : Number(remark[1]);
  const found = lookUp(compact(plain)).filter((one) => one.number === (number ?? one.number));
  if (choice === "") return found;
  const chosen = found.filter((one) => one.choice === choice);
  // A choice of origin where there is only one says nothing; axes H or R of a lattice P are a mistake.
  return chosen.length > 0 || "HR".includes(choice) ? chosen : found;
}

function lookUp(key: string): readonly TabulatedSetting[] {
  const direct = BY_HM.get(key) ?? BY_HM.get(E_SYMBOLS[key] ?? "");
  if (direct !== undefined) return direct;
  // "R3mH": the axes without a space before them.
  const axes = /^(r.*)([hr])$/.exec(key);
  if (axes === null) return [];
  return (BY_HM.get(axes[1]!) ?? []).filter((one) => one.choice === axes[2]!.toUpperCase());
}

/** The first of these settings, else of the others of their space groups, that has these very operations; null where none has. */
export function settingWith(
  operations: readonly SymmetryOperation[],
  named: readonly TabulatedSetting[],
): TabulatedSetting | null {
  const numbers = new Set(named.map(({ number }) => number));
  const settings = [...named, ...[...numbers].flatMap(settingsByNumber)];
  return settings.find((one) => sameOperations(operationsOfSetting(one), operations)) ?? null;
}

/** Tables worked out once: generating the 192 operations of a cubic group takes about a millisecond. */
const OPERATIONS = new Map<string, readonly SymmetryOperation[]>();

export function operationsOfSetting({ hall }: TabulatedSetting): readonly SymmetryOperation[] {
  const known = OPERATIONS.get(hall);
  if (known !== undefined) return known;
  const operations = operationsFromHall(hall);
  OPERATIONS.set(hall, operations);
  return operations;
}
