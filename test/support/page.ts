/** The built page in a real Chromium, hosted as `ewald serve` does. */
import type { Page } from "playwright-core";
import { type PageServer, servePage } from "../../src/server/serve-page.node.ts";

/** The page as `ewald serve` hosts it. */
export async function servedPage(): Promise<PageServer> {
  return servePage({ folder: "web/dist", models: "web/dist/models", port: 0 });
}

/** Drops files on the page as a person does. */
export async function openFiles(page: Page, files: readonly string[]): Promise<void> {
  await page.getByTestId("file-input").setInputFiles([...files]);
}

export interface Watched {
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
