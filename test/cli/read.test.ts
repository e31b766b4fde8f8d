import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { ewald, jsonLines } from "../support/cli.ts";

const QUARTZ_SCAN = "examples/quartz-simulated.xy";

describe("ewald read", () => {
  test("says what is in a CIF, as JSON of the documented form", async () => {
    const { code, stdout } = await ewald("read", "examples/rutile.cif", "--json");
    expect(code).toBe(0);
    const [record] = jsonLines(stdout);
    expect(record).toMatchObject({
      kind: "structure",
      input: "examples/rutile.cif",
      formula: "TiO2",
      spaceGroup: { number: 136, symbol: "P4_2/mnm" },
      crystalSystem: "tetragonal",
      structureType: { key: "AB2|tP6|136|a f", name: "rutile" },
      warnings: [],
    });
    const { lattice, sites } = record as { lattice: Record<string, number>; sites: object[] };
    expect(lattice["a"]).toBeCloseTo(4.593, 9);
    expect(lattice["gammaDeg"]).toBeCloseTo(90, 9);
    expect(sites).toHaveLength(6);
    expect(sites[0]).toMatchObject({ species: [{ element: "Ti", occupancy: 1, oxidation: 4 }] });
  });

  test.each([
    ["quartz.cif", "AB2|hP9|154|a c", "α-quartz"],
    ["halite.cif", "AB|cF8|225|a b", "rock salt (halite)"],
    ["anatase.cif", "AB2|tI12|141|a e#anatase", "anatase"],
    ["calcite.cif", "ABC3|hR30|167|a b e#calcite", "calcite"],
    ["perovskite.vasp", "ABC3|cP5|221|a b c", "perovskite (cubic)"],
  ])("knows the type of %s", async (file, key, name) => {
    const { stdout } = await ewald("read", `examples/${file}`, "--json");
    expect(jsonLines(stdout)[0]).toMatchObject({ structureType: { key, name } });
  });

  test("text holds the formula, the group and the sites", async () => {
    const { code, stdout } = await ewald("read", "examples/quartz.cif");
    expect(code).toBe(0);
    expect(stdout).toContain("SiO2");
    expect(stdout).toContain("P3_221  No. 154  trigonal");
    expect(stdout).toMatch(/Si1\s+Si\s+3a\s+0\.46970/);
  });

  test("olivine is Pbnm with ..m in its own axes, Pnma named beside it: Pnma and .m. stood there", async () => {
    const { stdout } = await ewald("read", "examples/olivine.cif");
    expect(stdout).toContain("Pbnm  No. 62  orthorhombic  (standard setting Pnma: a,b,c → b,c,a)");
    expect(stdout).toMatch(/Mg2 .* 4c +0\.99150 +0\.27740 +0\.25000 +\.\.m$/m);
    const json = await ewald("read", "examples/olivine.cif", "--json");
    const [record] = jsonLines(json.stdout) as [{ sites: Record<string, unknown>[] }];
    expect(record).toMatchObject({
      spaceGroup: {
        number: 62,
        symbol: "Pbnm",
        setting: { hermannMauguin: "P b n m", hall: "-P 2c 2ab", originShift: [0, 0, 0] },
        standard: { symbol: "Pnma", transformation: "b,c,a;0,0,0" },
      },
    });
    expect(record.sites[4]).toMatchObject({ wyckoff: "c", siteSymmetry: "..m" });
  });

  test("a primitive cell is said to be in no tabulated setting", async () => {
    const poscar = "NaCl\n5.64\n0 .5 .5\n.5 0 .5\n.5 .5 0\nNa Cl\n1 1\nDirect\n0 0 0\n.5 .5 .5\n";
    const path = join(mkdtempSync(join(tmpdir(), "ewald-")), "POSCAR");
    writeFileSync(path, poscar);
    const { stdout } = await ewald("read", path);
    expect(stdout).toMatch(
      /Fm-3m {2}No\. 225 {2}cubic {2}\(a primitive cell in no tabulated setting: .* standard setting Fm-3m: a,b,c → \S+\)/,
    );
    const json = await ewald("read", path, "--json");
    expect(jsonLines(json.stdout)[0]).toMatchObject({
      spaceGroup: { number: 225, symbol: "Fm-3m", setting: null, otherCell: "primitive" },
    });
  });

  test("keeps a mixed site", async () => {
    const { stdout } = await ewald("read", "examples/olivine.cif", "--json");
    const [record] = jsonLines(stdout) as [{ sites: { species: object[] }[] }];
    expect(record.sites).toHaveLength(28);
    expect(record.sites[0]!.species).toEqual([
      expect.objectContaining({ element: "Mg", occupancy: 0.9 }),
      expect.objectContaining({ element: "Fe", occupancy: 0.1 }),
    ]);
  });

  test("one bad file never stops the rest and is listed at the end, exit 3", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ewald-"));
    writeFileSync(join(folder, "broken.cif"), "data_x\n_cell_length_a 'never closed\n");
    const { code, stdout, stderr } = await ewald(
      "read",
      "examples/halite.cif",
      join(folder, "broken.cif"),
      join(folder, "absent.cif"),
      "examples/rutile.cif",
      "--json",
    );
    expect(code).toBe(3);
    expect(jsonLines(stdout).map(({ kind, formula, input }) => formula ?? [kind, input])).toEqual([
      "NaCl",
      ["failure", join(folder, "broken.cif")],
      ["failure", join(folder, "absent.cif")],
      "TiO2",
    ]);
    expect(jsonLines(stdout)[2]).toMatchObject({
      code: "file/not-read",
      description: expect.stringContaining("no such file") as string,
    });
    expect(stderr).toContain("2 of 4 inputs failed:");
    expect(stderr).toMatch(/broken\.cif:\d+:\d+: .*\[cif\//);
    expect(stderr).toMatch(/absent\.cif: no such file or folder \[file\/not-read\]/);
  });

  test("counts inputs, not what they hold, and says how to get every failure", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ewald-many-"));
    const at = (name: string): string => join(folder, name);
    const bad = Array.from({ length: 60 }, (_, i) => `data_b${i}\n_cell_length_a x\n`).join("");
    writeFileSync(at("bad.cif"), bad);
    writeFileSync(at("pack.zip"), zipSync({ "a.cif": strToU8(bad), "b.cif": strToU8(bad) }));
    const inputs = [at("bad.cif"), at("pack.zip"), "examples/halite.cif"];
    const plain = await ewald("read", ...inputs);
    const [head, ...lines] = plain.stderr.trimEnd().split("\n");
    expect(head).toMatch(/^2 of 3 inputs failed(?:, in whole or in part, with \d+ errors)?:$/);
    const json = await ewald("read", ...inputs, "--json");
    const failures = jsonLines(json.stdout).filter(({ kind }) => kind === "failure");
    expect(failures).toHaveLength(lines.length);
    expect([plain.code, json.code]).toEqual([3, 3]);
  });

  test("walks a folder and passes files of other kinds over", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ewald-"));
    mkdirSync(join(folder, "inner"));
    writeFileSync(join(folder, "notes.txt"), "nothing of interest\n");
    const cif =
      "data_po\n_cell_length_a 3.359\n_cell_length_b 3.359\n_cell_length_c 3.359\n_cell_angle_alpha 90\n_cell_angle_beta 90\n_cell_angle_gamma 90\n_space_group_IT_number 221\nloop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\nPo 0 0 0\n";
    writeFileSync(join(folder, "inner", "po.cif"), cif);
    const { code, stdout, stderr } = await ewald("read", folder, "--json");
    expect(jsonLines(stdout).map((record) => record["formula"])).toEqual(["Po"]);
    expect(stderr).toContain("1 file(s) of other kinds passed over");
    expect(code).toBe(0);
  });

  test("follows links in a folder, reads each file once, and counts what it leaves out", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ewald-links-"));
    const elsewhere = mkdtempSync(join(tmpdir(), "ewald-elsewhere-"));
    mkdirSync(join(folder, "inner"));
    copyFileSync("examples/quartz.cif", join(folder, "inner", "quartz.cif"));
    copyFileSync("examples/rutile.cif", join(elsewhere, "rutile.cif"));
    writeFileSync(join(folder, ".hidden"), "x");
    const link = (target: string, name: string): void => symlinkSync(target, join(folder, name));
    link(resolve("examples/halite.cif"), "b-halite.cif");
    link(resolve("examples/halite.cif"), "c-the-same.cif");
    link("inner/quartz.cif", "a-quartz.cif");
    link(elsewhere, "outside");
    link("..", "inner/back");
    link("inner", "loop");
    link("absent.cif", "absent-link.cif");
    const { code, stdout, stderr } = await ewald("read", folder, "--json");
    expect(jsonLines(stdout).map(({ input }) => String(input).slice(folder.length + 1))).toEqual([
      "b-halite.cif",
      "inner/quartz.cif",
      "outside/rutile.cif",
    ]);
    expect([code, stderr]).toEqual([
      0,
      "1 hidden, 4 link(s) to what is read already, 1 broken link(s) passed over\n",
    ]);
  });

  test("a table in a folder is read by its rows; a bad one fails alone, named or found", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ewald-tables-"));
    const table = join(folder, "good.parquet");
    const facts = ["--licence", "MIT", "--cite", "Ewald"];
    await ewald("data", "import", "files", "examples/rutile.cif", "--out", table, ...facts);
    copyFileSync("examples/quartz.cif", join(folder, "quartz.cif"));
    const well = await ewald("read", folder, "--json");
    expect(jsonLines(well.stdout).map((record) => record["formula"])).toEqual(["TiO2", "SiO2"]);
    expect([well.code, well.stderr]).toEqual([0, ""]);
    const bad = join(folder, "bad.parquet");
    writeFileSync(bad, readFileSync(table).subarray(0, 200));
    for (const inputs of [[folder], [bad, table, join(folder, "quartz.cif")]]) {
      const { code, stdout, stderr } = await ewald("read", ...inputs, "--json");
      const formulas = jsonLines(stdout).flatMap(({ formula }) => formula ?? []);
      expect([code, formulas]).toEqual([3, ["TiO2", "SiO2"]]);
      expect(stderr).toMatch(
        /1 of 3 inputs failed:\nerror: .*bad\.parquet: .*\[table\/truncated\]/,
      );
    }
    const scans = await ewald(
      "convert",
      table,
      QUARTZ_SCAN,
      "--format",
      "xy",
      "-o",
      join(folder, "out"),
    );
    expect(scans.stderr).toMatch(/good\.parquet: .*not a measured scan \[read\/wrong-kind\]/);
    expect(scans.code).toBe(3);
  });

  test("a bad row fails alone; a table of something else is passed over in a folder", async () => {
    const rows = await ewald("read", "test/data/fixtures/bad-rows.parquet", "--json");
    expect(jsonLines(rows.stdout).map(({ name, code }) => name ?? code)).toEqual([
      "t-1",
      "t-1",
      "table/row",
    ]);
    expect(rows.stderr).toMatch(/^1 of 3 inputs failed:\nerror: .*row 3 \(t-3\): .*\[table\/row\]/);
    const folder = mkdtempSync(join(tmpdir(), "ewald-other-"));
    copyFileSync("test/data/fixtures/without-species.parquet", join(folder, "other.parquet"));
    const other = await ewald("read", folder);
    expect([other.code, other.stderr]).toEqual([0, "1 file(s) of other kinds passed over\n"]);
  });

  test("a folder without files is an error, not silence", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ewald-"));
    const { code, stderr } = await ewald("read", folder);
    expect(code).toBe(3);
    expect(stderr).toContain("no file in this folder");
  });

  test("a file that is nothing it knows: the message names structures and scans", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "ewald-")), "notes.txt");
    writeFileSync(file, "nothing of interest\n");
    const { code, stderr } = await ewald("read", file);
    expect(code).toBe(3);
    expect(stderr).toContain("neither a structure nor a powder scan");
    expect(stderr).toMatch(/notes\.txt.*CIF, POSCAR.*two columns/s);
  });

  test.each([
    [["read"], "missing required argument"],
    [["read", "x.cif", "--symprec", "wide"], '"wide" is not a positive number'],
    [["raed", "x.cif"], "unknown command"],
  ])("%j is wrong use, exit 2", async (argv, message) => {
    const { code, stderr } = await ewald(...argv);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
