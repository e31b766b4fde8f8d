/** Probabilities from logits: the parameters that made the labels are found again. */
import { describe, expect, test } from "vitest";
import {
  expectedCalibrationError,
  leastReliable,
  plattScaling,
  reliabilityBins,
  temperatureScaling,
} from "../../src/math/calibration.ts";
import { Random } from "../../src/math/random.ts";

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

test("leastReliable finds where answers become reliable, and does not trip over noise", () => {
  // Right with the stated probability plus noise: reliable enough from two thirds on.
  const random = Random.fromSeed(7);
  const confidence = Array.from({ length: 20_000 }, () => 0.5 + random.uniform() / 2);
  const correct = confidence.map((p) => (random.uniform() < p ? 1 : 0));
  expect(leastReliable(correct, confidence, 2 / 3)).toBeGreaterThan(0.63);
  expect(leastReliable(correct, confidence, 2 / 3)).toBeLessThan(0.7);
  // One lucky guess at the lower end is pooled with the wrong ones above it.
  expect(leastReliable([1, 0, 0, 1, 1], [0.5, 0.6, 0.65, 0.8, 0.9], 2 / 3)).toBe(0.8);
  expect(leastReliable([0, 0], [0.6, 0.9], 2 / 3)).toBe(1);
  expect(leastReliable([1, 1], [0.6, 0.9], 2 / 3)).toBe(0.6);
});
