/**
 * The descriptors of a row, computed from its atoms: formula, space group, Pearson symbol, structure type. Importers
 * fill them in once; from then on they stay in the table. Needs `await loadSymmetry()` first.
 */
import { anonymousFormula, reducedFormula } from "../crystal/composition/composition-formula.ts";
import { compositionOf } from "../crystal/composition/composition.ts";
import { crystalSystemOf } from "../crystal/symmetry/space-group.ts";
import { anonymousSpecies, keyOf } from "../crystal/types/structure-type-key.ts";
import type { Structure } from "../crystal/structure.ts";
import { analyzeSymmetry } from "../crystal/symmetry/symmetry.ts";
import { rowStructure, structureRow, type StructureRow } from "./structure-table.ts";

/** Symmetry for `space_group` and the structure type: forgiving, as calculated structures need it. */
export const TABLE_SYMPREC_ANGSTROM = 0.1;
/** Symmetry for `space_group_tight`. */
const TIGHT_SYMPREC_ANGSTROM = 0.01;

export type Descriptors = Pick<
  StructureRow,
  | "formula"
  | "formulaAnonymous"
  | "spaceGroup"
  | "spaceGroupTight"
  | "crystalSystem"
  | "pearson"
  | "structureType"
  | "inequivalentSiteCount"
>;

/** @throws EwaldError of the symmetry search */
export function describeStructure(structure: Structure): Descriptors {
  const composition = compositionOf(structure);
  const symmetry = analyzeSymmetry(structure, { symprecAngstrom: TABLE_SYMPREC_ANGSTROM });
  const tight = analyzeSymmetry(structure, { symprecAngstrom: TIGHT_SYMPREC_ANGSTROM });
  return {
    formula: reducedFormula(composition),
    formulaAnonymous: anonymousFormula(composition),
    spaceGroup: symmetry.number,
    spaceGroupTight: tight.number,
    crystalSystem: crystalSystemOf(symmetry.number),
    pearson: symmetry.pearson,
    structureType: keyOf(symmetry, anonymousSpecies(structure, symmetry)),
    inequivalentSiteCount: new Set(symmetry.orbits).size,
  };
}

/** A structure as a row with all its descriptors: what importers make. @throws EwaldError as {@link describeStructure} */
export function describedRow(structure: Structure, id: string, source: string): StructureRow {
  return structureRow(structure, { id, source, ...describeStructure(structure) });
}

/** Rows with the structure type (and whatever else is null) filled in; what a table already says stays. */
export async function* withStructureTypes(
  rows: AsyncIterable<StructureRow> | Iterable<StructureRow>,
): AsyncGenerator<StructureRow> {
  for await (const row of rows) {
    if (row.structureType !== null) {
      yield row;
      continue;
    }
    const found = describeStructure(rowStructure(row));
    yield {
      ...row,
      formula: row.formula ?? found.formula,
      formulaAnonymous: row.formulaAnonymous ?? found.formulaAnonymous,
      spaceGroup: row.spaceGroup ?? found.spaceGroup,
      spaceGroupTight: row.spaceGroupTight ?? found.spaceGroupTight,
      crystalSystem: row.crystalSystem ?? found.crystalSystem,
      pearson: row.pearson ?? found.pearson,
      structureType: found.structureType,
      inequivalentSiteCount: row.inequivalentSiteCount ?? found.inequivalentSiteCount,
    };
  }
}
