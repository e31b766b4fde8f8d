/**
 * The units of a crystal by its bonds: finite units (molecules, complex ions, lone atoms) or nets without end. Two atoms count as
 * bonded up to 1.25 times the sum of their covalent radii (Cordero 2008): longer than any covalent bond, and long enough for the
 * contacts of ions and metals (NaCl 1.05, CsI 1.03), shorter than what holds molecules together (H…O 1.8, S…S 1.6, I…I in iodine 1.26).
 */
import { neighbours } from "./distances.ts";
import { element } from "./element.ts";
import type { Structure } from "./structure.ts";

const BOND_FACTOR = 1.25;
/** Elements without a radius of their own (beyond curium) bond like heavy metals. */
const USUAL_RADIUS_ANGSTROM = 1.7;

/** Atoms that bonds join. */
export interface BondedUnit {
  /** Indices of the sites. */
  readonly sites: readonly number[];
  /** A molecule or ion, not a chain, layer or framework. */
  readonly isFinite: boolean;
}

export interface Bonding {
  readonly units: readonly BondedUnit[];
  /** Bonded pairs of elements, alphabetical: "C-H". */
  readonly pairs: ReadonlySet<string>;
}

const radii = new Map<string, number>();

function radius(symbol: string): number {
  let own = radii.get(symbol);
  if (own === undefined) {
    const name = symbol === "D" ? "H" : symbol;
    own = element(name).covalentRadiusAngstrom ?? USUAL_RADIUS_ANGSTROM;
    radii.set(symbol, own);
  }
  return own;
}

/** Bonds by the main element of each site. @throws EwaldError `element/unknown`, `lattice/…` */
export function bonding(structure: Structure): Bonding {
  const elements = structure.sites.map(
    ({ species }) => species.reduce((a, b) => (b.occupancy > a.occupancy ? b : a)).element,
  );
  const widest = Math.max(0, ...elements.map(radius));
  const list = neighbours(structure, 2 * BOND_FACTOR * widest);
  const pairs = new Set<string>();
  const partners = elements.map((own, i) => {
    const bonded: { readonly site: number; readonly image: readonly number[] }[] = [];
    for (let k = list.start[i]!; k < list.start[i + 1]!; k++) {
      const site = list.site[k]!;
      const other = elements[site]!;
      if (list.distanceAngstrom[k]! > BOND_FACTOR * (radius(own) + radius(other))) continue;
      bonded.push({ site, image: [0, 1, 2].map((axis) => list.image[3 * k + axis]!) });
      pairs.add([own, other].toSorted().join("-"));
    }
    return bonded;
  });
  return { units: unitsOf(partners), pairs };
}

type Partners = readonly (readonly {
  readonly site: number;
  readonly image: readonly number[];
}[])[];

/** A unit is endless where a walk along bonds comes back to an atom in another cell. */
function unitsOf(partners: Partners): BondedUnit[] {
  const cellOf: (readonly number[] | undefined)[] = partners.map(() => undefined);
  const units: BondedUnit[] = [];
  for (const first of partners.keys()) {
    if (cellOf[first] !== undefined) continue;
    cellOf[first] = [0, 0, 0];
    const sites = [first];
    let isFinite = true;
    for (let next = 0; next < sites.length; next++) {
      const at = sites[next]!;
      const cell = cellOf[at]!;
      for (const { site, image } of partners[at]!) {
        const reached = cell.map((x, axis) => x + image[axis]!);
        const known = cellOf[site];
        if (known === undefined) {
          cellOf[site] = reached;
          sites.push(site);
        } else if (known.some((x, axis) => x !== reached[axis])) isFinite = false;
      }
    }
    units.push({ sites, isFinite });
  }
  return units;
}
