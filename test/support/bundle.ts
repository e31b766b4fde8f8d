/** Bundles of the sources for tests that need plain JavaScript: child processes and browsers. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";

/** Root of the repository. */
const root = new URL("../..", import.meta.url).pathname;

/**
 * One ES module for Node that exports everything of `files` (paths from the root). It lies inside
 * node_modules, so that packages resolve as they do for the sources.
 */
export async function bundleForNode(files: readonly string[]): Promise<string> {
  const outDir = mkdtempSync(join(root, "node_modules", ".ewald-test-"));
  const entry = join(outDir, "entry.ts");
  writeFileSync(
    entry,
    files.map((file) => `export * from ${JSON.stringify(join(root, file))};`).join("\n"),
  );
  await build({
    configFile: false,
    root,
    logLevel: "error",
    ssr: { resolve: { conditions: ["ewald-source", "module", "node"] } },
    build: { ssr: entry, outDir: join(outDir, "out"), minify: false },
  });
  return join(outDir, "out", "entry.js");
}
