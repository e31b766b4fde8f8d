/** `ewald serve`: the page, hosted on this machine. */
import { type Command, InvalidArgumentError } from "commander";
import type { Io } from "../io.ts";

/** Always the same, so that the browser finds what it kept; the next ones where it is taken. */
const USUAL_PORT = 8317;

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
    .action(async (flags: ServeFlags) => {
      const { serve } = await import("../serve.ts");
      await serve(flags, USUAL_PORT, io);
    });
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value < 65_536) return value;
  throw new InvalidArgumentError(`"${text}" is not a port, 0 to 65535.`);
}
