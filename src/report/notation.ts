/** Formulas and symbols as print sets them, in Unicode: SVG, HTML and a terminal show the same. */
import type { Radiation } from "../radiation/radiation.ts";

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

function subscript(digits: string): string {
  return digits.replaceAll(/\d/g, (digit) => SUBSCRIPTS[Number(digit)]!);
}

/** "Mg1.8Fe0.2SiO4" → "Mg₁.₈Fe₀.₂SiO₄" */
export function printedFormula(formula: string): string {
  return formula.replaceAll(/\d+(?:\.\d+)?/g, subscript);
}

/** Names of structure types that hold formulas: "AuCu3 (L1_2)" → "AuCu₃ (L1₂)"; "Laves C15" and "MAX phase 211" stay. */
export function printedTypeName(name: string): string {
  return name
    .replaceAll(/(?<![A-Za-z\d])(?:[A-Z][a-z]?\d*){2,}(?![A-Za-z\d_])/g, printedFormula)
    .replaceAll(/_(\d+)/g, (_match, digits: string) => subscript(digits));
}

/** "P4_2/mnm" → "P4₂/mnm", "R-3c" → "R3̅c" */
export function printedSpaceGroup(symbol: string): string {
  return symbol
    .replaceAll(/_(\d)/g, (_match, digit: string) => subscript(digit))
    .replaceAll(/-(\d)/g, "$1\u0305");
}

/** [1, 0, -1] → "1 0 1̅" */
export function printedHkl(hkl: readonly number[]): string {
  return hkl.map((index) => (index < 0 ? `${-index}\u0305` : String(index))).join(" ");
}

const KINDS = { xray: "X-rays", neutron: "neutrons", electron: "electrons" } as const;

/** Beside an axis: "Cu Kα1+Cu Kα2, λ = 1.54056, 1.54439 Å". Every line that is meant is named. */
export function printedWavelengths({ name, lines }: Radiation): string {
  const known = name?.replaceAll(/([A-Z][a-z]?)Ka/g, "$1 Kα").replaceAll("Kb", " Kβ");
  const wavelengths = lines.map(({ wavelengthAngstrom }) => wavelengthAngstrom).join(", ");
  return `${known === undefined ? "" : `${known}, `}λ = ${wavelengths} Å`;
}

/** "X-rays, Cu Kα, λ = 1.5418 Å" */
export function printedRadiation(radiation: Radiation): string {
  return `${KINDS[radiation.kind]}, ${printedWavelengths(radiation)}`;
}
