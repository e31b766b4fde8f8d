/**
 * Extensions: further structure types beside the library's, each extension with its own known compounds and its own small network,
 * which says which of its types a pattern shows or that it shows none of them. Nothing of the model is changed by one; they lie below
 * `structure-type/extensions/<name>/` of a folder of models, and `structure-type/extensions.json` names them.
 */
import * as z from "zod/mini";
import { sha256Hex } from "../../formats/hash.ts";
import { checkedShape } from "../../formats/json-shape.ts";
import type { ReadModelFile } from "../../models/model-store.ts";
import type { ModelIdentity } from "../../models/prediction.ts";
import { EwaldError } from "../../errors.ts";
import type { LibraryType } from "../../known/library.ts";
import type { ExtensionScores } from "./scores.ts";

/** The files of an extension that the model needs. */
export interface ExtensionFiles {
  readonly name: string;
  readonly types: readonly LibraryType[];
  /** As `compounds.bin` of the model, for its types. */
  readonly compounds: Uint8Array;
  /** ONNX: pattern → its types and, last, none of them. */
  readonly network: Uint8Array;
}

/** `extension.json`. */
export interface ExtensionRecord {
  readonly version: typeof EXTENSION_VERSION;
  readonly name: string;
  readonly types: readonly LibraryType[];
  readonly sha256: { readonly network: string; readonly compounds: string };
  /** The model beside which it was trained and measured. */
  readonly beside: ModelIdentity;
  readonly seed: number | string;
  readonly commit: string;
  readonly scores: ExtensionScores;
}

export const EXTENSION_VERSION = 1;
const FOLDER = "structure-type";
/** Path of the list of extensions in a folder of models. */
export const EXTENSIONS_FILE = `${FOLDER}/extensions.json`;
const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

const list = z.strictObject({
  version: z.literal(EXTENSION_VERSION),
  extensions: z.array(z.string().check(z.regex(NAME))),
});

/** Path of one of an extension's files: "extension.json", "compounds.bin", "network.onnx". */
export function extensionPath(name: string, file: string): string {
  return `${FOLDER}/extensions/${name}/${file}`;
}

/** @throws EwaldError `extend/name` */
export function checkExtensionName(name: string): void {
  if (NAME.test(name)) return;
  throw new EwaldError("extend/name", `"${name}" cannot name an extension`, {
    value: name,
    hint: "Small letters, digits, dots and hyphens, beginning with a letter or digit.",
  });
}

/** Names of the extensions in a folder of models; none where it has no list. @throws EwaldError `model/card` */
export async function extensionNames(read: ReadModelFile): Promise<string[]> {
  let bytes: Uint8Array;
  try {
    bytes = await read(EXTENSIONS_FILE);
  } catch (error) {
    if (error instanceof EwaldError && error.code === "model/not-read") return [];
    throw error;
  }
  const refusal = { code: "model/card", source: EXTENSIONS_FILE };
  return checkedShape(list, parseJson(bytes), refusal).extensions;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** Text of the list of extensions. */
export function extensionsText(names: readonly string[]): string {
  return `${JSON.stringify({ version: EXTENSION_VERSION, extensions: names }, null, 2)}\n`;
}

/** @throws EwaldError `model/damaged` where a file is not the one that was written; what `read` throws */
async function readExtension(read: ReadModelFile, name: string): Promise<ExtensionFiles> {
  const [json, compounds, network] = await Promise.all(
    ["extension.json", "compounds.bin", "network.onnx"].map((file) =>
      read(extensionPath(name, file)),
    ),
  );
  const record = parseJson(json!) as ExtensionRecord | undefined;
  const isWhole =
    record?.version === EXTENSION_VERSION &&
    record.sha256.network === (await sha256Hex(network!)) &&
    record.sha256.compounds === (await sha256Hex(compounds!));
  if (!isWhole) {
    throw new EwaldError("model/damaged", `the extension "${name}" is not as it was written`, {
      source: extensionPath(name, "extension.json"),
      hint: "Make it again with ewald extend.",
    });
  }
  return { name, types: record.types, compounds: compounds!, network: network! };
}

/** All extensions of a folder of models, in the order in which they were added. */
export async function readExtensions(read: ReadModelFile): Promise<ExtensionFiles[]> {
  const found: ExtensionFiles[] = [];
  for (const name of await extensionNames(read)) found.push(await readExtension(read, name));
  return found;
}

/** Share of the scans an extension's network learns from that show none of its types. */
export const OTHERS_SHARE = 0.55;

/**
 * Probabilities of all types together, (types + extensions' types + 1), the last for none. An extension says how likely each of
 * its types is against everything else; it learnt that where its types were far more frequent than they are among all types, so the
 * odds are brought to what they are where every type is as likely as another. They go beside the model's own probabilities, and all
 * are scaled to sum 1.
 * @param own of the model, (types + 1)
 * @param extensions of each extension, (its types + 1)
 */
export function joinedProbabilities(
  own: Float64Array,
  extensions: readonly Float64Array[],
): Float64Array {
  const odds = extensions.flatMap((probabilities) => {
    const learnt = (1 - OTHERS_SHARE) / OTHERS_SHARE;
    const even = (probabilities.length - 1) / (own.length - 1);
    const other = Math.max(probabilities.at(-1)!, 1e-6);
    return [...probabilities.subarray(0, -1)].map((p) => (p / other) * (even / learnt));
  });
  const all = [...own.subarray(0, -1), ...odds, own.at(-1)!];
  const sum = all.reduce((a, b) => a + b, 0);
  return Float64Array.from(all, (value) => value / sum);
}
