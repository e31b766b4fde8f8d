/** `ewald predict`: what trained networks say of structures. */
import type { Command } from "commander";
import { loadRuntime } from "#onnx";
import { reducedFormula } from "../../crystal/composition/composition-formula.ts";
import { compositionOf } from "../../crystal/composition/composition.ts";
import { conventionalCell } from "../../crystal/structure-transform.ts";
import type { Structure } from "../../crystal/structure.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { requireStructure, type StructureContent } from "../../data/contents.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import { folderModels, packageModels } from "../../models/model-store.node.ts";
import { likeliestClass } from "../../models/prediction.ts";
import { EwaldError } from "../../errors.ts";
import { type KnownValues, sourceText } from "../../known/known-values.ts";
import { loadKnownValues } from "../../known/load.ts";
import {
  criticalPointsFigure,
  type CriticalPointsRow,
} from "../../report/critical-points-figure.ts";
import {
  type Explanation,
  loadExplainer,
  type ReciprocalExplainer,
} from "../../systems/reciprocal/explain.ts";
import { G_MAX } from "../../systems/reciprocal/feature-layout.ts";
import { knownMatches } from "../../systems/reciprocal/known-answers.ts";
import { loadReciprocal, type ReciprocalPredictor } from "../../systems/reciprocal/predict.ts";
import { parseTasks, PROPERTY_TASKS, type TaskName } from "../../systems/reciprocal/task.ts";
import { loadContents } from "../contents.ts";
import { EXIT, type SetExit } from "../exit.ts";
import { type FailureReport, failureReport } from "../failures.ts";
import { writeFigure } from "../figure-file.ts";
import { countOf, findSources, type Input, inputsOf } from "../inputs.ts";
import type { Io } from "../io.ts";
import { figureFormat } from "../figure-format.ts";
import { positiveInteger, type SymmetryChoice, symmetryOption } from "../options.ts";
import { createProgress } from "../progress.ts";
import { describeFailure, type Failure } from "../job-runs.ts";
import { type KnownRecord, percent, type PredictRecord, recordText } from "./predict-text.ts";

interface PredictFlags {
  readonly task?: readonly TaskName[];
  readonly explain?: string;
  readonly criticalPoints?: true;
  readonly withComposition?: true;
  readonly withoutComposition?: true;
  /** False with `--no-known`. */
  readonly known: boolean;
  readonly models?: string;
  readonly symmetry?: SymmetryChoice;
  readonly json?: true;
  readonly threads?: number;
}

/** Asked together: the network's fixed cost is then nothing beside the features. */
const CHUNK = 256;
const MOST_ROWS = 12;

export function addPredictCommand(program: Command, io: Io, setExit: SetExit): void {
  program
    .command("predict")
    .summary("metal, stiffness, stability, crystal system of structures")
    .description(
      "What tables of calculations know of a structure (band gap, moduli, energies, with their source), and what trained networks predict: metal " +
        "or insulator, bulk modulus above 85 GPa, shear modulus above 34 GPa, within 20 meV/atom of the hull (stable), crystal system. A structure " +
        "unlike the training data is marked; a class too unlikely to be an answer reads undecided.",
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
    .addOption(symmetryOption())
    .option(
      "--without-composition",
      "properties by the paper's network, which sees the reciprocal points and no element (default: the one that is told the elements too)",
    )
    .option("--with-composition", "the default, refused where --models has no such network")
    .option("--no-known", "the networks alone: known values are neither shown nor compared")
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
  readonly known: KnownValues | undefined;
}

/** @throws EwaldError `usage/contradiction` */
function networkChoice({ withComposition, withoutComposition }: PredictFlags): {
  readonly withComposition?: boolean;
} {
  if (withComposition && withoutComposition)
    throw new EwaldError(
      "usage/contradiction",
      "--with-composition and --without-composition name two networks",
      { hint: "Give one of them; without either, the network that is told the elements is asked." },
    );
  if (withoutComposition) return { withComposition: false };
  return withComposition ? { withComposition: true } : {};
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
  const choice = networkChoice(flags);
  const read = flags.models === undefined ? packageModels() : folderModels(flags.models);
  const runtime = await loadRuntime(flags.threads === undefined ? {} : { threads: flags.threads });
  await loadSymmetry();
  // Those of the package, whoever trained the networks.
  const known = flags.known ? await loadKnownValues(packageModels()) : undefined;
  const options = { ...choice, ...(known === undefined ? {} : { known }) };
  const predictor = await loadReciprocal(runtime, read, options);
  const explains = flags.explain !== undefined || flags.criticalPoints === true;
  const explainer = explains ? await loadExplainer(runtime, read, options) : undefined;
  const session: Session = { predictor, explainer, known, tasks: flags.task ?? predictor.tasks };
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
  { predictor, explainer, known, tasks }: Session,
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
      ...(known === undefined ? {} : knownPart(known, structure)),
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

function knownPart(
  values: KnownValues,
  structure: Structure,
): Pick<PredictRecord, "known" | "knownOfFormula"> {
  const { matches, ofFormula } = knownMatches(values, structure);
  const known = matches.map(({ entry, volumeDifference }): KnownRecord => ({
    id: entry.id,
    source: sourceText(entry),
    formula: entry.formula,
    spaceGroup: entry.spaceGroup,
    volumeDifference,
    values: entry.values,
    ...(entry.isLowestOfSpaceGroup ? { isLowestOfSpaceGroup: true } : {}),
  }));
  return { known, knownOfFormula: ofFormula };
}

function figureRow({ formula, predictions }: PredictRecord, { points }: Explanation) {
  const first = predictions.find(({ task }) => task !== "system");
  const likeliest = first === undefined ? undefined : likeliestClass(first);
  const isPositive =
    first !== undefined &&
    PROPERTY_TASKS[first.task as keyof typeof PROPERTY_TASKS].labels[1] === likeliest?.label;
  return {
    title: formula,
    subtitle:
      likeliest === undefined ? "" : `${likeliest.label}\n${percent(likeliest.probability)}`,
    // Blue and red as in the paper: insulators and metals.
    colour: isPositive ? 1 : 0,
    points,
  };
}
