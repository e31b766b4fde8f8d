/** Files that hold a composition, neither structure nor scan. */
import { readComposition } from "../crystal/composition/composition-file.ts";
import type { MeasuredComposition } from "../crystal/composition/composition-measured.ts";
import { EwaldError } from "../errors.ts";

/** Larger is no composition. */
const LARGEST_BYTES = 100_000;
const NO_COMPOSITION = /^(?:composition\/(?:table-head|syntax|too-long)|formula\/)/;

/**
 * The composition that a file holds; null where it holds none.
 * @throws EwaldError for a table of compositions that says too little, or for several
 */
export function compositionOfBytes(bytes: Uint8Array): MeasuredComposition | null {
  if (bytes.length > LARGEST_BYTES) return null;
  try {
    return readComposition(bytes);
  } catch (error) {
    // What is wrong with words that are no composition is of no interest.
    if (error instanceof EwaldError && NO_COMPOSITION.test(error.code)) return null;
    throw error;
  }
}
