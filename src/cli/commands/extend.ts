/** `ewald extend`: further structure types for ewald identify, without training anything again. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { loadSymmetry } from "../../crystal/index.ts";
import {
  describedRow,
  passedOverText,
  type ReadModelFile,
  readStructureFile,
  type RowProblem,
  sha256Hex,
  type StructureRow,
  structuresOfFiles,
} from "../../data/index.ts";
import {
  codeCommit,
  defaultModelsFolder,
  folderModels,
  modelsOverPackage,
  openFeatureCache,
  sourceFiles,
} from "../../data/node.ts";
import { EwaldError } from "../../errors.ts";
import { loadRuntime } from "../../net/index.ts";
import { folderStore } from "../../net/node.ts";
import {
  checkExtensionName,
  EXTENSION_VERSION,
  extendedFiles,
  extensionNames,
  extensionPath,
  type ExtensionRecord,
  EXTENSIONS_FILE,
  extensionsText,
  LEAST_COMPOUNDS,
  makeExtension,
  type MadeExtension,
  newTypes,
  type NewTypes,
  parseLibrary,
  type RowLines,
  type StructureTypeFiles,
  type StructureTypeLibrary,
  tableLines,
} from "../../systems/structure-type/index.ts";
import { type Io, writeOutput } from "../io.ts";
import { positiveInteger } from "../options.ts";
import { showTraining, untilInterrupted } from "../training.ts";

interface ExtendFlags {
  readonly from: string;
  readonly name: string;
  readonly models?: string;
  readonly seed: number;
  readonly epochs?: number;
  readonly samples?: number;
  readonly threads?: number;
  readonly json?: true;
}

export function addExtendCommand(program: Command, io: Io): void {
  program
    .command("extend")
    .summary("teach ewald identify further structure types")
    .description(
      "Make an extension of the model of ewald identify out of structures of types that it does not know: one more small network, " +
        "trained in minutes and put beside the model, whose own weights stay as they are. What it does to known types and to the " +
        "rejection of unknown ones is measured before it is kept.",
    )
    .requiredOption(
      "--from <path>",
      "folder or archive of structures (CIF and others), of any number of types",
    )
    .requiredOption("--name <name>", "name of the extension; one of the same name is replaced")
    .option(
      "--models <folder>",
      "folder of models to extend (default: EWALD_MODELS, or the user's data folder)",
    )
    .option("--seed <n>", "seed of samples and weights", positiveInteger, 1)
    .option("--samples <n>", "simulated scans to learn from (default: 8000)", positiveInteger)
    .option("--epochs <n>", "rounds of training (default: 4)", positiveInteger)
    .option("--threads <n>", "default: all cores", positiveInteger)
    .option("--json", "one JSON record")
    .addHelpText(
      "after",
      `\nA type needs ${LEAST_COMPOUNDS} compounds of different formula; 50 are better.\n\nExample:\n  ewald extend --from apatites/ --name apatites\n  ewald identify scan.xy`,
    )
    .action((flags: ExtendFlags) => extend(flags, io));
}

async function extend(flags: ExtendFlags, io: Io): Promise<void> {
  checkExtensionName(flags.name);
  await loadSymmetry();
  const folder = flags.models ?? defaultModelsFolder();
  const { model, library } = await modelBeside(modelsOverPackage(folder), flags.name);
  const rows = await readRows(flags.from, io);
  const found = newTypes(rows, library.types, (id, error) =>
    io.stderr(`${id}: ${error.message}\n`),
  );
  io.stderr(foundText(found));
  if (found.types.length === 0) {
    throw new EwaldError("extend/types", `${flags.from} holds no new structure type`, {
      source: flags.from,
      hint: `A type needs ${LEAST_COMPOUNDS} compounds of different formula.`,
    });
  }
  const lists = await linesOf(rows, found);
  const unfinished = await unfinishedFolder(folder, found, flags);
  const runtime = await loadRuntime(flags.threads === undefined ? {} : { threads: flags.threads });
  const started = performance.now();
  await untilInterrupted(io, async (signal) => {
    const commit = await codeCommit();
    const made = await makeExtension({
      runtime,
      name: flags.name,
      types: found.types,
      lists,
      model,
      library,
      seed: flags.seed,
      ...(flags.epochs === undefined ? {} : { epochs: flags.epochs }),
      ...(flags.samples === undefined ? {} : { samples: flags.samples }),
      metadata: {
        dataHash: await sha256Hex(rows.map(({ id, formula }) => `${id} ${formula}`).join("\n")),
        commit,
        attribution: `structures of the user, ${flags.name}`,
      },
      store: folderStore(unfinished),
      signal,
      onStage: (text) => {
        if (io.interactive) io.stderr(`\r\u001B[K${text}`);
      },
      onTraining: (progress) => showTraining(io, progress),
    });
    if (made === null) return;
    const record = await recordOf(made, { model, seed: flags.seed, commit });
    await save(folder, record, made);
    await rm(unfinished, { recursive: true, force: true });
    const seconds = Math.round((performance.now() - started) / 1000);
    const shown = { folder, seconds, ...record };
    await io.stdout(`${flags.json ? JSON.stringify(shown) : resultText(shown)}\n`);
  });
}

/** Where checkpoints lie: another folder for other structures or another recipe. */
async function unfinishedFolder(
  folder: string,
  { types }: NewTypes,
  { name, seed, samples, epochs }: ExtendFlags,
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

async function readRows(from: string, io: Io): Promise<StructureRow[]> {
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
    else io.stderr(`${item.problem.id}: ${item.problem.message}\n`);
  }
  if (passedOver.length > 0) io.stderr(`${passedOverText(passedOver)}\n`);
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
async function save(folder: string, record: ExtensionRecord, made: MadeExtension): Promise<void> {
  const at = (file: string): string => join(folder, extensionPath(made.name, file));
  await writeOutput(at("network.onnx"), made.network);
  await writeOutput(at("compounds.bin"), made.compounds);
  await writeOutput(at("extension.json"), `${JSON.stringify(record)}\n`);
  const names = await extensionNames(folderModels(folder));
  const others = names.filter((name) => name !== made.name);
  await writeOutput(join(folder, EXTENSIONS_FILE), extensionsText([...others, made.name]));
}

function foundText({ types, few, known }: NewTypes): string {
  const lines = [
    ...types.map((type) => `new: ${type.key}  ${type.name}, ${countMembers(type)} compounds`),
    ...known.map(({ key, name }) => `left out: ${key} is known already, as ${name}`),
    ...few.map(({ key, compounds }) => `left out: ${key} has only ${compounds} compounds`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function countMembers(type: NewTypes["types"][number]): number {
  return type.variants.reduce((sum, { members }) => sum + members.length, 0);
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;

function resultText({
  name,
  folder,
  seconds,
  types,
  scores,
}: ExtensionRecord & { readonly folder: string; readonly seconds: number }): string {
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
