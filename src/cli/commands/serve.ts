/** `ewald serve`: the page, hosted on this machine. */
import { spawn } from "node:child_process";
import { type Command, InvalidArgumentError } from "commander";
import { fileURLToPath } from "node:url";
import { EwaldError } from "../../errors.ts";
import { type PageServer, servePage } from "../../server/serve-page.node.ts";
import type { Io } from "../io.ts";

/** `web/dist` and `models` beside `src` and `dist`, whichever this file stands in. */
const PACKAGE = new URL("../../../", import.meta.url);
/** Always the same, so that the browser finds what it kept; the next ones where it is taken. */
const USUAL_PORT = 8317;
const PORTS_TRIED = 10;

interface ServeFlags {
  readonly port?: number;
  readonly open: boolean;
}

export function addServeCommand(program: Command, io: Io): void {
  program
    .command("serve")
    .summary("the page, in your browser")
    .description(
      "Host the page on this machine and open it in the browser. Everything runs there; nothing leaves the machine. Ctrl-C ends it.",
    )
    .option("--port <n>", `port (default ${USUAL_PORT}, or the next that is free)`, port)
    .option("--no-open", "do not open the browser")
    .addHelpText("after", "\nExamples:\n  ewald serve\n  ewald serve --port 9000 --no-open")
    .action((flags: ServeFlags) => serve(flags, io));
}

async function serve(flags: ServeFlags, io: Io): Promise<void> {
  const server = await start(flags.port);
  await io.stdout(`${server.url}\n`);
  io.stderr("Ctrl-C ends it\n");
  if (flags.open) openBrowser(server.url);
  await new Promise<void>((ended) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended());
  });
  await server.close();
}

async function start(wanted: number | undefined): Promise<PageServer> {
  const folders = {
    folder: fileURLToPath(new URL("web/dist", PACKAGE)),
    models: fileURLToPath(new URL("models", PACKAGE)),
    runtime: fileURLToPath(import.meta.resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm")),
  };
  if (wanted !== undefined) return servePage({ ...folders, port: wanted });
  for (let tried = 0; tried < PORTS_TRIED; tried++) {
    try {
      return await servePage({ ...folders, port: USUAL_PORT + tried });
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

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65_536) return value;
  throw new InvalidArgumentError(`"${text}" is not a port, 0 to 65535.`);
}
