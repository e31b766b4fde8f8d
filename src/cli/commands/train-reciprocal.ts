/** `ewald train reciprocal`: the networks of `ewald predict`, from any table. */
import { type Command, Option } from "commander";
import { DEFAULT_FRACTIONS, type Fractions } from "../../data/splits.ts";
import { makeReciprocal } from "../../systems/reciprocal/make.ts";
import { SYSTEM_FOLDER } from "../../systems/reciprocal/predict.ts";
import { parseTasks, type TaskName } from "../../systems/reciprocal/tasks.ts";
import type { SetExit } from "../exit.ts";
import type { Io } from "../io.ts";
import { fractions, positiveInteger } from "../options.ts";
import { trainModels } from "../training.ts";
import { recordTraining } from "./train-reciprocal-ledger.ts";

interface TrainFlags {
  readonly table: string[];
  readonly task?: readonly TaskName[];
  readonly out: string;
  readonly withComposition?: true;
  readonly split: "grouped" | "random";
  readonly fractions: Fractions;
  readonly seed: string;
  readonly epochs?: number;
  readonly threads?: number;
  readonly record?: string;
}

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
    .action((given: TrainFlags) => trainReciprocal(given, io));
}

async function trainReciprocal(given: TrainFlags, io: Io): Promise<void> {
  const start = performance.now();
  const { table, out, threads, record, task, ...options } = given;
  const training = {
    system: SYSTEM_FOLDER,
    tables: table,
    out,
    ...(threads === undefined ? {} : { threads }),
  };
  await trainModels(
    training,
    io,
    (run) =>
      makeReciprocal(run, {
        ...options,
        withComposition: options.withComposition === true,
        ...(task === undefined ? {} : { tasks: task }),
      }),
    async ({ data, models }) => {
      if (record === undefined) return;
      const wallSeconds = Math.round((performance.now() - start) / 1000);
      await recordTraining(record, given, data, models, wallSeconds);
    },
  );
}
