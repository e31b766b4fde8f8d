/** Parts that the recipes share which measure definitions on the tables: rows, drawn or all, and quantities that no split concerns. */
import type { Quantity, RecipeContext } from "../recipe.ts";
import { type StructureRow, structureTable } from "../../data/structure-table.ts";
import { drawnIds } from "./faithful.node.ts";
import { BOTH, LABELLED } from "./recipe-support.node.ts";

const DRAWN = 20_000;

/** The tables of a run: the labelled one alone where it is to be fast. */
const namesOf = ({ fast }: RecipeContext): readonly string[] => (fast ? [LABELLED] : BOTH);

/** Structures of the tables, or those of them that are wanted. */
export async function* allRows(
  context: RecipeContext,
  wanted?: ReadonlySet<string>,
): AsyncGenerator<StructureRow> {
  for (const name of namesOf(context)) {
    const table = await structureTable(await context.table(name));
    let done = 0;
    for await (const row of table.rows()) {
      if (wanted?.has(row.id) === false) continue;
      if (++done % 500 === 0) context.progress(`${name}: ${done} structures`);
      yield row;
    }
  }
}

/** Structures drawn at random, the same for every run; fewer where the run is to be fast. */
export async function* drawnRows(
  context: RecipeContext,
  count = DRAWN,
): AsyncGenerator<StructureRow> {
  const ids = await drawnIds(context, namesOf(context), () => 1, context.fast ? count / 10 : count);
  yield* allRows(context, ids);
}

export const fastNote = ({ fast }: RecipeContext): string[] =>
  fast ? ["Fast: the labelled table only, a tenth of the structures drawn."] : [];

type Head = Pick<Quantity, "key" | "title"> & Partial<Pick<Quantity, "unit" | "paper">>;

export const measured = (head: Head, value: number, n: number): Quantity => ({
  unit: "",
  paper: null,
  ...head,
  ours: { value, n },
});
export const percent = (head: Head, part: number, n: number): Quantity =>
  measured({ ...head, unit: "%" }, (100 * part) / Math.max(1, n), n);
