/**
 * Where trained models lie: `models/<system>/<name>.onnx`, and one `models/<system>/card.json` that names each file, its
 * SHA-256, the data it was trained on with licence and attribution, and whatever else its system needs (classes,
 * calibration, range of the training data) under `details`. Which disk or server the bytes come from is a
 * {@link ReadModelFile}: `packageModels` of `ewald/node` reads the ones that come with the package, {@link urlModels} a server's.
 */
import * as z from "zod/mini";
import { EwaldError } from "../errors.ts";
import { sha256Hex } from "../formats/hash.ts";
import { checkedShape } from "../formats/json-shape.ts";
import type { ModelIdentity } from "./prediction.ts";

const text = z.string().check(z.minLength(1));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));

const modelEntry = z.strictObject({
  /** One line: what goes in, what comes out. */
  title: text,
  version: text,
  sha256,
  /** Commit of the code that trained it, seed, and how training and test data were parted. */
  commit: text,
  seed: z.union([z.int(), z.string()]),
  split: text,
  /** Facts that the system itself needs to use the model; the system checks them. */
  details: z.record(z.string(), z.unknown()),
});

const modelCard = z.strictObject({
  system: text,
  /** Data of all models of the system: name, licence, whom to cite. */
  data: z.array(
    z.strictObject({
      name: text,
      sha256,
      licence: text,
      attribution: text,
    }),
  ),
  models: z.record(z.string(), modelEntry),
  /** SHA-256 of further files of the system, by name: what it can do without, read when it is first asked for. */
  files: z.optional(z.record(z.string(), sha256)),
});

export type ModelEntry = z.infer<typeof modelEntry>;
export type ModelCard = z.infer<typeof modelCard>;

/** The bytes of a file below `models/`, by its path there with forward slashes. */
export type ReadModelFile = (path: string) => Promise<Uint8Array>;

export interface StoredModel {
  readonly identity: ModelIdentity;
  readonly onnx: Uint8Array;
  readonly entry: ModelEntry;
}

/** @throws EwaldError `model/card` naming the first field that is wrong */
export function parseModelCard(json: string, source: string): ModelCard {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new EwaldError("model/card", "not JSON", { source, cause });
  }
  return checkedShape(modelCard, value, { code: "model/card", source });
}

/** @throws EwaldError `model/card`, and what `read` throws */
export async function loadModelCard(read: ReadModelFile, system: string): Promise<ModelCard> {
  const path = `${system}/card.json`;
  return parseModelCard(new TextDecoder().decode(await read(path)), path);
}

/**
 * One model of a system, checked against its card.
 * @param card where it is at hand already
 * @throws EwaldError `model/unknown`, `model/damaged`, `model/card`, and what `read` throws
 */
export async function loadModel(
  read: ReadModelFile,
  system: string,
  name: string,
  card?: ModelCard,
): Promise<StoredModel> {
  const { models } = card ?? (await loadModelCard(read, system));
  const entry = models[name];
  if (entry === undefined)
    throw new EwaldError("model/unknown", `${system} has no model "${name}"`, {
      value: name,
      hint: `It has ${Object.keys(models).join(", ")}.`,
    });
  const onnx = await read(`${system}/${name}.onnx`);
  const hash = await sha256Hex(onnx);
  if (hash !== entry.sha256)
    throw new EwaldError("model/damaged", `${name}.onnx is not the file that its card names`, {
      source: `${system}/${name}.onnx`,
      value: hash,
    });
  return { identity: { name: `${system}/${name}`, version: entry.version, hash }, onnx, entry };
}

/**
 * A further file that a system's card names, checked against it; null where the card names none of that name.
 * @throws EwaldError `model/damaged`, `model/card`, and what `read` throws
 */
export async function loadFurtherFile(
  read: ReadModelFile,
  system: string,
  name: string,
): Promise<Uint8Array | null> {
  const { files } = await loadModelCard(read, system);
  const wanted = files?.[name];
  if (wanted === undefined) return null;
  const bytes = await read(`${system}/${name}`);
  const hash = await sha256Hex(bytes);
  if (hash !== wanted)
    throw new EwaldError("model/damaged", `${name} is not the file that its card names`, {
      source: `${system}/${name}`,
      value: hash,
    });
  return bytes;
}

/** The models of a server, `base` being the address of the folder `models/`. */
export function urlModels(base: string | URL): ReadModelFile {
  return async (path) => {
    const url = new URL(path, base);
    const response = await fetch(url);
    if (!response.ok)
      throw new EwaldError("model/not-read", `the server answered ${response.status}`, {
        source: url.href,
      });
    return new Uint8Array(await response.arrayBuffer());
  };
}
