/** Many inputs through one task: workers where it pays, results in order, progress, failures at the end. */
import { availableParallelism } from "node:os";
import { Tinypool } from "tinypool";
import { failureReport } from "./failures.ts";
import { countOf, type Input, inputsOf, type Sources } from "./inputs.ts";
import type { Io } from "./io.ts";
import { orderedMap } from "./ordered-map.ts";
import { createProgress } from "./progress.ts";
import {
  type Task,
  type TaskName,
  type TaskOptions,
  type TaskRecord,
  type TaskResult,
  runTask,
} from "./tasks.ts";

/** A worker takes about 150 ms to start: below this many inputs each, it never pays. */
const INPUTS_PER_WORKER = 24;
/** Tasks under way per worker: enough that none waits for the main thread, few enough to keep memory flat. */
const QUEUE_PER_WORKER = 4;

export interface BatchOptions<N extends TaskName> {
  readonly sources: Sources;
  readonly task: N;
  readonly options: TaskOptions<N>;
  /** Worker threads; chosen by the number of inputs unless given. */
  readonly jobs?: number;
  /** Failures go to standard output too, as records among the others. */
  readonly json?: boolean;
  onRecord(record: TaskRecord<N>, input: Input): Promise<void> | void;
}

export interface BatchSummary {
  readonly inputs: number;
  /** Inputs of which something failed. */
  readonly failures: number;
}

export async function runBatch<N extends TaskName>(
  io: Io,
  batch: BatchOptions<N>,
): Promise<BatchSummary> {
  const { sources } = batch;
  const total = sources.inputCount;
  const jobs =
    batch.jobs ?? Math.min(availableParallelism(), Math.floor(total / INPUTS_PER_WORKER));
  const pool = jobs > 1 ? createPool(jobs) : undefined;
  const progress = createProgress(io, batch.task, total);
  const report = failureReport(io, sources, batch.json === true);
  async function work(task: Task<N>): Promise<[Task<N>, TaskResult<N>]> {
    const isHere = pool === undefined || task.input.kind === "unread";
    return [task, await (isHere ? runTask(task) : pool.run(task, { name: "runTask" }))];
  }
  async function* tasks(): AsyncGenerator<Task<N>> {
    for await (const input of inputsOf(sources)) {
      yield { name: batch.task, input, options: batch.options };
    }
  }
  try {
    const concurrency = pool === undefined ? 1 : jobs * QUEUE_PER_WORKER;
    for await (const [{ input }, { records, failures }] of orderedMap(tasks(), concurrency, work)) {
      for (const record of records) await batch.onRecord(record, input);
      const failed = await report.add(input, failures);
      progress.step(countOf(input), failed);
    }
  } finally {
    progress.clear();
    await pool?.destroy();
  }
  report.print();
  return { inputs: total, failures: report.count() };
}

/** Undefined when run from the sources (tests): a worker needs the built file. */
function createPool(jobs: number): Tinypool | undefined {
  const here = import.meta.url;
  if (here.endsWith(".ts")) return undefined;
  return new Tinypool({
    filename: new URL("worker.js", here).href,
    minThreads: jobs,
    maxThreads: jobs,
  });
}
