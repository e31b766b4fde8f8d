/**
 * What every system promises, by one body: the models that come with Ewald load, answer in the common form, abstain from what they
 * were not made for and say the same in native code and in WebAssembly; a training that is killed and started again ends with the
 * same bits, in files that load. A further system is a further line in `SYSTEMS`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import type { Structure } from "../../src/crystal/structure.ts";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import type { EmbeddedOptions } from "../../src/data/embedded.ts";
import { EMBEDDED_PROVENANCE, embeddedRows } from "../../src/data/embedded.ts";
import type { FeatureBlock } from "../../src/data/feature-cache.ts";
import { fileIdentity, openStructureTable, saveStructureTable } from "../../src/data/files.node.ts";
import { EwaldError } from "../../src/errors.ts";
import { type MadeModels, modelFolder } from "../../src/models/model-folder.ts";
import { packageModels } from "../../src/models/model-store.node.ts";
import { parseModelCard, type ReadModelFile } from "../../src/models/model-store.ts";
import { type Prediction, UNDECIDED } from "../../src/models/prediction.ts";
import type { Progress } from "../../src/net/progress.ts";
import type { Runtime } from "../../src/net/runtime.ts";
import { memoryStore, type Store } from "../../src/net/store.ts";
import { reciprocal } from "../../src/systems/reciprocal/system.ts";
import { structureType } from "../../src/systems/structure-type/system.ts";
import type { MakeRun, System, Task, TrainingTable } from "../../src/systems/system.ts";
import { exampleLines, exampleStructure, scanOf, simulated } from "./structure-type/support.ts";

interface Case<Input, Options> {
  readonly system: System<Input, Options>;
  /** Inputs that the shipped models answer. */
  near(): readonly Input[];
  /** Inputs unlike all that they learned from: answered with the mark, and not to be asked at all. */
  far(): { readonly marked: Input; readonly refused: Input };
  /** A table of its own, and two passes over it. */
  readonly rows: EmbeddedOptions;
  readonly options: Options;
}

function stretched(structure: Structure, factor: number): Structure {
  const [a, b, c] = structure.lattice.map(
    (row) => row.map((x) => factor * x) as unknown as Structure["lattice"][0],
  );
  return { ...structure, lattice: [a!, b!, c!] };
}

function ofElement(structure: Structure, element: string): Structure {
  const species = [{ element, occupancy: 1 }];
  return { ...structure, sites: structure.sites.map((site) => ({ ...site, species })) };
}

/** Lines where no crystal has them: every 1.7°, all alike. */
function comb() {
  const angles = Float64Array.from({ length: 4001 }, (_, i) => 10 + 0.02 * i);
  const away = (angle: number): number => ((angle + 0.85) % 1.7) - 0.85;
  return scanOf(
    angles,
    angles.map((angle) => 50 + 4000 * Math.exp(-((away(angle) / 0.06) ** 2))),
  );
}

const any = <Input, Options>(one: Case<Input, Options>): Case<unknown, unknown> =>
  one as unknown as Case<unknown, unknown>;

const SYSTEMS = [
  any({
    system: reciprocal,
    near: () => ["halite", "quartz", "rutile"].map(exampleStructure),
    far: () => ({
      marked: stretched(exampleStructure("halite"), 3),
      refused: ofElement(exampleStructure("halite"), "Og"),
    }),
    rows: { perType: 3, mostAtoms: 4 },
    options: {
      tasks: ["metal", "system"],
      withComposition: true,
      split: "grouped",
      fractions: { train: 0.6, val: 0.2, test: 0.2 },
      seed: "conformance",
      epochs: 2,
    },
  }),
  any({
    system: structureType,
    near: () => ["halite", "rutile"].map((name) => ({ scan: simulated(exampleLines(name)) })),
    far: () => ({
      marked: { scan: comb() },
      refused: { scan: simulated(exampleLines("rutile"), { rangeDeg: [25, 29] }) },
    }),
    rows: { perType: 12, mostAtoms: 2 },
    options: { leastMembers: 10, networks: 1, samples: 128, epochs: 2 },
  }),
];

const scratch = await mkdtemp(join(tmpdir(), "ewald-conformance-"));
afterAll(() => rm(scratch, { recursive: true }));
beforeAll(() => loadSymmetry());

/** Class probabilities by name. */
function probabilities(prediction: Prediction): ReadonlyMap<string, number> {
  if (!("label" in prediction)) return new Map();
  const { label, probability, alternatives = [] } = prediction;
  const own = probability === undefined ? [] : [{ label: label!, probability }];
  return new Map([...own, ...alternatives].map((one) => [one.label, one.probability]));
}

/** Common form: a task's own labels, probabilities that sum to one, a reason where there is no answer. */
function expectForm(prediction: Prediction, task: Task): void {
  expect(prediction.task).toBe(task.name);
  expect(prediction.model.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(prediction.model.name).not.toBe("");
  expect(prediction.model.version).not.toBe("");
  if (!prediction.inDomain) expect(prediction.reason).toMatch(/\w/);
  if (task.kind === "value") {
    expect(prediction).toMatchObject({ unit: task.unit });
    return;
  }
  if (!("label" in prediction)) throw new Error(`${task.name}: classes are asked for`);
  if (prediction.label === null) {
    expect(prediction).toMatchObject({ inDomain: false, reason: expect.any(String) });
    expect(probabilities(prediction).size).toBe(0);
    return;
  }
  if (prediction.label === UNDECIDED) expect(prediction.reason).toMatch(/\w/);
  else expect(task.labels).toContain(prediction.label);
  const shares = probabilities(prediction);
  expect([...shares.keys()].toSorted()).toEqual(task.labels!.toSorted());
  const ordered = [...shares.values()];
  expect(ordered.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
  expect(ordered).toEqual(ordered.toSorted((a, b) => b - a));
}

async function answers(
  { system }: Case<unknown, unknown>,
  runtime: Runtime,
  inputs: readonly unknown[],
  read: ReadModelFile = packageModels(),
): Promise<{ tasks: readonly Task[]; answers: readonly (readonly Prediction[])[] }> {
  const predictor = await system.load(read, runtime);
  try {
    return { tasks: predictor.tasks, answers: await predictor.predict(inputs) };
  } finally {
    await predictor.release();
  }
}

const native = (): Promise<Runtime> => loadRuntime({ provider: "cpu", threads: 1 });

async function tableOf({ system, rows }: Case<unknown, unknown>): Promise<TrainingTable> {
  const path = join(scratch, `${system.name}.parquet`);
  await saveStructureTable(path, embeddedRows(rows), { provenance: [EMBEDDED_PROVENANCE] });
  return { path, table: await openStructureTable(path), identity: await fileIdentity(path) };
}

interface Watched {
  readonly stores: Map<string, Store>;
  readonly onTraining?: (name: string, progress: Progress) => void;
  readonly cache: MakeRun["cache"];
}

async function trained(
  { system, options }: Case<unknown, unknown>,
  table: TrainingTable,
  { stores, onTraining = () => {}, cache }: Watched,
): Promise<MadeModels | null> {
  return system.make(
    {
      runtime: await native(),
      tables: [table],
      cache,
      commit: "0123456789ab",
      store(name) {
        if (!stores.has(name)) stores.set(name, memoryStore());
        return stores.get(name)!;
      },
      signal: new AbortController().signal,
      onStage() {},
      onTraining,
      onNote() {},
    },
    options,
  );
}

/** The same features serve every run. */
function memoryCache(): MakeRun["cache"] {
  const blocks = new Map<string, FeatureBlock>();
  return {
    async remember(request, compute) {
      const key = JSON.stringify(request);
      if (!blocks.has(key)) blocks.set(key, await compute());
      return blocks.get(key)!;
    },
  };
}

class Killed extends Error {}

describe.each(SYSTEMS.map((one) => [one.system.name, one] as const))("%s", (_name, one) => {
  test("shipped models answer in the common form, what is near inside and what is far with the reason", async () => {
    const { marked, refused } = one.far();
    const near = one.near();
    const said = await answers(one, await native(), [...near, marked, refused]);
    expect(said.tasks.map(({ name }) => name)).toEqual(one.system.tasks.map(({ name }) => name));
    for (const own of said.answers) {
      expect(own).toHaveLength(said.tasks.length);
      for (const [t, task] of said.tasks.entries()) expectForm(own[t]!, task);
    }
    for (const own of said.answers.slice(0, near.length))
      for (const { inDomain, task } of own) expect([task, inDomain]).toEqual([task, true]);
    const [far, unasked] = said.answers.slice(near.length);
    expect(far!.some(({ inDomain, reason }) => !inDomain && reason !== undefined)).toBe(true);
    expect(unasked!.some((answer) => "label" in answer && answer.label === null)).toBe(true);
  }, 60_000);

  test("native code and WebAssembly say the same", async () => {
    const inputs = one.near();
    const wasm = await loadRuntime({ provider: "wasm", threads: 1 });
    expect(wasm.provider).toBe("wasm");
    const [here, there] = [
      await answers(one, await native(), inputs),
      await answers(one, wasm, inputs),
    ];
    for (const [i, own] of here.answers.entries())
      for (const [t, prediction] of own.entries()) {
        const other = there.answers[i]![t]!;
        expect({ ...other, probability: 0, alternatives: [], reason: "" }).toEqual({
          ...prediction,
          probability: 0,
          alternatives: [],
          reason: "",
        });
        const others = probabilities(other);
        for (const [label, p] of probabilities(prediction))
          expect(others.get(label)!, label).toBeCloseTo(p, 4);
      }
  }, 60_000);

  test("trained on a small table, killed and resumed: the same bits, a card that holds, files that load", async () => {
    const table = await tableOf(one);
    const cache = memoryCache();
    const steps: string[] = [];
    const whole = (await trained(one, table, {
      stores: new Map(),
      cache,
      onTraining: (name, { step }) => void steps.push(`${name} ${step}`),
    }))!;
    const files = await modelFolder(whole);

    // Dies without a word in the second pass, each network in turn, and is started again.
    const stores = new Map<string, Store>();
    const resumed: string[] = [];
    const killed = new Set<string>();
    let again: MadeModels | null = null;
    for (let tries = 0; again === null && tries < 4; tries++) {
      try {
        again = await trained(one, table, {
          stores,
          cache,
          onTraining(name, { epoch, step }) {
            resumed.push(`${name} ${step}`);
            if (epoch === 2 && !killed.has(name)) {
              killed.add(name);
              throw new Killed();
            }
          },
        });
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
    expect(killed.size).toBe(stores.size);
    expect(again).not.toBeNull();
    // The first pass of no network was taken twice.
    const firsts = resumed.filter((text) => text.endsWith(" 1"));
    expect(firsts.length).toBe(new Set(firsts).size);
    expect(new Set(resumed)).toEqual(new Set(steps));
    const twice = await modelFolder(again!);
    expect([...twice.keys()]).toEqual([...files.keys()]);
    for (const [name, content] of files)
      expect(Buffer.compare(Buffer.from(twice.get(name)!), Buffer.from(content)), name).toBe(0);

    const card = parseModelCard(String(files.get("card.json")), "card.json");
    expect(card.system).toBe(one.system.name);
    expect(card.data).toMatchObject([{ licence: "MIT", sha256: table.identity.sha256 }]);
    expect(Object.keys(card.models).length).toBeGreaterThan(0);
    for (const scores of Object.values(whole.scores)) expect(scores["n"]).toBeGreaterThan(0);

    const read: ReadModelFile = async (path) => {
      const content = files.get(path.slice(one.system.name.length + 1));
      if (content === undefined) throw new EwaldError("model/not-read", "absent", { source: path });
      return Buffer.from(content);
    };
    const said = await answers(one, await native(), one.near(), read);
    for (const own of said.answers)
      for (const [t, task] of said.tasks.entries()) expectForm(own[t]!, task);
  }, 300_000);
});
