/** The powder peaks of one structure, as a plain record. */
import { reducedFormula } from "../../crystal/composition/composition-formula.ts";
import { compositionOf } from "../../crystal/composition/composition.ts";
import {
  type SpaceGroupRecord,
  spaceGroupRecord,
} from "../../crystal/symmetry/space-group-record.ts";
import type { Structure } from "../../crystal/structure.ts";
import type { SymmetryOptions } from "../../crystal/symmetry/symmetry.ts";
import { type StructureContent, symmetryOrWarning } from "../../data/contents.ts";
import type { Peak } from "../../diffraction/peaks.ts";
import { type PowderOptions, powderPattern } from "../../diffraction/powder.ts";
import type { Warning } from "../../errors.ts";
import type { Radiation } from "../../radiation/radiation.ts";

export interface SimulateOptions extends SymmetryOptions {
  readonly powder: PowderOptions;
  /** B for all atoms, in place of the file's own. */
  readonly bIsoAngstrom2?: number;
}

/** The calculated pattern of one structure: what `ewald simulate --json` prints. */
export interface SimulateRecord {
  readonly kind: "powderPattern";
  readonly input: string;
  readonly name?: string;
  readonly formula: string;
  readonly spaceGroup: SpaceGroupRecord | null;
  readonly radiation: Radiation;
  readonly wavelengthAngstrom: number;
  readonly twoThetaRangeDeg: readonly [number, number];
  /** Table of the X-ray form factors; null for other radiation. */
  readonly formFactors: string | null;
  readonly peaks: readonly Peak[];
  readonly warnings: readonly Warning[];
}

export function simulatedRecord(
  { input, name, structure, warnings }: StructureContent,
  options: SimulateOptions,
): SimulateRecord {
  const { symmetry, warnings: symmetryWarnings } = symmetryOrWarning(structure, options);
  const pattern = powderPattern(structure, {
    ...options.powder,
    ...(symmetry === undefined ? {} : { operations: symmetry.operations }),
    ...displacements(structure, options.bIsoAngstrom2),
  });
  return {
    kind: "powderPattern",
    input,
    ...(name === undefined ? {} : { name }),
    formula: reducedFormula(compositionOf(structure), "conventional"),
    spaceGroup: symmetry === undefined ? null : spaceGroupRecord(symmetry),
    radiation: pattern.radiation,
    wavelengthAngstrom: pattern.wavelengthAngstrom,
    twoThetaRangeDeg: pattern.twoThetaRangeDeg,
    formFactors: pattern.formFactors ?? null,
    peaks: pattern.peaks,
    warnings: [...warnings, ...symmetryWarnings],
  };
}

/** The same B for every element of the structure. */
function displacements(
  structure: Structure,
  bIso: number | undefined,
): Pick<PowderOptions, "bIsoAngstrom2"> {
  if (bIso === undefined) return {};
  const elements = structure.sites.flatMap((site) => site.species.map(({ element }) => element));
  return { bIsoAngstrom2: Object.fromEntries(elements.map((element) => [element, bIso])) };
}
