/** One numeric core: the shipped examples give the same numbers in the browser as in Node. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import { readStructures } from "../../../src/crystal/io/read-structures.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { analyzeSymmetry } from "../../../src/crystal/symmetry/symmetry.ts";
import { packageModels } from "../../../src/models/model-store.node.ts";
import { type ClassPrediction, likeliestClass, UNDECIDED } from "../../../src/models/prediction.ts";
import { powderPattern } from "../../../src/diffraction/powder.ts";
import { loadKnownValues } from "../../../src/known/load.ts";
import { listedTypes, verdictOf } from "../../../src/report/verdict.ts";
import { printedPercent } from "../../../src/report/words.ts";
import { readScan } from "../../../src/scan/read.ts";
import { loadReciprocal } from "../../../src/systems/reciprocal/predict.ts";
import { identifyScan, type ScanIdentification } from "../../../src/identify/identify-scan.ts";
import { loadStructureTypeModel } from "../../../src/systems/structure-type/model-files.ts";
import type { StructureTypeModel } from "../../../src/systems/structure-type/predict.ts";
import { pageSession, watch } from "../../support/page.ts";

const session = pageSession();
let page: Page;
let model: StructureTypeModel;

beforeAll(async () => {
  await loadSymmetry();
  const runtime = await loadRuntime({ provider: "cpu" });
  model = await loadStructureTypeModel(runtime, packageModels());
});
afterAll(() => model?.release());
beforeEach(async () => {
  page = await session.browser.context.newPage();
  const watched = watch(page, session.server.url);
  return async () => {
    await page.close();
    expect(watched).toEqual({ outside: [], errors: [] });
  };
});

async function downloaded(button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return readFileSync(await download.path(), "utf8");
}

type Saved = Pick<ScanIdentification, "types" | "rejected" | "reason" | "warnings"> & {
  readonly overlays: readonly { readonly zeroShiftDeg: number; readonly agreement: number }[];
};

describe("structure types", () => {
  test.each([
    ["quartz-scan", "quartz-simulated.xy"],
    ["lab6-scan", "lab6-simulated.xye"],
  ])("of the example %s", async (id, file) => {
    const { scan } = readScan(readFileSync(`examples/${file}`), { name: file });
    const expected = await identifyScan(model, scan, { top: 5 });
    await page.goto(`${session.server.url}#/example/${id}`);
    const heading = verdictOf(expected, false).headline;
    await page.getByText(heading, { exact: true }).first().waitFor();
    const saved = JSON.parse(await downloaded("answer as JSON")) as Saved;
    expect(saved.rejected).toBe(expected.rejected);
    expect(saved.warnings).toEqual(expected.warnings);
    expect(saved.types.map(({ key }) => key)).toEqual(expected.types.map(({ key }) => key));
    // Networks in single precision, another order of sums: 1e-4 of a probability.
    for (const [
      i,
      { probability, reliability, agreement, confidence },
    ] of expected.types.entries()) {
      const own = saved.types[i]!;
      expect(Math.abs(own.probability - probability)).toBeLessThan(1e-4);
      expect(Math.abs(own.reliability - reliability)).toBeLessThan(1e-3);
      expect(Math.abs(own.confidence - confidence)).toBeLessThan(1e-4);
      // Found by least squares that end where the last bits lead them.
      if (agreement === null) expect(own.agreement).toBeNull();
      else expect(Math.abs(own.agreement! - agreement)).toBeLessThan(1e-5);
    }
    expect(saved.overlays).toHaveLength(expected.candidates.length);
    for (const [i, { overlay }] of expected.candidates.entries())
      expect(Math.abs(saved.overlays[i]!.agreement - overlay.agreement)).toBeLessThan(1e-5);
  });
});

describe("the report", () => {
  test("is one page without script or request, with the answer of the command line", async () => {
    await page.goto(`${session.server.url}#/example/quartz-scan`);
    await page.getByText("α-quartz, calculated").waitFor();
    const html = await downloaded("report as HTML");
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).toContain("<title>α-quartz: quartz-simulated.xy</title>");
    expect(html).not.toMatch(/<script|<link|src=|https?:\/\/(?!www\.w3\.org)/);
    const { scan } = readScan(readFileSync("examples/quartz-simulated.xy"), { name: "quartz" });
    const { types } = await identifyScan(model, scan, { top: 5 });
    for (const { key } of listedTypes(types).listed) expect(html).toContain(key);
  });
});

/** A structure's properties as Node says them. */
async function expectedOf(
  file: string,
  withComposition: boolean,
): Promise<readonly ClassPrediction[]> {
  const [{ structure }] = readStructures(readFileSync(`examples/${file}`)).structures as [
    ReturnType<typeof readStructures>["structures"][0],
  ];
  const known = await loadKnownValues(packageModels());
  const runtime = await loadRuntime({ provider: "cpu" });
  const predictor = await loadReciprocal(runtime, packageModels(), { withComposition, known });
  const [expected] = await predictor.predict([structure]);
  await predictor.release();
  return expected!;
}

async function expectRows(expected: readonly ClassPrediction[]): Promise<void> {
  const rows = page.getByRole("table", { name: /Predicted by networks/ }).getByRole("row");
  await rows.first().waitFor();
  expect(await rows.count()).toBe(expected.length);
  for (const [i, prediction] of expected.entries()) {
    const text = (await rows.nth(i).textContent())!;
    const { label, probability } = likeliestClass(prediction)!;
    expect(text).toContain(label);
    expect(text).toContain(printedPercent(probability));
    expect(text.includes(UNDECIDED)).toBe(prediction.label === UNDECIDED);
  }
}

describe("structures", () => {
  test("have known values first, then what the networks say, as in Node", async () => {
    await page.goto(`${session.server.url}#/example/quartz`);
    await page.getByRole("button", { name: "Predict properties" }).click();
    await expectRows(await expectedOf("quartz.cif", true));
    const known = await page.getByRole("table", { name: /^Known values/ }).textContent();
    expect(known).toMatch(/DFT, Materials Project mp-\d+\)\s*Band gap\s*5\.7\d eV/);
    expect(known).toMatch(/Shear modulus\s*44 GPa/);
    expect(known).toMatch(/Formation energy\s*−3\.274 eV\/atom/);
    await page.getByText("stable (within 20 meV/atom of the hull)").waitFor();
  });

  test("where tables and network differ, or it is not sure, it reads undecided with the reason", async () => {
    await page.goto(`${session.server.url}#/example/perovskite`);
    await page.getByRole("button", { name: "Predict properties" }).click();
    await expectRows(await expectedOf("perovskite.vasp", true));
    await page.getByText(/Undecided \(metal or insulator\): metal with 6\d %/).waitFor();
    await page.getByText(/the known value says otherwise: stable \(within 20 meV/).waitFor();
  });

  test("the paper's network answers behind a switch, and what is outside says so", async () => {
    await page.goto(`${session.server.url}#/example/halite`);
    await page.getByRole("button", { name: "Predict properties" }).click();
    await page.getByLabel(/without the composition/).check();
    await expectRows(await expectedOf("halite.cif", false));
    await page.goto(`${session.server.url}#/example/olivine`);
    await page.getByRole("button", { name: "Predict properties" }).click();
    await page.getByText(/Outside the training data .*: partial occupancy/).waitFor();
    await page.getByText("No known values: the tables do not hold this compound.").waitFor();
  });
});

describe("space groups", () => {
  test("are shown and saved in the setting of the file: olivine is Pbnm, its mirror ..m", async () => {
    await page.goto(`${session.server.url}#/example/olivine`);
    await page.getByText("Pbnm").first().waitFor();
    const facts = await page.locator("dl").first().textContent();
    expect(facts!.replaceAll(/\s+/g, " ")).toContain(
      "Pbnm (no. 62; standard setting Pnma: a,b,c → b,c,a), orthorhombic",
    );
    const rows = page.getByRole("group", { name: "Orbits" }).getByRole("row");
    const texts = await rows.allTextContents();
    expect(texts.filter((text) => text.includes("..m"))).toHaveLength(4);
    expect(texts.join()).not.toContain(".m.");

    const text = await downloaded("structure as CIF");
    expect(text).toContain("_space_group_name_H-M_alt 'P b n m'");
    const [{ structure }] = readStructures(text).structures as [
      ReturnType<typeof readStructures>["structures"][0],
    ];
    expect(structure.sites).toHaveLength(28);
    expect(analyzeSymmetry(structure).symbol).toBe("Pbnm");
  });
});

describe("powder patterns", () => {
  test.each([
    ["quartz", "quartz.cif"],
    ["olivine", "olivine.cif"],
    ["perovskite", "perovskite.vasp"],
  ])("of the example %s", async (id, file) => {
    const [{ structure }] = readStructures(readFileSync(`examples/${file}`)).structures as [
      ReturnType<typeof readStructures>["structures"][0],
    ];
    const { operations } = analyzeSymmetry(structure);
    const { peaks } = powderPattern(structure, { twoThetaRangeDeg: [5, 90], operations });
    await page.goto(`${session.server.url}#/example/${id}`);
    await page.getByText(`${peaks.length} reflections`).waitFor();
    const lines = (await downloaded("reflections as CSV")).trimEnd().split("\r\n").slice(1);
    expect(lines).toHaveLength(peaks.length);
    for (const [i, line] of lines.entries()) {
      const [angle, d, intensity, multiplicity] = line.split(",").map(Number);
      const peak = peaks[i]!;
      expect(Math.abs(angle! - peak.twoThetaDeg)).toBeLessThan(1e-9);
      expect(Math.abs(d! - peak.dAngstrom)).toBeLessThan(1e-9);
      expect(Math.abs(intensity! - peak.intensity)).toBeLessThan(1e-7);
      expect(multiplicity).toBe(peak.multiplicity);
    }
  });
});
