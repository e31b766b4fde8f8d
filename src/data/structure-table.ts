/**
 * Tables of crystal structures: one P1 cell per row with its labels. Reading checks every row (cell of six
 * numbers, three coordinates per atom, known elements); a row that fails is thrown or, where the caller
 * takes a report, handed to it and left out. Nothing is dropped in silence.
 */
import { latticeFromParameters, latticeParameters } from "../crystal/lattice.ts";
import { isElement } from "../crystal/element.ts";
import type { Site, Species, Structure } from "../crystal/structure.ts";
import { operationsOfSetting, settingByHall } from "../crystal/symmetry/space-group-settings.ts";
import { EwaldError } from "../errors.ts";
import type { Vec3 } from "../math/matrix3.ts";
import {
  type ColumnKind,
  type ColumnSpec,
  openTable,
  type RowOf,
  type TableFile,
} from "./parquet.ts";
import {
  decodeProvenance,
  knownProvenance,
  type Provenance,
  PROVENANCE_KEY,
} from "./provenance.ts";
import { LABEL_COLUMNS, STRUCTURE_COLUMNS } from "./structure-columns.table.ts";

export type LabelName = keyof typeof LABEL_COLUMNS;
export type Labels = { readonly [K in LabelName]?: number };
export const LABEL_NAMES = Object.keys(LABEL_COLUMNS) as readonly LabelName[];

/** One structure of a table. Descriptors that the table does not give are null. */
export interface StructureRow {
  readonly id: string;
  readonly source: string | null;
  /** Reduced formula, elements alphabetical. */
  readonly formula: string | null;
  readonly formulaAnonymous: string | null;
  /** a, b, c (Å), alpha, beta, gamma (°) */
  readonly cell: readonly number[];
  /** Element per atom; an atom on a mixed site appears once per element, at the same coordinates. */
  readonly species: readonly string[];
  /** x, y, z of each atom in turn, length 3 × species. */
  readonly frac: readonly number[];
  /** One per atom; null where every site is full. */
  readonly occupancies: readonly number[] | null;
  /** Hall symbol of the space group that the source states, in the axes of the cell; the others are found by a search. */
  readonly statedHall: string | null;
  readonly spaceGroup: number | null;
  readonly spaceGroupTight: number | null;
  readonly crystalSystem: string | null;
  readonly pearson: string | null;
  readonly structureType: string | null;
  readonly inequivalentSiteCount: number | null;
  readonly inIcsd: boolean | null;
  readonly split: string | null;
  readonly labels: Labels;
  /** Further columns of the table that hold one value per row (`mineral`, a label of one's own), by name. */
  readonly extra: Readonly<Record<string, ExtraValue>>;
}

export type ExtraValue = string | number | boolean | null;

/** Why a row cannot be used, or was changed or left out. */
export interface RowProblem {
  /** 0-based position in the source; null where the row has none (a page of a server). */
  readonly row: number | null;
  readonly id: string | null;
  readonly code: string;
  readonly message: string;
}

export type ReportProblem = (problem: RowProblem) => void;

export interface RowOptions {
  /** Takes bad rows instead of an exception. */
  readonly onProblem?: ReportProblem;
  /** Keeps a row; the others are skipped (by the caller's own wish, so not reported). */
  readonly where?: (row: StructureRow) => boolean;
}

/** An open table of structures, read a row group at a time. */
export interface StructureTable extends AsyncIterable<StructureRow> {
  readonly name: string;
  readonly rowCount: number;
  readonly columns: readonly string[];
  /** Labels for which the file has a column. */
  readonly labels: readonly LabelName[];
  /** From the file; where it holds none, empty (see `provenanceOf`). */
  readonly provenance: readonly Provenance[];
  rows(options?: RowOptions): AsyncGenerator<StructureRow>;
}

/**
 * @throws EwaldError `table/not-parquet`, `table/truncated`, `table/damaged`, `table/missing-column`,
 * `table/column-type`, `table/provenance`
 */
export async function structureTable(file: TableFile): Promise<StructureTable> {
  const table = await openTable(file);
  const labels = LABEL_NAMES.filter((name) => table.columns.has(LABEL_COLUMNS[name].column));
  const spec: Record<string, ColumnSpec> = { ...STRUCTURE_COLUMNS };
  const extras = [...table.columns]
    .filter(([name, kind]) => isExtra(name, kind))
    .map(([name]) => name);
  for (const name of extras) spec[name] = `${table.columns.get(name)!}?`;
  for (const name of labels) spec[LABEL_COLUMNS[name].column] = "number?";
  const record = table.metadata.get(PROVENANCE_KEY);
  const rows = (options: RowOptions = {}): AsyncGenerator<StructureRow> =>
    checkedRows(table.rows(spec), table.name, { labels, extras }, options);
  // A wrong column must fail when the table is opened, not at the first row: the generator checks at its making.
  void table.rows(spec);
  return {
    name: table.name,
    rowCount: table.rowCount,
    columns: [...table.columns.keys()],
    labels,
    provenance: record === undefined ? [] : decodeProvenance(record, table.name),
    rows,
    [Symbol.asyncIterator]: () => rows(),
  };
}

/** Derived from the atoms, so read past rather than kept. */
const DERIVED_COLUMNS = new Set(["nsites", "nelements"]);
const KNOWN_COLUMNS = new Set([
  ...Object.keys(STRUCTURE_COLUMNS),
  ...Object.values(LABEL_COLUMNS).map(({ column }) => column),
  ...DERIVED_COLUMNS,
]);

function isExtra(name: string, kind: ColumnKind | null): boolean {
  return !KNOWN_COLUMNS.has(name) && kind !== null && kind !== "strings" && kind !== "numbers";
}

interface RowNames {
  readonly labels: readonly LabelName[];
  readonly extras: readonly string[];
}

type RawRow = RowOf<typeof STRUCTURE_COLUMNS>;

async function* checkedRows(
  raw: AsyncIterable<unknown>,
  source: string,
  names: RowNames,
  { onProblem, where }: RowOptions,
): AsyncGenerator<StructureRow> {
  let index = -1;
  for await (const record of raw) {
    index++;
    const row = toRow(record as RawRow & Record<string, ExtraValue>, names);
    const message = rowFault(row);
    if (message === null) {
      if (where === undefined || where(row)) yield row;
    } else if (onProblem === undefined) {
      throw new EwaldError("table/row", `row ${index + 1} (${row.id}): ${message}`, {
        source,
        line: index + 1,
        value: row.id,
        hint: "Clean the table with `ewald data clean`.",
      });
    } else onProblem({ row: index, id: row.id, code: "table/row", message });
  }
}

function toRow(raw: RawRow & Record<string, ExtraValue>, names: RowNames): StructureRow {
  const labels: { [K in LabelName]?: number } = {};
  for (const name of names.labels) {
    const value = raw[LABEL_COLUMNS[name].column] as number | null;
    if (value !== null) labels[name] = value;
  }
  const extra: Record<string, ExtraValue> = {};
  for (const name of names.extras) extra[name] = raw[name]!;
  return {
    id: raw.material_id,
    source: raw.source,
    formula: raw.formula,
    formulaAnonymous: raw.formula_anonymous,
    cell: raw.lattice,
    species: raw.species,
    frac: raw.frac_coords,
    occupancies: raw.occupancies,
    statedHall: raw.space_group_stated,
    spaceGroup: raw.space_group,
    spaceGroupTight: raw.space_group_tight,
    crystalSystem: raw.crystal_system,
    pearson: raw.pearson,
    structureType: raw.structure_type,
    inequivalentSiteCount: raw.n_inequivalent_sites,
    inIcsd: raw.in_icsd,
    split: raw.split,
    labels,
    extra,
  };
}

/** The fault of a row, or null. Cheap: it runs on every row of every table. */
export function rowFault(row: StructureRow): string | null {
  const { cell, species, frac, occupancies } = row;
  if (row.id === "") return "empty material_id";
  if (cell.length !== 6) return `lattice has ${cell.length} numbers, not 6`;
  for (let i = 0; i < 6; i++) {
    const value = cell[i]!;
    if (!(value > 0 && value < (i < 3 ? Infinity : 180))) return `lattice holds ${value}`;
  }
  if (species.length === 0) return "no atoms";
  if (frac.length !== 3 * species.length) {
    return `${frac.length} coordinates for ${species.length} atoms`;
  }
  for (const element of species) if (!isElement(element)) return `"${element}" is not an element`;
  for (const x of frac) if (!Number.isFinite(x)) return `coordinate ${x}`;
  if (occupancies !== null && occupancies.length !== species.length) {
    return `${occupancies.length} occupancies for ${species.length} atoms`;
  }
  for (const x of occupancies ?? []) if (!(x > 0 && x <= 1)) return `occupancy ${x}`;
  for (const number of [row.spaceGroup, row.spaceGroupTight]) {
    if (number !== null && !(number >= 1 && number <= 230)) return `space group ${number}`;
  }
  for (const name of LABEL_NAMES) {
    const value = row.labels[name];
    if (value !== undefined && !Number.isFinite(value)) return `${name} is ${value}`;
  }
  return null;
}

/** The structure of a table's row. Atoms at one place, where occupancies are partial, become one mixed site. */
export function rowStructure(row: StructureRow): Structure {
  const [a, b, c, alphaDeg, betaDeg, gammaDeg] = row.cell as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const sites: { species: Species[]; frac: Vec3 }[] = [];
  for (const [i, element] of row.species.entries()) {
    const frac: Vec3 = [row.frac[3 * i]!, row.frac[3 * i + 1]!, row.frac[3 * i + 2]!];
    const occupancy = row.occupancies?.[i] ?? 1;
    const last = sites.at(-1);
    const mixed = occupancy < 1 && last !== undefined && last.frac.every((x, k) => x === frac[k]);
    if (mixed) last.species.push({ element, occupancy });
    else sites.push({ species: [{ element, occupancy }], frac });
  }
  const lattice = latticeFromParameters({ a, b, c, alphaDeg, betaDeg, gammaDeg });
  const setting = row.statedHall === null ? undefined : settingByHall(row.statedHall);
  if (setting === undefined || setting.number === 1) return { lattice, sites };
  return { lattice, sites, statedSymmetry: { setting, operations: operationsOfSetting(setting) } };
}

/** A row's description of its structure beside the atoms; every field may be left out but the id. */
export type RowDescription = Pick<StructureRow, "id"> &
  Partial<Omit<StructureRow, "cell" | "species" | "frac" | "occupancies">>;

/** A structure as a row of a table; descriptors not given are null, oxidation states and labels of sites are not kept. */
export function structureRow(structure: Structure, description: RowDescription): StructureRow {
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = latticeParameters(structure.lattice);
  const atoms = structure.sites.flatMap((site: Site) =>
    site.species.map((species) => ({ site, species })),
  );
  const partial = atoms.some(({ species }) => species.occupancy < 1);
  return {
    source: null,
    formula: null,
    formulaAnonymous: null,
    statedHall: structure.statedSymmetry?.setting?.hall ?? null,
    spaceGroup: null,
    spaceGroupTight: null,
    crystalSystem: null,
    pearson: null,
    structureType: null,
    inequivalentSiteCount: null,
    inIcsd: null,
    split: null,
    labels: {},
    extra: {},
    ...description,
    cell: [a, b, c, alphaDeg, betaDeg, gammaDeg],
    species: atoms.map(({ species }) => species.element),
    frac: atoms.flatMap(({ site }) => [...site.frac]),
    occupancies: partial ? atoms.map(({ species }) => species.occupancy) : null,
  };
}

/** Passes each id once; later rows of the same id go to the report (or throw where there is none). */
export async function* uniqueIds(
  rows: AsyncIterable<StructureRow>,
  onProblem?: ReportProblem,
): AsyncGenerator<StructureRow> {
  const seen = new Set<string>();
  for await (const row of rows) {
    if (!seen.has(row.id)) {
      seen.add(row.id);
      yield row;
      continue;
    }
    const message = `id "${row.id}" stands in the table twice`;
    if (onProblem === undefined) {
      throw new EwaldError("table/duplicate-id", message, {
        value: row.id,
        hint: "Clean the table with `ewald data clean`.",
      });
    }
    onProblem({ row: null, id: row.id, code: "table/duplicate-id", message });
  }
}

/**
 * The records of a table, or, where the file holds none, what is known of the sources named in its rows.
 * `sources` are the distinct values of the `source` column.
 */
export function provenanceOf(table: StructureTable, sources: Iterable<string>): Provenance[] {
  if (table.provenance.length > 0) return [...table.provenance];
  return [...sources].map(knownProvenance);
}
