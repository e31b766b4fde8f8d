/** Options and arguments that the jobs of tables share. */
import { EwaldError } from "../errors.ts";
import type { CodedOption, FileOption, NumberOption } from "./options.ts";

export const TABLE_ARGUMENT = { name: "<table>", help: "Parquet table of structures" } as const;

export const OUT_TABLE = {
  type: "file",
  placeholder: "<table>",
  required: true,
  help: "Parquet table to write",
} as const satisfies FileOption;

export const PROBLEM_REPORT = {
  type: "file",
  placeholder: "<file.jsonl>",
  help: "what could not be read or was passed over, one JSON record a line",
} as const satisfies FileOption;

export const COUNT = { type: "number", unit: "", whole: true, least: 1 } as const satisfies Omit<
  NumberOption,
  "help"
>;

/** Parts and their shares, such as train=0.7,val=0.15,test=0.15. */
function parseFractions(text: string): Readonly<Record<string, number>> {
  const parts = text.split(",").map((part) => part.split("="));
  if (parts.some(([name, value]) => !name || value === undefined || !(Number(value) > 0))) {
    throw new EwaldError(
      "usage/bad-option",
      `--fractions: "${text}" is not parts with shares, such as train=0.7,val=0.15,test=0.15`,
      { value: text },
    );
  }
  return Object.fromEntries(parts.map(([name, value]) => [name!.trim(), Number(value)]));
}

export const FRACTIONS = {
  type: "coded",
  placeholder: "<shares>",
  help: "parts and shares (default: train=0.7,val=0.15,test=0.15)",
  parse: parseFractions,
} as const satisfies CodedOption<Readonly<Record<string, number>>>;

/** `band_gap=_oqmd_band_gap`: a name and what stands for it. */
function parsePair(text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw new EwaldError("usage/bad-option", `"${text}" is not NAME=VALUE`, { value: text });
}

export function pairOption(placeholder: string, help: string) {
  return { type: "coded", many: true, placeholder, help, parse: parsePair } as const;
}

/** Later pairs of a name win, as later flags do. */
export function recordOf(
  pairs: readonly (readonly [string, string])[] | undefined,
): Readonly<Record<string, string>> | undefined {
  return pairs === undefined ? undefined : Object.fromEntries(pairs);
}
