import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import { folderModels } from "../../src/models/model-store.node.ts";
import { parseRadiation } from "../../src/radiation/radiation.ts";
import { readScan } from "../../src/scan/read.ts";
import { observe } from "../../src/scan/observe.ts";
import { withRadiation } from "../../src/scan/scan.ts";
import { loadStructureTypeModel } from "../../src/systems/structure-type/model-files.ts";
import { ewald } from "../support/cli.ts";

const scratch = await mkdtemp(join(tmpdir(), "ewald-train-types-"));
const at = (name: string): string => join(scratch, name);
afterAll(() => rm(scratch, { recursive: true }));

const train = (...more: string[]) =>
  ewald("train", "structure-type", "--table", at("e.parquet"), "--out", at("models"), ...more);

describe("ewald train structure-type, on the embedded table", () => {
  beforeAll(async () => {
    const { code } = await ewald("data", "embedded", "--out", at("e.parquet"), "--most-atoms", "2");
    expect(code).toBe(0);
    const small = ["--networks", "1", "--samples", "256", "--epochs", "1"];
    const { code: trained, stdout } = await train(...small, "--least-members", "12");
    expect(trained).toBe(0);
    expect(stdout).toMatch(/scan alone +\d+ +0\.\d{4}/);
  }, 120_000);

  test("writes a model that answers, and nothing unfinished stays", async () => {
    const files = await readdir(at("models/structure-type"));
    expect(files.toSorted()).toEqual([
      "averages.bin",
      "calibration.json",
      "card.json",
      "compounds.bin",
      "convolutional-1.onnx",
      "library.json",
    ]);
    const runtime = await loadRuntime({ provider: "cpu", threads: 1 });
    const model = await loadStructureTypeModel(runtime, folderModels(at("models")));
    const file = "examples/quartz-simulated.xy";
    const { scan } = readScan(await readFile(file), { name: file });
    const answer = await model.identify(observe(withRadiation(scan, parseRadiation("CuKa1"))));
    expect(answer.types.length).toBeGreaterThan(1);
    const shares = answer.types.map(({ probability }) => probability);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    await model.release();
  });

  test("a library that is not there is an input that failed, no bug", async () => {
    const { code, stderr } = await train("--library", at("absent.json"));
    expect([code, stderr]).toEqual([3, expect.stringContaining("file/not-read")]);
  });

  test("too few rows to judge by are named so; weights that are all 0 were", async () => {
    await ewald("data", "import", "files", "examples", "--out", at("few.parquet"));
    const words = ["--table", at("few.parquet"), "--out", at("none")];
    const { code, stderr } = await ewald("train", "structure-type", ...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining("train/library")]);
  });

  test("a library whose compounds the table lacks is refused", async () => {
    const { code, stderr } = await train("--library", "models/structure-type/library.json");
    expect(code).toBe(2);
    expect(stderr).toContain("hold no training compound of");
  });
});
