/** `ewald predict` with the models of the package: known values, undecided, outside; every shipped example. */
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { ClassPrediction } from "../../src/models/prediction.ts";
import { NODE_ENVIRONMENT } from "../../src/cli/environment.ts";
import type { StructureContent } from "../../src/data/contents.ts";
import { settledOptions } from "../../src/jobs/options.ts";
import { predictJob } from "../../src/jobs/predict/job.ts";
import type { PredictRecord } from "../../src/jobs/predict/record.ts";
import { PREDICT_OPTIONS } from "../../src/jobs/predict/spec.ts";
import { STRUCTURE_TASKS } from "../../src/jobs/shared-options.ts";
import { TASK_NAMES } from "../../src/systems/reciprocal/task.ts";
import { ewald, jsonLines } from "../support/cli.ts";
import { exampleStructure } from "../systems/structure-type/support.ts";

interface Record {
  readonly input: string;
  readonly formula: string;
  readonly known?: readonly {
    readonly id: string;
    readonly source: string;
    readonly values: object;
  }[];
  readonly knownOfFormula?: number;
  readonly predictions: readonly ClassPrediction[];
}

async function records(...words: string[]): Promise<Record[]> {
  const { code, stdout } = await ewald("predict", ...words, "--threads", "1", "--json");
  expect(code).toBe(0);
  return jsonLines(stdout) as unknown as Record[];
}
const STRUCTURES = [
  "anatase.cif",
  "calcite.cif",
  "halite.cif",
  "olivine.cif",
  "quartz.cif",
  "rutile.cif",
  "perovskite.vasp",
].map((name) => `examples/${name}`);
const labelOf = ({ predictions }: Record, task: string): string | null =>
  predictions.find((one) => one.task === task)!.label;

describe("every shipped example", () => {
  let told: Record[];
  beforeAll(async () => {
    told = await records(...STRUCTURES);
  });

  test("is in the tables, but for the mixed olivine, with its source", () => {
    const ids = told.map(({ known }) => known!.map(({ id }) => id));
    for (const [i, id] of [
      "mp-390",
      "mp-3953",
      "mp-22862",
      null,
      "mp-7000",
      "mp-2657",
      "mp-5229",
    ].entries())
      if (id === null) expect(ids[i]).toEqual([]);
      else expect(ids[i]).toContain(id);
    expect(told[0]!.known![0]).toMatchObject({
      source: "DFT, Materials Project mp-390",
      values: { bandGapEv: 2.0517, bulkModulusGpa: 179, shearModulusGpa: 55 },
    });
  });

  test.each([[[]], [["--without-composition"]]])(
    "agrees with the tables or says undecided, options %j",
    async (options) => {
      let compared = 0;
      for (const { input, predictions } of options.length === 0
        ? told
        : await records(...STRUCTURES, ...options))
        for (const { task, label, known = [] } of predictions) {
          if (known.length === 0) continue;
          compared++;
          expect(["undecided", ...known.map((one) => one.label)], `${input} ${task}`).toContain(
            label,
          );
        }
      // Six structures, four properties.
      expect(compared).toBe(24);
    },
  );

  test("by the network that knows the composition; the tables undo what it alone gets wrong", async () => {
    for (const { predictions } of told)
      for (const { task, model } of predictions)
        if (task !== "system") expect(model.name).toBe("reciprocal/properties-with-composition");
    const strontiumTitanate = told.at(-1)!;
    expect(labelOf(strontiumTitanate, "stable")).toBe("undecided");
    const [alone] = await records("examples/perovskite.vasp", "--no-known");
    expect(alone!.known).toBeUndefined();
    expect(labelOf(alone!, "stable")).toBe("more than 20 meV/atom above the hull");
    // 0.67, once "metal": below what the calibration supports, whether the tables are asked or not.
    expect(labelOf(alone!, "metal")).toBe("undecided");
  });
});

describe("in words", () => {
  const text = async (...words: string[]): Promise<string> =>
    (await ewald("predict", ...words, "--threads", "1")).stdout;

  test("known values stand before the predictions; stable says within what", async () => {
    const out = await text("examples/calcite.cif");
    const [known, predicted] = [
      out.indexOf("DFT, Materials Project mp-3953"),
      out.indexOf("predicted"),
    ];
    expect(known).toBeGreaterThan(0);
    expect(predicted).toBeGreaterThan(known);
    expect(out).toMatch(/stable {2}stable \(within 20 meV\/atom of the hull\)/);
    expect(out).not.toMatch(/unstable/);
  });

  test("several entries, the lowest of a space group, and none", async () => {
    const anatase = await text("examples/anatase.cif");
    expect(anatase).toContain("2 entries have this formula and structure");
    expect(anatase).toContain("* the lowest of all entries of this formula and space group");
    expect(anatase).toMatch(/undecided \(metal\): metal with \d\d %: below 72 %/);
    expect(await text("examples/olivine.cif")).toContain("the tables do not hold Mg1.8Fe0.2SiO4");
  });
});

describe("as a job", () => {
  test("tasks by name, each once; a wrong name is refused with the right ones", async () => {
    expect(STRUCTURE_TASKS.choices).toEqual(TASK_NAMES);
    const [record] = await records("examples/halite.cif", "--task", "bulk, metal,bulk");
    expect(record!.predictions.map(({ task }) => task)).toEqual(["bulk", "metal"]);
    const { code, stderr } = await ewald("predict", "examples/halite.cif", "--task", "colour");
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('"colour" is not one of metal, bulk, shear, stable, system'),
    ]);
  });

  test("what is no structure is told beside the answers, which keep their order", async () => {
    const { code, stdout, stderr } = await ewald(
      ..."predict examples/halite.cif examples/quartz-simulated.xy examples/rutile.cif".split(" "),
      ..."--threads 1 --json".split(" "),
    );
    expect(code).toBe(3);
    const lines = jsonLines(stdout) as unknown as { kind: string; formula?: string }[];
    const formulas = lines.flatMap(({ formula }) => (formula === undefined ? [] : [formula]));
    expect(formulas).toEqual(["NaCl", "TiO2"]);
    expect(stderr).toContain("quartz-simulated.xy");
  });

  test("one by one and many at once are the same records; a figure of nothing is refused with the reason", async () => {
    const options = settledOptions(PREDICT_OPTIONS, { threads: 1, criticalPoints: true });
    const session = await predictJob.open(options, NODE_ENVIRONMENT, new Set());
    const contents = ["halite", "quartz"].map((name): StructureContent => ({
      kind: "structure",
      input: name,
      format: "cif",
      structure: exampleStructure(name),
      warnings: [],
    }));
    const many = await predictJob.runMany!(contents, session);
    for (const [i, content] of contents.entries()) {
      const one = await predictJob.run(content, session);
      const [other] = [many[i] as PredictRecord];
      expect(one.formula).toBe(other.formula);
      for (const [t, { label, probability }] of one.predictions.entries()) {
        expect(other.predictions[t]!.label).toBe(label);
        expect(other.predictions[t]!.probability ?? 0).toBeCloseTo(probability ?? 0, 5);
      }
      expect(JSON.stringify(predictJob.json!(one))).not.toContain('"shown"');
      expect(one.criticalPoints!.length).toBeGreaterThan(0);
    }
    expect(() =>
      predictJob.output!("explain", [], session, { version: "0", date: "2026-01-01" }),
    ).toThrow(/none was/);
    await predictJob.close!(session);
  });
});

const ORGANIC = "../shared/data/formats/cif/codcif_7052868.cif";
test.skipIf(!existsSync(ORGANIC))(
  'COD 7052868, once "unstable 91 %", is outside with the reason',
  async () => {
    const [record] = await records(ORGANIC);
    for (const { task, inDomain, reason } of record!.predictions) {
      if (task === "system") continue;
      expect(inDomain).toBe(false);
      expect(reason).toContain("organic");
    }
  },
);
