/**
 * Hosts the page on this machine: the files of `web/dist` and, below `models/`, the trained models of the package. Only to this
 * machine unless told otherwise, only GET and HEAD, never a file outside of the two folders but the networks' runtime. The
 * reference of the library is served where the build wrote it; the package leaves it out, and the server says where it is.
 */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, relative, resolve, sep } from "node:path";
import { EwaldError } from "../errors.ts";
import { PAGE_HEADERS, REFERENCE_POLICY } from "./headers.ts";

export interface PageServerOptions {
  /** The built page. */
  readonly folder: string;
  /** Folder of the trained models. */
  readonly models: string;
  /**
   * The networks' runtime (WebAssembly), for a page without one beside it: the package leaves out what its dependency brings
   * anyway, 14 MB.
   */
  readonly runtime?: string;
  /** 0 takes any that is free. */
  readonly port: number;
}

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".wasm": "application/wasm",
};
/** Names of the page's own built files hold a hash of what is in them: they never change. Those of the reference do not. */
const NEVER_CHANGES = `assets${sep}`;

const NO_REFERENCE = `The reference of the library is not here: the package leaves it out.

In a clone of the source,

    npm install
    npm run build
    node dist/cli/main.js serve

writes it and serves it with the page. Editors show the same texts: they stand in the types of the package.
`;

/** The runtime as the built page names it, with a hash of what is in it. */
const RUNTIME = /^\/assets\/ort-wasm-simd-threaded[^/]*\.wasm$/;

/** The file that a request means; null for none. */
function fileOf(address: string, { folder, models, runtime }: PageServerOptions): string | null {
  let path: string;
  try {
    path = decodeURIComponent(new URL(address, "http://localhost").pathname);
  } catch {
    return null;
  }
  if (path.includes("\0")) return null;
  if (runtime !== undefined && RUNTIME.test(path)) return runtime;
  const [root, inside] = path.startsWith("/models/")
    ? [models, path.slice("/models/".length)]
    : [folder, path.slice(1)];
  const file = resolve(root, path.endsWith("/") ? `${inside}index.html` : inside);
  return file.startsWith(resolve(root) + sep) ? file : null;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: PageServerOptions,
): Promise<void> {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
  const isReference = request.url?.startsWith("/reference/") === true;
  if (isReference) response.setHeader("Content-Security-Policy", REFERENCE_POLICY);
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.writeHead(405, { Allow: "GET, HEAD" }).end();
    return;
  }
  const file = fileOf(request.url ?? "/", options);
  const found = file === null ? null : await stat(file).catch(() => null);
  if (file === null || found === null || !found.isFile()) {
    const words = isReference ? NO_REFERENCE : "not found\n";
    response.writeHead(404, { "Content-Type": "text/plain" }).end(words);
    return;
  }
  const tag = `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`;
  response.setHeader("ETag", tag);
  response.setHeader(
    "Cache-Control",
    relative(options.folder, file).startsWith(NEVER_CHANGES)
      ? "public, max-age=31536000, immutable"
      : "no-cache",
  );
  if (request.headers["if-none-match"] === tag) {
    response.writeHead(304).end();
    return;
  }
  response.writeHead(200, {
    "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
    "Content-Length": found.size,
  });
  if (request.method === "HEAD") response.end();
  else
    createReadStream(file)
      .on("error", () => response.destroy())
      .pipe(response);
}

/** @throws EwaldError `serve/not-built`, `serve/port` */
export async function servePage(options: PageServerOptions): Promise<PageServer> {
  const index = await stat(join(options.folder, "index.html")).catch(() => null);
  if (index === null)
    throw new EwaldError("serve/not-built", "the page is not built", {
      value: options.folder,
      hint: "Run npm run build.",
    });
  const server = createServer((request, response) => {
    answer(request, response, options).catch(() => response.destroy());
  });
  await new Promise<void>((listening, refused) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      refused(
        new EwaldError("serve/port", `port ${options.port} cannot be used: ${cause.message}`, {
          value: options.port,
          hint: "Give another with --port, or 0 for any that is free.",
          cause,
        }),
      );
    });
    server.listen(options.port, "localhost", listening);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
