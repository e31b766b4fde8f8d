/** A structure's facts for the page: formula, cell, symmetry, orbits, structure type. */
import { reducedFormula } from "../../../src/crystal/composition/composition-formula.ts";
import { compositionOf } from "../../../src/crystal/composition/composition.ts";
import { massDensityGPerCm3 } from "../../../src/crystal/density.ts";
import {
  cellVolume,
  type LatticeParameters,
  latticeParameters,
} from "../../../src/crystal/lattice.ts";
import {
  type SpaceGroupRecord,
  spaceGroupRecord,
} from "../../../src/crystal/symmetry/space-group-record.ts";
import { structureType } from "../../../src/crystal/types/structure-type.ts";
import type { Species, Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { otherThanStated, symmetryOrWarning } from "../../../src/data/contents.ts";
import { EwaldError, type Warning } from "../../../src/errors.ts";
import type { Vec3 } from "../../../src/math/matrix3.ts";
import { printedFormula, printedSpaceGroup } from "../../../src/report/notation.ts";
import { settingWords } from "../../../src/report/space-group-words.ts";

/** Sites that symmetry makes one. */
interface Orbit {
  readonly label: string;
  readonly species: readonly Species[];
  readonly multiplicity: number;
  readonly wyckoff: string | null;
  readonly siteSymmetry: string | null;
  readonly frac: Vec3;
  /** Indices of the sites. */
  readonly sites: readonly number[];
}

export interface StructureFacts {
  readonly formula: string;
  readonly printedFormula: string;
  /** In the axes of the cell; `words` say the setting and the way to the standard one. */
  readonly spaceGroup:
    | (SpaceGroupRecord & { readonly printed: string; readonly words: string })
    | null;
  readonly crystalSystem: string | null;
  readonly pearson: string | null;
  readonly lattice: LatticeParameters;
  readonly volumeAngstrom3: number;
  readonly densityGPerCm3: number;
  readonly structureType: { readonly key: string; readonly name: string | null } | null;
  readonly orbits: readonly Orbit[];
  readonly warnings: readonly Warning[];
}

export async function describeStructure(structure: Structure): Promise<StructureFacts> {
  await loadSymmetry();
  const { symmetry, warnings } = symmetryOrWarning(structure);
  const formula = reducedFormula(compositionOf(structure), "conventional");
  const orbits = new Map<number, number[]>();
  structure.sites.forEach((_, i) => {
    const orbit = symmetry?.orbits[i] ?? i;
    orbits.set(orbit, [...(orbits.get(orbit) ?? []), i]);
  });
  const lattice = latticeParameters(structure.lattice);
  return {
    formula,
    printedFormula: printedFormula(formula),
    spaceGroup: symmetry === undefined ? null : printedGroup(spaceGroupRecord(symmetry)),
    crystalSystem: symmetry?.crystalSystem ?? null,
    pearson: symmetry?.pearson ?? null,
    lattice,
    volumeAngstrom3: cellVolume(structure.lattice),
    densityGPerCm3: massDensityGPerCm3(structure),
    structureType: symmetry === undefined ? null : typeOf(structure),
    orbits: [...orbits.values()].map((sites) => {
      const first = sites[0]!;
      const site = structure.sites[first]!;
      return {
        label: site.label ?? site.species.map(({ element }) => element).join("/"),
        species: site.species,
        multiplicity: sites.length,
        wyckoff: symmetry?.wyckoffLetters[first] ?? null,
        siteSymmetry: symmetry?.siteSymmetries[first] ?? null,
        frac: site.frac,
        sites,
      };
    }),
    warnings: [
      ...warnings,
      ...(symmetry === undefined ? [] : otherThanStated(structure, symmetry)),
    ],
  };
}

function printedGroup(group: SpaceGroupRecord): NonNullable<StructureFacts["spaceGroup"]> {
  return {
    ...group,
    printed: printedSpaceGroup(group.symbol),
    words: settingWords(group, printedSpaceGroup),
  };
}

function typeOf(structure: Structure): StructureFacts["structureType"] {
  try {
    const { key, name } = structureType(structure);
    return { key, name: name ?? null };
  } catch (error) {
    if (error instanceof EwaldError) return null;
    throw error;
  }
}
