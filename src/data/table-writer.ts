/**
 * Writing structure tables: Parquet, row groups of {@link ROW_GROUP_ROWS}, doubles for cell and
 * coordinates (nothing is lost), licence and citation in the key-value metadata. Rows are taken from a
 * stream and handed to a sink group by group, so that memory does not grow with the table.
 */
import { gzipSync } from "fflate";
import type { SchemaElement } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { EwaldError } from "../errors.ts";
import type { ColumnKind } from "./parquet.ts";
import { encodeProvenance, type Provenance, PROVENANCE_KEY } from "./provenance.ts";
import { type ExtraValue, LABEL_NAMES, rowFault, type StructureRow } from "./structure-table.ts";
import { LABEL_COLUMNS, STRUCTURE_COLUMNS } from "./structure-columns.table.ts";

/** 8,192 rows of about 30 atoms are some 10 MB decoded: small enough to hold, large enough to compress. */
const ROW_GROUP_ROWS = 8192;

/** Takes the file's bytes in order. */
export type TableSink = (bytes: Uint8Array) => void | Promise<void>;

export interface WriteOptions {
  readonly provenance: readonly Provenance[];
  /** gzip is a third smaller; snappy writes several times faster. Default gzip. */
  readonly codec?: "gzip" | "snappy";
  /** Extra columns with their kinds; by default those of the first row group. */
  readonly extra?: Readonly<Record<string, ExtraKind>>;
}

export type ExtraKind = "string" | "number" | "boolean";

type Column = {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly value: (row: StructureRow) => unknown;
};

/** Library field → column, for the columns that are one field each. */
const FIELDS: Readonly<Record<keyof typeof STRUCTURE_COLUMNS, (row: StructureRow) => unknown>> = {
  material_id: (row) => row.id,
  source: (row) => row.source,
  formula: (row) => row.formula,
  formula_anonymous: (row) => row.formulaAnonymous,
  lattice: (row) => row.cell,
  species: (row) => row.species,
  frac_coords: (row) => row.frac,
  occupancies: (row) => row.occupancies,
  space_group_stated: (row) => row.statedHall,
  space_group: (row) => row.spaceGroup,
  space_group_tight: (row) => row.spaceGroupTight,
  crystal_system: (row) => row.crystalSystem,
  pearson: (row) => row.pearson,
  structure_type: (row) => row.structureType,
  n_inequivalent_sites: (row) => row.inequivalentSiteCount,
  in_icsd: (row) => row.inIcsd,
  split: (row) => row.split,
};

function fixedColumns(): Column[] {
  const columns: Column[] = Object.entries(STRUCTURE_COLUMNS).map(([name, spec]) => ({
    name,
    kind: spec.replace("?", "") as ColumnKind,
    value: FIELDS[name as keyof typeof FIELDS],
  }));
  columns.splice(4, 0, { name: "nsites", kind: "integer", value: (row) => row.species.length });
  columns.splice(5, 0, {
    name: "nelements",
    kind: "integer",
    value: (row) => new Set(row.species).size,
  });
  for (const label of LABEL_NAMES) {
    columns.push({
      name: LABEL_COLUMNS[label].column,
      kind: "number",
      value: (row) => row.labels[label] ?? null,
    });
  }
  return columns;
}

/** Kinds of the extra columns of these rows; one that is null throughout counts as text. */
export async function extraKinds(
  rows: AsyncIterable<StructureRow> | Iterable<StructureRow>,
): Promise<Record<string, ExtraKind>> {
  const kinds: Record<string, ExtraKind | null> = {};
  for await (const row of rows) {
    for (const [name, value] of Object.entries(row.extra)) {
      kinds[name] ??= value === null ? null : (typeof value as ExtraKind);
    }
  }
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, kind ?? "string"]));
}

function extraColumn(name: string, kind: ExtraKind): Column {
  const value = (row: StructureRow): ExtraValue => {
    const cell = row.extra[name] ?? null;
    if (cell === null || typeof cell === kind) return cell;
    throw new EwaldError(
      "table/column-type",
      `row "${row.id}": "${name}" is ${typeof cell}, not ${kind}`,
      {
        value: cell,
      },
    );
  };
  return { name, kind, value };
}

const LEAVES = {
  string: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  number: { type: "DOUBLE" },
  integer: { type: "INT32" },
  boolean: { type: "BOOLEAN" },
} as const;

function schemaElements({ name, kind }: Column): SchemaElement[] {
  if (kind === "strings" || kind === "numbers") {
    return [
      { name, repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      {
        name: "element",
        repetition_type: "OPTIONAL",
        ...LEAVES[kind === "strings" ? "string" : "number"],
      },
    ];
  }
  return [{ name, repetition_type: "OPTIONAL", ...LEAVES[kind] }];
}

/** hyparquet's writer, emptied into the sink after every row group. */
function sinkWriter(sink: TableSink): ByteWriter {
  const writer = new ByteWriter();
  const empty = (): void | Promise<void> => {
    const bytes = new Uint8Array(writer.buffer, 0, writer.index).slice();
    writer.index = 0;
    return sink(bytes);
  };
  return Object.assign(writer, { flush: empty, finish: empty });
}

/** Buffers a stream into arrays of `size`. */
async function* batches<T>(
  items: AsyncIterable<T> | Iterable<T>,
  size: number,
): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/**
 * Writes rows as a Parquet table and returns their number. Columns that are null throughout are kept: a table's
 * shape does not depend on its content.
 * @throws EwaldError `table/row` for a row that could not be read back, `table/column-type`, `table/duplicate-id`,
 * `table/extra-column`
 */
export async function writeStructureTable(
  rows: AsyncIterable<StructureRow> | Iterable<StructureRow>,
  sink: TableSink,
  { provenance, codec = "gzip", extra }: WriteOptions,
): Promise<number> {
  const ids = new Set<string>();
  let columns: Column[] | null = null;
  let file: ParquetWriter | null = null;
  const begin = async (first: readonly StructureRow[]): Promise<ParquetWriter> => {
    const extras = Object.entries(extra ?? (await extraKinds(first)));
    columns = [...fixedColumns(), ...extras.map(([name, kind]) => extraColumn(name, kind))];
    return new ParquetWriter({
      writer: sinkWriter(sink),
      schema: [
        { name: "structures", num_children: columns.length },
        ...columns.flatMap(schemaElements),
      ],
      codec: codec === "gzip" ? "GZIP" : "SNAPPY",
      compressors: { GZIP: (bytes) => gzipSync(bytes, { mtime: 0 }) },
      createdBy: "ewald",
      kvMetadata: [{ key: PROVENANCE_KEY, value: encodeProvenance(provenance) }],
    });
  };
  for await (const batch of batches(rows, ROW_GROUP_ROWS)) {
    file ??= await begin(batch);
    const names = new Set(columns!.map(({ name }) => name));
    for (const row of batch) checkWritable(row, ids, names);
    const columnData = columns!.map(({ name, value }) => ({ name, data: batch.map(value) }));
    await file.write({ columnData, rowGroupSize: ROW_GROUP_ROWS });
  }
  await (file ?? (await begin([]))).finish();
  return ids.size;
}

function checkWritable(row: StructureRow, ids: Set<string>, columns: ReadonlySet<string>): void {
  const fault = rowFault(row);
  if (fault !== null) {
    throw new EwaldError("table/row", `row "${row.id}" cannot be written: ${fault}`, {
      value: row.id,
    });
  }
  if (ids.has(row.id)) {
    throw new EwaldError("table/duplicate-id", `id "${row.id}" would stand in the table twice`, {
      value: row.id,
    });
  }
  for (const name of Object.keys(row.extra)) {
    if (columns.has(name)) continue;
    throw new EwaldError("table/extra-column", `row "${row.id}" brings the new column "${name}"`, {
      value: name,
      hint: "Name the extra columns and their kinds when writing begins.",
    });
  }
  ids.add(row.id);
}

/** A structure table as the bytes of a Parquet file, for small tables and the browser. */
export async function structureTableBytes(
  rows: AsyncIterable<StructureRow> | Iterable<StructureRow>,
  options: WriteOptions,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await writeStructureTable(rows, (bytes) => void parts.push(bytes), options);
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Bytes in memory as a table file. */
export function tableFileOf(
  bytes: Uint8Array,
  name?: string,
): { byteLength: number; slice: (start: number, end?: number) => ArrayBuffer; name?: string } {
  return {
    byteLength: bytes.byteLength,
    // Not bytes.slice: a Node Buffer's slice is a view of its pool.
    slice: (start, end) => Uint8Array.prototype.slice.call(bytes, start, end).buffer as ArrayBuffer,
    ...(name === undefined ? {} : { name }),
  };
}
