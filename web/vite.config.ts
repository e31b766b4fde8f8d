/** The page: `web/` into `web/dist`, static files that run anywhere. `npm run build` calls it; `npx vite web` serves it while one works on it. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig, type UserConfig } from "vite";
import { models, offline, securityPolicy } from "./plugins.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const conditions = ["ewald-source", "module", "browser", "development|production"];

const page = {
  root,
  base: "./",
  plugins: [svelte(), models(), securityPolicy(), offline()],
  resolve: {
    conditions,
    // The page asks for WebAssembly by name (small networks: a GPU's start costs more than it saves). Without this the
    // GPU runtime's 28 MB would be shipped for nobody.
    alias: { "onnxruntime-web/webgpu": "onnxruntime-web/wasm" },
  },
  worker: { format: "es" },
  build: {
    target: "es2022",
    outDir: "dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { fs: { allow: [".."] } },
} satisfies UserConfig;

export default defineConfig(({ command }) => {
  // A build is one for users, also where tests started it.
  if (command === "build") process.env["NODE_ENV"] = "production";
  return page;
});
