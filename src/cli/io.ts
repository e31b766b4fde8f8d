/**
 * What the command line touches of the outside world, as one record: tests run commands in-process
 * with a recording one. Files are written to a temporary name and renamed: a killed run leaves the old
 * file or the new one, never half of one.
 */
import { once } from "node:events";
import { replaceFile } from "../data/node.ts";
import { EwaldError } from "../errors.ts";

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

/**
 * Writes a file whole or not at all.
 * @throws EwaldError `file/not-written`
 */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  try {
    await replaceFile(path, (handle) => handle.writeFile(content));
  } catch (cause) {
    throw new EwaldError("file/not-written", `cannot write: ${(cause as Error).message}`, {
      source: path,
      cause,
    });
  }
}
