/** A scan as the page draws it: options of the command line, and its curve. */
import type { RadiationKind } from "../../../src/radiation/radiation.ts";
import { settledOptions } from "../../../src/jobs/options.ts";
import { type ScanCurve, scanCurve } from "../../../src/jobs/read/curve.ts";
import { scanProcessing } from "../../../src/jobs/scan-processing.ts";
import { SCAN_KNOWN, SCAN_STEPS } from "../../../src/jobs/shared-options.ts";
import type { Scan } from "../../../src/scan/scan.ts";
import { NAMED, pageEnvironment } from "./environment.ts";

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

export async function processForPage(input: ProcessInput): Promise<ScanCurve> {
  const { scan, wavelength, radiation, removeOutliers, smoothWindow, background } = input;
  const options = settledOptions(
    { ...SCAN_KNOWN, ...SCAN_STEPS },
    {
      ...(wavelength === undefined ? {} : { wavelength }),
      ...(radiation === undefined ? {} : { radiation }),
      removeOutliers,
      ...(smoothWindow === null ? {} : { smooth: smoothWindow }),
      ...(background === "none" ? {} : { background }),
    },
  );
  const processing = await scanProcessing(options, pageEnvironment());
  return scanCurve(scan, { ...processing, subtract: input.subtract }, NAMED);
}
