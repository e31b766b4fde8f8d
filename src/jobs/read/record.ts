/** A structure or a scan as a plain record. */
import { reducedFormula } from "../../crystal/composition/composition-formula.ts";
import { compositionOf } from "../../crystal/composition/composition.ts";
import { massDensityGPerCm3 } from "../../crystal/density.ts";
import { cellVolume, type LatticeParameters, latticeParameters } from "../../crystal/lattice.ts";
import {
  type SpaceGroupRecord,
  spaceGroupRecord,
} from "../../crystal/symmetry/space-group-record.ts";
import { structureType } from "../../crystal/types/structure-type.ts";
import type { Species, Structure } from "../../crystal/structure.ts";
import type { SymmetryFacts } from "../../crystal/symmetry/stated-symmetry.ts";
import type { SymmetryOptions } from "../../crystal/symmetry/symmetry.ts";
import {
  otherThanStated,
  type ScanContent,
  type StructureContent,
  symmetryOrWarning,
} from "../../data/contents.ts";
import type { Warning } from "../../errors.ts";
import type { Vec3 } from "../../math/matrix3.ts";
import { processScan, type ScanProcessing } from "../../scan/process.ts";
import { type ScanRecord, scanRecord } from "../../scan/write.ts";

export interface ReadSite {
  readonly label?: string;
  readonly species: readonly Species[];
  readonly frac: Vec3;
  /** Wyckoff letter and site symmetry ("..m") in the setting of the cell, and the index of the first site that symmetry makes equal to this one. */
  readonly wyckoff?: string;
  readonly siteSymmetry?: string;
  readonly orbit?: number;
}

export interface ReadStructureRecord {
  readonly kind: "structure";
  readonly input: string;
  readonly name?: string;
  readonly format: string;
  readonly formula: string;
  readonly spaceGroup: SpaceGroupRecord | null;
  readonly crystalSystem: string | null;
  readonly pearson: string | null;
  readonly lattice: LatticeParameters;
  readonly volumeAngstrom3: number;
  readonly densityGPerCm3: number;
  readonly sites: readonly ReadSite[];
  readonly structureType: { readonly key: string; readonly name: string | null } | null;
  readonly warnings: readonly Warning[];
}

export type ReadRecord = ReadStructureRecord | ReadScanRecord;

export interface ReadScanRecord extends ScanRecord {
  readonly input: string;
  readonly warnings: readonly Warning[];
}

export function scanFacts(content: ScanContent, processing: ScanProcessing): ReadScanRecord {
  const { scan, warnings } = processScan(content.scan, processing);
  return {
    ...scanRecord(scan),
    input: content.input,
    warnings: [...content.warnings, ...warnings],
  };
}

export function structureFacts(
  content: StructureContent,
  options: SymmetryOptions,
): ReadStructureRecord {
  const { kind, input, name, format, structure, warnings } = content;
  const { symmetry, warnings: symmetryWarnings } = symmetryOrWarning(structure, options);
  return {
    kind,
    input,
    ...(name === undefined ? {} : { name }),
    format,
    formula: reducedFormula(compositionOf(structure), "conventional"),
    spaceGroup: symmetry === undefined ? null : spaceGroupRecord(symmetry),
    crystalSystem: symmetry?.crystalSystem ?? null,
    pearson: symmetry?.pearson ?? null,
    lattice: latticeParameters(structure.lattice),
    volumeAngstrom3: cellVolume(structure.lattice),
    densityGPerCm3: massDensityGPerCm3(structure),
    sites: readSites(structure, symmetry),
    structureType: symmetry === undefined ? null : typeOf(structure, options),
    warnings: [
      ...warnings,
      ...symmetryWarnings,
      ...(symmetry === undefined ? [] : otherThanStated(structure, symmetry)),
    ],
  };
}

function readSites(structure: Structure, symmetry: SymmetryFacts | undefined): readonly ReadSite[] {
  return structure.sites.map(({ label, species, frac }, i) => ({
    ...(label === undefined ? {} : { label }),
    species,
    frac,
    ...(symmetry === undefined
      ? {}
      : {
          wyckoff: symmetry.wyckoffLetters[i]!,
          siteSymmetry: symmetry.siteSymmetries[i]!,
          orbit: symmetry.orbits[i]!,
        }),
  }));
}

function typeOf(
  structure: Structure,
  options: SymmetryOptions,
): ReadStructureRecord["structureType"] {
  const { key, name } = structureType(structure, options);
  return { key, name: name ?? null };
}
