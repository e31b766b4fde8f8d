/**
 * Importing what is already here: structure files of a folder or archive, and CSV tables with a CIF per
 * row (the form of CDVAE's MP-20). Rows and problems come as one stream, in the order of the source.
 */
import { EwaldError } from "../../errors.ts";
import { parseCsv } from "../../formats/csv.ts";
import type { ExtraValue, LabelName, RowProblem, StructureRow } from "../structure-table.ts";
import type { SourceFile } from "./archive.ts";
import { addEntry, addFailure, labelOfColumn, onlyStructure, type PageBuilder } from "./rows.ts";
import type { FileContent, NamedStructure, RowMaker, StructureReader } from "./source.ts";

/** What a stream of an import holds: a row, or why there is none. */
export type ImportItem = { readonly row: StructureRow } | { readonly problem: RowProblem };

function* items({ rows, problems }: PageBuilder): Generator<ImportItem> {
  for (const row of rows) yield { row };
  for (const problem of problems) yield { problem };
}

const STRUCTURE_FILE = /\.(cif|mcif|vasp|poscar|contcar|json)$|(^|\/)(POSCAR|CONTCAR)[^/]*$/i;

/** True for names that a reader of structures knows. */
export function isStructureFile(path: string): boolean {
  return STRUCTURE_FILE.test(path) && !/(^|\/)\./.test(path);
}

export interface FilesOptions {
  /** Value of the `source` column. */
  readonly source: string;
}

/** "folder/quartz.cif" → "folder/quartz"; several structures of a file add their block's name. */
function fileId(path: string, { name }: NamedStructure, index: number, count: number): string {
  const stem = path.replace(/\.[^./]+$/, "");
  return count === 1 ? stem : `${stem}#${name ?? index + 1}`;
}

/**
 * Files that are no structures by their name are passed by; a structure file that cannot be read is a problem.
 * @throws EwaldError `import/no-structure-files` where nothing is left
 */
export async function* structuresOfFiles(
  files: AsyncIterable<SourceFile>,
  { source }: FilesOptions,
  read: StructureReader,
  makeRow: RowMaker,
): AsyncGenerator<ImportItem> {
  let any = false;
  for await (const { path, bytes } of files) {
    if (!isStructureFile(path)) continue;
    any = true;
    const page: PageBuilder = { rows: [], problems: [] };
    let found: FileContent = { structures: [], failures: [] };
    addEntry(page, path, () => {
      found = read(bytes, path);
      if (found.structures.length + found.failures.length > 0) return [];
      throw new EwaldError("import/entry", "the file holds no structure", { source: path });
    });
    const { structures, failures } = found;
    for (const failure of failures) addFailure(page, path, failure);
    for (const [i, named] of structures.entries()) {
      const id = fileId(path, named, i, structures.length);
      addEntry(page, id, () => makeRow(named.structure, id, source));
    }
    yield* items(page);
  }
  if (any) return;
  throw new EwaldError("import/no-structure-files", "no structure file is here", {
    hint: "Names in .cif, .mcif, .vasp, .poscar, .contcar, .json, or beginning with POSCAR or CONTCAR, are read, alone, in a folder, .tar, .tar.gz or .zip; CSV by `ewald data import csv`.",
  });
}

export interface CsvOptions {
  readonly source: string;
  /** Column of the CIF text. Default "cif". */
  readonly cifColumn?: string;
  /** Column of the id. Default the first of material_id, id, name, and else the row's number. */
  readonly idColumn?: string;
  /** Column → label, beside the columns that are named as ours. */
  readonly labels?: Readonly<Record<string, string>>;
}

const ID_COLUMNS = ["material_id", "id", "mp_id", "name"];

interface CsvPlan {
  readonly cif: number;
  readonly id: number | null;
  readonly labels: readonly { readonly index: number; readonly name: LabelName }[];
  readonly extras: readonly { readonly index: number; readonly name: string }[];
}

/** Columns that the row itself tells better. */
const RECOMPUTED = new Set([
  "",
  "Unnamed: 0",
  "elements",
  "pretty_formula",
  "spacegroup.number",
  "formula",
  "nsites",
  "cif",
]);

function planCsv(header: readonly string[], options: CsvOptions, name: string): CsvPlan {
  const find = (column: string): number => {
    const index = header.indexOf(column);
    if (index >= 0) return index;
    throw new EwaldError("csv/missing-column", `the table has no column "${column}"`, {
      source: name,
      value: column,
      hint: `It has: ${header.join(", ")}.`,
    });
  };
  const cif = find(options.cifColumn ?? "cif");
  const idName = options.idColumn ?? ID_COLUMNS.find((column) => header.includes(column));
  const id = idName === undefined ? null : find(idName);
  const chosen = new Map(
    Object.entries(options.labels ?? {}).map(([column, label]) => [find(column), label]),
  );
  const labels: { index: number; name: LabelName }[] = [];
  const extras: { index: number; name: string }[] = [];
  for (const [index, column] of header.entries()) {
    const label = labelOfColumn(chosen.get(index) ?? column);
    if (chosen.has(index) && label === null) {
      throw new EwaldError("import/label", `"${chosen.get(index)}" is not a label`, {
        value: chosen.get(index),
      });
    }
    if (label !== null) labels.push({ index, name: label });
    else if (index !== cif && index !== id && !RECOMPUTED.has(column))
      extras.push({ index, name: column });
  }
  return { cif, id, labels, extras };
}

/** @throws EwaldError `csv/missing-column`, `csv/unterminated-quote`, `csv/quote`, `import/label` */
export async function* structuresOfCsv(
  pieces: AsyncIterable<string> | Iterable<string>,
  name: string,
  options: CsvOptions,
  read: StructureReader,
  makeRow: RowMaker,
): AsyncGenerator<ImportItem> {
  let plan: CsvPlan | null = null;
  let columns = 0;
  for await (const { line, fields } of parseCsv(pieces)) {
    if (plan === null) {
      plan = planCsv(fields, options, name);
      columns = fields.length;
      continue;
    }
    const id = (plan.id === null ? undefined : fields[plan.id]) || `line-${line}`;
    const page: PageBuilder = { rows: [], problems: [] };
    const { cif, labels, extras } = plan;
    addEntry(page, id, () => {
      if (fields.length !== columns) {
        throw new EwaldError("csv/row-length", `${fields.length} fields under ${columns} columns`, {
          source: name,
          line,
        });
      }
      const row = makeRow(onlyStructure(read(fields[cif]!, `${id}.cif`), id), id, options.source);
      return {
        ...row,
        labels: csvLabels(fields, labels, name, line),
        extra: csvExtras(fields, extras),
      };
    });
    yield* items(page);
  }
  if (plan === null) throw new EwaldError("csv/empty", "the table has no header", { source: name });
}

function csvLabels(
  fields: readonly string[],
  labels: CsvPlan["labels"],
  source: string,
  line: number,
): StructureRow["labels"] {
  const found: { [K in LabelName]?: number } = {};
  for (const { index, name } of labels) {
    const text = fields[index]!.trim();
    if (text === "" || /^(nan|null|none)$/i.test(text)) continue;
    const value = Number(text);
    if (!Number.isFinite(value))
      throw new EwaldError("csv/number", `${name} is "${text}"`, { source, line, value: text });
    found[name] = value;
  }
  return found;
}

function csvExtras(
  fields: readonly string[],
  extras: CsvPlan["extras"],
): Record<string, ExtraValue> {
  return Object.fromEntries(
    extras.map(({ index, name }) => [name, fields[index] === "" ? null : fields[index]!]),
  );
}
