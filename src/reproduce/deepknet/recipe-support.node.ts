/** Parts that the recipes of `ewald reproduce deepknet` share: tables with features, splits, work that is not done twice. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openFeatureCache } from "../../data/feature-cache.node.ts";
import { replaceFile } from "../../data/replace-file.node.ts";
import type { Measured, Quantity, RecipeContext } from "../recipe.ts";
import { groupedSplit, randomSplit, type Split } from "../../data/splits.ts";
import { type StructureRow, structureTable } from "../../data/structure-table.ts";
import {
  type FeatureRows,
  type StructureFeature,
  tableFeatures,
} from "../../data/table-features.ts";
import { mean, standardDeviation } from "../../math/statistics.ts";
import type { PropertyTaskName } from "../../systems/reciprocal/task.ts";

export const LABELLED = "mp_labelled.parquet";
const UNLABELLED = "mp_unlabelled.parquet";
export const BOTH = [LABELLED, UNLABELLED];

export const DATA_NOTE =
  "Ours are the Materials Project structures of 2025 with labels of 2018 to 2024 (energy above hull: 2024); the paper's is the Materials Project of October 2021, with more rows (item 43).";
export const CLASS_NOTE =
  "Labels by the paper's Table I; every gap above 0 is an insulator (the released code drops gaps up to 0.05 eV), moduli of 0 or above 500 GPa are left out.";

/** Rows of tables with a feature, from the cache where it has them. */
export async function* tableRows(
  context: RecipeContext,
  names: readonly string[],
  feature: StructureFeature,
  where: (row: StructureRow) => boolean = () => true,
): AsyncGenerator<FeatureRows> {
  const cache = openFeatureCache();
  for (const name of names) {
    const table = await structureTable(await context.table(name));
    let done = 0;
    for await (const part of tableFeatures(table.rows({ where }), feature, cache)) {
      done += part.rows.length;
      context.progress(`${feature.feature} of ${name}: ${done}`);
      yield part;
    }
  }
}

/** A result kept in the folder of the recipe: a run that was stopped, or is asked for again, goes on behind it. */
export async function remembered<T>(
  context: RecipeContext,
  key: string,
  compute: () => Promise<T>,
): Promise<T> {
  const path = join(context.checkpoints, `${key}.json`);
  const text = await readFile(path, "utf8").catch(() => null);
  if (text !== null) return JSON.parse(text) as T;
  const value = await compute();
  await replaceFile(path, (handle) => handle.writeFile(JSON.stringify(value)));
  return value;
}

/** The paper's ROC-AUC for φ₁ (Fig. 4; stability is read off the figure). */
export const PAPER_AUC: Readonly<Record<PropertyTaskName, number>> = {
  metal: 0.91,
  bulk: 0.95,
  shear: 0.86,
  stable: 0.8,
};

interface Grouped {
  readonly id: string;
  readonly formula: string | null;
}

export type SplitKind = "random" | "grouped";

export const SPLITS: readonly SplitKind[] = ["random", "grouped"];

const BY_FORMULA = { name: "formula", of: (row: Grouped) => row.formula };

/** 70/15/15 as the paper; grouped keeps a formula in one part. */
export function splitBy(rows: readonly Grouped[], kind: SplitKind, seed: number): Split {
  return kind === "random" ? randomSplit(rows, seed) : groupedSplit(rows, BY_FORMULA, seed);
}

/** How the networks of the package were parted: the card names the seed. */
export const shippedSplit = (rows: readonly Grouped[], seed: number | string): Split =>
  groupedSplit(rows, BY_FORMULA, seed, { train: 0.8, val: 0.1, test: 0.1 });

const SPLIT_TEXT: Readonly<Record<SplitKind, string>> = {
  random: "random 70/15/15",
  grouped: "grouped by formula 70/15/15",
};

/** Mean over seeds with its spread. */
export function overSeeds(values: readonly number[], n: number, kind: SplitKind): Measured {
  return {
    value: mean(values),
    n,
    ...(values.length > 1
      ? { spread: { value: standardDeviation(values), over: values.length } }
      : {}),
    split: SPLIT_TEXT[kind],
  };
}

/** A quantity of both splits. */
export function quantityOf(
  head: Pick<Quantity, "key" | "title" | "unit" | "paper">,
  values: Readonly<Partial<Record<SplitKind, { values: readonly number[]; n: number }>>>,
  chance: number,
): Quantity {
  const { random, grouped } = values;
  const n = (random ?? grouped)!.n;
  return {
    ...head,
    ...(random === undefined
      ? {}
      : { oursPaperSplit: overSeeds(random.values, random.n, "random") }),
    ...(grouped === undefined
      ? {}
      : { oursHonestSplit: overSeeds(grouped.values, grouped.n, "grouped") }),
    chance: { value: chance, n },
  };
}

export const partIds = (split: Split, part: string): ReadonlySet<string> =>
  new Set(split.parts[part]!);

/** Formulas without regard to the order of elements. */
export function sameFormula(text: string): string {
  return (text.match(/[A-Z][a-z]?\d*/g) ?? []).sort().join("");
}
