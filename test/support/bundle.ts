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

/**
 * A page that calls `run` of one script and keeps its promise as `globalThis.outcome`; returns the folder
 * to serve. (A bare import would be dropped: the package says that its files have no side effects.)
 */
export async function bundleForBrowser(script: string): Promise<string> {
  const folder = mkdtempSync(join(root, "node_modules", ".ewald-test-"));
  const page = `<!doctype html><title>Ewald</title><script type="module" src="./entry.ts"></script>`;
  writeFileSync(join(folder, "index.html"), page);
  const entry = `import { run } from ${JSON.stringify(join(root, script))};
globalThis.outcome = run().catch((error) => ({ error: String(error) }));`;
  writeFileSync(join(folder, "entry.ts"), entry);
  await build({
    configFile: false,
    root: folder,
    logLevel: "error",
    resolve: { conditions: ["ewald-source", "module", "browser", "development|production"] },
    build: { outDir: join(folder, "out"), minify: false, target: "es2022" },
  });
  return join(folder, "out");
}
