/**
 * The processing that `read` and `convert` offer for scans, as plain data that travels to workers, and its
 * order: radiation, instrument, spikes, merging, Kα2, background, smoothing, wavelength, axis, cut, grid, scale.
 */
import { EwaldError, type Warning } from "../errors.ts";
import {
  type AxisKind,
  meanWavelength,
  parseRadiation,
  type Radiation,
  type RadiationKind,
} from "../radiation/index.ts";
import {
  applyInstrument,
  background,
  type BackgroundOptions,
  convertScanAxis,
  convertWavelength,
  cutScan,
  type Instrument,
  mergeRanges,
  type Normalisation,
  normalise,
  removeOutliers,
  resample,
  type Scan,
  smooth,
  stripAlpha2,
  subtractBackground,
  withRadiation,
} from "../scan/index.ts";

export const WAVELENGTH_HELP =
  "of the scan, where its file states none or you know better (a warning says where they differ): CuKa12, CoKa1, 1.5406";

export interface ScanProcessing {
  /** What a person knows and the file does not: `CuKa12`, `1.5406`. */
  readonly wavelength?: string;
  readonly radiation?: RadiationKind;
  readonly instrument?: Instrument;
  readonly removeOutliers?: boolean;
  readonly mergeStep?: number;
  readonly stripAlpha2?: boolean;
  readonly background?: "snip" | "airpls";
  readonly smoothWindow?: number;
  /** Radiation to convert 2θ to. */
  readonly toWavelength?: string;
  readonly axis?: AxisKind;
  readonly range?: readonly [number, number];
  readonly step?: number;
  readonly normalise?: Normalisation;
}

/**
 * Words that no scan can make right, refused once and before any file.
 * @throws EwaldError `radiation/unknown-anode`, `radiation/wavelength`, `radiation/contradiction`
 */
export function checkedProcessing(wanted: ScanProcessing): ScanProcessing {
  for (const text of [wanted.wavelength, wanted.toWavelength]) {
    if (text !== undefined) parseRadiation(text, wanted.radiation ?? "xray");
  }
  return wanted;
}

export interface ProcessedScan {
  readonly scan: Scan;
  readonly warnings: readonly Warning[];
}

export function processScan(scan: Scan, wanted: ScanProcessing): ProcessedScan {
  const known = withKnownRadiation(scan, wanted);
  return { scan: takeSteps(known, wanted), warnings: replacedWavelength(scan, known) };
}

/** What a person names wins over what the file states; the kind of radiation that the file states holds where none is named. */
function withKnownRadiation(scan: Scan, { wavelength, radiation: kind }: ScanProcessing): Scan {
  const stated = scan.radiation;
  if (wavelength !== undefined) {
    return withRadiation(scan, parseRadiation(wavelength, kind ?? stated?.kind ?? "xray"));
  }
  return kind === undefined || stated === null ? scan : withRadiation(scan, { ...stated, kind });
}

/** Files and people round: 1.5406 is Kα1 of copper as 1.54056 is; its Kα1 and its mean line lie eight times as far apart. */
const SAME_WAVELENGTH = 1e-4;

function replacedWavelength({ radiation: stated }: Scan, { radiation: given }: Scan): Warning[] {
  if (stated === null || given === null || isSameWavelength(stated, given)) return [];
  return [
    {
      code: "scan/wavelength-replaced",
      message: `the file states a wavelength of ${printedWavelength(stated)}; ${printedWavelength(given)} of --wavelength takes its place`,
    },
  ];
}

/** By the mean or by the strongest line: a doublet is the same tube as its Kα1 alone or as the mean of both. */
function isSameWavelength(a: Radiation, b: Radiation): boolean {
  const isNear = (one: number, other: number): boolean =>
    Math.abs(one / other - 1) <= SAME_WAVELENGTH;
  return (
    isNear(meanWavelength(a), meanWavelength(b)) ||
    isNear(a.lines[0]!.wavelengthAngstrom, b.lines[0]!.wavelengthAngstrom)
  );
}

function printedWavelength(radiation: Radiation): string {
  const wavelength = `${Number(meanWavelength(radiation).toFixed(5))} Å`;
  return radiation.name === undefined ? wavelength : `${wavelength} (${radiation.name})`;
}

function takeSteps(scan: Scan, wanted: ScanProcessing): Scan {
  let current = scan;
  if (wanted.instrument !== undefined) current = applyInstrument(current, wanted.instrument);
  if (wanted.removeOutliers) current = removeOutliers(current);
  if (wanted.mergeStep !== undefined) current = mergeRanges(current, wanted.mergeStep);
  const options = backgroundOptions(wanted.background);
  if (wanted.stripAlpha2) {
    const levels = current.ranges.map((range) => background(range, options ?? { method: "snip" }));
    current = stripAlpha2(current, levels);
  }
  if (options !== undefined) current = subtractBackground(current, options);
  if (wanted.smoothWindow !== undefined) current = smooth(current, { window: wanted.smoothWindow });
  if (wanted.toWavelength !== undefined) {
    current = convertWavelength(
      current,
      parseRadiation(wanted.toWavelength, wanted.radiation ?? kindMeant(wanted, current)),
    );
  }
  if (wanted.axis !== undefined) current = convertScanAxis(current, wanted.axis);
  if (wanted.range !== undefined) current = cutScan(current, ...wanted.range);
  if (wanted.step !== undefined) current = resample(current, { step: wanted.step });
  return wanted.normalise === undefined ? current : normalise(current, wanted.normalise);
}

/** A number of Å is of the scan's own kind of radiation; the name of a line says X-rays. */
function kindMeant({ toWavelength }: ScanProcessing, { radiation }: Scan): RadiationKind {
  return Number.isNaN(Number(toWavelength)) ? "xray" : (radiation?.kind ?? "xray");
}

function backgroundOptions(method: ScanProcessing["background"]): BackgroundOptions | undefined {
  return method === undefined ? undefined : { method };
}

/** An axis by the words people use. @throws EwaldError `usage/axis` */
export function axisKind(text: string): AxisKind {
  const kinds: Readonly<Record<string, AxisKind>> = {
    "2theta": "twoTheta",
    twotheta: "twoTheta",
    d: "d",
    q: "q",
  };
  const kind = kinds[text.toLowerCase()];
  if (kind !== undefined) return kind;
  throw new EwaldError("usage/axis", `"${text}" is no axis`, {
    value: text,
    hint: "Give 2theta, d or q.",
  });
}
