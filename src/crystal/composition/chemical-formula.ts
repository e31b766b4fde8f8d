/** Formulas as chemists write them: tables list elements by the alphabet. */
import { reducedFormula } from "./composition-formula.ts";
import { parseFormula } from "./formula.ts";

/** "O4SSr" → "SrSO4", "C1H4N2O1" → "CH4N2O". @throws EwaldError of `parseFormula` */
export function chemicalFormula(formula: string): string {
  return reducedFormula(parseFormula(formula), "conventional");
}
