/**
 * Splits as data: which id belongs to which part, how that came about, and what leaks. A split is a
 * record that can be stored beside a table and used by another program. Random splits are what the
 * papers do; the honest ones keep everything that shares a key (formula, structure type, the compound
 * an augmented pattern came from) in one part.
 */
import { EwaldError } from "../errors.ts";
import { Random } from "../math/random.ts";
import { murmur3 } from "../formats/hash.ts";

/** Shares of the parts; they need not sum to 1 (a 60/20/20 may be written so). Parts in order of mention. */
export type Fractions = Readonly<Record<string, number>>;

/** 70/15/15: what four of the five papers come near. */
export const DEFAULT_FRACTIONS: Fractions = { train: 0.7, val: 0.15, test: 0.15 };

/** A split: ids of rows, by the name of their part. */
export interface Split {
  readonly method: "random" | "grouped" | "k-fold" | "hash" | "column";
  /** Null where no chance is involved. */
  readonly seed: number | string | null;
  /** Name of the key that stays together; null for a split per row. */
  readonly groupedBy: string | null;
  readonly fractions: Fractions | null;
  /** Part → ids, in the order of the rows. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
}

export interface Identified {
  readonly id: string;
}

/** A key whose rows must not be on two sides of a split, with the name under which reports show it. */
export interface GroupKey<T> {
  readonly name: string;
  /** Null: the row is alone in its group. */
  readonly of: (row: T) => string | null;
}

function partNames(fractions: Fractions): { names: string[]; shares: number[] } {
  const names = Object.keys(fractions);
  const values = Object.values(fractions);
  const total = values.reduce((sum, value) => sum + value, 0);
  if (names.length < 2 || !values.every((value) => value > 0 && Number.isFinite(value))) {
    throw new EwaldError(
      "split/fractions",
      "a split needs two or more parts with positive shares",
      {
        value: fractions,
        hint: "For example train=0.7,val=0.15,test=0.15.",
      },
    );
  }
  return { names, shares: values.map((value) => value / total) };
}

function checkIds(rows: readonly Identified[]): void {
  const seen = new Set<string>();
  for (const { id } of rows) {
    if (seen.has(id)) {
      throw new EwaldError(
        "split/duplicate-id",
        `id "${id}" occurs twice; one row cannot be in two parts`,
        {
          value: id,
          hint: "Clean the table first: ewald data clean.",
        },
      );
    }
    seen.add(id);
  }
}

function collectParts(
  rows: readonly Identified[],
  names: readonly string[],
  partOf: (row: number) => number,
): Record<string, string[]> {
  const parts: Record<string, string[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const [row, { id }] of rows.entries()) parts[names[partOf(row)]!]!.push(id);
  return parts;
}

/**
 * Rows in groups, groups in order of first appearance. A group's index is found again by row.
 */
function groupRows<T extends Identified>(
  rows: readonly T[],
  key: GroupKey<T>,
): { groupOf: Int32Array; sizes: number[] } {
  const indices = new Map<string, number>();
  const sizes: number[] = [];
  const groupOf = new Int32Array(rows.length);
  for (const [row, item] of rows.entries()) {
    const name = key.of(item);
    const known = name === null ? undefined : indices.get(name);
    const group = known ?? sizes.length;
    if (known === undefined) {
      sizes.push(0);
      if (name !== null) indices.set(name, group);
    }
    sizes[group]!++;
    groupOf[row] = group;
  }
  return { groupOf, sizes };
}

/**
 * Gives each group, in random order, to the part that is furthest below its share. Parts miss their shares by at
 * most the largest group.
 */
function dealGroups(
  sizes: readonly number[],
  shares: readonly number[],
  random: Random,
): Int32Array {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const missing = shares.map((share) => share * total);
  const partOf = new Int32Array(sizes.length);
  for (const group of random.permutation(sizes.length)) {
    const part = missing.indexOf(Math.max(...missing));
    partOf[group] = part;
    missing[part]! -= sizes[group]!;
  }
  return partOf;
}

/**
 * A split of rows dealt into parts at random by the seed, as papers do: compounds of one formula can come into several parts.
 * @throws EwaldError `split/fractions`, `split/duplicate-id`
 */
export function randomSplit(
  rows: readonly Identified[],
  seed: number | string,
  fractions: Fractions = DEFAULT_FRACTIONS,
): Split {
  const split = groupedSplit(rows, { name: "id", of: () => null }, seed, fractions);
  return { ...split, method: "random", groupedBy: null };
}

/**
 * A split in which all rows with the same key are in one part.
 * @throws EwaldError `split/fractions`, `split/duplicate-id`
 */
export function groupedSplit<T extends Identified>(
  rows: readonly T[],
  key: GroupKey<T>,
  seed: number | string,
  fractions: Fractions = DEFAULT_FRACTIONS,
): Split {
  const { names, shares } = partNames(fractions);
  checkIds(rows);
  const { groupOf, sizes } = groupRows(rows, key);
  const partOf = dealGroups(sizes, shares, Random.fromSeed(seed, "split", key.name));
  const parts = collectParts(rows, names, (row) => partOf[groupOf[row]!]!);
  return { method: "grouped", seed, groupedBy: key.name, fractions, parts };
}

/**
 * A split into parts "fold-1" … "fold-k", each row in exactly one; test on one, train on the others (`foldParts`). Folds
 * differ in size by at most one row, or by the largest group.
 * @throws EwaldError `split/folds`, `split/duplicate-id`
 */
export function kFoldSplit<T extends Identified>(
  rows: readonly T[],
  folds: number,
  seed: number | string,
  key: GroupKey<T> | null = null,
): Split {
  if (!Number.isInteger(folds) || folds < 2 || folds > rows.length) {
    throw new EwaldError(
      "split/folds",
      `${rows.length} rows cannot be parted into ${folds} folds`,
      {
        value: folds,
        hint: "Give 2 folds or more, at most one per row.",
      },
    );
  }
  const fractions = Object.fromEntries(
    Array.from({ length: folds }, (_, i) => [`fold-${i + 1}`, 1 / folds]),
  );
  const split = groupedSplit(rows, key ?? { name: "id", of: () => null }, seed, fractions);
  return { ...split, method: "k-fold", groupedBy: key?.name ?? null };
}

/** Training and test ids of one fold, counted from 1. @throws EwaldError `split/folds` */
export function foldParts(split: Split, fold: number): { train: string[]; test: string[] } {
  const test = split.parts[`fold-${fold}`];
  if (test === undefined) {
    throw new EwaldError("split/folds", `the split has no fold ${fold}`, { value: fold });
  }
  const train = Object.entries(split.parts).flatMap(([name, ids]) =>
    name === `fold-${fold}` ? [] : ids,
  );
  return { train, test: [...test] };
}

/**
 * The part of a row follows from its key (or id) alone: adding or removing rows moves no other row. Shares
 * hold on average. `salt` gives another such split.
 * @throws EwaldError `split/fractions`, `split/duplicate-id`
 */
export function hashSplit<T extends Identified>(
  rows: readonly T[],
  key: GroupKey<T> | null = null,
  salt = "",
  fractions: Fractions = DEFAULT_FRACTIONS,
): Split {
  const { names, shares } = partNames(fractions);
  checkIds(rows);
  const partOf = (row: T): number => {
    let rest = murmur3(`${salt}\n${key?.of(row) ?? row.id}`) / 2 ** 32;
    const part = shares.findIndex((share) => (rest -= share) < 0);
    // Shares sum to 1 only within rounding.
    return part === -1 ? shares.length - 1 : part;
  };
  const parts = collectParts(rows, names, (row) => partOf(rows[row]!));
  return { method: "hash", seed: salt, groupedBy: key?.name ?? null, fractions, parts };
}

/** The split that a table brings in its `split` column; rows without one are in no part. */
export function columnSplit(
  rows: readonly (Identified & { readonly split: string | null })[],
): Split {
  checkIds(rows);
  // Training first, so that overlaps read "test in train"; other names follow as they appear.
  const parts: Record<string, string[]> = {};
  const names = new Set(rows.flatMap(({ split }) => split ?? []));
  for (const name of ["train", "val", "valid", "validation", "test", ...names])
    if (names.has(name)) parts[name] = [];
  for (const { id, split } of rows) if (split !== null) parts[split]!.push(id);
  return { method: "column", seed: null, groupedBy: null, fractions: null, parts };
}

/** Id → part. */
export function partOfId(split: Split): Map<string, string> {
  return new Map(
    Object.entries(split.parts).flatMap(([part, ids]) => ids.map((id) => [id, part] as const)),
  );
}
