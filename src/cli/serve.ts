/** Hosts the page on this machine until it is told to end. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { EwaldError } from "../errors.ts";
import { type PageServer, servePage } from "../server/serve-page.node.ts";
import type { Io } from "./io.ts";

/** `web/dist` and `models` beside `src` and `dist`, whichever this file stands in. */
const PACKAGE = new URL("../../", import.meta.url);
const PORTS_TRIED = 10;

interface ServeFlags {
  readonly port?: number;
  readonly open: boolean;
}

export async function serve(flags: ServeFlags, usualPort: number, io: Io): Promise<void> {
  const server = await start(flags.port, usualPort);
  await io.stdout(`${server.url}\n`);
  io.stderr("Ctrl-C ends it\n");
  if (flags.open) openBrowser(server.url);
  await new Promise<void>((ended) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended());
  });
  await server.close();
}

async function start(wanted: number | undefined, usualPort: number): Promise<PageServer> {
  const folders = {
    folder: fileURLToPath(new URL("web/dist", PACKAGE)),
    models: fileURLToPath(new URL("models", PACKAGE)),
    runtime: fileURLToPath(import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")),
  };
  if (wanted !== undefined) return servePage({ ...folders, port: wanted });
  for (let tried = 0; tried < PORTS_TRIED; tried++) {
    try {
      return await servePage({ ...folders, port: usualPort + tried });
    } catch (error) {
      if (!(error instanceof EwaldError && error.code === "serve/port")) throw error;
    }
  }
  return servePage({ ...folders, port: 0 });
}

function openBrowser(url: string): void {
  const [command, ...words] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", ""]
        : ["xdg-open"];
  const child = spawn(command!, [...words, url], { stdio: "ignore", detached: true });
  // The address is printed: a machine without a browser is no failure.
  child.on("error", () => undefined);
  child.unref();
}
