/** What all trainings on the command line share: tables opened, Ctrl-C that ends well, progress lines, files of the model. */
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { openFeatureCache } from "../data/feature-cache.node.ts";
import { openStructureTable } from "../data/files.node.ts";
import { codeCommit, fileIdentity } from "../data/ledger.node.ts";
import { type MadeModels, modelFolder, type Scores } from "../data/model-folder.ts";
import { folderModels } from "../data/model-store.node.ts";
import { loadModelCard, type ModelCard } from "../data/model-store.ts";
import { EwaldError } from "../errors.ts";
import { loadRuntime } from "../net/index.ts";
import { type Progress, progressLine } from "../net/progress.ts";
import { folderStore } from "../net/store.node.ts";
import type { MakeRun, TrainingTable } from "../systems/system.ts";
import { type Io, writeOutput } from "./io.ts";
import { textTable } from "./text-table.ts";

/** Runs `work` with a signal that the first Ctrl-C raises; a second one ends the process as usual. */
export async function untilInterrupted<T>(
  io: Io,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    io.stderr("\nstopping after this step; the same command goes on from here\n");
    controller.abort();
  };
  process.once("SIGINT", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
  }
}

export interface Training {
  readonly system: string;
  readonly tables: readonly string[];
  /** Folder of models to write into. */
  readonly out: string;
  readonly threads?: number;
}

/**
 * One training from its tables to the files of the model folder, with checkpoints beside them while it runs; null where it was
 * interrupted.
 * @param done what is to be done once the files are written, before the checkpoints go
 */
export async function trainModels(
  { system, tables, out, threads }: Training,
  io: Io,
  make: (run: MakeRun) => Promise<MadeModels | null>,
  done: (made: MadeModels) => Promise<void> = async () => {},
): Promise<void> {
  const opened = await Promise.all(tables.map(trainingTable));
  const runtime = await loadRuntime(threads === undefined ? {} : { threads });
  const unfinished = join(out, system, "unfinished");
  const stores = new Set<string>();
  const commit = await codeCommit();
  await untilInterrupted(io, async (signal) => {
    const made = await make({
      runtime,
      tables: opened,
      cache: openFeatureCache(),
      commit,
      store(name) {
        stores.add(name);
        return folderStore(join(unfinished, name));
      },
      signal,
      onStage: stageLine(io),
      onTraining: (_name, progress) => showTraining(io, progress),
      onNote: (text) => io.stderr(`${text}\n`),
    });
    if (made === null) return;
    await saveModels(out, made);
    await io.stdout(`${scoresText(made.scores)}\n`);
    await done(made);
    for (const name of stores) await rm(join(unfinished, name), { recursive: true, force: true });
    // Runs with other seeds may be unfinished still: then the folder is not empty and stays.
    await rmdir(unfinished).catch(() => {});
  });
}

async function trainingTable(path: string): Promise<TrainingTable> {
  const table = await openStructureTable(path);
  return { path, table, identity: await fileIdentity(path) };
}

/** What takes its time, on one line that is redrawn. */
export function stageLine(io: Io): (text: string, done: number) => void {
  let drawn = 0;
  return (text, done) => {
    if (!io.interactive || (done < 1 && Date.now() - drawn < 200)) return;
    drawn = Date.now();
    io.stderr(`\r\u001B[K${done >= 1 ? "" : `${text} ${Math.floor(100 * done)} %`}`);
  };
}

let progressDrawn = 0;

/** One line that is redrawn where a person watches, one line per epoch elsewhere. */
export function showTraining(io: Io, progress: Progress): void {
  const { entry } = progress;
  if (entry !== undefined) {
    const numbers = Object.entries({ ...entry.validation })
      .map(([name, value]) => `${name} ${value.toFixed(4)}`)
      .join("  ");
    const mark = entry.best ? " *" : "";
    const clear = io.interactive ? "\r\u001B[K" : "";
    io.stderr(
      `${clear}epoch ${entry.epoch}  loss ${entry.train["loss"]!.toFixed(4)}  ${numbers}${mark}\n`,
    );
    return;
  }
  if (!io.interactive || Date.now() - progressDrawn < 200) return;
  progressDrawn = Date.now();
  io.stderr(`\r\u001B[K${progressLine(progress).slice(0, io.columns - 1)}`);
}

async function cardOf(folder: string, system: string): Promise<ModelCard | undefined> {
  try {
    return await loadModelCard(folderModels(folder), system);
  } catch (error) {
    if (error instanceof EwaldError && error.code === "model/not-read") return undefined;
    throw error;
  }
}

/** Puts models into `<folder>/<system>/`. */
async function saveModels(folder: string, made: MadeModels): Promise<void> {
  const files = await modelFolder(made, await cardOf(folder, made.system));
  for (const [name, content] of files) await writeOutput(join(folder, made.system, name), content);
}

/** Numbers of the test part: a row for each question, a column for each figure. */
function scoresText(scores: Scores): string {
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
