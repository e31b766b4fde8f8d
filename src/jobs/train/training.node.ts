/** Steps that all trainings share: tables opened, checkpoints beside the models while they run, files of the models at the end. */
import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { openFeatureCache } from "../../data/feature-cache.node.ts";
import { openStructureTable } from "../../data/files.node.ts";
import { fileIdentity } from "../../data/files.node.ts";
import { codeCommit } from "../../version.node.ts";
import { type MadeModels, modelFolder, type Scores } from "../../models/model-folder.ts";
import { folderModels } from "../../models/model-store.node.ts";
import { loadModelCard, type ModelCard } from "../../models/model-store.ts";
import { EwaldError } from "../../errors.ts";
import { type Progress, progressLine } from "../../net/progress.ts";
import { folderStore } from "../../net/store.node.ts";
import { textTable } from "../../report/text-table.ts";
import type { MakeRun, TrainingTable } from "../../systems/system.ts";
import type { Host } from "../job.ts";

export interface Training {
  readonly system: string;
  readonly tables: readonly string[];
  /** Folder of models to write into. */
  readonly out: string;
  readonly threads: number | undefined;
}

export interface Trained {
  readonly system: string;
  readonly out: string;
  readonly scores: Scores;
}

/**
 * One training from its tables to the files of the model folder; null where it was interrupted: the same call goes on from its
 * checkpoints.
 * @param done what is to be done once the files are written, before the checkpoints go
 */
export async function trainModels(
  { system, tables, out, threads }: Training,
  host: Host,
  make: (run: MakeRun) => Promise<MadeModels | null>,
  done: (made: MadeModels) => Promise<void> = async () => {},
): Promise<Trained | null> {
  const opened = await Promise.all(tables.map(trainingTable));
  const unfinished = join(out, system, "unfinished");
  const stores = new Set<string>();
  const made = await make({
    runtime: await host.runtime(threads === undefined ? {} : { threads }),
    tables: opened,
    cache: openFeatureCache(),
    commit: await codeCommit(),
    store(name) {
      stores.add(name);
      return folderStore(join(unfinished, name));
    },
    signal: host.signal,
    onStage: showStage(host),
    onTraining: (_name, progress) => showTraining(host, progress),
    onNote: host.note,
  });
  if (made === null) return null;
  const files = await modelFolder(made, await cardOf(out, system));
  for (const [name, content] of files) await host.writeFile(join(out, system, name), content);
  await done(made);
  for (const name of stores) await rm(join(unfinished, name), { recursive: true, force: true });
  // Runs with other seeds may be unfinished still: then the folder is not empty and stays.
  await rmdir(unfinished).catch(() => {});
  return { system, out, scores: made.scores };
}

async function trainingTable(path: string): Promise<TrainingTable> {
  const table = await openStructureTable(path);
  return { path, table, identity: await fileIdentity(path) };
}

/** Shows the stage that takes its time, on a line that is redrawn. */
function showStage(host: Host): (text: string, done: number) => void {
  return (text, done) => host.progress(done >= 1 ? null : `${text} ${Math.floor(100 * done)} %`);
}

/** A line that is redrawn while an epoch runs, and one that stays at its end. */
export function showTraining(host: Host, progress: Progress): void {
  const { entry } = progress;
  if (entry === undefined) return host.progress(progressLine(progress));
  const numbers = Object.entries({ ...entry.validation })
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join("  ");
  const mark = entry.best ? " *" : "";
  host.progress(null);
  host.note(`epoch ${entry.epoch}  loss ${entry.train["loss"]!.toFixed(4)}  ${numbers}${mark}`);
}

async function cardOf(folder: string, system: string): Promise<ModelCard | undefined> {
  try {
    return await loadModelCard(folderModels(folder), system);
  } catch (error) {
    if (error instanceof EwaldError && error.code === "model/not-read") return undefined;
    throw error;
  }
}

/** Numbers of the test part: a row for each question, a column for each figure. */
export function scoresText({ scores }: Trained): string {
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
