/** The report of identified scans in a browser: asks for nothing, fits narrow screens, axe finds nothing. */
import axe from "axe-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadSymmetry } from "../../src/crystal/symmetry/symmetry-engine.ts";
import { identificationReport } from "../../src/report/identification-report.ts";
import { type Chromium, openChromium } from "../support/browser.ts";
import { identifiedScan } from "../support/identified-scan.ts";

let browser: Chromium;
let html: string;

beforeAll(async () => {
  await loadSymmetry();
  const scan = identifiedScan();
  html = identificationReport([scan, scan], { version: "1.2.3", typeCount: 110 });
  browser = await openChromium();
});
afterAll(async () => browser?.close());

test.each([
  ["light", 1100],
  ["dark", 1100],
  ["light", 390],
] as const)("%s, %i pixels wide", async (colorScheme, width) => {
  const page = await browser.context.newPage();
  try {
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.setContent(html);
    expect(requests).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await page.evaluate(axe.source);
    const violations = (await page.evaluate(
      "axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))",
    )) as unknown[];
    expect(violations).toEqual([]);
  } finally {
    await page.close();
  }
});
