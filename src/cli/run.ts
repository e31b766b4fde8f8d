/** The command line as a function: words in, exit code out. */
import { Command, CommanderError } from "commander";
import { EwaldError, describeError } from "../errors.ts";
import { addServeCommand } from "./commands/serve.ts";
import { EXIT, type SetExit } from "./exit.ts";
import type { Io } from "./io.ts";
import { addJobCommand } from "./job-command.ts";
import { JOBS, WHOLE_JOBS, whole } from "../jobs/registry.ts";
import { REPRODUCE } from "../reproduce/spec.ts";
import { addWholeJobCommand } from "./whole-job-command.ts";
import { VERSION } from "../version.node.ts";

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
  const groupOf = groupsBelow(program);
  for (const entry of JOBS) addJobCommand(groupOf(entry.spec.name), entry, io, setExit);
  for (const entry of [...WHOLE_JOBS, REPRODUCE_JOB])
    addWholeJobCommand(groupOf(entry.spec.name), entry, io, setExit);
  addServeCommand(program, io);
  for (const command of program.commands) command.copyInheritedSettings(program);
  nameHelp(program, "ewald");
  return program;
}

/** The papers' recipes stand above the jobs: only the command that runs them knows both. */
const REPRODUCE_JOB = whole(
  REPRODUCE,
  async () => (await import("../reproduce/job.node.ts")).reproduceJob,
);

/** Commands that hold others, with what is said of them. */
const GROUPS: Readonly<Record<string, { readonly summary: string; readonly description: string }>> =
  {
    data: {
      summary: "tables of structures: import, show, clean, split",
      description:
        "Tables of crystal structures with labels, as Parquet: what models are trained on.",
    },
    library: {
      summary: "known phases: search, list, show, export, build your own",
      description:
        "Known phases with whole structures: 80,000 that come with Ewald (AMCSD, AFLOW, COD, Materials Project), and your own.",
    },
    train: {
      summary: "train a network on a table of structures",
      description:
        "Train the networks of a system on Parquet tables (ewald data makes them). Ctrl-C ends a run after the step under way, " +
        "with a checkpoint; the same command goes on from it.",
    },
    "data import": {
      summary: "make a table of structures from files and servers",
      description:
        "Import structures into a table. What cannot be read is reported, never dropped in silence; licence and citation stay with the table.",
    },
  };

/** The command above a job's own: "data import csv" stands below "data import", which stands below "data". */
function groupsBelow(program: Command): (name: string) => Command {
  const groups = new Map<string, Command>([["", program]]);
  function groupOf(words: string): Command {
    const found = groups.get(words);
    if (found !== undefined) return found;
    const { summary, description } = GROUPS[words]!;
    const made = groupOf(above(words))
      .command(words.split(" ").at(-1)!)
      .summary(summary)
      .description(description);
    groups.set(words, made);
    return made;
  }
  return (name) => groupOf(above(name));
}

const above = (words: string): string => words.split(" ").slice(0, -1).join(" ");

/** Wrong use points to the help of the very command: its options are not in that of `ewald`. */
function nameHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(${words} --help shows what there is)`);
  for (const inner of command.commands) nameHelp(inner, `${words} ${inner.name()}`);
}
