/** What `ewald identify` is told of the elements: echoed, asked about, and never passed over by the answer. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { elementsOf } from "../../src/crystal/composition/composition.ts";
import { parseFormula } from "../../src/crystal/composition/formula.ts";
import { ewald, jsonLines } from "../support/cli.ts";
import { hasStructureTypes, MODEL_ABSENT, MODELS } from "../support/models.ts";

const QUARTZ = "examples/quartz-simulated.xy";
const folder = mkdtempSync(join(tmpdir(), "ewald-elements-"));

function identify(...words: string[]): ReturnType<typeof ewald> {
  return ewald("identify", ...words, "--models", MODELS, "--threads", "1");
}

describe("refused before any model is read", () => {
  test.each([
    [
      ["--composition", "Ti 33 O 67"],
      "composition/no-unit",
      '"Ti 33 O 67 at%" or "Ti 33 O 67 wt%"',
    ],
    [["--composition", "sio2"], "formula/unexpected-character", "Is SiO2 meant?"],
    [["--elements", "Ti,O", "--never", "Ti"], "constraints/contradiction", "Ti must be there"],
    [["-", "--composition", "-"], "usage/standard-input", "standard input"],
  ])("%j: %s", async (words, code, text) => {
    const { stderr } = await ewald("identify", QUARTZ, ...words);
    expect(stderr).toContain(`[${code}]`);
    expect(stderr).toContain(text);
  });
});

describe.skipIf(!hasStructureTypes)(`with the model${MODEL_ABSENT}`, () => {
  test("what was understood is echoed, what is unlikely asked about", async () => {
    const { stderr, stdout } = await identify(QUARTZ, "--composition", "SIO2");
    expect(stderr).toContain(
      "understood: sulfur, iodine, oxygen 1 : 1 : 2; there: O, S, I; perhaps: H,",
    );
    // With every answer that was given under it, in text, JSON and report.
    expect(stdout).toMatch(/silicon is written Si; SiO2 meant\? \[composition\/unlikely\]/);
    expect(stdout).toContain("elements: sulfur, iodine, oxygen 1 : 1 : 2");
  });

  test("an analysis: named elements and what an EDS does not see", async () => {
    const [record] = jsonLines((await identify(QUARTZ, "--json", "--elements", "Si")).stdout);
    expect(record!["elements"]).toBe(
      "there: Si; perhaps: H, He, Li, Be, B, C, N, O, F, Ne; nothing else",
    );
    const [best] = record!["types"] as { name: string; nearest: { formula: string } }[];
    expect([best!.name, best!.nearest.formula]).toEqual(["α-quartz", "SiO2"]);
  });

  test("no compound of an answer holds what is excluded", async () => {
    const scan = join(folder, "quartz.xy");
    await ewald("simulate", "examples/quartz.cif", "--pattern", scan, "--wavelength", "CuKa1");
    for (const [words, allowed] of [
      [
        ["--may", "Co,Zn,O"],
        ["Co", "Zn", "O"],
      ],
      [
        ["--elements", "Al,P"],
        ["Al", "P", ..."H He Li Be B C N O F Ne".split(" ")],
      ],
      [
        ["--composition", "GeO2"],
        ["Ge", ..."H He Li Be B C N O F Ne".split(" ")],
      ],
    ] as const) {
      const { stdout } = await identify(scan, "--wavelength", "CuKa1", "--json", ...words);
      const [record] = jsonLines(stdout) as unknown as {
        types: { nearest: { formula: string } | null }[];
        overlay: { formula?: string } | null;
      }[];
      const formulas = [
        ...record!.types.map(({ nearest }) => nearest?.formula),
        record!.overlay?.formula,
      ];
      for (const formula of formulas) {
        if (formula === undefined) continue;
        expect(allowed).toEqual(expect.arrayContaining(elementsOf(parseFormula(formula))));
      }
    }
  });

  test("a pasted table, from a file in UTF-16", async () => {
    const path = join(folder, "eds.txt");
    const table = "\ufeffElement\tWt%\tWt% Sigma\r\nO K\t53,3\t0,8\r\nSi K\t46,7\t0,5\r\n";
    writeFileSync(path, Buffer.from(table, "utf16le"));
    const { stderr } = await identify(QUARTZ, "--composition", path);
    expect(stderr).toContain("understood: oxygen 66.7 ± 0.4, silicon 33.3 ± 0.4 at%");
  });
});
