/** What the user says of the elements, as the library takes it; the same on the page while one types and in the worker. */
import { readComposition } from "../../src/crystal/composition/composition-file.ts";
import type { KnownElements } from "../../src/crystal/composition/composition-constraints.ts";
import type { MeasuredComposition } from "../../src/crystal/composition/composition-measured.ts";

/** What the user knows of the elements. */
export interface ElementChoice {
  readonly must: readonly string[];
  readonly may: readonly string[];
  /** At least one of these. */
  readonly anyOf: readonly string[];
  readonly never: readonly string[];
  /** What must be there was found by an analysis: beside it there is only what an EDS does not see. */
  readonly isAnalysis: boolean;
  /** "TiO2", "Ti 33.1±0.8 O 66.9±1.2 at%", a pasted table; empty for nothing. */
  readonly composition: string;
}

export const NO_ELEMENTS: ElementChoice = {
  must: [],
  may: [],
  anyOf: [],
  never: [],
  isAnalysis: false,
  composition: "",
};

export const ELEMENT_STATES = ["must", "may", "anyOf", "never"] as const;
export type ElementState = (typeof ELEMENT_STATES)[number];

/** @throws EwaldError of `readComposition` */
export function measuredIn({ composition }: ElementChoice): MeasuredComposition | undefined {
  return composition.trim() === "" ? undefined : readComposition(composition);
}

/** @throws EwaldError of `readComposition` */
export function knownOf(choice: ElementChoice): KnownElements {
  const { must, may, anyOf, never, isAnalysis } = choice;
  const composition = measuredIn(choice);
  const isListed = isAnalysis && must.length > 0;
  return {
    ...(isListed ? { elements: must } : must.length > 0 ? { must } : {}),
    ...(may.length === 0 ? {} : { may }),
    ...(anyOf.length === 0 ? {} : { atLeastOneOf: [anyOf] }),
    ...(never.length === 0 ? {} : { never }),
    ...(composition === undefined ? {} : { composition }),
  };
}
