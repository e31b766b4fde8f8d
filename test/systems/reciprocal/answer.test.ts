/** When a class is an answer: limits of the calibration, known values that say otherwise, what is outside. */
import { describe, expect, test } from "vitest";
import {
  type KnownValue,
  likeliestClass,
  probabilityOfClass,
  refusal,
} from "../../../src/models/prediction.ts";
import { answerOf } from "../../../src/systems/reciprocal/answer.ts";

const model = { name: "m", version: "1", hash: "0" };
const classes = (p: number) => [
  { label: "insulator", probability: 1 - p },
  { label: "metal", probability: p },
];
const known = (...labels: string[]): KnownValue[] =>
  labels.map((label, i) => ({
    id: `mp-${i}`,
    source: `DFT, mp-${i}`,
    value: i,
    unit: "eV",
    label,
  }));

describe("a class", () => {
  test.each([0.51, 0.66, 0.8, 0.999])("probabilities with %d sum to one, decided or not", (p) => {
    for (const limit of [0, 0.7]) {
      const answer = answerOf("metal", classes(p), model, { reason: null, limit });
      const sum = (answer.alternatives ?? []).reduce(
        (all, { probability }) => all + probability,
        answer.probability ?? 0,
      );
      expect(sum).toBeCloseTo(1, 12);
      expect(probabilityOfClass(answer, "metal")).toBeCloseTo(p, 12);
      expect(likeliestClass(answer)!.label).toBe("metal");
    }
  });

  test("at its limit it is an answer, below it is undecided with both numbers", () => {
    const ask = (p: number) => answerOf("metal", classes(p), model, { reason: null, limit: 0.72 });
    expect(ask(0.72)).toMatchObject({ label: "metal", probability: 0.72, inDomain: true });
    const below = ask(0.7199);
    expect(below).toMatchObject({ label: "undecided", inDomain: true });
    expect(below.probability).toBeUndefined();
    expect(below.reason).toContain("metal with 71 %: below 72 %");
    expect(below.alternatives![0]).toEqual({ label: "metal", probability: 0.7199 });
  });

  test("that all known values contradict is undecided however sure; one that agrees lets it stand", () => {
    const ask = (...labels: string[]) =>
      answerOf("metal", classes(0.97), model, {
        reason: null,
        limit: 0.7,
        known: known(...labels),
      });
    expect(ask("insulator")).toMatchObject({
      label: "undecided",
      known: known("insulator"),
      reason: expect.stringContaining("the known value says otherwise: insulator"),
    });
    expect(ask("insulator", "metal")).toMatchObject({ label: "metal", probability: 0.97 });
    expect(ask("metal")).toMatchObject({ label: "metal" });
    expect(ask()).not.toHaveProperty("known");
  });

  test("outside the training data keeps that reason; where nothing could be asked the table still speaks", () => {
    const strange = answerOf("metal", classes(0.6), model, {
      reason: "a molecular crystal",
      limit: 0.7,
    });
    expect(strange).toMatchObject({
      inDomain: false,
      reason: "a molecular crystal",
      label: "undecided",
    });
    expect(refusal("metal", "no form factor", model, known("metal"))).toMatchObject({
      label: null,
      inDomain: false,
      known: known("metal"),
    });
  });
});
