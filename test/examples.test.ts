/** The examples run and say what they should. */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { printedBy } from "./support/printed.ts";

/** What each prints, in part: numbers that a wrong answer would not have. */
const SAYS: Readonly<Record<string, RegExp>> = {
  "calibrate.mjs": /\d\d peaks of the standard\nzero shift/,
  "convert.mjs": /Q_A[\s\S]*\nrutile\n/,
  "data.mjs": /^train \d\d\nval \d+\ntest \d+\n/,
  "identify.mjs": /^olivine (?:1\.00|0\.9\d)\n.*\nwarning: 2 peaks that are no lines of olivine/,
  "predict.mjs": /^metal insulator 0\.\d\d\n {2}known: [\d.]+ eV from DFT/,
  "read.mjs": /^TiO2 136\nrutile\nxy \d+ peaks/,
  "simulate.mjs": /^20\.\d{3} 4\.25\d{2} \d+\.\d \[1,0,0\]/,
  "train.mjs": /^\d 0\.\d{3}\n/,
};

describe("examples", () => {
  const names = readdirSync("examples").filter((name) => name.endsWith(".mjs"));

  test("each is asked for its answer", () => expect(names).toEqual(Object.keys(SAYS)));

  test.each(names)("%s", async (name) => {
    expect(await printedBy(resolve("examples", name))).toMatch(SAYS[name]!);
  });
});
