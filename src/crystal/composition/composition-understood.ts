/** The understood composition and elements in words, to be shown on the spot. */
import { elementName } from "./composition-component.ts";
import {
  type CompositionConstraints,
  constraintsOf,
  constraintsText,
  type KnownElements,
} from "./composition-constraints.ts";
import type { MeasuredComposition } from "./composition-measured.ts";
import { ratioText } from "./composition-questions.ts";

/** A composition in words: a formula as "titanium, oxygen 1 : 2"; what was measured as "titanium 33.1 ± 0.7, oxygen 66.9 ± 0.7 at%", what was not found behind it. */
export function compositionText(measured: MeasuredComposition): string {
  const { amounts, readings, belowDetection, unit } = measured;
  const isPlain = unit === "formula" && readings.every(({ esd }) => esd === undefined);
  if (isPlain)
    return ratioText({
      amounts: readings.map(({ component, value }) => ({ element: component, amount: value })),
    });
  const parts = amounts.map(({ element, amount, amountEsd }) => {
    const error = amountEsd === undefined ? "" : ` ± ${(100 * amountEsd).toFixed(1)}`;
    return `${elementName(element)} ${(100 * amount).toFixed(1)}${error}`;
  });
  const absent = belowDetection.map(({ component }) => component);
  const notFound = absent.length === 0 ? "" : `; not found: ${absent.join(", ")}`;
  return `${parts.join(", ")} at%${notFound}`;
}

export interface Understood {
  /** Null where nothing is said of the elements. */
  readonly constraints: CompositionConstraints | null;
  /** "titanium, oxygen 1 : 2; there: Ti, O; perhaps: H, …; nothing else"; null where nothing is said. */
  readonly text: string | null;
}

/** @throws EwaldError `element/unknown`, `constraints/contradiction` */
export function understoodElements(known: KnownElements): Understood {
  const { elements, must, may, atLeastOneOf, never, composition } = known;
  const lists = [elements, must, may ?? undefined, atLeastOneOf, never];
  if (composition === undefined && lists.every((one) => one === undefined))
    return { constraints: null, text: null };
  const constraints = constraintsOf(known);
  const words = [
    ...(composition === undefined ? [] : [compositionText(composition)]),
    constraintsText(constraints),
  ];
  return { constraints, text: words.join("; ") };
}
