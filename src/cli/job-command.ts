/** A job as a command: flags and help from its table of options, records to standard output, figures and reports to files. */
import type { Command } from "commander";
import { EwaldError } from "../errors.ts";
import type { JobRecord, OutputSpec } from "../jobs/job.ts";
import { flagOf, settledOptions } from "../jobs/options.ts";
import type { JobEntry } from "../jobs/registry.ts";
import { EXIT, type SetExit } from "./exit.ts";
import { type Io, writeOutput } from "./io.ts";
import { commanderOption, examplesText, type Flags, givenOptions } from "./job-option.ts";
import { figureFormat, positiveInteger } from "./options.ts";

export function addJobCommand(program: Command, entry: JobEntry, io: Io, setExit: SetExit): void {
  const { spec } = entry;
  const command = program
    .command(spec.name)
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
    command.option(
      "--jobs <n>",
      "worker threads (default: by the number of inputs)",
      positiveInteger,
    );
  }
  command
    .option("--json", "one JSON record a line")
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
  const outputs = Object.entries(spec.outputs).filter(([name]) => flags[name] !== undefined);
  spec.refuse?.(options as never, new Set(outputs.map(([name]) => name)));
  // Loaded when a job runs: `ewald --help` needs none of it.
  const [{ openJob }, { runJobBatch }, { findSources }] = await Promise.all([
    import("./job-runs.ts"),
    import("./job-batch.ts"),
    import("./inputs.ts"),
  ]);
  const open = await openJob(spec.name, options);
  const { job, session } = open;
  const most = outputs.reduce((sum, [, output]) => Math.max(sum, output.most), 0);
  const kept: JobRecord[] = [];
  let count = 0;
  const isJson = flags["json"] === true;
  try {
    const failures = await runJobBatch(io, {
      sources: await findSources(paths, spec.takes === "scans" ? "scan" : "anything"),
      open,
      options,
      json: isJson,
      ...(flags["jobs"] === undefined ? {} : { jobs: flags["jobs"] as number }),
      async onRecord(record) {
        if (kept.length < most) kept.push(record);
        const gap = count++ > 0 ? "\n" : "";
        const line = isJson
          ? JSON.stringify(job.json?.(record) ?? record)
          : `${gap}${job.text(record)}`;
        await io.stdout(`${line}\n`);
      },
    });
    if (failures > 0) setExit(EXIT.inputFailed);
    if (kept.length === 0) return;
    for (const [name, output] of outputs) {
      const records = kept.slice(0, output.most);
      const content = await job.output!(name, records, session);
      if (count > records.length && output.kind !== "text") {
        io.stderr(`${flagOf(name)} shows the first ${records.length} of ${count}\n`);
      }
      await writeTarget(flags[name] as string, output, content);
      io.stderr(`wrote ${flags[name] as string}\n`);
    }
  } finally {
    await job.close?.(session);
  }
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
  if (kind !== "figure") return writeOutput(path, content);
  const { writeFigure } = await import("./figure-file.ts");
  await writeFigure(path, content as string);
}
