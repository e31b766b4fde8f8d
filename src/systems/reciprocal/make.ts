/**
 * From tables to the models of `ewald predict`: one network learns all properties that the tables have labels for, another the
 * crystal systems. The best epoch on the validation part is kept, probabilities are calibrated on it, and the test part is
 * measured once, at the end.
 */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import { sha256Hex } from "../../formats/hash.ts";
import type { MadeModels, Scores } from "../../models/model-folder.ts";
import type { ModelCard, ModelEntry } from "../../models/model-store.ts";
import {
  type Fractions,
  groupedSplit,
  type GroupKey,
  randomSplit,
  type Split,
} from "../../data/splits.ts";
import {
  type FeatureRows,
  type StructureFeature,
  tableFeatures,
} from "../../data/table-features.ts";
import { temperatureScaling } from "../../math/calibration.ts";
import { exportModel, type ExportMetadata } from "../../net/export.ts";
import type { Model } from "../../net/model.ts";
import { loadPredictor } from "../../net/predictor.ts";
import type { FitResult } from "../../net/trainer.ts";
import type { MakeRun } from "../system.ts";
import { collectData, rowsWith } from "./dataset.ts";
import { domainOf } from "./domain.ts";
import {
  calibrateProperties,
  decisionLimits,
  propertyLogits,
  scoreProperties,
} from "./evaluate.ts";
import { reciprocalFeature } from "./features.ts";
import { propertyNetwork, systemNetwork } from "./network.ts";
import {
  COMPOSITION_MODEL,
  PROPERTIES_MODEL,
  type PropertyDetails,
  SYSTEM_FOLDER,
  SYSTEM_MODEL,
  type SystemDetails,
} from "./predict.ts";
import { systemFeature } from "./system-features.ts";
import {
  PROPERTY_TASK_NAMES,
  type PropertyTaskName,
  SYSTEM_CLASSES,
  type TaskName,
} from "./task.ts";
import { trainProperties } from "./train.ts";
import {
  collectSystemData,
  type SystemAnswers,
  systemAnswers,
  systemDecisionLimit,
  trainSystem,
} from "./train-system.ts";
import { labelledTasks, requireBothClasses, requireRows } from "./training-tables.ts";

/** How the networks of this system are trained. */
export interface ReciprocalMakeOptions {
  /** Default: those that the tables have labels for. */
  readonly tasks?: readonly TaskName[];
  /** Tell the network of properties the elements too (another model). */
  readonly withComposition: boolean;
  /** A formula is in one part only, or rows are parted at random as the papers do. */
  readonly split: "grouped" | "random";
  readonly fractions: Fractions;
  readonly seed: string;
  /** Passes through the training part; default 16, of crystal systems 25. */
  readonly epochs?: number;
}

/** The settings that both networks need. */
interface Setting {
  readonly run: MakeRun;
  readonly options: ReciprocalMakeOptions;
  readonly data: ModelCard["data"];
}

interface Trained {
  readonly onnx: Uint8Array;
  readonly entry: ModelEntry;
  readonly scores: Scores;
}

/**
 * Trains this system's networks on tables: the files of a model folder; null where it was interrupted.
 * @throws EwaldError `train/no-labels`, `train/too-few-rows`, `train/one-class`, and those of the table reader
 */
export async function makeReciprocal(
  run: MakeRun,
  options: ReciprocalMakeOptions,
): Promise<MadeModels | null> {
  const { tasks, data } = await labelledTasks(run, options.tasks);
  const setting: Setting = { run, options, data };
  const models: Record<string, Trained> = {};
  const properties = PROPERTY_TASK_NAMES.filter((task) => tasks.includes(task));
  if (properties.length > 0) {
    const trained = await trainPropertyModel(setting, properties);
    if (trained === null) return null;
    models[propertyModel(options)] = trained;
  }
  if (tasks.includes("system")) {
    const trained = await trainSystemModel(setting);
    if (trained === null) return null;
    models[SYSTEM_MODEL] = trained;
  }
  const scores = Object.assign({}, ...Object.values(models).map((one) => one.scores)) as Scores;
  return { system: SYSTEM_FOLDER, data, models, earlier: "keep", scores };
}

const propertyModel = ({ withComposition }: ReciprocalMakeOptions): string =>
  withComposition ? COMPOSITION_MODEL : PROPERTIES_MODEL;

/** Checkpoints of different seeds lie side by side. */
const checkpointName = (model: string, { seed }: ReciprocalMakeOptions): string =>
  `${model}-${seed}`;

/** Rows of all tables with a feature, rows that cannot be right left out and counted. */
async function* featureRows(
  { run }: Setting,
  feature: StructureFeature,
): AsyncGenerator<FeatureRows> {
  let faults = 0;
  for (const { table } of run.tables) {
    let done = 0;
    const rows = table.rows({ onProblem: () => void faults++ });
    for await (const part of tableFeatures(rows, feature, run.cache)) {
      done += part.rows.length;
      run.onStage(feature.feature, done / table.rowCount);
      yield part;
    }
  }
  if (faults > 0) run.onNote(`${faults} rows left out: ewald data clean says why`);
}

interface FormulaRow {
  readonly id: string;
  readonly formula: string | null;
}

const BY_FORMULA: GroupKey<FormulaRow> = { name: "formula", of: (row) => row.formula };

function splitOf(rows: readonly FormulaRow[], options: ReciprocalMakeOptions): Split {
  return options.split === "grouped"
    ? groupedSplit(rows, BY_FORMULA, options.seed, options.fractions)
    : randomSplit(rows, options.seed, options.fractions);
}

const partIds = (split: Split, part: string): ReadonlySet<string> =>
  new Set(split.parts[part] ?? []);

function splitText({ split, fractions: shares }: ReciprocalMakeOptions): string {
  const parts = Object.entries(shares).map(([name, share]) => `${name} ${share}`);
  return `${split === "grouped" ? "grouped by formula" : "random"}, ${parts.join(", ")}`;
}

/** The ONNX file (half precision) and its entry in the card. */
async function finished(
  { run: { commit }, options, data }: Setting,
  model: Model,
  weights: FitResult["best"],
  title: string,
  classes: NonNullable<ExportMetadata["classes"]>,
): Promise<{ onnx: Uint8Array; entry: Omit<ModelEntry, "details"> }> {
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
    seed: options.seed,
    split: splitText(options),
  };
  return { onnx, entry };
}

/** The options of one network's training. */
function training({ run, options }: Setting, model: string) {
  const { runtime, signal } = run;
  const name = checkpointName(model, options);
  return {
    runtime,
    signal,
    seed: options.seed,
    ...(options.epochs === undefined ? {} : { epochs: options.epochs }),
    store: run.store(name),
    onProgress: (progress: Parameters<MakeRun["onTraining"]>[1]) => run.onTraining(name, progress),
  };
}

async function trainPropertyModel(
  setting: Setting,
  tasks: readonly PropertyTaskName[],
): Promise<Trained | null> {
  const { run, options } = setting;
  const { withComposition } = options;
  const data = await collectData(featureRows(setting, reciprocalFeature()), { withComposition });
  const split = splitOf(data.rows, options);
  const columns = tasks.map((task) => PROPERTY_TASK_NAMES.indexOf(task));
  const rowsOf = (part: string): Uint32Array => rowsWith(data, partIds(split, part), columns);
  const [trainRows, validationRows, testRows] = [rowsOf("train"), rowsOf("val"), rowsOf("test")];
  requireRows("properties", trainRows.length, validationRows.length);
  requireBothClasses("validation", data, validationRows, tasks);
  if (testRows.length > 0) requireBothClasses("test", data, testRows, tasks);
  const result = await trainProperties({
    ...training(setting, propertyModel(options)),
    data,
    trainRows,
    validationRows,
    tasks,
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
  const predictor = await loadPredictor(run.runtime, onnx);
  const logitsOf = (rows: Uint32Array): Promise<Float32Array> =>
    propertyLogits(predictor, data, rows);
  const validation = await logitsOf(validationRows);
  const calibration = calibrateProperties(data, validationRows, validation, tasks);
  const undecidedBelow = decisionLimits(data, validationRows, validation, calibration);
  const measured =
    testRows.length === 0
      ? {}
      : scoreProperties(data, testRows, await logitsOf(testRows), calibration, undecidedBelow);
  await predictor.release();
  const scores = Object.fromEntries(
    Object.entries(measured).map(([name, score]) => [name, { ...score }]),
  );
  const domain = domainOf(data, trainRows);
  const details: PropertyDetails = { calibration, domain, undecidedBelow, scores };
  return { onnx, entry: { ...entry, details }, scores };
}

async function trainSystemModel(setting: Setting): Promise<Trained | null> {
  const { run, options } = setting;
  await loadSymmetry();
  const rows = featureRows(setting, systemFeature(TABLE_SYMPREC_ANGSTROM));
  const data = await collectSystemData(rows, false);
  const split = splitOf(data.rows, options);
  const [trainIds, validationIds] = [partIds(split, "train"), partIds(split, "val")];
  requireRows("crystal systems", trainIds.size, validationIds.size);
  const result = await trainSystem({
    ...training(setting, SYSTEM_MODEL),
    data,
    trainIds,
    validationIds,
  });
  if (result.stopped === "interrupted") return null;
  const { onnx, entry } = await finished(
    setting,
    systemNetwork(),
    result.best,
    "three reciprocal basis vectors of the conventional cell to crystal system; no intensities",
    { logits: [...SYSTEM_CLASSES] },
  );
  const predictor = await loadPredictor(run.runtime, onnx);
  const validation = await systemAnswers(predictor, data, validationIds);
  const testIds = partIds(split, "test");
  const test = testIds.size === 0 ? null : await systemAnswers(predictor, data, testIds);
  await predictor.release();
  const scores: PropertyDetails["scores"] = test === null ? {} : { system: systemScore(test) };
  const temperature = temperatureScaling(validation.truth, validation.logits);
  const details: SystemDetails = {
    temperature,
    undecidedBelow: systemDecisionLimit(validation, temperature),
    symprecAngstrom: TABLE_SYMPREC_ANGSTROM,
    scores,
  };
  return { onnx, entry: { ...entry, details }, scores };
}

/** `commonest`: what naming the commonest class throughout gets right. */
function systemScore({ truth, accuracy }: SystemAnswers): Record<string, number> {
  const counts = SYSTEM_CLASSES.map((_, label) => truth.filter((own) => own === label).length);
  return { n: truth.length, accuracy, commonest: Math.max(...counts) / truth.length };
}
