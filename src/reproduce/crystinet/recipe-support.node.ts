/** Parts that the recipes of `ewald reproduce crystinet` share: words on data and split, quantities, a recipe that needs the model. */
import type { Measured, Quantity, Recipe, RecipeContext, RecipeResult } from "../recipe.ts";
import { FaithfulRun, type Judged, TABLES } from "./faithful.node.ts";
import { weigh } from "./union.ts";

export const SPLIT = "by reduced formula, 70/10/20";
export const DATA_NOTE =
  "The paper's compounds are those of the 100 most frequent types of ICSD, which cannot be passed on; ours are ICSD-tagged rows of the Materials Project, of 110 types.";
const SPLIT_NOTE =
  "The paper parts patterns at random, so that a compound has patterns on both sides, and averages over test patterns too; here a formula is on one side, and averages are of the training part.";

export const percent = (part: number, whole: number): number => (100 * part) / Math.max(1, whole);

export interface QuantityHead {
  readonly key: string;
  readonly title: string;
  readonly paper?: Quantity["paper"];
}

export function honest(
  head: QuantityHead,
  value: number,
  n: number,
  chance?: number,
  unit = "%",
): Quantity {
  const measured: Measured = { value, n, split: SPLIT };
  return {
    unit,
    paper: null,
    ...head,
    oursHonestSplit: measured,
    ...(chance === undefined ? {} : { chance: { value: chance, n } }),
  };
}

export function plain(head: QuantityHead, value: number, n: number | null, unit = ""): Quantity {
  return { unit, paper: null, ...head, ours: { value, n } };
}

export const inPaper = (value: number, place: string, n?: number): Quantity["paper"] => ({
  value,
  place,
  ...(n === undefined ? {} : { n }),
});

export async function resultOf(
  run: FaithfulRun,
  quantities: readonly Quantity[],
  figures: RecipeResult["figures"] = [],
  notes: readonly string[] = [],
): Promise<RecipeResult> {
  return {
    quantities,
    differences: [run.note(), DATA_NOTE, SPLIT_NOTE, ...notes],
    seeds: [run.seed],
    model: await run.identity(),
    figures,
  };
}

/** A recipe of the trained model; its first run trains. */
export function modelRecipe(
  item: number,
  work: (run: FaithfulRun, context: RecipeContext) => Promise<RecipeResult>,
  minutes = 40,
): Recipe {
  return {
    item,
    tables: TABLES,
    minutes,
    run: async (context: RecipeContext) => work(await FaithfulRun.open(context), context),
  };
}

/** Share of patterns answered rightly, per cent. */
export function accuracyAt(
  judged: readonly Judged[],
  alpha: number,
  without?: ReadonlySet<number>,
): number {
  const right = judged.filter(
    ({ truth, evidence }) => weigh(evidence, alpha, without).type === truth,
  );
  return percent(right.length, judged.length);
}
