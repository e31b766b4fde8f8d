/** Probabilities from logits: the parameters that made the labels are found again. */
import { describe, expect, test } from "vitest";
import {
  expectedCalibrationError,
  plattScaling,
  Random,
  reliabilityBins,
  temperatureScaling,
} from "../../src/math/index.ts";

const COUNT = 40_000;

describe("plattScaling", () => {
  test("finds slope and intercept, and the probabilities are calibrated", () => {
    const random = Random.fromSeed(11);
    const logits = Float64Array.from({ length: COUNT }, () => random.normal(0.5, 3));
    const truth = (x: number): number => 1 / (1 + Math.exp(-(0.4 * x - 0.7)));
    const labels = Array.from(logits, (x) => (random.uniform() < truth(x) ? 1 : 0));
    const { slope, intercept } = plattScaling(labels, logits);
    expect(slope).toBeCloseTo(0.4, 1);
    expect(intercept).toBeCloseTo(-0.7, 1);
    const stated = Array.from(logits, (x) => 1 / (1 + Math.exp(-(slope * x + intercept))));
    const before = Array.from(logits, (x) => 1 / (1 + Math.exp(-x)));
    const error = (p: number[]): number => expectedCalibrationError(reliabilityBins(labels, p));
    expect(error(stated)).toBeLessThan(0.015);
    expect(error(before)).toBeGreaterThan(0.1);
  });

  test("separable samples have a finite slope", () => {
    const { slope, intercept } = plattScaling([0, 0, 0, 1, 1, 1], [-3, -2, -1, 1, 2, 3]);
    expect(slope).toBeGreaterThan(0.3);
    expect(slope).toBeLessThan(5);
    expect(Math.abs(intercept)).toBeLessThan(1e-6);
  });

  test("logits far from their scale converge too", () => {
    const { slope } = plattScaling(
      [0, 1, 0, 1, 1, 0, 1, 0],
      [-900, 800, 100, 1000, -50, -700, 600, 90],
    );
    expect(slope).toBeGreaterThan(0);
    expect(slope).toBeLessThan(0.05);
  });

  test("one class is refused", () => {
    expect(() => plattScaling([1, 1], [0.1, 0.2])).toThrow(/both classes/);
  });
});

test("temperatureScaling undoes the factor on logits", () => {
  const random = Random.fromSeed(12);
  const truth: number[] = [];
  const logits: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const own = [0, 1, 2].map(() => random.normal(0, 1.5));
    const weights = own.map(Math.exp);
    truth.push(random.weightedIndex(weights));
    logits.push(...own.map((x) => 2.5 * x));
  }
  expect(temperatureScaling(truth, logits)).toBeCloseTo(2.5, 1);
});
