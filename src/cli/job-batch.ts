/** Many inputs through one job: worker threads where it pays, records in order, progress, failures at the end. */
import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import type { JobRecord } from "../jobs/job.ts";
import { failureReport } from "./failures.ts";
import { countOf, type Input, inputsOf, type Sources } from "./inputs.ts";
import type { Io } from "./io.ts";
import { type JobResult, type JobTask, type OpenJob, runChunks, runInput } from "./job-runs.ts";
import { orderedMap } from "./ordered-map.ts";
import { createProgress } from "./progress.ts";

/** A worker takes about 150 ms to start: below this many inputs each, it never pays. */
const INPUTS_PER_WORKER = 24;
/** Tasks under way per worker: enough that none waits for the main thread, few enough to keep memory flat. */
const QUEUE_PER_WORKER = 4;

export interface JobBatch {
  readonly sources: Sources;
  readonly open: OpenJob;
  /** As they go to worker threads, which open the job for themselves. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly outputs: readonly string[];
  /** Worker threads; chosen by the number of inputs unless given. */
  readonly jobs?: number;
  /** Failures go to standard output too, as records among the others. */
  readonly json: boolean;
  onRecord(record: JobRecord, input: Input): Promise<void>;
}

let runs = 0;

/** @returns inputs of which something failed */
export async function runJobBatch(io: Io, batch: JobBatch): Promise<number> {
  const { sources, open, options, outputs } = batch;
  const { spec, chunk } = open.job;
  const total = sources.inputCount;
  const fitting = Math.min(availableParallelism(), Math.floor(total / INPUTS_PER_WORKER));
  const jobs = spec.inThreads ? (batch.jobs ?? fitting) : 1;
  const pool = jobs > 1 ? createPool(jobs) : undefined;
  const progress = createProgress(io, spec.name, total);
  const report = failureReport(io, sources, batch.json);
  const run = ++runs;
  async function work(input: Input): Promise<[Input, JobResult]> {
    if (pool === undefined || input.kind === "unread") return [input, await runInput(input, open)];
    const task: JobTask = { run, job: spec.name, options, outputs, input };
    return [input, (await pool.run(task, { name: "runJobTask" })) as JobResult];
  }
  try {
    const concurrency = pool === undefined ? 1 : jobs * QUEUE_PER_WORKER;
    const results =
      chunk === undefined
        ? orderedMap(inputsOf(sources), concurrency, work)
        : runChunks(inputsOf(sources), open, chunk);
    for await (const [input, { records, failures }] of results) {
      for (const record of records) await batch.onRecord(record, input);
      progress.step(countOf(input), await report.add(input, failures));
    }
  } finally {
    progress.clear();
    await pool?.destroy();
  }
  report.print();
  return report.count();
}

/** Undefined when run from the sources (tests): a worker needs the built file. */
function createPool(jobs: number): Tinypool | undefined {
  const here = import.meta.url;
  if (here.endsWith(".ts")) return undefined;
  const filename = new URL("worker.js", here).href;
  return new Tinypool({ filename, minThreads: jobs, maxThreads: jobs });
}
