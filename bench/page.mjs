// bench: page: first load, first answer cold and warm, pauses, a cell simulated, a cell turned in 3D, in Chromium
//
// Wall times in a real Chromium (EWALD_CHROMIUM names another than Debian's) without a GPU, on the built page as `ewald serve`
// hosts it. Cold is a fresh profile each time: nothing cached, WebAssembly compiled, networks loaded.
// `npm run bench -- page first-load` measures the size of the first load alone, which no other load on the machine changes.
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { servePage } from "../dist/server/serve-page.node.js";
import { median, report } from "./support.mjs";

const started = performance.now();
const [loadBefore] = loadavg();
const COLD_ROUNDS = 5;
const WARM_ROUNDS = 9;
const FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"];

/** In the page from its first moment: when answers appear, and how long the main thread was held. */
function watch() {
  globalThis.seen = [];
  globalThis.pauses = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.pauses.push(duration);
  }).observe({ entryTypes: ["longtask"] });
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node.nodeType === 1 && (node.matches(".verdict") || node.querySelector(".verdict")))
          globalThis.seen.push(performance.now());
  }).observe(document, { childList: true, subtree: true });
}

async function withChromium(use) {
  const profile = mkdtempSync(join(tmpdir(), "ewald-bench-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.EWALD_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
  });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    return await use(page);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

const server = await servePage({ folder: "web/dist", models: "models", port: 0 });

async function coldAnswer() {
  return withChromium(async (page) => {
    await page.goto(`${server.url}#/example/quartz-scan`);
    await page.waitForSelector(".verdict");
    return page.evaluate(() => ({
      answer: globalThis.seen[0],
      pause: Math.max(0, ...globalThis.pauses),
    }));
  });
}

/** The same file again and again, from its being chosen to the answer. */
async function warmAnswers(page) {
  await page.goto(`${server.url}#/example/quartz-scan`);
  await page.waitForSelector(".verdict");
  return page.evaluate(async (rounds) => {
    const name = performance
      .getEntriesByType("resource")
      .find((entry) => /quartz-simulated.*\.xy/.test(entry.name)).name;
    const bytes = await (await fetch(name)).arrayBuffer();
    globalThis.pauses.length = 0;
    const times = [];
    for (let i = 0; i < rounds; i++) {
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], `again-${i}.xy`));
      const input = document.querySelector("[data-testid=file-input]");
      input.files = transfer.files;
      const before = globalThis.seen.length;
      const start = performance.now();
      input.dispatchEvent(new Event("change", { bubbles: true }));
      while (globalThis.seen.length === before) await new Promise((next) => setTimeout(next, 2));
      times.push(globalThis.seen[before] - start);
    }
    return { times, pause: Math.max(0, ...globalThis.pauses) };
  }, WARM_ROUNDS);
}

/** Orthorhombic CaTiO3, 20 atoms: S. Sasaki, C. T. Prewitt, J. D. Bass, W. A. Schulze, Acta Cryst. C43 (1987) 1668. */
const PEROVSKITE = `data_catio3
_cell_length_a 5.3796
_cell_length_b 5.4423
_cell_length_c 7.6401
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_space_group_name_H-M_alt 'P b n m'
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Ca -0.00676 0.03602 0.25
Ti 0 0.5 0
O1 0.0714 0.4838 0.25
O2 0.7108 0.2888 0.0371
`;

/** Rock salt, 3 × 3 × 3 cells: 216 atoms, all listed. */
function largeCell() {
  const cells = [0, 1, 2];
  const places = [
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ];
  const atoms = cells.flatMap((x) =>
    cells.flatMap((y) =>
      cells.flatMap((z) =>
        places.flatMap(([u, v, w]) =>
          [0, 1].map(
            (cl) =>
              [(x + (u + cl) / 2) / 3, (y + v / 2) / 3, (z + w / 2) / 3]
                .map((value) => (value % 1).toFixed(6))
                .join(" ") + (cl ? " Cl" : " Na"),
          ),
        ),
      ),
    ),
  );
  const of = (symbol) =>
    atoms.filter((line) => line.endsWith(symbol)).map((line) => line.slice(0, -3));
  const coordinates = [...of("Na"), ...of("Cl")];
  return [
    "rock salt",
    "1.0",
    "16.92 0 0",
    "0 16.92 0",
    "0 0 16.92",
    "Na Cl",
    "108 108",
    "Direct",
    ...coordinates,
    "",
  ].join("\n");
}

async function openText(page, name, text) {
  await page
    .getByTestId("file-input")
    .setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
}

async function simulated(page) {
  await page.goto(server.url);
  await openText(page, "catio3.cif", PEROVSKITE);
  const times = [];
  for (let i = 0; i < 15; i++) {
    const text = await page.locator("summary", { hasText: "computed in" }).textContent();
    times.push(Number(/computed in ([\d.]+) ms/.exec(text)[1]));
    await page.getByLabel("to (°)", { exact: true }).fill(String(90 - (i % 2)));
    await page.keyboard.press("Enter");
    await page.waitForTimeout(120);
  }
  // The first is compilation.
  return median(times.slice(1));
}

/** Milliseconds from one frame to the next while a cell of 216 atoms is turned. */
async function turned(page) {
  await page.goto(server.url);
  await openText(page, "large.vasp", largeCell());
  await page.getByRole("group", { name: /Unit cell/ }).waitFor();
  await page.waitForTimeout(500);
  return page.evaluate(async () => {
    const panel = document.querySelector("[aria-label^='Unit cell']");
    const frame = () => new Promise((next) => requestAnimationFrame(next));
    const times = [];
    let before = await frame();
    for (let i = 0; i < 60; i++) {
      panel.dispatchEvent(
        new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true, cancelable: true }),
      );
      const now = await frame();
      times.push(now - before);
      before = now;
    }
    return times.sort((a, b) => a - b)[30];
  });
}

async function firstLoad(page) {
  const loaded = new Set();
  page.on("response", (response) => loaded.add(response.url()));
  await page.goto(server.url);
  await page.waitForLoadState("load");
  await page.waitForTimeout(1000);
  const files = [...loaded].filter((url) => !/\.wasm$|\/models\//.test(url));
  const sizes = await Promise.all(
    files.map(async (url) => gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}

const round = (value, digits = 0) => Number(value.toFixed(digits));
const row = (key, quantity, value, unit, n) => ({ key, quantity, value, unit, n });

async function sizes() {
  const kilobytes = await withChromium(firstLoad);
  const quantity = "first load, gzip, without WebAssembly and models";
  return [row("first-load", quantity, round(kilobytes), "kB", 1)];
}

async function times() {
  const cold = [];
  for (let i = 0; i < COLD_ROUNDS; i++) cold.push(await coldAnswer());
  const warm = await withChromium(warmAnswers);
  const cellMs = await withChromium(simulated);
  const frameMs = await withChromium(turned);
  return [
    row(
      "cold",
      "first example answered, nothing cached, median",
      round(median(cold.map(({ answer }) => answer))),
      "ms",
      COLD_ROUNDS,
    ),
    row(
      "cold-pause",
      "longest task of the main thread meanwhile (0: none over 50 ms), worst",
      round(Math.max(...cold.map(({ pause }) => pause))),
      "ms",
      COLD_ROUNDS,
    ),
    row(
      "warm",
      "a scan answered, from the file chosen, median",
      round(median(warm.times)),
      "ms",
      WARM_ROUNDS,
    ),
    row(
      "warm-pause",
      "longest task of the main thread meanwhile (0: none over 50 ms)",
      round(warm.pause),
      "ms",
      WARM_ROUNDS,
    ),
    row("simulate-20", "powder pattern of a 20-atom cell, median", round(cellMs, 1), "ms", 14),
    row(
      "turn-216",
      "frame to frame while a cell of 216 atoms turns, no GPU, median",
      round(frameMs, 1),
      "ms",
      60,
    ),
  ];
}

const sizeOnly = process.argv[2] === "first-load";
const rows = [...(await sizes()), ...(sizeOnly ? [] : await times())];
await server.close();
// Wall times are those of the machine as it was: what else ran on it stands beside them.
const note = `load average ${loadBefore.toFixed(1)} to ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`;
await report(
  "page",
  "The page in Chromium",
  `npm run bench -- page${sizeOnly ? " first-load" : ""}`,
  started,
  rows.map((entry) => ({ ...entry, note })),
  [],
);
