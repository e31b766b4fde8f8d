/** Options of scans as the processing that the library takes. */
import { withSource } from "../errors.ts";
import { parseInstrument } from "../scan/instrument.ts";
import { checkedProcessing, type ScanProcessing } from "../scan/process.ts";
import type { Environment } from "./job.ts";
import type { OptionsOf } from "./options.ts";
import type { SCAN_KNOWN } from "./shared-options.ts";

type Options = OptionsOf<typeof SCAN_KNOWN>;
type Known = { readonly [K in keyof Options]?: Options[K] | undefined };

/**
 * The processing of scans: known facts of them, then further steps.
 * @throws EwaldError of `checkedProcessing`; `file/not-read`, `calibrate/bad-instrument` with the file's name
 */
export async function scanProcessing(
  { wavelength, radiation, instrument }: Known,
  environment: Environment,
  steps: ScanProcessing = {},
): Promise<ScanProcessing> {
  const checked = checkedProcessing({
    ...(wavelength === undefined ? {} : { wavelength }),
    ...(radiation === undefined ? {} : { radiation }),
    ...steps,
  });
  if (instrument === undefined) return checked;
  const bytes = await environment.readFile(instrument);
  try {
    return { ...checked, instrument: parseInstrument(new TextDecoder().decode(bytes)) };
  } catch (error) {
    throw withSource(error, instrument);
  }
}
