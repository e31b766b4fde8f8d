/** How an option of a job reads on the command line. */
import { InvalidArgumentError, Option } from "commander";
import { EwaldError } from "../errors.ts";
import {
  defaultOf,
  flagOf,
  type OptionSchema,
  type OptionSpec,
  parseOption,
  placeholderOf,
} from "../jobs/options.ts";

/** Flags as commander gives them: those of the job, of its outputs, and the command line's own. */
export type Flags = Readonly<Record<string, unknown>>;

export function commanderOption(name: string, option: OptionSpec): Option {
  const flag = flagOf(name);
  const words = option.letter === undefined ? flag : `-${option.letter}, ${flag}`;
  if (option.type === "flag") return new Option(words, option.help);
  const alone = option.type === "coded" ? option.alone : undefined;
  const place = placeholderOf(option);
  const shown = alone === undefined ? place : `[${place.slice(1, -1)}]`;
  const made = new Option(`${words} ${shown}`, option.help);
  if (alone !== undefined) made.preset(alone);
  if (option.required === true) made.makeOptionMandatory();
  const standard = defaultOf(option);
  if (standard !== undefined) made.default(standard, printedDefault(standard));
  if (option.type === "choice") return made.choices(option.choices);
  const isMany = "many" in option && option.many === true;
  return made.argParser((text: string, previous: unknown) => {
    const value = parsedFlag(flag, option, text);
    return isMany ? [...((previous as readonly unknown[] | undefined) ?? []), value] : value;
  });
}

/** Refused values are wrong use, which commander says with the help of the very command. */
function parsedFlag(flag: string, option: OptionSpec, text: string): unknown {
  try {
    return parseOption(flag, option, text);
  } catch (error) {
    if (!(error instanceof EwaldError) || error.code !== "usage/bad-option") throw error;
    throw new InvalidArgumentError(`${error.message.replace(`${flag}: `, "")}.`);
  }
}

function printedDefault(value: unknown): string {
  return Array.isArray(value) ? value.join(":") : JSON.stringify(value);
}

/** The flags that are options of the job, without those of the command line. */
export function givenOptions(schema: OptionSchema, flags: Flags): Flags {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([name, option]) => {
      const value = givenFlag(name, option, flags);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** commander keeps `--no-known` as a `known` that is false. */
function givenFlag(name: string, option: OptionSpec, flags: Flags): unknown {
  const switched = option.type === "flag" ? /^no([A-Z])(.*)$/.exec(name) : null;
  if (switched === null) return flags[name];
  return flags[`${switched[1]!.toLowerCase()}${switched[2]!}`] === false ? true : undefined;
}

export function examplesText(examples: readonly string[]): string {
  return examples.length === 0
    ? ""
    : `\nExamples:\n${examples.map((line) => `  ${line}`).join("\n")}`;
}
