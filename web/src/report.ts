/** The HTML report of scans, as the command line writes it. */
import { IDENTIFY } from "../../src/jobs/identify/spec.ts";
import { version } from "../../package.json";
import { save } from "./save.ts";
import { ewald } from "./state/ewald.ts";
import type { ScanItem } from "./state/scan-item.svelte.ts";
import type { RunOptions } from "./worker/client.ts";

export const MOST_REPORTED = IDENTIFY.outputs["report"]!.most;

export async function saveReport(
  items: readonly ScanItem[],
  fileName: string,
  options: RunOptions,
): Promise<void> {
  const scans = items.slice(0, MOST_REPORTED).map((item) => ({
    ...item.question(),
    name: item.name,
    figure: { look: item.plotLook, ...(item.shown === null ? {} : { drawn: item.shown }) },
  }));
  const date = new Date().toISOString().slice(0, 10);
  save(fileName, await ewald.run("report", { scans, date, version }, options), "text/html");
}
