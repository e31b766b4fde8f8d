/**
 * The faithful model from tables to what it says of its test patterns, step by step, each kept in a folder: a recipe that is
 * run again, or another that needs the same, goes on from what is there. Weights stay in that folder; none is in the package.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { loadRuntime } from "#onnx";
import { openFeatureCache } from "../../data/feature-cache.node.ts";
import { replaceFile } from "../../data/replace-file.node.ts";
import { codeCommit } from "../../version.node.ts";
import { packageModels } from "../../models/model-store.node.ts";
import type { RecipeContext } from "../recipe.ts";
import { type StructureRow, structureTable } from "../../data/structure-table.ts";
import { exportModel } from "../../net/export.ts";
import type { Runtime } from "../../net/runtime.ts";
import { folderStore } from "../../net/store.node.ts";
import {
  type LibraryType,
  membersOf,
  parseLibrary,
  type StructureTypeLibrary,
} from "../../known/library.ts";
import { tableLines } from "../../known/line-feature.ts";
import { type Part, type Sample, unknownCompounds } from "../../systems/structure-type/dataset.ts";
import { AveragePatterns } from "../../known/average-patterns.ts";
import { type TypeGroups, typeGroups } from "./groups.ts";
import {
  type CrystinetSplit,
  drawPlanned,
  partOfPattern,
  type PlannedPattern,
  planPatterns,
} from "./pattern-plan.ts";
import type { RangeDeg } from "./patterns.ts";
import { rcnetModel } from "./rcnet.ts";
import {
  type CrystinetRegime,
  EVENING_REGIME,
  type LabelledPatterns,
  packPatterns,
  PAPER_REGIME,
  trainRcnet,
} from "./train.ts";
import { Crystinet, type CrystinetEvidence } from "./union.ts";

export const TABLES = ["mp_labelled.parquet", "mp_unlabelled.parquet"];
const GROUPS = 10;
const SEED = 1;
/** Patterns of types kept out, about. */
const UNKNOWN_PATTERNS = 600;
/** Patterns of a part that are judged, about. */
const MOST_JUDGED = 2000;
/** Patterns that go through the networks at once. */
const AT_ONCE = 64;

/** With `--fast`: whether everything runs, not how well. */
const FAST_REGIME: CrystinetRegime = { ...EVENING_REGIME, patterns: 4000, passes: 2 };

/** Who can be asked for a pattern's verdict. */
export interface Judged {
  /** Library type, or -1 where it is of none. */
  readonly truth: number;
  readonly id: string;
  readonly evidence: CrystinetEvidence;
}

interface RcnetOptions {
  /** Patterns of all parts; default those of the types in the plan. */
  readonly plan?: readonly PlannedPattern[];
  readonly split?: CrystinetSplit;
  readonly rangeDeg?: RangeDeg;
}

export class FaithfulRun {
  readonly seed = SEED;
  readonly regime: CrystinetRegime;
  readonly library: StructureTypeLibrary;
  readonly folder: string;
  private readonly context: RecipeContext;
  private samplesOnce: Promise<Sample[][]> | undefined;
  private averagesOnce: Promise<Float32Array[]> | undefined;

  private constructor(context: RecipeContext, libraryBytes: Uint8Array) {
    this.context = context;
    this.regime = context.fast ? FAST_REGIME : EVENING_REGIME;
    this.library = parseLibrary(new TextDecoder().decode(libraryBytes));
    const hash = createHash("sha256").update(JSON.stringify([this.regime, SEED]));
    const key = hash.update(libraryBytes).digest("hex");
    this.folder = join(dirname(context.checkpoints), `crystinet-${key.slice(0, 8)}`);
  }

  /** With the library of the package; the tables are asked for, so that the ledger names them. */
  static async open(context: RecipeContext): Promise<FaithfulRun> {
    for (const name of TABLES) await context.table(name);
    return new FaithfulRun(context, await packageModels()("structure-type/library.json"));
  }

  /** Computed once and kept as JSON in the folder. */
  async remembered<T>(name: string, compute: () => Promise<T>): Promise<T> {
    const path = join(this.folder, `${name}.json`);
    const text = await readFile(path, "utf8").catch(() => null);
    if (text !== null) return JSON.parse(text) as T;
    const value = await compute();
    await mkdir(this.folder, { recursive: true });
    await replaceFile(path, (handle) => handle.writeFile(JSON.stringify(value)));
    return value;
  }

  /** All members of the library's types that have a line list, per type. */
  samples(): Promise<Sample[][]> {
    return (this.samplesOnce ??= this.samplesOf(this.library.types));
  }

  /** Members of types with their lines. */
  async samplesOf(types: readonly LibraryType[]): Promise<Sample[][]> {
    const ids = new Set(types.flatMap(membersOf).map(([id]) => id));
    const { context } = this;
    async function* rows(): AsyncGenerator<StructureRow> {
      for (const name of TABLES)
        yield* (await structureTable(await context.table(name))).rows({
          where: ({ id }) => ids.has(id),
        });
    }
    const { lists } = await tableLines(rows(), openFeatureCache(), (done) =>
      context.progress(`lines of ${done} of ${ids.size} compounds`),
    );
    return unknownCompounds(lists, types);
  }

  async plan(): Promise<PlannedPattern[]> {
    return planPatterns(await this.samples(), this.regime.patterns);
  }

  private async planOfTypes(types: readonly number[]): Promise<PlannedPattern[]> {
    const wanted = new Set(types);
    return (await this.plan()).filter(({ type }) => wanted.has(type));
  }

  /** Patterns of a part, of all types or some. */
  async planOf(
    part: Part,
    split: CrystinetSplit = "compounds",
    types?: readonly number[],
  ): Promise<PlannedPattern[]> {
    const plan = types === undefined ? await this.plan() : await this.planOfTypes(types);
    return plan.filter((one) => partOfPattern(one, split, SEED) === part);
  }

  /** Average patterns of the types' training compounds. The paper averages over all, test ones too. */
  averages(): Promise<Float32Array[]> {
    return (this.averagesOnce ??= this.readAverages());
  }

  private async readAverages(): Promise<Float32Array[]> {
    const { types } = this.library;
    const points = this.regime.shape.points;
    const path = join(this.folder, "averages.f32");
    const bytes = await readFile(path).catch(() => null);
    if (bytes !== null) {
      const values = new Float32Array(Uint8Array.from(bytes).buffer);
      return types.map((_, t) => values.subarray(t * points, (t + 1) * points));
    }
    const sums = new AveragePatterns(types.length, points);
    const planned = await this.planOf("train");
    for (const [i, one] of planned.entries()) {
      sums.add(one.type, drawPlanned(one, SEED));
      if (i % 500 === 0) this.context.progress(`average patterns: ${i} of ${planned.length}`);
    }
    const averages = sums.averages();
    await mkdir(this.folder, { recursive: true });
    await replaceFile(path, async (handle) => {
      for (const average of averages) await handle.write(new Uint8Array(average.buffer));
    });
    return averages;
  }

  groups(): Promise<TypeGroups> {
    return this.remembered("groups", async () => typeGroups(await this.averages(), GROUPS, SEED));
  }

  /** Types of each group. */
  async groupTypes(): Promise<number[][]> {
    const { labels } = await this.groups();
    return Array.from({ length: GROUPS }, (_, group) =>
      [...labels.keys()].filter((type) => labels[type] === group),
    );
  }

  /** Patterns drawn, labelled by their place among `types`. */
  draw(
    planned: readonly PlannedPattern[],
    types: readonly number[],
    rangeDeg?: RangeDeg,
  ): LabelledPatterns {
    const patterns = planned.map((one) => drawPlanned(one, SEED, rangeDeg));
    return packPatterns(
      patterns,
      planned.map(({ type }) => types.indexOf(type)),
    );
  }

  /** One RCNet, trained or from the folder. `name` tells apart what it was trained on. */
  async rcnet(
    name: string,
    types: readonly number[],
    options: RcnetOptions = {},
  ): Promise<Uint8Array> {
    const path = join(this.folder, `${name}.onnx`);
    const known = await readFile(path).catch(() => null);
    if (known !== null) return known;
    const runtime = await crystinetRuntime();
    const plan = options.plan ?? (await this.planOfTypes(types));
    const { split = "compounds", rangeDeg } = options;
    const drawn = (part: Part): LabelledPatterns =>
      this.draw(
        plan.filter((one) => partOfPattern(one, split, SEED) === part),
        types,
        rangeDeg,
      );
    const [train, validation] = [drawn("train"), drawn("val")];
    const { best } = await trainRcnet({
      runtime,
      regime: this.regime,
      types: types.length,
      train,
      validation,
      seed: `${SEED}-${name}`,
      store: folderStore(join(this.folder, name)),
      onProgress: ({ step, steps, metrics }) =>
        this.context.progress(
          `${name}: step ${step} of ${steps}, accuracy ${(100 * metrics["accuracy"]!).toFixed(0)} %`,
        ),
    });
    const onnx = exportModel(rcnetModel(types.length, this.regime.shape), best, {
      metadata: {
        dataHash: "see the tables of the ledger",
        commit: await codeCommit(),
        attribution: "Materials Project (CC BY 4.0)",
      },
    });
    await replaceFile(path, (handle) => handle.writeFile(onnx));
    return onnx;
  }

  /** The ten networks, ready to be asked. */
  async model(): Promise<Crystinet> {
    const groups = await this.groupTypes();
    const files = [];
    for (const [g, types] of groups.entries())
      files.push({ types, onnx: await this.rcnet(`rcnet-${g + 1}`, types) });
    return Crystinet.load(await crystinetRuntime(), files, await this.averages());
  }

  /** The patterns of a part that are judged: evenly out of all types, not more than verdicts of ten networks take minutes for. */
  judgedPlan(planned: readonly PlannedPattern[]): PlannedPattern[] {
    const stride = Math.max(1, Math.floor(planned.length / MOST_JUDGED));
    return planned.filter((_, i) => i % stride === 0);
  }

  /** The networks' answers to simulated patterns. */
  async witness(
    model: Crystinet,
    planned: readonly PlannedPattern[],
    rangeDeg?: RangeDeg,
  ): Promise<CrystinetEvidence[]> {
    const found: CrystinetEvidence[] = [];
    for (let from = 0; from < planned.length; from += AT_ONCE) {
      const part = planned.slice(from, from + AT_ONCE);
      const patterns = part.map((one) => drawPlanned(one, SEED, rangeDeg));
      found.push(...(await model.witness(joinPatterns(patterns))));
      this.context.progress(`judging patterns: ${found.length} of ${planned.length}`);
    }
    return found;
  }

  private async judged(
    name: string,
    planned: () => Promise<readonly PlannedPattern[]>,
    isKnown: boolean,
  ): Promise<Judged[]> {
    return this.remembered(name, async () => {
      const model = await this.model();
      const plan = this.judgedPlan(await planned());
      const evidence = await this.witness(model, plan);
      await model.release();
      return plan.map(({ type, sample }, i) => ({
        truth: isKnown ? type : -1,
        id: sample.id,
        evidence: evidence[i]!,
      }));
    });
  }

  /** One network alone among its own types, per cent. */
  async ownAccuracy(
    onnx: Uint8Array,
    planned: readonly PlannedPattern[],
    types: readonly number[],
    rangeDeg?: RangeDeg,
  ): Promise<number> {
    const model = await Crystinet.load(
      await crystinetRuntime(),
      [{ types, onnx }],
      await this.averages(),
    );
    const plan = this.judgedPlan(planned);
    const evidence = await this.witness(model, plan, rangeDeg);
    await model.release();
    const right = plan.filter(({ type }, i) => evidence[i]!.answer[0] === type).length;
    return (100 * right) / plan.length;
  }

  /** The patterns on which α and R₀ are chosen. */
  validation(): Promise<Judged[]> {
    return this.judged("validation", () => this.planOf("val"), true);
  }

  /** The honest test set: patterns of compounds whose formula was not trained on. */
  test(): Promise<Judged[]> {
    return this.judged("test", () => this.planOf("test"), true);
  }

  /** Patterns of the ten types that follow the library's, or of the further ones that R₀ is chosen on. */
  unknown(kept: "test" | "threshold"): Promise<Judged[]> {
    const name = kept === "test" ? "unknown" : "unknown-threshold";
    return this.judged(name, () => this.unknownPlan(kept), false);
  }

  async unknownPlan(kept: "test" | "threshold"): Promise<PlannedPattern[]> {
    return planPatterns(await this.samplesOf(this.library.unknown[kept]), UNKNOWN_PATTERNS);
  }

  /** Hash over the ten networks, as the ledger names the model. */
  async identity(): Promise<{ readonly name: string; readonly sha256: string }> {
    const hash = createHash("sha256");
    for (const [g, types] of (await this.groupTypes()).entries())
      hash.update(await this.rcnet(`rcnet-${g + 1}`, types));
    return { name: "crystinet-faithful", sha256: hash.digest("hex") };
  }

  /** The regime and what differs from the paper's, as a sentence. */
  note(): string {
    const { patterns, passes, batch, shape } = this.regime;
    const { patterns: theirs, passes: many, batch: large } = PAPER_REGIME;
    return (
      `Trained on about ${patterns} patterns for ${passes} passes in batches of ${batch}, ${shape.binning} points averaged into one ` +
      `(the paper: ${theirs} patterns, ${many} passes, batches of ${large}, every point): what two busy cores do in an evening.`
    );
  }
}

/** One thread: the same bits on any machine, and trainings side by side do not slow each other down. */
export function crystinetRuntime(): Promise<Runtime> {
  return loadRuntime({ threads: 1 });
}

/** Patterns one after another. */
export function joinPatterns(patterns: readonly Float32Array[]): Float32Array {
  const size = patterns[0]!.length;
  const all = new Float32Array(patterns.length * size);
  for (const [i, pattern] of patterns.entries()) all.set(pattern, i * size);
  return all;
}
