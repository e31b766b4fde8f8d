/**
 * Which atom a CIF means: `_atom_site_type_symbol` ("Ti4+", "O2-", "Cval", "2H") where there is one,
 * else the letters that a label begins with, taken for an element only where that is certain.
 */
import { plainSymbol } from "../../formats/typography.ts";
import { isElement } from "../element.ts";

export interface CifAtom {
  readonly element: string;
  readonly oxidation?: number;
  /** The symbol names a molecule ("Wat", "NH4") whose hydrogens have no positions of their own. */
  readonly molecule?: boolean;
  /** Other atoms than hydrogen of the group that the symbol names: "CO3" is no carbon without its oxygen. */
  readonly lost?: readonly string[];
  /** The symbol names an isotope ("11B") that is not kept apart from its element. */
  readonly isotope?: boolean;
}

/** Names of molecules and groups that stand for their heavy atom, in lower case. */
const MOLECULES: Readonly<Record<string, string>> = {
  ow: "O",
  oh: "O",
  od: "O",
  hoh: "O",
  nh: "N",
};
function moleculeAtom(letters: string): string | undefined {
  const lower = letters.toLowerCase();
  // "Wat", "WatII", "WatOW": no element begins so.
  return lower.startsWith("wat") ? "O" : MOLECULES[lower];
}

/** Names of empty sites. */
const VACANCIES = new Set(["va", "vac", "vc", "vacancy", "□"]);

/** True for an empty site; null for "Va" and "Vc" where the formula does not say that there is no vanadium. */
export function isVacancy(text: string, allowed: ReadonlySet<string> | null): boolean | null {
  const name = text.toLowerCase().replace(/[\d\s]+$/, "");
  if (!VACANCIES.has(name) || allowed?.has("V") === true) return false;
  return allowed === null && name.length === 2 ? null : true;
}

function capitalised(letters: string): string {
  return letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase();
}

/** Charge as "4+", "+4", "2.5-", "+"; undefined where none is stated. */
function parseCharge(text: string): number | undefined {
  const match =
    /^(?:(\d{1,2}(?:\.\d{1,3})?)([+-])|([+-])(\d{1,2}(?:\.\d{1,3})?)?)(?![A-Za-z\d])/.exec(text);
  if (match === null) return undefined;
  const size = Number(match[1] ?? match[4] ?? 1);
  const charge = (match[2] ?? match[3]) === "-" ? -size : size;
  return charge === 0 ? 0 : charge;
}

/**
 * An atom type symbol; undefined where it names no element, null where it may be an element or a group ("CO3"). In
 * capitals an element that the formula lacks gives way to what a label of this name would be: "HO1" is a hydrogen where there
 * is no holmium.
 */
export function parseTypeSymbol(
  written: string,
  allowed: ReadonlySet<string> | null,
  label = "",
): CifAtom | null | undefined {
  const text = plainSymbol(written);
  const isotope = /^(\d{1,3})([A-Z][a-z]?)$/.exec(text);
  if (isotope !== null && isElement(isotope[2]!)) {
    return text === "2H" ? { element: "D" } : { element: isotope[2]!, isotope: true };
  }
  const group = groupAtom(text, allowed, label);
  if (group !== undefined) return group;
  const match = /^([A-Za-z]{1,5})([^A-Za-z].*)?$/.exec(text);
  if (match === null || isForeign(match[2])) return undefined;
  const letters = match[1]!;
  const oxidation = parseCharge(match[2] ?? "");
  const charge = oxidation === undefined ? {} : { oxidation };
  const symbol = capitalised(letters);
  if (letters.length <= 2 && isElement(symbol)) {
    const isSure = letters === symbol || mayHold(allowed, symbol);
    return (isSure ? null : parseLabel(text, allowed)) ?? { element: symbol, ...charge };
  }
  const valence = capitalised(letters.replace(/val$/i, ""));
  if (valence.length < letters.length && isElement(valence)) return { element: valence, ...charge };
  const heavy = moleculeAtom(letters);
  return heavy === undefined ? undefined : { element: heavy, molecule: true };
}

/** Letters of another alphabet that look like Latin ones, right behind those: "Cо" with a Cyrillic о is no carbon. */
function isForeign(rest: string | undefined): boolean {
  return rest !== undefined && /^(?![α-ξπστφχψω])\p{L}/u.test(rest);
}

/**
 * The atom of a group of atoms ("NH4", "CO3", "SO4", "H2O", "OH"): the one that is neither hydrogen nor, but for water,
 * oxygen. Undefined where the text is no group; null where it may be an element too and neither formula nor label tells.
 */
function groupAtom(
  text: string,
  allowed: ReadonlySet<string> | null,
  label: string,
): CifAtom | null | undefined {
  const group = parseGroup(text);
  if (group === undefined) return undefined;
  const { atom, rival, charge } = group;
  const groupFits = group.elements.every((one) => mayHold(allowed, one));
  if (rival === null) return groupFits ? atom : undefined;
  if (allowed !== null) {
    // "HO" is also how hydrogen atoms are called.
    if (rival === "Ho") return undefined;
    const rivalFits = mayHold(allowed, rival);
    if (groupFits !== rivalFits) return groupFits ? atom : undefined;
  }
  const name = /^[A-Z][a-z]?(?![A-Za-z])/.exec(label)?.[0];
  if (name === rival) return undefined;
  if (name === atom.element || RARE.has(rival)) return atom;
  const isCharged = charge !== undefined && CHARGES_OF_RIVALS[rival]!.includes(charge);
  return isCharged ? undefined : null;
}

/** Elements of which there are no crystals: a symbol that reads like one in capitals ("NH4", "NO3") is a group. */
const RARE = new Set(["Nh", "No", "Cn", "Bh", "Hs", "Cf", "Po"]);
/** Elements in capitals that read like groups, and the charges that only the element has. */
const CHARGES_OF_RIVALS: Readonly<Record<string, readonly number[]>> = {
  Co: [2, 3],
  Hf: [4],
  Ho: [3],
  Nd: [3],
  Cd: [2],
  Cs: [1],
};
/** Pairs of capitals that are an element in capitals unless more follows ("ND", "CD", "CS": neodymium, cadmium, caesium). */
const BARE_ELEMENTS = new Set(["Nd", "Cd", "Cs"]);
/** Pairs of capitals that name a group as often as an element; all other pairs ("NI", "CU", "SI", "YB") are the element. */
const GROUP_PAIRS = new Set([...RARE, ...Object.keys(CHARGES_OF_RIVALS)]);

interface Group {
  readonly elements: readonly string[];
  readonly atom: CifAtom;
  /** The element that the same letters may mean. */
  readonly rival: string | null;
  readonly charge: number | undefined;
}

/** At least two elements, each in its own case, numbers of atoms (never 1), perhaps a charge: "NH4+", "(OH)", "PO4-3". */
const GROUP = /^\(?((?:[A-Z][a-z]?(?:[2-9]|1\d)?){2,5}?)\)?(\d?[+-]+\d?)?$/;

function parseGroup(text: string): Group | undefined {
  const match = GROUP.exec(text);
  if (match === null) return undefined;
  const parts = [...match[1]!.matchAll(/([A-Z][a-z]?)(\d*)/g)].map((part) => ({
    element: part[1]!,
    count: part[2]!,
  }));
  const elements = parts.map(({ element }) => element);
  if (!elements.every(isElement) || new Set(elements).size < 2 || isLabel(parts)) return undefined;
  const pair = /^([A-Z])([A-Z])(\d?)$/.exec(match[1]!);
  const rival = pair === null ? "" : capitalised(`${pair[1]!}${pair[2]!}`);
  const isPair = isElement(rival);
  if (isPair && (!GROUP_PAIRS.has(rival) || (pair![3] === "" && BARE_ELEMENTS.has(rival)))) {
    return undefined;
  }
  const heavy = parts.filter(({ element }) => element !== "H" && element !== "D");
  const centre = heavy.find(({ element }) => element !== "O") ?? heavy[0] ?? parts[0]!;
  const lost = heavy.filter((one) => one !== centre || one.count !== "").map((one) => one.element);
  return {
    elements,
    atom: {
      element: centre.element,
      molecule: true,
      ...(lost.length === 0 ? {} : { lost: [...new Set(lost)] }),
    },
    rival: isPair ? rival : null,
    charge: parseCharge(`${isPair ? pair![3]! : ""}${match[2] ?? ""}`),
  };
}

/** "C2B" and "H3C" are atoms called 2B and 3C; "H2O", "C2O4" and "H2PO4" are groups. */
function isLabel(parts: readonly { readonly element: string; readonly count: string }[]): boolean {
  const isNumbered = parts.slice(0, -1).some(({ count }) => count !== "");
  if (!isNumbered || parts.at(-1)!.count !== "") return false;
  return !(["H", "D"].includes(parts[0]!.element) && ["O", "S"].includes(parts.at(-1)!.element));
}

/** H and D stand for each other: a formula may count deuterium as hydrogen. */
function mayHold(allowed: ReadonlySet<string> | null, element: string): boolean {
  if (allowed === null || allowed.has(element)) return true;
  if (element === "D") return allowed.has("H");
  return element === "H" && allowed.has("D");
}

/**
 * The atom that a label names, by the elements that the formula allows. "Si1" and "Ca" are what they
 * say; "CA1" may be calcium or a carbon atom A, so only the formula can tell; null where both are possible.
 */
export function parseLabel(
  written: string,
  allowed: ReadonlySet<string> | null,
): CifAtom | null | undefined {
  const label = plainSymbol(written);
  const letters = /^[A-Za-z]*/.exec(label)![0];
  if (letters === "") return undefined;
  const rest = label.slice(letters.length);
  if (isForeign(rest)) return undefined;
  // "O2-" as a label is an ion; "C-12" and "O1-" with more behind are only names.
  const charge = /^\d[+-]$/.test(rest) ? parseCharge(rest) : undefined;
  const oxidation = charge === undefined ? {} : { oxidation: charge };
  // Water, or a hydrogen atom of the oxygen atom O2.
  if (/^[HD]2O$/.test(label)) return null;
  if (/^[A-Z][a-z]?O[34]$/.test(label)) {
    const group = groupAtom(label, allowed, "");
    if (group !== undefined) return group;
  }
  const one = letters.charAt(0).toUpperCase();
  const two = letters.length > 1 ? capitalised(letters.slice(0, 2)) : "";
  const oneFits = isElement(one) && mayHold(allowed, one);
  const twoFits = two !== "" && isElement(two) && mayHold(allowed, two);
  const heavy = moleculeAtom(letters);
  if (heavy !== undefined && !twoFits && mayHold(allowed, heavy)) {
    return { element: heavy, molecule: true };
  }
  const properCase = two !== "" && letters.startsWith(two);
  // Mineralogists' "O-H1": the oxygen of a hydroxyl group or a water molecule.
  if (one === "O" && letters.length === 1 && /^-H/i.test(rest) && oneFits) {
    return { element: "O", molecule: true };
  }
  if (twoFits && (!oneFits || properCase)) return { element: two, ...oxidation };
  if (twoFits && oneFits) return null;
  if (oneFits) {
    // "Xx1" with a second small letter that makes no element is no atom X followed by a name.
    const odd = allowed === null && letters.length > 2 && /^[a-z]/.test(letters.slice(1));
    return odd ? undefined : { element: one, ...oxidation };
  }
  // "MnT1" in a formula without Mn: too little of it to be printed there, and there is no element M.
  if (properCase && isElement(two) && !isElement(one)) return { element: two, ...oxidation };
  return undefined;
}
