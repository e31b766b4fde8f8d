/** Recipes of deepKNet (Wang et al. 2022): ROC curves (Fig. 4b-e) of the network of the package, and the gap as a number (section III B). */
import { join } from "node:path";
import { loadRuntime } from "#onnx";
import { packageModels } from "../../models/model-store.node.ts";
import { loadModel } from "../../models/model-store.ts";
import type { Quantity, Recipe, RecipeContext } from "../recipe.ts";
import type { ChartFigure } from "../../report/figure-records.ts";
import { structureTable } from "../../data/structure-table.ts";
import {
  coefficientOfDetermination,
  meanAbsoluteError,
  rocAuc,
  thresholdCounts,
} from "../../math/metrics.ts";
import { mean } from "../../math/statistics.ts";
import { loadPredictor } from "../../net/predictor.ts";
import { folderStore } from "../../net/store.node.ts";
import {
  AUXILIARY_COUNT,
  collectData,
  dataBatches,
  GAP_SCALE,
  rowsWith,
} from "../../systems/reciprocal/dataset.ts";
import { propertyLogits, trainedPredictor } from "../../systems/reciprocal/evaluate.ts";
import { seedsOf } from "./faithful.node.ts";
import { reciprocalFeature } from "../../systems/reciprocal/features.ts";
import { propertyNetwork } from "../../systems/reciprocal/network.ts";
import { PROPERTIES_MODEL, SYSTEM_FOLDER } from "../../systems/reciprocal/predict.ts";
import {
  BOTH,
  CLASS_NOTE,
  DATA_NOTE,
  LABELLED,
  PAPER_AUC,
  partIds,
  quantityOf,
  remembered,
  shippedSplit,
  splitBy,
  type SplitKind,
  SPLITS,
  tableRows,
} from "./recipe-support.node.ts";
import { PROPERTY_TASK_NAMES, PROPERTY_TASKS } from "../../systems/reciprocal/task.ts";
import { trainProperties } from "../../systems/reciprocal/train.ts";

const ALL_TASKS = PROPERTY_TASK_NAMES.map((_, i) => i);
/** False positives at which curves are drawn; between them, the last point reached counts. */
const GRID = Array.from({ length: 201 }, (_, i) => (i / 200) ** 2);

/** Share of the positives found, by share of the negatives called positive. */
function rocCurve(truth: ArrayLike<number>, scores: ArrayLike<number>): number[] {
  const { truePositives, falsePositives, positives, negatives } = thresholdCounts(truth, scores);
  let at = -1;
  return GRID.map((limit) => {
    while (at + 1 < falsePositives.length && falsePositives[at + 1]! <= limit * negatives) at++;
    return at < 0 ? 0 : truePositives[at]! / positives;
  });
}

/** Ids of the part that the network of the package has not seen. */
async function heldBack(
  context: RecipeContext,
  seed: number | string,
): Promise<ReadonlySet<string>> {
  const rows: { id: string; formula: string | null }[] = [];
  for (const name of BOTH) {
    const table = await structureTable(await context.table(name));
    for await (const { id, formula } of table.rows()) rows.push({ id, formula });
  }
  return partIds(shippedSplit(rows, seed), "test");
}

const rocCurves: Recipe = {
  item: 45,
  tables: BOTH,
  minutes: 2,
  async run(context) {
    const stored = await loadModel(packageModels(), SYSTEM_FOLDER, PROPERTIES_MODEL);
    const { entry, identity, onnx } = stored;
    const ids = await heldBack(context, entry.seed);
    const isWanted = ({ id }: { readonly id: string }): boolean => ids.has(id);
    const data = await collectData(tableRows(context, BOTH, reciprocalFeature(), isWanted));
    const rows = rowsWith(data, ids, ALL_TASKS);
    const predictor = await loadPredictor(await loadRuntime(), onnx);
    const logits = await propertyLogits(predictor, data, rows);
    await predictor.release();
    const quantities: Quantity[] = [];
    const series: ChartFigure["series"][number][] = [];
    for (const [task, name] of PROPERTY_TASK_NAMES.entries()) {
      const targetOf = (row: number): number => data.targets[row * ALL_TASKS.length + task]!;
      const known = Array.from(rows.keys()).filter((i) => !Number.isNaN(targetOf(rows[i]!)));
      const truth = known.map((i) => targetOf(rows[i]!));
      const scores = known.map((i) => logits[i * ALL_TASKS.length + task]!);
      const [curve, auc, n] = [rocCurve(truth, scores), rocAuc(truth, scores), truth.length];
      const { title } = PROPERTY_TASKS[name];
      const { split } = entry;
      quantities.push(
        {
          key: `auc-${name}`,
          title: `ROC-AUC, ${title}`,
          unit: "",
          paper: { value: PAPER_AUC[name], place: "Fig. 4" },
          oursHonestSplit: { value: auc, n, split },
          chance: { value: 0.5, n },
        },
        {
          key: `found-${name}`,
          title: `Found where a tenth of the others is called so too, ${title}`,
          unit: "%",
          paper: null,
          oursHonestSplit: {
            value: 100 * curve[GRID.findLastIndex((share) => share <= 0.1)]!,
            n,
            split,
          },
          chance: { value: 10, n },
        },
      );
      series.push({ name: `${name}, area ${auc.toFixed(3)}`, x: GRID, y: curve });
    }
    return {
      quantities,
      differences: [
        DATA_NOTE,
        CLASS_NOTE,
        "The network of the package, on the formulas that it has not seen; the paper's curves are of its own network with n = 343.",
      ],
      seeds: [entry.seed],
      model: { name: identity.name, sha256: entry.sha256 },
      figures: [
        {
          kind: "chart",
          name: "roc",
          title: "ROC curves on formulas not seen",
          xLabel: "false positive rate",
          yLabel: "true positive rate",
          series: [...series, { name: "chance", x: [0, 1], y: [0, 1] }],
          xRange: [0, 1],
          yRange: [0, 1],
        },
      ],
    };
  },
};

interface GapErrors {
  readonly n: number;
  readonly mae: number;
  readonly maeOfMean: number;
  readonly r2: number;
  /** R² of the insulators alone. */
  readonly r2Insulators: number;
}

/** The gap as the network's head beside the classes says it; below 0 counts as 0. */
async function gapErrors(
  context: RecipeContext,
  data: Awaited<ReturnType<typeof collectData>>,
  kind: SplitKind,
  seed: number,
): Promise<GapErrors> {
  const split = splitBy(data.rows, kind, seed);
  const rowsOf = (part: string): Uint32Array => rowsWith(data, partIds(split, part), [0]);
  const runtime = await loadRuntime();
  const { best } = await trainProperties({
    runtime,
    data,
    trainRows: rowsOf("train"),
    validationRows: rowsOf("val"),
    tasks: ["metal"],
    seed,
    ...(context.fast ? { epochs: 4 } : {}),
    store: folderStore(join(context.checkpoints, `${kind}-${seed}`)),
    onProgress: ({ epoch, epochs }) =>
      context.progress(`${kind} split, seed ${seed}: epoch ${epoch}/${epochs}`),
  });
  const model = propertyNetwork({ auxiliary: AUXILIARY_COUNT });
  const predictor = await trainedPredictor(runtime, model, best);
  const gapOf = (row: number): number => GAP_SCALE * data.values[row * AUXILIARY_COUNT]!;
  const test = rowsOf("test");
  const truth = Array.from(test, gapOf);
  const said: number[] = [];
  const batches = dataBatches(data, test, 256, []);
  for (let index = 0; index < batches.batchesPerEpoch; index++) {
    const { auxiliary } = await predictor.run(await batches.get(0, index));
    for (
      let at = 0;
      at < auxiliary!.data.length && said.length < truth.length;
      at += AUXILIARY_COUNT
    )
      said.push(Math.max(0, GAP_SCALE * auxiliary!.data[at]!));
  }
  await predictor.release();
  const average = mean(Array.from(rowsOf("train"), gapOf));
  const insulators = truth.flatMap((gap, i) => (gap > 0 ? [i] : []));
  const pick = (values: readonly number[]): number[] => insulators.map((i) => values[i]!);
  return {
    n: truth.length,
    mae: meanAbsoluteError(truth, said),
    maeOfMean: meanAbsoluteError(
      truth,
      truth.map(() => average),
    ),
    r2: coefficientOfDetermination(truth, said),
    r2Insulators: coefficientOfDetermination(pick(truth), pick(said)),
  };
}

const gapRegression: Recipe = {
  item: 54,
  tables: [LABELLED],
  minutes: 30,
  async run(context) {
    const seeds = seedsOf(context);
    const data = await collectData(
      tableRows(
        context,
        [LABELLED],
        reciprocalFeature(),
        (row) => row.labels.bandGapEv !== undefined,
      ),
    );
    const runs: Record<SplitKind, GapErrors[]> = { random: [], grouped: [] };
    for (const kind of SPLITS)
      for (const seed of seeds)
        runs[kind].push(
          await remembered(context, `gap-${kind}-${seed}`, () =>
            gapErrors(context, data, kind, seed),
          ),
        );
    const of = (key: "mae" | "r2" | "r2Insulators", kind: SplitKind) => ({
      values: runs[kind].map((own) => own[key]),
      n: runs[kind][0]!.n,
    });
    const row = (
      key: "mae" | "r2" | "r2Insulators",
      title: string,
      unit: string,
      chance: number,
    ): Quantity =>
      quantityOf(
        { key: key.replace("I", "-i"), title, unit, paper: null },
        { random: of(key, "random"), grouped: of(key, "grouped") },
        chance,
      );
    const chance = mean(runs.grouped.map(({ maeOfMean }) => maeOfMean));
    return {
      quantities: [
        row("mae", "Mean absolute error of the gap", "eV", chance),
        row("r2", "R², all structures", "", 0),
        row("r2Insulators", "R², insulators alone", "", 0),
      ],
      differences: [
        DATA_NOTE,
        "The paper says that a network like its own was poor at it, without a number. Here: our default network, trained on gap and metal together. Chance is the mean gap of the training part.",
        ...(context.fast ? ["Fast: 4 passes, one seed."] : []),
      ],
      seeds,
    };
  },
};

export const ANSWER_RECIPES: readonly Recipe[] = [rocCurves, gapRegression];
