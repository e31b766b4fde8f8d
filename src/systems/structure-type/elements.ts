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
import type { LibraryType, RoleElements, StructureTypeLibrary, TypeVariant } from "./library.ts";

/** Weight of any element in a role, of those of its column, of its neighbours in the period; members count 1. */
const FLOOR = 0.002;
const COLUMN = 0.15;
const NEIGHBOUR = 0.08;
/** A role shared by two elements: each further one costs this factor. */
const SHARED_ROLE = 0.15;
/** More elements than this are not enumerated: the rarest by role frequency are dropped to it. */
const MOST_ELEMENTS = 7;

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

interface RoleModel {
  readonly amount: number;
  readonly frequency: Float64Array;
}

interface VariantModel {
  readonly variant: TypeVariant;
  readonly roles: readonly RoleModel[];
}

/** What of a composition the types are weighed with. */
export interface ElementEvidence {
  /** Elements that are there; all of them when `complete`. */
  readonly present: readonly string[];
  /** Further elements that may be there. */
  readonly possible: readonly string[];
  /** At least one of each of these sets is there. */
  readonly anyOf: readonly (readonly string[])[];
  readonly never: readonly string[];
  /** True where nothing but `present` and `possible` can be there. */
  readonly complete: boolean;
  /** Atomic fractions with their standard uncertainties, where measured. */
  readonly fractions?: ReadonlyMap<string, { readonly value: number; readonly sd: number }>;
}
