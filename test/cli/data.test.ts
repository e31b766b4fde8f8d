import { readdirSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStructureTable } from "../../src/data/files.node.ts";
import { withSpentTime } from "../../src/reproduce/spent-time.node.ts";
import { ewald, jsonLines } from "../support/cli.ts";
import { hasShared, SHARED_ABSENT, sharedPath } from "../support/shared.ts";

const scratch = await mkdtemp(join(tmpdir(), "ewald-cli-data-"));
const at = (name: string): string => join(scratch, name);
afterAll(() => rm(scratch, { recursive: true }));

const SMALL = "test/data/fixtures/structures-zstd.parquet";

describe("ewald data embedded, show, clean, split", () => {
  beforeAll(async () => {
    const { code, stdout } = await ewald(
      "data",
      "embedded",
      "--out",
      at("e.parquet"),
      "--per-type",
      "2",
      "--most-atoms",
      "3",
    );
    expect(code).toBe(0);
    expect(stdout).toContain("embedded default table");
  });

  test("show says what it is in every output, as text, JSON and figure", async () => {
    const { code, stdout } = await ewald("data", "show", at("e.parquet"), "--plot", at("e.svg"));
    expect(code).toBe(0);
    expect(stdout).toContain("[embedded default table: made from structure-type facts, not data]");
    expect(stdout).toMatch(/Crystal systems\n.*\n {2}\w/);
    expect(await readFile(at("e.svg"), "utf8")).toContain("embedded default table");
    const [record] = jsonLines((await ewald("data", "show", at("e.parquet"), "--json")).stdout);
    expect(record).toMatchObject({
      table: "e.parquet",
      problems: [],
      provenance: [{ embedded: true }],
    });
    const systems = Object.values(record!["crystalSystems"] as Record<string, number>);
    expect(systems.reduce((sum, count) => sum + count, 0)).toBe(record!["rows"]);
  });

  test("clean writes what is kept and why the rest is not; the mark stays", async () => {
    const { code, stdout } = await ewald(
      "data",
      "clean",
      at("e.parquet"),
      "--out",
      at("c.parquet"),
      "--report",
      at("why.jsonl"),
    );
    expect(code).toBe(0);
    const [, rows, kept] = /(\d+) rows, (\d+) kept/.exec(stdout)!;
    const why = jsonLines(await readFile(at("why.jsonl"), "utf8")).filter(
      (line) => line["code"] !== "clean/label",
    );
    expect(Number(rows) - Number(kept)).toBe(why.length);
    const [record] = jsonLines((await ewald("data", "show", at("c.parquet"), "--json")).stdout);
    expect(record).toMatchObject({ rows: Number(kept), provenance: [{ embedded: true }] });
  });

  test("split prints what leaks and keeps the parts with the table", async () => {
    const { code, stdout } = await ewald(
      "data",
      "split",
      at("e.parquet"),
      "--out",
      at("s.parquet"),
      "--save",
      at("s.json"),
    );
    expect(code).toBe(0);
    expect(stdout).toContain("grouped by formula, seed 1");
    expect(stdout).toMatch(/test +train +formula +0 +0\.0 %/);
    const [record] = jsonLines((await ewald("data", "show", at("s.parquet"), "--json")).stdout);
    const saved = JSON.parse(await readFile(at("s.json"), "utf8")) as {
      parts: Record<string, string[]>;
    };
    expect(record!["splits"]).toEqual(
      Object.fromEntries(
        Object.entries(saved.parts)
          .map(([part, ids]) => [part, ids.length])
          .sort((a, b) => (b[1] as number) - (a[1] as number)),
      ),
    );
  });

  test.each([
    [["show", "absent.parquet"], 3, "table/not-found"],
    [["show", "package.json"], 3, "table/not-parquet"],
    [["show", SMALL, "--plot", "x.gif"], 2, "usage/figure-format"],
    [["split", SMALL, "--method", "k-fold", "--folds", "9"], 2, "split/folds"],
    [["split", SMALL, "--fractions", "train=1,test"], 2, "not parts with shares"],
    [["split", SMALL, "--method", "random", "--by", "formula"], 2, "usage/contradiction"],
    [["split", SMALL, "--method", "random", "--by", "formula"], 2, "grouped or hash or k-fold"],
    [["split", SMALL, "--folds", "3"], 2, "--method grouped does not ask for --folds"],
    [["split", SMALL, "--method", "column", "--seed", "2"], 2, "usage/contradiction"],
    [["clean", SMALL, "--skip", "everything"], 2, "one of duplicate-id"],
  ])("ewald data %j ends with %d", async (words, expected, message) => {
    const { code, stderr } = await ewald("data", ...words);
    expect([code, stderr.includes(message)]).toEqual([expected, true]);
  });

  test("a split by a column that no row fills was empty; it is refused with the columns there are", async () => {
    const { code, stderr } = await ewald("data", "split", at("e.parquet"), "--method", "column");
    expect(code).toBe(2);
    expect(stderr).toContain("split/no-column");
    expect(stderr).toContain("The table has: material_id, ");
    await ewald("data", "split", at("e.parquet"), "--out", at("parted.parquet"));
    const parted = await ewald("data", "split", at("parted.parquet"), "--method", "column");
    expect([parted.code, parted.stdout]).toEqual([0, expect.stringContaining("train")]);
  });

  test("a table with bad rows is shown, the rows are named, the exit code is 3", async () => {
    const { code, stdout } = await ewald("data", "show", "test/data/fixtures/bad-rows.parquet");
    expect(code).toBe(3);
    expect(stdout).toContain("2 rows left out");
    expect(stdout).toContain("table/duplicate-id");
  });
});

describe("ewald data import", () => {
  test("a folder of examples, with licence and citation", async () => {
    const { code, stdout } = await ewald(
      "data",
      "import",
      "files",
      "examples",
      "--out",
      at("x.parquet"),
      "--source",
      "examples",
      "--licence",
      "MIT",
      "--cite",
      "Ewald, 2026",
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining("examples: MIT")]);
    const others = readdirSync("examples").filter((name) => !/\.(?:cif|vasp)$/.test(name));
    expect(stdout).toContain(`${others.length} files of other kinds passed over: ${others[0]}, `);
    const [record] = jsonLines((await ewald("data", "show", at("x.parquet"), "--json")).stdout);
    expect(record!["rows"]).toBeGreaterThan(3);
    expect(record!["provenance"]).toEqual([
      { source: "examples", licence: "MIT", citations: ["Ewald, 2026"], origin: "examples" },
    ]);
    expect(Object.keys(record!["structureTypes"] as object).join(" ")).toContain("AB2|tP6|136|a f");
  });

  test("files are known by what they hold, as ewald read knows them; what is passed over is said", async () => {
    const folder = at("mixed");
    await mkdir(folder);
    const quartz = await readFile("examples/quartz.cif");
    await writeFile(join(folder, "quartz.cif.gz"), gzipSync(quartz));
    await writeFile(join(folder, "halite.txt"), await readFile("examples/halite.cif"));
    await writeFile(join(folder, "relaxed"), await readFile("examples/perovskite.vasp"));
    await writeFile(join(folder, "page.cif"), "<!DOCTYPE html><title>404</title>");
    await writeFile(join(folder, "notes.md"), "what was done");
    await ewald("convert", "examples/lab6-simulated.xye", "-o", join(folder, "scan.cif"));
    await writeFile(join(folder, "scan.xy"), await readFile("examples/quartz-simulated.xy"));
    const words = ["--out", at("mixed.parquet"), "--report", at("mixed.jsonl")];
    const { code, stdout } = await ewald("data", "import", "files", folder, ...words);
    expect(code).toBe(3);
    expect(stdout).toContain("3 structures");
    expect(stdout).toContain("3 files of other kinds passed over: notes.md, scan.cif, scan.xy");
    expect(stdout).toMatch(/1 entries left out:\n.*read\/other-file\n *page\.cif/);
    const report = jsonLines(await readFile(at("mixed.jsonl"), "utf8"));
    expect(report.map(({ id, code: why }) => [id, why])).toEqual([
      ["page.cif", "read/other-file"],
      ["notes.md", "read/unrecognised"],
      ["scan.cif", "read/wrong-kind"],
      ["scan.xy", "read/wrong-kind"],
    ]);
    const ids: string[] = [];
    for await (const { id } of await openStructureTable(at("mixed.parquet"))) ids.push(id);
    expect(ids).toEqual(["halite.txt", "quartz", "relaxed"]);
    const read = await ewald("read", folder, "--json");
    const structures = jsonLines(read.stdout).filter(({ kind }) => kind === "structure");
    expect(structures.length).toBe(ids.length);
  });

  test("a CSV with a CIF per row; a broken one is reported and the rest kept", async () => {
    const cif = (await readFile("examples/quartz.cif", "utf8")).replaceAll('"', '""');
    await writeFile(at("t.csv"), `material_id,band_gap,cif\nok,5.7,"${cif}"\nbroken,1,"data_x"\n`);
    const { code, stdout } = await ewald(
      "data",
      "import",
      "csv",
      at("t.csv"),
      "--out",
      at("t.parquet"),
      "--report",
      at("t.jsonl"),
    );
    expect(code).toBe(3);
    expect(stdout).toContain("1 structures");
    expect(jsonLines(await readFile(at("t.jsonl"), "utf8"))).toMatchObject([{ id: "broken" }]);
    const [record] = jsonLines((await ewald("data", "show", at("t.parquet"), "--json")).stdout);
    expect(record).toMatchObject({ rows: 1, labels: { bandGapEv: { count: 1, mean: 5.7 } } });
  });

  test("COD by list from a server, and a server that refuses", async () => {
    const cif = await readFile("examples/halite.cif", "utf8");
    const server = createServer((request, response) => {
      if (request.url === "/cod/1000041.cif") response.end(cif);
      else response.writeHead(request.url!.startsWith("/cod") ? 404 : 400).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      await writeFile(at("list.txt"), "1000041\n1000042\n");
      const cod = await ewald(
        "data",
        "import",
        "cod",
        at("list.txt"),
        "--out",
        at("cod.parquet"),
        "--url",
        `${url}/cod`,
      );
      expect(cod.code).toBe(3);
      expect(cod.stdout).toContain("cod: CC0-1.0");
      expect(cod.stdout).toContain("cod-1000042");
      // A folder of the table that is not there yet was an internal error.
      const out = at("new/o.parquet");
      const optimade = await ewald("data", "import", "optimade", url, "--out", out);
      expect([optimade.code, optimade.stderr]).toEqual([
        3,
        expect.stringContaining("import/refused"),
      ]);
    } finally {
      server.close();
    }
  });

  test.each([
    [["mp", "--out", "x.parquet"], 2, "import/key"],
    [["optimade", "nowhere", "--out", "x.parquet"], 2, "import/address"],
    [["files", "absent", "--out", "x.parquet"], 3, "file/not-found"],
    [["files", "README.md", "--out", "x.parquet"], 2, "import/no-structure-files"],
    [["csv", "absent.csv", "--out", "x.parquet"], 3, "absent.csv: there is no such file"],
    [["csv", "examples", "--out", "x.parquet"], 3, "file/not-read"],
    [["csv", SMALL], 2, "--out"],
  ])("ewald data import %j ends with %d", async (words, expected, message) => {
    const { code, stderr } = await ewald("data", "import", ...words);
    expect([code, stderr.includes(message)]).toEqual([expected, true]);
  });
});

test("an output that cannot be written is said with its reason; nothing is left beside it", async () => {
  const folder = at("taken");
  await mkdir(join(folder, "inside"), { recursive: true });
  await writeFile(at("plain"), "");
  const small = ["data", "embedded", "--per-type", "1", "--most-atoms", "2", "--out"];
  for (const [out, reason] of [
    [folder, "cannot write: it is a folder [file/not-written]"],
    [at("plain/t.parquet"), "cannot write: what should be its folder is a file [file/not-written]"],
  ] as const) {
    const { code, stderr } = await ewald(...small, out);
    expect([code, stderr]).toEqual([3, expect.stringContaining(reason)]);
  }
  expect((await readdir(scratch)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

describe("ewald reproduce", () => {
  test("lists papers and items, and says what cannot be recomputed yet", async () => {
    expect((await ewald("reproduce")).stdout).toContain("ryan-2018-site-likelihood");
    const { stdout } = await ewald("reproduce", "chen");
    expect(stdout).toMatch(/56 {2}structure types.*about/);
    const other = (await ewald("reproduce", "ryan")).stdout;
    const [, item] = /^ +(\d+) .*not yet$/m.exec(other)!;
    const missing = await ewald("reproduce", "S5", item!);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringContaining("reproduce/not-yet"),
    ]);
    for (const words of [["S9"], ["S1", "43"], ["S1", "1", "--data", scratch]]) {
      expect((await ewald("reproduce", ...words)).code).toBe(2);
    }
  });

  test("--json lists papers and items as JSON too; it printed the tables", async () => {
    const [all] = jsonLines((await ewald("reproduce", "--json")).stdout) as unknown as {
      papers: { short: string; items: { minutes: number | null }[] }[];
    }[];
    expect(all!.papers.map(({ short }) => short)).toEqual(["S1", "S2", "S3", "S4", "S5"]);
    const [one] = jsonLines((await ewald("reproduce", "S4", "--json")).stdout);
    expect(one).toEqual(all!.papers[3]);
    expect(one).toMatchObject({ paper: "chen-2024-crystinet", items: expect.any(Array) });
    expect(one!["items"]).toContainEqual(
      expect.objectContaining({ number: 56, minutes: expect.any(Number) }),
    );
    expect(all!.papers[4]!.items.map(({ minutes }) => minutes)).toContain(null);
  });

  test.skipIf(!hasShared)(`recomputes an item and records it${SHARED_ABSENT}`, async () => {
    const record = at("results");
    const { code, stdout } = await ewald(
      "reproduce",
      "S1",
      "10",
      "--data",
      sharedPath(),
      "--record",
      record,
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/Together +1,524 +1,604 +51,149/);
    expect(stdout).toContain("What differs in the data:");
    const ledger = JSON.parse(
      await readFile(join(record, "kim-2021-eencm", "item-10.json"), "utf8"),
    ) as { entries: { role: string }[] };
    expect(ledger.entries.map(({ role }) => role)).toContain("paper");
    expect(JSON.stringify(ledger)).toContain("mp_labelled.parquet");
  });

  test("counts the time of all runs: of one that failed, too", async () => {
    const folder = at("spent");
    const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
    const failed = withSpentTime(folder, async () => {
      await pause();
      throw new Error("stopped");
    });
    await expect(failed).rejects.toThrow("stopped");
    const kept = Number(await readFile(join(folder, "seconds.json"), "utf8"));
    expect(kept).toBeGreaterThan(0.02);
    const { result, seconds } = await withSpentTime(folder, () => pause().then(() => "done"));
    expect(result).toBe("done");
    expect(seconds).toBeGreaterThan(kept + 0.02);
  });
});
