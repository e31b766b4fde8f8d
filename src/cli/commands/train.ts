/** `ewald train`: networks from tables of one's own. Each system brings its subcommand. */
import type { Command } from "commander";
import type { SetExit } from "../exit.ts";
import type { Io } from "../io.ts";
import { addTrainReciprocal } from "./train-reciprocal.ts";
import { addTrainStructureType } from "./train-structure-type.ts";

/** A system that can be trained adds itself here. */
const TRAINERS: readonly ((train: Command, io: Io, setExit: SetExit) => void)[] = [
  addTrainReciprocal,
  addTrainStructureType,
];

export function addTrainCommand(program: Command, io: Io, setExit: SetExit): void {
  const train = program
    .command("train")
    .summary("train a network on a table of structures")
    .description(
      "Train the networks of a system on Parquet tables (ewald data makes them). Ctrl-C ends a run after the step under way, " +
        "with a checkpoint; the same command goes on from it.",
    );
  for (const add of TRAINERS) add(train, io, setExit);
}
