/** axe finds nothing serious on any view, light and dark. */
import axe from "axe-core";
import { expect, test } from "vitest";
import { pageSession } from "../../support/page.ts";

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

const session = pageSession();

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
    await page.evaluate(axe.source);
    const violations = (await page.evaluate(
      "axe.run(document).then((result) => result.violations)",
    )) as Violation[];
    const serious = violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => ({
        id,
        nodes: nodes.map(({ html, failureSummary }) => [html, failureSummary]),
      }));
    expect(serious).toEqual([]);
  } finally {
    await page.close();
  }
});
