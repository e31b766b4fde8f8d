/** Two thousand tables, many with something amiss: read as they state, or with a warning, or refused. */
import { describe, expect, test } from "vitest";
import { scanTable, wrongReading } from "../../bench/scan-tables.mjs";
import { EwaldError } from "../../src/errors.ts";
import { readScan } from "../../src/scan/read.ts";
import type { ReadScan } from "../../src/scan/scan.ts";
import { bytesOf } from "./fixtures/written.ts";

const TABLES = 2000;

function readOrRefuse(text: string): ReadScan | EwaldError {
  try {
    return readScan(bytesOf(text));
  } catch (error) {
    if (error instanceof EwaldError) return error;
    throw error;
  }
}

describe("tables whose contents are known", () => {
  test("are read as they state, or with a warning, or refused with a code", () => {
    let silent = 0;
    for (let index = 0; index < TABLES; index++) {
      const table = scanTable(20261130, index);
      const read = readOrRefuse(table.text);
      if (read instanceof EwaldError) {
        expect(read.code).toMatch(/^scan\//);
        continue;
      }
      expect(wrongReading(table, read), `table ${index}:\n${table.text}`).toBeUndefined();
      if (read.warnings.length === 0) silent++;
    }
    // Refusing all would pass, too.
    expect(silent).toBeGreaterThan(TABLES / 10);
  });

  test("and the check knows a wrong reading", () => {
    const table = Array.from({ length: 200 }, (_, i) => scanTable(1, i)).find(
      ({ text, kind, loose }) => {
        const read = readOrRefuse(text);
        return kind === "twoTheta" && !loose && "scan" in read && read.warnings.length === 0;
      },
    )!;
    const read = readScan(bytesOf(table.text));
    const [range] = read.scan.ranges;
    const moved = { ...range!, intensity: range!.intensity.map((value) => value + 1) };
    expect(wrongReading(table, { ...read, scan: { ...read.scan, ranges: [moved] } })).toMatch(
      /instead/,
    );
  });
});
