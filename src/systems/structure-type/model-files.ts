/**
 * The model's files below `models/structure-type/`: `library.json`, `compounds.bin`, `calibration.json`, and the networks that
 * `card.json` names. The same function reads them from the package, a folder or a server. Beside them, for figures alone and in no
 * hash of the model: `averages.bin`.
 */
import { sha256Hex } from "../../formats/hash.ts";
import {
  loadFurtherFile,
  loadModel,
  loadModelCard,
  type ReadModelFile,
} from "../../models/model-store.ts";
import type { ModelIdentity } from "../../models/prediction.ts";
import type { Runtime } from "../../net/runtime.ts";
import type { Calibration } from "./probability.ts";
import { readExtensions } from "./extension.ts";
import { type StructureTypeFiles, StructureTypeModel } from "./predict.ts";
import { decodeAverages, type TypeAverage } from "../../known/type-averages.ts";

export const STRUCTURE_TYPE_FOLDER = "structure-type";
export const AVERAGES_FILE = "averages.bin";

/** @throws EwaldError `model/…` and what `read` throws */
export async function structureTypeFiles(read: ReadModelFile): Promise<StructureTypeFiles> {
  const file = (name: string): Promise<Uint8Array> => read(`${STRUCTURE_TYPE_FOLDER}/${name}`);
  const [library, compounds, calibration, card] = await Promise.all([
    file("library.json"),
    file("compounds.bin"),
    file("calibration.json"),
    loadModelCard(read, STRUCTURE_TYPE_FOLDER),
  ]);
  const names = Object.keys(card.models);
  const stored = await Promise.all(
    names.map((name) => loadModel(read, STRUCTURE_TYPE_FOLDER, name, card)),
  );
  const networks = new Map(stored.map(({ onnx }, i) => [names[i]!, onnx] as const));
  const hashes = [
    ...(await Promise.all([library, compounds, calibration].map(sha256Hex))),
    ...stored.map((one) => one.identity.hash),
  ];
  const identity: ModelIdentity = {
    name: STRUCTURE_TYPE_FOLDER,
    version: Object.values(card.models)[0]?.version ?? "0",
    hash: await sha256Hex(hashes.join("\n")),
  };
  const text = new TextDecoder();
  return {
    library: text.decode(library),
    compounds,
    networks,
    calibration: JSON.parse(text.decode(calibration)) as Calibration,
    identity,
  };
}

/** The model's files with the extensions of its folder; the identity tells models with other extensions apart. */
export async function extendedFiles(read: ReadModelFile): Promise<StructureTypeFiles> {
  const files = await structureTypeFiles(read);
  const extensions = await readExtensions(read);
  if (extensions.length === 0) return files;
  const hashes = await Promise.all(extensions.map(({ network }) => sha256Hex(network)));
  const hash = await sha256Hex([files.identity.hash, ...hashes].join("\n"));
  return { ...files, extensions, identity: { ...files.identity, hash } };
}

/**
 * The structure type model, ready to be asked; without extensions, whose list a server need not have ({@link loadExtendedModel}).
 * @param read where the files lie: `packageModels()` of `ewald/node`, or `urlModels` for a server
 */
export async function loadStructureTypeModel(
  runtime: Runtime,
  read: ReadModelFile,
  isKnown?: (formula: string) => boolean,
): Promise<StructureTypeModel> {
  return StructureTypeModel.load(runtime, await structureTypeFiles(read), isKnown);
}

/** The structure type model with the extensions of its folder, ready to be asked. @throws EwaldError `model/…` and what `read` throws */
export async function loadExtendedModel(
  runtime: Runtime,
  read: ReadModelFile,
): Promise<StructureTypeModel> {
  return StructureTypeModel.load(runtime, await extendedFiles(read));
}

/**
 * Average patterns of the library's types, in their order; none where the model comes without.
 * @throws EwaldError `model/damaged`, `averages/damaged`, and what `read` throws
 */
export async function loadTypeAverages(read: ReadModelFile): Promise<readonly TypeAverage[]> {
  const bytes = await loadFurtherFile(read, STRUCTURE_TYPE_FOLDER, AVERAGES_FILE);
  return bytes === null ? [] : decodeAverages(bytes);
}
