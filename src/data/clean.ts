/**
 * Cleaning a table, row by row and never in silence: a plan says of every row that is left out, and of
 * every label that is taken off, why; applying the plan gives the cleaned rows. The rules, in order:
 *
 * 1. ids that occur twice: the first is kept;
 * 2. clashing atoms;
 * 3. labels that cannot be meant (moduli ≤ 0 or > 500 GPa, …) are taken off, the row stays;
 * 4. duplicates: same structure type, same formula, Niggli cells equal within a tolerance;
 * 5. ordering variants of one alloy: the same metals in the same amounts on the same parent lattice;
 * 6. where asked: only the polymorph of lowest energy of each formula.
 *
 * Of several alike the one with the lowest energy is kept, then the one with most labels, then the first.
 */
import type { CleanRule } from "./clean-rules.ts";
import { neighbours } from "../crystal/distances.ts";
import { element } from "../crystal/element.ts";
import { cellVolume, latticeParameters } from "../crystal/lattice.ts";
import { niggliReduce } from "../crystal/symmetry/cell-reduction.ts";
import type { Structure } from "../crystal/structure.ts";
import { analyzeSymmetry } from "../crystal/symmetry/symmetry.ts";
import { EwaldError } from "../errors.ts";
import { rowStructureType } from "./leakage.ts";
import {
  type LabelName,
  type Labels,
  LABEL_NAMES,
  type RowProblem,
  rowStructure,
  type StructureRow,
} from "./structure-table.ts";
import { LABEL_COLUMNS, LABEL_LIMITS } from "./structure-columns.table.ts";

export interface CleanOptions {
  /** Atoms nearer than this are a mistake (0.65 Å: the rule of the site-likelihood paper). */
  readonly nearestAngstrom?: number;
  /** … and so are atoms nearer than this fraction of their covalent radii's sum. Default 0.5. */
  readonly nearestFraction?: number;
  /** Niggli lengths and volume equal within this fraction, angles within 100 times as many degrees. Default 0.01. */
  readonly cellTolerance?: number;
  /** Atoms of an alloy may stand this far from the parent's sites. Default 0.2 Å. */
  readonly parentToleranceAngstrom?: number;
  /** Keep one polymorph per formula, lowest in this label. Default: all. */
  readonly lowestBy?: "energyAboveHullEvPerAtom" | "formationEnergyEvPerAtom";
  /** Rules not to apply. */
  readonly skip?: readonly CleanRule[];
}

export interface CleanPlan {
  /** Rows to leave out, by position. */
  readonly drop: ReadonlySet<number>;
  /** Labels to take off, by position. */
  readonly unlabel: ReadonlyMap<number, readonly LabelName[]>;
  /** Every decision, in the order of the rules. */
  readonly report: readonly RowProblem[];
  readonly rows: number;
  readonly kept: number;
}

const DEFAULTS = {
  nearestAngstrom: 0.65,
  nearestFraction: 0.5,
  cellTolerance: 0.01,
  parentToleranceAngstrom: 0.2,
} as const;

/** The facts of a row that are kept between the passes: 139,739 of these are some 50 MB. */
interface Card {
  readonly row: number;
  readonly id: string;
  readonly formula: string;
  readonly type: string | null;
  readonly volumePerAtom: number;
  readonly atoms: number;
  /** Sorted Niggli lengths (Å) and sorted angles (°). */
  readonly cell: readonly number[];
  readonly energy: number;
  readonly polymorphEnergy: number | null;
  readonly labels: number;
  /** Kept only for rows that may be ordered alloys. */
  readonly alloy: Structure | null;
}

interface Draft {
  readonly drop: Set<number>;
  readonly unlabel: Map<number, LabelName[]>;
  readonly report: RowProblem[];
}

/**
 * Decides which rows of a table are left out; changes nothing. Rows are read once. Rule 5 needs `await loadSymmetry()` first.
 * @throws EwaldError `clean/formula` where rows carry no formula to compare
 */
export async function planCleaning(
  rows: AsyncIterable<StructureRow> | Iterable<StructureRow>,
  options: CleanOptions = {},
): Promise<CleanPlan> {
  const applies = (rule: CleanRule): boolean => options.skip?.includes(rule) !== true;
  const draft: Draft = { drop: new Set(), unlabel: new Map(), report: [] };
  const cards: Card[] = [];
  const seen = new Set<string>();
  let count = 0;
  for await (const row of rows) {
    const index = count++;
    const problem = rowProblem(row, index, seen, options, applies);
    if (problem !== null) {
      draft.drop.add(index);
      draft.report.push(problem);
      continue;
    }
    if (applies("label")) takeOffLabels(row, index, draft);
    cards.push(makeCard(row, index, options));
  }
  const kept = (): Card[] => cards.filter((card) => !draft.drop.has(card.row));
  if (applies("duplicate")) dropDuplicates(kept(), options, draft);
  if (applies("ordering")) dropOrderings(kept(), options, draft);
  if (options.lowestBy !== undefined && applies("polymorph")) dropPolymorphs(kept(), draft);
  return { ...draft, rows: count, kept: count - draft.drop.size };
}

/** The cleaned rows of a table: pass the same rows in the same order as to {@link planCleaning}. */
export async function* cleanedRows(
  rows: AsyncIterable<StructureRow> | Iterable<StructureRow>,
  plan: CleanPlan,
): AsyncGenerator<StructureRow> {
  let index = -1;
  for await (const row of rows) {
    index++;
    if (plan.drop.has(index)) continue;
    const off = plan.unlabel.get(index);
    if (off === undefined) {
      yield row;
      continue;
    }
    const labels: Labels = Object.fromEntries(
      Object.entries(row.labels).filter(([name]) => !off.includes(name as LabelName)),
    );
    yield { ...row, labels };
  }
}

function rowProblem(
  row: StructureRow,
  index: number,
  seen: Set<string>,
  options: CleanOptions,
  applies: (rule: CleanRule) => boolean,
): RowProblem | null {
  if (applies("duplicate-id") && seen.has(row.id)) {
    return {
      row: index,
      id: row.id,
      code: "clean/duplicate-id",
      message: "an earlier row has this id",
    };
  }
  seen.add(row.id);
  const clash = applies("clash") ? clashOf(row, options) : null;
  return clash === null ? null : { row: index, id: row.id, code: "clean/clash", message: clash };
}

/** Two atoms too near, in words, or null. Partly filled sites that exclude one another may be near. */
export function clashOf(row: StructureRow, options: CleanOptions = {}): string | null {
  const { nearestAngstrom, nearestFraction } = { ...DEFAULTS, ...options };
  const structure = rowStructure(row);
  const radii = structure.sites.map((site) =>
    Math.max(
      ...site.species.map((species) => element(species.element).covalentRadiusAngstrom ?? 0),
    ),
  );
  const filled = structure.sites.map((site) =>
    site.species.reduce((sum, species) => sum + species.occupancy, 0),
  );
  const cutoff = Math.max(nearestAngstrom, 2 * nearestFraction * Math.max(...radii));
  const list = neighbours(structure, cutoff);
  for (let i = 0; i < structure.sites.length; i++) {
    for (let k = list.start[i]!; k < list.start[i + 1]!; k++) {
      const j = list.site[k]!;
      const distance = list.distanceAngstrom[k]!;
      const least = Math.max(nearestAngstrom, nearestFraction * (radii[i]! + radii[j]!));
      if (distance >= least || filled[i]! + filled[j]! <= 1 + 1e-6) continue;
      const names = [i, j].map((site) => structure.sites[site]!.species[0]!.element).join("-");
      return `${names} at ${distance.toFixed(3)} Å, less than ${least.toFixed(2)} Å`;
    }
  }
  return null;
}

function takeOffLabels(row: StructureRow, index: number, draft: Draft): void {
  for (const name of LABEL_NAMES) {
    const value = row.labels[name];
    const limits = LABEL_LIMITS[name];
    if (value === undefined || limits === undefined) continue;
    const low = limits.open === true ? value <= limits.min : value < limits.min;
    if (!low && value <= limits.max) continue;
    const off = draft.unlabel.get(index) ?? [];
    draft.unlabel.set(index, [...off, name]);
    const { title, unit } = LABEL_COLUMNS[name];
    const range = `${limits.open === true ? "above" : "from"} ${limits.min} to ${limits.max}`;
    const message = `${title} ${value} ${unit}`.trimEnd();
    draft.report.push({
      row: index,
      id: row.id,
      code: "clean/label",
      message: `${message} is not ${range}: label taken off`,
    });
  }
}

/** Elements that make a compound something else than an alloy. */
const NONMETALS = new Set("H D He C N O F Ne P S Cl Ar Se Br Kr I Xe At Rn".split(" "));

function makeCard(row: StructureRow, index: number, options: CleanOptions): Card {
  if (row.formula === null) {
    throw new EwaldError(
      "clean/formula",
      `row ${index + 1} (${row.id}) has no formula to compare`,
      {
        value: row.id,
        hint: "Import the structures with `ewald data import`, which fills it in.",
      },
    );
  }
  const structure = rowStructure(row);
  const { a, b, c, alphaDeg, betaDeg, gammaDeg } = latticeParameters(
    niggliReduce(structure.lattice).lattice,
  );
  const energy =
    row.labels.energyAboveHullEvPerAtom ?? row.labels.formationEnergyEvPerAtom ?? Infinity;
  const isAlloy =
    row.occupancies === null &&
    row.species.length > 1 &&
    new Set(row.species).size > 1 &&
    row.species.every((symbol) => !NONMETALS.has(symbol));
  return {
    row: index,
    id: row.id,
    formula: row.formula,
    type: rowStructureType(row),
    volumePerAtom: cellVolume(structure.lattice) / structure.sites.length,
    atoms: structure.sites.length,
    cell: [
      ...[a, b, c].sort((x, y) => x - y),
      ...[alphaDeg, betaDeg, gammaDeg].sort((x, y) => x - y),
    ],
    energy,
    polymorphEnergy: options.lowestBy === undefined ? null : (row.labels[options.lowestBy] ?? null),
    labels: Object.keys(row.labels).length,
    alloy: isAlloy ? structure : null,
  };
}

/** Lowest energy, most labels, first. */
function better(a: Card, b: Card): number {
  if (a.energy !== b.energy) return a.energy < b.energy ? -1 : 1;
  return b.labels - a.labels || a.row - b.row;
}

function groups(cards: readonly Card[], keyOf: (card: Card) => string | null): Card[][] {
  const found = new Map<string, Card[]>();
  for (const card of cards) {
    const key = keyOf(card);
    if (key === null) continue;
    const group = found.get(key);
    if (group === undefined) found.set(key, [card]);
    else group.push(card);
  }
  return [...found.values()].filter((group) => group.length > 1);
}

function sameCell(a: Card, b: Card, tolerance: number): boolean {
  if (a.atoms !== b.atoms || Math.abs(a.volumePerAtom / b.volumePerAtom - 1) > tolerance)
    return false;
  return a.cell.every((value, i) =>
    i < 3
      ? Math.abs(value / b.cell[i]! - 1) <= tolerance
      : Math.abs(value - b.cell[i]!) <= 100 * tolerance,
  );
}

/** Takes the best of a group and drops those that are `like` it; then the best of the rest, and so on. */
function dropAlike(
  group: readonly Card[],
  like: (kept: Card, other: Card) => boolean,
  code: string,
  say: (kept: Card, other: Card) => string,
  draft: Draft,
): void {
  const kept: Card[] = [];
  for (const card of group.toSorted(better)) {
    const same = kept.find((other) => like(other, card));
    if (same === undefined) {
      kept.push(card);
      continue;
    }
    draft.drop.add(card.row);
    draft.report.push({ row: card.row, id: card.id, code, message: say(same, card) });
  }
}

function dropDuplicates(cards: readonly Card[], options: CleanOptions, draft: Draft): void {
  const tolerance = options.cellTolerance ?? DEFAULTS.cellTolerance;
  for (const group of groups(cards, ({ formula, type }) =>
    type === null ? null : `${formula} ${type}`,
  )) {
    const say = (kept: Card, other: Card): string => {
      const change = (100 * (other.volumePerAtom / kept.volumePerAtom - 1)).toFixed(2);
      return `same type, elements and cell as ${kept.id} (volume ${change.startsWith("-") ? "" : "+"}${change} %)`;
    };
    dropAlike(group, (a, b) => sameCell(a, b, tolerance), "clean/duplicate", say, draft);
  }
}

/** Space group and Pearson symbol of the structure when all its atoms are taken to be the same. */
function parentOf(structure: Structure, symprecAngstrom: number): string | null {
  const sites = structure.sites.map(({ frac }) => ({
    species: [{ element: "Cu", occupancy: 1 }],
    frac,
  }));
  try {
    const { number, pearson } = analyzeSymmetry(
      { lattice: structure.lattice, sites },
      { symprecAngstrom },
    );
    return `${number} ${pearson}`;
  } catch (error) {
    if (error instanceof EwaldError) return null;
    throw error;
  }
}

/** Orderings on one parent lattice have nearly the same volume per atom; a phase of another packing may not. */
const PARENT_VOLUME_TOLERANCE = 0.05;

function dropOrderings(cards: readonly Card[], options: CleanOptions, draft: Draft): void {
  const symprec = options.parentToleranceAngstrom ?? DEFAULTS.parentToleranceAngstrom;
  for (const sameFormula of groups(cards, ({ formula, alloy }) =>
    alloy === null ? null : formula,
  )) {
    const parents = new Map(sameFormula.map((card) => [card, parentOf(card.alloy!, symprec)]));
    const like = (a: Card, b: Card): boolean =>
      parents.get(a) !== null &&
      parents.get(a) === parents.get(b) &&
      a.type !== b.type &&
      Math.abs(a.volumePerAtom / b.volumePerAtom - 1) <= PARENT_VOLUME_TOLERANCE;
    const say = (kept: Card): string =>
      `another ordering of ${kept.id} on the lattice ${parents.get(kept)}`;
    dropAlike(sameFormula, like, "clean/ordering", say, draft);
  }
}

function dropPolymorphs(cards: readonly Card[], draft: Draft): void {
  const lowest = new Map<string, Card>();
  for (const card of cards) {
    if (card.polymorphEnergy === null) {
      draft.drop.add(card.row);
      draft.report.push({
        row: card.row,
        id: card.id,
        code: "clean/no-energy",
        message: "no energy to compare polymorphs by",
      });
      continue;
    }
    const best = lowest.get(card.formula);
    if (best === undefined || card.polymorphEnergy < best.polymorphEnergy!)
      lowest.set(card.formula, card);
  }
  for (const card of cards) {
    const best = lowest.get(card.formula);
    if (card.polymorphEnergy === null || best === undefined || best === card) continue;
    const above = (card.polymorphEnergy - best.polymorphEnergy!).toFixed(4);
    draft.drop.add(card.row);
    draft.report.push({
      row: card.row,
      id: card.id,
      code: "clean/polymorph",
      message: `${best.id} of the same formula lies ${above} eV/atom lower`,
    });
  }
}
