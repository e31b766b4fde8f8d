/** A scan as one curve, as a plot shows it: steps taken, ranges joined, on the axis that people read. The scan as read stays. */
import type { Warning } from "../../errors.ts";
import type { AxisKind } from "../../radiation/axis.ts";
import { convertScanAxis } from "../../scan/convert.ts";
import { processScan, type ScanProcessing } from "../../scan/process.ts";
import { type LeftOutPoint, type Scan, scanWavelength } from "../../scan/scan.ts";

export interface ScanCurve {
  /** After the steps, on its own axis: what is written to a file. */
  readonly scan: Scan;
  readonly wavelengthAngstrom: number | null;
  /** 2θ, or Q where no wavelength is known; time of flight stays. */
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

/**
 * @param named how the wavelength was given, for the warning that it takes the place of the file's
 * @throws EwaldError of the steps
 */
export function scanCurve(read: Scan, processing: ScanProcessing, named: string): ScanCurve {
  const joined = { mergeStep: "own", ...processing } as const;
  const { scan, backgrounds, warnings } = processScan(read, joined, named);
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
