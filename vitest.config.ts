import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/browser/**"],
    // Parsing and training tests share two cores with whatever else runs: a hang is minutes, not seconds.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
