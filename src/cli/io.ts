/**
 * The outside world as the command line touches it, as one record: tests run commands in-process
 * with a recording one. Files are written to a temporary name and renamed: a killed run leaves the old
 * file or the new one, never half of one.
 */
import { type EventEmitter, once } from "node:events";
import { notWritten, replaceFile } from "../data/replace-file.node.ts";
import { describeError } from "../errors.ts";
import { EXIT } from "./exit.ts";

export interface Io {
  /** Resolves when the text is taken: a slow reader at the other end of a pipe slows us, not our memory. */
  stdout(text: string): Promise<void>;
  stderr(text: string): void;
  /** True where a person watches stderr: progress is drawn only then. */
  readonly interactive: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
}

export function processIo(): Io {
  return {
    async stdout(text) {
      if (!process.stdout.write(text)) await once(process.stdout, "drain");
    },
    stderr(text) {
      process.stderr.write(text);
    },
    interactive: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
  };
}

/** The part of the process that ends it when its output breaks. */
export interface OutputProcess {
  readonly stdout: EventEmitter;
  readonly stderr: EventEmitter & { write(text: string): unknown };
  exit(code: number): void;
}

/** Ends the process where nobody reads on: at once and without a word for a closed pipe, with one line for a full disk. */
export function endAtBrokenOutput({ stdout, stderr, exit }: OutputProcess): void {
  stdout.on("error", (cause: NodeJS.ErrnoException) => {
    // `ewald … | head` closes the pipe early: that is a wish, not an error.
    if (cause.code === "EPIPE") return exit(EXIT.well);
    stderr.write(`error: ${describeError(notWritten("standard output", cause))}\n`);
    exit(EXIT.inputFailed);
  });
  // Nobody is left to tell; the results on stdout are worth going on for.
  stderr.on("error", () => {});
}

/**
 * Writes a file whole or not at all.
 * @throws EwaldError `file/not-written`
 */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  await replaceFile(path, (handle) => handle.writeFile(content));
}
