/** The known values that come with Ewald, read from where its models lie: a folder in Node, a server in a browser. */
import { loadFurtherFile, type ReadModelFile } from "../models/model-store.ts";
import { EwaldError } from "../errors.ts";
import { decodeKnownValues } from "./known-values-file.ts";
import type { KnownValues } from "./known-values.ts";

export const KNOWN_FOLDER = "known";
export const KNOWN_FILE = "values.bin";

const loaded = new WeakMap<ReadModelFile, Promise<KnownValues>>();

/**
 * The known values, read, checked against the hash that their card states, and unpacked once per `read`: 2 MB, about 0.3 s.
 * @throws EwaldError `known/missing`, `known/damaged`, `known/version`, `model/damaged`, `model/card`, and what `read` throws
 */
export function loadKnownValues(read: ReadModelFile): Promise<KnownValues> {
  let values = loaded.get(read);
  if (values === undefined) {
    values = readKnownValues(read);
    loaded.set(read, values);
    // What failed may come right (a network that is back): it is tried again when asked again.
    values.catch(() => loaded.delete(read));
  }
  return values;
}

async function readKnownValues(read: ReadModelFile): Promise<KnownValues> {
  const bytes = await loadFurtherFile(read, KNOWN_FOLDER, KNOWN_FILE);
  if (bytes === null)
    throw new EwaldError("known/missing", `the card names no ${KNOWN_FILE}`, {
      source: `${KNOWN_FOLDER}/card.json`,
    });
  return decodeKnownValues(bytes);
}
