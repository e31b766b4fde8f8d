/** The page's side of the worker, with a worker that answers when it is told to. */
import { expect, test } from "vitest";
import { Cancelled, WorkerClient } from "../../web/src/worker/client.ts";
import { NO_RUNTIME, type Request, type Response } from "../../web/src/worker/protocol.ts";

class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  readonly requests: Request[] = [];
  isEnded = false;
  constructor() {
    super();
    FakeWorker.all.push(this);
  }
  postMessage(request: Request): void {
    this.requests.push(request);
  }
  terminate(): void {
    this.isEnded = true;
  }
  answer(response: Response): void {
    this.dispatchEvent(new MessageEvent("message", { data: response }));
  }
}

function client(): WorkerClient {
  FakeWorker.all = [];
  return new WorkerClient(() => new FakeWorker() as unknown as Worker);
}

/** Counts who listens to it. */
class CountedSignal extends EventTarget {
  readonly aborted = false;
  readonly reason = undefined;
  listeners = 0;
  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    this.listeners++;
    super.addEventListener(...args);
  }
  override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
    this.listeners--;
    super.removeEventListener(...args);
  }
}

const INPUT = { name: "a.xy", bytes: new Uint8Array(8) };

test("a job that is done lets go of its signal, and so of its input", async () => {
  const ewald = client();
  const signal = new CountedSignal();
  const done = ewald.run("read", INPUT, { signal: signal as unknown as AbortSignal });
  expect(signal.listeners).toBe(1);
  FakeWorker.all[0]!.answer({ id: 1, kind: "done", output: { contents: [], failures: [] } });
  await done;
  expect(signal.listeners).toBe(0);
});

test("called off while it runs: the worker is ended, the next job gets a new one", async () => {
  const ewald = client();
  const work = new AbortController();
  const first = ewald.run("read", INPUT, { signal: work.signal });
  const second = ewald.run("read", INPUT);
  work.abort();
  await expect(first).rejects.toBeInstanceOf(Cancelled);
  expect(FakeWorker.all.map(({ isEnded }) => isEnded)).toEqual([true, false]);
  FakeWorker.all[1]!.answer({ id: 2, kind: "done", output: "read" });
  expect(await second).toBe("read");
});

test("a worker in which the networks' runtime did not load is not asked again", async () => {
  const ewald = client();
  const first = ewald.run("read", INPUT);
  const problem = { code: NO_RUNTIME, message: "not loaded" };
  FakeWorker.all[0]!.answer({ id: 1, kind: "failed", problem });
  await expect(first).rejects.toMatchObject({ problem });
  void ewald.run("read", INPUT);
  expect(FakeWorker.all.map(({ isEnded }) => isEnded)).toEqual([true, false]);
  expect(FakeWorker.all[1]!.requests).toHaveLength(1);
});
