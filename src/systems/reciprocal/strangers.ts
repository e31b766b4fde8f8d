/**
 * Crystals of a kind that the training data hardly hold, known by their bonds: molecules, organic and metal-organic compounds, noble
 * gases. The calculations that the labels come from (PBE) leave out the forces between molecules, so that even the examples that are
 * there teach little. How often it errs: `docs/results/reciprocal.md`.
 */
import { type Bonding, bonding } from "../../crystal/bonded-units.ts";
import type { Structure } from "../../crystal/structure.ts";

const NOBLE_GASES = new Set("He Ne Ar Kr Xe Rn".split(" "));
/** With carbon and hydrogen the elements of molecules; all others are counted as metals, that may stand as complex ions. */
const NONMETALS = new Set(
  "H D He B C N O F Ne Si P S Cl Ar Ge As Se Br Kr Sb Te I Xe At Rn".split(" "),
);

const elementOf = ({ sites }: Structure, site: number): string => {
  const { element } = sites[site]!.species[0]!;
  return element === "D" ? "H" : element;
};

/** Elements of each unit as one text: "H,H,O". */
function kindsOf(structure: Structure, { units }: Bonding): string[] {
  return units.map(({ sites }) =>
    sites
      .map((site) => elementOf(structure, site))
      .toSorted()
      .join(","),
  );
}

/** "H,H,O" as a chemist counts it: "H2O". */
function unitFormula(kind: string): string {
  const counts = new Map<string, number>();
  for (const element of kind.split(",")) counts.set(element, (counts.get(element) ?? 0) + 1);
  return [...counts].map(([element, n]) => (n === 1 ? element : `${element}${n}`)).join("");
}

const AMMONIUM = "H,H,H,H,N";

/**
 * Why the crystal is of such a kind, for people; null where it is none. Salts of complex ions (hydrates, ammonium) are none.
 * @throws EwaldError `element/unknown`
 */
export function strangeBonds(structure: Structure): string | null {
  const bonds = bonding(structure);
  const kinds = kindsOf(structure, bonds);
  const lone = [...new Set(kinds)].filter((kind) => !kind.includes(","));
  const noble = lone.find((kind) => NOBLE_GASES.has(kind));
  if (noble !== undefined)
    return `atoms of ${noble} without a bond: solids of noble gases are hardly in the training data`;
  if (bonds.pairs.has("C-H") || bonds.pairs.has("C-D"))
    return "bonds of carbon and hydrogen: organic and metal-organic crystals are hardly in the training data";
  if (lone.length > 0 || bonds.units.some(({ isFinite }) => !isFinite)) return null;
  const isOfOneKind = new Set(kinds).size === 1;
  const isSalt =
    kinds.includes(AMMONIUM) ||
    structure.sites.some((_, i) => !NONMETALS.has(elementOf(structure, i)));
  if (!isOfOneKind && isSalt) return null;
  const names = [...new Set(kinds)].map(unitFormula);
  const shown = names.length > 3 ? `${names.slice(0, 3).join(", ")} …` : names.join(", ");
  return `a molecular crystal (${shown}): what holds molecules together is missing in the calculations of the training data`;
}
