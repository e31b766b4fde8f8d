/** Checks what a command prints with `--json` against docs/records.schema.json. */
import { readFileSync } from "node:fs";
import { z } from "zod";

type Schema = Exclude<Parameters<typeof z.fromJSONSchema>[0], boolean>;

const { $defs } = JSON.parse(readFileSync("docs/records.schema.json", "utf8")) as {
  $defs: Record<string, Schema>;
};
/** Commands that print JSON: types of records begin with a capital. */
export const PRINTING = Object.keys($defs).filter((name) => /^[a-z]/.test(name));

const made = new Map<string, z.ZodType>();

/** @returns what is wrong of each line; empty where nothing is */
export function wrongIn(command: string, stdout: string): readonly string[] {
  const schema = made.get(command) ?? z.fromJSONSchema({ ...$defs[command], $defs });
  made.set(command, schema);
  return stdout
    .trimEnd()
    .split("\n")
    .flatMap((line) => {
      const { error } = schema.safeParse(JSON.parse(line));
      return error === undefined ? [] : [z.prettifyError(error)];
    });
}
