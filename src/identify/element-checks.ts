/** Whether the elements that a person names go with the type that the scan shows. */
import { isAllowed } from "../crystal/composition/composition-constraints.ts";
import { elementsOf } from "../crystal/composition/composition.ts";
import { parseFormula } from "../crystal/composition/formula.ts";
import type { Warning } from "../errors.ts";
import { chemicalFormula } from "../crystal/composition/chemical-formula.ts";
import { constraintsOfEvidence, type ElementEvidence } from "../known/elements.ts";
import { type LibraryType, membersOf } from "../known/library.ts";
import { LARGEST_CHANGE } from "../known/templates.ts";

/** Elements that are there and that no known compound of the type holds; excluded ones that all of them hold. */
export function elementWarnings(type: LibraryType, evidence: ElementEvidence): Warning[] {
  const members = Array.from(membersOf(type), ([, formula]) => elementsOf(parseFormula(formula)));
  const constraints = constraintsOfEvidence(evidence);
  const known = new Set(members.flat());
  const strange = constraints.must.filter((symbol) => !known.has(symbol));
  const isExcluded = (symbol: string): boolean => !isAllowed(symbol, constraints);
  const messages: string[] = [];
  if (strange.length > 0)
    messages.push(
      `no known compound of ${type.name} holds ${strange.join(", ")}: a new one, or another type, or other elements`,
    );
  if (members.every((one) => one.some(isExcluded)))
    messages.push(
      `every known compound of ${type.name} holds elements that are excluded: a new one, or another type, or other elements`,
    );
  return messages.map((message) => ({ code: "identify/elements", message }));
}

/** The type has compounds of the named elements, and none of them lies near the scan: KCl for what has the cell of NaCl. */
export function misfitWarning(type: string, formulas: readonly string[]): Warning {
  const [first, ...others] = [...new Set(formulas.map(chemicalFormula))];
  const which = others.length === 0 ? first! : `${first!} and ${others.length} more`;
  const change = (100 * LARGEST_CHANGE).toFixed(0);
  return {
    code: "identify/compound",
    message: `known compounds of ${type} with these elements (${which}) do not fit, their cells changed by up to ${change} %: another compound, or another type, or other elements`,
  };
}
