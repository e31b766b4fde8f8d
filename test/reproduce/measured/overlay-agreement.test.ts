/** The agreement that an answer's lines must reach: fitted where it parts right from wrong, never on the scan that it judges. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LEAST_AGREEMENT } from "../../../src/identify/identify-scan.ts";
import {
  crossFittedAgreement,
  fitLeastAgreement,
  type OverlayOutcome,
} from "../../../src/reproduce/measured/overlay-agreement.ts";

function outcome(agreement: number, isRight: boolean, more: Partial<OverlayOutcome> = {}) {
  const id = `${agreement} ${isRight}`;
  return {
    id,
    tube: null,
    isKnown: true,
    isProbable: true,
    isRight,
    explained: 1,
    agreement,
    ...more,
  };
}

function faults(outcomes: readonly OverlayOutcome[], limit: number): number {
  return outcomes.filter(
    ({ isProbable, isRight, tube, agreement }) =>
      isProbable && (isRight ? tube === null && agreement < limit : agreement >= limit),
  ).length;
}

describe("fitLeastAgreement", () => {
  test("half way between the wrong answers and the right ones", () => {
    const outcomes = [
      outcome(0.3, false),
      outcome(0.5, false),
      outcome(0.7, true),
      outcome(0.9, true),
    ];
    expect(fitLeastAgreement(outcomes)).toBeCloseTo(0.6, 12);
  });

  test("a wrong answer that agrees better than right ones asks for no limit above them", () => {
    const outcomes = [outcome(0.7, true), outcome(0.8, true), outcome(0.95, false)];
    expect(fitLeastAgreement(outcomes)).toBe(0);
  });

  test("what was not probable, and right types at a wrong wavelength, do not count", () => {
    const outcomes = [
      outcome(0.2, true, { tube: "Co" }),
      outcome(0.3, false),
      outcome(0.4, false, { isProbable: false }),
      outcome(0.5, true),
    ];
    expect(fitLeastAgreement(outcomes)).toBeCloseTo(0.4, 12);
  });

  test("no other limit makes fewer faults", () => {
    const one = fc.record({
      id: fc.string(),
      tube: fc.constantFrom(null, "Co"),
      isKnown: fc.boolean(),
      isProbable: fc.boolean(),
      isRight: fc.boolean(),
      explained: fc.constant(1),
      agreement: fc.integer({ min: 0, max: 50 }).map((i) => i / 51),
    });
    fc.assert(
      fc.property(fc.array(one), (outcomes) => {
        const fewest = faults(outcomes, fitLeastAgreement(outcomes));
        for (let limit = 0; limit < 1; limit += 0.01)
          expect(fewest).toBeLessThanOrEqual(faults(outcomes, limit));
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

test("a scan is judged by a limit that was fitted without it", () => {
  const right = Array.from({ length: 20 }, (_, i) => outcome(0.7 + i / 100, true));
  const odd = [outcome(0.65, false, { id: "odd" }), outcome(0.1, false, { id: "odd", tube: "Mo" })];
  const limits = crossFittedAgreement([...right, ...odd]);
  // Those of the odd scan know of no wrong answer.
  expect(limits.slice(-2)).toEqual([0, 0]);
  const others = limits.filter((limit) => limit > 0);
  expect(others.length).toBeGreaterThanOrEqual(16);
  for (const limit of others) expect(limit).toBeCloseTo(0.6775, 2);
});

test("as shipped it lies below what right answers to measured scans reach (0.70 at least)", () => {
  expect(LEAST_AGREEMENT).toBeGreaterThan(0.5);
  expect(LEAST_AGREEMENT).toBeLessThan(0.7);
});
