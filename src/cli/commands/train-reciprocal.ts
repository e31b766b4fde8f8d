/** `ewald train reciprocal`: the networks of `ewald predict`, from any table. */
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { loadSymmetry } from "../../crystal/index.ts";
import {
  DEFAULT_FRACTIONS,
  type FeatureRows,
  type Fractions,
  groupedSplit,
  type GroupKey,
  type ModelCard,
  type ModelEntry,
  randomSplit,
  sha256Hex,
  type Split,
  type StructureFeature,
  tableFeatures,
  TABLE_SYMPREC_ANGSTROM,
} from "../../data/index.ts";
import { codeCommit, openFeatureCache, openStructureTable } from "../../data/node.ts";
import { temperatureScaling } from "../../math/index.ts";
import {
  exportModel,
  type ExportMetadata,
  type FitResult,
  loadPredictor,
  loadRuntime,
  type Model,
  type Runtime,
} from "../../net/index.ts";
import { folderStore } from "../../net/node.ts";
import {
  calibrateProperties,
  collectData,
  collectSystemData,
  COMPOSITION_MODEL,
  decisionLimits,
  domainOf,
  parseTasks,
  PROPERTIES_MODEL,
  PROPERTY_TASK_NAMES,
  type PropertyDetails,
  type PropertyTaskName,
  propertyLogits,
  propertyNetwork,
  reciprocalFeature,
  rowsWith,
  scoreProperties,
  SYSTEM_CLASSES,
  SYSTEM_FOLDER,
  SYSTEM_MODEL,
  type SystemAnswers,
  systemAnswers,
  systemDecisionLimit,
  type SystemDetails,
  systemFeature,
  systemNetwork,
  type TaskName,
  trainProperties,
  trainSystem,
} from "../../systems/reciprocal/index.ts";
import type { SetExit } from "../exit.ts";
import type { Io } from "../io.ts";
import { fractions, positiveInteger } from "../options.ts";
import { textTable } from "../text-table.ts";
import { saveModels, trainingProgress, untilInterrupted } from "../training.ts";
import { recordTraining } from "./train-reciprocal-ledger.ts";
import { readTables, requireBothClasses, requireRows } from "./train-reciprocal-tables.ts";

interface TrainFlags {
  readonly table: string[];
  readonly task: readonly TaskName[];
  readonly out: string;
  readonly withComposition?: true;
  readonly split: "grouped" | "random";
  readonly fractions: Fractions;
  readonly seed: string;
  readonly epochs?: number;
  readonly threads?: number;
  readonly record?: string;
}

/** As typed: tasks that are not named are found out. */
type GivenFlags = Omit<TrainFlags, "task"> & Partial<Pick<TrainFlags, "task">>;

const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];

export function addTrainReciprocal(train: Command, io: Io, _setExit: SetExit): void {
  train
    .command("reciprocal")
    .summary("metal, bulk, shear, stable, crystal system from the reciprocal lattice")
    .description(
      "Train the networks that ewald predict asks. One network learns all properties that the tables have labels for (band_gap, " +
        "bulk_modulus, shear_modulus, e_above_hull), another the crystal systems. The best epoch on the validation part is kept, " +
        "probabilities are calibrated on it, and the test part is measured once, at the end.",
    )
    .requiredOption("--table <file>", "Parquet table, may be repeated", collect)
    .option(
      "--task <tasks>",
      "of metal,bulk,shear,stable,system (default: those that the tables have labels for)",
      parseTasks,
    )
    .option("--with-composition", "tell the network of properties the elements too (another model)")
    .requiredOption("--out <folder>", "folder of models to write into (ewald predict --models)")
    .addOption(
      new Option(
        "--split <method>",
        "grouped: a formula is in one part only; random: as the papers",
      )
        .choices(["grouped", "random"])
        .default("grouped"),
    )
    .option("--fractions <shares>", "parts and shares", fractions, DEFAULT_FRACTIONS)
    .option("--seed <seed>", "number or word", "1")
    .option(
      "--epochs <n>",
      "passes through the training part (default: 16, system 25)",
      positiveInteger,
    )
    .option("--threads <n>", "default: all cores", positiveInteger)
    .option("--record <folder>", "put the test part's numbers into this ledger (results)")
    .addHelpText(
      "after",
      "\nExample:\n  ewald train reciprocal --table mine.parquet --task metal,bulk --out my-models\n  ewald predict new.cif --models my-models",
    )
    .action((given: GivenFlags) => trainReciprocal(given, io));
}

/** What both networks need. */
interface Setting {
  readonly flags: TrainFlags;
  readonly io: Io;
  readonly runtime: Runtime;
  readonly signal: AbortSignal;
  readonly data: ModelCard["data"];
}

interface Trained {
  readonly onnx: Uint8Array;
  readonly entry: ModelEntry;
  readonly report: string;
}

async function trainReciprocal(given: GivenFlags, io: Io): Promise<void> {
  const start = performance.now();
  const { tasks, data } = await readTables(given.table, given.task, io);
  const flags: TrainFlags = { ...given, task: tasks };
  const runtime = await loadRuntime(flags.threads === undefined ? {} : { threads: flags.threads });
  await untilInterrupted(io, async (signal) => {
    const setting: Setting = { flags, io, runtime, signal, data };
    const models: Record<string, Trained> = {};
    const properties = PROPERTY_TASK_NAMES.filter((task) => flags.task.includes(task));
    if (properties.length > 0) {
      const trained = await trainPropertyModel(setting, properties);
      if (trained === null) return;
      models[propertyModel(flags)] = trained;
    }
    if (flags.task.includes("system")) {
      const trained = await trainSystemModel(setting);
      if (trained === null) return;
      models[SYSTEM_MODEL] = trained;
    }
    await saveModels(flags.out, SYSTEM_FOLDER, data, models);
    for (const { report } of Object.values(models)) await io.stdout(`${report}\n`);
    if (flags.record !== undefined) {
      const entries = Object.entries(models).map(([name, { entry }]) => [name, entry] as const);
      const wallSeconds = Math.round((performance.now() - start) / 1000);
      await recordTraining(flags.record, flags, data, Object.fromEntries(entries), wallSeconds);
    }
    for (const name of Object.keys(models))
      await rm(checkpointFolder(flags, name), { recursive: true, force: true });
    // Runs with other seeds may be unfinished still: then the folder is not empty and stays.
    await rmdir(join(flags.out, SYSTEM_FOLDER, "unfinished")).catch(() => {});
  });
}

const propertyModel = ({ withComposition }: TrainFlags): string =>
  withComposition ? COMPOSITION_MODEL : PROPERTIES_MODEL;

function checkpointFolder({ out, seed }: TrainFlags, model: string): string {
  return join(out, SYSTEM_FOLDER, "unfinished", `${model}-${seed}`);
}

/** Rows of all tables with a feature, rows that cannot be right left out and counted. */
async function* featureRows(
  { flags, io }: Setting,
  feature: StructureFeature,
): AsyncGenerator<FeatureRows> {
  const cache = openFeatureCache();
  let faults = 0;
  for (const path of flags.table) {
    const table = await openStructureTable(path);
    let done = 0;
    for await (const part of tableFeatures(
      table.rows({ onProblem: () => void faults++ }),
      feature,
      cache,
    )) {
      done += part.rows.length;
      if (io.interactive) io.stderr(`\r\u001B[K${feature.feature}: ${done}/${table.rowCount}`);
      yield part;
    }
  }
  if (io.interactive) io.stderr("\r\u001B[K");
  if (faults > 0) io.stderr(`${faults} rows left out: ewald data clean says why\n`);
}

interface FormulaRow {
  readonly id: string;
  readonly formula: string | null;
}

const BY_FORMULA: GroupKey<FormulaRow> = { name: "formula", of: (row) => row.formula };

function splitOf(rows: readonly FormulaRow[], flags: TrainFlags): Split {
  return flags.split === "grouped"
    ? groupedSplit(rows, BY_FORMULA, flags.seed, flags.fractions)
    : randomSplit(rows, flags.seed, flags.fractions);
}

const partIds = (split: Split, part: string): ReadonlySet<string> =>
  new Set(split.parts[part] ?? []);

function splitText({ split, fractions: shares }: TrainFlags): string {
  const parts = Object.entries(shares).map(([name, share]) => `${name} ${share}`);
  return `${split === "grouped" ? "grouped by formula" : "random"}, ${parts.join(", ")}`;
}

/** The ONNX file (half precision) and its entry in the card. */
async function finished(
  { flags, data }: Setting,
  model: Model,
  weights: FitResult["best"],
  title: string,
  classes: NonNullable<ExportMetadata["classes"]>,
): Promise<{ onnx: Uint8Array; entry: Omit<ModelEntry, "details"> }> {
  const commit = await codeCommit();
  const metadata: ExportMetadata = {
    dataHash: data.map(({ sha256 }) => sha256).join(" "),
    commit,
    attribution: data.map(({ attribution, licence }) => `${attribution} (${licence})`).join("; "),
    classes,
  };
  const onnx = exportModel(model, weights, { metadata, half: true });
  const entry = {
    title,
    version: "1",
    sha256: await sha256Hex(onnx),
    commit,
    seed: flags.seed,
    split: splitText(flags),
  };
  return { onnx, entry };
}

async function trainPropertyModel(
  setting: Setting,
  tasks: readonly PropertyTaskName[],
): Promise<Trained | null> {
  const { flags, io, runtime, signal } = setting;
  const withComposition = flags.withComposition === true;
  const data = await collectData(featureRows(setting, reciprocalFeature()), { withComposition });
  const split = splitOf(data.rows, flags);
  const columns = tasks.map((task) => PROPERTY_TASK_NAMES.indexOf(task));
  const rowsOf = (part: string): Uint32Array => rowsWith(data, partIds(split, part), columns);
  const [trainRows, validationRows, testRows] = [rowsOf("train"), rowsOf("val"), rowsOf("test")];
  requireRows("properties", trainRows.length, validationRows.length);
  requireBothClasses("validation", data, validationRows, tasks);
  if (testRows.length > 0) requireBothClasses("test", data, testRows, tasks);
  const result = await trainProperties({
    runtime,
    data,
    trainRows,
    validationRows,
    tasks,
    seed: flags.seed,
    ...(flags.epochs === undefined ? {} : { epochs: flags.epochs }),
    store: folderStore(checkpointFolder(flags, propertyModel(flags))),
    signal,
    onProgress: trainingProgress(io),
  });
  if (result.stopped === "interrupted") return null;
  const classes = Object.fromEntries(tasks.map((task) => [task, ["no", "yes"]]));
  const { onnx, entry } = await finished(
    setting,
    propertyNetwork({ withComposition }),
    result.best,
    `reciprocal points ${withComposition ? "and composition " : ""}of a structure to metal, bulk, shear, stable${withComposition ? "" : "; no composition"}`,
    classes,
  );
  const predictor = await loadPredictor(runtime, onnx);
  const logitsOf = (rows: Uint32Array): Promise<Float32Array> =>
    propertyLogits(predictor, data, rows);
  const logits = await logitsOf(validationRows);
  const calibration = calibrateProperties(data, validationRows, logits, tasks);
  const undecidedBelow = decisionLimits(data, validationRows, logits, calibration);
  const scores =
    testRows.length === 0
      ? {}
      : scoreProperties(data, testRows, await logitsOf(testRows), calibration, undecidedBelow);
  await predictor.release();
  const details: PropertyDetails = {
    calibration,
    domain: domainOf(data, trainRows),
    undecidedBelow,
    scores: Object.fromEntries(Object.entries(scores).map(([name, score]) => [name, { ...score }])),
  };
  return { onnx, entry: { ...entry, details }, report: scoreText(details.scores) };
}

async function trainSystemModel(setting: Setting): Promise<Trained | null> {
  const { flags, io, runtime, signal } = setting;
  await loadSymmetry();
  const data = await collectSystemData(
    featureRows(setting, systemFeature(TABLE_SYMPREC_ANGSTROM)),
    false,
  );
  const split = splitOf(data.rows, flags);
  const [trainIds, validationIds] = [partIds(split, "train"), partIds(split, "val")];
  requireRows("crystal systems", trainIds.size, validationIds.size);
  const result = await trainSystem({
    runtime,
    data,
    trainIds,
    validationIds,
    seed: flags.seed,
    ...(flags.epochs === undefined ? {} : { epochs: flags.epochs }),
    store: folderStore(checkpointFolder(flags, SYSTEM_MODEL)),
    signal,
    onProgress: trainingProgress(io),
  });
  if (result.stopped === "interrupted") return null;
  const { onnx, entry } = await finished(
    setting,
    systemNetwork(),
    result.best,
    "three reciprocal basis vectors of the conventional cell to crystal system; no intensities",
    { logits: [...SYSTEM_CLASSES] },
  );
  const predictor = await loadPredictor(runtime, onnx);
  const validation = await systemAnswers(predictor, data, validationIds);
  const testIds = partIds(split, "test");
  const test = testIds.size === 0 ? null : await systemAnswers(predictor, data, testIds);
  await predictor.release();
  const temperature = temperatureScaling(validation.truth, validation.logits);
  const details: SystemDetails = {
    temperature,
    undecidedBelow: systemDecisionLimit(validation, temperature),
    symprecAngstrom: TABLE_SYMPREC_ANGSTROM,
    scores: test === null ? {} : { system: systemScore(test) },
  };
  return { onnx, entry: { ...entry, details }, report: scoreText(details.scores) };
}

/** `commonest`: what naming the commonest class throughout gets right. */
function systemScore({ truth, accuracy }: SystemAnswers): Record<string, number> {
  const counts = SYSTEM_CLASSES.map((_, label) => truth.filter((own) => own === label).length);
  return { n: truth.length, accuracy, commonest: Math.max(...counts) / truth.length };
}

function scoreText(scores: PropertyDetails["scores"]): string {
  const names = [...new Set(Object.values(scores).flatMap((own) => Object.keys(own)))];
  if (names.length === 0) return "no test part";
  const columns = ["test part", ...names].map((title, i) => ({
    title,
    align: i === 0 ? ("left" as const) : ("right" as const),
  }));
  return textTable(
    columns,
    Object.entries(scores).map(([task, own]) => [
      task,
      ...names.map((name) => {
        const value = own[name];
        return value === undefined ? "" : Number.isInteger(value) ? `${value}` : value.toFixed(4);
      }),
    ]),
  );
}
