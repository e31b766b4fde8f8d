/** A scan as the page shows it: steps taken, background, on the axis asked for. Nothing is lost: the scan as read stays. */
import type { Warning } from "../../../src/errors.ts";
import type { AxisKind } from "../../../src/radiation/axis.ts";
import type { RadiationKind } from "../../../src/radiation/radiation.ts";
import { convertScanAxis } from "../../../src/scan/convert.ts";
import { processScan } from "../../../src/scan/process.ts";
import { type LeftOutPoint, type Scan, scanWavelength } from "../../../src/scan/scan.ts";

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
  /** Points of the file that cannot be right, on the axis drawn. */
  readonly leftOut: readonly LeftOutPoint[];
  /** Of what was asked for: a wavelength that takes another's place, a doublet taken for one line. */
  readonly warnings: readonly Warning[];
}

/** The command line's own steps in its order; several ranges are one curve here. */
export function processForPage(input: ProcessInput): Processed {
  const { scan, backgrounds, warnings } = processScan(
    input.scan,
    {
      ...(input.wavelength === undefined ? {} : { wavelength: input.wavelength }),
      ...(input.radiation === undefined ? {} : { radiation: input.radiation }),
      removeOutliers: input.removeOutliers,
      mergeStep: "own",
      ...(input.background === "none" ? {} : { background: input.background }),
      subtract: input.subtract,
      ...(input.smoothWindow === null ? {} : { smoothWindow: input.smoothWindow }),
    },
    "chosen here",
  );
  const level = backgrounds?.[0] ?? null;
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
    leftOut: range.leftOut ?? [],
    warnings,
  };
}
