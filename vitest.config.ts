import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Readonly<Record<string, string>>;
};

/** Examples and blocks of the documents name the package as a user does; the tests give them its sources. */
const ewald = Object.entries(exports).flatMap(([name, file]) => {
  const source = file.replace("./dist/", "./src/").replace(/\.js$/, ".ts");
  const find = new RegExp(`^${name.replace(".", "ewald")}$`);
  return file.endsWith(".js") ? [{ find, replacement: resolve(source) }] : [];
});

export default defineConfig({
  resolve: { alias: ewald },
  // For the page's state (`*.svelte.ts`).
  plugins: [svelte({ configFile: false })],
  // The `imports` map of package.json: tests run the sources, not what was last built. The other conditions
  // are Vite's own for a server.
  ssr: { resolve: { conditions: ["ewald-source", "module", "node", "development|production"] } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    // Parsing and training tests share two cores with whatever else runs: a hang is minutes, not seconds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
