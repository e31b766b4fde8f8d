/**
 * Importing what is already here: structure files of a folder or archive, and CSV tables with a CIF per
 * row (the form of CDVAE's MP-20). Rows and problems come as one stream, in the order of the source.
 */
import { EwaldError } from "../../errors.ts";
import { parseCsv } from "../../formats/csv.ts";
import { endingOf } from "../../formats/signatures.ts";
import type { ExtraValue, LabelName, RowProblem, StructureRow } from "../structure-table.ts";
import { isMeant, type SourceFile } from "./archive.ts";
import { addEntry, addFailure, labelOfColumn, onlyStructure, type PageBuilder } from "./rows.ts";
import type { FileContent, NamedStructure, RowMaker, StructureReader } from "./source.ts";

/** An item in the stream of an import: a row, why there is none, or why a file was never meant to give one. */
export type ImportItem =
  | { readonly row: StructureRow }
  | { readonly problem: RowProblem }
  | { readonly passedOver: RowProblem };

/** A file, or why it cannot be read. */
export type ImportFile = SourceFile | { readonly path: string; readonly failure: EwaldError };

function* items({ rows, problems }: PageBuilder): Generator<ImportItem> {
  for (const row of rows) yield { row };
  for (const problem of problems) yield { problem };
}

const STRUCTURE_ENDING = endingOf("structure");
const VASP_NAME = /(?:^|\/)(?:POSCAR|CONTCAR)[^/]*$/i;

/** True for names that promise a structure: where such a file holds none, something is wrong with it. */
export function isStructureFile(path: string): boolean {
  return STRUCTURE_ENDING.test(path.replace(/\.gz$/i, "")) || VASP_NAME.test(path);
}

/** Codes by which a file is of another kind, where its name promises nothing. */
const OTHER_KIND =
  /^(?:read\/(?:empty|unrecognised|other-file)|(?:cif|json)\/no-structure|(?:file|text)\/too-large|zip\/bomb)$/;

/** A scan is well what it is, whatever its name. */
function isOtherKind(path: string, { code }: RowProblem): boolean {
  return code === "read/wrong-kind" || (OTHER_KIND.test(code) && !isStructureFile(path));
}

export interface FilesOptions {
  /** Value of the `source` column. */
  readonly source: string;
}

/** "folder/quartz.cif.gz" → "folder/quartz"; several structures of a file add their block's name. */
function fileId(path: string, { name }: NamedStructure, index: number, count: number): string {
  // Other endings stay: POSCAR.1 and POSCAR.2 are two.
  const stem = path.replace(/\.gz$/i, "").replace(STRUCTURE_ENDING, "");
  return count === 1 ? stem : `${stem}#${name ?? index + 1}`;
}

/** "2 files of other kinds passed over: notes.txt, scan.xy" */
export function passedOverText(passedOver: readonly RowProblem[]): string {
  const [first, ...more] = passedOver.map(({ id }) => id);
  if (more.length === 0) return `1 file of another kind passed over: ${first}`;
  const shown = [first, ...more.slice(0, NAMES_SHOWN - 1)];
  const rest = passedOver.length - shown.length;
  return `${passedOver.length} files of other kinds passed over: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

const NAMES_SHOWN = 4;

/**
 * The structures of files, known by their content. Files of other kinds are passed over and said; one whose name promises a
 * structure, or that begins as one and cannot be read, is a problem.
 * @throws EwaldError `import/no-structure-files` where nothing is left
 */
export async function* structuresOfFiles(
  files: AsyncIterable<ImportFile>,
  { source }: FilesOptions,
  read: StructureReader,
  makeRow: RowMaker,
): AsyncGenerator<ImportItem> {
  let any = false;
  const passedOver: RowProblem[] = [];
  for await (const file of files) {
    const { path } = file;
    if (!isMeant(path)) continue;
    const page: PageBuilder = { rows: [], problems: [] };
    let found: FileContent = { structures: [], failures: [] };
    addEntry(page, path, () => {
      if ("failure" in file) throw file.failure;
      found = read(file.bytes, path);
      if (found.structures.length + found.failures.length > 0) return [];
      throw new EwaldError("import/entry", "the file holds no structure", { source: path });
    });
    const [problem] = page.problems;
    if (problem !== undefined && isOtherKind(path, problem)) {
      if (!any) passedOver.push(problem);
      yield { passedOver: problem };
      continue;
    }
    any = true;
    const { structures, failures } = found;
    for (const failure of failures) addFailure(page, path, failure);
    for (const [i, named] of structures.entries()) {
      const id = fileId(path, named, i, structures.length);
      addEntry(page, id, () => makeRow(named.structure, id, source));
    }
    yield* items(page);
  }
  if (!any) throw noStructures(passedOver);
}

function noStructures(passedOver: readonly RowProblem[]): EwaldError {
  const what = passedOver.length === 0 ? "" : ` (${passedOverText(passedOver)})`;
  return new EwaldError("import/no-structure-files", `no structure file is here${what}`, {
    hint: "CIF, POSCAR, pymatgen JSON and OPTIMADE JSON are read, alone, in a folder, .tar, .tar.gz or .zip; CSV by `ewald data import csv`.",
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
