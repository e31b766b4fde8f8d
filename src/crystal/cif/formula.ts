/**
 * The contents that a CIF states, `_chemical_formula_sum` and Z, to name its atoms and to weigh readings of its
 * symmetry against each other. Formulas of this item are plain lists: "C6 H12 O6", "Ti0.9 O2".
 */
import { EwaldError, type Warning } from "../../errors.ts";
import { plainSymbol } from "../../formats/typography.ts";
import type { CifItems } from "./tags.ts";
import { isElement } from "../element.ts";
import { parsedAmounts, type StatedContents, type StatedFormula } from "../io/stated-contents.ts";
import type { Site } from "../structure.ts";

const FORMULA_TAG = "_chemical_formula_sum";
const LONGEST_FORMULA = 500;
/** How far counts may be apart: rounded occupancies. */
const TOLERANCE = 0.03;

function formulaText(items: CifItems): string | null {
  try {
    const text = items.text(FORMULA_TAG);
    return text === undefined || text.length > LONGEST_FORMULA ? null : text;
  } catch {
    // A formula that cannot be read names nothing.
    return null;
  }
}

/**
 * The formula as the plain list that this item is ("C6 H12 O6"), else as any formula ("Al2O3", "Ca (C O3)"); null where
 * the item is absent or no formula.
 */
function readFormula(items: CifItems): StatedFormula | null {
  const text = formulaText(items);
  if (text === null) return null;
  const amounts = listedAmounts(plainSymbol(text)) ?? parsedAmounts(text);
  return amounts === null ? null : { text: text.replace(/\s+/g, " ").trim(), amounts };
}

/** Brackets that multiply nothing only group. */
function listedAmounts(text: string): ReadonlyMap<string, number> | null {
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

/** Formula and Z as the block states them; a statement that is no number or formula is warned of. */
export function readStated(items: CifItems, warnings: Warning[]): StatedContents {
  const formula = readFormula(items);
  const written = formulaText(items);
  if (formula === null && written !== null) {
    warnings.push({
      code: "cif/formula",
      message: `"${written.slice(0, 40)}" is no formula: the contents are not compared with it`,
      ...items.position(FORMULA_TAG),
    });
  }
  const number = (tag: string): number | undefined => {
    try {
      const value = items.number(tag)?.value;
      return value !== undefined && value > 0 ? value : undefined;
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      const { code, message } = error;
      const at = items.column(tag)?.problem === null ? items.position(tag) : {};
      warnings.push({ code, message: `${message}: the contents are not compared with it`, ...at });
      return undefined;
    }
  };
  const z = number("_cell_formula_units_Z");
  const weight = number("_chemical_formula_weight");
  const volume = number("_cell_volume");
  const density = number("_exptl_crystal_density_diffrn");
  return {
    ...(formula === null ? {} : { formula }),
    ...(z === undefined ? {} : { formulaUnitsZ: z }),
    ...(weight === undefined ? {} : { formulaWeight: weight }),
    ...(volume === undefined ? {} : { volumeAngstrom3: volume }),
    ...(density === undefined ? {} : { densityGPerCm3: density }),
  };
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
  const formula = readFormula(items)?.amounts;
  if (formula === undefined) return "unknown";
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
