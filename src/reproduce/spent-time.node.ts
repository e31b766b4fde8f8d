/** Time spent on work whose results a folder keeps, over all runs that it took: a run that goes on says what the whole has cost. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "../data/replace-file.node.ts";

/** The longest time that a killed run loses, as far as its computations leave room for it. */
const KEPT_EVERY_MS = 30_000;

/** Runs `work` and returns its result with the seconds of this run and of those before it in the folder. */
export async function withSpentTime<T>(
  folder: string,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly seconds: number }> {
  const path = join(folder, "seconds.json");
  const before = Number(await readFile(path, "utf8").catch(() => "0"));
  const start = performance.now();
  const seconds = (): number => Math.round(1000 * before + performance.now() - start) / 1000;
  const keep = (): Promise<void> => replaceFile(path, (file) => file.writeFile(String(seconds())));
  const timer = setInterval(() => void keep().catch(() => undefined), KEPT_EVERY_MS);
  try {
    return { result: await work(), seconds: seconds() };
  } finally {
    clearInterval(timer);
    await keep();
  }
}
