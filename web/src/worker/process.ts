/** A scan as the page shows it: steps taken, background, on the axis asked for. Nothing is lost: the scan as read stays. */
import { type AxisKind, parseRadiation, type RadiationKind } from "../../../src/radiation/index.ts";
import {
  background,
  convertScanAxis,
  mergeRanges,
  removeOutliers,
  type Scan,
  scanWavelength,
  smooth,
  subtractBackground,
  withRadiation,
} from "../../../src/scan/index.ts";

export interface ProcessInput {
  readonly scan: Scan;
  /** Where the file names none, or the user knows better. */
  readonly wavelength?: string;
  readonly radiation?: RadiationKind;
  readonly removeOutliers: boolean;
  readonly smoothWindow: number | null;
  readonly background: "none" | "snip" | "airpls";
  /** Draw the background rather than take it off. */
  readonly subtract: boolean;
}

export interface Processed {
  /** After the steps; for identification and export. */
  readonly scan: Scan;
  readonly wavelengthAngstrom: number | null;
  readonly axis: AxisKind;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Background at each point, where one was asked for and not taken off. */
  readonly background: Float64Array | null;
}

/** Ranges that overlap are merged on this step, degrees (or Å, 1/Å). */
const MERGE_STEP = 0.02;

/** The scan with what the user knows better: the wavelength, or that the wavelengths of the file are of another kind of radiation. */
export function withKnownRadiation(
  scan: Scan,
  wavelength: string | undefined,
  kind: RadiationKind | undefined,
): Scan {
  const stated = scan.radiation;
  if (wavelength !== undefined && wavelength.trim() !== "")
    return withRadiation(scan, parseRadiation(wavelength, kind ?? stated?.kind ?? "xray"));
  if (stated === null || kind === undefined || kind === stated.kind) return scan;
  return withRadiation(scan, { kind, lines: stated.lines });
}

export function processForPage(input: ProcessInput): Processed {
  let scan = withKnownRadiation(input.scan, input.wavelength, input.radiation);
  if (scan.ranges.length > 1) scan = mergeRanges(scan, MERGE_STEP);
  if (input.removeOutliers) scan = removeOutliers(scan);
  // The background before smoothing: a polynomial swings below it beside sharp peaks, and SNIP would follow there.
  const options = input.background === "none" ? null : { method: input.background };
  const level = options !== null && !input.subtract ? background(scan.ranges[0]!, options) : null;
  if (options !== null && input.subtract) scan = subtractBackground(scan, options);
  if (input.smoothWindow !== null) scan = smooth(scan, { window: input.smoothWindow });
  const kind = scan.ranges[0]!.axis.kind;
  const onPlot =
    kind === "tof" || kind === "twoTheta"
      ? scan
      : convertScanAxis(scan, scan.radiation === null ? "q" : "twoTheta");
  const [range] = onPlot.ranges as [Scan["ranges"][0]];
  return {
    scan,
    wavelengthAngstrom: scan.radiation === null ? null : scanWavelength(scan),
    axis: range.axis.kind,
    x: range.axis.values,
    y: range.intensity,
    background: level === null ? null : kind === "d" ? Float64Array.from(level).reverse() : level,
  };
}
