import fc from "fast-check";
import { expect, test } from "vitest";
import {
  joinedProbabilities,
  OTHERS_SHARE,
} from "../../../src/systems/structure-type/extension.ts";

const shares = (values: readonly number[]): Float64Array => {
  const sum = values.reduce((a, b) => a + b, 0);
  return Float64Array.from(values, (value) => value / sum);
};
const distribution = fc
  .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 })
  .map(shares);

test("without extensions the model's own probabilities stay", () => {
  expect([...joinedProbabilities(Float64Array.of(0.7, 0.2, 0.1), [])]).toEqual([
    expect.closeTo(0.7),
    expect.closeTo(0.2),
    expect.closeTo(0.1),
  ]);
});

test("an extension that has learnt nothing gives each of its types what a type of the model has on average", () => {
  fc.assert(
    fc.property(distribution, fc.integer({ min: 1, max: 9 }), (own, count) => {
      const learnt = [
        ...Array.from({ length: count }, () => (1 - OTHERS_SHARE) / count),
        OTHERS_SHARE,
      ];
      const joined = joinedProbabilities(own, [Float64Array.from(learnt)]);
      const types = own.length - 1;
      const sum = 1 + count / types;
      for (let i = 0; i < types; i++) expect(joined[i]).toBeCloseTo(own[i]! / sum, 9);
      for (let i = 0; i < count; i++) expect(joined[types + i]).toBeCloseTo(1 / types / sum, 9);
      expect(joined.at(-1)).toBeCloseTo(own.at(-1)! / sum, 9);
    }),
  );
});

test("what an extension is sure of wins, what it is sure not to be takes nothing", () => {
  const own = Float64Array.of(0.5, 0.3, 0.2);
  expect(joinedProbabilities(own, [Float64Array.of(1 - 1e-5, 1e-5)])[2]).toBeGreaterThan(0.99);
  expect(joinedProbabilities(own, [Float64Array.of(1e-5, 1 - 1e-5)])[2]).toBeLessThan(1e-4);
});

test("the order of extensions changes no probability", () => {
  fc.assert(
    fc.property(distribution, distribution, distribution, (own, a, b) => {
      const [ab, ba] = [joinedProbabilities(own, [a, b]), joinedProbabilities(own, [b, a])];
      const first = own.length - 1;
      expect(ab[first]).toBeCloseTo(ba[first + b.length - 1]!, 9);
      expect(ab.at(-1)).toBeCloseTo(ba.at(-1)!, 9);
      expect(ab.reduce((x, y) => x + y, 0)).toBeCloseTo(1, 9);
    }),
  );
});
