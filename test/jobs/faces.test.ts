/** One file and the same options, given to the command line, to the job itself, to the library and to the page: the records are the same. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NODE_ENVIRONMENT } from "../../src/cli/environment.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { type Content, readContents } from "../../src/data/contents.ts";
import { identifyJob } from "../../src/jobs/identify/job.ts";
import { IDENTIFY_OPTIONS } from "../../src/jobs/identify/spec.ts";
import type { Job, JobRecord } from "../../src/jobs/job.ts";
import {
  type GivenOptions,
  type OptionSchema,
  type OptionsOf,
  settledOptions,
} from "../../src/jobs/options.ts";
import { readJob } from "../../src/jobs/read/job.ts";
import { simulateJob } from "../../src/jobs/simulate/job.ts";
import { overlayRecord } from "../../src/jobs/identify/record.ts";
import { NO_ELEMENTS } from "../../web/src/known-elements.ts";
import { identify, report } from "../../web/src/worker/identify.ts";
import { tasks } from "../../web/src/worker/tasks.ts";
import { folderModels, packageModels } from "../../src/models/model-store.node.ts";
import * as library from "../../src/verbs.ts";
import { ewald, jsonLines } from "../support/cli.ts";
import { hasStructureTypes, MODEL_ABSENT, MODELS } from "../support/models.ts";

const context = { progress: () => undefined };

/** As JSON holds it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

async function contentOf(path: string): Promise<Content> {
  await loadSymmetry();
  return readContents(readFileSync(path), path).contents[0]!;
}

async function byJob<S extends OptionSchema, Session, R extends JobRecord>(
  job: Job<S, Session, R>,
  path: string,
  given: GivenOptions<S>,
): Promise<unknown> {
  const options: OptionsOf<S> = settledOptions(job.spec.options, given);
  const session = await job.open(options, NODE_ENVIRONMENT, new Set());
  try {
    const record = await job.run(await contentOf(path), session);
    return plain(job.json?.(record) ?? record);
  } finally {
    await job.close?.(session);
  }
}

async function byCommand(...words: string[]): Promise<unknown> {
  const { stdout, code } = await ewald(...words, "--json");
  expect(code).toBe(0);
  return jsonLines(stdout)[0];
}

describe("simulate", () => {
  const QUARTZ = "examples/quartz.cif";

  test.each([
    ["the defaults", [], {}, ["xray", "CuKa", 5, 90]],
    [
      "another tube and range",
      ["--wavelength", "MoKa1", "--two-theta", "3:60"],
      { wavelength: "MoKa1", twoTheta: [3, 60] },
      ["xray", "MoKa1", 3, 60],
    ],
    [
      "neutrons",
      ["--radiation", "neutron", "--wavelength", "1.594"],
      { radiation: "neutron", wavelength: "1.594" },
      ["neutron", "1.594", 5, 90],
    ],
  ] as const)("%s", async (_name, flags, given, [radiation, wavelength, from, to]) => {
    const content = await contentOf(QUARTZ);
    if (content.kind !== "structure") throw new Error("a structure was expected");
    const { curve, milliseconds, ...onPage } = await tasks.simulate({
      content,
      radiation,
      wavelength,
      twoThetaRangeDeg: [from, to],
      fwhmDeg: 0.12,
    });
    const record = await byCommand("simulate", QUARTZ, ...flags);
    expect(await byJob(simulateJob, QUARTZ, given)).toEqual(record);
    expect(plain(onPage)).toEqual(record);
    expect(curve.x.length).toBe(curve.y.length);
    expect(milliseconds).toBeGreaterThan(0);
  });

  test("a range that is none is refused by all, with its bounds", async () => {
    const content = await contentOf(QUARTZ);
    const bounds = "FROM:TO within 0 and 180°";
    expect((await ewald("simulate", QUARTZ, "--two-theta", "90:5")).stderr).toContain(bounds);
    expect(() => settledOptions(simulateJob.spec.options, { twoTheta: [90, 5] })).toThrow(bounds);
    const onPage = tasks.simulate({
      content: content as never,
      radiation: "xray",
      wavelength: "CuKa",
      twoThetaRangeDeg: [90, 5],
      fwhmDeg: 0.12,
    });
    await expect(onPage).rejects.toThrow(`2θ: [90,5] is not a range ${bounds}`);
  });
});

describe("predict", () => {
  test("the library's verb gives the record of the command line", async () => {
    const path = "examples/halite.cif";
    const record = (await byCommand("predict", path, "--task", "metal,system")) as object;
    const models = packageModels();
    const answer = await library.predict(readFileSync(path), {
      models,
      tasks: ["metal", "system"],
    });
    expect({ ...(plain(answer) as object), input: path }).toEqual(record);
  });
});

describe("read", () => {
  test.each(["examples/quartz.cif", "examples/quartz-simulated.xy"])("%s", async (path) => {
    expect(await byJob(readJob, path, {})).toEqual(await byCommand("read", path));
  });

  test("the facts on the page are the record", async () => {
    const content = await contentOf("examples/quartz.cif");
    if (content.kind !== "structure") throw new Error("a structure was expected");
    const record = await byCommand("read", "examples/quartz.cif");
    expect(plain(await tasks.describe(content))).toEqual(record);
  });
});

describe("convert", () => {
  test("a scan is processed on the page as on the command line", async () => {
    const content = await contentOf("examples/quartz-simulated.xy");
    if (content.kind !== "scan") throw new Error("a scan was expected");
    const flags = ["--background", "snip", "--smooth", "9", "--remove-outliers"];
    const words = ["examples/quartz-simulated.xy", "--format", "json", "-o", "-", ...flags];
    const written = JSON.parse((await ewald("convert", ...words)).stdout) as {
      ranges: readonly [{ axis: { values: number[] }; intensity: number[] }];
    };
    const { x, y, scan } = await tasks.process({
      scan: content.scan,
      removeOutliers: true,
      smoothWindow: 9,
      background: "snip",
      subtract: true,
    });
    const [{ axis, intensity }] = written.ranges;
    expect(plain(Array.from(x))).toEqual(axis.values);
    expect(plain(Array.from(y))).toEqual(intensity);
    expect(plain(scan.history)).toEqual((written as { history?: unknown }).history);
  });
});

describe.skipIf(!hasStructureTypes)(`identify${MODEL_ABSENT}`, () => {
  const SCAN = "examples/olivine-quartz-simulated.xy";
  const REFERENCE = "examples/quartz.cif";
  const COMPOSITION = "Mg1.8±0.1Fe0.2±0.1SiO4";
  let server: Server;
  let base = "";

  beforeAll(async () => {
    server = createServer((request, response) => {
      try {
        response.end(readFileSync(join(MODELS, new URL(request.url!, "http://page").pathname)));
      } catch {
        response.writeHead(404).end();
      }
    });
    // While a network computes no request comes for seconds: the connection is to stay.
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((listening) => server.listen(0, listening));
    base = `http://localhost:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());

  test("with a composition, a reference whose cell may change, and another wavelength than the file's", async () => {
    const flags = ["--composition", COMPOSITION, "--wavelength", "CuKa1", "--never", "Al"];
    const fit = ["--reference", REFERENCE, "--fit-reference", "2", "--models", MODELS];
    const record = (await byCommand("identify", SCAN, ...flags, ...fit)) as Record<string, unknown>;
    const given = {
      composition: COMPOSITION,
      wavelength: "CuKa1",
      never: ["Al"],
      reference: [REFERENCE],
      fitReference: 2,
      models: MODELS,
    };
    expect(await byJob(identifyJob, SCAN, given)).toEqual(record);

    const [scan, reference] = [await contentOf(SCAN), await contentOf(REFERENCE)];
    if (scan.kind !== "scan" || reference.kind !== "structure") throw new Error("other kinds");
    const { answer } = await identify(
      {
        scan: scan.scan,
        wavelength: "CuKa1",
        radiation: "xray",
        elements: { ...NO_ELEMENTS, composition: COMPOSITION, never: ["Al"] },
        references: [{ name: "quartz.cif", structure: reference.structure }],
        referenceChangePercent: 2,
        models: base,
      },
      context,
    );
    // The page's runtime is another build of the same one: its sums differ in the last digits.
    for (const key of ["rejected", "reason", "ties", "tube", "model"] as const)
      expect(closeTo(plain(answer[key])), key).toEqual(closeTo(record[key]));
    // Those of the scan itself stand beside the scan there.
    const codes = (record["warnings"] as { code: string }[]).map(({ code }) => code);
    expect(answer.warnings.map(({ code }) => code)).toEqual(
      codes.filter((code) => !code.startsWith("scan/")),
    );
    expect(closeTo(plain(answer.types))).toEqual(closeTo(record["types"]));
    expect(plain(overlayRecord(answer.candidates[0]!))).toEqual(record["overlay"]);
    expect(plain(answer.references.map(overlayRecord))).toEqual(record["references"]);
  });

  test("the page's report shows the candidate, the range and the scale that the page shows", async () => {
    const scan = await contentOf(SCAN);
    if (scan.kind !== "scan") throw new Error("a scan was expected");
    const input = {
      scan: scan.scan,
      wavelength: "",
      radiation: "xray",
      elements: NO_ELEMENTS,
      references: [],
      referenceChangePercent: 0,
      models: base,
    } as const;
    const { answer } = await identify(input, context);
    const { key, name } = answer.types[1]!;
    const look = { view: { from: 20, to: 45 }, scale: "linear", hkl: false } as const;
    const html = await report(
      {
        scans: [{ ...input, name: "mine.xy", figure: { look, drawn: key } }],
        date: "2026-12-01",
        version: "0",
      },
      context,
    );
    expect(html).toContain("A part of the scan is shown: 2θ 20° to 45°.");
    expect(html).toContain(`lines of ${name}`);
    expect(html).toContain("where the network looked for");
    expect(html).not.toContain("root scale");
    expect(html).not.toMatch(/class="hkl/);
  });

  test("the library's verb answers the same, what is odd of the composition with it", async () => {
    const composition = "Mg2SiO4 97 SiO2 3 wt%";
    const words = ["--composition", composition, "--models", MODELS];
    const record = (await byCommand("identify", SCAN, ...words)) as Record<string, unknown>;
    const models = folderModels(MODELS);
    const answer = await library.identify(readFileSync(SCAN), { models, composition });
    for (const key of ["types", "rejected", "reason", "ties", "tube", "model", "warnings"] as const)
      expect(plain(answer[key]), key).toEqual(record[key]);
    expect(plain(overlayRecord(answer.candidates[0]!))).toEqual(record["overlay"]);
  });

  test("a warning of the composition stands in the record", async () => {
    const words = ["--composition", "SIO2", "--models", MODELS];
    const { warnings } = (await byCommand("identify", SCAN, ...words)) as {
      warnings: readonly { code: string }[];
    };
    expect(warnings.map(({ code }) => code)).toContain("composition/unlikely");
  });

  test("as many candidates as the command line gives", () =>
    expect(settledOptions(IDENTIFY_OPTIONS, {}).top).toBe(5));
});

/** Numbers to four digits. */
function closeTo(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, one: unknown) =>
      typeof one === "number" ? Number(one.toPrecision(4)) : one,
    ) ?? "null",
  );
}
