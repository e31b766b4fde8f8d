/** What a diffractometer would see of a structure: peaks and a curve for the plot. */
import type { Structure } from "../../../src/crystal/structure.ts";
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import { symmetryOrWarning } from "../../../src/data/contents.ts";
import { patternCurve } from "../../../src/diffraction/curve.ts";
import type { Peak } from "../../../src/diffraction/peaks.ts";
import { powderPattern } from "../../../src/diffraction/powder.ts";
import { EwaldError, type Warning } from "../../../src/errors.ts";
import {
  parseRadiation,
  type Radiation,
  type RadiationKind,
} from "../../../src/radiation/radiation.ts";

export interface SimulateInput {
  readonly structure: Structure;
  readonly radiation: RadiationKind;
  /** "CuKa", "1.5406". */
  readonly wavelength: string;
  readonly twoThetaRangeDeg: readonly [number, number];
  readonly fwhmDeg: number;
  /** Size of the crystallites, Å; absent: no broadening by size. */
  readonly sizeAngstrom?: number;
}

export interface Simulation {
  readonly peaks: readonly Peak[];
  readonly radiation: Radiation;
  readonly wavelengthAngstrom: number;
  readonly formFactors: string | null;
  readonly curve: { readonly x: Float64Array; readonly y: Float64Array };
  readonly milliseconds: number;
  readonly warnings: readonly Warning[];
}

/** Some four thousand points over the usual range: twice as coarse as a file, and drawn at every change. */
const WIDEST_STEP_DEG = 0.02;

export async function simulate(input: SimulateInput): Promise<Simulation> {
  await loadSymmetry();
  const { structure, twoThetaRangeDeg, fwhmDeg, sizeAngstrom } = input;
  if (input.wavelength.trim() === "")
    throw new EwaldError("page/no-wavelength", "a simulation needs a wavelength", {
      hint: "Give it in Å, or as a line such as CuKa.",
    });
  const radiation = parseRadiation(input.wavelength, input.radiation);
  const start = performance.now();
  const { symmetry, warnings } = symmetryOrWarning(structure);
  const pattern = powderPattern(structure, {
    radiation,
    twoThetaRangeDeg,
    ...(symmetry === undefined ? {} : { operations: symmetry.operations }),
  });
  const milliseconds = performance.now() - start;
  const { x, y } = patternCurve(pattern, {
    twoThetaRangeDeg,
    widestStepDeg: WIDEST_STEP_DEG,
    broadening: {
      caglioti: { u: 0, v: 0, w: fwhmDeg * fwhmDeg },
      ...(sizeAngstrom === undefined ? {} : { sizeAngstrom }),
    },
  });
  return {
    peaks: pattern.peaks,
    radiation,
    wavelengthAngstrom: pattern.wavelengthAngstrom,
    formFactors: pattern.formFactors ?? null,
    curve: { x, y },
    milliseconds,
    warnings,
  };
}
