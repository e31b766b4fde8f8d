import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import { structureType } from "../../src/crystal/types/structure-type.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { writeCif } from "../../src/crystal/io/write-structure.ts";
import { openStructureTable, saveStructureTable } from "../../src/data/files.node.ts";
import { userModels } from "../../src/models/model-store.node.ts";
import { rowStructure, type StructureRow } from "../../src/data/structure-table.ts";
import { loadExtendedModel } from "../../src/systems/structure-type/model-files.ts";
import { ewald } from "../support/cli.ts";
import { wrongIn } from "../support/record-schema.ts";

const scratch = await mkdtemp(join(tmpdir(), "ewald-extend-"));
const at = (name: string): string => join(scratch, name);
const models = at("models");
const extension = join(models, "structure-type/extensions");
afterAll(() => rm(scratch, { recursive: true }));

/** SHA-256 of every file of the model itself, by name. */
async function hashes(): Promise<Record<string, string>> {
  const folder = join(models, "structure-type");
  const names = await readdir(folder, { withFileTypes: true });
  const files = names.filter((one) => one.isFile() && one.name !== "extensions.json");
  const pairs = files.map(async ({ name }) => {
    const bytes = await readFile(join(folder, name));
    return [name, createHash("sha256").update(bytes).digest("hex")] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

const load = async () =>
  loadExtendedModel(
    await loadRuntime({ provider: "cpu", threads: 1 }),
    userModels("structure-type", models),
  );

const extend = (...more: string[]) =>
  ewald(
    "extend",
    "--models",
    models,
    "--samples",
    "128",
    "--epochs",
    "1",
    "--threads",
    "1",
    ...more,
  );

const KNOWN = ["A|cF4|225|a", "AB|cF8|225|a b", "AB|cP2|221|a b", "A|hP2|194|c"];
const NEW = ["A|cF8|227|a", "AB|cF8|216|a c"];

/** The embedded table's rows of some types. */
async function rowsOf(keys: readonly string[]): Promise<StructureRow[]> {
  const found: StructureRow[] = [];
  for await (const row of (await openStructureTable(at("e.parquet"))).rows())
    if (keys.includes(structureType(rowStructure(row)).key)) found.push(row);
  return found;
}

async function* iterate<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

describe("ewald extend, beside a small model of the embedded table", () => {
  let before: Record<string, string>;
  beforeAll(async () => {
    await loadSymmetry();
    await ewald("data", "embedded", "--out", at("e.parquet"), "--most-atoms", "2");
    await saveStructureTable(at("base.parquet"), iterate(await rowsOf(KNOWN)), { provenance: [] });
    const small = ["--networks", "1", "--samples", "128", "--epochs", "1", "--threads", "1"];
    await ewald(
      "train",
      "structure-type",
      "--table",
      at("base.parquet"),
      "--out",
      models,
      ...small,
    );
    await mkdir(at("new"));
    for (const row of await rowsOf(NEW))
      await writeFile(
        at(`new/${row.id.replaceAll(/\W/g, "-")}.cif`),
        writeCif(rowStructure(row), { name: "test" }),
      );
    before = await hashes();
    const { code, stdout, stderr } = await extend("--from", at("new"), "--name", "mine");
    expect(stderr).toContain("new: ");
    expect(stdout).toContain("known types: ");
    expect(code).toBe(0);
  }, 180_000);

  test("touches no file of the model, and leaves nothing unfinished", async () => {
    expect(Object.keys(before)).toContain("convolutional-1.onnx");
    expect(await hashes()).toEqual(before);
    const files = await readdir(join(extension, "mine"));
    expect(files.toSorted()).toEqual(["compounds.bin", "extension.json", "network.onnx"]);
  });

  test("its types are candidates beside the library's", async () => {
    const model = await load();
    const keys = model.library.types.map(({ key }) => key);
    expect(keys.slice(0, KNOWN.length).toSorted()).toEqual(KNOWN.toSorted());
    expect(keys.slice(KNOWN.length).toSorted()).toEqual(NEW.toSorted());
    await model.release();
  });

  test("another of the same name takes its place; what is known is left out", async () => {
    const again = await extend("--from", at("new"), "--name", "mine", "--seed", "2", "--json");
    expect(again.code).toBe(0);
    expect(wrongIn("extend", again.stdout)).toEqual([]);
    const other = await extend("--from", at("new"), "--name", "theirs");
    expect(other.code).toBe(2);
    expect(other.stderr).toContain("is known already, as ");
    expect(other.stderr).toContain("holds no new structure type");
    const list = JSON.parse(await readFile(join(models, "structure-type/extensions.json"), "utf8"));
    expect(list.extensions).toEqual(["mine"]);
    expect(await hashes()).toEqual(before);
  }, 120_000);

  test("a changed network is refused", async () => {
    const path = join(extension, "mine/network.onnx");
    const bytes = await readFile(path);
    await writeFile(path, bytes.with(bytes.length - 9, bytes.at(-9)! ^ 1));
    await expect(load()).rejects.toMatchObject({ code: "model/damaged" });
    await writeFile(path, bytes);
  });

  test("a folder that is not there is named, no bug", async () => {
    const { code, stderr } = await extend("--from", at("absent"), "--name", "mine");
    expect([code, stderr]).toEqual([3, expect.stringContaining("absent: there is no such file")]);
  });

  test("names that would leave the folder are refused", async () => {
    const { code, stderr } = await extend("--from", at("new"), "--name", "../evil");
    expect(code).toBe(2);
    expect(stderr).toContain("cannot name an extension");
  });
});
