/** What runs can be called off, and asked again; a newer question does not throw away what is loaded. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { Random } from "../../../src/math/random.ts";
import { openFiles, pageSession, watch } from "../../support/page.ts";

const session = pageSession();
let page: Page;
/** Lets the models through. */
let release: () => void;
let workers = 0;

/** A page whose models do not come before they are let through: work that takes as long as a test wants. */
beforeEach(async () => {
  page = await session.browser.context.newPage();
  const watched = watch(page, session.server.url);
  workers = 0;
  page.on("worker", () => workers++);
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  // The offline copy would answer in place of the server.
  await page.addInitScript("delete Navigator.prototype.serviceWorker");
  await page.route("**/models/**", async (route) => {
    await held;
    // Whoever asked may have been called off.
    await route.continue().catch(() => undefined);
  });
  return async () => {
    release();
    await page.close();
    expect(watched).toEqual({ outside: [], errors: [] });
  };
});

test("an identification", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByRole("status").filter({ hasText: "loading" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  const again = page.getByRole("button", { name: "Find the structure type" });
  await again.waitFor();
  expect(await page.getByRole("button", { name: "Cancel" }).count()).toBe(0);
  expect(workers).toBe(1);
  release();
  await again.click();
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  // What ran was ended, not waited for.
  expect(workers).toBe(2);
});

test("a prediction", async () => {
  await page.goto(`${session.server.url}#/example/quartz`);
  const ask = page.getByRole("button", { name: "Predict properties" });
  await ask.click();
  await page.getByRole("status").filter({ hasText: "loading" }).waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await ask.waitFor();
  expect(await page.getByRole("table", { name: /Predicted by networks/ }).count()).toBe(0);
  release();
  await ask.click();
  await page.getByRole("table", { name: /Predicted by networks/ }).waitFor();
  expect(workers).toBe(2);
});

test("a newer question takes the place of the one that runs, in the same worker", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByRole("status").filter({ hasText: "loading" }).waitFor();
  await page.getByLabel("Composition, if measured").fill("SiO2");
  await page.getByRole("button", { name: "Use", exact: true }).click();
  await page.getByRole("status").filter({ hasText: "waiting" }).waitFor();
  release();
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  expect(workers).toBe(1);
});

test("what a large structure takes", async () => {
  // 1,728 atoms without symmetry: some 75,000 reflections.
  const random = Random.fromSeed(1, "large");
  const atoms = Array.from({ length: 12 ** 3 }, (_, i) =>
    [i % 12, Math.floor(i / 12) % 12, Math.floor(i / 144)]
      .map((place) => ((place + 0.5 + 0.2 * random.uniform()) / 12).toFixed(5))
      .join(" "),
  );
  const path = join(session.folder, "large.vasp");
  const cell = ["36 0 0", "0 36.5 0", "0 0 37"];
  writeFileSync(path, ["glass", "1.0", ...cell, "Si", "1728", "Direct", ...atoms, ""].join("\n"));
  await page.goto(session.server.url);
  await openFiles(page, [path]);
  const running = page.getByRole("status").filter({ hasText: "computing" });
  // Not click(): it waits for frames, which a machine that draws in software may give only when all is done.
  await running.getByRole("button", { name: "Cancel" }).dispatchEvent("click");
  await page.getByText("Stopped before all was computed.").waitFor();
  await openFiles(page, ["examples/halite.cif"]);
  await page.getByRole("heading", { name: "NaCl" }).waitFor();
});
