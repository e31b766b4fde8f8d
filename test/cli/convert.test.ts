/** Structures on the command line into other files. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { readStructures } from "../../src/crystal/io/read-structures.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { ewald } from "../support/cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ewald-convert-"));
const at = (name: string): string => join(folder, name);
await loadSymmetry();

function structureOf(path: string): Structure {
  return readStructures(readFileSync(path)).structures[0]!.structure;
}

/** Element and position of every atom, in the order of the elements' first appearance as POSCAR wants it. */
function atoms(structure: Structure): readonly (readonly [string, readonly number[]])[] {
  return structure.sites.map((site) => [
    site.species.map(({ element, occupancy }) => `${element} ${occupancy}`).join(" + "),
    site.frac,
  ]);
}

function expectSame(one: Structure, other: Structure, digits: number): void {
  one.lattice.flat().forEach((length, i) => {
    expect(other.lattice.flat()[i]).toBeCloseTo(length, digits);
  });
  expect(atoms(other).map(([filling]) => filling)).toEqual(atoms(one).map(([filling]) => filling));
  atoms(one).forEach(([, frac], i) => {
    frac.forEach((value, axis) => {
      const difference = atoms(other)[i]![1][axis]! - value;
      expect(Math.abs(difference - Math.round(difference))).toBeLessThan(10 ** -digits);
    });
  });
}

describe("ewald convert of a structure", () => {
  test.each([
    ["out.cif", "cif"],
    ["out.json", "pymatgen-json"],
    ["out.vasp", "poscar"],
    ["POSCAR", "poscar"],
  ])("to %s keeps every atom", async (name, format) => {
    for (const example of ["rutile.cif", "quartz.cif", "perovskite.vasp"]) {
      const { code, stderr } = await ewald("convert", `examples/${example}`, "-o", at(name));
      expect(code).toBe(0);
      expect(stderr).toMatch(/^wrote \S+ {2}\((?:cif|poscar), \d atoms\)\n$/);
      expect(readStructures(readFileSync(at(name))).format).toBe(format);
      expectSame(structureOf(`examples/${example}`), structureOf(at(name)), 6);
    }
  });

  test("a mixed site goes to CIF and JSON, and POSCAR refuses it by name", async () => {
    for (const name of ["olivine.cif", "olivine.json"]) {
      expect((await ewald("convert", "examples/olivine.cif", "-o", at(name))).code).toBe(0);
      expectSame(structureOf("examples/olivine.cif"), structureOf(at(name)), 6);
    }
    const { code, stderr } = await ewald("convert", "examples/olivine.cif", "-o", at("ol.vasp"));
    expect(code).toBe(3);
    expect(stderr).toMatch(/: Mg1 is Mg 0\.9 \+ Fe 0\.1 \[poscar\/partial-occupancy\] Write CIF/);
    expect(existsSync(at("ol.vasp"))).toBe(false);
  });

  test("--symprec writes the space group and one site per orbit", async () => {
    const args = ["convert", "examples/quartz.cif", "-o"] as const;
    await ewald(...args, at("every.cif"), "--every-atom");
    expect(readFileSync(at("every.cif"), "utf8")).toMatch(/_IT_number 1$/m);
    const both = await ewald(...args, at("no.cif"), "--every-atom", "--symprec", "0.1");
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining("usage/contradiction")]);
    await ewald(...args, at("POSCAR"));
    expect(
      (await ewald("convert", at("POSCAR"), "-o", at("s.cif"), "--symprec", "0.01")).code,
    ).toBe(0);
    const text = readFileSync(at("s.cif"), "utf8");
    expect(text).toMatch(/_IT_number 154$/m);
    expect(text.match(/^(?:Si|O)\d /gm)).toEqual(["Si1 ", "O1 "]);
    expect(structureOf(at("s.cif")).sites).toHaveLength(9);
    const json = await ewald(
      ...args,
      at("s.json"),
      "--symprec",
      "0.1",
      "--format",
      "pymatgen-json",
    );
    expect([json.code, json.stderr]).toEqual([2, expect.stringContaining("usage/contradiction")]);
  });

  test("the space group that a CIF states comes out again, in its own setting", async () => {
    for (const out of ["stated.cif", "again.cif"]) {
      const from = out === "again.cif" ? at("stated.cif") : "examples/olivine.cif";
      expect((await ewald("convert", from, "-o", at(out))).code).toBe(0);
      const text = readFileSync(at(out), "utf8");
      expect(text).toMatch(/_H-M_alt 'P b n m'$/m);
      expect(text.match(/^(?:Mg|Fe|Si|O)\d+ /gm)).toHaveLength(8);
      expectSame(structureOf("examples/olivine.cif"), structureOf(at(out)), 6);
    }
  });

  test("--symprec keeps the setting of the file, and says where it cannot", async () => {
    const args = ["--symprec", "0.01"];
    await ewald("convert", "examples/olivine.cif", "-o", at("pbnm.cif"), ...args);
    const text = readFileSync(at("pbnm.cif"), "utf8");
    expect(text).toMatch(/_H-M_alt 'P b n m'$/m);
    const shown = await ewald("read", at("pbnm.cif"));
    expect(shown.stdout).toContain("Pbnm  No. 62");
    expect(shown.stdout).toContain("Mg2+ 0.9 + Fe2+ 0.1  4c");

    const primitive =
      "NaCl\n5.64\n0 .5 .5\n.5 0 .5\n.5 .5 0\nNa Cl\n1 1\nDirect\n0 0 0\n.5 .5 .5\n";
    writeFileSync(at("prim.vasp"), primitive);
    const standard = await ewald("convert", at("prim.vasp"), "-o", at("standard.cif"), ...args);
    expect(standard.stderr).toMatch(
      /a primitive cell in no tabulated setting: written in the standard setting Fm-3m, .* \[convert\/standard-cell\]/,
    );
    expect(structureOf(at("standard.cif")).sites).toHaveLength(8);

    writeFileSync(
      at("moved.vasp"),
      primitive
        .replace("0 .5 .5\n.5 0 .5\n.5 .5 0", "1 0 0\n0 1 0\n0 0 1")
        .replace("0 0 0\n.5 .5 .5", ".1 .2 .3\n.6 .7 .8"),
    );
    const moved = await ewald("convert", at("moved.vasp"), "-o", at("origin.cif"), ...args);
    expect(moved.stderr).toMatch(
      /the origin of Pm-3m .* lies at 0\.\d+,0\.\d+,0\.\d+ of this cell.*\[convert\/origin\]/,
    );
    expect(readFileSync(at("origin.cif"), "utf8")).toMatch(/_IT_number 221$/m);
  });

  test("many inputs into a folder; scans there are passed over", async () => {
    const { code, stderr } = await ewald(
      "convert",
      "examples",
      "--format",
      "pymatgen-json",
      "-o",
      at("all"),
    );
    expect(code).toBe(0);
    const files = readdirSync("examples");
    const structures = files.filter((name) => /\.(?:cif|vasp)$/.test(name));
    const others = files.length - structures.length;
    expect(stderr).toContain(`${others} file(s) of other kinds passed over`);
    expect(readdirSync(at("all"))).toEqual(
      structures.map((name) => name.replace(/\.\w+$/, ".json")),
    );
  });

  test("one file of several structures becomes files by the names of its blocks", async () => {
    const blocks = ["rutile", "halite"].map((name) => readFileSync(`examples/${name}.cif`, "utf8"));
    writeFileSync(at("two.cif"), blocks.join("\n"));
    const one = await ewald("convert", at("two.cif"), "-o", at("two.json"));
    expect([one.code, existsSync(at("two.json"))]).toEqual([2, false]);
    expect(one.stderr).toContain("would both become");
    expect(
      (await ewald("convert", at("two.cif"), "-o", at("blocks"), "--format", "poscar")).code,
    ).toBe(0);
    expect(readdirSync(at("blocks"))).toEqual(["two-halite.vasp", "two-rutile.vasp"]);
    expectSame(structureOf("examples/halite.cif"), structureOf(at("blocks/two-halite.vasp")), 6);
    writeFileSync(at("same.cif"), `${blocks[0]}\n${blocks[0]}`);
    await ewald("convert", at("same.cif"), "-o", at("blocks"), "--format", "poscar");
    expect(readdirSync(at("blocks")).filter((name) => name.startsWith("same"))).toEqual([
      "same-rutile-2.vasp",
      "same-rutile.vasp",
    ]);
  });

  test("files of an archive and rows of a table become files by their own names", async () => {
    const files = ["rutile.cif", "halite.cif"].map((name) => [
      name,
      readFileSync(`examples/${name}`),
    ]);
    writeFileSync(at("pack.zip"), zipSync(Object.fromEntries(files) as Record<string, Uint8Array>));
    const packed = await ewald("convert", at("pack.zip"), "--format", "poscar", "-o", at("packed"));
    expect(packed.code).toBe(0);
    expect(readdirSync(at("packed"))).toEqual(["halite.vasp", "rutile.vasp"]);
    const table = at("table.parquet");
    const facts = ["--licence", "MIT", "--cite", "Ewald"];
    await ewald("data", "import", "files", "examples/rutile.cif", "--out", table, ...facts);
    const rows = await ewald("convert", table, "--format", "cif", "-o", at("rows"));
    expect(rows.code).toBe(0);
    const [row, ...others] = readdirSync(at("rows"));
    expect([row, others]).toEqual([expect.stringMatching(/^table-.+\.cif$/), []]);
    expectSame(structureOf("examples/rutile.cif"), structureOf(at(`rows/${row}`)), 5);
  });

  test("what is found in a folder keeps its place; a name that is taken gets a number and a warning", async () => {
    const place = (name: string): void => {
      mkdirSync(dirname(at(name)), { recursive: true });
      copyFileSync("examples/rutile.cif", at(name));
    };
    for (const name of ["tree/a/x.cif", "tree/b/x.cif", "tree/b/deep/x.cif"]) place(name);
    const zip = zipSync({ "in/x.cif": new Uint8Array(readFileSync("examples/rutile.cif")) });
    writeFileSync(at("tree/b/pack.zip"), zip);
    const tree = await ewald("convert", at("tree"), "--format", "poscar", "-o", at("tree-out"));
    expect([tree.code, tree.stderr]).toEqual([0, expect.not.stringContaining("warning")]);
    expect(
      readdirSync(at("tree-out"), { recursive: true })
        .map(String)
        .filter((name) => name.endsWith(".vasp"))
        .toSorted(),
    ).toEqual(["a/x.vasp", "b/deep/x.vasp", "b/pack/in/x.vasp", "b/x.vasp"]);
    const [one, two] = [at("tree/a/x.cif"), at("tree/b/x.cif")];
    const flat = await ewald("convert", one, two, "--format", "poscar", "-o", at("flat"));
    expect(flat.code).toBe(0);
    expect(readdirSync(at("flat"))).toEqual(["x-2.vasp", "x.vasp"]);
    expect(flat.stderr).toContain(
      `${two}: warning: ${one} became ${at("flat/x.vasp")} already, so this becomes ${at("flat/x-2.vasp")} [convert/same-name]`,
    );
  });

  test("an input is never written over, nor a file below a folder given", async () => {
    mkdirSync(at("mine"));
    for (const name of ["rutile.cif", "quartz.cif"])
      copyFileSync(`examples/${name}`, at(`mine/${name}`));
    const before = readFileSync(at("mine/rutile.cif"), "utf8");
    const itself = await ewald(
      "convert",
      at("mine/rutile.cif"),
      "-o",
      at("mine/../mine/rutile.cif"),
    );
    expect([itself.code, itself.stderr]).toEqual([
      2,
      expect.stringContaining("[usage/overwrites-input]"),
    ]);
    const within = await ewald("convert", at("mine"), "--format", "cif", "-o", at("mine"));
    expect([within.code, within.stderr]).toEqual([
      2,
      expect.stringContaining("[usage/overwrites-input]"),
    ]);
    const other = await ewald(
      "convert",
      at("mine/rutile.cif"),
      at("mine/quartz.cif"),
      "-o",
      at("mine/quartz.cif"),
    );
    expect(other.code).toBe(2);
    expect(readFileSync(at("mine/rutile.cif"), "utf8")).toBe(before);
    mkdirSync(at("links"));
    symlinkSync(at("mine/rutile.cif"), at("links/rutile.cif"));
    const linked = await ewald("convert", at("links"), "--format", "cif", "-o", at("mine"));
    expect([linked.code, linked.stderr]).toEqual([
      2,
      expect.stringContaining("[usage/overwrites-input]"),
    ]);
    const beside = await ewald("convert", at("mine"), "--format", "poscar", "-o", at("mine"));
    expect(beside.code).toBe(0);
    expect(readdirSync(at("mine"))).toHaveLength(4);
  });

  test("a CIF of both kinds asks which one is meant", async () => {
    await ewald("convert", "examples/quartz-simulated.xy", "-o", at("pattern.cif"));
    const pattern = readFileSync(at("pattern.cif"), "utf8").replaceAll(
      /^(?:data_|_chemical_name).*$/gm,
      "",
    );
    writeFileSync(at("both.cif"), `${readFileSync("examples/quartz.cif", "utf8")}\n${pattern}`);
    const unclear = await ewald("convert", at("both.cif"), "-o", at("unclear.cif"));
    expect([unclear.code, unclear.stderr]).toEqual([
      3,
      expect.stringContaining("[read/two-kinds]"),
    ]);
    for (const [format, result] of [
      ["cif", "9 atoms"],
      ["pdcif", "2334 points"],
    ] as const) {
      const { code, stderr } = await ewald(
        "convert",
        at("both.cif"),
        "-o",
        at("chosen.cif"),
        "--format",
        format,
      );
      expect([code, stderr]).toEqual([0, expect.stringContaining(result)]);
    }
    const steps = await ewald("convert", at("both.cif"), "-o", at("steps.cif"), "--smooth", "7");
    expect([steps.code, steps.stderr]).toEqual([0, expect.stringContaining("2334 points")]);
  });

  test("wrong use points to the help of the very command", async () => {
    const plain = await ewald("convert", "examples/quartz.cif");
    expect([plain.code, plain.stderr]).toEqual([
      2,
      expect.stringContaining("(ewald convert --help "),
    ]);
    const inner = await ewald("data", "show");
    expect([inner.code, inner.stderr]).toEqual([
      2,
      expect.stringContaining("(ewald data show --help "),
    ]);
    const outer = await ewald("convrt");
    expect([outer.code, outer.stderr]).toEqual([2, expect.stringContaining("(ewald --help ")]);
  });

  test("the wrong kind, and formats that contradict the ending", async () => {
    const scan = await ewald("convert", "examples/quartz-simulated.xy", "-o", at("x.vasp"));
    expect([scan.code, scan.stderr]).toEqual([3, expect.stringContaining("[read/wrong-kind]")]);
    const structure = await ewald("convert", "examples/perovskite.vasp", "-o", at("x.xy"));
    expect([structure.code, structure.stderr]).toEqual([
      3,
      expect.stringContaining("[scan/not-a-scan]"),
    ]);
    const ending = await ewald(
      "convert",
      "examples/quartz.cif",
      "-o",
      at("x.vasp"),
      "--format",
      "cif",
    );
    expect([ending.code, ending.stderr]).toEqual([2, expect.stringContaining("[usage/format]")]);
    const steps = await ewald(
      "convert",
      "examples/quartz.cif",
      "-o",
      at("x.vasp"),
      "--smooth",
      "7",
    );
    expect([steps.code, steps.stderr]).toEqual([
      2,
      expect.stringContaining("[usage/contradiction]"),
    ]);
  });
});
