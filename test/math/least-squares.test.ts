import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastSquares, type LeastSquaresProblem } from "../../src/math/least-squares.ts";
import { Random } from "../../src/math/random.ts";

const golden = JSON.parse(readFileSync(new URL("fixtures/fits.json", import.meta.url), "utf8")) as {
  counts: number[];
  start: number[];
  fits: {
    parameters: number[];
    covariance: number[];
    sumOfSquares: number;
    bounds: [number[], number[]] | null;
  }[];
};

/** Pseudo-Voigt on a sloping background, as fits.py has it. */
function peak(counts: readonly number[]): LeastSquaresProblem {
  return {
    residualCount: counts.length,
    residuals([height, centre, width, mix, slope, offset], out) {
      for (let i = 0; i < counts.length; i++) {
        const x = 20 + i / 10;
        const t = (x - centre!) / width!;
        const shape = mix! / (1 + t * t) + (1 - mix!) * Math.exp(-Math.LN2 * t * t);
        const model = height! * shape + offset! + slope! * (x - 25);
        out[i] = (model - counts[i]!) / Math.sqrt(Math.max(counts[i]!, 1));
      }
    },
  };
}

function maxRelative(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!) / Math.abs(b[i]!)));
}

describe("certified and golden fits", () => {
  // NIST StRD, Misra1a (nonlinear regression, lower difficulty), certified values.
  const x = [
    77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0,
  ];
  const y = [
    10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.4, 75.47, 81.78,
  ];
  const misra: LeastSquaresProblem = {
    residualCount: x.length,
    residuals: ([b1, b2], out) => {
      for (const [i, at] of x.entries()) out[i] = b1! * (1 - Math.exp(-b2! * at)) - y[i]!;
    },
    jacobian: ([b1, b2], out) => {
      for (const [i, at] of x.entries()) {
        out[2 * i] = 1 - Math.exp(-b2! * at);
        out[2 * i + 1] = b1! * at * Math.exp(-b2! * at);
      }
    },
  };

  test.each([
    ["near", [250, 0.0005], true],
    ["far", [500, 0.0001], true],
    ["far, by differences", [500, 0.0001], false],
  ] as const)("Misra1a from the %s start", (_, start, hasJacobian) => {
    const { jacobian: _given, ...plain } = misra;
    const fit = leastSquares(hasJacobian ? misra : plain, start);
    expect(fit.status).toBe("converged");
    expect(maxRelative(fit.parameters, [238.94212918, 5.5015643181e-4])).toBeLessThan(1e-7);
    expect(maxRelative(fit.standardUncertainties!, [2.7070075241, 7.2668688436e-6])).toBeLessThan(
      1e-6,
    );
    expect(fit.sumOfSquares).toBeCloseTo(0.12455138894, 9);
  });

  test("a profile without bounds, as SciPy", () => {
    const [one] = golden.fits;
    const fit = leastSquares(peak(golden.counts), golden.start, { covarianceScale: "asGiven" });
    expect(maxRelative(fit.parameters, one!.parameters)).toBeLessThan(1e-5);
    expect(fit.sumOfSquares).toBeCloseTo(one!.sumOfSquares, 7);
    expect(maxRelative(fit.covariance!, one!.covariance)).toBeLessThan(1e-3);
    expect(fit.atBound).toEqual([]);
    expect(fit.iterations).toBeLessThan(40);
  });

  test("a profile pressed against two bounds, as SciPy", () => {
    const { parameters, sumOfSquares, bounds } = golden.fits[1]!;
    const [lower, upper] = bounds!;
    const start = golden.start.map((value, j) => Math.min(upper[j]!, Math.max(lower[j]!, value)));
    const fit = leastSquares(peak(golden.counts), start, { lower, upper });
    expect(fit.status).toBe("converged");
    expect(fit.atBound).toEqual([3, 5]);
    expect([fit.parameters[3], fit.parameters[5]]).toEqual([upper[3], lower[5]]);
    expect(fit.sumOfSquares).toBeLessThanOrEqual(sumOfSquares * (1 + 1e-9));
    expect(maxRelative(fit.parameters, parameters)).toBeLessThan(1e-4);
    expect(fit.standardUncertainties![3]).toBe(0);
  });

  test("Rosenbrock's valley from the classical start", () => {
    const fit = leastSquares(
      {
        residualCount: 2,
        residuals: ([a, b], out) => {
          out[0] = 10 * (b! - a! * a!);
          out[1] = 1 - a!;
        },
      },
      [-1.2, 1],
    );
    expect(fit.parameters[0]).toBeCloseTo(1, 8);
    expect(fit.parameters[1]).toBeCloseTo(1, 8);
    expect(fit.covariance).toBeNull(); // no residual is left over to judge by
  });
});

describe("behaviour", () => {
  test("a straight line is fitted in a step or two, with textbook uncertainties", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 3, max: 30 }), (seed, count) => {
        const random = Random.fromSeed(seed);
        const y = Array.from({ length: count }, (_, i) => 3 - 0.5 * i + random.normal());
        const fit = leastSquares(
          {
            residualCount: count,
            residuals: ([a, b], out) => {
              for (let i = 0; i < count; i++) out[i] = a! + b! * i - y[i]!;
            },
          },
          [0, 0],
          { covarianceScale: "asGiven" },
        );
        const meanX = (count - 1) / 2;
        const sxx = y.reduce((sum, _, i) => sum + (i - meanX) ** 2, 0);
        const slope = y.reduce((sum, value, i) => sum + (i - meanX) * value, 0) / sxx;
        expect(fit.parameters[1]).toBeCloseTo(slope, 7);
        expect(fit.standardUncertainties![1]).toBeCloseTo(1 / Math.sqrt(sxx), 7);
        expect(fit.status).toBe("converged");
      }),
      { numRuns: 60 },
    );
  });

  test("scaling a parameter by 10⁹ changes nothing but its unit", () => {
    const fit = (unit: number) =>
      leastSquares(
        {
          residualCount: 30,
          residuals: ([a, b], out) => {
            for (let i = 0; i < 30; i++) {
              out[i] = a! * Math.exp(-b! * unit * i) - (5 * Math.exp(-0.1 * i) + Math.sin(i) / 20);
            }
          },
        },
        [1, 0.5 / unit],
      );
    const plain = fit(1);
    const scaled = fit(1e9);
    expect(scaled.parameters[1]! * 1e9).toBeCloseTo(plain.parameters[1]!, 6);
    expect(scaled.standardUncertainties![1]! * 1e9).toBeCloseTo(
      plain.standardUncertainties![1]!,
      6,
    );
  });

  test("two parameters that do the same are reported, not given uncertainties", () => {
    const fit = leastSquares(
      {
        residualCount: 5,
        residuals: ([a, b], out) => {
          for (let i = 0; i < 5; i++) out[i] = a! + b! - i;
        },
      },
      [0, 0],
    );
    expect(fit.parameters[0]! + fit.parameters[1]!).toBeCloseTo(2, 8);
    expect(fit.covariance).toBeNull();
  });

  test("a step into not-a-number is refused and shortened", () => {
    const fit = leastSquares(
      {
        residualCount: 3,
        residuals: ([a], out) => {
          for (let i = 0; i < 3; i++) out[i] = Math.log(a!) - Math.log(0.01) + i - 1;
        },
      },
      [30],
    );
    expect(fit.parameters[0]).toBeCloseTo(0.01, 8);
  });

  test("stops when told to, and at its limit", () => {
    const problem = peak(golden.counts);
    const stopped = leastSquares(problem, golden.start, {
      onStep: ({ iteration }) => iteration < 2,
    });
    expect([stopped.status, stopped.iterations]).toEqual(["stopped", 2]);
    expect(leastSquares(problem, golden.start, { maxIterations: 3 }).status).toBe("max-iterations");
  });

  test.each([
    [[1, 2], {}, "least-squares/shape"],
    [[], {}, "least-squares/shape"],
    [[1], { lower: [0, 0] }, "least-squares/shape"],
    [[1], { lower: [2] }, "least-squares/bounds"],
    [[Number.NaN], {}, "least-squares/bounds"],
    [[-1], {}, "least-squares/not-finite"],
  ])("refuses the start %j with %j", (start, options, code) => {
    const problem: LeastSquaresProblem = {
      residualCount: 1,
      residuals: ([a], out) => {
        out[0] = Math.sqrt(a!);
      },
    };
    expect(() => leastSquares(problem, start, options)).toThrow(expect.objectContaining({ code }));
  });
});
