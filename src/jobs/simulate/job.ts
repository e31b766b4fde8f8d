/** `simulate`: what would a diffractometer see of a structure? */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { readContents, type ReadContentsOptions, requireStructure } from "../../data/contents.ts";
import { anomalousFactor } from "../../diffraction/anomalous.ts";
import type { Broadening } from "../../diffraction/broadening.ts";
import { patternCurve } from "../../diffraction/curve.ts";
import type { PowderOptions } from "../../diffraction/powder.ts";
import { describeError, EwaldError, withSource } from "../../errors.ts";
import { parseRadiation, type Radiation } from "../../radiation/radiation.ts";
import { printedRadiation } from "../../report/notation.ts";
import type { Environment, Job } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { simulationFigure } from "./figure.ts";
import { simulatedRecord, type SimulateOptions, type SimulateRecord } from "./record.ts";
import { SIMULATE, type SIMULATE_OPTIONS } from "./spec.ts";
import { assumptions, simulationText } from "./text.ts";

type Options = OptionsOf<typeof SIMULATE_OPTIONS>;

interface Session {
  readonly options: Options;
  readonly record: SimulateOptions;
  readonly references: readonly SimulateRecord[];
}

export const simulateJob: Job<typeof SIMULATE_OPTIONS, Session, SimulateRecord> = {
  spec: SIMULATE,
  async open(options, environment) {
    await loadSymmetry();
    const record = recordOptions(options);
    return { options, record, references: await referencesOf(options, record, environment) };
  },
  reading: ({ options }) => readingOf(options),
  run: (content, session) => simulatedRecord(requireStructure(content), session.record),
  text: simulationText,
  output: (name, records, session) =>
    name === "pattern" ? patternText(records, session) : figureOf(records, session),
};

/** Files of --reference are read as the inputs are. */
function readingOf({ symmetry }: Options): ReadContentsOptions {
  return symmetry === undefined ? {} : { symmetry };
}

function recordOptions(options: Options): SimulateOptions {
  const { twoTheta, formFactors, ions, anomalous, lp, texture, bIso, symprec } = options;
  const radiation = radiationOf(options);
  if (anomalous) refuseBeyondTable(radiation);
  const powder: PowderOptions = {
    radiation,
    twoThetaRangeDeg: twoTheta,
    formFactors,
    ions,
    ...(anomalous ? { anomalous: anomalousFactor } : {}),
    ...(lp === undefined ? {} : { lorentzPolarisation: lp }),
    ...(texture === undefined ? {} : { texture }),
  };
  return {
    powder,
    ...(bIso === undefined ? {} : { bIsoAngstrom2: bIso }),
    ...(symprec === undefined ? {} : { symprecAngstrom: symprec }),
  };
}

function radiationOf({ wavelength, radiation }: Options): Radiation {
  if (wavelength !== undefined) return parseRadiation(wavelength, radiation);
  if (radiation === "xray") return parseRadiation("CuKa");
  throw new EwaldError("usage/no-wavelength", `${radiation}s have no usual wavelength`, {
    hint: "Give it in Å, for example --wavelength 1.594.",
  });
}

/**
 * The table of anomalous factors ends at the same energies for every element: asked of one, before any file.
 * @throws EwaldError `scattering/anomalous-range`
 */
function refuseBeyondTable({ kind, lines }: Radiation): void {
  if (kind !== "xray") return;
  for (const { wavelengthAngstrom } of lines) anomalousFactor("H", wavelengthAngstrom);
}

/** @throws EwaldError `file/reference` */
async function referencesOf(
  given: Options,
  options: SimulateOptions,
  environment: Environment,
): Promise<readonly SimulateRecord[]> {
  const records: SimulateRecord[] = [];
  for (const path of given.reference ?? []) {
    try {
      const { contents, failures } = readContents(
        await environment.readFile(path),
        path,
        readingOf(given),
      );
      if (failures.length > 0) throw failures[0]!;
      for (const content of contents)
        records.push(simulatedRecord(requireStructure(content), options));
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      const reason = describeError(withSource(error, path));
      throw new EwaldError("file/reference", `--reference cannot be used: ${reason}`);
    }
  }
  return records;
}

/** The broadening of the peaks of --plot and --pattern. */
export function broadeningOf({ fwhm, size, strain }: Options): Broadening {
  return {
    caglioti: { u: 0, v: 0, w: fwhm * fwhm },
    ...(size === undefined ? {} : { sizeAngstrom: size }),
    ...(strain === undefined ? {} : { strain }),
  };
}

function figureOf(records: readonly SimulateRecord[], { options, references }: Session): string {
  return simulationFigure(records, references, {
    broadening: broadeningOf(options),
    offset: options.offset,
    intensityScale: options.scale,
    axisLabel: `2θ (°), ${printedRadiation(records[0]!.radiation)}`,
  });
}

/** @throws EwaldError `usage/contradiction` for more than one structure */
function patternText(records: readonly SimulateRecord[], { options }: Session): string {
  const [record] = records;
  if (record === undefined || records.length > 1) {
    throw new EwaldError(
      "usage/contradiction",
      "--pattern holds one curve, and there are more structures",
      { hint: "Simulate one structure, or take the peaks of all from --json." },
    );
  }
  const { twoThetaRangeDeg } = record;
  const broadening = broadeningOf(options);
  const { x, y, stepDeg } = patternCurve(record, { twoThetaRangeDeg, broadening });
  const digits = Math.max(2, decimals(x[0]!), decimals(stepDeg));
  const rows = Array.from(x, (angle, i) => `${angle.toFixed(digits)} ${y[i]!.toFixed(4)}`);
  const header = `# ${record.formula}, simulated powder pattern\n# ${assumptions(record)}\n# 2theta_deg intensity\n`;
  return `${header}${rows.join("\n")}\n`;
}

/** How many the number has. */
function decimals(x: number): number {
  return /\.(\d*[1-9])0*$/.exec(x.toFixed(9))?.[1]!.length ?? 0;
}
