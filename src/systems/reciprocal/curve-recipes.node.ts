/** Recipes of deepKNet (Wang et al. 2022): how much the number of points says (Fig. 4a), and pooling by attention. */
import type { Quantity, Recipe, RecipeContext, StructureRow } from "../../data/index.ts";
import type { PointCount } from "../../diffraction/index.ts";
import {
  both,
  collectClouds,
  drawnIds,
  type Faithful,
  type Outcome,
  overSplits,
  plannedRuns,
  seedsOf,
  trainFaithful,
} from "./faithful.node.ts";
import { BOTH, CLASS_NOTE, DATA_NOTE, quantityOf, type SplitKind } from "./recipe-support.node.ts";
import { PROPERTY_TASK_NAMES, type PropertyTaskName, taskTarget } from "./tasks.ts";

const COUNTS: readonly PointCount[] = [3, 4, 27, 125, 343];
/** Metal and stability in full would take days on two cores. */
const MOST_ROWS = 30_000;

/** What the text says; the other points of Fig. 4a can only be read off. */
const paperAuc = (task: PropertyTaskName, points: PointCount): Quantity["paper"] => {
  const place = "Fig. 4a";
  if (task === "metal" && points === 3) return { value: 0.83, place };
  if (points !== 343) return null;
  return { value: { metal: 0.91, bulk: 0.95, shear: 0.86, stable: 0.8 }[task], place };
};

/** One task and number of points, over both splits. */
async function measure(
  context: RecipeContext,
  task: PropertyTaskName,
  points: PointCount,
  pooling: "max" | "attention",
): Promise<Quantity> {
  const key = `${task}-n${points}${pooling === "max" ? "" : `-${pooling}`}`;
  const classOf = (row: Pick<StructureRow, "labels">): number | null =>
    taskTarget(row.labels, task);
  const isLarge = task === "metal" || task === "stable";
  const wanted = isLarge ? await drawnIds(context, BOTH, classOf, MOST_ROWS) : undefined;
  const data = await collectClouds(context, BOTH, { points, cell: "stored" }, classOf, wanted);
  const faithful: Faithful = {
    classes: 2,
    channels: 4,
    epochs: context.fast ? 8 : isLarge ? 20 : 15,
    eulerRangeDeg: 180,
    passes: 4,
    network: { pooling },
  };
  const { seeds, kinds } = plannedRuns(context, points);
  const run = (kind: SplitKind, seed: number): Promise<Outcome> =>
    trainFaithful(context, { key, data, points, faithful }, kind, seed);
  const outcomes = await overSplits(seeds, run, kinds);
  const title = `ROC-AUC, ${task}, n = ${points}${pooling === "max" ? "" : ", pooling by attention"}`;
  const head = { key: `auc-${key}`, title, unit: "", paper: paperAuc(task, points) };
  return quantityOf(
    pooling === "max" ? head : { ...head, paper: null },
    both(outcomes, "auc"),
    0.5,
  );
}

const DIFFERENCES = [
  DATA_NOTE,
  CLASS_NOTE,
  `The paper's network, cells as stored (mostly primitive), batches of 128; test logits are means over four random turns. Metal and stability: ${MOST_ROWS.toLocaleString("en-US")} rows drawn at random, 20 passes; bulk and shear: all rows, 15 passes. From n = 125 on one random split.`,
];

const pointCounts: Recipe = {
  item: 44,
  tables: BOTH,
  minutes: 480,
  async run(context) {
    const tasks = context.fast ? (["bulk", "shear"] as const) : PROPERTY_TASK_NAMES;
    const counts = context.fast ? COUNTS.filter((points) => points <= 27) : COUNTS;
    const quantities: Quantity[] = [];
    for (const task of tasks)
      for (const points of counts) quantities.push(await measure(context, task, points, "max"));
    return {
      quantities,
      differences: [
        ...DIFFERENCES,
        ...(context.fast ? ["Fast: bulk and shear, n up to 27, 8 passes, one seed."] : []),
      ],
      seeds: seedsOf(context),
    };
  },
};

const attention: Recipe = {
  item: 48,
  tables: BOTH,
  minutes: 600,
  async run(context) {
    const task = context.fast ? "bulk" : "metal";
    const points = context.fast ? 27 : 125;
    const plain = await measure(context, task, points, "max");
    const attended = await measure(context, task, points, "attention");
    const paper = (value: number): Quantity["paper"] =>
      context.fast ? null : { value, place: "Section III" };
    return {
      quantities: [
        { ...plain, paper: paper(0.91) },
        { ...attended, paper: paper(0.915) },
      ],
      differences: [
        ...DIFFERENCES,
        context.fast
          ? "Fast: bulk in place of metal, n = 27, 8 passes, one seed."
          : "The paper's numbers are for n = 343.",
      ],
      seeds: seedsOf(context),
    };
  },
};

export const CURVE_RECIPES: readonly Recipe[] = [pointCounts, attention];
