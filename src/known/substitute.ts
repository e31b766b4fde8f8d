/**
 * Compounds that a type could also have: a member with other elements in its roles and its cell scaled. They fill rare types
 * (a handful of formulas) for training; they are never tested on.
 */
import { element, ELEMENT_SYMBOLS } from "../crystal/element.ts";
import { dominantElement } from "../crystal/types/structure-type-key.ts";
import type { Structure } from "../crystal/structure.ts";
import { type Mat3, scale } from "../math/matrix3.ts";
import type { Random } from "../math/random.ts";
import type { RoleElements } from "./library.ts";

/** The cell's volume changes at most by this factor, up or down. */
const MOST_VOLUME_FACTOR = 1.35;
/** Chance that a role takes an element seen in it; else one alike to such an element. */
const SEEN = 0.6;

function radiusAngstrom(symbol: string): number {
  const { metallicRadiusAngstrom, covalentRadiusAngstrom } = element(symbol);
  return metallicRadiusAngstrom ?? covalentRadiusAngstrom ?? 1.4;
}

/** Elements of the same column of the periodic table, or its neighbours in a period; by symbol. */
function alike(symbol: string): readonly string[] {
  const { group, period, atomicNumber } = element(symbol);
  return ELEMENT_SYMBOLS.filter((other) => {
    const candidate = element(other);
    if (candidate.atomicNumber > 94 || other === symbol) return false;
    const isColumn = group !== null && candidate.group === group;
    const isNeighbour =
      candidate.period === period && Math.abs(candidate.atomicNumber - atomicNumber) <= 2;
    return isColumn || isNeighbour;
  });
}

function drawElement(elements: RoleElements, random: Random): string {
  const symbols = Object.keys(elements);
  const seen = symbols[random.weightedIndex(symbols.map((symbol) => elements[symbol]!))]!;
  if (random.uniform() < SEEN) return seen;
  const others = alike(seen);
  return others.length === 0 ? seen : random.choice(others);
}

/**
 * A member of the type with elements drawn for its roles.
 * @param elementOfRole the member's own element in each role
 * @param roles elements seen in each role, with counts
 * @returns null where two roles drew one element
 */
export function substituted(
  member: Structure,
  elementOfRole: readonly string[],
  roles: readonly RoleElements[],
  random: Random,
): Structure | null {
  const drawn = roles.map((elements) => drawElement(elements, random));
  if (new Set(drawn).size < drawn.length) return null;
  const replace = new Map(elementOfRole.map((symbol, role) => [symbol, drawn[role]!]));
  let [before, after] = [0, 0];
  const sites = member.sites.map((site) => {
    const old = dominantElement(site);
    const symbol = replace.get(old) ?? old;
    before += radiusAngstrom(old) ** 3;
    after += radiusAngstrom(symbol) ** 3;
    return { frac: site.frac, species: [{ element: symbol, occupancy: 1 }] };
  });
  const volume = Math.min(MOST_VOLUME_FACTOR, Math.max(1 / MOST_VOLUME_FACTOR, after / before));
  const lattice = member.lattice.map((row) => scale(row, Math.cbrt(volume))) as unknown as Mat3;
  return { lattice, sites };
}
