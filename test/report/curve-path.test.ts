import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { curvePath } from "../../src/report/curve-path.ts";

function points(path: string): number[][] {
  return [...path.matchAll(/[ML](\S+) (\S+?)(?=[ML]|$)/g)].map((match) => [
    Number(match[1]),
    Number(match[2]),
  ]);
}

describe("curvePath", () => {
  test("keeps every point of a short curve", () => {
    const path = curvePath(
      [0, 10, 20],
      [1, 2, 3],
      (x) => x,
      (y) => 2 * y,
    );
    expect(path).toBe("M0 2L10 4L20 6");
  });

  test("loses no peak of a long one and is short", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999 }), (peak) => {
        const x = Float64Array.from({ length: 100_000 }, (_, i) => i);
        const y = new Float64Array(100_000);
        y[peak] = 5;
        const drawn = points(
          curvePath(
            x,
            y,
            (value) => value / 200,
            (value) => value,
          ),
        );
        expect(drawn.length).toBeLessThan(2100);
        expect(drawn).toContainEqual([Math.round((peak / 200) * 100) / 100, 5]);
      }),
      { numRuns: 10 },
    );
  });

  test("runs along a falling axis (d)", () => {
    expect(
      curvePath(
        [3, 2, 1],
        [0, 1, 0],
        (d) => 10 / d,
        (y) => y,
      ),
    ).toBe("M3.33 0L5 1L10 0");
  });

  test("leaves gaps out", () => {
    expect(
      curvePath(
        [0, 1, 2],
        [1, Number.NaN, 3],
        (x) => x,
        (y) => y,
      ),
    ).toBe("M0 1L2 3");
  });
});
