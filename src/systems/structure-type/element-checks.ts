/** Whether the elements that a person names go with the type that the scan shows. */
import { type CompositionConstraints, elementsOf, parseFormula } from "../../crystal/index.ts";
import type { Warning } from "../../errors.ts";
import { chemicalFormula } from "./chemical-formula.ts";
import { type ElementEvidence, MINOR_FRACTION } from "./elements.ts";
import { type LibraryType, membersOf } from "./library.ts";
import { LARGEST_CHANGE } from "./templates.ts";

/** Elements that are there and that no known compound of the type holds; excluded ones that all of them hold. */
export function elementWarnings(
  type: LibraryType,
  { constraints, composition }: ElementEvidence,
): Warning[] {
  const members = Array.from(membersOf(type), ([, formula]) => elementsOf(parseFormula(formula)));
  const major = composition?.amounts.filter(({ amount }) => amount >= MINOR_FRACTION) ?? [];
  const present = new Set([...(constraints?.must ?? []), ...major.map(({ element }) => element)]);
  const known = new Set(members.flat());
  const strange = [...present].filter((symbol) => !known.has(symbol));
  const messages: string[] = [];
  if (strange.length > 0)
    messages.push(
      `no known compound of ${type.name} holds ${strange.join(", ")}: a new one, or another type, or other elements`,
    );
  if (constraints !== undefined && members.every((one) => one.some(isExcludedBy(constraints))))
    messages.push(
      `every known compound of ${type.name} holds elements that are excluded: a new one, or another type, or other elements`,
    );
  return messages.map((message) => ({ code: "identify/elements", message }));
}

function isExcludedBy({ must, may, atLeastOneOf, never }: CompositionConstraints) {
  const allowed = may === null ? null : new Set([...must, ...may, ...atLeastOneOf.flat()]);
  return (symbol: string): boolean =>
    never.includes(symbol) || (allowed !== null && !allowed.has(symbol));
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
