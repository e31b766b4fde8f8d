/** axe finds nothing serious on any view, light and dark; colours follow the system; no view is wider than a phone. */
import axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openFiles, pageSession } from "../../support/page.ts";

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const session = pageSession();

async function seriousOn(page: Page): Promise<unknown[]> {
  await page.evaluate(axe.source);
  const violations = (await page.evaluate(
    "axe.run(document).then((result) => result.violations)",
  )) as Violation[];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => ({
      id,
      nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
    }));
}

/** Address, and what stands there when the view is complete. */
const views = [
  { path: "", ready: "text=Drop files or folders" },
  { path: "#/example/quartz", ready: "role=group[name=/Unit cell/]" },
  { path: "#/example/quartz/reciprocal", ready: "role=group[name=/Reciprocal lattice/]" },
  { path: "#/example/quartz-scan", ready: "text=α-quartz, calculated" },
  { path: "#/many", ready: "text=Drop files or folders" },
] as const;

test.each(
  views.flatMap((view) => (["light", "dark"] as const).map((scheme) => ({ ...view, scheme }))),
)("$path in $scheme", async ({ path, ready, scheme }) => {
  const page = await session.browser.context.newPage();
  try {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(session.server.url + path);
    await page.waitForSelector(ready);
    expect(await seriousOn(page)).toEqual([]);
  } finally {
    await page.close();
  }
});

test.each(["light", "dark"] as const)("the table of many in %s", async (colorScheme) => {
  const page = await session.browser.context.newPage();
  try {
    await page.emulateMedia({ colorScheme });
    await page.goto(session.server.url);
    await openFiles(page, ["examples/quartz.cif", "examples/olivine.cif", "README.md"]);
    await page.getByText("all done, 1 failed").waitFor();
    expect(await seriousOn(page)).toEqual([]);
  } finally {
    await page.close();
  }
});

test("colours follow the system while the page is open, until the user chooses", async () => {
  const page = await session.browser.context.newPage();
  const paper = (): Promise<string> =>
    page.evaluate("getComputedStyle(document.body).backgroundColor");
  try {
    await page.emulateMedia({ colorScheme: "light" });
    await page.goto(session.server.url);
    await page.waitForSelector(views[0].ready);
    const light = await paper();
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(paper).not.toBe(light);
    await page.getByRole("button", { name: "Light colours" }).click();
    expect(await paper()).toBe(light);
    await page.emulateMedia({ colorScheme: "light" });
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await paper()).toBe(light);
  } finally {
    await page.evaluate("localStorage.clear()");
    await page.close();
  }
});

test.each(views)("$path: no wider than a phone, also where it was wider before", async (view) => {
  const page = await session.browser.context.newPage();
  try {
    await page.goto(session.server.url + view.path);
    await page.waitForSelector(view.ready);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForFunction("document.documentElement.scrollWidth <= 390");
  } finally {
    await page.close();
  }
});
