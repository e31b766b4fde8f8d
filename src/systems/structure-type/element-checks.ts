/** Whether the elements that a person names go with the type that the scan shows. */
import { elementsOf, parseFormula } from "../../crystal/index.ts";
import type { Warning } from "../../errors.ts";
import type { ElementEvidence } from "./elements.ts";
import { type LibraryType, membersOf } from "./library.ts";

/** Elements measured below this atomic fraction may be impurities. */
const MAJOR_FRACTION = 0.03;

/** Elements that are there and that no known compound of the type holds. */
export function elementWarnings(
  type: LibraryType,
  { constraints, composition }: ElementEvidence,
): Warning[] {
  const major = composition?.amounts.filter(({ amount }) => amount >= MAJOR_FRACTION) ?? [];
  const present = new Set([...(constraints?.must ?? []), ...major.map(({ element }) => element)]);
  if (present.size === 0) return [];
  const known = new Set<string>();
  for (const [, formula] of membersOf(type))
    for (const symbol of elementsOf(parseFormula(formula))) known.add(symbol);
  const strange = [...present].filter((symbol) => !known.has(symbol));
  if (strange.length === 0) return [];
  return [
    {
      code: "identify/elements",
      message: `no known compound of ${type.name} holds ${strange.join(", ")}: a new one, or another type, or other elements`,
    },
  ];
}
