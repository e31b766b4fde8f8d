/** The JSON that `ewald calibrate` writes, read for `--instrument`. */
import { withSource } from "../errors.ts";
import { type Instrument, parseInstrument } from "../scan/instrument.ts";
import { readBytes } from "./inputs.ts";

/** @throws EwaldError `file/not-read`, `calibrate/bad-instrument` with the file's name */
export async function readInstrument(path: string): Promise<Instrument> {
  const bytes = await readBytes(path);
  try {
    return parseInstrument(new TextDecoder().decode(bytes));
  } catch (error) {
    throw withSource(error, path);
  }
}
