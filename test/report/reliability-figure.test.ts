/** The reliability diagram: what the ledger says, few scans visibly few, the committed figure up to date. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readLedger } from "../../src/reproduce/ledger.node.ts";
import type { LedgerTable } from "../../src/reproduce/ledger.ts";
import { reliabilityBins } from "../../src/reproduce/reliability-bins.ts";
import { reliabilityFigure, wilsonInterval } from "../../src/report/reliability-figure.ts";

const ledger = await readLedger("results");
const table = ledger.get("structure-type/reliability")!;

describe("reliabilityFigure", () => {
  test("docs hold the one of the ledger (npm run results draws it)", () => {
    const path = "docs/figures/structure-type/reliability.svg";
    expect(readFileSync(path, "utf8")).toBe(reliabilityFigure(reliabilityBins(table)));
  });

  test("a point per bin with its count; few scans are hollow", () => {
    const counts = table.entries.flatMap(({ key, n }) => (key.startsWith("right-at-") ? [n!] : []));
    const svg = reliabilityFigure(reliabilityBins(table));
    expect(counts.length).toBeGreaterThan(2);
    expect(svg.match(/<circle /g)).toHaveLength(counts.length);
    for (const n of counts) expect(svg).toContain(`>n = ${n}</text>`);
    expect(svg.match(/fill="#ffffff" stroke="#0072b2"[^>]*stroke-dasharray="3 2"/g)).toHaveLength(
      counts.filter((n) => n < 10).length,
    );
  });

  test("a table without bins is refused", () => {
    const empty: LedgerTable = { ...table, entries: [] };
    expect(() => reliabilityBins(empty)).toThrow("no bins of reliability");
  });
});

test("Wilson's interval: 5 of 5 and 0 of 59 are not certain", () => {
  // R. G. Newcombe, Stat. Med. 17, 857 (1998), table I: 81 of 263 and 0 of 20.
  const [low, high] = wilsonInterval(81 / 263, 263);
  expect(low).toBeCloseTo(0.2553, 4);
  expect(high).toBeCloseTo(0.3662, 4);
  expect(wilsonInterval(0, 20)[1]).toBeCloseTo(0.1611, 4);
  expect(wilsonInterval(1, 20)[0]).toBeCloseTo(1 - 0.1611, 4);
});
