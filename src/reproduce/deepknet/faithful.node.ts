/** The paper's network on the paper's input, trained and measured split by split: what its recipes share. */
import { join } from "node:path";
import { loadRuntime } from "#onnx";
import { sha256Hex } from "../../formats/hash.ts";
import type { RecipeContext } from "../recipe.ts";
import { type StructureRow, structureTable } from "../../data/structure-table.ts";
import { accuracy, confusionMatrix, rocAuc } from "../../math/metrics.ts";
import { Random } from "../../math/random.ts";
import { folderStore } from "../../net/store.node.ts";
import {
  type CloudBatchOptions,
  type CloudData,
  cloudFeature,
  type CloudOptions,
  type Intensities,
} from "./clouds.ts";
import { pointNet, type PointNetOptions } from "../../systems/reciprocal/network.ts";
import {
  partIds,
  remembered,
  splitBy,
  type SplitKind,
  SPLITS,
  tableRows,
} from "./recipe-support.node.ts";
import { cloudLogits, type CloudTrainOptions, trainCloud } from "./train-cloud.ts";

/** Clouds with what a split needs. */
export interface CloudRows extends CloudData {
  readonly rows: readonly { readonly id: string; readonly formula: string | null }[];
}

/**
 * Clouds of the rows that have a class.
 * @param wanted ids of the rows to take; default: all
 */
export async function collectClouds(
  context: RecipeContext,
  names: readonly string[],
  options: CloudOptions,
  classOf: (row: StructureRow) => number | null,
  wanted?: ReadonlySet<string>,
): Promise<CloudRows> {
  const size = 4 * options.points;
  const rows: { id: string; formula: string | null }[] = [];
  const label: number[] = [];
  const kept: Float32Array[] = [];
  const feature = cloudFeature(options);
  const where = (row: StructureRow): boolean =>
    classOf(row) !== null && wanted?.has(row.id) !== false;
  for await (const { rows: some, block } of tableRows(context, names, feature, where)) {
    for (const [i, row] of some.entries()) {
      const cloud = block.data.subarray(i * size, (i + 1) * size);
      if (Number.isNaN(cloud[0])) continue;
      rows.push({ id: row.id, formula: row.formula });
      label.push(classOf(row)!);
      kept.push(cloud);
    }
  }
  const clouds = new Float32Array(rows.length * size);
  for (const [i, cloud] of kept.entries()) clouds.set(cloud, i * size);
  return { rows, clouds, label: Int32Array.from(label) };
}

/** Ids of `count` rows that have a class, drawn once for all runs; all of them where there are fewer. */
export async function drawnIds(
  context: RecipeContext,
  names: readonly string[],
  classOf: (row: StructureRow) => number | null,
  count: number,
): Promise<ReadonlySet<string>> {
  const ids: string[] = [];
  for (const name of names) {
    const table = await structureTable(await context.table(name));
    for await (const row of table.rows()) if (classOf(row) !== null) ids.push(row.id);
  }
  const order = Random.fromSeed(1, "drawn").permutation(ids.length);
  return new Set(Array.from(order.subarray(0, count), (i) => ids[i]!));
}

export interface Faithful {
  readonly classes: number;
  readonly channels: 3 | 4;
  readonly epochs: number;
  readonly eulerRangeDeg: number;
  readonly intensities?: Intensities;
  /** Random turns over which the test's logits are averaged. */
  readonly passes: number;
  /** Options of the network that are not the paper's choice. */
  readonly network?: Partial<PointNetOptions>;
  readonly training?: Pick<CloudTrainOptions, "batch" | "learningRate" | "optimiser">;
  /** The part that is measured; default "test". */
  readonly measured?: "val" | "test";
}

export interface Outcome {
  readonly auc: number | null;
  readonly accuracy: number;
  readonly n: number;
}

/** Indices of the rows of a part. */
export const rowsOfPart = ({ rows }: CloudRows, ids: ReadonlySet<string>): Uint32Array =>
  Uint32Array.from(rows.flatMap(({ id }, i) => (ids.has(id) ? [i] : [])));

/** The paper's network, asked one question. */
export interface FaithfulQuestion {
  /** The key under which its trainings are kept. */
  readonly key: string;
  readonly data: CloudRows;
  readonly points: CloudOptions["points"];
  readonly faithful: Faithful;
}

/** The key of a kept training, made from its settings: other settings begin anew. */
const settingsKey = async ({ points, faithful }: FaithfulQuestion): Promise<string> =>
  (await sha256Hex(JSON.stringify([points, faithful]))).slice(0, 8);

/** Trains the paper's network on one split and measures the test part, or what is asked; kept when done. */
export async function trainFaithful(
  context: RecipeContext,
  question: FaithfulQuestion,
  kind: SplitKind,
  seed: number,
): Promise<Outcome> {
  const name = `${question.key}-${kind}-${seed}-${await settingsKey(question)}`;
  return remembered(context, name, () => train(context, name, question, kind, seed));
}

async function train(
  context: RecipeContext,
  name: string,
  { data, points, faithful }: FaithfulQuestion,
  kind: SplitKind,
  seed: number,
): Promise<Outcome> {
  const runtime = await loadRuntime();
  const split = splitBy(data.rows, kind, seed);
  const rowsOf = (part: string): Uint32Array => rowsOfPart(data, partIds(split, part));
  const { channels, classes, epochs, passes, eulerRangeDeg, intensities } = faithful;
  const batching: Omit<CloudBatchOptions, "batch" | "seed"> = {
    points,
    channels,
    eulerRangeDeg,
    ...(intensities === undefined ? {} : { intensities }),
  };
  const model = pointNet({ points, channels, classes, ...faithful.network });
  const { best } = await trainCloud({
    runtime,
    model,
    data,
    trainRows: rowsOf("train"),
    validationRows: rowsOf("val"),
    seed,
    epochs,
    ...batching,
    ...faithful.training,
    store: folderStore(join(context.checkpoints, name)),
    onProgress: ({ epoch, samplesPerSecond }) =>
      context.progress(
        `${name}: epoch ${epoch}/${epochs}, ${Math.round(samplesPerSecond)} samples/s`,
      ),
  });
  const test = rowsOf(faithful.measured ?? "test");
  const logits = await cloudLogits(runtime, model, best, data, test, { ...batching, passes });
  const truth = Array.from(test, (row) => data.label[row]!);
  const own = truth.map((_, i) => Array.from(logits.subarray(i * classes, (i + 1) * classes)));
  const called = own.map((row) => row.indexOf(Math.max(...row)));
  return {
    auc:
      classes === 2
        ? rocAuc(
            truth,
            own.map(([no, yes]) => yes! - no!),
          )
        : null,
    accuracy: accuracy(confusionMatrix(truth, called, classes)),
    n: test.length,
  };
}

/** All splits and seeds. A kind of split that is left out has no outcomes. */
export async function overSplits(
  seeds: readonly number[],
  run: (kind: SplitKind, seed: number) => Promise<Outcome>,
  kinds: readonly SplitKind[] = SPLITS,
): Promise<Record<SplitKind, Outcome[]>> {
  const outcomes: Record<SplitKind, Outcome[]> = { random: [], grouped: [] };
  for (const kind of kinds) for (const seed of seeds) outcomes[kind].push(await run(kind, seed));
  return outcomes;
}

/** One number of the outcomes, split by split, as `quantityOf` takes it. */
export function both(
  outcomes: Readonly<Record<SplitKind, readonly Outcome[]>>,
  pick: "auc" | "accuracy",
): Partial<Record<SplitKind, { values: number[]; n: number }>> {
  const values: Partial<Record<SplitKind, { values: number[]; n: number }>> = {};
  for (const kind of SPLITS) {
    const [first] = outcomes[kind];
    if (first !== undefined)
      values[kind] = { values: outcomes[kind].map((outcome) => outcome[pick]!), n: first.n };
  }
  return values;
}

export const seedsOf = ({ fast }: RecipeContext): number[] => (fast ? [1] : [1, 2, 3]);
