/** A job as a command: flags and help from its table of options, records to standard output, figures and reports to files. */
import type { Command } from "commander";
import { EwaldError } from "../errors.ts";
import type { JobRecord, OutputSpec } from "../jobs/job.ts";
import { flagOf, type OptionSchema, type OptionSpec, settledOptions } from "../jobs/options.ts";
import type { AnyJob, JobEntry } from "../jobs/registry.ts";
import { VERSION } from "../version.node.ts";
import { EXIT, type SetExit } from "./exit.ts";
import type { Io } from "./io.ts";
import { figureFormat } from "./figure-format.ts";
import { commanderOption, examplesText, type Flags, givenOptions } from "./job-option.ts";

const JOBS: OptionSpec = {
  type: "number",
  unit: "",
  whole: true,
  least: 1,
  help: "worker threads (default: by the number of inputs)",
};

export function addJobCommand(program: Command, entry: JobEntry, io: Io, setExit: SetExit): void {
  const { spec } = entry;
  const command = program
    .command(spec.name.split(" ").at(-1)!)
    .summary(spec.summary)
    .description(spec.description)
    .argument("<input...>", spec.inputs);
  for (const [name, option] of Object.entries(spec.options)) {
    command.addOption(commanderOption(name, option));
  }
  for (const [name, output] of Object.entries(spec.outputs)) {
    command.option(`${flagOf(name)} ${output.placeholder}`, output.help);
  }
  if (spec.inThreads) {
    command.addOption(commanderOption("jobs", JOBS));
  }
  if (spec.writesFiles !== true) command.option("--json", "one JSON record a line");
  command
    .addHelpText("after", examplesText(spec.examples))
    .action((paths: string[], flags: Flags) => runCommand(entry, paths, flags, io, setExit));
}

async function runCommand(
  { spec }: JobEntry,
  paths: readonly string[],
  flags: Flags,
  io: Io,
  setExit: SetExit,
): Promise<void> {
  for (const [name, output] of Object.entries(spec.outputs)) checkTarget(flags[name], output);
  const options = settledOptions(spec.options, givenOptions(spec.options, flags)) as Flags;
  refuseSharedInput(spec.options, options, paths);
  const asked = Object.entries(spec.outputs).filter(([name]) => flags[name] !== undefined);
  const outputs = asked.map(([name]) => name);
  spec.refuse?.(options as never, new Set(outputs));
  // Loaded when a job runs: `ewald --help` needs none of it.
  const [{ openJob, readingOf }, { runJobBatch }, { findSources }, { recordSink }] =
    await Promise.all([
      import("./job-runs.ts"),
      import("./job-batch.ts"),
      import("./inputs.ts"),
      import("./job-records.ts"),
    ]);
  const open = await openJob(spec.name, options, outputs);
  const { job, session } = open;
  try {
    for (const line of job.notes?.(session) ?? []) io.stderr(`${line}\n`);
    const shares = asked.map(([name, output]) => shareOf(name, output, job));
    const sources = await findSources(paths, readingOf(open).wanted);
    const isJson = flags["json"] === true;
    const sink = await recordSink(io, open, isJson, { paths, linked: sources.linked });
    const failures = await runJobBatch(io, {
      sources,
      open,
      options,
      outputs,
      json: isJson,
      ...(flags["jobs"] === undefined ? {} : { jobs: flags["jobs"] as number }),
      async onRecord(record, input) {
        for (const share of shares) share.take(record);
        await sink.take(record, input);
      },
    });
    if (failures > 0) setExit(EXIT.inputFailed);
    if ((await sink.end()) === 0) return;
    const imprint = { version: VERSION, date: new Date().toISOString().slice(0, 10) };
    for (const { name, output, records, count } of shares) {
      const content = await job.output!(name, records, session, imprint);
      if (count() > records.length && output.kind !== "text") {
        io.stderr(`${flagOf(name)} shows the first ${records.length} of ${count()}\n`);
      }
      await writeTarget(flags[name] as string, output, content);
      io.stderr(`wrote ${flags[name] as string}\n`);
    }
  } finally {
    await job.close?.(session);
  }
}

interface Share {
  readonly name: string;
  readonly output: OutputSpec;
  /** Those that it shows. */
  readonly records: readonly JobRecord[];
  /** The number of records that the output concerns. */
  count(): number;
  take(record: JobRecord): void;
}

/** The part of a job that one output is made of. */
function shareOf(name: string, output: OutputSpec, job: AnyJob): Share {
  const records: JobRecord[] = [];
  let count = 0;
  return {
    name,
    output,
    records,
    count: () => count,
    take(record) {
      if (job.concerns?.(name, record) === false) return;
      count++;
      if (records.length < output.most) records.push(record);
    },
  };
}

/**
 * Standard input can be read once.
 * @throws EwaldError `usage/standard-input`
 */
function refuseSharedInput(schema: OptionSchema, options: Flags, paths: readonly string[]): void {
  const flags = Object.entries(schema).flatMap(([name, option]) => {
    const mayBeFile = option.type === "file" || (option.type === "text" && option.orFile === true);
    const isInput = mayBeFile && [options[name]].flat().includes("-");
    return isInput ? [flagOf(name)] : [];
  });
  const all = [...paths.filter((path) => path === "-").map(() => "an input"), ...flags];
  if (all.length < 2) return;
  throw new EwaldError(
    "usage/standard-input",
    `standard input can be read once, and ${all.length} ask for it: ${all.join(", ")}`,
    { hint: "Give files for the others." },
  );
}

/** A name that cannot be written is refused before the work, not after. */
function checkTarget(path: unknown, { kind }: OutputSpec): void {
  if (path === undefined) return;
  if (kind === "figure") figureFormat(path as string);
  if (kind === "html" && !/\.html?$/i.test(path as string)) {
    throw new EwaldError("usage/report-format", "a report is an .html file", { value: path });
  }
}

async function writeTarget(
  path: string,
  { kind }: OutputSpec,
  content: string | Uint8Array,
): Promise<void> {
  if (kind !== "figure") {
    const { writeOutput } = await import("./io.ts");
    return writeOutput(path, content);
  }
  const { writeFigure } = await import("./figure-file.ts");
  await writeFigure(path, content as string);
}
