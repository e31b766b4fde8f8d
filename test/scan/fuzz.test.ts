/** A few thousand mutations of files written here: a scan or an EwaldError, never anything else. */
import { describe, expect, test } from "vitest";
import { EwaldError } from "../../src/errors.ts";
import { checkRange, readScan } from "../../src/scan/index.ts";
import { mutator } from "./fixtures/mutate.ts";
import { seedFiles } from "./fixtures/written.ts";

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
