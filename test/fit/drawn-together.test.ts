/** Curves as high as they are in one scan: what is absent is flat, what is there twice stands twice. */
import { describe, expect, test } from "vitest";
import { drawnTogether } from "../../src/fit/drawn-together.ts";

const x = Float64Array.from({ length: 4000 }, (_, i) => 10 + 0.02 * i);

function curveOf(lines: readonly (readonly [at: number, height: number])[], fwhm = 0.1) {
  return x.map((at) =>
    lines.reduce(
      (sum, [centre, height]) =>
        sum + height * Math.exp(-4 * Math.LN2 * ((at - centre) / fwhm) ** 2),
      0,
    ),
  );
}

const A = [[20, 100], [31, 60], [45, 30], [62, 20]] as const; // prettier-ignore
const B = [[23, 80], [36, 100], [50, 40]] as const; // prettier-ignore
const scaled = (lines: readonly (readonly [number, number])[], by: number) =>
  lines.map(([at, height]) => [at, by * height] as const);

function scan(intensity: Float64Array) {
  const background = x.map((at) => 50 - 0.3 * at);
  return {
    twoThetaDeg: x,
    background,
    intensity: intensity.map((value, i) => value + background[i]!),
    width: { baseDeg: 0.1, slopeDeg: 0 },
  };
}

function laid(lines: readonly (readonly [number, number])[], fwhm?: number) {
  return {
    calculated: curveOf(lines, fwhm),
    comparedDeg: [10, 89] as const,
    lines: lines.map(([twoThetaDeg, height]) => ({ hkl: [1, 0, 0] as const, twoThetaDeg, height })),
  };
}

const height = ({ calculated }: { readonly calculated: Float64Array }): number =>
  Math.max(...calculated);

describe("drawnTogether", () => {
  test("one of a tenth and one of ten: each at its own height, with its lines", () => {
    const mixture = curveOf([...scaled(A, 0.1), ...scaled(B, 10)]);
    const [a, b] = drawnTogether(scan(mixture), [laid(A), laid(B)]);
    expect(height(a!)).toBeCloseTo(10, 1);
    expect(height(b!)).toBeCloseTo(1000, 0);
    expect(a!.lines[1]!.height).toBeCloseTo(6, 1);
  });

  test("what is absent is flat, whatever height it came with", () => {
    const [a, b] = drawnTogether(scan(curveOf(A)), [laid(A), laid(scaled(B, 1000))]);
    expect(height(a!)).toBeCloseTo(100, 0);
    expect(height(b!)).toBeLessThan(1);
    expect(height(drawnTogether(scan(curveOf(A)), [laid(B)])[0]!)).toBeLessThan(1);
  });

  test("a line that stands beside its peak by half a width, or is broader, keeps most of its height", () => {
    const beside = A.map(([at, top]) => [at + 0.05, top] as const);
    expect(height(drawnTogether(scan(curveOf(A)), [laid(beside)])[0]!)).toBeGreaterThan(60);
    const [broad] = drawnTogether(scan(curveOf(A)), [laid(A, 0.15)]);
    expect(height(broad!)).toBeGreaterThan(60);
    expect(height(broad!)).toBeLessThan(75);
  });

  test("the same phase twice: none takes the other's height", () => {
    const [one, other] = drawnTogether(scan(curveOf(A)), [laid(A), laid(scaled(A, 3))]);
    expect(height(one!)).toBeCloseTo(100, 0);
    expect(height(other!)).toBeCloseTo(100, 0);
  });

  test("a flat scan, and none to draw", () => {
    const [flat] = drawnTogether(scan(x.map(() => 0)), [laid(A)]);
    expect(height(flat!)).toBeLessThan(1e-3);
    expect(drawnTogether(scan(curveOf(A)), [])).toEqual([]);
  });
});
