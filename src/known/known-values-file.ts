/**
 * The file of known values, `models/known/values.bin`, column by column so that it packs well. All numbers little-endian.
 *
 * | bytes | what |
 * |---|---|
 * | 4 | `EWKV` |
 * | 1 | version, 1 |
 * | 4 | number of entries |
 * | 4 | length of the columns before they were packed |
 * | 4 | length of the packed columns |
 * | … | the columns, packed by zlib |
 *
 * The columns follow one another, each as its length (4 bytes) and its bytes: distinct formulas, a line each, in the order of their code
 * units; how many entries each has; then per entry source and number, space group, atoms, volume, three edges, which values
 * are there (bits in the order of `VALUES`, then "lowest of the space group"), and the values of each kind in turn. Whole numbers are
 * written seven bits a byte, lowest first, signed ones zigzag. A volume is ln(V/Å³) in steps of 0.002, an edge ln in steps of 0.01.
 */
import { unzlibSync, zlibSync } from "fflate";
import { EwaldError } from "../errors.ts";
import { type KnownEntry, KnownValues, VALUE_SOURCES, type ValueName } from "./known-values.ts";

const MAGIC = [..."EWKV"].map((letter) => letter.charCodeAt(0));
const VERSION = 1;
const HEADER_BYTES = 17;
const VOLUME_STEP = 0.002;
const EDGE_STEP = 0.01;
/** Added to the steps of an edge: the shortest is below the cube root of the volume. */
const EDGE_OFFSET = 400;

/** Steps in which the values are kept: at least as fine as the tables' own digits mean. */
const VALUES: readonly { readonly name: ValueName; readonly step: number }[] = [
  { name: "bandGapEv", step: 1e-4 },
  { name: "bulkModulusGpa", step: 0.1 },
  { name: "shearModulusGpa", step: 0.1 },
  { name: "energyAboveHullEvPerAtom", step: 1e-4 },
  { name: "formationEnergyEvPerAtom", step: 1e-3 },
];
const LOWEST_BIT = 1 << VALUES.length;

class ColumnWriter {
  private readonly bytes: number[] = [];

  whole(value: number): void {
    let left = value;
    while (left >= 0x80) {
      this.bytes.push((left & 0x7f) | 0x80);
      left = Math.floor(left / 0x80);
    }
    this.bytes.push(left);
  }

  signed(value: number): void {
    this.whole(value < 0 ? -2 * value - 1 : 2 * value);
  }

  get content(): Uint8Array {
    return Uint8Array.from(this.bytes);
  }
}

/** A gap that is small but there must not become a metal's, nor an energy that is there the hull's. */
function steps(value: number, step: number): number {
  const rounded = Math.round(value / step);
  return rounded === 0 && value !== 0 && step === 1e-4 ? Math.sign(value) : rounded;
}

/**
 * The bytes of entries in any order; the same entries give the same bytes.
 * @throws EwaldError `known/entry` where an id is none of its source
 */
export function encodeKnownValues(entries: Iterable<KnownEntry>): Uint8Array {
  const all = [...entries].toSorted(
    (a, b) =>
      (a.formula < b.formula ? -1 : a.formula > b.formula ? 1 : 0) || idNumber(a) - idNumber(b),
  );
  const formulas = [...new Set(all.map(({ formula }) => formula))];
  const [counts, ids, groups, atoms, volumes, present] = Array.from(
    { length: 6 },
    () => new ColumnWriter(),
  ) as [ColumnWriter, ColumnWriter, ColumnWriter, ColumnWriter, ColumnWriter, ColumnWriter];
  const edges = [0, 1, 2].map(() => new ColumnWriter());
  const values = VALUES.map(() => new ColumnWriter());
  const perFormula = new Map<string, number>();
  for (const entry of all) {
    perFormula.set(entry.formula, (perFormula.get(entry.formula) ?? 0) + 1);
    ids.whole(idNumber(entry));
    groups.whole(entry.spaceGroup);
    atoms.whole(entry.atomsPerPrimitiveCell);
    volumes.signed(Math.round(Math.log(entry.volumePerAtomAngstrom3) / VOLUME_STEP));
    for (const [i, edge] of entry.shape.entries())
      edges[i]!.whole(Math.round(Math.log(edge) / EDGE_STEP) + EDGE_OFFSET);
    let bits = entry.isLowestOfSpaceGroup ? LOWEST_BIT : 0;
    for (const [i, { name, step }] of VALUES.entries()) {
      const value = entry.values[name];
      if (value === undefined) continue;
      bits |= 1 << i;
      values[i]!.signed(steps(value, step));
    }
    present.whole(bits);
  }
  for (const formula of formulas) counts.whole(perFormula.get(formula)!);
  const columns = [
    new TextEncoder().encode(formulas.join("\n")),
    ...[counts, ids, groups, atoms, volumes, ...edges, present, ...values].map((c) => c.content),
  ];
  return packed(columns, all.length);
}

/** The number in the id times the number of sources, plus that of its own: one whole number for both. */
function idNumber({ id, source }: KnownEntry): number {
  const { prefix } = VALUE_SOURCES[source]!;
  const number = Number(id.slice(prefix.length));
  if (!id.startsWith(prefix) || !Number.isSafeInteger(number) || number < 0)
    throw new EwaldError("known/entry", `"${id}" is no id of ${VALUE_SOURCES[source]!.name}`, {
      value: id,
      hint: `Ids there are ${prefix} and a number.`,
    });
  return VALUE_SOURCES.length * number + source;
}

function packed(columns: readonly Uint8Array[], count: number): Uint8Array {
  const raw = new Uint8Array(columns.reduce((sum, column) => sum + 4 + column.length, 0));
  const view = new DataView(raw.buffer);
  let at = 0;
  for (const column of columns) {
    view.setUint32(at, column.length, true);
    raw.set(column, at + 4);
    at += 4 + column.length;
  }
  const body = zlibSync(raw, { level: 9 });
  const file = new Uint8Array(HEADER_BYTES + body.length);
  file.set(MAGIC);
  file[4] = VERSION;
  const header = new DataView(file.buffer);
  header.setUint32(5, count, true);
  header.setUint32(9, raw.length, true);
  header.setUint32(13, body.length, true);
  file.set(body, HEADER_BYTES);
  return file;
}

const HINT = "Install the package again, or reload the page.";

function damaged(message: string, byte?: number): never {
  throw new EwaldError("known/damaged", `the file of known values ${message}`, {
    source: "values.bin",
    ...(byte === undefined ? {} : { byte }),
    hint: HINT,
  });
}

/** The whole numbers of a column; it must hold `count` of them and no more. */
function wholes(column: Uint8Array, count: number): Float64Array {
  const values = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < count; i++) {
    let [value, unit] = [0, 1];
    for (;;) {
      const byte = column[at++];
      if (byte === undefined || unit > 2 ** 49) return damaged("has a column that ends early");
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) break;
      unit *= 0x80;
    }
    values[i] = value;
  }
  if (at !== column.length) damaged("has a column with more than it should hold");
  return values;
}

const signed = (whole: number): number => (whole % 2 === 0 ? whole / 2 : -(whole + 1) / 2);

function unpacked(file: Uint8Array): { columns: Uint8Array[]; count: number } {
  if (file.length < HEADER_BYTES) damaged(`is cut short: ${file.length} bytes`, file.length);
  if (MAGIC.some((byte, i) => file[i] !== byte)) damaged("is another file: it begins otherwise", 0);
  if (file[4] !== VERSION)
    throw new EwaldError(
      "known/version",
      `the file of known values has version ${file[4]}, this Ewald reads ${VERSION}`,
      { source: "values.bin", value: file[4]!, hint: HINT },
    );
  const header = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [count, rawLength, bodyLength] = [5, 9, 13].map((at) => header.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  const missing = HEADER_BYTES + bodyLength - file.length;
  if (missing > 0) damaged(`is cut short: ${missing} bytes are missing`, file.length);
  if (missing < 0)
    damaged(`goes on for ${-missing} bytes after its end`, HEADER_BYTES + bodyLength);
  let raw: Uint8Array;
  try {
    raw = unzlibSync(file.subarray(HEADER_BYTES));
  } catch {
    return damaged("cannot be unpacked", HEADER_BYTES);
  }
  if (raw.length !== rawLength) damaged(`holds ${raw.length} bytes instead of ${rawLength}`);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const columns: Uint8Array[] = [];
  for (let at = 0; at < raw.length;) {
    const length = at + 4 > raw.length ? Infinity : view.getUint32(at, true);
    if (at + 4 + length > raw.length) damaged("has a column that ends early");
    columns.push(raw.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  const wanted = 10 + VALUES.length;
  if (columns.length !== wanted) damaged(`has ${columns.length} columns instead of ${wanted}`);
  return { columns, count };
}

/** @throws EwaldError `known/damaged`, `known/version` */
export function decodeKnownValues(file: Uint8Array): KnownValues {
  const { columns, count } = unpacked(file);
  const text = new TextDecoder().decode(columns[0]);
  const formulas = text === "" ? [] : text.split("\n");
  const starts = startsOf(formulas, wholes(columns[1]!, formulas.length), count);
  const [ids, groups, atoms, volumes, ...others] = columns
    .slice(2, 10)
    .map((column) => wholes(column, count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    ...Float64Array[],
  ];
  const [edges, present] = [others.slice(0, 3), others[3]!];
  for (let i = 0; i < count; i++)
    if (groups[i]! < 1 || groups[i]! > 230 || atoms[i]! < 1)
      damaged(`states space group ${groups[i]} and ${atoms[i]} atoms for entry ${i + 1}`);
  const values = VALUES.map(({ step }, v) => valueColumn(columns[10 + v]!, present, 1 << v, step));
  return new KnownValues(formulas, starts, (formula, i) => {
    const source = ids[i]! % VALUE_SOURCES.length;
    const shape = edges.map((edge) => Math.exp((edge[i]! - EDGE_OFFSET) * EDGE_STEP));
    return {
      id: `${VALUE_SOURCES[source]!.prefix}${Math.floor(ids[i]! / VALUE_SOURCES.length)}`,
      source,
      formula,
      spaceGroup: groups[i]!,
      atomsPerPrimitiveCell: atoms[i]!,
      volumePerAtomAngstrom3: Math.exp(signed(volumes[i]!) * VOLUME_STEP),
      shape: shape as [number, number, number],
      values: Object.fromEntries(
        VALUES.flatMap(({ name }, v) =>
          Number.isNaN(values[v]![i]!) ? [] : [[name, values[v]![i]!]],
        ),
      ),
      isLowestOfSpaceGroup: (present[i]! & LOWEST_BIT) !== 0,
    };
  });
}

function startsOf(formulas: readonly string[], counts: Float64Array, count: number): Uint32Array {
  const starts = new Uint32Array(formulas.length + 1);
  for (const [place, formula] of formulas.entries()) {
    if (place > 0 && !(formula > formulas[place - 1]!)) damaged(`is out of order at ${formula}`);
    starts[place + 1] = starts[place]! + counts[place]!;
  }
  if (starts[formulas.length] !== count)
    damaged(`holds ${starts[formulas.length]} entries instead of ${count}`);
  return starts;
}

/** One value per entry, NaN where it has none. */
function valueColumn(
  column: Uint8Array,
  present: Float64Array,
  bit: number,
  step: number,
): Float64Array {
  const has = (bits: number): boolean => (bits & bit) !== 0;
  const stored = wholes(column, present.filter(has).length);
  // Divided, not multiplied by the step: 2.0517, not 2.0517000000000003.
  const perUnit = Math.round(1 / step);
  let next = 0;
  return present.map((bits) => (has(bits) ? signed(stored[next++]!) / perUnit : Number.NaN));
}
