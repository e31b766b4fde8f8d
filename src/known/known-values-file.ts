/**
 * The file of known values, `models/known/values.bin` (a `column-file.ts`). Its columns: distinct formulas, a line each, in the
 * order of their code units; how many entries each has; then per entry source and number, space group, atoms, volume, three
 * edges, which values are there (bits in the order of `VALUES`, then "lowest of the space group"), and the values of each kind in
 * turn. A volume is ln(V/Å³) in steps of 0.002, an edge ln in steps of 0.01.
 */
import { EwaldError } from "../errors.ts";
import {
  type ColumnFile,
  ColumnWriter,
  damaged,
  linesOf,
  packColumns,
  unpackColumns,
  unzigzag,
  wholes,
} from "./column-file.ts";
import { type KnownEntry, KnownValues, VALUE_SOURCES, type ValueName } from "./known-values.ts";

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

const FILE: ColumnFile = {
  magic: "EWKV",
  version: 1,
  fileName: "values.bin",
  title: "the file of known values",
  columns: 10 + VALUES.length,
};

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
  return packColumns(FILE, all.length, columns);
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

/** @throws EwaldError `known/damaged`, `known/version` */
export function decodeKnownValues(file: Uint8Array): KnownValues {
  const { columns, count } = unpackColumns(FILE, file);
  const formulas = linesOf(columns[0]!);
  const starts = startsOf(formulas, wholes(FILE, columns[1]!, formulas.length), count);
  const [ids, groups, atoms, volumes, ...others] = columns
    .slice(2, 10)
    .map((column) => wholes(FILE, column, count)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    ...Float64Array[],
  ];
  const [edges, present] = [others.slice(0, 3), others[3]!];
  for (let i = 0; i < count; i++)
    if (groups[i]! < 1 || groups[i]! > 230 || atoms[i]! < 1)
      damaged(FILE, `states space group ${groups[i]} and ${atoms[i]} atoms for entry ${i + 1}`);
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
      volumePerAtomAngstrom3: Math.exp(unzigzag(volumes[i]!) * VOLUME_STEP),
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
    if (place > 0 && !(formula > formulas[place - 1]!))
      damaged(FILE, `is out of order at ${formula}`);
    starts[place + 1] = starts[place]! + counts[place]!;
  }
  if (starts[formulas.length] !== count)
    damaged(FILE, `holds ${starts[formulas.length]} entries instead of ${count}`);
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
  const stored = wholes(FILE, column, present.filter(has).length);
  // Divided, not multiplied by the step: 2.0517, not 2.0517000000000003.
  const perUnit = Math.round(1 / step);
  let next = 0;
  return present.map((bits) => (has(bits) ? unzigzag(stored[next++]!) / perUnit : Number.NaN));
}
