import fc from "fast-check";
import { expect, test } from "vitest";
import { joinedProbabilities } from "../../../src/systems/structure-type/index.ts";

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

test("one extension takes what it claims, the model's own share the rest as before", () => {
  fc.assert(
    fc.property(distribution, distribution, (own, extension) => {
      const joined = joinedProbabilities(own, [extension]);
      const [claimed, other] = [extension.subarray(0, -1), extension.at(-1)!];
      const wanted = [
        ...own.subarray(0, -1).map((p) => p * other),
        ...claimed,
        own.at(-1)! * other,
      ];
      expect(joined).toHaveLength(wanted.length);
      for (const [i, value] of wanted.entries()) expect(joined[i]).toBeCloseTo(value, 9);
    }),
  );
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
