/** `ewald identify`, from the words of a command line to text, JSON and a report. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync, strToU8, zipSync } from "fflate";
import { packTar } from "modern-tar";
import { describe, expect, test } from "vitest";
import { hasShared } from "../support/shared.ts";
import { measured } from "../systems/structure-type/support.ts";
import { ewald, jsonLines } from "../support/cli.ts";
import { hasStructureTypes, MODEL_ABSENT, MODELS } from "../support/models.ts";

const OLIVINE = "examples/olivine-quartz-simulated.xy";
const QUARTZ = "examples/quartz-simulated.xy";
const folder = mkdtempSync(join(tmpdir(), "ewald-identify-"));
const at = (name: string): string => join(folder, name);

function identify(...words: string[]): ReturnType<typeof ewald> {
  return ewald("identify", ...words, "--models", MODELS, "--threads", "1");
}

describe("refused before any model is read", () => {
  test.each([
    [["--report", "answer.pdf"], "usage/report-format"],
    [["--must", "Ti", "--never", "Ti"], "constraints/contradiction"],
    [["--must", "Xx"], "element/unknown"],
    [["--composition", "Sr 20.1 Ti 19.8 O 60.1"], "composition/no-unit"],
    [["--composition", "absent-eds.txt"], "file/not-read"],
    [["--composition", "absent/eds"], "file/not-read"],
    [["--composition", "Xx.5H2O"], "formula/ambiguous-dot"],
    [["--wavelength", "KuKa"], "radiation/unknown-anode"],
    [["--instrument", "examples/quartz.cif"], "calibrate/bad-instrument"],
    [["--reference", QUARTZ], "file/reference"],
    [["--fit-reference", "0"], "usage/fit-reference"],
    [["--fit-reference", "11 %"], "usage/fit-reference"],
    [["--fit-reference", "1,5"], "usage/fit-reference"],
    [["--fit-reference", QUARTZ], "usage/fit-reference"],
    [["--fit-reference"], "usage/fit-reference"],
    [["--models", "examples"], "model/not-read"],
  ])("%j: %s", async (words, code) => {
    const { code: exit, stderr } = await ewald("identify", OLIVINE, ...words);
    expect(stderr).toContain(`[${code}]`);
    expect([2, 3]).toContain(exit);
  });

  test("a composition's file that is not there is named, and what the words would mean as a formula", async () => {
    const { stderr } = await ewald("identify", OLIVINE, "--composition", "absent-eds.txt");
    expect(stderr).toMatch(
      /^error: absent-eds\.txt: no such file .*\[formula\/unexpected-character/,
    );
  });

  test("help has examples", async () => {
    const { code, stdout } = await ewald("identify", "--help");
    expect(code).toBe(0);
    expect(stdout).toContain("--any-of");
    expect(stdout).toContain(`ewald identify ${OLIVINE}`);
  });
});

describe.skipIf(!hasStructureTypes)(`with the model${MODEL_ABSENT}`, () => {
  test("text: the type, the compound with its cell, the second phase", async () => {
    const { code, stdout, stderr } = await identify(OLIVINE);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^examples\/olivine-quartz-simulated\.xy {2}X-rays, Cu Kα1\+Cu Kα2/);
    expect(stdout).toMatch(/\nolivine or triphylite, (?:almost certain|likely)/);
    expect(stdout).toMatch(
      /nearest known compound: Mg₂SiO₄, fitted a = 10\.2\d+, b = 5\.98\d, c = 4\.7/,
    );
    expect(stdout).toMatch(/26\.\d+° .*a mixture\? \[identify\/unexplained-peaks\]/);
  });

  test("JSON of the documented form", async () => {
    const { stdout } = await identify(OLIVINE, QUARTZ, "--json", "--top", "3");
    const records = jsonLines(stdout);
    expect(records).toHaveLength(2);
    expect(records[1]).toMatchObject({
      kind: "identification",
      input: QUARTZ,
      rejected: false,
      reason: null,
      elements: null,
      references: [],
      model: { name: "structure-type" },
      overlay: { formula: expect.stringMatching(/O2$/) as string },
    });
    const types = records[1]!["types"] as Record<string, unknown>[];
    expect(types).toHaveLength(3);
    expect(Object.keys(types[0]!)).toEqual([
      "key",
      "name",
      "probability",
      "reliability",
      "agreement",
      "cellIs",
      "confidence",
      "nearest",
    ]);
    expect(types[0]).toMatchObject({ key: "AB2|hP9|152|a c", name: "α-quartz" });
  });

  test("elements: formula, wt% with errors, a table, constraints; what cannot be is not answered", async () => {
    writeFileSync(
      at("eds.txt"),
      "Element\tWt%\tWt% Sigma\nO\t53.3\t0.8\nSi\t46.7\t0.8\nTotal:\t100.0\n",
    );
    for (const words of [
      ["--composition", "SiO2"],
      ["--composition", "SiO2 99.5(5) wt%"],
      ["--composition", at("eds.txt")],
      ["--must", "Si,O"],
      ["--may", "Si O", "--any-of", "Si,Ge", "--any-of", "O"],
    ]) {
      const [record] = jsonLines((await identify(QUARTZ, "--json", ...words)).stdout);
      const [best] = record!["types"] as { name: string }[];
      expect([words, best!.name]).toEqual([words, "α-quartz"]);
      expect(record!["elements"]).not.toBeNull();
    }
    const wrong = jsonLines((await identify(QUARTZ, "--json", "--must", "Cs,Br,Pt")).stdout)[0]!;
    const { rejected, warnings } = wrong as unknown as {
      rejected: boolean;
      warnings: { code: string }[];
    };
    expect(rejected || warnings.some(({ code }) => code === "identify/elements")).toBe(true);
  });

  test("the nearest compound is one of the named elements where one is about as near", async () => {
    const scan = at("halite.xy");
    await ewald("simulate", "examples/halite.cif", "--pattern", scan, "--wavelength", "CuKa1");
    const nearest = async (...words: string[]): Promise<unknown[]> => {
      const { stdout } = await identify(scan, "--wavelength", "CuKa1", "--json", ...words);
      const { types, warnings } = jsonLines(stdout)[0] as unknown as {
        types: { nearest: { formula: string } | null }[];
        warnings: { code: string; message: string }[];
      };
      const misfit = warnings.filter(({ code }) => code === "identify/compound");
      return [types[0]!.nearest?.formula ?? null, ...misfit.map(({ message }) => message)];
    };
    expect(await nearest()).toEqual(["NaCl"]);
    expect(await nearest("--composition", "NaCl")).toEqual(["NaCl"]);
    // 2 % larger.
    expect(await nearest("--must", "Ag,Br")).toEqual(["AgBr"]);
    // A tenth larger, a quarter smaller: that none of these elements lies near is said; what lies near holds excluded ones.
    for (const [words, near, formula] of [
      [["--composition", "KCl"], null, "KCl"],
      [["--must", "Mg,O"], "NaCl", "MgO"],
    ] as const)
      expect(await nearest(...words)).toEqual([
        near,
        expect.stringContaining(
          `with these elements (${formula}) do not fit, their cells changed by up to 3 %`,
        ),
      ]);
  });

  test("a report of one and of many, the user's structure in it", async () => {
    const one = at("one.html");
    const { stderr } = await identify(
      OLIVINE,
      "--report",
      one,
      "--reference",
      "examples/olivine.cif",
    );
    expect(stderr).toBe(`wrote ${one}\n`);
    const html = readFileSync(one, "utf8");
    expect(html).toContain("<h1>olivine or triphylite</h1>");
    expect(html).toContain("olivine.cif");
    expect(html).toMatch(/class="evidence"/);
    const many = at("many.html");
    await identify(OLIVINE, QUARTZ, "--report", many);
    expect(readFileSync(many, "utf8")).toContain("Structure types of 2 powder scans");
  });

  test("a report of a part of the scan, on the scale that was asked for", async () => {
    const part = at("part.html");
    await identify(OLIVINE, "--report", part, "--view", "20:45", "--scale", "log");
    const html = readFileSync(part, "utf8");
    expect(html).toContain("A part of the scan is shown: 2θ 20° to 45°.");
    expect(html).toContain("intensity (log scale)");
    // Its axis has numbers of this part alone.
    expect(html).toMatch(/class="x-number"[^>]*>25</);
    expect(html).not.toMatch(/class="x-number"[^>]*>60</);
    const none = await identify(OLIVINE, "--report", at("none.html"), "--view", "100:120");
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("It goes from 10 to 75")]);
    const alone = await identify(OLIVINE, "--view", "20:45");
    expect(alone.stderr).toContain("[usage/contradiction]");
  });

  test("a reference as it is, and with its cell let free by 1 %", async () => {
    const asked = async (...words: string[]) => {
      const { stdout } = await identify(QUARTZ, "--reference", "examples/rutile.cif", ...words);
      return stdout;
    };
    const given = await asked("--json");
    const [laid] = jsonLines(given)[0]!["references"] as Record<string, unknown>[];
    expect(laid).toMatchObject({
      cellIs: "as given",
      cellChangePercent: [0, 0, 0],
      zeroShiftDeg: 0,
    });
    expect((laid!["cell"] as number[]).slice(0, 3)).toEqual([4.593, 4.593, 2.959]);
    expect(laid!["agreement"]).toBeLessThan(0.3);
    expect(laid).not.toHaveProperty("asGiven");
    expect(await asked()).toMatch(
      /reference rutile\.cif: agreement 0\.\d\d, cell as given, .*\n {2}a = 4\.593, c = 2\.959 Å; --fit-reference lets its cell change/,
    );
    const fitted = await asked("--fit-reference");
    expect(fitted).toMatch(
      /cell fitted, .*\n {2}fitted a = .* Å \(a [+−]\d\.\d\d %, b [+−]\d\.\d\d %, c [+−]\d\.\d\d %\), zero shift .*\n {2}as given: agreement 0\.\d\d/,
    );
    const [wide] = jsonLines(await asked("--fit-reference", "2.5", "--json"))[0]!["references"] as {
      cellChangePercent: number[];
      asGiven: { agreement: number };
    }[];
    for (const change of wide!.cellChangePercent) expect(Math.abs(change)).toBeLessThanOrEqual(2.5);
    expect(wide!.asGiven.agreement).toBe(laid!["agreement"]);
  });

  test("a folder: structures passed over, bad scans named, the rest answered", async () => {
    mkdirSync(at("scans"), { recursive: true });
    writeFileSync(at("scans/a.xy"), readFileSync(QUARTZ));
    writeFileSync(at("scans/b.cif"), readFileSync("examples/quartz.cif"));
    writeFileSync(at("scans/bare.xy"), "10 100\n10.1 120\n10.2 90\n");
    const { code, stdout, stderr } = await identify(at("scans"), "--json");
    expect(code).toBe(3);
    expect(
      jsonLines(stdout)
        .map(({ kind }) => kind)
        .toSorted(),
    ).toEqual(["failure", "identification"]);
    expect(stderr).toContain("1 file(s) of other kinds passed over");
    expect(stderr).toMatch(/bare\.xy.*\[scan\/no-wavelength\]/);
  });

  test("archives: every scan in them, other files passed over, bad ones named", async () => {
    const files = {
      "a/quartz.xy": new Uint8Array(readFileSync(QUARTZ)),
      "a/readme.txt": strToU8("these are scans"),
      "a/quartz.cif": new Uint8Array(readFileSync("examples/quartz.cif")),
      "a/.hidden.xy": strToU8("1 2"),
      "b/bare.xy": strToU8("10 100\n10.1 120\n10.2 90\n"),
    };
    writeFileSync(at("scans.zip"), zipSync(files));
    const { code, stdout, stderr } = await identify(at("scans.zip"), "--json");
    expect(jsonLines(stdout).map(({ kind, input }) => [kind, input])).toEqual([
      ["identification", at("scans.zip/a/quartz.xy")],
      ["failure", at("scans.zip/b/bare.xy")],
    ]);
    expect(stderr).toMatch(/bare\.xy.*\[scan\/no-wavelength\]/);
    expect(code).toBe(3);
    const entry = (name: string) => {
      const body = files[name as keyof typeof files];
      return { header: { name, size: body.length }, body };
    };
    const tar = await packTar([entry("a/quartz.xy"), entry("a/readme.txt")]);
    writeFileSync(at("scans.tar.gz"), gzipSync(tar));
    const packed = await identify(at("scans.tar.gz"), "--json");
    expect(jsonLines(packed.stdout).map(({ input }) => input)).toEqual([
      at("scans.tar.gz/a/quartz.xy"),
    ]);
    expect([packed.code, packed.stderr]).toEqual([0, ""]);
    writeFileSync(at("empty.zip"), zipSync({ "readme.txt": strToU8("nothing") }));
    expect((await identify(at("empty.zip"))).stderr).toContain("[archive/nothing]");
  });

  test("flat, noise and a few points are rejected with the reason, never guessed", async () => {
    const flat = Array.from({ length: 3000 }, (_, i) => `${10 + i * 0.02} 100`).join("\n");
    writeFileSync(at("flat.xy"), flat);
    const { code, stdout } = await identify(at("flat.xy"), "--wavelength", "CuKa12");
    expect(code).toBe(0);
    expect(stdout).toContain("Cannot be answered: Flat");
    const neutrons = ["--wavelength", "1.54", "--radiation", "neutron"];
    expect((await identify(QUARTZ, ...neutrons)).stdout).toContain(
      "Cannot be answered: Measured with neutrons",
    );
  });

  /** A measured scan as a file that names no wavelength. */
  async function scanFile(pattern: string): Promise<string> {
    const [range] = (await measured(pattern)).ranges;
    const { values } = range!.axis;
    const rows = Array.from(values, (angle, i) => `${angle} ${range!.intensity[i]!}`);
    const path = at(`${pattern.split("/").at(-1)!}.xy`);
    writeFileSync(path, rows.join("\n"));
    return path;
  }

  test.skipIf(!hasShared)("a wrong tube is suspected where something fits, too", async () => {
    const scan = await scanFile("powdr_rockjock/ANATASE");
    const { stdout } = await identify(scan, "--wavelength", "CoKa12");
    // Answered "anatase, almost certain (97 %)" with the cell of EuN2 before, and without a word.
    expect(stdout).toMatch(
      /\nThis looks like Cu Kα, not Co Kα: With Cu Kα the scan fits anatase as it is known: agreement 0\.92 instead of 0\.57\. With Co Kα it would be anatase\.\n/,
    );
    const [right] = jsonLines((await identify(scan, "--wavelength", "CuKa12", "--json")).stdout);
    expect(right).toMatchObject({
      tube: null,
      ties: [],
      types: [{ name: "anatase" }, {}, {}, {}, {}],
    });
  });

  test.skipIf(!hasShared)("a tie is told as one, until elements decide", async () => {
    const scan = await scanFile("powdr_rockjock/HEMATITE");
    const asked = async (...words: string[]) =>
      (await identify(scan, "--wavelength", "CuKa12", ...words)).stdout;
    const text = await asked();
    expect(text).toMatch(
      /\nIlmenite or corundum: The scan alone cannot tell them apart\. Which elements are in it\? Nearest known: \S+ for ilmenite, Fe₂O₃ for corundum\.\n {2}name them: --composition/,
    );
    expect(text).toMatch(/\nand \d others that do not fit\n/);
    const [tied] = jsonLines(await asked("--json")) as unknown as [
      { ties: { name: string; elements: string[] }[]; types: unknown[]; tube: unknown },
    ];
    expect(tied.ties.map(({ name }) => name)).toEqual(["ilmenite", "corundum"]);
    expect(tied.ties[1]!.elements.toSorted()).toEqual(["Fe", "O"]);
    expect(tied.types).toHaveLength(5);
    expect(tied.tube).toBeNull();
    const [known] = jsonLines(await asked("--json", "--composition", "Fe2O3"));
    expect(known).toMatchObject({ ties: [], types: [{ name: "corundum" }, {}, {}, {}, {}] });
  });

  test("the wrong tube is suspected", async () => {
    const { stdout } = await identify(QUARTZ, "--wavelength", "CoKa12");
    expect(stdout).toMatch(/\nThis looks like Cu Kα, not Co Kα: With Cu Kα the scan fits α-quartz/);
    expect(stdout).toMatch(/give --wavelength CuKa12 \[identify\/wavelength\]/);
  });
});
