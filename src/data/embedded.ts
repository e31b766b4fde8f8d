/**
 * The embedded default table: training data from nothing. The facts of some hundred structure types (space group,
 * cell, coordinates; `crystal/prototypes.table.ts`) are decorated with other elements of fitting radius and charge and scaled
 * until every atom's nearest distance is within 15 % of the sum of radii. It lets every system train and be tested
 * on a fresh machine; it is not data, and its provenance says so wherever it goes.
 *
 * Ions: Shannon's radii for the coordination at hand, charges that sum to zero. Metals: metallic radii. Labels are textbook
 * estimates: formation energy by Pauling's bond energies (The Nature of the Chemical Bond, 3rd ed., eq. 3-13 ff.), gaps of
 * ionic compounds by F. Di Quarto et al., J. Phys. Chem. B 101, 2519 (1997); metals have a gap of 0.
 *
 * Needs `await loadSymmetry()` first.
 */
import { anonymousFormula, reducedFormula } from "../crystal/composition/composition-formula.ts";
import { compositionOf } from "../crystal/composition/composition.ts";
import { neighbours } from "../crystal/distances.ts";
import { ELEMENT_SYMBOLS, element, ionicRadius } from "../crystal/element.ts";
import { prototypeStructure } from "../crystal/types/prototypes.ts";
import { PROTOTYPES, type Prototype } from "../crystal/types/prototypes.table.ts";
import { primitiveCell } from "../crystal/structure-transform.ts";
import type { Structure } from "../crystal/structure.ts";
import { EwaldError } from "../errors.ts";
import { scale } from "../math/matrix3.ts";
import { Random } from "../math/random.ts";
import { clashOf } from "./clean.ts";
import { type Descriptors, describeStructure, TABLE_SYMPREC_ANGSTROM } from "./describe.ts";
import type { Provenance } from "./provenance.ts";
import { type Labels, structureRow, type StructureRow } from "./structure-table.ts";

/** The size of the table that {@link embeddedRows} makes. */
export interface EmbeddedOptions {
  /** Default 1: everyone who asks for nothing gets the same table. */
  readonly seed?: number;
  /** Decorations of each structure type, at most. Default 24. */
  readonly perType?: number;
  /** Types with more atoms in the primitive cell are left out. Default 40. */
  readonly mostAtoms?: number;
}

const EMBEDDED_SOURCE = "ewald_embedded";

export const EMBEDDED_PROVENANCE: Provenance = {
  source: EMBEDDED_SOURCE,
  licence: "MIT",
  citations: [
    "M. Mehl et al., Comput. Mater. Sci. 136, S1 (2017), doi:10.1016/j.commatsci.2017.01.017",
    "R. D. Shannon, Acta Cryst. A32, 751 (1976), doi:10.1107/S0567739476001551",
    "F. Di Quarto et al., J. Phys. Chem. B 101, 2519 (1997), doi:10.1021/jp970046n",
  ],
  embedded: true,
  note: "Made by Ewald from structure-type facts, radii and charges; labels are textbook estimates. For trying things out, not for results.",
};

/** Nearest distances may miss the sum of radii by 0.15 of it; kept a little smaller, so that rounding on disk breaks no promise. */
const ACCEPTED_TOLERANCE = 0.149;
/** Neighbours up to this times the nearest distance count as coordination. */
const SHELL = 1.25;
/** Draws per wanted decoration before a type is given up: some charges have no solution. */
const DRAWS_PER_ROW = 60;

/** Anions with the charge they take. */
const ANIONS: readonly (readonly [string, number])[] = [
  ["O", -2],
  ["S", -2],
  ["Se", -2],
  ["Te", -2],
  ["F", -1],
  ["Cl", -1],
  ["Br", -1],
  ["I", -1],
  ["N", -3],
];
const ANION_NAMES = new Set(ANIONS.map(([symbol]) => symbol));
/** Elements that stand in no table of radii, decay in hours, or are no partner in solids. */
const LEFT_OUT = new Set(
  "H D He Ne Ar Kr Xe Rn At Fr Ra Po Ac Pa Np Pu Am Cm Bk Cf Es Fm Md No Lr Tc Pm".split(" "),
);
const METALS = ELEMENT_SYMBOLS.filter(
  (symbol) => !LEFT_OUT.has(symbol) && element(symbol).metallicRadiusAngstrom !== null,
);

/** One atom's nearest neighbour: indices into the type's species. */
interface Contact {
  readonly from: number;
  readonly to: number;
  readonly distanceAngstrom: number;
  readonly fromCoordination: number;
  readonly toCoordination: number;
}

interface Template {
  readonly prototype: Prototype;
  readonly structure: Structure;
  readonly descriptors: Descriptors;
  /** The prototype's own elements. */
  readonly elements: readonly string[];
  /** Atoms of each in the primitive cell. */
  readonly counts: readonly number[];
  readonly contacts: readonly Contact[];
}

/** A choice of elements; charges are all 0 for metals. */
interface Decoration {
  readonly elements: readonly string[];
  readonly charges: readonly number[];
}

/** The rows of the embedded table, type by type. The same options give the same rows, digit for digit. */
export function* embeddedRows({
  seed = 1,
  perType = 24,
  mostAtoms = 40,
}: EmbeddedOptions = {}): Generator<StructureRow> {
  for (const prototype of PROTOTYPES) {
    const template = makeTemplate(prototype, mostAtoms);
    if (template !== null)
      yield* decorate(template, perType, Random.fromSeed(seed, "embedded", prototype.id));
  }
}

function makeTemplate(prototype: Prototype, mostAtoms: number): Template | null {
  const structure = primitiveCell(prototypeStructure(prototype), {
    symprecAngstrom: TABLE_SYMPREC_ANGSTROM,
  });
  if (structure.sites.length > mostAtoms) return null;
  const symbols = structure.sites.map((site) => site.species[0]!.element);
  const elements = [...new Set(symbols)].sort();
  const of = symbols.map((symbol) => elements.indexOf(symbol));
  const counts = elements.map((_, i) => of.filter((j) => j === i).length);
  return {
    prototype,
    structure,
    descriptors: describeStructure(structure),
    elements,
    counts,
    contacts: contactsOf(structure, of),
  };
}

/** Nearest contact of every atom, alike ones once. */
function contactsOf(structure: Structure, of: readonly number[]): Contact[] {
  // No atom of a known type is farther from its nearest neighbour than this.
  const list = neighbours(structure, 6);
  const shell = of.map((_, i) => {
    const nearest = list.distanceAngstrom[list.start[i]!] ?? Infinity;
    let count = 0;
    for (
      let k = list.start[i]!;
      k < list.start[i + 1]! && list.distanceAngstrom[k]! <= SHELL * nearest;
      k++
    )
      count++;
    return count;
  });
  const contacts = new Map<string, Contact>();
  for (const [i, from] of of.entries()) {
    const k = list.start[i]!;
    if (k === list.start[i + 1]!) continue;
    const j = list.site[k]!;
    const contact = {
      from,
      to: of[j]!,
      distanceAngstrom: list.distanceAngstrom[k]!,
      fromCoordination: shell[i]!,
      toCoordination: shell[j]!,
    };
    contacts.set(
      [contact.from, contact.to, contact.distanceAngstrom.toFixed(3), shell[i], shell[j]].join(" "),
      contact,
    );
  }
  return [...contacts.values()];
}

function* decorate(template: Template, wanted: number, random: Random): Generator<StructureRow> {
  const seen = new Set<string>();
  const draw = isIonic(template) ? drawIons : drawMetals;
  for (let tries = wanted * DRAWS_PER_ROW; tries > 0 && seen.size < wanted; tries--) {
    const decoration = draw(template, random);
    const row = decoration === null ? null : decoratedRow(template, decoration);
    // Two elements that change places may give the same formula: one of them is enough.
    if (row === null || seen.has(row.id)) continue;
    seen.add(row.id);
    yield row;
  }
}

/** Ionic where the prototype itself holds an anion and something that is none. */
function isIonic({ elements }: Template): boolean {
  return (
    elements.some((symbol) => ANION_NAMES.has(symbol)) &&
    elements.some((symbol) => !ANION_NAMES.has(symbol))
  );
}

/** Keeps the prototype's roles: where it has an anion stands an anion, elsewhere cations whose charges balance. */
function drawIons({ elements, counts }: Template, random: Random): Decoration | null {
  const chosen: string[] = [];
  const charges: number[] = [];
  let rest = 0;
  const cationAt: number[] = [];
  for (const [i, symbol] of elements.entries()) {
    if (!ANION_NAMES.has(symbol)) {
      cationAt.push(i);
      continue;
    }
    const [anion, charge] = random.choice(ANIONS);
    chosen[i] = anion;
    charges[i] = charge;
    rest += charge * counts[i]!;
  }
  const last = cationAt.pop()!;
  for (const i of cationAt) {
    const [cation, charge] = random.choice(CATIONS);
    chosen[i] = cation;
    charges[i] = charge;
    rest += charge * counts[i]!;
  }
  const needed = -rest / counts[last]!;
  const fitting = CATIONS_BY_CHARGE.get(needed);
  if (fitting === undefined) return null;
  chosen[last] = random.choice(fitting);
  charges[last] = needed;
  return new Set(chosen).size === chosen.length ? { elements: chosen, charges } : null;
}

const CATIONS: readonly (readonly [string, number])[] = ELEMENT_SYMBOLS.filter(
  (symbol) => !LEFT_OUT.has(symbol) && !ANION_NAMES.has(symbol),
).flatMap((symbol) =>
  element(symbol)
    .commonOxidationStates.filter((charge) => charge > 0)
    .map((charge) => [symbol, charge] as const),
);
const CATIONS_BY_CHARGE = new Map<number, string[]>();
for (const [symbol, charge] of CATIONS)
  CATIONS_BY_CHARGE.set(charge, [...(CATIONS_BY_CHARGE.get(charge) ?? []), symbol]);

function drawMetals({ elements }: Template, random: Random): Decoration | null {
  const chosen = elements.map(() => random.choice(METALS));
  return new Set(chosen).size === chosen.length
    ? { elements: chosen, charges: chosen.map(() => 0) }
    : null;
}

/** Å; null where no table gives one. */
function radiusOf(symbol: string, charge: number, coordination: number): number | null {
  if (charge === 0) return element(symbol).metallicRadiusAngstrom;
  try {
    return ionicRadius(symbol, charge, coordination).ionicRadiusAngstrom;
  } catch (error) {
    if (error instanceof EwaldError && error.code === "element/no-ionic-radius") return null;
    throw error;
  }
}

/** Nearest distance over sum of radii for each contact, as the structure stands; null where a radius is missing. */
function contactRatios({ contacts }: Template, { elements, charges }: Decoration): number[] | null {
  const ratios: number[] = [];
  for (const { from, to, distanceAngstrom, fromCoordination, toCoordination } of contacts) {
    // Ions of one sign do not touch: a nearest neighbour of the same sign makes the type unfit.
    if (charges[from]! * charges[to]! > 0) return null;
    const one = radiusOf(elements[from]!, charges[from]!, fromCoordination);
    const other = radiusOf(elements[to]!, charges[to]!, toCoordination);
    if (one === null || other === null || one + other <= 0) return null;
    ratios.push(distanceAngstrom / (one + other));
  }
  return ratios.length === 0 ? null : ratios;
}

function decoratedRow(template: Template, decoration: Decoration): StructureRow | null {
  const ratios = contactRatios(template, decoration);
  if (ratios === null) return null;
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)];
  // The scale that puts the extremes equally far from 1.
  const factor = 2 / (least + most);
  if (most * factor > 1 + ACCEPTED_TOLERANCE || least * factor < 1 - ACCEPTED_TOLERANCE)
    return null;
  const { lattice, sites } = template.structure;
  const structure: Structure = {
    lattice: [scale(lattice[0], factor), scale(lattice[1], factor), scale(lattice[2], factor)],
    sites: sites.map(({ species, frac }) => ({
      species: [
        {
          element: decoration.elements[template.elements.indexOf(species[0]!.element)]!,
          occupancy: 1,
        },
      ],
      frac,
    })),
  };
  const composition = compositionOf(structure);
  const formula = reducedFormula(composition);
  const row = structureRow(structure, {
    ...template.descriptors,
    id: `embedded-${template.prototype.id}-${formula}`,
    source: EMBEDDED_SOURCE,
    formula,
    formulaAnonymous: anonymousFormula(composition),
    labels: estimatedLabels(template, decoration),
  });
  return clashOf(row) === null ? row : null;
}

/** kcal/mol to eV per formula; Pauling's corrections for the triple bond of N2 and the double bond of O2. */
const EV_PER_KCAL_PER_MOL = 0.0433641;
const NITROGEN_KCAL = 55.4;
const OXYGEN_KCAL = 24.2;
/** LiF; the formula for gaps was made for oxides and exceeds it for some fluorides. */
const WIDEST_GAP_EV = 14.2;

function estimatedLabels({ counts }: Template, { elements, charges }: Decoration): Labels {
  if (charges.every((charge) => charge === 0)) return { bandGapEv: 0 };
  const chi = elements.map((symbol) => element(symbol).paulingElectronegativity);
  if (chi.includes(null)) return {};
  const values = chi as number[];
  const anions = elements.map((_, i) => i).filter((i) => charges[i]! < 0);
  const cations = elements.map((_, i) => i).filter((i) => charges[i]! > 0);
  const negative = anions.reduce((sum, i) => sum - charges[i]! * counts[i]!, 0);
  const chiAnion =
    anions.reduce((sum, i) => sum - charges[i]! * counts[i]! * values[i]!, 0) / negative;
  const atoms = counts.reduce((sum, count) => sum + count, 0);
  // One bond per unit of charge, each (Δχ)² eV.
  let energy = -cations.reduce(
    (sum, i) => sum + counts[i]! * charges[i]! * (chiAnion - values[i]!) ** 2,
    0,
  );
  for (const i of anions) {
    if (elements[i] === "N") energy += counts[i]! * NITROGEN_KCAL * EV_PER_KCAL_PER_MOL;
    if (elements[i] === "O") energy += counts[i]! * OXYGEN_KCAL * EV_PER_KCAL_PER_MOL;
  }
  const gaps = cations.map((i) => {
    const isTransitionMetal =
      (element(elements[i]!).group ?? 3) >= 3 && (element(elements[i]!).group ?? 3) <= 12;
    const square = (chiAnion - values[i]!) ** 2;
    return isTransitionMetal ? 1.35 * square - 1.49 : 2.17 * square - 2.71;
  });
  return {
    formationEnergyEvPerAtom: energy / atoms,
    bandGapEv: Math.max(0, Math.min(WIDEST_GAP_EV, ...gaps)),
  };
}
