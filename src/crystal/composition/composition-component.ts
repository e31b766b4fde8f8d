/**
 * Which element or compound a cell or a word names: `O`, `Oxygen`, `O K`, `TiK`, `Fe Kα1`, `Si-K series`, `Fe K (6.4)`, `SiO2`.
 * The shell of an X-ray line after the symbol is no element: `OK`, `SK`, `PK` are oxygen, sulphur, phosphorus.
 */
import { ELEMENT_SYMBOLS, element, isElement } from "../element.ts";
import { parseFormula } from "./formula.ts";

const NAMES = new Map(
  ELEMENT_SYMBOLS.map((symbol) => [element(symbol).name.toLowerCase(), symbol]),
);
NAMES.set("aluminum", "Al").set("cesium", "Cs").set("sulphur", "S").set("wolfram", "W");

const SERIES =
  /^([A-Z][a-z]?)[\s-]*[KLM](?:[abαβ]?\d?(?:,\d)?|[\s-]?(?:series|lines?|shell))(?:\s*\([^)]*\))?$/;

/** The symbol of an element by its name, in any case: "oxygen", "Sulphur". */
export function elementNamed(word: string): string | undefined {
  return NAMES.get(word.trim().toLowerCase());
}

/** An element of an analysis by symbol, name or X-ray line; nothing for what is none. */
function elementOfCell(cell: string): string | undefined {
  const text = cell.trim().replace(/^(\d+)\s+(?=[A-Z])/, "");
  if (isElement(text)) return text;
  const named = elementNamed(text);
  if (named !== undefined) return named;
  const symbol = SERIES.exec(text)?.[1];
  return symbol !== undefined && isElement(symbol) ? symbol : undefined;
}

/** @throws EwaldError of `parseFormula` for what is neither element nor compound */
export function componentOfCell(cell: string): string {
  const symbol = elementOfCell(cell);
  if (symbol !== undefined) return symbol;
  // JEOL marks oxides by a star.
  const text = cell.trim().replace(/\s*\*+$/, "");
  parseFormula(text);
  return text;
}

/** English names of a composition's elements: "sulphur" is "sulfur" (IUPAC). */
export function elementName(symbol: string): string {
  return element(symbol).name.toLowerCase();
}
