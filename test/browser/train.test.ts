/**
 * The same small net trains in a real headless Chromium as in Node: the same losses, epoch by epoch,
 * with threads (cross-origin isolated) and without.
 */
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadRuntime } from "#onnx";
import { trainToy } from "../net/toy.ts";
import { type Chromium, openChromium, serve } from "../support/browser.ts";
import { bundleForBrowser } from "../support/bundle.ts";

interface Outcome {
  readonly losses: readonly number[];
  readonly provider: string;
  readonly threads: number;
  readonly note?: string;
  readonly error?: string;
}

let browser: Chromium;
let folder = "";
let expected: readonly number[] = [];

beforeAll(async () => {
  [browser, folder, expected] = await Promise.all([
    openChromium(),
    bundleForBrowser("test/browser/train-page.ts"),
    loadRuntime({ provider: "cpu" }).then(trainToy),
  ]);
});
afterAll(async () => {
  await browser?.close();
  if (folder !== "") rmSync(dirname(folder), { recursive: true });
});

describe.each([
  { isolated: true, words: "with threads" },
  { isolated: false, words: "on one thread" },
])("in Chromium, $words", ({ isolated }) => {
  test("the losses are those of Node", async () => {
    const server = await serve(folder, isolated);
    const page = await browser.context.newPage();
    try {
      await page.goto(server.url);
      const outcome = (await page.evaluate("globalThis.outcome")) as Outcome;
      expect(outcome.error).toBeUndefined();
      expect(outcome.provider).toBe("wasm");
      if (isolated) expect(outcome.threads).toBeGreaterThan(1);
      else expect(outcome).toMatchObject({ threads: 1, note: expect.stringContaining("isolated") });
      // It learned, and as Node did: float32 sums differ in their last digits, training spreads them.
      expect(expected.at(-1)).toBeLessThan(0.5 * expected[0]!);
      for (const [epoch, loss] of expected.entries())
        expect(Math.abs(outcome.losses[epoch]! - loss), `epoch ${epoch + 1}`).toBeLessThan(2e-3);
    } finally {
      await page.close();
      server.close();
    }
  });
});
