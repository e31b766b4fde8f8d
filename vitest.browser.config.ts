import { defineConfig } from "vitest/config";

/** Tests that drive a real Chromium (`npm run test:browser`); EWALD_CHROMIUM names another binary. */
export default defineConfig({
  ssr: { resolve: { conditions: ["ewald-source", "module", "node", "development|production"] } },
  test: {
    globalSetup: ["test/support/build-page.ts"],
    // One after the other: each drives a browser, and times are measured.
    fileParallelism: false,
    include: ["test/browser/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
