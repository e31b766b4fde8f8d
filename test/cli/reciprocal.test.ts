/** `ewald train reciprocal` and `ewald predict` from end to end, on the embedded table. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readLedger } from "../../src/reproduce/ledger.node.ts";
import { ewald, jsonLines } from "../support/cli.ts";

const scratch = await mkdtemp(join(tmpdir(), "ewald-reciprocal-"));
const at = (name: string): string => join(scratch, name);
afterAll(() => rm(scratch, { recursive: true }));

interface Record {
  readonly formula: string;
  readonly predictions: readonly {
    readonly task: string;
    readonly label: string | null;
    readonly probability?: number;
    readonly inDomain: boolean;
    readonly model: { readonly name: string };
    readonly reason?: string;
  }[];
  readonly criticalPoints?: readonly { readonly share: number }[];
}

const predict = (...more: string[]) => ewald("predict", "--models", at("models"), ...more);
const records = (stdout: string): Record[] => jsonLines(stdout) as unknown as Record[];

describe("ewald train reciprocal, on the embedded table", () => {
  beforeAll(async () => {
    const { code } = await ewald("data", "embedded", "--out", at("e.parquet"), "--most-atoms", "4");
    expect(code).toBe(0);
    const { code: trained, stdout } = await ewald(
      ..."train reciprocal --task metal,system --epochs 2 --threads 1".split(" "),
      "--table",
      at("e.parquet"),
      "--out",
      at("models"),
      "--record",
      at("results"),
    );
    expect(trained).toBe(0);
    expect(stdout).toMatch(/metal +\d+ +\d+ +0\.\d{4}/);
    expect(stdout).toMatch(/system +\d+ +0\.\d{4}/);
  }, 120_000);

  test("writes two models and their card; nothing unfinished stays", async () => {
    const files = await readdir(at("models/reciprocal"));
    expect(files.toSorted()).toEqual(["card.json", "crystal-system.onnx", "properties.onnx"]);
  });

  test("records the test part with the command that repeats it", async () => {
    const table = (await readLedger(at("results"))).get("reciprocal/trained")!;
    const auc = table.entries.find(({ key, role }) => key === "auc-metal" && role !== "chance")!;
    expect(auc).toMatchObject({
      role: "ours-honest-split",
      command:
        "ewald train reciprocal --table e.parquet --task metal,system --epochs 2 --threads 1 --out my-models",
      split: "grouped by formula, train 0.7, val 0.15, test 0.15",
    });
    const chance = table.entries.find(
      ({ key, role }) => key === "accuracy-system" && role === "chance",
    )!;
    expect(chance.value).toBeGreaterThan(0.1);
    expect(chance.value).toBeLessThan(1);
  });

  test("a table without the labels is refused before anything is trained: batch normalisation complained", async () => {
    await ewald("data", "import", "files", "examples", "--out", at("bare.parquet"));
    const refused = async (table: string, ...more: string[]): Promise<string> => {
      const words = ["train", "reciprocal", "--table", at(table), "--out", at("no"), ...more];
      const { code, stderr } = await ewald(...words, "--epochs", "1", "--threads", "1");
      expect(code).toBe(2);
      return stderr;
    };
    const bare = await refused("bare.parquet", "--task", "metal,bulk");
    expect(bare).toContain(
      "bare.parquet: no row has a usable label: band_gap (metal), bulk_modulus (bulk)",
    );
    expect(bare).toContain("train/no-labels");
    const some = await refused("e.parquet", "--task", "metal,shear,system");
    expect(some).toContain("label: shear_modulus (shear) [train/no-labels]");
    expect(some).toContain("--task metal,system");
    // All tasks were tried; what has labels is now found out, and six rows of crystal systems are too few.
    const few = await refused("bare.parquet");
    expect(few).toContain("not trained, no row has a label: band_gap (metal), bulk_modulus (bulk)");
    expect(few).toContain("train/too-few-rows");
    await expect(readdir(at("no"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("predicts what was trained, and refuses a task that was not", async () => {
    const { code, stdout } = await predict("examples/halite.cif", "--json");
    expect(code).toBe(0);
    const [record] = records(stdout);
    expect(record!.formula).toBe("NaCl");
    expect(record!.predictions.map(({ task }) => task)).toEqual(["metal", "system"]);
    const refused = await predict("examples/halite.cif", "--task", "bulk");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("Known: metal, system.");
  });

  test("explains with a figure; shares of the critical points add up to 1", async () => {
    const { code, stdout } = await predict(
      "examples/quartz.cif",
      "--json",
      "--critical-points",
      "--explain",
      at("why.svg"),
    );
    expect(code).toBe(0);
    const [record] = records(stdout);
    const total = record!.criticalPoints!.reduce((sum, { share }) => sum + share, 0);
    expect(total).toBeCloseTo(1, 6);
    expect(await readFile(at("why.svg"), "utf8")).toContain("SiO₂");
  });

  test("the crystal system alone has no points to explain; a figure of many says how many it shows", async () => {
    for (const option of [["--explain", at("system.svg")], ["--critical-points"]]) {
      const { code, stderr } = await predict("examples/quartz.cif", "--task", "system", ...option);
      expect([code, stderr]).toEqual([2, expect.stringContaining("[usage/contradiction]")]);
    }
    const many = Array.from({ length: 13 }, () => "examples/halite.cif");
    const { code, stderr } = await predict(...many, "--explain", at("many.svg"));
    expect([code, stderr]).toEqual([
      0,
      `--explain shows the first 12 of 13\nwrote ${at("many.svg")}\n`,
    ]);
  });

  test("with composition: another model, asked by name, beside the first", async () => {
    const missing = await predict("examples/halite.cif", "--with-composition");
    expect(missing.code).toBe(2);
    expect(missing.stderr).toContain('reciprocal has no model "properties-with-composition"');
    const { code } = await ewald(
      ..."train reciprocal --task metal --epochs 1 --threads 1 --with-composition".split(" "),
      "--table",
      at("e.parquet"),
      "--out",
      at("models"),
      "--record",
      at("results"),
    );
    expect(code).toBe(0);
    const files = await readdir(at("models/reciprocal"));
    expect(files).toContain("properties-with-composition.onnx");
    expect(files).toContain("properties.onnx");
    const told = await predict(
      "examples/halite.cif",
      "--with-composition",
      "--critical-points",
      "--json",
    );
    expect(told.code).toBe(0);
    const [record] = records(told.stdout);
    expect(record!.predictions.map(({ task, model }) => [task, model.name])).toEqual([
      ["metal", "reciprocal/properties-with-composition"],
      ["system", "reciprocal/crystal-system"],
    ]);
    expect(record!.criticalPoints!.length).toBeGreaterThan(0);
    // It is the default where it is there; the paper's on request; both at once is a contradiction.
    const nameOf = async (...more: string[]): Promise<string> => {
      const { stdout } = await predict("examples/halite.cif", "--json", ...more);
      return records(stdout)[0]!.predictions[0]!.model.name;
    };
    expect(await nameOf()).toBe("reciprocal/properties-with-composition");
    expect(await nameOf("--without-composition")).toBe("reciprocal/properties");
    const both = await predict(
      "examples/halite.cif",
      "--with-composition",
      "--without-composition",
    );
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("usage/contradiction")]);
    const ledger = await readLedger(at("results"));
    const [entry] = ledger.get("reciprocal/trained-with-composition")!.entries;
    expect(entry).toMatchObject({
      command: expect.stringContaining("--task metal --with-composition --epochs 1"),
    });
  });
});
