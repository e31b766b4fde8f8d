/** The ledger's entries of `ewald train reciprocal --record`: the scores of the test part, with how to get them again. */
import { basename } from "node:path";
import type { ComputedEntry } from "./ledger.ts";
import { recordResults, runStamp } from "./ledger.node.ts";
import { DEFAULT_FRACTIONS, type Fractions } from "../data/splits.ts";
import type { TrainingRecord } from "../jobs/job.ts";
import {
  COMPOSITION_MODEL,
  type PropertyDetails,
  SYSTEM_FOLDER,
} from "../systems/reciprocal/predict.ts";
import { PROPERTY_TASK_NAMES, PROPERTY_TASKS, TASK_NAMES } from "../systems/reciprocal/task.ts";

/** The command line without what is a matter of taste: where tables lie, where models go. */
function commandText(run: TrainingRecord["run"]): string {
  const shares = (fractions: Fractions): string =>
    Object.entries(fractions)
      .map(([name, share]) => `${name}=${share}`)
      .join(",");
  return [
    "ewald train reciprocal",
    ...run.table.map((path) => `--table ${basename(path)}`),
    ...(run.task === undefined || run.task.length === TASK_NAMES.length
      ? []
      : [`--task ${run.task.join(",")}`]),
    ...(run.withComposition ? ["--with-composition"] : []),
    ...(run.split === "grouped" ? [] : [`--split ${run.split}`]),
    ...(shares(run.fractions) === shares(DEFAULT_FRACTIONS)
      ? []
      : [`--fractions ${shares(run.fractions)}`]),
    ...(run.seed === "1" ? [] : [`--seed ${run.seed}`]),
    ...(run.epochs === undefined ? [] : [`--epochs ${run.epochs}`]),
    ...(run.threads === undefined ? [] : [`--threads ${run.threads}`]),
    "--out my-models",
  ].join(" ");
}

interface Row {
  readonly key: string;
  readonly quantity: string;
  readonly value: number;
  readonly n: number;
  /** The score of a constant answer. */
  readonly chance?: number;
}

const METRICS = [
  ["auc", "ROC-AUC"],
  ["accuracy", "Accuracy"],
  ["brier", "Brier score, calibrated"],
  ["calibrationError", "Expected calibration error"],
  ["decided", "Share of answers that are decided"],
  ["decidedAccuracy", "Accuracy of decided answers"],
] as const;

const slugOf = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const titleOf = (task: string): string =>
  (PROPERTY_TASK_NAMES as readonly string[]).includes(task)
    ? PROPERTY_TASKS[task as keyof typeof PROPERTY_TASKS].title
    : "crystal system, six classes";

function rowsOf(task: string, scores: PropertyDetails["scores"][string]): Row[] {
  const n = scores["n"]!;
  const positives = scores["positives"];
  const commonest =
    positives === undefined ? scores["commonest"] : Math.max(positives, n - positives) / n;
  const chance: Readonly<Record<string, number | undefined>> = { auc: 0.5, accuracy: commonest };
  return METRICS.flatMap(([name, title]) => {
    const value = scores[name];
    if (value === undefined) return [];
    const own = chance[name];
    return [
      {
        key: `${slugOf(name)}-${task}`,
        quantity: `${title}, ${titleOf(task)}`,
        value,
        n,
        ...(own === undefined ? {} : { chance: own }),
      },
    ];
  });
}

/** The network that is told the elements has a table of its own: its numbers are no answer to what the reciprocal lattice says. */
const headOf = (name: string): { table: string; title: string } =>
  name === COMPOSITION_MODEL
    ? {
        table: "trained-with-composition",
        title: "Network of ewald predict --with-composition on structures it has not seen",
      }
    : { table: "trained", title: "Networks of ewald predict on structures they have not seen" };

/** @throws EwaldError `ledger/invalid` */
export async function recordTraining(
  results: string,
  { run, data, models, wallSeconds }: TrainingRecord,
): Promise<void> {
  const stamp = await runStamp(commandText(run));
  for (const [name, { entry: model }] of Object.entries(models)) {
    const { details, split, sha256, commit } = model;
    const { scores } = details as Pick<PropertyDetails, "scores">;
    const entries = Object.entries(scores).flatMap(([task, own]) =>
      rowsOf(task, own).flatMap(({ key, quantity, value, n, chance }): ComputedEntry[] => {
        const entry: ComputedEntry = {
          key,
          quantity,
          value,
          unit: "",
          n,
          role: run.split === "grouped" ? "ours-honest-split" : "ours-paper-split",
          spread: null,
          split,
          data: data.map(({ name: file, sha256: hash }) => ({
            name: file,
            sha256: hash,
            rows: null,
          })),
          model: { name: `${SYSTEM_FOLDER}/${name}`, sha256 },
          seeds: [run.seed],
          ...stamp,
          commit,
          wallSeconds,
          fast: false,
          embedded: false,
        };
        return chance === undefined
          ? [entry]
          : [entry, { ...entry, role: "chance", value: chance, model: null }];
      }),
    );
    await recordResults(results, { paper: SYSTEM_FOLDER, ...headOf(name) }, entries);
  }
}
