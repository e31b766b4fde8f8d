/** A scan on the page: wavelength asked, elements, references, processing taken back, another candidate drawn. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { hasShared } from "../../support/shared.ts";
import { measured } from "../../systems/structure-type/support.ts";
import { openFiles, pagePerTest, pageSession } from "../../support/page.ts";

const session = pageSession();
const { folder } = session;
const opened = pagePerTest(session);
let page: Page;
beforeEach(() => {
  page = opened();
});

test("a file without wavelength: asked, not assumed; the answer comes once it is given", async () => {
  const bare = readFileSync("examples/quartz-simulated.xy", "utf8")
    .split("\n")
    .filter((line) => !/^# (?:anode|K-Alpha|ratio)/.test(line))
    .join("\n");
  const path = join(folder, "bare.xy");
  writeFileSync(path, bare);
  await openFiles(page, [path]);
  await page.getByRole("heading", { name: "With which wavelength" }).waitFor();
  await page.getByText("Waits for the wavelength.").waitFor();
  await page.getByRole("button", { name: "Cu Kα" }).click();
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  expect(await page.getByRole("heading", { name: "With which wavelength" }).count()).toBe(0);
});

test("elements: typed, refused with a reason, by the periodic table", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  const composition = page.getByLabel("Composition, if measured");
  await composition.fill("Qq 3");
  await page.getByRole("button", { name: "Use", exact: true }).click();
  await page.getByRole("alert").getByText(/Qq/).waitFor();
  await composition.fill("SiO2");
  await page.getByRole("button", { name: "Use", exact: true }).click();
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  await page.getByText("Must, may, any of, never").click();
  await page.getByRole("button", { name: "Si, nothing known" }).click();
  await page.getByRole("button", { name: "Si, must be there" }).waitFor();
  await page.keyboard.press("ArrowRight");
  expect(await page.evaluate("document.activeElement.dataset.symbol")).toBe("P");
  await page.getByRole("button", { name: "Forget the elements" }).click();
  await page.getByRole("button", { name: "Si, nothing known" }).waitFor();
});

test("a composition is echoed while one types; what is unlikely or lacks its unit is one click away", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  const composition = page.getByLabel("Composition, if measured");
  const echo = page.getByTestId("understood");
  await composition.fill("SIO2");
  await echo.getByText(/Understood: sulfur, iodine, oxygen 1 : 1 : 2;/).waitFor();
  // The answer stays, dimmed, until one asks.
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  expect(await page.locator(".stale").count()).toBe(1);
  // Neither the plot nor paper shows it as the answer to what is typed.
  expect(await page.getByText("α-quartz, calculated").count()).toBe(0);
  await page.emulateMedia({ media: "print" });
  expect(await page.locator(".stale").isVisible()).toBe(false);
  expect(await page.getByText("Not answered yet as it is asked now.").isVisible()).toBe(true);
  await page.emulateMedia({ media: null });
  await echo.getByRole("button", { name: "SiO2", exact: true }).click();
  await echo
    .getByText(/Understood: silicon, oxygen 1 : 2; there: O, Si; perhaps: H,.*nothing else/)
    .waitFor();
  await page.locator(".stale").waitFor({ state: "detached" });
  await composition.fill("Si 33.3 O 66.7");
  await page.getByRole("button", { name: "Use", exact: true }).click();
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  await echo.getByRole("button", { name: /wt%/ }).waitFor();
  await echo.getByRole("button", { name: /at%/ }).click();
  await echo.getByText(/Understood: silicon 33.3, oxygen 66.7 at%/).waitFor();
  expect(await composition.inputValue()).toBe("Si 33.3 O 66.7 at%");
});

test("a pasted table keeps its lines", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  const composition = page.getByLabel("Composition, if measured");
  await composition.fill(
    "Element\tWt%\tWt% Sigma\nO K\t53,3\t0,8\nSi K\t46,7\t0,5\nTotal\t100,0\n",
  );
  const echo = page.getByTestId("understood");
  await echo.getByText(/Understood: oxygen 66.7 ± 0.4, silicon 33.3 ± 0.4 at%/).waitFor();
  await composition.fill("Element\tConc.\nO\t66.7\nSi\t33.3\n");
  await echo.getByRole("button", { name: "at%", exact: true }).click();
  await echo.getByText(/Understood: oxygen 66.7, silicon 33.3 at%/).waitFor();
});

test("may closes the list, and says so; any of is among the states", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByText("Must, may, any of, never").click();
  const echo = page.getByTestId("understood");
  await page.getByRole("button", { name: "Si, nothing known" }).click();
  await echo.getByText("there: Si; anything else may be there").waitFor();
  await page.getByRole("button", { name: "Si, must be there" }).click();
  await echo.getByText("perhaps: Si; nothing else").waitFor();
  await page.getByRole("button", { name: "Si, may be there" }).click();
  await echo.getByText("at least one of: Si; anything else may be there").waitFor();
  await page.getByRole("button", { name: "Si, one of these is there" }).click();
  await echo.getByText("not there: Si; anything else may be there").waitFor();
  await page.getByRole("button", { name: "Forget the elements" }).click();
});

test("a structure of the user's own is laid over the scan", async () => {
  await openFiles(page, ["examples/quartz.cif"]);
  await page.getByRole("heading", { name: "SiO₂" }).waitFor();
  await openFiles(page, ["examples/quartz-simulated.xy"]);
  await page.getByLabel("quartz.cif", { exact: true }).check();
  await page.getByText("quartz.cif, cell as given").waitFor();
  await page.getByText(/^agreement 0\.[89]\d, cell as given; \d+ % of the peaks/).waitFor();
  await page.getByText("difference (observed − calculated)").waitFor();
});

test("a structure that is absent keeps its cell and lies low; its cell breathes when that is asked for", async () => {
  await openFiles(page, ["examples/rutile.cif"]);
  await page.getByRole("heading", { name: "TiO₂" }).waitFor();
  await openFiles(page, ["examples/quartz-simulated.xy"]);
  await page.getByLabel("rutile.cif", { exact: true }).check();
  await page.getByText(/^agreement 0\.[0-3]\d, cell as given/).waitFor();
  await page.getByText("a = 4.593, c = 2.959 Å", { exact: true }).waitFor();
  const breathe = page.getByLabel("let the cell breathe by up to");
  expect(await breathe.isChecked()).toBe(false);
  const percent = page.getByLabel("Largest change of the cell, %");
  expect(await percent.inputValue()).toBe("1");
  await breathe.check();
  await page.getByText("rutile.cif, cell fitted").waitFor();
  await page
    .getByText(
      /: a [+−]\d\.\d\d %, b [+−]\d\.\d\d %, c [+−]\d\.\d\d %; zero shift\s+-?0\.\d+°\. As given: agreement 0\./,
    )
    .waitFor();
  await percent.fill("30");
  await percent.press("Tab");
  await page
    .getByRole("alert")
    .getByText(/^Above 0 and up to 10 %/)
    .waitFor();
  await breathe.uncheck();
  await page.getByText("rutile.cif, cell as given").waitFor();
});

test("a wrong tube is doubted, with the right one to click", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  const wavelength = page.getByLabel("Line or wavelength (Å)");
  await wavelength.fill("CoKa12");
  await wavelength.press("Tab");
  await page.getByText("This looks like Cu Kα, not Co Kα", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Keep Co Kα" }).click();
  await page
    .getByText("This looks like Cu Kα, not Co Kα", { exact: true })
    .waitFor({ state: "detached" });
  await wavelength.fill("MoKa12");
  await wavelength.press("Tab");
  await page.getByRole("button", { name: "Use Cu Kα" }).click();
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
  expect(await wavelength.inputValue()).toBe("CuKa12");
});

test.skipIf(!hasShared)(
  "types that the scan cannot tell apart: both are named, elements to click",
  async () => {
    const [range] = (await measured("powdr_rockjock/HEMATITE")).ranges;
    const { values } = range!.axis;
    const path = join(folder, "hematite.xy");
    writeFileSync(path, Array.from(values, (at, i) => `${at} ${range!.intensity[i]!}`).join("\n"));
    await openFiles(page, [path]);
    await page.getByRole("button", { name: "Cu Kα" }).click();
    await page.getByText(/cannot tell them apart. Which elements are in it\?/).waitFor();
    const elements = page
      .getByRole("group", { name: "Which elements are in it?" })
      .getByRole("button");
    expect(await elements.count()).toBeGreaterThan(1);
    await elements.filter({ hasText: "Fe, O alone" }).click();
    await page.locator(".verdict").getByText("corundum", { exact: true }).waitFor();
  },
);

test("background: drawn, taken off, taken back", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  const background = page.getByLabel("Background");
  await background.selectOption("snip-drawn");
  await page.locator("figcaption").getByText("background", { exact: true }).waitFor();
  await background.selectOption("snip-off");
  await page
    .locator("figcaption")
    .getByText("background", { exact: true })
    .waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await page.locator("figcaption").getByText("background", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  expect(await background.inputValue()).toBe("none");
});

test("another candidate's lines are drawn when asked for", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByText("α-quartz, calculated").waitFor();
  await page.getByRole("button", { name: /^and (?:another|\d others) that do/ }).click();
  await page.getByRole("radio").nth(1).check();
  await page.getByText("α-quartz, calculated").waitFor({ state: "detached" });
  await page.getByText(/, calculated$/).waitFor();
  await page.getByText(/^where the network looked for (?!α-quartz)/).waitFor();
});

test("the average pattern of the type: fetched when it is asked for, and drawn with its name", async () => {
  const fetched: string[] = [];
  page.on("request", (request) => fetched.push(request.url()));
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByText("α-quartz, calculated").waitFor();
  const box = page.getByLabel("what all compounds of the type have in common");
  await box.check();
  const key = page
    .locator("figcaption")
    .getByText(/^what \d+ compounds of α-quartz have in common$/);
  await key.waitFor();
  expect(fetched.filter((url) => url.endsWith("averages.bin"))).toHaveLength(1);
  await page.getByRole("button", { name: /^and (?:another|\d others) that do/ }).click();
  await page.getByRole("radio").nth(1).check();
  await page
    .locator("figcaption")
    .getByText(/^what \d+ compounds of (?!α-quartz)/)
    .waitFor();
  await box.uncheck();
  await page
    .locator("figcaption")
    .getByText(/^what \d+ compounds of/)
    .waitFor({ state: "detached" });
});

test("the cross-hair says 2θ, d, Q and the reflection; keys zoom", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByText("α-quartz, calculated").waitFor();
  const plot = page.getByRole("group", { name: /Powder scan/ });
  await plot.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("+");
  await page.getByRole("button", { name: "whole range" }).waitFor();
  await page.keyboard.press("ArrowRight");
  const text = await page.getByTestId("readout").textContent();
  expect(text).toMatch(/2θ \d+\.\d{3}°.*d \d\.\d{4} Å.*Q \d\.\d{4} Å⁻¹.*I /);
});

/** Numbers at the axis of a saved figure, and what it says of itself. */
function figureOf(svg: string): { numbers: number[]; seen: string } {
  const numbers = [...svg.matchAll(/class="x-number"[^>]*>([^<]*)</g)].map(([, one]) =>
    Number(one),
  );
  return { numbers, seen: /<desc>([^<]*)</.exec(svg)![1]! };
}

test("the figure that is saved is what is seen: range, scale, marks", async () => {
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByText("α-quartz, calculated").waitFor();
  await page
    .locator("figcaption")
    .getByText(/where the network looked/)
    .waitFor();
  const saved = async (): Promise<string> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "figure as SVG" }).click();
    return readFileSync(await (await download).path(), "utf8");
  };
  const whole = figureOf(await saved());
  await page.getByRole("button", { name: "log", exact: true }).click();
  await page.getByRole("group", { name: /Powder scan/ }).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("+");
  await page.getByRole("button", { name: "whole range" }).waitFor();
  const said = await page.getByTestId("seen").first().textContent();
  const svg = await saved();
  const { numbers, seen } = figureOf(svg);
  expect(seen).toBe(said);
  const [, from, to] = /^(\S+) to (\S+), log scale$/.exec(seen)!.map(Number);
  expect(numbers[0]!).toBeGreaterThanOrEqual(from!);
  expect(numbers.at(-1)!).toBeLessThanOrEqual(to!);
  expect(to! - from!).toBeLessThan(0.3 * (whole.numbers.at(-1)! - whole.numbers[0]!));
  expect(svg).toContain("(log scale)");
  for (const part of ["observed", "calculated", "ticks", "difference", "evidence"])
    expect(svg).toContain(`class="${part}" d="M`);
});

test("print shows the whole figure within the page, black on white, from dark mode, too", async () => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByText("α-quartz, calculated").waitFor();
  await page.setViewportSize({ width: 700, height: 1000 });
  await page.emulateMedia({ colorScheme: "dark", media: "print" });
  const figure = page.locator(".printed svg");
  await figure.waitFor();
  const box = (await figure.boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(700);
  const numbers = await figure.locator(".x-number").allTextContents();
  const [, from, to] = /^(\S+) to ([^,]+),/.exec(
    (await page.getByTestId("seen").first().textContent())!,
  )!;
  expect(Number(numbers[0])).toBeLessThan(Number(from) + 11);
  expect(Number(numbers.at(-1))).toBeGreaterThan(Number(to) - 11);
  expect(await page.locator("canvas").first().isVisible()).toBe(false);
  for (const control of ["button", "input", "select", "textarea", "header", "nav", "form"])
    for (const one of await page.locator(control).all())
      expect([control, await one.isVisible()]).toEqual([control, false]);
  expect(await page.getByText("α-quartz", { exact: true }).first().isVisible()).toBe(true);
  const style = "getComputedStyle(document.body)";
  expect(await page.evaluate(`${style}.backgroundColor + ${style}.color`)).toBe(
    "rgb(255, 255, 255)rgb(0, 0, 0)",
  );
  await page.emulateMedia({ colorScheme: null, media: null });
});

test("a file with a composition is offered beside the scan", async () => {
  const path = join(folder, "quant.csv");
  writeFileSync(
    path,
    "Element,Line,Wt%,Wt% Sigma,Atomic %\nO K,K,53.3,0.8,66.7\nSi K,K,46.7,0.5,33.3\n",
  );
  await openFiles(page, [path]);
  await page.getByText("A composition: O 53.3±0.8 Si 46.7±0.5 wt%").waitFor();
  await page.goto(`${session.server.url}#/example/quartz-scan`);
  await page.getByRole("button", { name: "from quant.csv" }).click();
  const composition = page.getByLabel("Composition, if measured");
  expect(await composition.inputValue()).toBe("O 53.3±0.8 Si 46.7±0.5 wt%");
  await page.getByText("α-quartz", { exact: true }).first().waitFor();
});
