/**
 * The memory of streamed tables, in a process of its own: beside it, one of some thousand damaged files makes the Parquet reader
 * allocate gigabytes before it refuses, and they may not be given back yet.
 */
import { expect, test } from "vitest";
import { openStructureTable } from "../../src/data/files.node.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";

test.skipIf(!hasShared)(
  `two Materials Project tables stream with memory flat${SHARED_ABSENT}`,
  async () => {
    let rows = 0;
    let peak = 0;
    const start = performance.now();
    for (const name of ["mp_labelled.parquet", "mp_unlabelled.parquet"]) {
      const table = await openStructureTable(sharedPath(name));
      for await (const row of table.rows({ where: ({ spaceGroup }) => spaceGroup !== 1 })) {
        if (rows++ % 8192 === 0) peak = Math.max(peak, process.memoryUsage().rss);
        expect(row.species.length).toBeGreaterThan(0);
      }
    }
    expect(rows).toBe(129_645);
    expect(peak).toBeLessThan(700e6);
    // The bar is 20 s on one quiet core; twice that where cores are shared.
    expect(performance.now() - start).toBeLessThan(40_000);
  },
);
