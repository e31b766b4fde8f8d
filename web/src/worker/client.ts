/**
 * The page's side of the worker: promises, progress, cancellation. The worker keeps no state that matters (models come back
 * from the cache), so cancelling a task that runs is ending the worker and starting another.
 */
import {
  NO_RUNTIME,
  type Problem,
  type Progress,
  type Request,
  type Response,
  type TaskInput,
  type TaskName,
  type TaskOutput,
} from "./protocol.ts";

/** What went wrong in the worker, as the page shows it. */
export class TaskError extends Error {
  override readonly name = "TaskError";
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/**
 * Why a signal aborts where only a newer question is asked: a task that runs goes on to its end, its answer is left alone. Ending
 * the worker would cost its networks a second to load again.
 */
export const SUPERSEDED = "superseded";

/** A task that was called off: nobody waits for its answer. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

export interface RunOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Work of a long list: goes on when nothing else waits. */
  readonly background?: boolean;
}

interface Job {
  readonly request: Request;
  readonly options: RunOptions;
  settle(outcome: { readonly output: unknown } | { readonly error: Error }): void;
}

export class WorkerClient {
  private worker: Worker | null = null;
  private readonly waiting: Job[] = [];
  private running: Job | null = null;
  private nextId = 1;
  private readonly start: () => Worker;

  constructor(start: () => Worker) {
    this.start = start;
  }

  /** Starts the worker before there is work for it. */
  warm(): void {
    this.worker ??= this.started();
  }

  run<N extends TaskName>(
    task: N,
    input: TaskInput<N>,
    options: RunOptions = {},
  ): Promise<TaskOutput<N>> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      const onAbort = (): void => this.cancel(job);
      const job: Job = {
        request: { id: this.nextId++, task, input } as Request,
        options,
        settle(outcome) {
          // A signal outlives its job, and would keep the job's input.
          signal?.removeEventListener("abort", onAbort);
          if ("error" in outcome) reject(outcome.error);
          else resolve(outcome.output as TaskOutput<N>);
        },
      };
      if (signal?.aborted === true) {
        job.settle({ error: new Cancelled() });
        return;
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      this.waiting.push(job);
      this.next();
    });
  }

  private cancel(job: Job): void {
    const index = this.waiting.indexOf(job);
    if (index >= 0) this.waiting.splice(index, 1);
    else if (this.running !== job) return;
    else if (job.options.signal?.reason !== SUPERSEDED) {
      this.stop();
      this.running = null;
    }
    job.settle({ error: new Cancelled() });
    this.next();
  }

  private next(): void {
    if (this.running !== null || this.waiting.length === 0) return;
    const first = this.waiting.findIndex(({ options }) => options.background !== true);
    const [job] = this.waiting.splice(Math.max(0, first), 1) as [Job];
    this.running = job;
    this.worker ??= this.started();
    this.worker.postMessage(job.request);
  }

  private stop(): void {
    this.worker?.terminate();
    this.worker = null;
  }

  private started(): Worker {
    const worker = this.start();
    worker.addEventListener("message", ({ data }: MessageEvent<Response>) => {
      if (this.worker === worker) this.receive(data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (this.worker !== worker) return;
      const job = this.running;
      this.stop();
      this.running = null;
      const message = event.message === "" ? "the worker did not start" : event.message;
      job?.settle({
        error: new TaskError({ code: "page/worker", message, hint: "Reload the page." }),
      });
      this.next();
    });
    return worker;
  }

  private receive(response: Response): void {
    const job = this.running;
    if (job === null || job.request.id !== response.id) return;
    if (response.kind === "progress") {
      job.options.onProgress?.(response.progress);
      return;
    }
    this.running = null;
    if (response.kind === "failed" && response.problem.code === NO_RUNTIME) this.stop();
    job.settle(
      response.kind === "done"
        ? { output: response.output }
        : { error: new TaskError(response.problem) },
    );
    this.next();
  }
}
