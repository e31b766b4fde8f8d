/** `ewald train structure-type`: the model of `ewald identify`, from any table. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { loadSymmetry } from "../../crystal/index.ts";
import { type ModelCard, type ModelEntry, sha256Hex, type StructureRow } from "../../data/index.ts";
import { codeCommit, openFeatureCache, openStructureTable } from "../../data/node.ts";
import { EwaldError } from "../../errors.ts";
import { loadRuntime } from "../../net/index.ts";
import { folderStore } from "../../net/node.ts";
import {
  AVERAGES_FILE,
  chooseLibrary,
  compoundSet,
  encodeAverages,
  LibraryBuilder,
  type MadeModel,
  makeModel,
  type ModelScores,
  parseLibrary,
  type RowLines,
  STRUCTURE_TYPE_FOLDER,
  type StructureTypeLibrary,
  tableLines,
  typeAverages,
} from "../../systems/structure-type/index.ts";
import type { SetExit } from "../exit.ts";
import { readBytes } from "../inputs.ts";
import { type Io, writeOutput } from "../io.ts";
import { positiveInteger } from "../options.ts";
import { textTable } from "../text-table.ts";
import { dataOfCard, saveModels, trainingProgress, untilInterrupted } from "../training.ts";

interface TrainFlags {
  readonly table: string[];
  readonly out: string;
  readonly library?: string;
  readonly leastMembers: number;
  readonly networks: number;
  readonly epochs?: number;
  readonly samples?: number;
  readonly threads?: number;
}

const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];

export function addTrainStructureType(train: Command, io: Io, _setExit: SetExit): void {
  train
    .command("structure-type")
    .summary("structure types of powder scans")
    .description(
      "Make the model that ewald identify asks: a library of structure types (chosen from the tables, or one that is given), known " +
        "compounds as peaks, and networks trained on simulated scans, one a seed. The evidence is weighed on the validation " +
        "part, and the test part is measured once, at the end. A formula is in one part only.",
    )
    .requiredOption("--table <file>", "Parquet table, may be repeated", collect)
    .requiredOption("--out <folder>", "folder of models to write into (ewald identify --models)")
    .option("--library <file>", "library.json of another model (default: chosen from the tables)")
    .option("--least-members <n>", "compounds a new library asks of a type", positiveInteger, 20)
    .option(
      "--networks <n>",
      "networks, seeds 1 to n; their answers are averaged",
      positiveInteger,
      3,
    )
    .option("--samples <n>", "simulated scans per network (default: 90000)", positiveInteger)
    .option("--epochs <n>", "epochs of 500 batches (default: 10)", positiveInteger)
    .option("--threads <n>", "default: all cores", positiveInteger)
    .addHelpText(
      "after",
      "\nExample:\n  ewald train structure-type --table mine.parquet --out my-models\n  ewald identify scan.xy --models my-models",
    )
    .action((flags: TrainFlags) => trainStructureType(flags, io));
}

async function trainStructureType(flags: TrainFlags, io: Io): Promise<void> {
  await loadSymmetry();
  const { rows, data } = await readTables(flags.table, io);
  const built = flags.library === undefined ? newLibrary(rows, flags, data, io) : null;
  const libraryText =
    built === null
      ? new TextDecoder().decode(await readBytes(flags.library!))
      : `${JSON.stringify(built)}\n`;
  const library = parseLibrary(libraryText);
  const stage = stageLine(io);
  const { lists, skipped } = await tableLines(iterate(rows), openFeatureCache(), (done) =>
    stage("lines of compounds", done / rows.length),
  );
  if (skipped > 0) io.stderr(`${skipped} structures left out: too large, or no symmetry found\n`);
  requireCompounds(library, lists);
  const runtime = await loadRuntime(flags.threads === undefined ? {} : { threads: flags.threads });
  await untilInterrupted(io, async (signal) => {
    const commit = await codeCommit();
    const made = await makeModel({
      runtime,
      lists,
      library,
      libraryText,
      seeds: Array.from({ length: flags.networks }, (_, i) => i + 1),
      ...(flags.epochs === undefined ? {} : { epochs: flags.epochs }),
      ...(flags.samples === undefined ? {} : { poolSize: flags.samples }),
      metadata: {
        dataHash: await sha256Hex(data.map(({ sha256 }) => sha256).join("\n")),
        commit,
        attribution: data.map(({ attribution }) => attribution).join("; "),
      },
      store: (name) => folderStore(unfinished(flags, name)),
      signal,
      onStage: stage,
      onTraining: (_name, progress) => trainingProgress(io)(progress),
    });
    if (made === null) return;
    await save(flags, made, { libraryText, library, lists, data, commit });
    await io.stdout(`${scoreText(made.scores)}\n`);
    await rm(unfinished(flags, ""), { recursive: true, force: true });
  });
}

const unfinished = ({ out }: TrainFlags, name: string): string =>
  join(out, STRUCTURE_TYPE_FOLDER, "unfinished", name);

async function* iterate(rows: readonly StructureRow[]): AsyncGenerator<StructureRow> {
  yield* rows;
}

/** What takes its time, on one line that is redrawn. */
function stageLine(io: Io): (text: string, done: number) => void {
  let drawn = 0;
  return (text, done) => {
    if (!io.interactive || (done < 1 && Date.now() - drawn < 200)) return;
    drawn = Date.now();
    io.stderr(`\r\u001B[K${done >= 1 ? "" : `${text} ${Math.floor(100 * done)} %`}`);
  };
}

/** Rows with a formula; of tables that say which compounds are known to exist (`in_icsd`), those. */
async function readTables(
  paths: readonly string[],
  io: Io,
): Promise<{ readonly rows: StructureRow[]; readonly data: ModelCard["data"] }> {
  const rows: StructureRow[] = [];
  const data: ModelCard["data"] = [];
  let faults = 0;
  for (const path of paths) {
    const table = await openStructureTable(path);
    const sources = new Set<string>();
    for await (const row of table.rows({ onProblem: () => void faults++ })) {
      if (row.source !== null) sources.add(row.source);
      if (row.formula !== null && row.inIcsd !== false) rows.push(row);
    }
    data.push(await dataOfCard(path, table, sources));
  }
  if (faults > 0) io.stderr(`${faults} rows left out: ewald data clean says why\n`);
  return { rows, data };
}

function newLibrary(
  rows: readonly StructureRow[],
  { leastMembers }: TrainFlags,
  data: ModelCard["data"],
  io: Io,
): StructureTypeLibrary {
  const builder = new LibraryBuilder();
  const stage = stageLine(io);
  let without = 0;
  for (const [i, row] of rows.entries()) {
    try {
      builder.add(row);
    } catch (error) {
      if (!(error instanceof EwaldError)) throw error;
      without++;
    }
    stage("structure types", (i + 1) / rows.length);
  }
  if (without > 0) io.stderr(`${without} structures without a structure type left out\n`);
  const types = builder.types(leastMembers);
  if (types.length < 2) {
    throw new EwaldError("train/types", `the tables hold ${types.length} structure types`, {
      value: types.length,
      hint: `A type needs ${leastMembers} compounds of different formula: give more rows, or --least-members.`,
    });
  }
  const source = data.map(({ name, sha256 }) => `${name} sha256:${sha256}`).join(", ");
  return chooseLibrary(types, source);
}

/** @throws EwaldError `train/library` where types have nothing to learn from, or nothing is left to judge by */
function requireCompounds(library: StructureTypeLibrary, lists: readonly RowLines[]): void {
  const { types } = compoundSet(lists, library, "train");
  const empty = library.types.filter((_, t) => types[t]!.length === 0);
  if (empty.length === 0) return requireJudges(library, lists);
  throw new EwaldError(
    "train/library",
    `the tables hold no training compound of ${empty.length} of the library's ${library.types.length} types, such as ${empty[0]!.name}`,
    { value: empty[0]!.key, hint: "Give the tables that the library was made from." },
  );
}

function requireJudges(library: StructureTypeLibrary, lists: readonly RowLines[]): void {
  for (const part of ["val", "test"] as const) {
    if (compoundSet(lists, library, part).types.some((samples) => samples.length > 0)) continue;
    throw new EwaldError(
      "train/library",
      `the tables hold no compound of the library's types in the ${part === "val" ? "validation" : "test"} part`,
      { value: part, hint: "Give more rows: a formula's part follows from the formula alone." },
    );
  }
}

interface Saved {
  readonly libraryText: string;
  readonly library: StructureTypeLibrary;
  readonly lists: readonly RowLines[];
  readonly data: ModelCard["data"];
  readonly commit: string;
}

async function save(
  { out }: TrainFlags,
  { networks, compounds, calibration, scores }: MadeModel,
  { libraryText, library, lists, data, commit }: Saved,
): Promise<void> {
  const file = (name: string): string => join(out, STRUCTURE_TYPE_FOLDER, name);
  await writeOutput(file("library.json"), libraryText);
  await writeOutput(file("compounds.bin"), compounds);
  await writeOutput(file("calibration.json"), `${JSON.stringify(calibration, null, 2)}\n`);
  const models: Record<string, { onnx: Uint8Array; entry: ModelEntry }> = {};
  for (const [name, onnx] of networks) {
    const entry: ModelEntry = {
      title: `pattern over ln sin θ to ${library.types.length} structure types and none of them; no composition`,
      version: "1",
      sha256: await sha256Hex(onnx),
      commit,
      seed: Number(name.split("-").at(-1)),
      split: "by reduced formula, hashed: 70 % training, 10 % validation, 20 % test",
      details: { scores },
    };
    models[name] = { onnx, entry };
  }
  const averages = encodeAverages(typeAverages(lists, library));
  await saveModels(out, STRUCTURE_TYPE_FOLDER, data, models, {
    earlier: "replace",
    files: { [AVERAGES_FILE]: averages },
  });
}

function scoreText({ withoutElements, withElements, rejection }: ModelScores): string {
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const lines = [
    ["top 1", percent(withoutElements.top1), percent(withElements.top1)],
    ["top 3", percent(withoutElements.top3), percent(withElements.top3)],
  ];
  const table = textTable(
    ["test part", "scan alone", "with elements"].map((title, i) => ({
      title,
      align: i === 0 ? ("left" as const) : ("right" as const),
    })),
    lines,
  );
  const counted = `${withoutElements.n} simulated scans`;
  if (rejection === null) return `${table}\n${counted}`;
  return `${table}\n${counted}; unknown types: AUROC ${rejection.auroc.toFixed(3)}, balanced accuracy ${percent(rejection.balancedAccuracy)}`;
}
