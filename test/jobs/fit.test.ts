/** `ewald fit` from the words of its options to record, text, figure and CIF. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NODE_ENVIRONMENT } from "../../src/cli/environment.ts";
import { readContents } from "../../src/data/contents.ts";
import { readStructures } from "../../src/crystal/io/read-structures.ts";
import { latticeParameters } from "../../src/crystal/lattice.ts";
import { fitJob } from "../../src/jobs/fit/job.ts";
import type { FitRecord } from "../../src/jobs/fit/record.ts";
import { FIT_OPTIONS } from "../../src/jobs/fit/spec.ts";
import { type GivenOptions, settledOptions } from "../../src/jobs/options.ts";

const SCAN = "examples/olivine-quartz-simulated.xy";
const OLIVINE = "examples/olivine.cif";
const QUARTZ = "examples/quartz.cif";

type Given = GivenOptions<typeof FIT_OPTIONS>;
const open = (given: Given) =>
  fitJob.open(settledOptions(FIT_OPTIONS, given), NODE_ENVIRONMENT, new Set());

async function fitted(
  given: Given,
): Promise<{ record: FitRecord; file: (name: string) => string }> {
  const session = await open(given);
  const [content] = readContents(readFileSync(SCAN), SCAN).contents;
  const record = await fitJob.run(content!, session);
  const imprint = { version: "0", date: "2026-12-01" };
  const file = (name: string): string => fitJob.output!(name, [record], session, imprint) as string;
  return { record, file };
}

describe("ewald fit", () => {
  test("olivine with a little quartz: numbers, text, figure, CIF", async () => {
    const { record, file } = await fitted({ phase: [OLIVINE, QUARTZ] });
    const [olivine, quartz] = record.phases;
    expect([olivine!.id, quartz!.id]).toEqual(["olivine", "quartz"]);
    expect(quartz!.weightFraction).toBeGreaterThan(0.01);
    expect(quartz!.weightFraction).toBeLessThan(0.03);
    const plain = JSON.stringify(fitJob.json!(record));
    expect(plain).not.toMatch(/NaN|calculated/);
    expect(JSON.parse(plain)).toMatchObject({ kind: "fit", input: SCAN, method: "structure" });
    expect(fitJob.text(record)).toContain("R Bragg");
    expect(file("plot")).toContain("<svg");
    const { structures } = readStructures(file("cif"));
    expect(structures.map(({ name }) => name)).toEqual(["olivine_fitted", "quartz_fitted"]);
    const { a, b } = latticeParameters(structures[0]!.structure.lattice);
    expect(a).toBeCloseTo(olivine!.cell.a, 6);
    expect(b).toBeCloseTo(olivine!.cell.b, 6);
  });

  test("a phase may be the id of a known one; a word that is neither is no file", async () => {
    const { phases } = await open({ phase: [OLIVINE, "mp-390"] });
    expect(phases[1]).toMatchObject({ id: "mp-390", name: "Anatase" });
    await expect(open({ phase: ["mp-0"] })).rejects.toMatchObject({ code: "file/not-read" });
  });

  test("a fitted CIF keeps the setting that the file states", async () => {
    const { file } = await fitted({ phase: [OLIVINE, QUARTZ] });
    expect(file("cif")).toContain("_space_group_name_H-M_alt 'P b n m'");
  });

  test("Le Bail gives no amounts", async () => {
    const { record } = await fitted({ phase: [OLIVINE], leBail: true });
    expect(record.phases[0]!.weightFraction).toBeNull();
    expect(fitJob.text(record)).not.toContain("wt%");
  });

  test.each([
    ["usage/bad-option", "a plane of no indices", () => FIT_OPTIONS.texture.parse("0,0,0")],
    ["usage/bad-option", "a range that falls", () => FIT_OPTIONS.exclude.parse("30:20")],
  ])("%s: %s", (code, _what, parse) => {
    expect(parse).toThrow(expect.objectContaining({ code }));
  });

  test("a texture must say which of several phases it is of", async () => {
    const texture = [FIT_OPTIONS.texture.parse("0,0,1")];
    await expect(open({ phase: [OLIVINE, QUARTZ], texture })).rejects.toMatchObject({
      code: "fit/unknown-phase",
    });
    const named = [FIT_OPTIONS.texture.parse("quartz:0,0,1")];
    const { phases } = await open({ phase: [OLIVINE, QUARTZ], texture: named });
    expect(phases.map(({ textureHkl }) => textureHkl)).toEqual([undefined, [0, 0, 1]]);
  });
});
