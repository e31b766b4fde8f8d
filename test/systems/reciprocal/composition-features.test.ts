/** The composition as the network with composition sees it. */
import { expect, test } from "vitest";
import { composition } from "../../../src/crystal/composition/composition.ts";
import { ELEMENT_SYMBOLS } from "../../../src/crystal/element.ts";
import {
  COMPOSITION_SIZE,
  writeComposition,
} from "../../../src/systems/reciprocal/composition-features.ts";

const of = (amounts: Readonly<Record<string, number>>): Float32Array => {
  const out = new Float32Array(COMPOSITION_SIZE);
  const entries = Object.entries(amounts).map(([element, amount]) => ({ element, amount }));
  writeComposition(composition(entries), out, 0);
  return out;
};

test("ratios alone count, not the size of the formula or the order of its elements", () => {
  expect(of({ O: 6, Al: 4 })).toEqual(of({ Al: 2, O: 3 }));
  expect(of({ Al: 2, O: 3 })).not.toEqual(of({ Al: 3, O: 2 }));
});

test("squares of the element part are the fractions; the mean is weighted by them", () => {
  const alumina = of({ Al: 2, O: 3 });
  expect(alumina[7]! ** 2).toBeCloseTo(0.6, 6);
  expect(alumina[12]! ** 2).toBeCloseTo(0.4, 6);
  // Atomic number / 50: mean, standard deviation, least, largest.
  const [mean, deviation, least, largest] = alumina.subarray(96, 100);
  expect(50 * mean!).toBeCloseTo(0.6 * 8 + 0.4 * 13, 4);
  expect(50 * deviation!).toBeCloseTo(5 * Math.sqrt(0.24), 4);
  expect(50 * least!).toBeCloseTo(8, 4);
  expect(50 * largest!).toBeCloseTo(13, 4);
});

test("every element gives numbers of like size; one pure element has no spread", () => {
  for (const symbol of [...ELEMENT_SYMBOLS.slice(0, 98), "D"]) {
    const own = of({ [symbol]: 1 });
    expect(
      own.every((x) => Number.isFinite(x) && Math.abs(x) <= 2.3),
      symbol,
    ).toBe(true);
    for (let at = 97; at < COMPOSITION_SIZE; at += 4) expect(own[at]).toBeCloseTo(0, 3);
  }
});

test("writes at its place only, over what stood there", () => {
  const out = new Float32Array(COMPOSITION_SIZE + 2).fill(9);
  writeComposition(composition([{ element: "Cu", amount: 4 }]), out, 1);
  expect([out[0], out.at(-1)]).toEqual([9, 9]);
  expect(out.subarray(1, -1)).toEqual(of({ Cu: 1 }));
});
