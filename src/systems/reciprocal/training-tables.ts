/** Conditions that tables must fulfil to learn from: checked before the training, which would end in a puzzle or after hours. */
import { dataOfCard } from "../training-data.ts";
import type { ModelCard } from "../../models/model-store.ts";
import { LABEL_COLUMNS } from "../../data/structure-columns.table.ts";
import type { StructureRow } from "../../data/structure-table.ts";
import { EwaldError } from "../../errors.ts";
import type { MakeRun, TrainingTable } from "../system.ts";
import type { ReciprocalData } from "./dataset.ts";
import {
  PROPERTY_TASK_NAMES,
  PROPERTY_TASKS,
  type PropertyTaskName,
  TASK_NAMES,
  type TaskName,
  taskTarget,
} from "./task.ts";

/** The column of a table that a task learns from. */
function columnOf(task: TaskName): string {
  return task === "system" ? "crystal_system" : LABEL_COLUMNS[PROPERTY_TASKS[task].label].column;
}

function teaches(row: StructureRow, task: TaskName): boolean {
  return task === "system" ? row.crystalSystem !== null : taskTarget(row.labels, task) !== null;
}

/**
 * The tables as a card names them, and the tasks to train: those asked for by name, each of which must have a label
 * somewhere, or else all that have one.
 * @throws EwaldError `train/no-labels`, and those of the table reader
 */
export async function labelledTasks(
  { tables, onNote }: Pick<MakeRun, "tables" | "onNote">,
  named: readonly TaskName[] | undefined,
): Promise<{ readonly tasks: readonly TaskName[]; readonly data: ModelCard["data"] }> {
  const asked = named ?? TASK_NAMES;
  const data: ModelCard["data"] = [];
  const found = new Set<TaskName>();
  for (const { table, identity } of tables) {
    const sources = new Set<string>();
    for await (const row of table.rows({ onProblem: () => {} })) {
      if (row.source !== null) sources.add(row.source);
      for (const task of asked) if (!found.has(task) && teaches(row, task)) found.add(task);
    }
    data.push(dataOfCard(identity, table, sources));
  }
  const missing = asked.filter((task) => !found.has(task));
  if (found.size === 0 || (named !== undefined && missing.length > 0)) {
    throw noLabels(tables, missing, [...found]);
  }
  if (missing.length > 0) onNote(`not trained, no row has a label: ${columnsText(missing)}`);
  return { tasks: asked.filter((task) => found.has(task)), data };
}

const columnsText = (tasks: readonly TaskName[]): string =>
  tasks.map((task) => `${columnOf(task)} (${task})`).join(", ");

function noLabels(
  tables: readonly TrainingTable[],
  missing: readonly TaskName[],
  found: readonly TaskName[],
): EwaldError {
  return new EwaldError("train/no-labels", `no row has a usable label: ${columnsText(missing)}`, {
    source: tables.map(({ path }) => path).join(", "),
    value: missing,
    hint:
      found.length === 0
        ? "A network learns from labels: ewald data import csv --label COLUMN=LABEL brings them."
        : `Labels there are for --task ${found.join(",")}.`,
  });
}

/** @throws EwaldError `train/too-few-rows` */
export function requireRows(what: string, train: number, validation: number): void {
  if (train >= 2 && validation >= 2) return;
  throw new EwaldError(
    "train/too-few-rows",
    `${what}: ${train} rows for the training part and ${validation} for the validation part are too few`,
    { value: Math.min(train, validation), hint: "Give more rows, or other --fractions." },
  );
}

/**
 * Probabilities cannot be calibrated, nor answers judged, on rows that are all alike.
 * @throws EwaldError `train/one-class`
 */
export function requireBothClasses(
  part: string,
  data: ReciprocalData,
  rows: Uint32Array,
  tasks: readonly PropertyTaskName[],
): void {
  for (const task of tasks) {
    const at = PROPERTY_TASK_NAMES.indexOf(task);
    const targets = [...rows].map((row) => data.targets[row * PROPERTY_TASK_NAMES.length + at]);
    const counts = [0, 1].map((one) => targets.filter((target) => target === one).length);
    if (counts.every((count) => count > 0)) continue;
    const { labels } = PROPERTY_TASKS[task];
    throw new EwaldError(
      "train/one-class",
      `the ${part} part holds ${counts[0]} rows of "${labels[0]}" and ${counts[1]} of "${labels[1]}" (${columnOf(task)})`,
      {
        value: task,
        hint: "Give more rows, leave the task out of --task, or take another --seed.",
      },
    );
  }
}
