/** The leakage of a split: how many rows of one part share a key with another part. */
import type { GroupKey, Identified, Split } from "./splits.ts";
import { partOfId } from "./splits.ts";
import type { StructureRow } from "./structure-table.ts";

/** The keys by which near-copies are recognised. */
export const LEAKAGE_KEYS = {
  formula: { name: "formula", of: (row) => row.formula },
  formulaAndSpaceGroup: {
    name: "formula and space group",
    of: (row) =>
      row.formula === null || row.spaceGroup === null ? null : `${row.formula} ${row.spaceGroup}`,
  },
  structureType: { name: "structure type", of: rowStructureType },
  chemicalSystem: {
    name: "chemical system",
    of: (row) => [...new Set(row.species)].sort().join("-"),
  },
} as const satisfies Record<string, GroupKey<StructureRow>>;

/**
 * The row's own structure type, else the practical key (anonymous formula, Pearson symbol, space group), which does
 * not separate types that differ in Wyckoff positions only.
 */
export function rowStructureType(row: StructureRow): string | null {
  if (row.structureType !== null) return row.structureType;
  const { formulaAnonymous, pearson, spaceGroup } = row;
  if (formulaAnonymous === null || pearson === null || spaceGroup === null) return null;
  return `${formulaAnonymous}|${pearson}|${spaceGroup}`;
}

export interface Overlap {
  /** Rows of this part … */
  readonly of: string;
  /** … whose key also occurs in this part. */
  readonly in: string;
  readonly key: string;
  readonly rows: number;
  readonly total: number;
}

/**
 * The overlap of every later part of a split with every earlier one ("test in train"). Folds are compared each with all
 * others together.
 */
export function leakage<T extends Identified>(
  split: Split,
  rows: readonly T[],
  keys: readonly GroupKey<T>[],
): Overlap[] {
  const partOf = partOfId(split);
  const names = Object.keys(split.parts);
  const pairs: [string, string[]][] =
    split.method === "k-fold"
      ? names.map((name) => [name, names.filter((other) => other !== name)])
      : names.flatMap((name, i) =>
          names.slice(0, i).map((other): [string, string[]] => [name, [other]]),
        );
  return keys.flatMap((key) => {
    const keysOfPart = new Map<string, string[]>(names.map((name) => [name, []]));
    for (const row of rows) {
      const value = key.of(row);
      const part = partOf.get(row.id);
      if (value !== null && part !== undefined) keysOfPart.get(part)!.push(value);
    }
    return pairs.map(([of, others]) => {
      const known = new Set(others.flatMap((other) => keysOfPart.get(other)!));
      const shared = keysOfPart.get(of)!.filter((value) => known.has(value)).length;
      const inName = split.method === "k-fold" ? "the other folds" : others[0]!;
      return { of, in: inName, key: key.name, rows: shared, total: split.parts[of]!.length };
    });
  });
}
