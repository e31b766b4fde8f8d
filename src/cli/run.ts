/** The command line as a function: words in, exit code out. */
import { Command, CommanderError } from "commander";
import { EwaldError, describeError } from "../errors.ts";
import { addCalibrateCommand } from "./commands/calibrate.ts";
import { addConvertCommand } from "./commands/convert.ts";
import { addDataCommand } from "./commands/data.ts";
import { addExtendCommand } from "./commands/extend.ts";
import { addIdentifyCommand } from "./commands/identify.ts";
import { addPredictCommand } from "./commands/predict.ts";
import { addReadCommand } from "./commands/read.ts";
import { addReproduceCommand } from "./commands/reproduce.ts";
import { addServeCommand } from "./commands/serve.ts";
import { addSimulateCommand } from "./commands/simulate.ts";
import { addTrainCommand } from "./commands/train.ts";
import { EXIT, type SetExit } from "./exit.ts";
import type { Io } from "./io.ts";
import { VERSION } from "./version.ts";

/** Errors that lie in a file or at a server, not in what was typed. */
const INPUT_FAILED =
  /^(?:file|table|archive|zip|csv)\/|^import\/(?:unreachable|refused|not-found|loop)$|^scan\/(?:bad-\w+|empty|not-a-scan|truncated|unknown-format)$/;

export async function run(argv: readonly string[], io: Io): Promise<number> {
  let exitCode: number = EXIT.well;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.well : EXIT.wrongUse;
    if (error instanceof EwaldError) {
      io.stderr(`error: ${describeError(error)}\n`);
      return INPUT_FAILED.test(error.code) ? EXIT.inputFailed : EXIT.wrongUse;
    }
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.stderr(`internal error, please report it: ${reason}\n`);
    return EXIT.bug;
  }
}

function createProgram(io: Io, setExit: SetExit): Command {
  const program = new Command("ewald")
    .description(
      "Composition, crystal structure, diffraction pattern and property, each from the others.",
    )
    .version(VERSION, "-V, --version", "print the version")
    .configureOutput({
      writeOut: (text) => void io.stdout(text),
      writeErr: (text) => io.stderr(text),
    })
    .exitOverride();
  addReadCommand(program, io, setExit);
  addIdentifyCommand(program, io, setExit);
  addSimulateCommand(program, io, setExit);
  addConvertCommand(program, io, setExit);
  addCalibrateCommand(program, io);
  addDataCommand(program, io, setExit);
  addPredictCommand(program, io, setExit);
  addTrainCommand(program, io, setExit);
  addExtendCommand(program, io);
  addReproduceCommand(program, io);
  addServeCommand(program, io);
  for (const command of program.commands) command.copyInheritedSettings(program);
  nameHelp(program, "ewald");
  return program;
}

/** Wrong use points to the help of the very command: its options are not in that of `ewald`. */
function nameHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(${words} --help shows what there is)`);
  for (const inner of command.commands) nameHelp(inner, `${words} ${inner.name()}`);
}
