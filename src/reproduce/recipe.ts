/**
 * The frame of `ewald reproduce`: a recipe recomputes one item of a paper and returns quantities, each
 * beside the paper's number and a trivial baseline. Systems bring recipes; this file knows none of them.
 */
import { type RecipeFigure } from "../report/figure-records.ts";
import { EwaldError } from "../errors.ts";
import type { ComputedEntry, LedgerEntry } from "./ledger.ts";
import type { TableFile } from "../data/parquet.ts";
import { type PaperName, PAPERS, REPRODUCTION_ITEMS } from "./items.table.ts";

/** A number we computed. */
export interface Measured {
  readonly value: number;
  /** Samples it rests on. */
  readonly n: number | null;
  /** Standard deviation over seeds, and how many. */
  readonly spread?: { readonly value: number; readonly over: number };
  /** How training and test were parted; null where nothing was trained. */
  readonly split?: string;
}

/** One row of what is printed: the protocol's five columns. */
export interface Quantity {
  /** Lower-case, hyphens: stable key in the ledger. */
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  readonly paper: { readonly value: number; readonly n?: number; readonly place: string } | null;
  /** Counts and measurements that no split concerns. */
  readonly ours?: Measured;
  readonly oursPaperSplit?: Measured;
  readonly oursHonestSplit?: Measured;
  readonly chance?: Measured;
}

export interface RecipeResult {
  readonly quantities: readonly Quantity[];
  /** Differences between the paper's data and ours, a sentence each. Never empty without thought. */
  readonly differences: readonly string[];
  readonly seeds: readonly (number | string)[];
  readonly model?: { readonly name: string; readonly sha256: string | null };
  readonly embedded?: boolean;
  /** Drawn where the caller wants them. */
  readonly figures?: readonly RecipeFigure[];
}

/** The means of a recipe: tables of the data folder, a folder of checkpoints, a line of progress. */
export interface RecipeContext {
  /**
   * A table of the data folder by its file name; its name and hash go into the ledger.
   * @throws EwaldError `reproduce/missing-table`
   */
  table(name: string): Promise<TableFile>;
  /** Smaller and quicker; results are marked. */
  readonly fast: boolean;
  /** Kept between runs of this item: long recipes put checkpoints here (a folder in Node). */
  readonly checkpoints: string;
  /** A line for the person who waits. */
  progress(text: string): void;
}

export interface Recipe {
  readonly item: number;
  /** Files of the data folder it reads. */
  readonly tables: readonly string[];
  /** Rough time of the full run on two cores, for the list. */
  readonly minutes: number;
  run(context: RecipeContext): Promise<RecipeResult>;
}

export type ReproductionItem = (typeof REPRODUCTION_ITEMS)[number];

/**
 * A paper by its name, the name's beginning, or S1 … S5.
 * @throws EwaldError `reproduce/unknown-paper`
 */
export function findPaper(text: string): PaperName {
  const names = Object.keys(PAPERS) as PaperName[];
  const wanted = text.toLowerCase();
  const found = names.filter(
    (name) =>
      PAPERS[name].short.toLowerCase() === wanted ||
      name.startsWith(wanted) ||
      name.endsWith(`-${wanted}`),
  );
  if (found.length === 1) return found[0]!;
  throw new EwaldError("reproduce/unknown-paper", `"${text}" is none of the papers`, {
    value: text,
    hint: `Papers: ${names.map((name) => `${PAPERS[name].short} ${name}`).join(", ")}.`,
  });
}

/** @throws EwaldError `reproduce/unknown-item` */
export function findItem(paper: PaperName, text: string): ReproductionItem {
  const items = REPRODUCTION_ITEMS.filter((item) => item.paper === paper);
  const found = items.find((item) => String(item.number) === text);
  if (found !== undefined) return found;
  throw new EwaldError("reproduce/unknown-item", `${paper} has no item ${text}`, {
    value: text,
    hint: `Its items are ${items[0]!.number} to ${items.at(-1)!.number}.`,
  });
}

/** Recipes by item. @throws EwaldError `reproduce/recipe` for an item that is none or has two recipes */
export function recipeIndex(recipes: readonly Recipe[]): Map<number, Recipe> {
  const index = new Map<number, Recipe>();
  for (const recipe of recipes) {
    const known = REPRODUCTION_ITEMS.some(({ number }) => number === recipe.item);
    if (!known || index.has(recipe.item)) {
      throw new EwaldError(
        "reproduce/recipe",
        `item ${recipe.item} ${known ? "has two recipes" : "is not in the list"}`,
        { value: recipe.item },
      );
    }
    index.set(recipe.item, recipe);
  }
  return index;
}

/** Facts that all computed entries of one run share. */
export type RunFacts = Pick<
  ComputedEntry,
  "commit" | "command" | "machine" | "recorded" | "wallSeconds" | "fast" | "data"
>;

/** A result as entries of the ledger. */
export function ledgerEntries(item: number, result: RecipeResult, facts: RunFacts): LedgerEntry[] {
  return result.quantities.flatMap((quantity) => {
    const { key, title, unit, paper } = quantity;
    const shared = { key, quantity: title, unit, item };
    const entries: LedgerEntry[] = [];
    if (paper !== null)
      entries.push({
        ...shared,
        role: "paper",
        value: paper.value,
        n: paper.n ?? null,
        place: paper.place,
      });
    const computed: [ComputedEntry["role"], Measured | undefined][] = [
      ["ours", quantity.ours],
      ["ours-paper-split", quantity.oursPaperSplit],
      ["ours-honest-split", quantity.oursHonestSplit],
      ["chance", quantity.chance],
    ];
    for (const [role, measured] of computed) {
      if (measured === undefined) continue;
      const { value, n, spread, split } = measured;
      entries.push({
        ...shared,
        ...facts,
        role,
        value,
        n,
        spread: spread === undefined ? null : { kind: "standard-deviation", ...spread },
        split: split ?? null,
        model: result.model ?? null,
        seeds: [...result.seeds],
        embedded: result.embedded ?? false,
      });
    }
    return entries;
  });
}
