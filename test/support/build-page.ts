/** Builds the page, and the reference of the library beside it, once, before the browser's tests. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const INDEX = "web/dist/index.html";

function newest(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes("dist"))
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}

/** Nothing to do where what is built is newer than its sources. */
export function setup(): void {
  const sources = ["web", "src", "examples", "models"].map(newest);
  if (existsSync(INDEX) && statSync(INDEX).mtimeMs > Math.max(...sources)) return;
  for (const command of [
    ["node_modules/vite/bin/vite.js", "build", "web", "--logLevel", "error"],
    ["node_modules/typedoc/bin/typedoc", "--logLevel", "Warn"],
  ])
    execFileSync(process.execPath, command, { stdio: "inherit" });
}
