/** A summary of a table, counted in one pass: for `ewald data show`, model cards and reports. */
import { type CrystalSystem, crystalSystemOf } from "../crystal/symmetry/space-group.ts";
import { rowStructureType } from "./leakage.ts";
import { LABEL_NAMES, type LabelName, type StructureRow } from "./structure-table.ts";

export interface LabelSummary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** Counts are maps in falling order; rows without the property are not in them. */
export interface TableSummary {
  readonly rows: number;
  readonly atoms: number;
  readonly largestCell: number;
  readonly formulas: number;
  readonly sources: ReadonlyMap<string, number>;
  readonly splits: ReadonlyMap<string, number>;
  readonly crystalSystems: ReadonlyMap<string, number>;
  /** Rows that hold the element. */
  readonly elements: ReadonlyMap<string, number>;
  /** Number of distinct elements → rows. */
  readonly elementCounts: ReadonlyMap<string, number>;
  readonly structureTypes: ReadonlyMap<string, number>;
  /** Labels that at least one row has. */
  readonly labels: ReadonlyMap<LabelName, LabelSummary>;
  /** Rows without any label: of no use to supervised training. */
  readonly unlabelledRows: number;
  /** Rows of partly filled or mixed sites. */
  readonly disorderedRows: number;
}

/** Crystal systems from lowest to highest symmetry, the order of figures and tables. */
export const CRYSTAL_SYSTEMS: readonly CrystalSystem[] = [
  "triclinic",
  "monoclinic",
  "orthorhombic",
  "tetragonal",
  "trigonal",
  "hexagonal",
  "cubic",
];

class Counter {
  readonly #counts = new Map<string, number>();

  add(key: string | null): void {
    if (key !== null) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** Falling, equal counts by name: the same table gives the same text. */
  sorted(): Map<string, number> {
    return new Map([...this.#counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)));
  }
}

class LabelCounter {
  #count = 0;
  #min = Infinity;
  #max = -Infinity;
  #sum = 0;

  add(value: number): void {
    this.#count++;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#sum += value;
  }

  summary(): LabelSummary {
    return { count: this.#count, min: this.#min, max: this.#max, mean: this.#sum / this.#count };
  }
}

/** Counts of a table: rows, sources, crystal systems, elements, structure types, labels with their range. */
export async function summariseTable(
  rows: AsyncIterable<StructureRow> | Iterable<StructureRow>,
): Promise<TableSummary> {
  const [sources, splits, systems, elements, elementCounts, types] = Array.from(
    { length: 6 },
    () => new Counter(),
  ) as [Counter, Counter, Counter, Counter, Counter, Counter];
  const labels = new Map<LabelName, LabelCounter>();
  const formulas = new Set<string>();
  let [count, atoms, largestCell, unlabelledRows, disorderedRows] = [0, 0, 0, 0, 0];
  for await (const row of rows) {
    count++;
    atoms += row.species.length;
    largestCell = Math.max(largestCell, row.species.length);
    if (row.formula !== null) formulas.add(row.formula);
    if (row.occupancies !== null) disorderedRows++;
    sources.add(row.source);
    splits.add(row.split);
    systems.add(
      row.crystalSystem ?? (row.spaceGroup === null ? null : crystalSystemOf(row.spaceGroup)),
    );
    types.add(rowStructureType(row));
    const distinct = new Set(row.species);
    elementCounts.add(String(distinct.size));
    for (const element of distinct) elements.add(element);
    let hasLabel = false;
    for (const name of LABEL_NAMES) {
      const value = row.labels[name];
      if (value === undefined) continue;
      hasLabel = true;
      const counter = labels.get(name) ?? new LabelCounter();
      labels.set(name, counter);
      counter.add(value);
    }
    if (!hasLabel) unlabelledRows++;
  }
  const known = systems.sorted();
  return {
    rows: count,
    atoms,
    largestCell,
    formulas: formulas.size,
    sources: sources.sorted(),
    splits: splits.sorted(),
    crystalSystems: new Map(
      CRYSTAL_SYSTEMS.filter((name) => known.has(name)).map((name) => [name, known.get(name)!]),
    ),
    elements: elements.sorted(),
    elementCounts: new Map([...elementCounts.sorted()].sort((a, b) => Number(a[0]) - Number(b[0]))),
    structureTypes: types.sorted(),
    labels: new Map([...labels].map(([name, counter]) => [name, counter.summary()])),
    unlabelledRows,
    disorderedRows,
  };
}
