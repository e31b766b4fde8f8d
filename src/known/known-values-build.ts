/**
 * Known values out of tables: structures with labels, and the energies above the hull of every formula and space group for those
 * entries whose own energy the tables do not single out. Rows without any value give no entry.
 */
import { reducedFormula } from "../crystal/composition/composition-formula.ts";
import { parseFormula } from "../crystal/composition/formula.ts";
import { cellVolume } from "../crystal/lattice.ts";
import type { Structure } from "../crystal/structure.ts";
import { analyzeSymmetry } from "../crystal/symmetry/symmetry.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../data/describe.ts";
import { LABEL_LIMITS } from "../data/structure-columns.table.ts";
import { type Labels, rowStructure, type StructureRow } from "../data/structure-table.ts";
import { EwaldError } from "../errors.ts";
import {
  formulaKey,
  type KnownEntry,
  shapeOf,
  VALUE_SOURCES,
  type ValueName,
} from "./known-values.ts";

const VALUE_NAMES: readonly ValueName[] = [
  "bandGapEv",
  "bulkModulusGpa",
  "shearModulusGpa",
  "energyAboveHullEvPerAtom",
  "formationEnergyEvPerAtom",
];

/** A row of the table of forms: the lowest energy above the hull of a formula and space group. */
export interface FormEnergy {
  readonly formula: string;
  readonly spaceGroup: number;
  readonly energyAboveHullEvPerAtom: number;
}

/** Energies by formula (in any writing) and space group. */
export class FormEnergies {
  private readonly lowest = new Map<string, number>();

  add({ formula, spaceGroup, energyAboveHullEvPerAtom }: FormEnergy): void {
    const key = `${reducedFormula(parseFormula(formula))} ${spaceGroup}`;
    const before = this.lowest.get(key) ?? Infinity;
    this.lowest.set(key, Math.min(before, energyAboveHullEvPerAtom));
  }

  of(formula: string, spaceGroup: number): number | undefined {
    return this.lowest.get(`${formula} ${spaceGroup}`);
  }
}

function usableValues(labels: Labels): { [K in ValueName]?: number } {
  const values: { [K in ValueName]?: number } = {};
  for (const name of VALUE_NAMES) {
    const value = labels[name];
    if (value === undefined) continue;
    const limits = LABEL_LIMITS[name];
    if (limits !== undefined) {
      const { min, max, open } = limits;
      if (value < min || value > max || (open === true && value === min)) continue;
    }
    values[name] = value;
  }
  return values;
}

const LATTICES: Readonly<Record<string, number>> = { P: 1, A: 2, C: 2, S: 2, I: 2, R: 3, F: 4 };

/** Atoms of the primitive cell by the Pearson symbol, null where there is none: "tI12" has 6. */
function atomsOfPearson(pearson: string | null): number | null {
  const [, letter, count] = /^[a-z]([PACSIRF])(\d+)$/.exec(pearson ?? "") ?? [];
  return letter === undefined ? null : Number(count) / LATTICES[letter]!;
}

/** The cell of the table where it is primitive, as all but 1 in 20 are; else the primitive one. */
function primitiveOf(row: StructureRow): Structure {
  const structure = rowStructure(row);
  if (atomsOfPearson(row.pearson) === row.species.length) return structure;
  return analyzeSymmetry(structure, { symprecAngstrom: TABLE_SYMPREC_ANGSTROM }).primitive;
}

/**
 * The entry of a row; null where it has no value that means something. Needs `loadSymmetry` before.
 * @throws EwaldError `known/entry` where the row has no space group or is of no source that is known here; `symmetry/…`
 */
export function knownEntry(row: StructureRow, energies: FormEnergies): KnownEntry | null {
  const source = VALUE_SOURCES.findIndex(({ prefix }) => row.id.startsWith(prefix));
  if (source < 0 || row.spaceGroup === null)
    throw new EwaldError(
      "known/entry",
      `row ${row.id} has ${source < 0 ? "an id of no known source" : "no space group"}`,
      {
        value: row.id,
        hint: `Ids begin with ${VALUE_SOURCES.map(({ prefix }) => prefix).join(" or ")}.`,
      },
    );
  const values = usableValues(row.labels);
  const primitive = primitiveOf(row);
  const formula = formulaKey(primitive);
  let isLowestOfSpaceGroup = false;
  if (values.energyAboveHullEvPerAtom === undefined && VALUE_SOURCES[source]!.name !== "AFLOW") {
    const lowest = energies.of(formula, row.spaceGroup);
    if (lowest !== undefined) {
      values.energyAboveHullEvPerAtom = lowest;
      isLowestOfSpaceGroup = true;
    }
  }
  if (Object.keys(values).length === 0) return null;
  const atomsPerPrimitiveCell = primitive.sites.length;
  return {
    id: row.id,
    source,
    formula,
    spaceGroup: row.spaceGroup,
    atomsPerPrimitiveCell,
    volumePerAtomAngstrom3: cellVolume(primitive.lattice) / atomsPerPrimitiveCell,
    shape: shapeOf(primitive),
    values,
    isLowestOfSpaceGroup,
  };
}
