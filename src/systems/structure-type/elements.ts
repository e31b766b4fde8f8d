/**
 * Elements as evidence: how well a structure type goes with what is known of the composition. For each way to give the elements
 * present to the type's roles (a solid solution puts several in one), the product of how often each element stands in
 * that role among the type's members; the best way counts. Frequencies are smoothed over elements that are alike, for a
 * new compound of a type is often one with a neighbour in the periodic table.
 */
import {
  type CompositionConstraints,
  element,
  ELEMENT_SYMBOLS,
  type MeasuredComposition,
} from "../../crystal/index.ts";
import type { RoleElements, StructureTypeLibrary } from "./library.ts";

/** Weight of any element in a role, of those of its column, of its neighbours in the period; members count 1. */
const FLOOR = 0.002;
const COLUMN = 0.15;
const NEIGHBOUR = 0.08;
/** A role shared by two elements: each further one costs this factor. */
const SHARED_ROLE = 0.04;
/** Chance that a role of the type is empty or filled by what the user did not name. */
const UNNAMED = 1e-3;
/** Spread of true compositions about a type's ideal one (vacancies, solid solutions), atomic fraction. */
const IDEAL_SPREAD = 0.04;
/** Elements measured below this atomic fraction may be impurities. */
const MINOR_FRACTION = 0.03;
/** Further elements than this count as possible only: assignments grow as roles^elements. */
const MOST_ELEMENTS = 6;

/** Smoothed frequencies of one role, by atomic number; they sum to 1. */
function smoothed(elements: RoleElements): Float64Array {
  const weights = new Float64Array(ELEMENT_SYMBOLS.length + 1).fill(FLOOR);
  const total = Object.values(elements).reduce((sum, count) => sum + count, 0);
  for (const [symbol, count] of Object.entries(elements)) {
    const known = element(symbol);
    const share = count / total;
    weights[known.atomicNumber]! += share;
    for (const other of ELEMENT_SYMBOLS) {
      const { group, period, atomicNumber } = element(other);
      if (atomicNumber === known.atomicNumber) continue;
      if (group !== null && group === known.group) weights[atomicNumber]! += share * COLUMN;
      else if (period === known.period && Math.abs(atomicNumber - known.atomicNumber) <= 2)
        weights[atomicNumber]! += share * NEIGHBOUR;
    }
  }
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** What is known of the elements: constraints, a measured composition, or both. */
export interface ElementEvidence {
  readonly constraints?: CompositionConstraints;
  readonly composition?: MeasuredComposition;
}

interface Known {
  /** Each has to stand in a role. */
  readonly present: readonly string[];
  /** 1 for elements that may fill a role, by atomic number. */
  readonly allowed: Float64Array;
  readonly fractions: ReadonlyMap<string, { readonly value: number; readonly sd: number }> | null;
}

/** The evidence as elements that are there and elements that may be; one for each choice of the "at least one of" groups. */
function readings({ constraints, composition }: ElementEvidence): Known[] {
  const allowed = new Float64Array(ELEMENT_SYMBOLS.length + 1);
  const may = constraints?.may ?? null;
  const never = new Set(constraints?.never ?? []);
  const measured = composition?.amounts.filter(({ amount }) => amount > 0) ?? [];
  const isOpen = may === null && measured.length === 0;
  for (const symbol of ELEMENT_SYMBOLS)
    if (!never.has(symbol) && (isOpen || may?.includes(symbol) === true))
      allowed[element(symbol).atomicNumber] = 1;
  for (const { element: symbol } of measured) allowed[element(symbol).atomicNumber] = 1;
  const major = measured.filter(({ amount }) => amount >= MINOR_FRACTION);
  const must = new Set([...(constraints?.must ?? []), ...major.map((one) => one.element)]);
  for (const symbol of must) allowed[element(symbol).atomicNumber] = 1;
  const fractions =
    measured.length === 0
      ? null
      : new Map(
          measured.map(
            (one) => [one.element, { value: one.amount, sd: one.amountEsd ?? 0 }] as const,
          ),
        );
  let choices: string[][] = [[...must]];
  for (const group of constraints?.atLeastOneOf ?? [])
    choices = choices.flatMap((choice) => group.map((symbol) => [...choice, symbol])).slice(0, 64);
  return choices.map((present) => ({
    present: [...new Set(present)].slice(0, MOST_ELEMENTS),
    allowed,
    fractions,
  }));
}

interface RoleModel {
  readonly amount: number;
  readonly frequency: Float64Array;
}

/** Chance of a variant with these elements: summed over all ways to give the elements to its roles. */
function chanceOf(roles: readonly RoleModel[], known: Known): number {
  const atoms = roles.reduce((sum, { amount }) => sum + amount, 0);
  const assigned: string[][] = roles.map(() => []);
  const finish = (): number => {
    let chance = 1;
    for (const [r, { amount, frequency }] of roles.entries()) {
      const here = assigned[r]!;
      if (here.length === 0) {
        let open = 0;
        for (let z = 1; z < frequency.length; z++) open += frequency[z]! * known.allowed[z]!;
        // Elements named as present stand elsewhere; one of them here too would be a second role.
        for (const symbol of known.present) open -= 0.7 * frequency[element(symbol).atomicNumber]!;
        chance *= Math.max(open, UNNAMED);
      } else {
        let mean = 0;
        for (const symbol of here) mean += frequency[element(symbol).atomicNumber]! / here.length;
        chance *= mean * SHARED_ROLE ** (here.length - 1);
      }
      if (known.fractions !== null) {
        let [value, variance] = [0, IDEAL_SPREAD * IDEAL_SPREAD];
        for (const symbol of here) {
          const fraction = known.fractions.get(symbol);
          value += fraction?.value ?? 0;
          variance += (fraction?.sd ?? 0) ** 2;
        }
        const off = value - amount / atoms;
        chance *= Math.exp((-off * off) / (2 * variance)) * (IDEAL_SPREAD / Math.sqrt(variance));
      }
    }
    return chance;
  };
  const place = (index: number): number => {
    if (index === known.present.length) return finish();
    let sum = 0;
    for (const here of assigned) {
      here.push(known.present[index]!);
      sum += place(index + 1);
      here.pop();
    }
    return sum;
  };
  return place(0);
}

/** Log-likelihoods of the elements, per library type. */
export class ElementModel {
  private readonly types: readonly (readonly (readonly RoleModel[])[])[];

  constructor(library: StructureTypeLibrary) {
    this.types = library.types.map(({ variants }) =>
      variants.map(({ roles }) =>
        roles.map(({ amount, elements }) => ({ amount, frequency: smoothed(elements) })),
      ),
    );
  }

  /**
   * ln of the chance of the elements given each type (its best variant), and the index of that variant; null without evidence.
   * Elements that a type cannot hold leave a small chance, never none: analyses err.
   */
  weigh(evidence: ElementEvidence): { readonly log: Float64Array; readonly variant: Int32Array } {
    const known = readings(evidence);
    const log = new Float64Array(this.types.length);
    const variant = new Int32Array(this.types.length);
    for (const [t, variants] of this.types.entries()) {
      let best = 0;
      for (const [v, roles] of variants.entries()) {
        let chance = 0;
        for (const one of known) chance += chanceOf(roles, one);
        if (chance <= best) continue;
        best = chance;
        variant[t] = v;
      }
      log[t] = Math.log(Math.max(best, LEAST_CHANCE));
    }
    return { log, variant };
  }
}

/** Floor of a type's chance. */
const LEAST_CHANCE = 1e-12;
