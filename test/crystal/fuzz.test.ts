/** The short form of bench/fuzz-structures.mjs, on our own samples. */
import { expect, it } from "vitest";
import { mutation, SAMPLES } from "../../bench/mutations.mjs";
import { READING_FILES, readingFault, readingMutation } from "../../bench/reading-mutations.mjs";
import { readStructures } from "../../src/crystal/io/read-structures.ts";
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

it("reads of 2000 changed files what they state of themselves, or says what differs", () => {
  for (const { text, file } of READING_FILES.map((file) => ({ text: file.text, file }))) {
    const read = readStructures(text);
    expect(readingFault(text, file, read)).toBeUndefined();
    expect(read.structures[0]!.warnings).toEqual([]);
  }
  const faults: string[] = [];
  const counts = { silent: 0, warned: 0, refused: 0, caughtByStatement: 0 };
  for (let index = 0; index < 2000; index += 1) {
    const { text, file } = readingMutation(7, index);
    try {
      const read = readStructures(text);
      const fault = readingFault(text, file, read);
      if (fault !== undefined) faults.push(`${index}: ${fault}`);
      const unsaid = read.structures.map((one) => ({
        ...one,
        warnings: one.warnings.filter(({ code }) => code !== "structure/stated"),
      }));
      if (readingFault(text, file, { structures: unsaid }) !== undefined) {
        counts.caughtByStatement += 1;
      }
      counts[read.structures.some(({ warnings }) => warnings.length > 0) ? "warned" : "silent"] +=
        1;
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      counts.refused += 1;
    }
  }
  expect(faults).toEqual([]);
  // The changes reach every kind of answer, and without the warning of what is stated 43 readings would be wrong silently.
  const { caughtByStatement, ...answers } = counts;
  expect(Math.min(...Object.values(answers))).toBeGreaterThan(200);
  expect(caughtByStatement).toBeGreaterThan(20);
});
