import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
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
