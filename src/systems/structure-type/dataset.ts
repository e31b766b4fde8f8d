/**
 * The compounds that the networks learn from: compounds of each library type, rare types filled by substitution, and compounds of all other
 * types as "none of them". Compounds are parted by reduced formula, by hash: a formula is in one part, whatever its type, and
 * rows that are added move none.
 */
import { dominantElement } from "../../crystal/types/structure-type-key.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import { murmur3 } from "../../formats/hash.ts";
import { rowStructureType } from "../../data/leakage.ts";
import { rowStructure } from "../../data/structure-table.ts";
import { EwaldError } from "../../errors.ts";
import { Random } from "../../math/random.ts";
import {
  type LibraryType,
  membersOf,
  type StructureTypeLibrary,
  type TypeVariant,
} from "../../known/library.ts";
import type { RowLines } from "../../known/line-feature.ts";
import { type LineList, lineList } from "../../diffraction/line-list.ts";
import { substituted } from "../../known/substitute.ts";
import { drawPattern, SampleStore } from "./augment.ts";

export type Part = "train" | "val" | "test";

/** 70 / 10 / 20, as the paper. */
export function partOfFormula(formula: string): Part {
  const share = murmur3(`structure-type split 1 ${formula}`) / 2 ** 32;
  return share < 0.7 ? "train" : share < 0.8 ? "val" : "test";
}

export interface Sample {
  readonly id: string;
  readonly formula: string;
  readonly lines: LineList;
}

/** Compounds of one part: per library type, and of no type. */
export interface CompoundSet {
  readonly types: readonly (readonly Sample[])[];
  readonly others: readonly Sample[];
}

/** Types with fewer training compounds are filled up to this many. */
const FILL_TO = 80;
const TRIES_PER_FILL = 3;

function sampleOf({ row, lines }: RowLines): Sample {
  return { id: row.id, formula: row.formula!, lines };
}

/** Formula type, Pearson symbol, space group of a key: the columns that every table has. */
function practicalKey(key: string): string {
  return key.split("|").slice(0, 3).join("|");
}

/**
 * Compounds of a part. Rows that agree with a library type in formula type, Pearson symbol and space group without being members
 * are in no set: they are neither the type nor clearly not.
 */
export function compoundSet(
  rows: readonly RowLines[],
  library: StructureTypeLibrary,
  part: Part,
): CompoundSet {
  const byId = new Map(rows.map((one) => [one.row.id, one]));
  const kept = [...library.types, ...library.unknown.test, ...library.unknown.threshold];
  const known = new Set(kept.flatMap(membersOf).map(([id]) => id));
  const keys = new Set(
    kept.flatMap(({ variants }) => variants.map(({ key }) => practicalKey(key))),
  );
  const members = (type: LibraryType): Sample[] =>
    membersOf(type).flatMap(([id, formula]) => {
      const found = byId.get(id);
      return found === undefined || partOfFormula(formula) !== part ? [] : [sampleOf(found)];
    });
  const isOther = ({ row }: RowLines): boolean => {
    if (known.has(row.id) || row.formula === null || partOfFormula(row.formula) !== part)
      return false;
    const key = rowStructureType(row);
    return key !== null && !keys.has(practicalKey(key));
  };
  return { types: library.types.map(members), others: rows.filter(isOther).map(sampleOf) };
}

/** Compounds of types that are kept out, per type. */
export function unknownCompounds(
  rows: readonly RowLines[],
  types: readonly LibraryType[],
): Sample[][] {
  const byId = new Map(rows.map((one) => [one.row.id, one]));
  return types.map((type) =>
    membersOf(type).flatMap(([id]) => {
      const found = byId.get(id);
      return found === undefined ? [] : [sampleOf(found)];
    }),
  );
}

/** Which element of a member stands in which role of its variant; null where amounts do not match. */
function rolesOf(symbols: readonly string[], roles: TypeVariant["roles"]): string[] | null {
  const counts = new Map<string, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  const divisor = [...counts.values()].reduce((a, b) => {
    while (b > 0) [a, b] = [b, a % b];
    return a;
  });
  const left = new Set(counts.keys());
  const found: string[] = [];
  for (const { amount, elements } of roles) {
    const [best] = [...left]
      .filter((symbol) => counts.get(symbol)! / divisor === amount)
      .toSorted((a, b) => (elements[b] ?? 0) - (elements[a] ?? 0));
    if (best === undefined) return null;
    left.delete(best);
    found.push(best);
  }
  return found;
}

/** Substituted compounds for types with few: per type, to {@link FILL_TO} with the real ones. */
export function filledTypes(
  set: CompoundSet,
  rows: readonly RowLines[],
  library: StructureTypeLibrary,
  seed: number | string,
): Sample[][] {
  const byId = new Map(rows.map((one) => [one.row.id, one.row]));
  return library.types.map((type, t) => {
    const real = set.types[t]!;
    const random = Random.fromSeed(seed, "substitute", type.key);
    const variantOf = new Map(
      type.variants.flatMap((variant) => variant.members.map(([id]) => [id, variant] as const)),
    );
    const made: Sample[] = [];
    const missing = Math.max(0, FILL_TO - real.length);
    for (let tries = TRIES_PER_FILL * missing; tries > 0 && made.length < missing; tries--) {
      if (real.length === 0) break;
      const model = random.choice(real);
      const structure = rowStructure(byId.get(model.id)!);
      const { roles } = variantOf.get(model.id)!;
      const own = rolesOf(structure.sites.map(dominantElement), roles);
      const changed =
        own === null
          ? null
          : substituted(
              structure,
              own,
              roles.map(({ elements }) => elements),
              random,
            );
      if (changed === null) continue;
      try {
        const lines = lineList(changed, TABLE_SYMPREC_ANGSTROM);
        made.push({ id: `${model.id}-substituted-${made.length + 1}`, formula: "", lines });
      } catch (error) {
        // An element without form factor, or atoms that came to clash: another draw.
        if (!(error instanceof EwaldError)) throw error;
      }
    }
    return [...real, ...made];
  });
}

interface PoolOptions {
  readonly size: number;
  readonly seed: number | string;
  /** Share of samples of no library type. */
  readonly others: number;
  /** How types share the rest: by number of compounds (as tests count) or by its root (rare types more often). */
  readonly balance: "compounds" | "root";
  readonly onProgress?: (done: number) => void;
}

/** Beyond this many compounds a type is drawn no oftener. */
const MOST_WEIGHT = 300;

/** Simulated samples of a set, drawn at random; the class after the last type is "none of them". */
export function samplePool(
  types: readonly (readonly Sample[])[],
  others: readonly Sample[],
  options: PoolOptions,
): { readonly store: SampleStore; readonly drawn: readonly Sample[] } {
  const random = Random.fromSeed(options.seed, "pool");
  const weights = types.map(({ length }) =>
    options.balance === "root" ? Math.sqrt(Math.min(length, MOST_WEIGHT)) : length,
  );
  const foreign = types.flat().map(({ lines }) => lines);
  const store = new SampleStore(options.size);
  const drawn: Sample[] = [];
  for (let i = 0; i < options.size; i++) {
    const isOther = others.length > 0 && random.uniform() < options.others;
    const label = isOther ? types.length : random.weightedIndex(weights);
    const sample = random.choice(isOther ? others : types[label]!);
    store.set(i, drawPattern(sample.lines, foreign, random), label);
    drawn.push(sample);
    if (i % 1000 === 999) options.onProgress?.(i + 1);
  }
  return { store, drawn };
}
