/**
 * The processing that `read` and `convert` offer for scans, as plain data that travels to workers, and its
 * order: radiation, instrument, spikes, merging, Kα2, background, smoothing, wavelength, axis, cut, grid, scale.
 */
import { EwaldError } from "../errors.ts";
import { type AxisKind, parseRadiation, type RadiationKind } from "../radiation/index.ts";
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

export function processScan(scan: Scan, wanted: ScanProcessing): Scan {
  let current = scan;
  if (wanted.wavelength !== undefined) {
    current = withRadiation(current, parseRadiation(wanted.wavelength, wanted.radiation ?? "xray"));
  } else if (wanted.radiation !== undefined && scan.radiation !== null) {
    current = withRadiation(current, { ...scan.radiation, kind: wanted.radiation });
  }
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
      parseRadiation(wanted.toWavelength, wanted.radiation ?? "xray"),
    );
  }
  if (wanted.axis !== undefined) current = convertScanAxis(current, wanted.axis);
  if (wanted.range !== undefined) current = cutScan(current, ...wanted.range);
  if (wanted.step !== undefined) current = resample(current, { step: wanted.step });
  return wanted.normalise === undefined ? current : normalise(current, wanted.normalise);
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
