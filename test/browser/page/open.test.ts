/** The page reads what is dropped on it: a structure gives a pattern, a scan a plot, a bad file a message. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";
import { openFiles, pagePerTest, pageSession } from "../../support/page.ts";

const session = pageSession();
const { folder } = session;
const opened = pagePerTest(session);
let page: Page;
beforeEach(() => {
  page = opened();
});

describe("files", () => {
  test("a structure gives its powder pattern", async () => {
    await openFiles(page, ["examples/quartz.cif"]);
    await page.getByRole("heading", { name: "SiO₂" }).waitFor();
    await page.getByRole("group", { name: /Simulated powder pattern/ }).waitFor();
    await page.getByRole("group", { name: /Unit cell of SiO₂/ }).waitFor();
    await page.getByText("29 reflections").waitFor();
    await page.getByRole("button", { name: "Reciprocal space" }).click();
    await page.getByRole("group", { name: /Reciprocal lattice/ }).waitFor();
    expect(page.url()).toMatch(/#\/file\/\d+\/reciprocal$/);
  });

  test("a scan gives a plot with its range, wavelength and counts", async () => {
    await openFiles(page, ["examples/quartz-simulated.xy"]);
    await page.getByText("2,334 points").waitFor();
    await page
      .getByText(/λ = 1\.54056, 1\.54439 Å/)
      .first()
      .waitFor();
    await page.getByRole("group", { name: /Powder scan/ }).waitFor();
  });

  test("a bad file gives a message and the page goes on", async () => {
    const bad = join(folder, "bad.cif");
    writeFileSync(bad, "data_x\nloop_\n_a\n_b\n1 2 3\n");
    await openFiles(page, [bad]);
    await page.getByRole("alert").getByText("cif/").waitFor();
    await openFiles(page, ["examples/halite.cif"]);
    await page.getByRole("heading", { name: "NaCl" }).waitFor();
  });

  test("the first key leads past the head of the page, and the view stays", async () => {
    await openFiles(page, ["examples/halite.cif"]);
    await page.getByRole("heading", { name: "NaCl" }).waitFor();
    await page.getByRole("link", { name: "Skip to content" }).focus();
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("content");
    await page.getByRole("heading", { name: "NaCl" }).waitFor();
    expect(page.url()).toMatch(/#\/file\/\d+$/);
  });

  test("electrons give a pattern, too; the browser's own keys stay the browser's", async () => {
    await openFiles(page, ["examples/halite.cif"]);
    const plot = page.getByRole("group", { name: /Simulated powder pattern/ });
    await plot.waitFor();
    await page.getByLabel("Radiation").selectOption("electron");
    await page.getByText(/^\d+ reflections.* as a table/).waitFor();
    expect(await page.getByLabel("Line or wavelength").inputValue()).toBe("0.0251");
    const isKept = (init: { key: string; ctrlKey?: boolean; altKey?: boolean }): Promise<boolean> =>
      plot.evaluate(
        (element, keys) =>
          element.dispatchEvent(
            new KeyboardEvent("keydown", { ...keys, bubbles: true, cancelable: true }),
          ),
        init,
      );
    expect(await isKept({ key: "+" })).toBe(false);
    expect(await isKept({ key: "+", ctrlKey: true })).toBe(true);
    expect(await isKept({ key: "ArrowLeft", altKey: true })).toBe(true);
  });

  test("what was closed can be opened again", async () => {
    for (let i = 0; i < 2; i++) {
      await page.getByRole("link", { name: "Rutile" }).click();
      await page.getByRole("heading", { name: "TiO₂" }).waitFor();
      await page.getByRole("button", { name: "Close rutile.cif" }).click();
      await page.getByText("Drop files or folders").waitFor();
    }
  });

  test("a link opens an example", async () => {
    await page.goto(`${session.server.url}#/example/rutile`);
    await page.getByRole("heading", { name: "TiO₂" }).waitFor();
  });
});

test("the reference of the library is one click away, also once the page is kept for use without a network", async () => {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.getByRole("link", { name: "Reference of the library" }).click();
  await page.getByRole("link", { name: "diffraction" }).first().click();
  await page.getByRole("heading", { name: "diffraction" }).waitFor();
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("combobox", { name: "Search" }).fill("powderPattern");
  await page
    .getByRole("option", { name: /powderPattern/ })
    .first()
    .waitFor();
});
