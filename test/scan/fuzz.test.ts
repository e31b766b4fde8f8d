/** A few thousand mutations of files written here: a scan or an EwaldError, never anything else. */
import { describe, expect, test } from "vitest";
import { instrumentFile, wrongReading } from "../../bench/instrument-mutations.mjs";
import { EwaldError } from "../../src/errors.ts";
import { readScan } from "../../src/scan/read.ts";
import { checkRange } from "../../src/scan/scan.ts";
import { mutator } from "./fixtures/mutate.ts";
import { bytesOf, seedFiles } from "./fixtures/written.ts";

const MUTATIONS = 250;

describe("mutated files", () => {
  test.each(seedFiles())("$name", ({ name, bytes }) => {
    readScan(bytes, { name });
    const mutate = mutator(20261121);
    for (let i = 0; i < MUTATIONS; i++) {
      try {
        const { scan } = readScan(mutate(bytes), { name });
        for (const range of scan.ranges) expect(checkRange(range)).toBeUndefined();
      } catch (error) {
        if (!(error instanceof EwaldError)) throw error;
        expect(error.code).toMatch(/^(?:scan|binary|xml|zip|text|cif|radiation)\//);
        expect(error.details.source).toBe(name);
      }
    }
  });
});

describe("files that say what they hold", () => {
  test("900 files with something out of the ordinary: read as stated, refused or warned of", () => {
    for (let index = 0; index < 900; index++) {
      const file = instrumentFile(7, index);
      let outcome: Parameters<typeof wrongReading>[1];
      try {
        outcome = readScan(bytesOf(file.text));
      } catch (error) {
        if (!(error instanceof EwaldError)) throw error;
        outcome = { error };
      }
      expect(wrongReading(file, outcome), `${file.format}, file ${index}`).toBeUndefined();
    }
  });
});
