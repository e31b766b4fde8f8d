/**
 * The processing that command line and page offer for scans, as plain data that travels to workers, and its one
 * order: radiation, instrument, spikes, merging, Kα2, background, smoothing, wavelength, axis, cut, grid, scale.
 */
import type { Warning } from "../errors.ts";
import type { AxisKind } from "../radiation/axis.ts";
import {
  meanWavelength,
  parseRadiation,
  type Radiation,
  type RadiationKind,
} from "../radiation/radiation.ts";
import { background, type BackgroundOptions, subtractBackground } from "./background.ts";
import { convertScanAxis, convertWavelength } from "./convert.ts";
import { applyInstrument, type Instrument } from "./instrument.ts";
import {
  cutScan,
  mergeRanges,
  type Normalisation,
  normalise,
  ownStep,
  resample,
} from "./resample.ts";
import { type Scan, withRadiation } from "./scan.ts";
import { removeOutliers, smooth } from "./smooth.ts";
import { stripAlpha2 } from "./strip-alpha2.ts";
import { suspectDoublet } from "./suspect-doublet.ts";

/** The steps of a scan's processing, in the one order that they have. What is not named is not done. */
export interface ScanProcessing {
  /** The wavelength that a person knows and the file does not state: `CuKa12`, `1.5406`. */
  readonly wavelength?: string;
  readonly radiation?: RadiationKind;
  readonly instrument?: Instrument;
  readonly removeOutliers?: boolean;
  /** In units of the axis; `"own"` for the step of the finest range. */
  readonly mergeStep?: number | "own";
  readonly stripAlpha2?: boolean;
  readonly background?: "snip" | "airpls";
  /** False to find the background and leave it in; default true. */
  readonly subtract?: boolean;
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

/** A scan after its processing. */
export interface ProcessedScan {
  readonly scan: Scan;
  /** The background of each range, where one was asked for and left in: as it was before smoothing. */
  readonly backgrounds: readonly Float64Array[] | null;
  readonly warnings: readonly Warning[];
}

/**
 * A scan through the wanted steps: instrument, outliers, merging, Kα2, background, smoothing, axis, range, grid.
 * @param named how the wavelength was given, for the warning that it takes the place of the file's
 * @throws EwaldError of the steps, such as `scan/no-doublet`, `scan/merge-step`, `scan/no-wavelength`
 */
export function processScan(
  scan: Scan,
  wanted: ScanProcessing,
  named = "of --wavelength",
): ProcessedScan {
  const known = withKnownRadiation(scan, wanted.wavelength, wanted.radiation);
  const { scan: result, backgrounds } = takeSteps(known, wanted);
  const warnings = [
    ...replacedRadiation(scan, known, named),
    ...suspectDoublet(known),
    ...mergedBanks(scan, wanted),
  ];
  return { scan: result, backgrounds, warnings };
}

/**
 * A scan with the radiation that a person names, which wins over what the file states. The kind that the file states holds where
 * none is named.
 * Where only another kind is named, the file's wavelengths are kept and the name of its tube is not.
 */
export function withKnownRadiation(
  scan: Scan,
  wavelength: string | undefined,
  kind: RadiationKind | undefined,
): Scan {
  const stated = scan.radiation;
  if (wavelength !== undefined && wavelength.trim() !== "") {
    return withRadiation(scan, parseRadiation(wavelength, kind ?? stated?.kind ?? "xray"));
  }
  if (stated === null || kind === undefined || kind === stated.kind) return scan;
  return withRadiation(scan, { kind, lines: stated.lines });
}

/** Detectors at different angles see the same spacing at different times of flight. */
function mergedBanks({ ranges }: Scan, { mergeStep }: ScanProcessing): Warning[] {
  if (mergeStep === undefined || ranges.length < 2 || ranges[0]!.axis.kind !== "tof") return [];
  return [
    {
      code: "scan/merged-banks",
      message: `${ranges.length} ranges over the time of flight were merged: if they are banks at different angles, their lines do not stand at the same times`,
    },
  ];
}

/** Files and people round: 1.5406 is Kα1 of copper as 1.54056 is; its Kα1 and its mean line lie eight times as far apart. */
const SAME_WAVELENGTH = 1e-4;

const KINDS: Readonly<Record<RadiationKind, string>> = {
  xray: "X-rays",
  neutron: "neutrons",
  electron: "electrons",
};

function replacedRadiation(
  { radiation: stated }: Scan,
  { radiation: given }: Scan,
  named: string,
): Warning[] {
  if (stated === null || given === null || stated === given) return [];
  if (!isSameWavelength(stated, given)) {
    return [
      {
        code: "scan/wavelength-replaced",
        message: `the file states a wavelength of ${printedWavelength(stated)}; ${printedWavelength(given)} ${named} takes its place`,
      },
    ];
  }
  if (stated.kind === given.kind) return [];
  return [
    {
      code: "scan/radiation-replaced",
      message: `the file states ${KINDS[stated.kind]} of ${printedWavelength(stated)}; it was read as measured with ${KINDS[given.kind]}, at the same wavelength`,
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

function takeSteps(
  scan: Scan,
  wanted: ScanProcessing,
): Pick<ProcessedScan, "scan" | "backgrounds"> {
  let current = scan;
  if (wanted.instrument !== undefined) current = applyInstrument(current, wanted.instrument);
  if (wanted.removeOutliers) current = removeOutliers(current);
  if (wanted.mergeStep !== undefined && current.ranges.length > 1) {
    const step = wanted.mergeStep === "own" ? ownStep(current) : wanted.mergeStep;
    current = mergeRanges(current, step);
  }
  const options = backgroundOptions(wanted.background);
  if (wanted.stripAlpha2) {
    const levels = current.ranges.map((range) => background(range, options ?? { method: "snip" }));
    current = stripAlpha2(current, levels);
  }
  // Before smoothing: a polynomial swings below the background beside sharp peaks, and SNIP would follow there.
  let backgrounds: readonly Float64Array[] | null = null;
  if (options !== undefined && wanted.subtract === false) {
    backgrounds = current.ranges.map((range) => background(range, options));
  } else if (options !== undefined) current = subtractBackground(current, options);
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
  if (wanted.normalise !== undefined) current = normalise(current, wanted.normalise);
  return { scan: current, backgrounds };
}

/** A number of Å is of the scan's own kind of radiation; the name of a line says X-rays. */
function kindMeant({ toWavelength }: ScanProcessing, { radiation }: Scan): RadiationKind {
  return Number.isNaN(Number(toWavelength)) ? "xray" : (radiation?.kind ?? "xray");
}

function backgroundOptions(method: ScanProcessing["background"]): BackgroundOptions | undefined {
  return method === undefined ? undefined : { method };
}
