/**
 * A known compound of a type as a structure: the type's representative with the compound's elements in its roles. Its cell is
 * still the representative's; `cellFactors` says how far the compounds of the type lie from it.
 */
import { parseFormula } from "../crystal/composition/formula.ts";
import { latticeFromParameters } from "../crystal/lattice.ts";
import type { Structure } from "../crystal/structure.ts";
import { EwaldError } from "../errors.ts";
import type { TypeVariant } from "./library.ts";

/** Members' cells may differ from the calculated ones by this much: thermal expansion, errors of calculation. */
const MARGIN = 0.03;

/** Element of every role in a formula: amounts must agree, then what is usual in a role decides. */
function elementsOfRoles(
  roles: TypeVariant["roles"],
  formula: string,
): readonly string[] | undefined {
  const { amounts } = parseFormula(formula);
  const total = amounts.reduce((sum, { amount }) => sum + amount, 0);
  const wanted = roles.reduce((sum, { amount }) => sum + amount, 0);
  const counts = amounts.map(({ amount }) => Math.round((amount * wanted) / total));
  let best: { readonly order: readonly string[]; readonly score: number } | undefined;
  const extend = (order: readonly string[], score: number): void => {
    const role = roles[order.length];
    if (role === undefined) {
      if (best === undefined || score > best.score) best = { order, score };
      return;
    }
    for (const [i, { element }] of amounts.entries()) {
      if (order.includes(element) || counts[i] !== role.amount) continue;
      extend([...order, element], score + Math.log((role.elements[element] ?? 0) + 0.2));
    }
  };
  if (amounts.length === roles.length) extend([], 0);
  return best?.order;
}

/** The representative itself. */
export function representativeStructure({ representative }: TypeVariant): Structure {
  const [a, b, c, alphaDeg, betaDeg, gammaDeg] = representative.cell;
  return {
    lattice: latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg }),
    sites: representative.species.map((element, i) => ({
      species: [{ element, occupancy: 1 }],
      frac: [
        representative.frac[3 * i]!,
        representative.frac[3 * i + 1]!,
        representative.frac[3 * i + 2]!,
      ],
    })),
  };
}

/**
 * The arrangement of the representative with the elements of a member.
 * @throws EwaldError `library/not-a-member` where the formula does not fit the roles
 */
export function memberStructure(variant: TypeVariant, formula: string): Structure {
  const from = elementsOfRoles(variant.roles, variant.representative.formula);
  const to = elementsOfRoles(variant.roles, formula);
  if (from === undefined || to === undefined) {
    throw new EwaldError("library/not-a-member", `${formula} does not fit ${variant.key}`, {
      value: formula,
    });
  }
  const replace = new Map(from.map((element, role) => [element, to[role]!]));
  const structure = representativeStructure(variant);
  return {
    ...structure,
    sites: structure.sites.map((site) => ({
      ...site,
      species: site.species.map(({ element, occupancy }) => ({
        element: replace.get(element) ?? element,
        occupancy,
      })),
    })),
  };
}

/** Least and greatest factor on the representative's cell over the members of the type, and how far axes differ. */
export function cellFactors({ cellRanges, representative }: TypeVariant): {
  readonly factor: readonly [number, number];
  readonly axial: number;
} {
  const [low, high] = [0, 2].map((end) =>
    Math.cbrt(
      [0, 1, 2].reduce(
        (product, i) => product * (cellRanges[i]![end]! / representative.cell[i]!),
        1,
      ),
    ),
  ) as [number, number];
  const ratio = (i: number, end: number): number =>
    cellRanges[i]![end]! / representative.cell[i]! / (end === 0 ? low : high);
  const axial = Math.max(
    ...[0, 1, 2].flatMap((i) => [0, 2].map((end) => Math.abs(ratio(i, end) - 1))),
  );
  return {
    factor: [low * (1 - MARGIN), high * (1 + MARGIN)],
    axial: Math.min(0.08, axial + MARGIN),
  };
}
