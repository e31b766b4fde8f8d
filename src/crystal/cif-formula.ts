/**
 * What a CIF says of its contents, `_chemical_formula_sum` and Z, to name its atoms and to weigh readings of its
 * symmetry against each other. Formulas of this item are plain lists: "C6 H12 O6", "Ti0.9 O2".
 */
import type { CifItems } from "./cif-tags.ts";
import { isElement } from "./element.ts";
import type { Site } from "./structure.ts";

const LONGEST_FORMULA = 500;
/** How far counts may be apart: rounded occupancies. */
const TOLERANCE = 0.03;

function formulaText(items: CifItems): string | null {
  try {
    const text = items.text("_chemical_formula_sum");
    return text === undefined || text.length > LONGEST_FORMULA ? null : text;
  } catch {
    // A formula that cannot be read names nothing.
    return null;
  }
}

/** Counts by element; null where the item is absent or no list. Brackets that multiply nothing only group. */
function formulaCounts(items: CifItems): ReadonlyMap<string, number> | null {
  const text = formulaText(items);
  if (text === null) return null;
  const counts = new Map<string, number>();
  for (const word of text
    .replace(/[()](?!\d)/g, " ")
    .trim()
    .split(/[\s,]+/)) {
    const match = /^([A-Z][a-z]?)(\d{0,6}(?:\.\d{0,6})?)$/.exec(word);
    if (match === null || !isElement(match[1]!)) return null;
    const count = match[2] === "" ? 1 : Number(match[2]);
    counts.set(match[1]!, (counts.get(match[1]!) ?? 0) + count);
  }
  return counts;
}

/** Elements of the formula, brackets or not; null where nothing is known. */
export function formulaElements(items: CifItems): ReadonlySet<string> | null {
  const text = formulaText(items);
  const symbols = text?.match(/[A-Z][a-z]?/g) ?? [];
  return symbols.length > 0 && symbols.every(isElement) ? new Set(symbols) : null;
}

/**
 * Whether the atoms of the cell are Z times the formula (or, without Z, a whole multiple of its half).
 * Hydrogen is left out, because so many structures leave it out.
 */
export function contentsAgree(sites: readonly Site[], items: CifItems): "yes" | "no" | "unknown" {
  const formula = formulaCounts(items);
  if (formula === null) return "unknown";
  const counts = new Map<string, number>();
  for (const site of sites) {
    for (const { element, occupancy } of site.species) {
      counts.set(element, (counts.get(element) ?? 0) + occupancy);
    }
  }
  const z = readZ(items);
  const ratios: number[] = [];
  for (const element of new Set([...formula.keys(), ...counts.keys()])) {
    if (element === "H" || element === "D") continue;
    const expected = formula.get(element) ?? 0;
    if (expected === 0) return "no";
    ratios.push((counts.get(element) ?? 0) / expected);
  }
  if (ratios.length === 0) return "unknown";
  const target = z ?? ratios[0]!;
  const fits = ratios.every((ratio) => Math.abs(ratio - target) <= TOLERANCE * Math.max(1, target));
  if (!fits) return "no";
  return z === null ? "unknown" : "yes";
}

function readZ(items: CifItems): number | null {
  try {
    const z = items.number("_cell_formula_units_Z")?.value;
    return z !== undefined && z > 0 ? z : null;
  } catch {
    return null;
  }
}
