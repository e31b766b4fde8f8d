/** What a diffractometer would see of a structure: peaks and a curve for the plot. */
import { loadSymmetry, type Structure } from "../../../src/crystal/index.ts";
import { symmetryOrWarning } from "../../../src/data/index.ts";
import { type Peak, powderPattern, profile } from "../../../src/diffraction/index.ts";
import { EwaldError, type Warning } from "../../../src/errors.ts";
import { parseRadiation, type RadiationKind } from "../../../src/radiation/index.ts";

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
  readonly wavelengthAngstrom: number;
  readonly formFactors: string | null;
  readonly curve: { readonly x: Float64Array; readonly y: Float64Array };
  readonly milliseconds: number;
  readonly warnings: readonly Warning[];
}

/** Widest step of the curve, degrees, and steps over the width of a peak; narrower peaks than the last are drawn too low. */
const WIDEST_STEP_DEG = 0.02;
const STEPS_PER_WIDTH = 6;
const NARROWEST_DEG = 0.005;

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
  const [from, to] = twoThetaRangeDeg;
  const step = Math.min(WIDEST_STEP_DEG, Math.max(fwhmDeg, NARROWEST_DEG) / STEPS_PER_WIDTH);
  const points = Math.round((to - from) / step) + 1;
  const x = Float64Array.from({ length: points }, (_, i) => from + i * step);
  const y = profile(pattern, x, {
    broadening: {
      caglioti: { u: 0, v: 0, w: fwhmDeg * fwhmDeg },
      ...(sizeAngstrom === undefined ? {} : { sizeAngstrom }),
    },
  });
  const highest = y.reduce((most, value) => Math.max(most, value), 0) || 1;
  return {
    peaks: pattern.peaks,
    wavelengthAngstrom: pattern.wavelengthAngstrom,
    formFactors: pattern.formFactors ?? null,
    curve: { x, y: y.map((value) => (100 * value) / highest) },
    milliseconds,
    warnings,
  };
}
