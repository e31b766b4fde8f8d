/** Files dropped on the page that hold a composition. */
import { measuredCompositionText } from "../../../src/crystal/composition/composition-notation.ts";
import { compositionOfBytes } from "../../../src/data/composition-of-bytes.ts";
import { mayHold, signatureOf } from "../../../src/formats/signatures.ts";

/** The composition that a file holds, as one types it; null where it holds none. @throws EwaldError as {@link compositionOfBytes} */
export function compositionOfFile(bytes: Uint8Array): string | null {
  if (!mayHold(signatureOf(bytes), "composition")) return null;
  const composition = compositionOfBytes(bytes);
  return composition === null ? null : measuredCompositionText(composition);
}
