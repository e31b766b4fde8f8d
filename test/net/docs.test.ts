/** The worked example of docs/net.md, run as it stands there. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FitResult } from "../../src/net/trainer.ts";

test("the ten lines of docs/net.md learn", async () => {
  const page = readFileSync("docs/net.md", "utf8");
  const [, code] = /```js\n(import [^`]*?)```/.exec(page)!;
  const path = join(mkdtempSync(join(tmpdir(), "net-")), "rings.mjs");
  writeFileSync(path, `${code}\nexport { result };`);
  const { result } = (await import(/* @vite-ignore */ path)) as { readonly result: FitResult };
  const { history, best } = result;
  expect(history).toHaveLength(10);
  expect(history.at(-1)!.train["accuracy"]).toBeGreaterThan(0.98);
  expect([...best.keys()]).toEqual(["dense/weight", "dense/bias", "dense2/weight", "dense2/bias"]);
});
