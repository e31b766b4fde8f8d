import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ewald } from "../support/cli.ts";

const scratch = await mkdtemp(join(tmpdir(), "ewald-library-"));
const at = (name: string): string => join(scratch, name);
afterAll(() => rm(scratch, { recursive: true }));

beforeAll(async () => {
  await mkdir(at("cifs"));
  for (const name of ["quartz", "halite"])
    await copyFile(`examples/${name}.cif`, at(`cifs/${name}.cif`));
});

describe("ewald library", () => {
  test("search names the phase, its neighbours and the gap", async () => {
    const words = ["library", "search", "examples/quartz-simulated.xy", "--elements", "Si,O"];
    const { code, stdout } = await ewald(...words, "--most", "3", "--json");
    expect(code).toBe(0);
    const { kind, phases, elements } = JSON.parse(stdout);
    expect(kind).toBe("search");
    expect(elements).toContain("there: O, Si");
    expect(phases).toHaveLength(3);
    expect(phases[0]).toMatchObject({ name: "Quartz", formula: "O2Si", source: "AMCSD" });
    expect(phases[0].gap).toBeCloseTo(phases[0].score - phases[1].score, 12);
  });

  test("search refuses neutrons: the library holds heights of X-rays", async () => {
    const words = ["library", "search", "examples/quartz-simulated.xy"];
    const beam = ["--radiation", "neutron", "--wavelength", "1.594"];
    const { code, stderr } = await ewald(...words, ...beam);
    expect(code).toBe(3);
    expect(stderr).toContain("[library/radiation]");
  });

  test("list holds a chemical system, and its sub-systems where asked", async () => {
    const own = JSON.parse((await ewald("library", "list", "Ti-O", "--json")).stdout);
    const all = JSON.parse(
      (await ewald("library", "list", "Ti-O", "--sub-systems", "--json")).stdout,
    );
    expect(own.system).toBe("O-Ti");
    expect(own.phases.map(({ id }: { id: string }) => id)).toContain("mp-390");
    expect(all.phases.length).toBeGreaterThan(own.phases.length);
    const wrong = await ewald("library", "list", "Ti-Xx");
    expect(wrong).toMatchObject({ code: 2 });
    expect(wrong.stderr).toContain("[element/unknown]");
  });

  test("show says what is known; an unknown id is refused", async () => {
    const { stdout } = await ewald("library", "show", "mp-390");
    expect(stdout).toContain("TiO₂");
    expect(stdout).toContain("Anatase");
    expect(stdout).toMatch(/band gap +2\.05 eV/);
    expect((await ewald("library", "show", "mp-0")).stderr).toContain("[library/no-phase]");
  });

  test("export writes a CIF with its space group and source", async () => {
    await ewald("library", "export", "mp-390", "-o", at("anatase.cif"));
    const text = await readFile(at("anatase.cif"), "utf8");
    expect(text).toContain("# mp-390 of Materials Project: Anatase");
    const read = JSON.parse((await ewald("read", at("anatase.cif"), "--json")).stdout);
    expect(read).toMatchObject({ formula: "TiO2", spaceGroup: { number: 141 } });
    const refused = await ewald("library", "export", "mp-390", "-o", at("anatase.docx"));
    expect(refused.stderr).toContain("[library/export-format]");
  });

  test("build makes a library of one's own, searched beside the other", async () => {
    await writeFile(at("cifs/broken.cif"), "data_broken\n_cell_length_a 5\n");
    const from = ["--from", at("cifs"), "--name", "mine", "--models", at("models")];
    const made = await ewald("library", "build", ...from, "--json");
    expect(made.code).toBe(3);
    const { phases, leftOut } = JSON.parse(made.stdout);
    expect(phases).toBe(2);
    expect(leftOut).toHaveLength(1);
    process.env["EWALD_MODELS"] = at("models");
    try {
      const words = ["library", "search", "examples/quartz-simulated.xy"];
      const found = await ewald(...words, "--library", "mine", "--json");
      expect(JSON.parse(found.stdout).phases[0]).toMatchObject({ id: "quartz", source: "mine" });
      const none = await ewald("library", "show", "quartz", "--library", "yours");
      expect(none.stderr).toContain("[library/missing]");
    } finally {
      delete process.env["EWALD_MODELS"];
    }
    const shipped = await ewald("library", "build", "--from", at("cifs"), "--name", "shipped");
    expect(shipped.stderr).toContain("[library/name]");
  });

  test("an id stands for a structure wherever no file has its name", async () => {
    const { stdout } = await ewald("simulate", "mp-390", "--json");
    const { input, peaks } = JSON.parse(stdout);
    expect(input).toBe("mp-390");
    expect(peaks[0].twoThetaDeg).toBeCloseTo(25.3, 1);
    expect((await ewald("simulate", "mp-0")).stderr).toContain("[file/not-read]");
  });
});
