/** A scan as the page draws it. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withKnownRadiation } from "../../src/scan/process.ts";
import { readScan } from "../../src/scan/read.ts";
import { processForPage, type ProcessInput } from "../../web/src/worker/process.ts";

const { scan } = readScan(readFileSync("examples/quartz-simulated.xy"), { name: "quartz" });
const steps: ProcessInput = {
  scan,
  removeOutliers: false,
  smoothWindow: 9,
  background: "snip",
  subtract: false,
};

test("smoothing leaves the background where it was: it fell to -190 counts under the strongest peak", async () => {
  const { background } = await processForPage(steps);
  const untouched = await processForPage({ ...steps, smoothWindow: null });
  expect(background).toEqual(untouched.background);
  expect(Math.min(...background!)).toBeGreaterThan(20);
});

test("what is drawn and what is taken off are the same background", async () => {
  const drawn = await processForPage(steps);
  const taken = await processForPage({ ...steps, subtract: true });
  const highest = Math.max(...drawn.y);
  for (const [i, y] of taken.y.entries())
    expect(Math.abs(drawn.y[i]! - drawn.background![i]! - y)).toBeLessThan(1e-3 * highest);
});

test("a neutron scan whose wavelength is corrected stays one: it was identified as X-rays", () => {
  const neutrons = withKnownRadiation(scan, "1.594", "neutron");
  const corrected = withKnownRadiation(neutrons, "1.5936", undefined);
  expect(corrected.radiation).toMatchObject({
    kind: "neutron",
    lines: [{ wavelengthAngstrom: 1.5936 }],
  });
});

test("another kind of radiation without a wavelength keeps those of the file", () => {
  const neutrons = withKnownRadiation(scan, "", "neutron");
  expect(neutrons.radiation).toEqual({ kind: "neutron", lines: scan.radiation!.lines });
  expect(withKnownRadiation(scan, "", "xray")).toBe(scan);
});
