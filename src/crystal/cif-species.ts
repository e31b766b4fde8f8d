/**
 * Which atom a CIF means: `_atom_site_type_symbol` ("Ti4+", "O2-", "Cval", "2H") where there is one,
 * else the letters that a label begins with, taken for an element only where that is certain.
 */
import { isElement } from "./element.ts";

export interface CifAtom {
  readonly element: string;
  readonly oxidation?: number;
  /** The symbol names a molecule ("Wat", "NH4") whose hydrogens have no positions of their own. */
  readonly molecule?: boolean;
  /** The symbol names an isotope ("11B") that is not kept apart from its element. */
  readonly isotope?: boolean;
}

/** Names of molecules and groups that stand for their heavy atom, in lower case. */
const MOLECULES: Readonly<Record<string, string>> = {
  ow: "O",
  oh: "O",
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
 * An atom type symbol; undefined where it names no element. In capitals an element that the formula lacks gives way
 * to what a label of this name would be: "HO1" is a hydrogen where there is no holmium.
 */
export function parseTypeSymbol(
  text: string,
  allowed: ReadonlySet<string> | null,
): CifAtom | undefined {
  const isotope = /^(\d{1,3})([A-Z][a-z]?)$/.exec(text);
  if (isotope !== null && isElement(isotope[2]!)) {
    return text === "2H" ? { element: "D" } : { element: isotope[2]!, isotope: true };
  }
  const match = /^([A-Za-z]{1,5})([^A-Za-z].*)?$/.exec(text);
  if (match === null) return undefined;
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
  label: string,
  allowed: ReadonlySet<string> | null,
): CifAtom | null | undefined {
  const letters = /^[A-Za-z]*/.exec(label)![0];
  if (letters === "") return undefined;
  const rest = label.slice(letters.length);
  // "O2-" as a label is an ion; "C-12" and "O1-" with more behind are only names.
  const charge = /^\d[+-]$/.test(rest) ? parseCharge(rest) : undefined;
  const oxidation = charge === undefined ? {} : { oxidation: charge };
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
