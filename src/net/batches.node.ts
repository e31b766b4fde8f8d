/** Batches made by worker threads while the step runs. */
import { Worker } from "node:worker_threads";
import { EwaldError } from "../errors.ts";
import type { BatchSource } from "./batches.ts";
import type { Batch } from "./stepper.ts";

/** The module and data from which threads make batches. */
export interface WorkerBatches {
  /** JavaScript module that exports `create(data)`, which returns `(epoch, index) => batch` of fresh arrays. */
  readonly module: URL | string;
  /** Handed to `create` in each worker; what structured clone can copy. Shared arrays stay shared. */
  readonly data: unknown;
  readonly batchesPerEpoch: number;
  /** Default 1: a worker keeps up unless a batch takes longer than a step. */
  readonly workers?: number;
}

/** Written as text so that it runs whatever compiled or bundled this file. */
const BOOTSTRAP = `
const { parentPort, workerData } = require("node:worker_threads");
const made = import(workerData.module).then((module) => module.create(workerData.data));
made.catch(() => undefined);
parentPort.on("message", async ({ id, epoch, index }) => {
  try {
    const batch = await (await made)(epoch, index);
    const buffers = new Set(Object.values(batch).map((array) => array.buffer));
    parentPort.postMessage({ id, batch }, [...buffers].filter((b) => b instanceof ArrayBuffer));
  } catch (error) {
    parentPort.postMessage({ id, error });
  }
});`;

interface Reply {
  readonly id: number;
  readonly batch?: Batch;
  readonly error?: unknown;
}

interface Waiting {
  readonly worker: Worker;
  resolve(batch: Batch): void;
  reject(error: unknown): void;
}

/** A pool of threads that makes batches; `close` ends them. A worker that dies fails the batches it owes. */
export function workerBatches(options: WorkerBatches): BatchSource {
  const { batchesPerEpoch, workers: count = 1 } = options;
  const workerData = { module: String(options.module), data: options.data };
  const waiting = new Map<number, Waiting>();
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(BOOTSTRAP, { eval: true, workerData });
    worker.unref();
    worker.on("message", ({ id, batch, error }: Reply) => {
      const owed = waiting.get(id);
      waiting.delete(id);
      if (waiting.size === 0) worker.unref();
      if (batch === undefined) owed?.reject(failed(error));
      else owed?.resolve(batch);
    });
    const fail = (cause: unknown): void => {
      for (const [id, owed] of waiting)
        if (owed.worker === worker) {
          waiting.delete(id);
          owed.reject(failed(cause));
        }
    };
    worker.on("error", fail);
    worker.on("exit", (code) => fail(`exit code ${code}`));
    return worker;
  });
  let last = 0;
  return {
    batchesPerEpoch,
    ahead: count + 1,
    get(epoch, index) {
      const id = last++;
      const worker = workers[id % count]!;
      return new Promise<Batch>((resolve, reject) => {
        waiting.set(id, { worker, resolve, reject });
        // A batch that is owed keeps the process alive, an idle worker does not.
        worker.ref();
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage({ id, epoch, index });
      });
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

function failed(cause: unknown): EwaldError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EwaldError("net/batch-failed", `a worker could not make a batch: ${reason}`, {
    cause,
  });
}
