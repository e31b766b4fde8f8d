/** A scan as the page draws it. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readScan } from "../../src/scan/index.ts";
import { type ProcessInput, processForPage } from "../../web/src/worker/process.ts";

const { scan } = readScan(readFileSync("examples/quartz-simulated.xy"), { name: "quartz" });
const steps: ProcessInput = {
  scan,
  removeOutliers: false,
  smoothWindow: 9,
  background: "snip",
  subtract: false,
};

test("smoothing leaves the background where it was: it fell to -190 counts under the strongest peak", () => {
  const { background } = processForPage(steps);
  const untouched = processForPage({ ...steps, smoothWindow: null });
  expect(background).toEqual(untouched.background);
  expect(Math.min(...background!)).toBeGreaterThan(20);
});

test("what is drawn and what is taken off are the same background", () => {
  const drawn = processForPage(steps);
  const taken = processForPage({ ...steps, subtract: true });
  const highest = Math.max(...drawn.y);
  for (const [i, y] of taken.y.entries())
    expect(Math.abs(drawn.y[i]! - drawn.background![i]! - y)).toBeLessThan(1e-3 * highest);
});
