/** What the build of the page does beside bundling: security policy, models, offline copy. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { SECURITY_POLICY } from "../src/server/headers.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
/** EWALD_MODELS names another folder than the package's (models still in training). */
const modelFolder = process.env["EWALD_MODELS"] ?? join(here, "..", "models");

/** The policy as a `meta` element too: it then holds on servers that send no headers. */
export function securityPolicy(): Plugin {
  return {
    name: "ewald-security-policy",
    apply: "build",
    transformIndexHtml: (html) => ({
      html,
      tags: [
        {
          tag: "meta",
          injectTo: "head-prepend",
          attrs: { "http-equiv": "Content-Security-Policy", content: SECURITY_POLICY },
        },
      ],
    }),
  };
}

/** The trained models beside the page, so that a static server suffices. The package leaves this copy out: `ewald serve` has `models/`. */
export function models(): Plugin {
  let outDir = "";
  return {
    name: "ewald-models",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    configureServer(server) {
      server.middlewares.use("/models", (request, response: ServerResponse) => {
        const file = join(modelFolder, decodeURI((request.url ?? "/").split("?")[0]!));
        if (!file.startsWith(modelFolder) || !existsSync(file) || !statSync(file).isFile())
          response.writeHead(404).end();
        else response.end(readFileSync(file));
      });
    },
    closeBundle() {
      cpSync(modelFolder, join(outDir, "models"), { recursive: true, dereference: true });
    },
  };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** Files that the first visit does not need: they are fetched once it is served. */
const LATER = /^models\/|ort-wasm/;

/** Writes the service worker with the names of all files and a version that changes with any of them. */
export function offline(): Plugin {
  let outDir = "";
  return {
    name: "ewald-offline",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: {
      order: "post",
      sequential: true,
      handler() {
        const files = filesUnder(outDir).filter(
          (name) => name !== "service-worker.js" && !name.startsWith("reference/"),
        );
        const hash = createHash("sha256");
        for (const name of files) hash.update(name).update(readFileSync(join(outDir, name)));
        const now = files.filter((name) => !LATER.test(name) && name !== "index.html");
        const later = files.filter((name) => LATER.test(name));
        const script = readFileSync(join(here, "service-worker.js"), "utf8")
          .replace("__VERSION__", hash.digest("hex").slice(0, 16))
          .replace('["__NOW__"]', JSON.stringify(["./", ...now]))
          .replace('["__LATER__"]', JSON.stringify(later));
        writeFileSync(join(outDir, "service-worker.js"), script);
      },
    },
  };
}
