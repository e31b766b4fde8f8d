/** `data split`: part a table for training and test, and print what leaks. */
import { textTable } from "../../report/text-table.ts";
import { openStructureTable, saveStructureTable } from "../../data/files.node.ts";
import { leakage, LEAKAGE_KEYS, type Overlap } from "../../data/leakage.ts";
import {
  columnSplit,
  groupedSplit,
  hashSplit,
  kFoldSplit,
  partOfId,
  randomSplit,
  type Split,
} from "../../data/splits.ts";
import {
  provenanceOf,
  type StructureRow,
  type StructureTable,
} from "../../data/structure-table.ts";
import { EwaldError } from "../../errors.ts";
import type { WholeJob } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { DATA_SPLIT, type DATA_SPLIT_OPTIONS, HEEDED } from "./spec.ts";

type Options = OptionsOf<typeof DATA_SPLIT_OPTIONS>;

const GROUPS = {
  formula: LEAKAGE_KEYS.formula,
  "structure-type": LEAKAGE_KEYS.structureType,
  "chemical-system": LEAKAGE_KEYS.chemicalSystem,
} as const;
const FOLDS = 10;
const SEED = "1";

interface PartedTable {
  readonly table: string;
  readonly split: Split;
  readonly overlaps: readonly Overlap[];
}

/** What `--json` prints: the parts by their size. */
interface SplitRecord extends Pick<Split, "method" | "seed" | "groupedBy"> {
  readonly table: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly overlaps: readonly Overlap[];
}

export const dataSplitJob: WholeJob<typeof DATA_SPLIT_OPTIONS, PartedTable, SplitRecord> = {
  spec: DATA_SPLIT,
  async perform([path], options, host) {
    refuseUnheeded(options);
    const table = await openStructureTable(path!);
    const { rows, sources } = await cardsOf(table);
    if (options.method === "column" && rows.every((row) => row.split === null)) {
      throw new EwaldError("split/no-column", 'no row has a part in the column "split"', {
        source: table.name,
        hint: `The table has: ${table.columns.join(", ")}.`,
      });
    }
    const split = makeSplit(rows, options);
    if (options.out !== undefined) {
      const parts = partOfId(split);
      async function* parted(): AsyncGenerator<StructureRow> {
        for await (const row of table) yield { ...row, split: parts.get(row.id) ?? null };
      }
      await saveStructureTable(options.out, parted(), { provenance: provenanceOf(table, sources) });
    }
    if (options.save !== undefined) {
      await host.writeFile(options.save, `${JSON.stringify({ table: table.name, ...split })}\n`);
    }
    const overlaps = leakage(split, rows, Object.values(LEAKAGE_KEYS));
    return { table: table.name, split, overlaps };
  },
  text: describeSplit,
  json({ table, split: { method, seed, groupedBy, parts }, overlaps }) {
    const sizes = Object.fromEntries(
      Object.entries(parts).map(([name, ids]) => [name, ids.length]),
    );
    return { table, method, seed, groupedBy, sizes, overlaps };
  },
};

/** @throws EwaldError `usage/contradiction` for an option that would change nothing */
function refuseUnheeded(options: Options): void {
  const { method } = options;
  const heeded: readonly string[] = HEEDED[method];
  const idle = (["by", "fractions", "folds", "seed"] as const).find(
    (name) => options[name] !== undefined && !heeded.includes(name),
  );
  if (idle === undefined) return;
  const others = Object.entries(HEEDED).filter(([, names]: [string, readonly string[]]) =>
    names.includes(idle),
  );
  throw new EwaldError("usage/contradiction", `--method ${method} does not ask for --${idle}`, {
    value: method,
    hint: `Leave it out, or take --method ${others.map(([name]) => name).join(" or ")}.`,
  });
}

/** Only what a split needs: atoms of 139,739 structures would not stay small. */
type Card = Pick<
  StructureRow,
  | "id"
  | "formula"
  | "spaceGroup"
  | "species"
  | "split"
  | "structureType"
  | "formulaAnonymous"
  | "pearson"
>;

async function cardsOf(
  table: StructureTable,
): Promise<{ readonly rows: readonly StructureRow[]; readonly sources: ReadonlySet<string> }> {
  const cards: Card[] = [];
  const sources = new Set<string>();
  for await (const row of table) {
    const { id, formula, spaceGroup, species, split, structureType } = row;
    const { source, formulaAnonymous, pearson } = row;
    if (source !== null) sources.add(source);
    const kinds = [...new Set(species)];
    cards.push({
      id,
      formula,
      spaceGroup,
      species: kinds,
      split,
      structureType,
      formulaAnonymous,
      pearson,
    });
  }
  return { rows: cards as StructureRow[], sources };
}

function makeSplit(rows: readonly StructureRow[], options: Options): Split {
  const { method, by, fractions, folds = FOLDS, seed: word = SEED } = options;
  const seed = /^\d{1,15}$/.test(word) ? Number(word) : word;
  const key = by === undefined ? null : GROUPS[by];
  if (method === "random") return randomSplit(rows, seed, fractions);
  if (method === "grouped") return groupedSplit(rows, key ?? GROUPS.formula, seed, fractions);
  if (method === "hash") return hashSplit(rows, key, word, fractions);
  return method === "column" ? columnSplit(rows) : kFoldSplit(rows, folds, seed, key);
}

function describeSplit({ table: name, split: made, overlaps }: PartedTable): string {
  const total = Object.values(made.parts).reduce((sum, ids) => sum + ids.length, 0);
  const percent = (part: number, whole: number): string =>
    `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
  const how = `${made.method}${made.groupedBy === null ? "" : ` by ${made.groupedBy}`}${made.seed === null || made.seed === "" ? "" : `, seed ${made.seed}`}`;
  const right = (title: string) => ({ title, align: "right" as const });
  const left = (title: string) => ({ title, align: "left" as const });
  return [
    `${name}: ${how}`,
    textTable(
      [left("part"), right("rows"), right("share")],
      Object.entries(made.parts).map(([part, ids]) => [
        part,
        String(ids.length),
        percent(ids.length, total),
      ]),
    ),
    "",
    "Overlap: rows of a part whose key also occurs in another",
    textTable(
      [left("part"), left("in"), left("same"), right("rows"), right("share")],
      overlaps.map((overlap) => [
        overlap.of,
        overlap.in,
        overlap.key,
        String(overlap.rows),
        percent(overlap.rows, overlap.total),
      ]),
    ),
  ].join("\n");
}
