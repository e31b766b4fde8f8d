/** How the phases of a library go with what is known of the elements: excluded, or a factor on their score. */
import {
  type CompositionConstraints,
  isAllowed,
} from "../../crystal/composition/composition-constraints.ts";
import type { MeasuredComposition } from "../../crystal/composition/composition-measured.ts";
import { UNSEEN_BY_EDS } from "../../crystal/composition/unseen-by-eds.ts";
import { atomicNumber, ELEMENT_SYMBOLS } from "../../crystal/element.ts";
import type { PhaseTable } from "./phase-table.ts";

/** Amounts of the elements of all phases side by side; D counts as H. */
export interface ElementAmounts {
  readonly start: Uint32Array;
  readonly atomicNumber: Uint8Array;
  /** Of all atoms, 0 to 1. */
  readonly fraction: Float32Array;
}

/** Of its atoms an element below this share is a trace: a phase may hold it where it is excluded, and does not hold it where it must. */
const TRACE = 0.01;
/** A phase that lacks an element of the sample (it may be in another phase), one factor for each. */
const LACKING = 0.85;
/** A phase with a light element that nobody named, beside light ones that were. */
const UNNAMED = 0.85;
/** Amounts off by more than this and twice the stated error begin to count; the most that they cost. */
const AMOUNT_SLACK = 0.05;
const MOST_FOR_AMOUNTS = 0.4;

const HYDROGEN = 1;

export function elementAmounts({ columns, count }: PhaseTable): ElementAmounts {
  const { siteStart, fillings, fillingIndex, multiplicity } = columns;
  const numbers = fillings.map((species) =>
    species.map(({ element, occupancy }) => [numberOf(element), occupancy] as const),
  );
  const sums = new Float64Array(ELEMENT_SYMBOLS.length + 1);
  const start = new Uint32Array(count + 1);
  const found: number[] = [];
  const fractions: number[] = [];
  for (let entry = 0; entry < count; entry++) {
    const present: number[] = [];
    let total = 0;
    for (let site = siteStart[entry]!; site < siteStart[entry + 1]!; site++)
      for (const [number, occupancy] of numbers[fillingIndex[site]!]!) {
        if (sums[number] === 0) present.push(number);
        sums[number]! += occupancy * multiplicity[site]!;
        total += occupancy * multiplicity[site]!;
      }
    for (const number of present) {
      found.push(number);
      fractions.push(sums[number]! / total);
      sums[number] = 0;
    }
    start[entry + 1] = found.length;
  }
  return {
    start,
    atomicNumber: Uint8Array.from(found),
    fraction: Float32Array.from(fractions),
  };
}

const numberOf = (symbol: string): number => (symbol === "D" ? HYDROGEN : atomicNumber(symbol));

/** What is known of the elements of a sample; nothing where both are absent. */
export interface SampleElements {
  readonly constraints?: CompositionConstraints;
  readonly composition?: MeasuredComposition;
}

/**
 * The factor on the score of an entry by its elements, 0 to 1; 0 where it holds one that is excluded. An element that must be there may be
 * in another phase of the sample: a phase without it is put back, not left out. Many stored structures lack their hydrogen:
 * it costs nothing.
 */
export function elementFactor(
  amounts: ElementAmounts,
  { constraints, composition }: SampleElements,
): (entry: number) => number {
  if (constraints === undefined) return () => 1;
  const { start, atomicNumber: numbers, fraction } = amounts;
  const factor = new Float64Array(ELEMENT_SYMBOLS.length + 1);
  const unseen = constraints.unseen ?? [];
  const isLightNamed = [...constraints.must, ...(constraints.may ?? [])].some(
    (symbol) => symbol !== "H" && UNSEEN_BY_EDS.includes(symbol) && !unseen.includes(symbol),
  );
  for (const symbol of ELEMENT_SYMBOLS) {
    const isUnnamed = isLightNamed && symbol !== "H" && unseen.includes(symbol);
    factor[numberOf(symbol)] = !isAllowed(symbol, constraints) ? 0 : isUnnamed ? UNNAMED : 1;
  }
  const wanted = new Uint8Array(factor.length);
  for (const symbol of constraints.must)
    if (numberOf(symbol) !== HYDROGEN) wanted[numberOf(symbol)] = 1;
  const wantedCount = wanted.reduce((sum, one) => sum + one, 0);
  const groups = constraints.atLeastOneOf.map((group) => new Set(group.map(numberOf)));
  const amountsFactor = composition === undefined ? null : byAmounts(amounts, composition);
  return (entry) => {
    let product = 1;
    let lacking = wantedCount;
    for (let i = start[entry]!; i < start[entry + 1]!; i++) {
      if (fraction[i]! < TRACE) continue;
      product *= factor[numbers[i]!]!;
      if (product === 0) return 0;
      lacking -= wanted[numbers[i]!]!;
    }
    for (const group of groups) {
      let holds = false;
      for (let i = start[entry]!; i < start[entry + 1]!; i++)
        holds ||= fraction[i]! >= TRACE && group.has(numbers[i]!);
      if (!holds) lacking++;
    }
    return product * LACKING ** lacking * (amountsFactor === null ? 1 : amountsFactor(entry));
  };
}

/** By how far the amounts of a phase are from the measured ones, over the elements that were measured. */
function byAmounts(
  { start, atomicNumber: numbers, fraction }: ElementAmounts,
  { amounts }: MeasuredComposition,
): (entry: number) => number {
  const measured = new Float64Array(ELEMENT_SYMBOLS.length + 1).fill(Number.NaN);
  const error = new Float64Array(measured.length);
  const total = amounts.reduce((sum, { amount }) => sum + amount, 0);
  for (const { element, amount, amountEsd = 0 } of amounts) {
    measured[numberOf(element)] = amount / total;
    error[numberOf(element)] = amountEsd / total;
  }
  return (entry) => {
    let held = 0;
    for (let i = start[entry]!; i < start[entry + 1]!; i++)
      if (!Number.isNaN(measured[numbers[i]!]!)) held += fraction[i]!;
    if (held === 0) return 1 - MOST_FOR_AMOUNTS;
    let worst = 0;
    for (let i = start[entry]!; i < start[entry + 1]!; i++) {
      const value = measured[numbers[i]!]!;
      if (Number.isNaN(value)) continue;
      const slack = AMOUNT_SLACK + 2 * error[numbers[i]!]!;
      worst = Math.max(worst, Math.abs(fraction[i]! / held - value) / slack - 1);
    }
    return 1 - MOST_FOR_AMOUNTS * Math.min(1, worst / 2);
  };
}
