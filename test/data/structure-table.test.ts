import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { openStructureTable, saveStructureTable, tableFile } from "../../src/data/files.node.ts";
import { openTable } from "../../src/data/parquet.ts";
import {
  rowFault,
  type RowProblem,
  rowStructure,
  structureRow,
  type StructureRow,
  structureTable,
  uniqueIds,
} from "../../src/data/structure-table.ts";
import { structureTableBytes, tableFileOf } from "../../src/data/table-writer.ts";

const fixture = (name: string): string => join("test/data/fixtures", name);
const scratch = await mkdtemp(join(tmpdir(), "ewald-data-"));
afterAll(() => rm(scratch, { recursive: true }));

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const code = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: unknown) => (error as { code?: string }).code,
  );

describe("reading", () => {
  const files = ["zstd", "gzip", "snappy", "none", "v2-pages"];
  test.each(files)("structures-%s.parquet, as another writer made it", async (codec) => {
    const table = await openStructureTable(fixture(`structures-${codec}.parquet`));
    expect(table.rowCount).toBe(3);
    expect(table.labels).toEqual(["bulkModulusGpa"]);
    const rows = await collect(table);
    expect(rows.map((row) => row.id)).toEqual(["t-1", "t-2", "t-3"]);
    expect(rows[0]).toMatchObject({
      formula: "ClNa",
      spaceGroup: 225,
      inIcsd: true,
      labels: { bulkModulusGpa: 24 },
      extra: { mineral: "halite" },
      occupancies: null,
    });
    // Single precision on disk (60.00000381…), the seven digits it was written with here.
    expect(rows[0]!.cell).toEqual([3.9884, 3.9884, 3.9884, 60, 60, 60]);
    expect(rows[1]).toMatchObject({ inIcsd: null, labels: {}, extra: { mineral: null } });
    expect(rows[2]!.labels.bulkModulusGpa).toBe(77.1);
    const structure = rowStructure(rows[2]!);
    expect(structure.sites.map((site) => site.species[0]!.element)).toEqual(["Zn", "S"]);
    expect(structure.sites[1]!.frac).toEqual([0.25, 0.25, 0.25]);
  });

  test("a predicate keeps rows", async () => {
    const table = await openStructureTable(fixture("structures-zstd.parquet"));
    const kept = await collect(table.rows({ where: (row) => row.spaceGroup === 221 }));
    expect(kept.map((row) => row.id)).toEqual(["t-2"]);
  });

  test("any table by its columns, one row group at a time", async () => {
    const table = await openTable(await tableFile(fixture("structures-snappy.parquet")));
    const rows = await collect(
      table.rows({ mineral: "string?", nsites: "number", nothing: "number?" }),
    );
    expect(rows).toEqual([
      { mineral: "halite", nsites: 2, nothing: null },
      { mineral: null, nsites: 2, nothing: null },
      { mineral: "sphalerite", nsites: 2, nothing: null },
    ]);
    await expect(collect(table.rows({ mineral: "string" }))).rejects.toMatchObject({
      code: "table/null",
      details: { line: 2, value: "mineral" },
    });
  });
});

describe("bad files are refused by name", () => {
  const whole = readFileSync(fixture("structures-zstd.parquet"));

  test("truncated anywhere: never a short table, always an error of ours", async () => {
    for (const length of [
      0,
      3,
      8,
      11,
      12,
      100,
      1000,
      whole.length - 400,
      whole.length - 5,
      whole.length - 1,
    ]) {
      const file = tableFileOf(whole.subarray(0, length), "cut.parquet");
      const got = await code(structureTable(file).then(collect));
      expect(got, `${length} bytes`).toBe(length < 12 ? "table/not-parquet" : "table/truncated");
    }
  });

  test("bytes overwritten: read on or an error of ours, never an unknown throw", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4, max: whole.length - 9 }),
        fc.uint8Array({ minLength: 8, maxLength: 64 }),
        async (at, noise) => {
          const bytes = Uint8Array.from(whole);
          bytes.set(noise.subarray(0, Math.min(noise.length, whole.length - 8 - at)), at);
          try {
            await collect(
              (await structureTable(tableFileOf(bytes))).rows({ onProblem: () => undefined }),
            );
          } catch (error) {
            expect((error as { code?: string }).code, String(error)).toMatch(/^table\//);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([
    ["structures-zstd.parquet", null],
    ["make_tables.py", "table/not-parquet"],
    ["space-group-as-text.parquet", "table/column-type"],
    ["without-species.parquet", "table/missing-column"],
    ["absent.parquet", "table/not-found"],
  ])("%s → %s at opening", async (name, expected) => {
    expect(await code(openStructureTable(fixture(name)))).toBe(expected ?? "no error");
  });

  test("a bad row throws with its number, or goes to the report and the rest is read", async () => {
    const table = await openStructureTable(fixture("bad-rows.parquet"));
    await expect(collect(table)).rejects.toMatchObject({
      code: "table/row",
      details: { line: 3, value: "t-3" },
    });
    const problems: RowProblem[] = [];
    const onProblem = (problem: RowProblem): number => problems.push(problem);
    const rows = await collect(uniqueIds(table.rows({ onProblem }), onProblem));
    expect(rows.map((row) => row.id)).toEqual(["t-1"]);
    expect(problems.map(({ id, code }) => [id, code])).toEqual([
      ["t-1", "table/duplicate-id"],
      ["t-3", "table/row"],
    ]);
  });
});

const text = fc.string({ maxLength: 8 });
const rowArbitrary: fc.Arbitrary<StructureRow> = fc
  .array(fc.constantFrom("H", "Fe", "O", "D", "U"), { minLength: 1, maxLength: 4 })
  .chain((species) =>
    fc.record({
      id: fc.uuid(),
      source: fc.option(text),
      formula: fc.option(text),
      formulaAnonymous: fc.option(text),
      cell: fc.tuple(
        ...[20, 20, 20].map((max) => fc.double({ min: 1, max, noNaN: true })),
        ...[1, 2, 3].map(() => fc.double({ min: 80, max: 100, noNaN: true })),
      ),
      species: fc.constant(species),
      frac: fc.array(fc.double({ min: -1, max: 2, noNaN: true }), {
        minLength: 3 * species.length,
        maxLength: 3 * species.length,
      }),
      occupancies: fc.option(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), {
          minLength: species.length,
          maxLength: species.length,
        }),
      ),
      statedHall: fc.option(text),
      spaceGroup: fc.option(fc.integer({ min: 1, max: 230 })),
      spaceGroupTight: fc.option(fc.integer({ min: 1, max: 230 })),
      crystalSystem: fc.option(text),
      pearson: fc.option(text),
      structureType: fc.option(text),
      inequivalentSiteCount: fc.option(fc.nat(100)),
      inIcsd: fc.option(fc.boolean()),
      split: fc.option(text),
      labels: fc.record(
        {
          bandGapEv: fc.double({ noNaN: true, noDefaultInfinity: true }),
          bulkModulusGpa: fc.double({ min: 1, max: 9, noNaN: true }),
        },
        { requiredKeys: [] },
      ),
      extra: fc.record({
        mine: fc.option(text),
        number: fc.option(fc.double({ noNaN: true })),
        flag: fc.option(fc.boolean()),
      }),
    }),
  );

describe("writing", () => {
  const provenance = [
    { source: "here", licence: "CC0-1.0", citations: ["A. Author, J. 1, 2 (2026)"] },
  ];

  test.each(["gzip", "snappy"] as const)(
    "what is written is read: every digit, %s",
    async (codec) => {
      await fc.assert(
        fc.asyncProperty(
          fc.uniqueArray(rowArbitrary, { maxLength: 6, selector: (row) => row.id }),
          async (rows) => {
            const extra = { mine: "string", number: "number", flag: "boolean" } as const;
            const bytes = await structureTableBytes(rows, { provenance, codec, extra });
            const table = await structureTable(tableFileOf(bytes));
            expect(await collect(table)).toEqual(rows);
            expect(table.provenance).toEqual(provenance);
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  test("the same rows give the same bytes", async () => {
    const rows = await collect(await openStructureTable(fixture("structures-zstd.parquet")));
    const [first, second] = [
      await structureTableBytes(rows, { provenance }),
      await structureTableBytes(rows, { provenance }),
    ];
    expect(second).toEqual(first);
  });

  test("several row groups, rows from a stream, into a file that appears whole", async () => {
    const path = join(scratch, "many.parquet");
    const [template] = await collect(await openStructureTable(fixture("structures-zstd.parquet")));
    async function* rows(): AsyncGenerator<StructureRow> {
      for (let i = 0; i < 20_000; i++) yield { ...template!, id: `m-${i}` };
    }
    expect(await saveStructureTable(path, rows(), { provenance, codec: "snappy" })).toBe(20_000);
    const table = await openStructureTable(path);
    expect(table.rowCount).toBe(20_000);
    let count = 0;
    for await (const row of table) expect(row.id).toBe(`m-${count++}`);
    expect(count).toBe(20_000);
    async function* failing(): AsyncGenerator<StructureRow> {
      yield template!;
      throw new Error("the source broke");
    }
    await expect(saveStructureTable(path, failing(), { provenance })).rejects.toThrow(
      "the source broke",
    );
    expect(await readdir(scratch)).toEqual(["many.parquet"]);
    expect((await openStructureTable(path)).rowCount).toBe(20_000);
  });

  test("refuses rows it could not read back, ids twice, columns it was not told of", async () => {
    const [row] = await collect(await openStructureTable(fixture("structures-zstd.parquet")));
    const write = (rows: StructureRow[]): Promise<unknown> =>
      code(structureTableBytes(rows, { provenance }));
    expect(await write([{ ...row!, species: ["Xx", "Cl"] }])).toBe("table/row");
    expect(await write([row!, row!])).toBe("table/duplicate-id");
    const more = { ...row!, id: "late", extra: { mineral: 3 } };
    expect(await write([row!, more])).toBe("table/column-type");
    const extra = { mineral: "string" } as const;
    const late = { ...row!, id: "late", extra: { other: 1 } };
    expect(await code(structureTableBytes([row!, late], { provenance, extra }))).toBe(
      "table/extra-column",
    );
  });

  test("no rows make an empty table", async () => {
    const table = await structureTable(tableFileOf(await structureTableBytes([], { provenance })));
    expect(await collect(table)).toEqual([]);
  });
});

test("a mixed, partly filled site survives the table", () => {
  const lattice = [
    [4, 0, 0],
    [0, 4, 0],
    [0, 0, 4],
  ] as const;
  const structure = {
    lattice,
    sites: [
      {
        species: [
          { element: "Fe", occupancy: 0.7 },
          { element: "Mg", occupancy: 0.3 },
        ],
        frac: [0, 0, 0],
      },
      { species: [{ element: "O", occupancy: 1 }], frac: [0.5, 0.5, 0.5] },
      { species: [{ element: "Li", occupancy: 0.5 }], frac: [0.25, 0.25, 0.25] },
    ],
  } as const;
  const row = structureRow(structure, { id: "x" });
  expect(rowFault(row)).toBeNull();
  expect(row.species).toEqual(["Fe", "Mg", "O", "Li"]);
  expect(rowStructure(row).sites).toEqual(structure.sites);
});
