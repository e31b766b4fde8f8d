/**
 * One input through one job, in this process or in a worker thread: plain data in, plain data out. Errors become records
 * here, so that one bad file (or row) never stops the rest.
 */
import type { Content, ReadContentsOptions } from "../data/contents.ts";
import { EwaldError, describeError, withSource } from "../errors.ts";
import type { JobRecord } from "../jobs/job.ts";
import { type AnyJob, jobNamed } from "../jobs/registry.ts";
import { loadContents } from "./contents.ts";
import { NODE_ENVIRONMENT } from "./environment.ts";
import type { Input } from "./inputs.ts";

export interface Failure {
  /** Path of the file, with the row's id for a table. */
  readonly input: string;
  readonly code: string;
  /** Position, message, code and way out in one line. */
  readonly description: string;
}

export interface JobResult {
  readonly records: readonly JobRecord[];
  readonly failures: readonly Failure[];
}

/** A job that was opened: its options are settled, and what all inputs share is made. */
export interface OpenJob {
  readonly job: AnyJob;
  readonly session: unknown;
}

/** The message that starts a worker thread on a job. */
export interface JobTask {
  /** The same for all inputs of one run: the job is opened once in each thread. */
  readonly run: number;
  readonly job: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly outputs: readonly string[];
  readonly input: Input;
}

const opened = new Map<number, Promise<OpenJob>>();

/** The worker's side: tinypool calls it by name. */
export async function runJobTask(task: JobTask): Promise<JobResult> {
  const { run, job, options, outputs, input } = task;
  let open = opened.get(run);
  if (open === undefined) opened.set(run, (open = openJob(job, options, outputs)));
  return runInput(input, await open);
}

/** @throws EwaldError for options that contradict each other, models or references that cannot be read */
export async function openJob(
  name: string,
  options: Readonly<Record<string, unknown>>,
  outputs: readonly string[],
): Promise<OpenJob> {
  const job = await jobNamed(name).load();
  return { job, session: await job.open(options as never, NODE_ENVIRONMENT, new Set(outputs)) };
}

export function readingOf({ job, session }: OpenJob): ReadContentsOptions {
  if (job.reading !== undefined) return job.reading(session);
  return { wanted: job.spec.takes === "scans" ? "scan" : "anything" };
}

interface LoadedInput {
  readonly input: Input;
  readonly contents: readonly Content[];
  readonly failures: readonly Failure[];
}

async function loadInput(input: Input, open: OpenJob): Promise<LoadedInput> {
  try {
    const { contents, failures } = await loadContents(input, readingOf(open));
    return { input, contents, failures: failures.map((e) => describeFailure(input.path, e)) };
  } catch (error) {
    return { input, contents: [], failures: [describeFailure(input.path, error)] };
  }
}

export async function runInput(input: Input, open: OpenJob): Promise<JobResult> {
  const { job, session } = open;
  const loaded = await loadInput(input, open);
  const counts = countByInput(loaded.contents);
  const answers: Answer[] = [];
  for (const [place, content] of loaded.contents.entries()) {
    try {
      const isOnly = input.kind === "file" && counts.get(content.input) === 1;
      answers.push({ record: await job.run(content, session, isOnly ? undefined : place) });
    } catch (error) {
      answers.push({ error });
    }
  }
  return resultOf(loaded, answers);
}

/** Inputs through a job that answers many contents at once: so many are read before it is asked. Results in the order of the inputs. */
export async function* runChunks(
  inputs: AsyncIterable<Input>,
  open: OpenJob,
  chunk: number,
): AsyncGenerator<[Input, JobResult]> {
  let waiting: LoadedInput[] = [];
  async function* answered(): AsyncGenerator<[Input, JobResult]> {
    const contents = waiting.flatMap((loaded) => loaded.contents);
    const answers: Answer[] = [];
    for (let from = 0; from < contents.length; from += chunk) {
      answers.push(...(await answersTo(contents.slice(from, from + chunk), open)));
    }
    let next = 0;
    for (const loaded of waiting) {
      const own = answers.slice(next, (next += loaded.contents.length));
      yield [loaded.input, resultOf(loaded, own)];
    }
    waiting = [];
  }
  let count = 0;
  for await (const input of inputs) {
    const loaded = await loadInput(input, open);
    waiting.push(loaded);
    // What cannot be read counts too: a folder of foreign files is told of as it is gone through.
    count += Math.max(1, loaded.contents.length);
    if (count < chunk) continue;
    yield* answered();
    count = 0;
  }
  yield* answered();
}

/** The outcome for one content: a record or an error. */
type Answer = { readonly record: JobRecord } | { readonly error: unknown };

async function answersTo(
  contents: readonly Content[],
  { job, session }: OpenJob,
): Promise<readonly Answer[]> {
  try {
    const answers = await job.runMany!(contents, session);
    return answers.map((one) => (one instanceof EwaldError ? { error: one } : { record: one }));
  } catch (error) {
    return contents.map(() => ({ error }));
  }
}

function resultOf({ contents, failures }: LoadedInput, answers: readonly Answer[]): JobResult {
  return {
    records: answers.flatMap((answer) => ("record" in answer ? [answer.record] : [])),
    failures: [
      ...failures,
      ...answers.flatMap((answer, i) => {
        if ("record" in answer) return [];
        const { input, name } = contents[i]!;
        const named = name === undefined ? input : `${input} (${name})`;
        return [describeFailure(named, answer.error)];
      }),
    ],
  };
}

/** Files of an archive have names of their own; the structures of one file share its name. */
function countByInput(contents: readonly Content[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { input } of contents) counts.set(input, (counts.get(input) ?? 0) + 1);
  return counts;
}

function describeFailure(input: string, error: unknown): Failure {
  if (error instanceof EwaldError) {
    return { input, code: error.code, description: describeError(withSource(error, input)) };
  }
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    input,
    code: "internal",
    description: `${input}: internal error, please report it: ${reason}`,
  };
}
