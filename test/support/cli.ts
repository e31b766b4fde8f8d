/** The command line run in this process, with what it printed. */
import type { Io } from "../../src/cli/io.ts";
import { run } from "../../src/cli/run.ts";

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function ewald(...argv: string[]): Promise<CliResult> {
  let stdout = "";
  let stderr = "";
  const io: Io = {
    async stdout(text) {
      stdout += text;
    },
    stderr(text) {
      stderr += text;
    },
    interactive: false,
    columns: 80,
  };
  const code = await run(argv, io);
  return { code, stdout, stderr };
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
