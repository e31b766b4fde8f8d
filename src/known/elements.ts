/**
 * Elements as evidence: how well a structure type goes with what is known of the composition. A type is the mixture of its known
 * compounds: for each compound the chance that the elements present stand in the places of its own, place by place, by how
 * often one element replaces the other within structure types (the library itself says), or else is alike to it in the
 * periodic table. New compounds of a type are mostly such neighbours of known ones.
 */
import {
  type CompositionConstraints,
  constraintsOf,
  isAllowed,
} from "../crystal/composition/composition-constraints.ts";
import type { MeasuredComposition } from "../crystal/composition/composition-measured.ts";
import { amountOf, elementsOf } from "../crystal/composition/composition.ts";
import { element, ELEMENT_SYMBOLS } from "../crystal/element.ts";
import { parseFormula } from "../crystal/composition/formula.ts";
import type { StructureTypeLibrary } from "./library.ts";

/** Weight of the same element, of its column, of neighbours in its period, of any element; beside the counted replacements. */
const SAME = 0.3;
const COLUMN = 0.02;
const NEIGHBOUR = 0.01;
const FLOOR = 2e-4;
/** Two elements in one place (a solid solution): each further one costs this factor. */
const SHARED_PLACE = 0.04;
/** Chance that a place holds what the user did not name. */
const UNNAMED = 1e-3;
/** The factor for each place more or less. The variant of a type with as many places as elements are named is meant. */
const OTHER_PLACES = 0.05;
/** Spread of true compositions about a compound's (vacancies, solid solutions), atomic fraction. */
const IDEAL_SPREAD = 0.04;
/** Chance that a place holds what an analysis does not see and nobody named, beside what was named. */
const UNSEEN = 0.05;
/** An element stands in one more place than those it was given (both cations of Co3O4); a place is empty (CoAs3 in skutterudite). */
const AGAIN = 0.1;
const VACANT = 0.01;
/** Further elements than this, least amounts first, count as possible only: assignments grow fast. */
const MOST_ELEMENTS = 6;
/**
 * A composition of more elements than these shares places in most types, known or not: what that costs speaks against none of
 * them. Half of it is given back: with all of it albite is taken for a BaMgP2O7 type, with none a pyrochlore is refused once
 * NaCaNb2O6F is given.
 */
const USUAL_ELEMENTS = 3;
const GIVEN_BACK = 0.5;
/** Floor of a type's chance: analyses err. */
const LEAST_CHANCE = 1e-12;

const ELEMENTS = ELEMENT_SYMBOLS.length + 1;

/** Evidence from the elements: constraints, a measured composition, or both. */
export interface ElementEvidence {
  readonly constraints?: CompositionConstraints;
  readonly composition?: MeasuredComposition;
}

interface Known {
  /** Each has to stand in a role. */
  readonly present: readonly string[];
  /** 1 for elements that may fill a role, by atomic number. */
  readonly allowed: Float64Array;
  /** {@link openChance} of every row that was asked for. */
  readonly open: Map<Float64Array, number>;
  readonly fractions: ReadonlyMap<string, { readonly value: number; readonly sd: number }> | null;
}

/** All that is known of the elements as constraints, a composition as the analysis that it is. */
export function constraintsOfEvidence({
  constraints,
  composition,
}: ElementEvidence): CompositionConstraints {
  return constraintsOf({ ...constraints, ...(composition === undefined ? {} : { composition }) });
}

/** The evidence as elements that are there and elements that may be; one for each choice of the "at least one of" groups. */
function readings(evidence: ElementEvidence): Known[] {
  const { composition } = evidence;
  const constraints = constraintsOfEvidence(evidence);
  const unseen = new Set(constraints.unseen);
  const allowed = new Float64Array(ELEMENTS);
  for (const symbol of ELEMENT_SYMBOLS)
    if (isAllowed(symbol, constraints))
      allowed[element(symbol).atomicNumber] = unseen.has(symbol) ? UNSEEN : 1;
  const measured = composition?.amounts.filter(({ amount }) => amount > 0) ?? [];
  const fractions =
    measured.length === 0
      ? null
      : new Map(
          measured.map(
            (one) => [one.element, { value: one.amount, sd: one.amountEsd ?? 0 }] as const,
          ),
        );
  const amount = (symbol: string): number => fractions?.get(symbol)?.value ?? 0;
  let choices: string[][] = [[...constraints.must]];
  for (const group of constraints.atLeastOneOf)
    choices = choices.flatMap((choice) => group.map((symbol) => [...choice, symbol])).slice(0, 64);
  return choices.map((present) => ({
    present: [...new Set(present)]
      .toSorted((a, b) => amount(b) - amount(a))
      .slice(0, MOST_ELEMENTS),
    allowed,
    open: new Map<Float64Array, number>(),
    fractions,
  }));
}

/**
 * How a compound goes with the elements that are named: 2 where it holds all of them and no other than may be, 1 where it holds
 * none but named ones (an end member of a solid solution), 0 where the list is open and it holds others, null where it
 * holds what is excluded.
 */
export function agreementWithElements(
  evidence: ElementEvidence,
): (formula: string) => 0 | 1 | 2 | null {
  const known = readings(evidence);
  const constraints = constraintsOfEvidence(evidence);
  const named = new Set(
    [
      ...known.flatMap(({ present }) => present),
      ...constraints.must,
      ...(constraints.may ?? []),
    ].filter((symbol) => constraints.unseen?.includes(symbol) !== true),
  );
  return (formula) => {
    const symbols = elementsOf(parseFormula(formula));
    if (!symbols.every((symbol) => isAllowed(symbol, constraints))) return null;
    if (known.some(({ present }) => present.every((symbol) => symbols.includes(symbol)))) return 2;
    if (symbols.every((symbol) => named.has(symbol))) return 1;
    // KN is no stand-in for KCl, though an analysis does not see nitrogen.
    return constraints.may === null ? 0 : null;
  };
}

/** One place of a known compound: its share of the atoms, and how likely each element is there, by atomic number. */
interface Place {
  readonly fraction: number;
  readonly chance: Float64Array;
}

type Compound = readonly Place[];

/** The elements of a formula by amount, then electronegativity: places that correspond within a type. */
function placesOf(formula: string): { symbol: string; fraction: number }[] {
  const composition = parseFormula(formula);
  const symbols = elementsOf(composition);
  const total = symbols.reduce((sum, symbol) => sum + amountOf(composition, symbol), 0);
  return symbols
    .map((symbol) => ({ symbol, fraction: amountOf(composition, symbol) / total }))
    .toSorted((a, b) => a.fraction - b.fraction || negativity(a.symbol) - negativity(b.symbol));
}

function negativity(symbol: string): number {
  return element(symbol).paulingElectronegativity ?? 0;
}

/** Row e of the table: how likely each element stands where a known compound has e. Rows sum to 1. */
function replacements(types: readonly (readonly (readonly string[])[])[]): Float64Array[] {
  const rows = Array.from({ length: ELEMENTS }, () => new Float64Array(ELEMENTS));
  for (const type of types) {
    const counts: Map<number, number>[] = [];
    for (const symbols of type)
      for (const [place, symbol] of symbols.entries()) {
        const here = (counts[place] ??= new Map<number, number>());
        const z = element(symbol).atomicNumber;
        here.set(z, (here.get(z) ?? 0) + 1);
      }
    for (const here of counts) {
      const total = [...here.values()].reduce((sum, count) => sum + count, 0);
      for (const [z, count] of here)
        for (const [other, otherCount] of here)
          if (z !== other) rows[z]![other]! += (count * otherCount) / total;
    }
  }
  for (const symbol of ELEMENT_SYMBOLS) {
    const { atomicNumber: z, group, period } = element(symbol);
    const row = rows[z]!;
    const counted = row.reduce((sum, value) => sum + value, 0);
    for (let other = 1; other < ELEMENTS; other++)
      row[other] = counted > 0 ? (row[other]! / counted) * (1 - SAME) : 0;
    for (const otherSymbol of ELEMENT_SYMBOLS) {
      const other = element(otherSymbol);
      const isNeighbour = other.period === period && Math.abs(other.atomicNumber - z) <= 2;
      row[other.atomicNumber]! += FLOOR + (isNeighbour ? NEIGHBOUR : 0);
      if (group !== null && other.group === group) row[other.atomicNumber]! += COLUMN;
    }
    row[z]! += SAME;
    const sum = row.reduce((a, b) => a + b, 0);
    for (let other = 0; other < ELEMENTS; other++) row[other]! /= sum;
  }
  return rows;
}

/** Chance of the elements in a compound's places, over all ways to place them. */
function chanceOf(compound: Compound, known: Known, numbers: readonly number[]): number {
  const assigned: number[][] = compound.map(() => []);
  const mayShare = numbers.length > compound.length;
  const place = (index: number): number => {
    if (index === numbers.length) return finish(compound, assigned, known, numbers);
    let sum = 0;
    for (const here of assigned) {
      if (here.length > 0 && !mayShare) continue;
      here.push(index);
      sum += place(index + 1);
      here.pop();
    }
    return sum;
  };
  return place(0);
}

/** Chance that a place holds anything that may be there. Places share their rows of chances: summed anew each time it was most of the work. */
function openChance({ allowed, open }: Known, chance: Float64Array): number {
  const known = open.get(chance);
  if (known !== undefined) return known;
  let sum = 0;
  for (let z = 1; z < ELEMENTS; z++) sum += chance[z]! * allowed[z]!;
  open.set(chance, sum);
  return sum;
}

/** Chance of elements that all stand somewhere: what is in the places, what fills the empty ones, and how the amounts go with it. */
function finish(
  compound: Compound,
  assigned: readonly (readonly number[])[],
  known: Known,
  numbers: readonly number[],
): number {
  let filled = 1;
  let open = 1;
  let empty = -1;
  let emptyCount = 0;
  for (const [p, { chance }] of compound.entries()) {
    const here = assigned[p]!;
    if (here.length > 0) {
      let mean = 0;
      for (const index of here) mean += chance[numbers[index]!]! / here.length;
      filled *= mean * SHARED_PLACE ** (here.length - 1);
      continue;
    }
    let others = openChance(known, chance);
    // What is named stands elsewhere.
    for (const z of numbers) others -= chance[z]!;
    open *= Math.max(others, UNNAMED);
    empty = p;
    emptyCount++;
  }
  if (known.fractions === null) return filled * open;
  const share = (p: number): number => compound[p]!.fraction;
  let sum = open * amountsFactor(assigned, known, share);
  if (emptyCount === 1) {
    const rest = 1 - share(empty);
    sum += VACANT * amountsFactor(assigned, known, (p) => (p === empty ? 0 : share(p) / rest));
    const { chance } = compound[empty]!;
    for (const [index, z] of numbers.entries()) {
      const own = assigned.findIndex((here) => here.includes(index));
      const both = share(own) + share(empty);
      sum +=
        AGAIN *
        chance[z]! *
        amountsFactor(assigned, known, (p) => (p === own ? both : p === empty ? 0 : share(p)));
    }
  }
  return filled * sum;
}

/** How the measured amounts go with the shares of the places. */
function amountsFactor(
  assigned: readonly (readonly number[])[],
  { fractions, present }: Known,
  share: (place: number) => number,
): number {
  let product = 1;
  for (const [p, here] of assigned.entries()) {
    let [value, variance] = [0, IDEAL_SPREAD * IDEAL_SPREAD];
    for (const index of here) {
      const measured = fractions!.get(present[index]!);
      value += measured?.value ?? 0;
      variance += (measured?.sd ?? 0) ** 2;
    }
    const off = value - share(p);
    product *= Math.exp((-off * off) / (2 * variance)) * (IDEAL_SPREAD / Math.sqrt(variance));
  }
  return product;
}

interface WeighedElements {
  readonly log: Float64Array;
  readonly variant: Int32Array;
}

/** Log-likelihoods of elements, per library type. */
export class ElementModel {
  /** Per type and variant: its known compounds. */
  private readonly types: readonly (readonly (readonly Compound[])[])[];

  /** Many scans of one sample are asked for with the same elements, at 35 ms each. */
  private last: (ElementEvidence & { readonly weighed: WeighedElements }) | null = null;

  /** @param isKnown which members count as known; default all (a test keeps its own formulas out) */
  constructor(library: StructureTypeLibrary, isKnown: (formula: string) => boolean = () => true) {
    const places = new Map<string, ReturnType<typeof placesOf>>();
    const known = library.types.map(({ variants }) =>
      variants.map(({ members }) =>
        members.flatMap(([, formula]) => {
          if (!isKnown(formula)) return [];
          const found = places.get(formula) ?? placesOf(formula);
          places.set(formula, found);
          return [found];
        }),
      ),
    );
    const rows = replacements(
      known.flatMap((variants) =>
        variants.map((formulas) => formulas.map((one) => one.map(({ symbol }) => symbol))),
      ),
    );
    this.types = known.map((variants) =>
      variants.map((formulas) =>
        formulas.map((one) =>
          one.map(({ symbol, fraction }) => ({
            fraction,
            chance: rows[element(symbol).atomicNumber]!,
          })),
        ),
      ),
    );
  }

  /** ln of the mean chance of the elements over the known compounds of each type, and its best variant. */
  weigh(evidence: ElementEvidence): WeighedElements {
    const { composition, constraints } = evidence;
    const { last } = this;
    if (last !== null && last.composition === composition && last.constraints === constraints)
      return last.weighed;
    const weighed = this.weighAnew(evidence);
    this.last = { ...evidence, weighed };
    return weighed;
  }

  private weighAnew(evidence: ElementEvidence): WeighedElements {
    const known = readings(evidence);
    const most = Math.max(...known.map(({ present }) => present.length));
    // Without amounts nothing tells a shared place from a wrong type.
    const further = (known[0]?.fractions ?? null) === null ? 0 : Math.max(0, most - USUAL_ELEMENTS);
    const shared = GIVEN_BACK * further * Math.log(SHARED_PLACE);
    const log = new Float64Array(this.types.length);
    const variant = new Int32Array(this.types.length);
    for (const [t, variants] of this.types.entries()) {
      const count = variants.reduce((sum, compounds) => sum + compounds.length, 0);
      let total = 0;
      const meant = variants.map((compounds) => {
        let sum = 0;
        for (const one of known) {
          const numbers = one.present.map((symbol) => element(symbol).atomicNumber);
          for (const compound of compounds) {
            const chance = chanceOf(compound, one, numbers);
            total += chance;
            sum += chance * OTHER_PLACES ** Math.abs(compound.length - numbers.length);
          }
        }
        return sum;
      });
      variant[t] = meant.indexOf(Math.max(...meant));
      log[t] = Math.log(Math.max(total / Math.max(count, 1), LEAST_CHANCE)) - shared;
    }
    return { log, variant };
  }
}
