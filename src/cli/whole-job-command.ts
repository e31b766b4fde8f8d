/** A job that takes its inputs as a whole, as a command. */
import type { Command } from "commander";
import type { Host } from "../jobs/job.ts";
import { settledOptions } from "../jobs/options.ts";
import type { WholeJobEntry } from "../jobs/registry.ts";
import { EXIT, type SetExit } from "./exit.ts";
import type { Io } from "./io.ts";
import { commanderOption, examplesText, type Flags, givenOptions } from "./job-option.ts";
import { figureFormat } from "./figure-format.ts";

/** @param program the command above: `ewald`, or `ewald data` for "data clean" */
export function addWholeJobCommand(
  program: Command,
  entry: WholeJobEntry,
  io: Io,
  setExit: SetExit,
): void {
  const { spec } = entry;
  const command = program
    .command(spec.name.split(" ").at(-1)!)
    .summary(spec.summary)
    .description(spec.description);
  for (const { name, help } of spec.arguments) command.argument(name, help);
  for (const [name, option] of Object.entries(spec.options)) {
    command.addOption(commanderOption(name, option));
  }
  if (spec.json) command.option("--json", "one JSON record");
  command.addHelpText("after", examplesText(spec.examples)).action(async (...given: unknown[]) => {
    const inputs = spec.arguments.map((_, i) => given[i]).filter((word) => word !== undefined);
    const flags = given[spec.arguments.length] as Flags;
    await runWhole(entry, inputs as string[], flags, io, setExit);
  });
}

async function runWhole(
  entry: WholeJobEntry,
  inputs: readonly string[],
  flags: Flags,
  io: Io,
  setExit: SetExit,
): Promise<void> {
  const { spec } = entry;
  const options = settledOptions(spec.options, givenOptions(spec.options, flags));
  // A name that cannot be written is refused before the work, not after.
  if (typeof flags["plot"] === "string") figureFormat(flags["plot"]);
  const job = await entry.load();
  const record = await untilInterrupted(io, async (signal) =>
    job.perform(inputs, options, await hostOf(io, signal)),
  );
  if (record === null) return;
  const text =
    flags["json"] === true ? JSON.stringify(job.json?.(record) ?? record) : job.text(record);
  await io.stdout(`${text}\n`);
  if (job.isPartial?.(record) === true) setExit(EXIT.inputFailed);
}

/** Runs `work` with a signal that the first Ctrl-C raises; a second one ends the process as usual. */
async function untilInterrupted<T>(io: Io, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
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

async function hostOf(io: Io, signal: AbortSignal): Promise<Host> {
  const [{ NODE_ENVIRONMENT }, { writeOutput }] = await Promise.all([
    import("./environment.ts"),
    import("./io.ts"),
  ]);
  let isDrawn = false;
  return {
    ...NODE_ENVIRONMENT,
    signal,
    note(text) {
      io.stderr(`${text}\n`);
    },
    progress(text) {
      if (!io.interactive || (text === null && !isDrawn)) return;
      isDrawn = text !== null;
      io.stderr(`\r\u001B[K${(text ?? "").slice(0, io.columns - 1)}`);
    },
    writeFile: writeOutput,
    async recordTraining(folder, training) {
      const { recordTraining } = await import("../reproduce/training-ledger.node.ts");
      await recordTraining(folder, training);
    },
    async writeFigure(path, svg) {
      const { writeFigure } = await import("./figure-file.ts");
      await writeFigure(path, svg);
    },
  };
}
