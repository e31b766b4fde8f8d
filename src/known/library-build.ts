/**
 * Makes the library from structure tables. A key says which positions are in use, not that atoms stand alike: of the structures
 * of one key those are members whose geometry agrees (`shapeDistance`) with the one that agrees with most. Needs `await loadSymmetry()`.
 */
import { element } from "../crystal/element.ts";
import { latticeParameters } from "../crystal/lattice.ts";
import { anonymousSpecies, dominantElement } from "../crystal/types/structure-type-key.ts";
import {
  shapeDistance,
  type SpeciesShape,
  structureShape,
} from "../crystal/types/structure-type-shape.ts";
import { structureType } from "../crystal/types/structure-type.ts";
import type { Structure } from "../crystal/structure.ts";
import { analyzeSymmetry } from "../crystal/symmetry/symmetry.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../data/describe.ts";
import { rowStructure, type StructureRow } from "../data/structure-table.ts";
import { chemicalFormula } from "../crystal/composition/chemical-formula.ts";
import { ALWAYS, DISCRIMINATED, ONE_TYPE } from "./library-choice.table.ts";
import {
  LIBRARY_VERSION,
  type LibraryType,
  membersOf,
  type StructureTypeLibrary,
  type TypeVariant,
} from "./library.ts";
import type { CellParameters } from "../diffraction/line-list.ts";

/** Mean difference of scaled neighbour distances within a type, as for names of prototypes. */
const SAME_GEOMETRY = 0.08;
/** Candidates for the centre of a type. */
const CENTRES = 60;

interface Member {
  readonly id: string;
  readonly formula: string;
  readonly name: string | undefined;
  readonly structure: Structure;
  readonly shape: readonly SpeciesShape[];
}

/** Structures by key, one per formula: the first of the table. */
export class LibraryBuilder {
  private readonly groups = new Map<string, Map<string, Member>>();

  /** Takes a row; rows without symmetry are the caller's to report. @throws EwaldError of the symmetry search */
  add(row: StructureRow): void {
    const structure = rowStructure(row);
    const options = { symprecAngstrom: TABLE_SYMPREC_ANGSTROM };
    const type = structureType(structure, options);
    const symmetry = analyzeSymmetry(structure, options);
    const species = anonymousSpecies(structure, symmetry);
    const formula = row.formula!;
    const key =
      type.name !== undefined && DISCRIMINATED[type.key] === type.name
        ? `${type.key}#${type.name}`
        : type.key;
    const group = this.groups.get(key) ?? new Map<string, Member>();
    this.groups.set(key, group);
    if (group.has(formula)) return;
    const shape = structureShape(symmetry.primitive, species);
    group.set(formula, { id: row.id, formula, name: type.name, structure, shape });
  }

  /** All types with at least `least` members, most members first; variants that are one type together. */
  types(least: number): LibraryType[] {
    const variants = new Map<string, TypeVariant & { name: string | undefined }>();
    for (const [key, group] of this.groups) {
      if (
        group.size < least &&
        !ALWAYS.includes(key) &&
        !ONE_TYPE.some((keys) => keys.includes(key))
      )
        continue;
      variants.set(key, variantOf(key, [...group.values()]));
    }
    const taken = new Set<string>();
    const types: LibraryType[] = [];
    for (const keys of [...ONE_TYPE, ...[...variants.keys()].map((key) => [key])]) {
      const found = keys.flatMap((key) => {
        const variant = variants.get(key);
        return variant === undefined || taken.has(key) ? [] : [variant];
      });
      for (const { key } of found) taken.add(key);
      if (found.length > 0) types.push(typeOf(found));
    }
    return types.toSorted((a, b) => membersOf(b).length - membersOf(a).length);
  }
}

/** How many types can be recognised; and, next in number of members, how many are kept out. */
const LIBRARY_TYPES = 110;
const UNKNOWN_TEST = 10;
const UNKNOWN_THRESHOLD = 20;

/** The library out of all types: those always in it, then those with most members. */
export function chooseLibrary(types: readonly LibraryType[], source: string): StructureTypeLibrary {
  const always = new Set(
    types.filter(({ variants }) => variants.some(({ key }) => ALWAYS.includes(key))),
  );
  const others = types.filter((type) => !always.has(type));
  const room = LIBRARY_TYPES - always.size;
  const rest = others.slice(room);
  return {
    version: LIBRARY_VERSION,
    source,
    types: [...always, ...others.slice(0, room)].toSorted(
      (a, b) => membersOf(b).length - membersOf(a).length,
    ),
    unknown: {
      test: rest.slice(0, UNKNOWN_TEST),
      threshold: rest.slice(UNKNOWN_TEST, UNKNOWN_TEST + UNKNOWN_THRESHOLD),
    },
  };
}

function typeOf(found: (TypeVariant & { name: string | undefined })[]): LibraryType {
  const [first] = found.toSorted((a, b) => b.members.length - a.members.length) as [
    (typeof found)[0],
  ];
  const name = found.find((variant) => variant.name !== undefined)?.name;
  return {
    key: first.key,
    name: first.name ?? name ?? `${chemicalFormula(first.representative.formula)}-type`,
    variants: found.map(({ name: _name, ...variant }) => variant),
  };
}

function variantOf(
  key: string,
  group: readonly Member[],
): TypeVariant & { name: string | undefined } {
  const stride = Math.max(1, Math.floor(group.length / CENTRES));
  let best: { centre: Member; members: Member[]; sum: number } | undefined;
  for (let i = 0; i < group.length; i += stride) {
    const centre = group[i]!;
    let sum = 0;
    const members = group.filter((member) => {
      const distance = shapeDistance(member.shape, centre.shape);
      if (distance <= SAME_GEOMETRY) sum += distance;
      return distance <= SAME_GEOMETRY;
    });
    const isBetter =
      best === undefined ||
      members.length > best.members.length ||
      (members.length === best.members.length && sum < best.sum);
    if (isBetter) best = { centre, members, sum };
  }
  const { centre, members } = best!;
  const names = members.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const { conventional } = symmetryOf(centre);
  return {
    key,
    name: names.length * 2 > members.length ? names[0] : undefined,
    roles: rolesOf(centre, members),
    members: members.map(({ id, formula }) => [id, formula] as const),
    representative: {
      formula: centre.formula,
      cell: cellOf(conventional).map((x) => round(x, 4)) as unknown as CellParameters,
      species: conventional.sites.map(dominantElement),
      frac: conventional.sites.flatMap(({ frac }) => frac.map((x) => round(x, 5))),
    },
    cellRanges: rangesOf(members),
  };
}

function symmetryOf({ structure }: Member): ReturnType<typeof analyzeSymmetry> {
  return analyzeSymmetry(structure, { symprecAngstrom: TABLE_SYMPREC_ANGSTROM });
}

function cellOf(structure: Structure): number[] {
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = latticeParameters(structure.lattice);
  return [a, b, c, alphaDeg, betaDeg, gammaDeg];
}

function round(x: number, digits: number): number {
  return Number(x.toFixed(digits));
}

function rangesOf(members: readonly Member[]): [number, number, number][] {
  const cells = members.map((member) => cellOf(symmetryOf(member).conventional));
  return Array.from({ length: 6 }, (_, i) => {
    const sorted = cells.map((cell) => cell[i]!).toSorted((a, b) => a - b);
    const middle = sorted[sorted.length >> 1]!;
    return [round(sorted[0]!, 3), round(middle, 3), round(sorted.at(-1)!, 3)];
  });
}

/** Elements by role: species of equal amount are told apart by geometry, then by electronegativity. */
function rolesOf(centre: Member, members: readonly Member[]): TypeVariant["roles"] {
  const counts = centre.shape.map(({ amount }) => ({
    amount,
    elements: {} as Record<string, number>,
  }));
  for (const member of members) {
    const order = bestOrder(centre.shape, member.shape);
    for (const [role, species] of order.entries()) {
      const { elements } = counts[role]!;
      const symbol = member.shape[species]!.element;
      elements[symbol] = (elements[symbol] ?? 0) + 1;
    }
  }
  return counts;
}

/** Which species of a member stands in which role of the centre. */
function bestOrder(centre: readonly SpeciesShape[], member: readonly SpeciesShape[]): number[] {
  let best: { order: number[]; cost: number } = { order: [], cost: Infinity };
  const rank = (shapes: readonly SpeciesShape[], i: number): number =>
    element(shapes[i]!.element).paulingElectronegativity ?? 0;
  const extend = (order: number[], cost: number): void => {
    const role = order.length;
    if (cost >= best.cost) return;
    if (role === centre.length) {
      best = { order, cost };
      return;
    }
    for (let i = 0; i < member.length; i++) {
      if (order.includes(i) || member[i]!.amount !== centre[role]!.amount) continue;
      const geometry = shapeDistance([centre[role]!], [member[i]!]);
      // Where geometry does not decide, roles keep their order of electronegativity.
      const crossed = order.filter(
        (j, other) =>
          (rank(member, j) - rank(member, i)) * (rank(centre, other) - rank(centre, role)) < 0,
      ).length;
      extend([...order, i], cost + geometry + 0.005 * crossed);
    }
  };
  extend([], 0);
  return best.order;
}
