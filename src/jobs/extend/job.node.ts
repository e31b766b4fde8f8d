/** `extend`: further structure types for identify, without training anything again. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { describedRow } from "../../data/describe.ts";
import { openFeatureCache } from "../../data/feature-cache.node.ts";
import { sha256Hex } from "../../formats/hash.ts";
import { sourceFiles } from "../../data/import/import.node.ts";
import { passedOverText, structuresOfFiles } from "../../data/import/local.ts";
import { readStructureFile } from "../../data/import/reader.ts";
import { codeCommit } from "../../version.node.ts";
import {
  defaultModelsFolder,
  folderModels,
  modelsOverPackage,
} from "../../models/model-store.node.ts";
import type { ReadModelFile } from "../../models/model-store.ts";
import type { RowProblem, StructureRow } from "../../data/structure-table.ts";
import { EwaldError } from "../../errors.ts";
import { folderStore } from "../../net/store.node.ts";
import {
  LEAST_COMPOUNDS,
  type MadeExtension,
  makeExtension,
  newTypes,
  type NewTypes,
} from "../../systems/structure-type/extend.ts";
import {
  checkExtensionName,
  EXTENSION_VERSION,
  extensionNames,
  extensionPath,
  type ExtensionRecord,
  EXTENSIONS_FILE,
  extensionsText,
} from "../../systems/structure-type/extension.ts";
import { parseLibrary, type StructureTypeLibrary } from "../../known/library.ts";
import { type RowLines, tableLines } from "../../known/line-feature.ts";
import { extendedFiles } from "../../systems/structure-type/model-files.ts";
import type { StructureTypeFiles } from "../../systems/structure-type/predict.ts";
import type { Host, WholeJob } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import { showTraining } from "../train/training.node.ts";
import { EXTEND, type EXTEND_OPTIONS } from "./spec.ts";

type Options = OptionsOf<typeof EXTEND_OPTIONS>;
type Extended = ExtensionRecord & { readonly folder: string; readonly seconds: number };

export const extendJob: WholeJob<typeof EXTEND_OPTIONS, Extended> = {
  spec: EXTEND,
  perform: (_inputs, options, host) => extend(options, host),
  text: resultText,
};

async function extend(options: Options, host: Host): Promise<Extended | null> {
  const { from, name, seed, epochs, samples, threads } = options;
  checkExtensionName(name);
  await loadSymmetry();
  const folder = options.models ?? defaultModelsFolder();
  const { model, library } = await modelBeside(modelsOverPackage(folder), name);
  const rows = await readRows(from, host);
  const found = newTypes(rows, library.types, (id, error) => host.note(`${id}: ${error.message}`));
  for (const line of foundLines(found)) host.note(line);
  if (found.types.length === 0) {
    throw new EwaldError("extend/types", `${from} holds no new structure type`, {
      source: from,
      hint: `A type needs ${LEAST_COMPOUNDS} compounds of different formula.`,
    });
  }
  const lists = await linesOf(rows, found);
  const unfinished = await unfinishedFolder(folder, found, options);
  const runtime = await host.runtime(threads === undefined ? {} : { threads });
  const started = performance.now();
  const commit = await codeCommit();
  const made = await makeExtension({
    runtime,
    name,
    types: found.types,
    lists,
    model,
    library,
    seed,
    ...(epochs === undefined ? {} : { epochs }),
    ...(samples === undefined ? {} : { samples }),
    metadata: {
      dataHash: await sha256Hex(rows.map(({ id, formula }) => `${id} ${formula}`).join("\n")),
      commit,
      attribution: `structures of the user, ${name}`,
    },
    store: folderStore(unfinished),
    signal: host.signal,
    onStage: (text) => host.progress(text),
    onTraining: (progress) => showTraining(host, progress),
  });
  host.progress(null);
  if (made === null) return null;
  const record = await recordOf(made, { model, seed, commit });
  await save(folder, record, made, host);
  await rm(unfinished, { recursive: true, force: true });
  const seconds = Math.round((performance.now() - started) / 1000);
  return { folder, seconds, ...record };
}

/** Where checkpoints lie: another folder for other structures or another recipe. */
async function unfinishedFolder(
  folder: string,
  { types }: NewTypes,
  { name, seed, samples, epochs }: Options,
): Promise<string> {
  const recipe = JSON.stringify([types, seed, samples, epochs]);
  const key = (await sha256Hex(recipe)).slice(0, 8);
  return join(folder, extensionPath(name, `unfinished-${key}`));
}

/** The model with its other extensions; one of the same name is to be replaced and does not count. */
async function modelBeside(
  read: ReadModelFile,
  name: string,
): Promise<{ readonly model: StructureTypeFiles; readonly library: StructureTypeLibrary }> {
  const files = await extendedFiles(read);
  const extensions = (files.extensions ?? []).filter((one) => one.name !== name);
  const own = parseLibrary(files.library);
  const types = [...own.types, ...extensions.flatMap((one) => one.types)];
  return { model: { ...files, extensions }, library: { ...own, types } };
}

async function readRows(from: string, host: Host): Promise<StructureRow[]> {
  const rows: StructureRow[] = [];
  const passedOver: RowProblem[] = [];
  const items = structuresOfFiles(
    await sourceFiles(from),
    { source: from },
    readStructureFile,
    describedRow,
  );
  for await (const item of items) {
    if ("row" in item) rows.push(item.row);
    else if ("passedOver" in item) passedOver.push(item.passedOver);
    else host.note(`${item.problem.id}: ${item.problem.message}`);
  }
  if (passedOver.length > 0) host.note(passedOverText(passedOver));
  return rows;
}

async function linesOf(
  rows: readonly StructureRow[],
  { types }: NewTypes,
): Promise<readonly RowLines[]> {
  const members = new Set(
    types.flatMap(({ variants }) =>
      variants.flatMap((variant) => variant.members.map(([id]) => id)),
    ),
  );
  async function* iterate(): AsyncGenerator<StructureRow> {
    yield* rows.filter(({ id }) => members.has(id));
  }
  const { lists } = await tableLines(iterate(), openFeatureCache());
  return lists;
}

async function recordOf(
  made: MadeExtension,
  { model, seed, commit }: { model: StructureTypeFiles; seed: number; commit: string },
): Promise<ExtensionRecord> {
  return {
    version: EXTENSION_VERSION,
    name: made.name,
    types: made.types,
    sha256: { network: await sha256Hex(made.network), compounds: await sha256Hex(made.compounds) },
    beside: model.identity,
    seed,
    commit,
    scores: made.scores,
  };
}

/** The list of extensions is written last: a run that ends before has added nothing. */
async function save(
  folder: string,
  record: ExtensionRecord,
  made: MadeExtension,
  { writeFile }: Host,
): Promise<void> {
  const at = (file: string): string => join(folder, extensionPath(made.name, file));
  await writeFile(at("network.onnx"), made.network);
  await writeFile(at("compounds.bin"), made.compounds);
  await writeFile(at("extension.json"), `${JSON.stringify(record)}\n`);
  const names = await extensionNames(folderModels(folder));
  const others = names.filter((name) => name !== made.name);
  await writeFile(join(folder, EXTENSIONS_FILE), extensionsText([...others, made.name]));
}

function foundLines({ types, few, known }: NewTypes): string[] {
  return [
    ...types.map((type) => `new: ${type.key}  ${type.name}, ${countMembers(type)} compounds`),
    ...known.map(({ key, name }) => `left out: ${key} is known already, as ${name}`),
    ...few.map(({ key, compounds }) => `left out: ${key} has only ${compounds} compounds`),
  ];
}

function countMembers(type: NewTypes["types"][number]): number {
  return type.variants.reduce((sum, { members }) => sum + members.length, 0);
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

function resultText({ name, folder, seconds, types, scores }: Extended): string {
  const { own, known, rejection } = scores;
  const lines = [
    `${name}: ${types.length} structure types more, in ${folder} (${seconds} s)`,
    own.n === 0
      ? "new types: no compound was held out to measure on"
      : `new types: ${percent(own.top1)} of ${own.n} simulated scans of held-out compounds right, ${percent(own.accepted)} right and accepted`,
    `known types: ${percent(known.top1Before)} right before, ${percent(known.top1After)} after (${known.n} simulated scans)`,
  ];
  if (rejection !== null) {
    const { before, after } = rejection;
    lines.push(
      `unknown types: balanced accuracy of the rejection ${percent(before.balancedAccuracy)} before, ${percent(after.balancedAccuracy)} after; AUROC ${before.auroc.toFixed(3)}, ${after.auroc.toFixed(3)} (${after.unknown} scans)`,
    );
  }
  return lines.join("\n");
}
