/** The short form of bench/fuzz-compositions.mjs: what is written is read as it is meant, what is mutated is never invented. */
import { expect, test } from "vitest";
import {
  differs,
  encoded,
  impossible,
  mutated,
  written,
} from "../../bench/composition-mutations.mjs";
import { readComposition } from "../../src/crystal/composition/composition-file.ts";
import { EwaldError } from "../../src/errors.ts";

const SEED = 15;

test("1,000 compositions in all writings and encodings are read as they are meant", () => {
  const wrong: string[] = [];
  for (let index = 0; index < 1000; index++) {
    const { truth, text } = written(SEED, index);
    try {
      const problem = differs(readComposition(encoded(text, index)), truth);
      if (problem !== null) wrong.push(`${index}: ${problem}\n${text}`);
    } catch (error) {
      wrong.push(`${index}: ${String(error)}\n${text}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("1,000 mutated ones are refused with a reason, or hold what stands in them", () => {
  const wrong: string[] = [];
  let read = 0;
  for (let index = 0; index < 1000; index++) {
    const text = mutated(SEED, index);
    try {
      const problem = impossible(readComposition(text), text);
      read++;
      if (problem !== null) wrong.push(`${index}: ${problem}\n${text}`);
    } catch (error) {
      if (!(error instanceof EwaldError)) wrong.push(`${index}: ${String(error)}\n${text}`);
    }
  }
  expect(wrong).toEqual([]);
  // Neither all refused nor all read: the mutations reach behind the first check.
  expect(read).toBeGreaterThan(100);
  expect(read).toBeLessThan(900);
});
