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

/** What a worker thread is sent. */
export interface JobTask {
  /** The same for all inputs of one run: the job is opened once in each thread. */
  readonly run: number;
  readonly job: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly input: Input;
}

const opened = new Map<number, Promise<OpenJob>>();

/** The worker's side: tinypool calls it by name. */
export async function runJobTask({ run, job, options, input }: JobTask): Promise<JobResult> {
  let open = opened.get(run);
  if (open === undefined) opened.set(run, (open = openJob(job, options)));
  return runInput(input, await open);
}

/** @throws EwaldError for options that contradict each other, models or references that cannot be read */
export async function openJob(
  name: string,
  options: Readonly<Record<string, unknown>>,
): Promise<OpenJob> {
  const job = await jobNamed(name).load();
  return { job, session: await job.open(options as never, NODE_ENVIRONMENT) };
}

function readingOf(job: AnyJob, session: unknown): ReadContentsOptions {
  if (job.reading !== undefined) return job.reading(session);
  return { wanted: job.spec.takes === "scans" ? "scan" : "anything" };
}

export async function runInput(input: Input, { job, session }: OpenJob): Promise<JobResult> {
  const records: JobRecord[] = [];
  const failures: Failure[] = [];
  try {
    const loaded = await loadContents(input, readingOf(job, session));
    for (const error of loaded.failures) failures.push(describeFailure(input.path, error));
    const counts = countByInput(loaded.contents);
    for (const [place, content] of loaded.contents.entries()) {
      try {
        const isOnly = input.kind === "file" && counts.get(content.input) === 1;
        records.push(await job.run(content, session, isOnly ? undefined : place));
      } catch (error) {
        const { input: from, name } = content;
        failures.push(describeFailure(name === undefined ? from : `${from} (${name})`, error));
      }
    }
  } catch (error) {
    failures.push(describeFailure(input.path, error));
  }
  return { records, failures };
}

/** Files of an archive have names of their own; the structures of one file share its name. */
function countByInput(contents: readonly Content[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { input } of contents) counts.set(input, (counts.get(input) ?? 0) + 1);
  return counts;
}

export function describeFailure(input: string, error: unknown): Failure {
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
