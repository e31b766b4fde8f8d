/**
 * Parquet tables as streams of typed rows. A caller names the columns it needs and their kinds; the
 * file's own schema is checked against them before a value is decoded, so a wrong file fails at once and
 * by name. One row group is held at a time: memory does not grow with the length of the table.
 *
 * Reads zstd, gzip, snappy, brotli and lz4 pages. Departures: no encryption, no maps, no nested lists, no
 * decimals, dates or times (none of them carries a structure or a label).
 */
import {
  type AsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { EwaldError } from "../errors.ts";

/** Bytes with random access: a file, a range-requested address, an array in memory. */
export interface TableFile extends AsyncBuffer {
  /** Name for error messages. */
  readonly name?: string;
}

interface KindValues {
  string: string;
  number: number;
  integer: number;
  boolean: boolean;
  strings: string[];
  numbers: number[];
}

/** The kind of values in a column; plural kinds are lists. */
export type ColumnKind = keyof KindValues;

/** The kind as which a column is read. `number` also takes integers; `numbersWithGaps` a list whose elements may be empty: those are NaN. */
type ReadKind = ColumnKind | "numbersWithGaps";
interface ReadValues extends KindValues {
  numbersWithGaps: number[];
}

/** `"number"` must exist and hold no null; `"number?"` may be absent or null. */
export type ColumnSpec = ReadKind | `${ReadKind}?`;

/** The row type that a set of columns describes. */
export type RowOf<S extends Readonly<Record<string, ColumnSpec>>> = {
  readonly [K in keyof S]: S[K] extends `${infer B extends ReadKind}?`
    ? ReadValues[B] | null
    : S[K] extends ReadKind
      ? ReadValues[S[K]]
      : never;
};

/** An open table: schema read and understood, no value decoded yet. */
export interface OpenTable {
  readonly name: string;
  readonly rowCount: number;
  /** Kind of every column, in file order; null where Ewald does not read the column's type. */
  readonly columns: ReadonlyMap<string, ColumnKind | null>;
  /** Key-value metadata of the file. */
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * The rows of the named columns, in file order.
   * @throws EwaldError `table/missing-column`, `table/column-type` before the first row; `table/null`,
   * `table/damaged`, `table/integer-range` where a row cannot be read.
   */
  rows<S extends Readonly<Record<string, ColumnSpec>>>(spec: S): AsyncGenerator<RowOf<S>>;
}

const MAGIC = 0x31524150; // "PAR1"
/** Magic, footer length, magic: no Parquet file is shorter. */
const SHORTEST_FILE_BYTES = 12;

type SchemaNode = ReturnType<typeof parquetSchema>;

/** Logical types that change what a number or string means. */
const FOREIGN_TYPES = new Set([
  "DECIMAL",
  "DATE",
  "TIME",
  "TIMESTAMP",
  "INTERVAL",
  "VARIANT",
  "UUID",
  "BSON",
]);

function leafKind(node: SchemaNode): "string" | "number" | "integer" | "boolean" | null {
  const { type, converted_type, logical_type } = node.element;
  const meaning = logical_type?.type ?? converted_type ?? "";
  if (FOREIGN_TYPES.has(meaning) || /^(TIME|DATE|DECIMAL)/.test(meaning)) return null;
  if (type === "BYTE_ARRAY") return "string";
  if (type === "FLOAT" || type === "DOUBLE" || meaning === "FLOAT16") return "number";
  if (type === "INT32" || type === "INT64") return "integer";
  return type === "BOOLEAN" ? "boolean" : null;
}

/** Columns stored in single precision, whose values are rounded to the digits they really have. */
function isSingle(node: SchemaNode): boolean {
  return node.element.type === "FLOAT" || node.children.some(isSingle);
}

function columnKind(node: SchemaNode): ColumnKind | null {
  if (node.children.length === 0) {
    return node.element.repetition_type === "REPEATED" ? null : leafKind(node);
  }
  const isList =
    node.element.converted_type === "LIST" || node.element.logical_type?.type === "LIST";
  const middle = node.children[0];
  if (!isList || middle === undefined || node.children.length !== 1) return null;
  const leaf = middle.children.length === 1 ? middle.children[0]! : middle;
  if (leaf.children.length > 0) return null;
  const kind = leafKind(leaf);
  if (kind === "string") return "strings";
  return kind === "number" || kind === "integer" ? "numbers" : null;
}

async function checkMagic(file: TableFile, source: string): Promise<void> {
  const fail = (code: string, message: string, hint: string): never => {
    throw new EwaldError(code, message, { source, value: file.byteLength, unit: "byte", hint });
  };
  if (file.byteLength < SHORTEST_FILE_BYTES) {
    fail(
      "table/not-parquet",
      `${file.byteLength} bytes are no Parquet file`,
      "Give a Parquet table.",
    );
  }
  const first = new DataView(await file.slice(0, 4)).getUint32(0, true);
  const last = new DataView(await file.slice(file.byteLength - 4, file.byteLength)).getUint32(
    0,
    true,
  );
  if (first !== MAGIC) {
    fail(
      "table/not-parquet",
      "the file does not begin as a Parquet file (PAR1)",
      "Give a Parquet table; import other formats with `ewald data import`.",
    );
  }
  if (last !== MAGIC) {
    fail(
      "table/truncated",
      "the Parquet file ends early: its footer is missing",
      "Copy or download the file again.",
    );
  }
}

/**
 * @throws EwaldError `table/not-parquet`, `table/truncated`, `table/damaged` (footer unreadable)
 */
export async function openTable(file: TableFile): Promise<OpenTable> {
  const name = file.name ?? "table";
  await checkMagic(file, name);
  let metadata: FileMetaData;
  try {
    metadata = await parquetMetadataAsync(file, { geoparquet: false });
  } catch (cause) {
    throw damaged(name, "footer cannot be read", cause);
  }
  const { children } = parquetSchema(metadata);
  const columns = new Map(children.map((node) => [node.element.name, columnKind(node)]));
  const singles = new Set(children.filter(isSingle).map((node) => node.element.name));
  return {
    name,
    rowCount: Number(metadata.num_rows),
    columns,
    metadata: new Map(
      (metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ""]),
    ),
    rows: (spec) => streamRows(file, name, metadata, wantedColumns(name, columns, singles, spec)),
  };
}

function damaged(source: string, what: string, cause: unknown): EwaldError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EwaldError("table/damaged", `${what} (${reason})`, {
    source,
    cause,
    hint: "Copy or download the file again.",
  });
}

const POWERS_OF_TEN = Array.from({ length: 23 }, (_, i) => 10 ** i);

/**
 * A single-precision value at its seven digits: 60.00000381469727° was written as 60. Powers of ten up
 * to 10²² are exact doubles, so the result is the double nearest to the decimal.
 */
function sevenDigits(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const power = POWERS_OF_TEN[6 - Math.floor(Math.log10(Math.abs(value)))];
  return power === undefined ? value : Math.round(value * power) / power;
}

/** Kinds that also take columns of another. */
const WIDER_KINDS: { readonly [K in ReadKind]?: ColumnKind } = {
  number: "integer",
  numbersWithGaps: "numbers",
};

interface WantedColumn {
  readonly name: string;
  readonly kind: ReadKind;
  readonly nullable: boolean;
  /** Absent from the file: every row is null. */
  readonly absent: boolean;
  readonly single: boolean;
}

function wantedColumns(
  source: string,
  columns: ReadonlyMap<string, ColumnKind | null>,
  singles: ReadonlySet<string>,
  spec: Readonly<Record<string, ColumnSpec>>,
): WantedColumn[] {
  return Object.entries(spec).map(([name, text]) => {
    const nullable = text.endsWith("?");
    const kind = (nullable ? text.slice(0, -1) : text) as ReadKind;
    const found = columns.get(name);
    if (found === undefined) {
      if (nullable) return { name, kind, nullable, absent: true, single: false };
      throw new EwaldError("table/missing-column", `the table has no column "${name}"`, {
        source,
        value: name,
        hint: `It has: ${[...columns.keys()].join(", ")}.`,
      });
    }
    if (found !== kind && WIDER_KINDS[kind] !== found) {
      throw new EwaldError(
        "table/column-type",
        `column "${name}" holds ${found ?? "a type that Ewald does not read"}, not ${kind}`,
        { source, value: found, hint: `Write the column as ${kind}.` },
      );
    }
    return { name, kind, nullable, absent: false, single: singles.has(name) };
  });
}

/** INT64 arrives as bigint; beyond 2⁵³ it would silently lose digits. */
function toNumber(value: unknown, { name: column, single }: WantedColumn, source: string): unknown {
  if (typeof value !== "bigint") return single ? sevenDigits(value as number) : value;
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  throw new EwaldError("table/integer-range", `column "${column}" holds ${value}, beyond 2⁵³`, {
    source,
    value: String(value),
  });
}

function checkedValue(value: unknown, column: WantedColumn, source: string, row: number): unknown {
  if (value === undefined || value === null) {
    if (column.nullable) return null;
    throw new EwaldError("table/null", `row ${row + 1}: column "${column.name}" is empty`, {
      source,
      line: row + 1,
      value: column.name,
    });
  }
  if (!Array.isArray(value)) return toNumber(value, column, source);
  if (column.kind === "strings" && !value.includes(null) && !value.includes(undefined))
    return value;
  for (let i = 0; i < value.length; i++) {
    const element: unknown = value[i];
    if (element === null || element === undefined) {
      if (column.kind === "numbersWithGaps") {
        value[i] = Number.NaN;
        continue;
      }
      throw new EwaldError(
        "table/null",
        `row ${row + 1}: column "${column.name}" holds an empty element`,
        {
          source,
          line: row + 1,
          value: column.name,
        },
      );
    }
    value[i] = toNumber(element, column, source);
  }
  return value;
}

async function* streamRows<S extends Readonly<Record<string, ColumnSpec>>>(
  file: TableFile,
  source: string,
  metadata: FileMetaData,
  wanted: readonly WantedColumn[],
): AsyncGenerator<RowOf<S>> {
  const present = wanted.filter((column) => !column.absent).map((column) => column.name);
  let rowStart = 0;
  for (const [groupIndex, group] of metadata.row_groups.entries()) {
    const rowEnd = rowStart + Number(group.num_rows);
    // A scan per group: hyparquet's scan remembers the columns it decoded last.
    const scan = await parquetScan({
      file,
      metadata,
      columns: present,
      compressors,
      useOffsetIndex: false,
    });
    const data = new Map<string, ArrayLike<unknown>>();
    for (const column of present) {
      try {
        data.set(column, await scan.readColumn({ column, rowStart, rowEnd }));
      } catch (cause) {
        throw damaged(
          source,
          `row group ${groupIndex + 1}, column "${column}" cannot be read`,
          cause,
        );
      }
    }
    const sources = wanted.map((column) => data.get(column.name));
    for (let row = 0; row < rowEnd - rowStart; row++) {
      const record: Record<string, unknown> = {};
      for (let i = 0; i < wanted.length; i++) {
        record[wanted[i]!.name] = checkedValue(
          sources[i]?.[row],
          wanted[i]!,
          source,
          rowStart + row,
        );
      }
      yield record as RowOf<S>;
    }
    rowStart = rowEnd;
  }
}
