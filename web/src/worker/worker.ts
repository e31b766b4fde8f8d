/** The worker: runs Ewald's core, one task after the other. */
import { problemOf } from "./problem.ts";
import type { Progress, Request, Response } from "./protocol.ts";
import { type Context, tasks } from "./tasks.ts";

function post(response: Response): void {
  globalThis.postMessage(response);
}

/** Tasks wait for each other: two at once would only be slower, and a model is loaded once. */
let queue: Promise<unknown> = Promise.resolve();

async function run({ id, task, input }: Request): Promise<void> {
  const context: Context = {
    progress: (progress: Progress) => post({ id, kind: "progress", progress }),
  };
  try {
    const work = tasks[task] as (input: unknown, context: Context) => unknown;
    post({ id, kind: "done", output: await work(input, context) });
  } catch (error) {
    post({ id, kind: "failed", problem: problemOf(error) });
  }
}

globalThis.addEventListener("message", (event: MessageEvent<Request>) => {
  queue = queue.then(() => run(event.data));
});
