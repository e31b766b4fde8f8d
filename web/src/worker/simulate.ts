/** What a diffractometer would see of a structure: the job of the command line, and a curve for the plot. */
import type { StructureContent } from "../../../src/data/contents.ts";
import { patternCurve } from "../../../src/diffraction/curve.ts";
import { EwaldError } from "../../../src/errors.ts";
import { settledOptions } from "../../../src/jobs/options.ts";
import { broadeningOf, simulateJob } from "../../../src/jobs/simulate/job.ts";
import type { SimulateRecord } from "../../../src/jobs/simulate/record.ts";
import { SIMULATE_OPTIONS } from "../../../src/jobs/simulate/spec.ts";
import type { RadiationKind } from "../../../src/radiation/radiation.ts";
import { pageEnvironment } from "./environment.ts";

export interface SimulateInput {
  readonly content: StructureContent;
  readonly radiation: RadiationKind;
  /** "CuKa", "1.5406". */
  readonly wavelength: string;
  readonly twoThetaRangeDeg: readonly [number, number];
  readonly fwhmDeg: number;
  /** Size of the crystallites, Å; absent: no broadening by size. */
  readonly sizeAngstrom?: number;
}

export interface Simulation extends SimulateRecord {
  readonly curve: { readonly x: Float64Array; readonly y: Float64Array };
  readonly milliseconds: number;
}

/** Some four thousand points over the usual range: twice as coarse as a file, and drawn at every change. */
const WIDEST_STEP_DEG = 0.02;

/** As the fields of the page are called. */
const LABELS: Readonly<Record<string, string>> = {
  twoTheta: "2θ",
  fwhm: "Peak width",
  size: "Crystallite size",
};

export async function simulate(input: SimulateInput): Promise<Simulation> {
  const { content, radiation, wavelength, twoThetaRangeDeg, fwhmDeg, sizeAngstrom } = input;
  if (wavelength.trim() === "")
    throw new EwaldError("page/no-wavelength", "a simulation needs a wavelength", {
      hint: "Give it in Å, or as a line such as CuKa.",
    });
  const options = settledOptions(
    SIMULATE_OPTIONS,
    {
      radiation,
      wavelength,
      twoTheta: twoThetaRangeDeg,
      fwhm: fwhmDeg,
      ...(sizeAngstrom === undefined ? {} : { size: sizeAngstrom }),
    },
    (name) => LABELS[name] ?? name,
  );
  const session = await simulateJob.open(options, pageEnvironment(), new Set());
  const start = performance.now();
  const record = await simulateJob.run(content, session);
  const milliseconds = performance.now() - start;
  const { x, y } = patternCurve(record, {
    twoThetaRangeDeg,
    widestStepDeg: WIDEST_STEP_DEG,
    broadening: broadeningOf(options),
  });
  return { ...record, curve: { x, y }, milliseconds };
}
