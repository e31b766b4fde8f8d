/** `ewald data`: where training data comes from, what it holds, how it is cleaned and split. */
import type { Command } from "commander";
import type { SetExit } from "../exit.ts";
import type { Io } from "../io.ts";
import { addCleanCommand } from "./data-clean.ts";
import { addEmbeddedCommand } from "./data-embedded.ts";
import { addImportCommands } from "./data-import.ts";
import { addShowCommand } from "./data-show.ts";
import { addSplitCommand } from "./data-split.ts";

export function addDataCommand(program: Command, io: Io, setExit: SetExit): void {
  const data = program
    .command("data")
    .summary("tables of structures: import, show, clean, split")
    .description(
      "Tables of crystal structures with labels, as Parquet: what models are trained on.",
    );
  addShowCommand(data, io, setExit);
  addImportCommands(data, io, setExit);
  addCleanCommand(data, io);
  addSplitCommand(data, io);
  addEmbeddedCommand(data, io);
}
