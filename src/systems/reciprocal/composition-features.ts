/**
 * Features of the elements for the network with composition, beside the reciprocal points: √ of the atomic fraction of each element up
 * to curium, and how tabulated facts of the elements are spread over the atoms. Everything from `crystal/element.table.ts`.
 */
import { atomicFractions, type Composition } from "../../crystal/composition/composition.ts";
import { element, type Element } from "../../crystal/element.ts";

/** H … Cm: farther ones have neither structures to learn from nor all facts. */
const ELEMENTS = 96;

/** Column of the periodic table; lanthanides and actinides stand below scandium. */
const column = ({ group }: Element): number => group ?? 3;

/** Facts of an element, each brought to about 0 … 2. Only helium, neon and argon lack an electronegativity. */
const FACTS: readonly ((of: Element) => number)[] = [
  ({ atomicNumber }) => atomicNumber / 50,
  ({ period }) => period / 4,
  (of) => column(of) / 9,
  (of) => (column(of) <= 12 ? column(of) : column(of) - 10) / 6,
  ({ covalentRadiusAngstrom }) => (covalentRadiusAngstrom ?? 0) / 1.2,
  ({ paulingElectronegativity }) => (paulingElectronegativity ?? 0) / 2,
  ({ mendeleevNumber }) => (mendeleevNumber ?? 0) / 60,
  ({ commonOxidationStates }) => Math.max(0, ...commonOxidationStates) / 4,
  ({ commonOxidationStates }) => Math.min(0, ...commonOxidationStates) / 4,
  ({ group, period }) => (group === null && period >= 6 ? 1 : 0),
];
/** Mean over the atoms, standard deviation, least and largest over the elements. */
const SUMMARIES = 4;

/** Numbers of a composition. */
export const COMPOSITION_SIZE = ELEMENTS + FACTS.length * SUMMARIES;

const KNOWN = new Map<string, { readonly at: number; readonly facts: readonly number[] }>();

function known(symbol: string): { readonly at: number; readonly facts: readonly number[] } {
  let own = KNOWN.get(symbol);
  if (own === undefined) {
    const of = element(symbol);
    own = { at: of.atomicNumber - 1, facts: FACTS.map((fact) => fact(of)) };
    KNOWN.set(symbol, own);
  }
  return own;
}

/**
 * Writes {@link COMPOSITION_SIZE} numbers. Only ratios of the amounts matter; elements beyond curium have no fraction of their own.
 * @throws EwaldError `element/unknown`
 */
export function writeComposition(of: Composition, out: Float32Array, offset: number): void {
  out.fill(0, offset, offset + COMPOSITION_SIZE);
  const parts = [...atomicFractions(of)].map(([symbol, share]) => ({ share, ...known(symbol) }));
  for (const { share, at } of parts) if (at < ELEMENTS) out[offset + at]! += Math.sqrt(share);
  let place = offset + ELEMENTS;
  for (const fact of FACTS.keys()) {
    let [mean, square, least, largest] = [0, 0, Infinity, -Infinity];
    for (const { share, facts } of parts) {
      const value = facts[fact]!;
      mean += share * value;
      square += share * value * value;
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    out[place++] = mean;
    out[place++] = Math.sqrt(Math.max(0, square - mean * mean));
    out[place++] = least;
    out[place++] = largest;
  }
}
