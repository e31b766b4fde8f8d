/** Features of a scan for the networks: its pattern over ln sin θ, of X-rays, wide enough to judge by. */
import { EwaldError } from "../../errors.ts";
import { convertScanAxis } from "../../scan/convert.ts";
import { type Pattern, patternOf } from "../../scan/log-pattern.ts";
import { mergeRanges } from "../../scan/resample.ts";
import { type Scan, scanWavelength } from "../../scan/scan.ts";

/** Angles covered by less than this cannot be judged. */
const LEAST_RANGE_BINS = 150;
/** Step on which ranges of a scan are merged, degrees. */
const MERGE_STEP_DEG = 0.02;

export interface ScanColumns {
  readonly twoThetaDeg: Float64Array;
  readonly intensity: Float64Array;
  readonly wavelengthAngstrom: number;
}

/** The scan's first and only range over 2θ; several are merged. */
export function scanColumns(scan: Scan): ScanColumns {
  const wavelengthAngstrom = scanWavelength(scan);
  if (scan.radiation?.kind !== "xray") {
    throw new EwaldError(
      "identify/radiation",
      `structure types are recognised in X-ray scans; this one was measured with ${scan.radiation?.kind}s`,
      {
        value: scan.radiation?.kind,
        hint: "Lines stand at the same spacings, but their intensities tell other types.",
      },
    );
  }
  const angles = convertScanAxis(scan, "twoTheta");
  const merged = angles.ranges.length > 1 ? mergeRanges(angles, MERGE_STEP_DEG) : angles;
  const [range] = merged.ranges as [Scan["ranges"][0]];
  return { twoThetaDeg: range.axis.values, intensity: range.intensity, wavelengthAngstrom };
}

/**
 * The pattern of a scan as the networks see it.
 * @throws EwaldError `scan/no-wavelength`, `identify/radiation`, `identify/range`, `identify/flat`
 */
export function patternOfScan(scan: Scan): Pattern {
  const { twoThetaDeg, intensity, wavelengthAngstrom } = scanColumns(scan);
  const pattern = patternOf(twoThetaDeg, intensity, wavelengthAngstrom);
  const covered = pattern.observed.reduce((sum, value) => sum + value, 0);
  if (covered < LEAST_RANGE_BINS) {
    const [from, to] = [twoThetaDeg[0]!, twoThetaDeg.at(-1)!];
    throw new EwaldError("identify/range", `the scan covers only ${from}° to ${to}°`, {
      value: to - from,
      unit: "°",
      hint: "A structure type shows in a wide scan: 10° to 60° at least with copper radiation.",
    });
  }
  return pattern;
}
