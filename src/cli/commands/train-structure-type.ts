/** `ewald train structure-type`: the model of `ewald identify`, from any table. */
import type { Command } from "commander";
import { makeStructureType } from "../../systems/structure-type/make.ts";
import { STRUCTURE_TYPE_FOLDER } from "../../systems/structure-type/model-files.ts";
import type { SetExit } from "../exit.ts";
import { readBytes } from "../inputs.ts";
import type { Io } from "../io.ts";
import { positiveInteger } from "../options.ts";
import { trainModels } from "../training.ts";

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
  const { table, out, threads, library, ...options } = flags;
  const libraryText =
    library === undefined ? undefined : new TextDecoder().decode(await readBytes(library));
  const training = {
    system: STRUCTURE_TYPE_FOLDER,
    tables: table,
    out,
    ...(threads === undefined ? {} : { threads }),
  };
  await trainModels(training, io, (run) =>
    makeStructureType(run, {
      ...options,
      ...(libraryText === undefined ? {} : { libraryText }),
    }),
  );
}
