/** One numeric core: the shipped examples give the same numbers in the browser as in Node. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { analyzeSymmetry, loadSymmetry, readStructures } from "../../../src/crystal/index.ts";
import { packageModels } from "../../../src/data/node.ts";
import { powderPattern } from "../../../src/diffraction/index.ts";
import { loadRuntime } from "../../../src/net/index.ts";
import { listedTypes, printedPercent, verdictOf } from "../../../src/report/index.ts";
import { readScan } from "../../../src/scan/index.ts";
import { loadReciprocal } from "../../../src/systems/reciprocal/index.ts";
import {
  identifyScan,
  loadStructureTypeModel,
  type ScanIdentification,
  type StructureTypeModel,
} from "../../../src/systems/structure-type/index.ts";
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

describe("structures", () => {
  test("are judged by the networks as in Node", async () => {
    const [{ structure }] = readStructures(readFileSync("examples/quartz.cif")).structures as [
      ReturnType<typeof readStructures>["structures"][0],
    ];
    const predictor = await loadReciprocal(await loadRuntime({ provider: "cpu" }), packageModels());
    const [expected] = await predictor.predict([structure]);
    await predictor.release();
    await page.goto(`${session.server.url}#/example/quartz`);
    await page.getByRole("button", { name: "Ask the networks" }).click();
    const rows = page.getByRole("table", { name: /Predicted classes/ }).getByRole("row");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(expected!.length);
    for (const [i, { label, probability }] of expected!.entries()) {
      const text = (await rows.nth(i).textContent())!;
      expect(text).toContain(label);
      expect(text).toContain(printedPercent(probability!));
    }
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
