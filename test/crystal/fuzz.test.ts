/** The short form of bench/fuzz-structures.mjs, on our own samples. */
import { expect, it } from "vitest";
import { SAMPLES, mutation } from "../../bench/mutations.mjs";
import { readStructures } from "../../src/crystal/index.ts";
import { EwaldError } from "../../src/errors.ts";

it("reads the samples unmutated", () => {
  expect(SAMPLES.map((sample) => readStructures(sample).structures.length)).toEqual([
    1, 2, 1, 1, 1,
  ]);
});

it("throws nothing but typed errors, and never takes long, on 4000 mutations", () => {
  const untyped: string[] = [];
  let read = 0;
  let slowestMs = 0;
  for (let index = 0; index < 4000; index += 1) {
    const input = mutation(SAMPLES, 11, index);
    const start = performance.now();
    try {
      readStructures(input);
      read += 1;
    } catch (error) {
      if (!(error instanceof EwaldError)) untyped.push(`${index}: ${String(error)}`);
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
  expect(untyped).toEqual([]);
  // Neither all refused nor all read: the mutations reach behind the first check.
  expect(read).toBeGreaterThan(400);
  expect(read).toBeLessThan(3600);
  expect(slowestMs).toBeLessThan(1000);
});
