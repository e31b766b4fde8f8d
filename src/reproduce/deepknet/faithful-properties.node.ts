/** The paper's network asked for a property: the rows, passes and splits that each number of its curves is worth. */
import type { RecipeContext } from "../recipe.ts";
import type { StructureRow } from "../../data/structure-table.ts";
import type { PointCount } from "../../diffraction/point-cloud.ts";
import type { Intensities } from "./clouds.ts";
import {
  type CloudRows,
  collectClouds,
  drawnIds,
  type Faithful,
  type Outcome,
  overSplits,
  seedsOf,
  trainFaithful,
} from "./faithful.node.ts";
import { BOTH, type SplitKind, SPLITS } from "./recipe-support.node.ts";
import { type PropertyTaskName, taskTarget } from "../../systems/reciprocal/task.ts";

/** Metal and stability have ten times the rows of the moduli; in full they would take days on two cores. */
export const MOST_ROWS = 30_000;
/** From so many points on, a training takes from ten minutes to hours of a core. */
const MANY_POINTS = 125;

export interface PropertyCase {
  readonly task: PropertyTaskName;
  readonly points: PointCount;
  readonly intensities?: Intensities;
  readonly pooling?: "max" | "attention";
  /** Every seed and split of the moduli, also with many points. */
  readonly everySplit?: boolean;
}

export const isLarge = (task: PropertyTaskName): boolean => task === "metal" || task === "stable";

export const PROPERTY_NOTES = [
  "The paper's network, cells as stored (mostly primitive), batches of 128; test logits are means over four random turns.",
  `Metal and stability: ${MOST_ROWS.toLocaleString("en-US")} rows drawn at random, 20 passes; bulk and shear: all rows, 10 passes. Where the honest split has no number, ours is of one random split.`,
];

/** Clouds of all rows that have the task's label; of metal and stability those that are drawn. Cells as stored. */
export async function propertyClouds(
  context: RecipeContext,
  { task, points, intensities = "phi-1" }: PropertyCase,
): Promise<CloudRows> {
  const classOf = (row: Pick<StructureRow, "labels">): number | null =>
    taskTarget(row.labels, task);
  const wanted = isLarge(task) ? await drawnIds(context, BOTH, classOf, MOST_ROWS) : undefined;
  const options = { points, cell: "stored", intensities } as const;
  return collectClouds(context, BOTH, options, classOf, wanted);
}

/** All splits of a case; fast: 8 passes and one seed. */
export async function propertyOutcomes(
  context: RecipeContext,
  which: PropertyCase,
): Promise<Record<SplitKind, Outcome[]>> {
  const { task, points, intensities = "phi-1", pooling = "max", everySplit = false } = which;
  const { fast } = context;
  const data = await propertyClouds(context, which);
  const faithful: Faithful = {
    classes: 2,
    channels: 4,
    epochs: fast ? 8 : isLarge(task) ? 20 : 10,
    eulerRangeDeg: 180,
    intensities,
    passes: 4,
    network: { pooling },
  };
  const question = { key: `${task}-n${points}`, data, points, faithful };
  const run = (kind: SplitKind, seed: number): Promise<Outcome> =>
    trainFaithful(context, question, kind, seed);
  return !fast && (isLarge(task) || (points >= MANY_POINTS && !everySplit))
    ? overSplits([1], run, ["random"])
    : overSplits(seedsOf(context), run, SPLITS);
}
