/** Non-negative least squares: the conditions of its minimum, known solutions, columns that depend on each other. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nonNegativeLeastSquares } from "../../src/math/nnls.ts";

const product = (u: readonly number[], v: readonly number[]): number =>
  u.reduce((sum, value, i) => sum + value * v[i]!, 0);

describe("nonNegativeLeastSquares", () => {
  test("what least squares finds where that is positive; zero, not negative, where it is not", () => {
    expect([...nonNegativeLeastSquares([[1, 0], [1, 1]], [3, 2])]).toEqual([
      expect.closeTo(1, 9),
      expect.closeTo(2, 9),
    ]); // prettier-ignore
    // Without the bound: 2 and −1.
    expect([...nonNegativeLeastSquares([[1, 1], [0, 1]], [2, 1])]).toEqual([
      expect.closeTo(1.5, 9),
      0,
    ]); // prettier-ignore
    expect([...nonNegativeLeastSquares([[-1, -2]], [1, 2])]).toEqual([0]);
  });

  test("nothing observed, no columns, a column of zeros", () => {
    expect([...nonNegativeLeastSquares([[1, 2]], [0, 0])]).toEqual([0]);
    expect(nonNegativeLeastSquares([], [1, 2])).toHaveLength(0);
    expect([...nonNegativeLeastSquares([[0, 0], [1, 2]], [2, 4])]).toEqual([
      0,
      expect.closeTo(2, 9),
    ]); // prettier-ignore
  });

  test("a column that comes twice shares what belongs to it", () => {
    const [x, y] = nonNegativeLeastSquares([[1, 2, 3], [1, 2, 3]], [2, 4, 6]) as never as number[]; // prettier-ignore
    expect(x! + y!).toBeCloseTo(2, 6);
  });

  test("units do not matter: columns of 1e-9 and of 1e9", () => {
    const scaled = nonNegativeLeastSquares([[1e-9, 0, 1e-9], [0, 1e9, 1e9]], [3, 5, 8]); // prettier-ignore
    expect(scaled[0]! * 1e-9).toBeCloseTo(3, 6);
    expect(scaled[1]! * 1e9).toBeCloseTo(5, 6);
  });

  test("the conditions of Karush, Kuhn and Tucker", () => {
    const size = fc.integer({ min: 1, max: 7 });
    const value = fc.integer({ min: -20, max: 20 });
    const problem = fc.tuple(size, fc.integer({ min: 3, max: 15 })).chain(([n, m]) =>
      fc.record({
        columns: fc.array(fc.array(value, { minLength: m, maxLength: m }), {
          minLength: n,
          maxLength: n,
        }),
        observed: fc.array(value, { minLength: m, maxLength: m }),
      }),
    );
    fc.assert(
      fc.property(problem, ({ columns, observed }) => {
        const x = nonNegativeLeastSquares(columns, observed);
        const left = observed.map(
          (y, i) => y - columns.reduce((sum, column, j) => sum + column[i]! * x[j]!, 0),
        );
        for (const [j, column] of columns.entries()) {
          const gradient = product(column, left);
          expect(x[j]).toBeGreaterThanOrEqual(0);
          expect(gradient).toBeLessThan(1e-4);
          if (x[j]! > 0) expect(Math.abs(gradient)).toBeLessThan(1e-4);
        }
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("refuses columns of another length and what is no number", () => {
    expect(() => nonNegativeLeastSquares([[1]], [1, 2])).toThrow(/not as long/);
    expect(() => nonNegativeLeastSquares([[1, NaN]], [1, 2])).toThrow(/finite/);
  });
});
