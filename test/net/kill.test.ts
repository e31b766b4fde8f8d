/**
 * Real kills: a training run is ended with SIGKILL at odd moments and started again until it finishes.
 * Weights, best weights and history must be those of a run that was never killed, bit for bit.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleForNode } from "../support/bundle.ts";

const script = fileURLToPath(new URL("fixtures/train-run.mjs", import.meta.url));
let bundle = "";
const folders: string[] = [];

function folder(): string {
  folders.push(mkdtempSync(join(tmpdir(), "ewald-kill-")));
  return folders.at(-1)!;
}

beforeAll(async () => {
  bundle = await bundleForNode([
    "test/support/net.ts",
    "src/net/batches.node.ts",
    "src/net/store.node.ts",
  ]);
});
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true });
  if (bundle !== "") rmSync(dirname(dirname(bundle)), { recursive: true });
});

interface Outcome {
  /** First step that this process took. */
  readonly first: number;
  /** "done STEPS HASH" where it came to its end. */
  readonly done: string | undefined;
}

/** Runs until the end, or until `steps` steps and `delayMs` more have passed, then kills. */
function run(into: string, steps = Infinity, delayMs = 0): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, bundle, into]);
    let [text, errors, seen] = ["", "", 0];
    child.stdout.on("data", (data: Buffer) => {
      text += data;
      seen = text.split("\n").filter((line) => line.startsWith("step")).length;
      if (seen >= steps) setTimeout(() => child.kill("SIGKILL"), delayMs);
    });
    child.stderr.on("data", (data: Buffer) => (errors += data));
    child.on("close", (code) => {
      if (code !== 0 && code !== null) reject(new Error(errors));
      const first = Number(/^step (\d+)/m.exec(text)?.[1]);
      resolve({ first, done: /^done .*/m.exec(text)?.[0] });
    });
  });
}

test("a run killed again and again ends with the same bits", async () => {
  const whole = folder();
  const expected = await run(whole);
  expect(expected.done).toMatch(/^done 100 [0-9a-f]{64}$/);

  const broken = folder();
  let kills = 0;
  let outcome: Outcome = { first: 0, done: undefined };
  const firsts: number[] = [];
  for (const [steps, delayMs] of [
    [4, 0],
    [17, 1],
    [21, 3],
    [12, 2],
    [Infinity, 0],
  ] as const) {
    outcome = await run(broken, steps, delayMs);
    firsts.push(outcome.first);
    if (outcome.done !== undefined) break;
    kills++;
  }
  expect(kills).toBeGreaterThanOrEqual(2);
  // Each process went on where a checkpoint stood, not at the beginning.
  expect(firsts[0]).toBe(1);
  for (const [i, first] of firsts.entries())
    if (i > 0) expect(first).toBeGreaterThan(firsts[i - 1]!);
  expect(outcome.done).toBe(expected.done);
  const history = (path: string): string => readFileSync(join(path, "history.jsonl"), "utf8");
  expect(history(broken)).toBe(history(whole));
  expect(
    history(whole)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).epoch),
  ).toEqual([1, 2, 3, 4, 5]);
});
