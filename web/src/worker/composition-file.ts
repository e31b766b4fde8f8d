/** Files dropped on the page that hold a composition. */
import { readComposition } from "../../../src/crystal/composition/composition-file.ts";
import { measuredCompositionText } from "../../../src/crystal/composition/composition-notation.ts";
import { EwaldError } from "../../../src/errors.ts";

/** Larger is no composition. */
const LARGEST_BYTES = 100_000;
const NO_COMPOSITION = /^(?:composition\/(?:table-head|syntax|too-long)|formula\/)/;

/**
 * The composition that a file holds, as one types it; null where it holds none.
 *
 * @throws EwaldError for a table of compositions that says too little, or for several
 */
export function compositionOfFile(bytes: Uint8Array): string | null {
  if (bytes.length > LARGEST_BYTES) return null;
  try {
    return measuredCompositionText(readComposition(bytes));
  } catch (error) {
    // What is wrong with words that are no composition is of no interest.
    if (error instanceof EwaldError && NO_COMPOSITION.test(error.code)) return null;
    throw error;
  }
}
