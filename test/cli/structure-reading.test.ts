/** Structures that contradict themselves, and CIFs that hold a powder profile too, through the commands. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ewald, jsonLines } from "../support/cli.ts";

const PRIMITIVE_OPERATIONS = "test/crystal/fixtures/cases/13c-fcc-primops.cif";
const folder = mkdtempSync(join(tmpdir(), "ewald-structures-"));
const at = (name: string): string => join(folder, name);

describe("--symmetry", () => {
  test("the hint of a contradiction names an option that each command has", async () => {
    for (const command of ["read", "simulate", "predict", "convert"]) {
      const output = command === "convert" ? ["-o", at("out.vasp")] : [];
      const { code, stderr } = await ewald(command, PRIMITIVE_OPERATIONS, ...output);
      expect([command, code]).toEqual([command, 3]);
      expect(stderr).toContain("--symmetry listed or --symmetry declared");
      const { stdout } = await ewald(command, "--help");
      expect(stdout).toContain("--symmetry <which>");
    }
  });

  test("either is believed where it is said", async () => {
    const formulas = async (which: string) => {
      const read = await ewald("read", PRIMITIVE_OPERATIONS, "--symmetry", which, "--json");
      return [jsonLines(read.stdout)[0]].map((record) => {
        const { spaceGroup, sites } = record as { spaceGroup: { number: number }; sites: object[] };
        return [spaceGroup.number, sites.length];
      })[0];
    };
    expect(await formulas("declared")).toEqual([225, 8]);
    expect(await formulas("listed")).toEqual([221, 2]);
    const simulated = await ewald("simulate", PRIMITIVE_OPERATIONS, "--symmetry", "declared");
    expect(simulated.code).toBe(0);
    const converted = await ewald(
      "convert",
      PRIMITIVE_OPERATIONS,
      "--symmetry",
      "declared",
      "--format",
      "poscar",
      "-o",
      "-",
    );
    expect(converted.stdout).toMatch(/\n4 4\n/);
    expect((await ewald("read", PRIMITIVE_OPERATIONS, "--symmetry", "both")).code).toBe(2);
  });
});

describe("a CIF with a structure and a powder profile", () => {
  let profile = "";
  beforeAll(async () => {
    const converted = await ewald(
      "convert",
      "examples/quartz-simulated.xy",
      "--format",
      "pdcif",
      "-o",
      "-",
    );
    profile = converted.stdout;
    const quartz = readFileSync("examples/quartz.cif", "utf8");
    const both = `${quartz}\n${profile.replaceAll(/^(?:data_|_chemical_name).*$/gm, "")}`;
    writeFileSync(at("both.cif"), both);
    writeFileSync(at("two-blocks.cif"), `${quartz}\n${profile}`);
    writeFileSync(at("broken.cif"), both.replace(/^_cell_length_a.*$/m, "_cell_length_a ?"));
  });

  test.each(["both.cif", "two-blocks.cif"])(
    "%s: read shows both, it was silent on the profile",
    async (name) => {
      const { code, stdout } = await ewald("read", at(name), "--json");
      expect(code).toBe(0);
      expect(jsonLines(stdout).map((record) => (record as { kind: string }).kind)).toEqual([
        "structure",
        "scan",
      ]);
    },
  );

  test("a profile whose structure is broken is still a profile, and the failure is told", async () => {
    const { code, stdout, stderr } = await ewald("read", at("broken.cif"));
    expect(code).toBe(3);
    expect(stdout).toContain("points");
    expect(stderr).toContain("[cif/no-cell]");
  });

  test("where only the structure is taken, a word says so", async () => {
    const { code, stdout } = await ewald("simulate", at("both.cif"), "--json");
    expect(code).toBe(0);
    const records = jsonLines(stdout) as { warnings: { code: string }[] }[];
    expect(records).toHaveLength(1);
    expect(records[0]!.warnings.map((one) => one.code)).toContain("cif/powder-profile");
  });
});
