import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, utimes, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import {
  machineClass,
  readLedger,
  recordResults,
  runStamp,
} from "../../src/reproduce/ledger.node.ts";
import { fileIdentity } from "../../src/data/files.node.ts";
import { codeCommit } from "../../src/version.node.ts";
import {
  type ComputedEntry,
  type LedgerEntry,
  type LedgerTable,
  parseLedger,
} from "../../src/reproduce/ledger.ts";
import {
  formatValue,
  ledgerMarkdown,
  renderLedgerMarkers,
} from "../../src/reproduce/ledger-markdown.ts";

const scratch = await mkdtemp(join(tmpdir(), "ewald-ledger-"));
afterAll(() => rm(scratch, { recursive: true }));

const computed: ComputedEntry = {
  key: "auc-metal",
  quantity: "AUC, metal",
  role: "ours-honest-split",
  value: 0.87654321,
  unit: "",
  n: 3120,
  item: 44,
  spread: { kind: "standard-deviation", value: 0.0123, over: 3 },
  split: "grouped by formula",
  data: [{ name: "a.parquet", sha256: "0".repeat(64), rows: 10 }],
  model: null,
  seeds: [1, 2, 3],
  commit: "0123456789ab",
  command: "ewald reproduce wang-2022-deepknet 44",
  machine: "linux x64, 2 × cores, Node 20",
  wallSeconds: 12.5,
  recorded: "2026-11-21",
  fast: false,
  embedded: false,
};
const paper: LedgerEntry = {
  key: "auc-metal",
  quantity: "AUC, metal",
  role: "paper",
  value: 0.91,
  unit: "",
  n: 74108,
  place: "Fig. 4a",
};
const head = { paper: "wang-2022-deepknet", table: "metal", title: "Metal or not" };

describe("recording", () => {
  test("a new run replaces the old one; a fast run stands beside it; the paper's number stays", async () => {
    const results = join(scratch, "replace");
    await recordResults(results, { ...head, differences: ["Other gaps."] }, [paper, computed]);
    await recordResults(results, head, [
      { ...computed, value: 0.5 },
      { ...computed, value: 0.1, fast: true },
    ]);
    const table = (await readLedger(results)).get("wang-2022-deepknet/metal")!;
    expect(table.entries.map(({ role, value }) => [role, value])).toEqual([
      ["paper", 0.91],
      ["ours-honest-split", 0.5],
      ["ours-honest-split", 0.1],
    ]);
    expect(table.differences).toEqual(["Other gaps."]);
    expect(await readdir(join(results, head.paper))).toEqual(["metal.json"]);
  });

  test("ten writers at once lose no entry", async () => {
    const results = join(scratch, "many");
    const entries = Array.from({ length: 10 }, (_, i) => ({ ...computed, key: `k${i}` }));
    await Promise.all(entries.map((entry) => recordResults(results, head, [entry])));
    const table = (await readLedger(results)).get("wang-2022-deepknet/metal")!;
    expect(table.entries.map(({ key }) => key).sort()).toEqual(
      entries.map(({ key }) => key).sort(),
    );
  });

  test("a lock left by a dead writer does not hold the next one", async () => {
    const results = join(scratch, "stale");
    const lock = join(results, head.paper, "metal.json.lock");
    await mkdir(lock, { recursive: true });
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    await recordResults(results, head, [computed]);
    expect((await readLedger(results)).size).toBe(1);
  });

  const wrong: [string, Partial<Record<keyof ComputedEntry, unknown>>][] = [
    ["value", { value: Number.NaN }],
    ["value", { value: "0.9" }],
    ["commit", { commit: "latest" }],
    ["role", { role: "best" }],
    ["seeds", { seeds: [0.5] }],
    ["data", { data: [{ name: "x", sha256: "123", rows: 1 }] }],
    ["recorded", { recorded: "yesterday" }],
  ];
  test.each(wrong)("refuses a wrong %s and writes nothing", async (field, change) => {
    const results = join(scratch, "wrong");
    const attempt = recordResults(results, head, [{ ...computed, ...change } as ComputedEntry]);
    await expect(attempt).rejects.toMatchObject({
      code: "ledger/invalid",
      message: expect.stringContaining(field),
    });
    expect(await readdir(results).catch(() => [])).toEqual([]);
  });

  test("a file in the wrong place or two equal entries are found on reading", async () => {
    const results = join(scratch, "misplaced");
    const table = await recordResults(results, head, [computed]);
    const path = join(results, head.paper, "metal.json");
    await writeFile(join(results, head.paper, "other.json"), await readFile(path, "utf8"));
    await expect(readLedger(results)).rejects.toMatchObject({ code: "ledger/misplaced" });
    const doubled = JSON.stringify({ ...table, entries: [computed, computed] });
    expect(() => parseLedger(doubled, "x.json")).toThrow(/two entries/);
  });

  test("the stamp names a class of machine and a commit, never a machine", async () => {
    const stamp = await runStamp("ewald reproduce x 1");
    expect(stamp.machine).toBe(machineClass());
    expect(stamp.machine).toMatch(/^\w+ \w+, \d+ × .+, Node \d+/);
    expect(stamp.commit).toMatch(/^([0-9a-f]{12}(-dirty)?|unknown)$/);
    expect(await codeCommit(tmpdir())).toBe("unknown");
    await writeFile(join(scratch, "abc"), "abc");
    expect(await fileIdentity(join(scratch, "abc"))).toEqual({
      name: "abc",
      sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
  });
});

describe("rendering", () => {
  const table: LedgerTable = { ...head, differences: ["Other gaps."], entries: [paper, computed] };
  const lookup = (name: string): LedgerTable | undefined =>
    name === "wang-2022-deepknet/metal" ? table : undefined;

  test("a table: one row per quantity, one column per role, what differs, how to compute it again", () => {
    expect(ledgerMarkdown(table)).toBe(
      [
        "**Metal or not**",
        "",
        "|  | Paper | Ours, honest split | n |",
        "| --- | ---: | ---: | ---: |",
        "| AUC, metal | 0.91 | 0.877 ± 0.012 | 3,120 |",
        "",
        "What differs in the data: Other gaps.",
        "",
        "<sub>`ewald reproduce wang-2022-deepknet 44` · linux x64, 2 × cores, Node 20 · commit 012345678 · 2026-11-21</sub>",
        "",
      ].join("\n"),
    );
  });

  test("what differs is said once in a document", () => {
    const block = "<!-- ledger: wang-2022-deepknet/metal -->\n<!-- /ledger -->\n";
    const rendered = renderLedgerMarkers(`${block}${block}`, lookup, "x.md");
    expect(rendered.match(/^What differs.*$/gm)).toEqual([
      "What differs in the data: Other gaps.",
      "What differs in the data: As above.",
    ]);
    const more = { ...table, differences: ["Other gaps.", "Other cells."] };
    expect(ledgerMarkdown(more, new Set(["Other gaps."]))).toContain(
      "What differs in the data: As above. Other cells.\n",
    );
  });

  test("fast and embedded runs are always marked", () => {
    const marked = { ...table, entries: [{ ...computed, fast: true, embedded: true }] };
    expect(ledgerMarkdown(marked)).toContain("0.877 ± 0.012 (fast, embedded table)");
  });

  test("markers: rendering again changes nothing; text around them stays", () => {
    const inline =
      "AUC <!-- ledger: wang-2022-deepknet/metal#auc-metal/paper -->0.5<!-- /ledger --> (paper)";
    const block = "<!-- ledger: wang-2022-deepknet/metal -->\nold\n<!-- /ledger -->\n";
    const once = renderLedgerMarkers(`${inline}\n${block}after`, lookup, "x.md");
    expect(once).toContain(
      "AUC <!-- ledger: wang-2022-deepknet/metal#auc-metal/paper -->0.91<!-- /ledger --> (paper)",
    );
    expect(once).not.toContain("old");
    expect(once.endsWith("after")).toBe(true);
    expect(renderLedgerMarkers(once, lookup, "x.md")).toBe(once);
  });

  test.each([
    ["<!-- ledger: no/table -->x<!-- /ledger -->", "ledger/unknown-table"],
    [
      "<!-- ledger: wang-2022-deepknet/metal#auc-metal/peer -->x<!-- /ledger -->",
      "ledger/unknown-entry",
    ],
    ["<!-- ledger: wang-2022-deepknet/metal -->x", "ledger/marker"],
  ])("%s → %s", (markdown, code) => {
    expect(() => renderLedgerMarkers(markdown, lookup, "x.md")).toThrow(
      expect.objectContaining({ code }),
    );
  });

  test.each([
    [0.000012345, undefined, "1.234e-5"],
    [43223, undefined, "43,223"],
    [12.345678, undefined, "12.35"],
    [0.29, 0.04, "0.290 ± 0.040"],
    [120.4, 33, "120 ± 33"],
    [0, 0, "0"],
  ])("%d ± %s → %s", (value, spread, expected) => {
    expect(formatValue(value, spread)).toBe(expected);
  });
});

describe("the documents and the ledger of this checkout agree", () => {
  const documents = readdirSync(".", { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".md") && !/(^|[\\/])(node_modules|dist|\.git)[\\/]/.test(name),
  );
  test("README.md is among them", () => expect(documents).toContain("README.md"));
  test("each table of the ledger stands once, on a page of docs/results", async () => {
    const shown = documents.flatMap((name) =>
      [...readFileSync(name, "utf8").matchAll(/<!-- ledger: ([\w./-]+) -->/g)].map(([, table]) => ({
        table,
        isPage: /^docs[\\/]results[\\/]/.test(name),
      })),
    );
    expect(shown.filter(({ isPage }) => !isPage)).toEqual([]);
    const tables = [...(await readLedger("results")).keys()];
    expect(shown.map(({ table }) => table).sort()).toEqual(tables.sort());
  });

  test.each(documents)("%s (if not: npm run results)", async (name) => {
    const ledger = await readLedger("results");
    const markdown = readFileSync(name, "utf8");
    expect(renderLedgerMarkers(markdown, (table) => ledger.get(table), name)).toBe(markdown);
  });
});
