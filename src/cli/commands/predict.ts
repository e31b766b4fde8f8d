/** `ewald predict`: what trained networks say of structures. */
import type { Command } from "commander";
import {
  compositionOf,
  conventionalCell,
  loadSymmetry,
  reducedFormula,
  type Structure,
} from "../../crystal/index.ts";
import {
  type ClassPrediction,
  requireStructure,
  type StructureContent,
  TABLE_SYMPREC_ANGSTROM,
} from "../../data/index.ts";
import { folderModels, packageModels } from "../../data/node.ts";
import { EwaldError, type Warning } from "../../errors.ts";
import { loadRuntime } from "../../net/index.ts";
import { type CriticalPointsRow, criticalPointsFigure, printedHkl } from "../../report/index.ts";
import {
  type CriticalPoint,
  type Explanation,
  G_MAX,
  loadExplainer,
  loadReciprocal,
  parseTasks,
  type ReciprocalExplainer,
  type ReciprocalPredictor,
  type TaskName,
} from "../../systems/reciprocal/index.ts";
import { loadContents } from "../contents.ts";
import { EXIT, type SetExit } from "../exit.ts";
import { type FailureReport, failureReport } from "../failures.ts";
import { writeFigure } from "../figure-file.ts";
import { countOf, findSources, type Input, inputsOf } from "../inputs.ts";
import type { Io } from "../io.ts";
import { figureFormat, positiveInteger, type SymmetryChoice, symmetryOption } from "../options.ts";
import { createProgress } from "../progress.ts";
import { describeFailure, type Failure } from "../tasks.ts";
import { textTable } from "../text-table.ts";
import { warningLines } from "../warning-lines.ts";

interface PredictFlags {
  readonly task?: readonly TaskName[];
  readonly explain?: string;
  readonly criticalPoints?: true;
  readonly withComposition?: true;
  readonly models?: string;
  readonly symmetry?: SymmetryChoice;
  readonly json?: true;
  readonly threads?: number;
}

/** One line of `--json`. */
interface PredictRecord {
  readonly kind: "prediction";
  readonly input: string;
  readonly name?: string;
  readonly formula: string;
  readonly predictions: readonly ClassPrediction[];
  /** hkl in the axes named beside; of the network of properties. */
  readonly criticalPoints?: readonly CriticalPoint[];
  readonly criticalPointAxes?: "conventional" | "given";
  readonly warnings: readonly Warning[];
}

/** Asked together: the network's fixed cost is then nothing beside the features. */
const CHUNK = 256;
const MOST_ROWS = 12;

export function addPredictCommand(program: Command, io: Io, setExit: SetExit): void {
  program
    .command("predict")
    .summary("metal, stiffness, stability, crystal system of structures")
    .description(
      "Ask trained networks about structures by their reciprocal lattice alone, without composition unless it is asked for: metal or insulator, bulk " +
        "modulus above 85 GPa, shear modulus above 34 GPa, energy above hull below 20 meV/atom, crystal system. A structure " +
        "unlike the training data is marked.",
    )
    .argument("<input...>", "files, folders and Parquet tables, - for standard input")
    .option("--task <tasks>", "metal,bulk,shear,stable,system (default: all)", parseTasks)
    .option(
      "--critical-points",
      "the reciprocal points that decided over the properties (not over the system), with their share",
    )
    .option(
      "--explain <file>",
      `the same as a figure of the first ${MOST_ROWS} structures, .svg or .png`,
    )
    .option("--with-composition", "properties by the network that is told the elements too")
    .addOption(symmetryOption())
    .option("--models <folder>", "folder of models (default: those that come with Ewald)")
    .option("--threads <n>", "threads of the network (default: all cores)", positiveInteger)
    .option("--json", "one JSON record a line and structure")
    .addHelpText(
      "after",
      "\nExamples:\n  ewald predict examples/halite.cif\n  ewald predict examples/quartz.cif --task metal,bulk --explain why.svg\n  ewald predict structures/ table.parquet --json > predictions.jsonl",
    )
    .action((paths: string[], flags: PredictFlags) => predict(paths, flags, io, setExit));
}

/** What is asked of the structures. */
interface Session {
  readonly predictor: ReciprocalPredictor;
  readonly explainer: ReciprocalExplainer | undefined;
  readonly tasks: readonly TaskName[];
}

/**
 * The network of crystal systems is told lengths and angles of the reciprocal cell and sees no points.
 * @throws EwaldError `usage/contradiction`
 */
function refuseUnexplained({ explain, criticalPoints, task }: PredictFlags): void {
  if (explain === undefined && criticalPoints === undefined) return;
  if (task === undefined || task.some((name) => name !== "system")) return;
  const option = explain === undefined ? "--critical-points" : "--explain";
  throw new EwaldError(
    "usage/contradiction",
    `${option} is for the properties, and --task asks for the crystal system alone`,
    {
      hint: "Of the system no points can be named: its network sees lengths and angles of the reciprocal cell. Add metal, bulk, shear or stable to --task.",
    },
  );
}

async function predict(
  paths: readonly string[],
  flags: PredictFlags,
  io: Io,
  setExit: SetExit,
): Promise<void> {
  if (flags.explain !== undefined) figureFormat(flags.explain);
  refuseUnexplained(flags);
  const read = flags.models === undefined ? packageModels() : folderModels(flags.models);
  const runtime = await loadRuntime(flags.threads === undefined ? {} : { threads: flags.threads });
  await loadSymmetry();
  const options = { withComposition: flags.withComposition === true };
  const predictor = await loadReciprocal(runtime, read, options);
  const explains = flags.explain !== undefined || flags.criticalPoints === true;
  const explainer = explains ? await loadExplainer(runtime, read, options) : undefined;
  const session: Session = { predictor, explainer, tasks: flags.task ?? predictor.tasks };
  const sources = await findSources(paths);
  const total = sources.inputCount;
  const progress = createProgress(io, "predict", total);
  const report = failureReport(io, sources, flags.json === true);
  const rows: CriticalPointsRow[] = [];
  let explained = 0;
  let count = 0;
  let waiting: StructureContent[] = [];
  const flush = async (): Promise<void> => {
    for (const { record, explanation } of await answer(waiting, session)) {
      if (explanation !== undefined && ++explained <= MOST_ROWS)
        rows.push(figureRow(record, explanation));
      const gap = count++ > 0 ? "\n" : "";
      await io.stdout(flags.json ? `${JSON.stringify(record)}\n` : `${gap}${recordText(record)}\n`);
    }
    waiting = [];
  };
  try {
    for await (const input of inputsOf(sources)) {
      const failed = await take(input, waiting, report, flags.symmetry);
      if (waiting.length >= CHUNK) await flush();
      progress.step(countOf(input), failed);
    }
    await flush();
  } finally {
    progress.clear();
    await predictor.release();
    await explainer?.release();
  }
  report.print();
  if (report.count() > 0) setExit(EXIT.inputFailed);
  if (flags.explain !== undefined) await drawRows(flags.explain, rows, explained, io);
}

async function drawRows(
  path: string,
  rows: readonly CriticalPointsRow[],
  explained: number,
  io: Io,
): Promise<void> {
  if (rows.length === 0) {
    io.stderr(`no figure: no answer on a property was there to explain\n`);
    return;
  }
  const title = "Reciprocal points that decided";
  await writeFigure(path, criticalPointsFigure({ title, rows, radiusInvAngstrom: G_MAX }));
  if (explained > rows.length) {
    io.stderr(`the figure shows the first ${rows.length} of ${explained} structures\n`);
  }
  io.stderr(`wrote ${path}\n`);
}

/** Puts the structures of an input among those that wait; returns how many of its inputs failed. */
async function take(
  input: Input,
  waiting: StructureContent[],
  report: FailureReport,
  symmetry: SymmetryChoice | undefined,
): Promise<number> {
  const failures: Failure[] = [];
  try {
    const loaded = await loadContents(input, symmetry === undefined ? {} : { symmetry });
    failures.push(...loaded.failures.map((error) => describeFailure(input.path, error)));
    for (const content of loaded.contents) {
      try {
        waiting.push(requireStructure(content));
      } catch (error) {
        failures.push(describeFailure(content.input, error));
      }
    }
  } catch (error) {
    failures.push(describeFailure(input.path, error));
  }
  return report.add(input, failures);
}

interface Answered {
  readonly record: PredictRecord;
  readonly explanation: Explanation | undefined;
}

async function answer(
  contents: readonly StructureContent[],
  { predictor, explainer, tasks }: Session,
): Promise<readonly Answered[]> {
  if (contents.length === 0) return [];
  const all = await predictor.predict(
    contents.map(({ structure }) => structure),
    tasks,
  );
  const answered: Answered[] = [];
  for (const [i, { input, name, structure, warnings }] of contents.entries()) {
    const predictions = all[i]!;
    const isReadable = predictions.some(({ task, label }) => task !== "system" && label !== null);
    const { cell, axes } =
      explainer === undefined ? { cell: structure, axes: "given" as const } : axesOf(structure);
    const explanation = isReadable ? await explainer?.explain(cell) : undefined;
    const record: PredictRecord = {
      kind: "prediction",
      input,
      ...(name === undefined ? {} : { name }),
      formula: reducedFormula(compositionOf(structure), "conventional"),
      predictions,
      ...(explanation === undefined
        ? {}
        : { criticalPoints: explanation.critical, criticalPointAxes: axes }),
      warnings,
    };
    answered.push({ record, explanation });
  }
  return answered;
}

/** The conventional cell, in whose axes people name reflections; the given one where no symmetry is found. */
function axesOf(structure: Structure): { cell: Structure; axes: "conventional" | "given" } {
  try {
    const cell = conventionalCell(structure, { symprecAngstrom: TABLE_SYMPREC_ANGSTROM });
    return { cell, axes: "conventional" };
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return { cell: structure, axes: "given" };
  }
}

function figureRow({ formula, predictions }: PredictRecord, { points }: Explanation) {
  const first = predictions.find(({ task }) => task !== "system");
  const isPositive = first?.label === "metal" || / above |^stable/.test(first?.label ?? "");
  return {
    title: formula,
    subtitle: first === undefined ? "" : `${first.label}\n${percent(first.probability)}`,
    // Blue and red as in the paper: insulators and metals.
    colour: isPositive ? 1 : 0,
    points,
  };
}

function percent(probability: number | undefined): string {
  if (probability === undefined) return "";
  // Nothing is certain: what would round to 100 is not.
  return probability > 0.995 && probability < 1 ? "> 99 %" : `${(100 * probability).toFixed(0)} %`;
}

/** Rows of critical points that are printed; JSON holds all. */
const POINTS_SHOWN = 12;

function recordText(record: PredictRecord): string {
  const table = textTable(
    [
      { title: "task", align: "left" },
      { title: "answer", align: "left" },
      { title: "probability", align: "right" },
    ],
    record.predictions.map(({ task, label, probability }) => [
      task,
      label ?? "-",
      percent(probability),
    ]),
  );
  const { criticalPoints: critical } = record;
  return [
    `${record.input}${record.name === undefined ? "" : `  ${record.name}`}  ${record.formula}`,
    table,
    ...outsideLines(record.predictions),
    ...(critical === undefined ? [] : ["", criticalText(record)]),
    ...warningLines(record.warnings),
  ].join("\n");
}

/** Each reason once, with the tasks that it concerns. */
function outsideLines(predictions: PredictRecord["predictions"]): string[] {
  const tasksOf = new Map<string, string[]>();
  for (const { task, inDomain, reason } of predictions) {
    if (inDomain) continue;
    tasksOf.set(reason!, [...(tasksOf.get(reason!) ?? []), task]);
  }
  return [...tasksOf].map(
    ([reason, tasks]) => `outside the training data (${tasks.join(", ")}): ${reason}`,
  );
}

function criticalText({ criticalPoints, criticalPointAxes }: PredictRecord): string {
  const shown = criticalPoints!.slice(0, POINTS_SHOWN);
  const hidden = criticalPoints!.length - shown.length;
  const table = textTable(
    [
      { title: "hkl", align: "left" },
      { title: "points", align: "right" },
      { title: "d (Å)", align: "right" },
      { title: "share", align: "right" },
    ],
    shown.map(({ hkl, multiplicity, dAngstrom, share }) => [
      printedHkl(hkl),
      String(multiplicity),
      dAngstrom === null ? "-" : dAngstrom.toFixed(4),
      percent(share),
    ]),
  );
  const axes = criticalPointAxes === "conventional" ? "conventional cell" : "cell as given";
  return [
    `reciprocal points that decided (hkl of the ${axes})`,
    table,
    ...(hidden > 0 ? [`… and ${hidden} more (--json lists all)`] : []),
  ].join("\n");
}
