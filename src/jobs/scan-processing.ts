/** Options of scans as the processing that the library takes. */
import { withSource } from "../errors.ts";
import { parseInstrument } from "../scan/instrument.ts";
import { checkedProcessing, type ScanProcessing } from "../scan/process.ts";
import type { Environment } from "./job.ts";
import type { OptionsOf } from "./options.ts";
import type { SCAN_KNOWN, SCAN_STEPS } from "./shared-options.ts";

type Options = OptionsOf<typeof SCAN_KNOWN & typeof SCAN_STEPS>;
type Given = { readonly [K in keyof Options]?: Options[K] | undefined };

/**
 * The processing of scans: known facts of them, then further steps. Options that are no step are passed over.
 * @throws EwaldError of `checkedProcessing`; `file/not-read`, `calibrate/bad-instrument` with the file's name
 */
export async function scanProcessing(
  given: Given,
  environment: Environment,
): Promise<ScanProcessing> {
  const checked = checkedProcessing(stepsOf(given));
  const { instrument } = given;
  if (instrument === undefined) return checked;
  const bytes = await environment.readFile(instrument);
  try {
    return { ...checked, instrument: parseInstrument(new TextDecoder().decode(bytes)) };
  } catch (error) {
    throw withSource(error, instrument);
  }
}

function stepsOf(given: Given): ScanProcessing {
  const { wavelength, radiation, removeOutliers, merge, stripKa2, smooth, background } = given;
  const { toWavelength, axis, range, step, normalise } = given;
  return {
    ...(wavelength === undefined ? {} : { wavelength }),
    ...(radiation === undefined ? {} : { radiation }),
    ...(removeOutliers === true ? { removeOutliers } : {}),
    ...(merge === undefined ? {} : { mergeStep: merge }),
    ...(stripKa2 === true ? { stripAlpha2: true } : {}),
    ...(background === undefined ? {} : { background }),
    ...(smooth === undefined ? {} : { smoothWindow: smooth }),
    ...(toWavelength === undefined ? {} : { toWavelength }),
    ...(axis === undefined ? {} : { axis }),
    ...(range === undefined ? {} : { range }),
    ...(step === undefined ? {} : { step }),
    ...(normalise === undefined ? {} : { normalise }),
  };
}
