/** The schema of records is that of the types, and what commands print with `--json` fulfils it. (`extend`: test/cli/extend.test.ts.) */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { JOBS } from "../../src/jobs/registry.ts";
import { schemaText } from "../../tools/record-schema.mjs";
import { ewald, jsonLines } from "../support/cli.ts";
import { PRINTING, wrongIn } from "../support/record-schema.ts";

test("docs/records.schema.json is that of the types; where it is not, npm run docs writes it", () =>
  expect(readFileSync("docs/records.schema.json", "utf8")).toBe(schemaText()));

const folder = mkdtempSync(join(tmpdir(), "records-"));
const table = join(folder, "table.parquet");
const broken = join(folder, "broken.cif");

beforeAll(async () => {
  writeFileSync(broken, "data_x\nloop_\n_a\n_b\n1 2 3\n");
  await ewald("data", "embedded", "--out", table, "--most-atoms", "2");
});

const QUARTZ = "examples/quartz.cif";
const MIXTURE = "examples/olivine-quartz-simulated.xy";
const LAB6 = "examples/lab6-simulated.xye";

const COMMANDS: readonly (readonly string[])[] = [
  ["read", "examples"],
  ["read", "examples/quartz-simulated.xy", "--axis", "d"],
  ["identify", MIXTURE, LAB6, broken],
  ["identify", MIXTURE, "--composition", "Mg1.8±0.1Fe0.2±0.1SiO4", "--reference", QUARTZ],
  ["identify", MIXTURE, "--reference", QUARTZ, "--fit-reference", "2"],
  ["simulate", "examples", broken],
  ["simulate", QUARTZ, "--radiation", "neutron", "--wavelength", "1.594"],
  ["predict", "examples", "--critical-points"],
  ["predict", QUARTZ, "--no-known"],
  ["calibrate", LAB6, "--as", "LaB6", "--radius", "217.5"],
  ["data", "show", table],
  ["data", "split", table, "--method", "hash"],
  ["fit", MIXTURE, "--phase", "examples/olivine.cif", "--phase", QUARTZ],
  ["fit", MIXTURE, "--phase", QUARTZ, "--le-bail"],
  ["library", "search", MIXTURE, "--elements", "Mg,Si,O", "--most", "3"],
  ["library", "list", "Ti-O"],
  ["library", "show", "amcsd-0006212"],
  ["library", "export", "mp-390", "-o", join(folder, "anatase.cif")],
  ["library", "build", "--from", "examples/quartz.cif", "--name", "own", "--models", folder],
  ["reproduce"],
  ["reproduce", "S4"],
];
const named = ([first, second]: readonly string[]): string =>
  first === "data" || first === "library" ? `${first} ${second}` : first!;

test("every command that prints JSON is run", () =>
  expect([...new Set([...COMMANDS.map(named), "extend"])].toSorted()).toEqual(PRINTING.toSorted()));

describe("what is printed is of the schema", () => {
  test.each(COMMANDS.map((words) => [words.join(" "), words] as const))(
    "%s",
    async (_name, words) => {
      const { stdout, stderr } = await ewald(...words, "--json");
      expect(stdout, stderr).not.toBe("");
      expect(wrongIn(named(words), stdout)).toEqual([]);
    },
  );

  test("the numbers of a paper's item, too", () => {
    for (const name of readdirSync("results/chen-2024-crystinet")) {
      const kept = JSON.parse(readFileSync(`results/chen-2024-crystinet/${name}`, "utf8")) as {
        entries?: readonly object[];
      };
      expect(wrongIn("reproduce", JSON.stringify(kept))).toEqual([]);
    }
  });

  test("a field that is missing or unknown is told", async () => {
    const { stdout } = await ewald("simulate", QUARTZ, "--json");
    const [record] = jsonLines(stdout);
    for (const wrong of [
      { ...record, peaks: undefined },
      { ...record, extra: 1 },
    ])
      expect(wrongIn("simulate", JSON.stringify(wrong))).toHaveLength(1);
  });
});

test("every job that prints JSON has its schema", () => {
  const printing = JOBS.filter(({ spec }) => spec.writesFiles !== true);
  expect(PRINTING).toEqual(expect.arrayContaining(printing.map(({ spec }) => spec.name)));
});
