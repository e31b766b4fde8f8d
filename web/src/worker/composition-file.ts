/** Files dropped on the page that hold a composition. */
import { measuredCompositionText, readComposition } from "../../../src/crystal/index.ts";
import { EwaldError } from "../../../src/errors.ts";

/** Larger is no composition. */
const LARGEST_BYTES = 100_000;

/**
 * The composition that a file holds, as one types it; null where it holds none.
 *
 * @throws EwaldError for a table of compositions that says too little, or for several
 */
export function compositionOfFile(bytes: Uint8Array): string | null {
  if (bytes.length > LARGEST_BYTES) return null;
  try {
    return measuredCompositionText(readComposition(new TextDecoder().decode(bytes)));
  } catch (error) {
    if (error instanceof EwaldError && error.code === "composition/table-head") return null;
    throw error;
  }
}
