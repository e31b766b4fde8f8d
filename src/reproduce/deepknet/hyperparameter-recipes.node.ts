/** Recipe of deepKNet (Wang et al. 2022), Table III: the network's choices, one after the other, at a small scale. */
import type { Quantity, Recipe, RecipeContext } from "../recipe.ts";
import { sgd } from "../../net/optimisers.ts";
import {
  type CloudRows,
  collectClouds,
  type Faithful,
  type Outcome,
  trainFaithful,
} from "./faithful.node.ts";
import { BOTH, CLASS_NOTE, DATA_NOTE, quantityOf } from "./recipe-support.node.ts";
import { taskTarget } from "../../systems/reciprocal/task.ts";

/** The options that one choice changes. */
type Change = Pick<Faithful, "network" | "training">;

interface Choice {
  readonly key: string;
  readonly title: string;
  readonly change: Change;
}

const MOMENTUM = 0.9;

/** In the order of Table III; what the paper chose is the start and stands in none of them. */
const CHOICES: readonly (readonly Choice[])[] = [
  [
    { key: "points-3", title: "three pointwise layers", change: pointwise(64, 256, 1024) },
    { key: "points-5", title: "five pointwise layers", change: pointwise(64, 128, 256, 512, 1024) },
  ],
  [
    { key: "crystal-256", title: "crystal vector of 256", change: pointwise(64, 128, 256, 256) },
    { key: "crystal-512", title: "crystal vector of 512", change: pointwise(64, 128, 256, 512) },
  ],
  [
    { key: "connected-3", title: "three fully connected layers", change: connected(512, 128) },
    { key: "connected-5", title: "five of them", change: connected(512, 256, 256, 128) },
  ],
  [
    {
      key: "attention",
      title: "pooling by attention",
      change: { network: { pooling: "attention" } },
    },
  ],
  [
    {
      key: "sgd",
      title: `SGD with momentum ${MOMENTUM}, initial rate 0.01`,
      change: { training: { optimiser: sgd({ momentum: MOMENTUM }), learningRate: 0.01 } },
    },
    {
      key: "rate-0.01",
      title: "Adam, initial rate 0.01",
      change: { training: { learningRate: 0.01 } },
    },
  ],
  [
    { key: "dropout-0.2", title: "dropout 0.2", change: { network: { dropout: 0.2 } } },
    { key: "dropout-0.4", title: "dropout 0.4", change: { network: { dropout: 0.4 } } },
  ],
];

function pointwise(...pointWidths: number[]): Change {
  return { network: { pointWidths } };
}

function connected(...widths: number[]): Change {
  return { network: { widths } };
}

/** Both changes, the later one before the earlier. */
function joined(a: Change, b: Change): Change {
  return { network: { ...a.network, ...b.network }, training: { ...a.training, ...b.training } };
}

const TASK = "bulk";
const PASSES = 8;

interface Tried {
  readonly key: string;
  readonly title: string;
  readonly auc: number;
  readonly n: number;
}

/** ROC-AUC of the validation part; each choice is kept where it is better than all before it. */
async function greedy(context: RecipeContext, data: CloudRows, base: Faithful, points: 4 | 27) {
  const measure = (key: string, change: Change): Promise<Outcome> => {
    const faithful: Faithful = { ...base, ...change, measured: "val" };
    return trainFaithful(context, { key, data, points, faithful }, "random", 1);
  };
  let best: Change = {};
  const start = await measure("start", best);
  let most = start.auc!;
  const tried: Tried[] = [{ key: "start", title: "the paper's choice", auc: most, n: start.n }];
  for (const choices of CHOICES) {
    const before = best;
    for (const { key, title, change } of choices) {
      const both = joined(before, change);
      const { auc, n } = await measure(key, both);
      tried.push({ key, title, auc: auc!, n });
      if (auc! <= most) continue;
      most = auc!;
      best = both;
    }
  }
  return tried;
}

const hyperparameters: Recipe = {
  item: 49,
  tables: BOTH,
  minutes: 60,
  async run(context) {
    const points = context.fast ? 4 : 27;
    const data = await collectClouds(context, BOTH, { points, cell: "stored" }, (row) =>
      taskTarget(row.labels, TASK),
    );
    const base: Faithful = {
      classes: 2,
      channels: 4,
      epochs: PASSES,
      eulerRangeDeg: 180,
      passes: 4,
    };
    const tried = await greedy(context, data, base, points);
    return {
      quantities: tried.map(({ key, title, auc, n }): Quantity =>
        quantityOf(
          { key: `auc-${key}`, title: `Validation ROC-AUC, bulk: ${title}`, unit: "", paper: null },
          { random: { values: [auc], n } },
          0.5,
        ),
      ),
      differences: [
        DATA_NOTE,
        CLASS_NOTE,
        `Greedy, in this order: a choice stays where it is better than all before it, and the rows below it stand on it. Bulk alone, n = ${points}, ${PASSES} passes, one split (the paper: three splits, n not said); of the sizes of layers one of each number.`,
      ],
      seeds: [1],
    };
  },
};

export const HYPERPARAMETER_RECIPES: readonly Recipe[] = [hyperparameters];
