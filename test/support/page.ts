/** The built page in a real Chromium, hosted as `ewald serve` does. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { type PageServer, servePage } from "../../src/server/serve-page.node.ts";
import { type Chromium, openChromium } from "./browser.ts";

/** The page as `ewald serve` hosts it. */
export async function servedPage(): Promise<PageServer> {
  return servePage({ folder: "web/dist", models: "web/dist/models", port: 0 });
}

interface PageSession {
  readonly browser: Chromium;
  readonly server: PageServer;
  /** For files that a test drops on the page. */
  readonly folder: string;
}

/** Chromium and the page as `ewald serve` hosts it, for all tests of the file that calls this at its top. */
export function pageSession(): PageSession {
  const folder = mkdtempSync(join(tmpdir(), "ewald-page-"));
  let browser: Chromium;
  let server: PageServer;
  beforeAll(async () => {
    [browser, server] = await Promise.all([openChromium(), servedPage()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get browser() {
      return browser;
    },
    get server() {
      return server;
    },
    folder,
  };
}

/** A page for each test of the file, opened and watched; nothing may have gone wrong or out when the test ends. */
export function pagePerTest(session: PageSession): () => Page {
  let page: Page;
  beforeEach(async () => {
    page = await session.browser.context.newPage();
    const watched = watch(page, session.server.url);
    await page.goto(session.server.url);
    return async () => {
      await page.close();
      expect(watched).toEqual({ outside: [], errors: [] });
    };
  });
  return () => page;
}

/** Drops files on the page as a person does. */
export async function openFiles(page: Page, files: readonly string[]): Promise<void> {
  await page.getByTestId("file-input").setInputFiles([...files]);
}

interface Watched {
  /** Requests that left for another origin than the page's own. */
  readonly outside: string[];
  readonly errors: string[];
}

/** Listens to requests and errors of a page, from before it is opened. */
export function watch(page: Page, origin: string): Watched {
  const outside: string[] = [];
  const errors: string[] = [];
  page.context().on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(?:blob|data):/.test(url)) outside.push(url);
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return { outside, errors };
}
