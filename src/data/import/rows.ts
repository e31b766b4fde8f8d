/** Shared by importers: reading one entry into a row or a problem, never into nothing. */
import { describeError, EwaldError } from "../../errors.ts";
import type { Structure } from "../../crystal/structure.ts";
import type { FileContent } from "./source.ts";
import type { RowProblem, StructureRow } from "../structure-table.ts";
import { LABEL_NAMES, type LabelName } from "../structure-table.ts";
import { LABEL_COLUMNS } from "../structure-columns.table.ts";

export interface PageBuilder {
  readonly rows: StructureRow[];
  readonly problems: RowProblem[];
}

/** Runs `make`; what it throws on purpose becomes a problem of entry `id`, a bug of ours goes on. */
export function addEntry(
  page: PageBuilder,
  id: string | null,
  make: () => StructureRow | StructureRow[],
): void {
  try {
    const made = make();
    if (Array.isArray(made)) page.rows.push(...made);
    else page.rows.push(made);
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    addFailure(page, id, error);
  }
}

/** A fault of a part of an entry as a problem. */
export function addFailure(page: PageBuilder, id: string | null, error: EwaldError): void {
  page.problems.push({ row: null, id, code: error.code, message: describeError(error) });
}

/** The one structure that an entry of a server holds. @throws EwaldError `import/entry`, or the reader's */
export function onlyStructure({ structures, failures }: FileContent, id: string): Structure {
  const [first, ...more] = structures;
  if (first !== undefined && more.length === 0) return first.structure;
  if (first === undefined && failures[0] !== undefined) throw failures[0];
  throw new EwaldError("import/entry", `the entry holds ${structures.length} structures`, {
    value: id,
  });
}

/** A record of an object, or null for anything else. */
export function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

const COLUMN_LABELS = new Map(
  LABEL_NAMES.map((name) => [LABEL_COLUMNS[name].column as string, name]),
);

/** The label that a column of this name holds: `bandGapEv` or `band_gap`. */
export function labelOfColumn(column: string): LabelName | null {
  if (Object.hasOwn(LABEL_COLUMNS, column)) return column as LabelName;
  return COLUMN_LABELS.get(column) ?? null;
}
