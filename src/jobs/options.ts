/**
 * The options of a job, as one table: command-line flags and their help, the fields and bounds of the page, the tables of
 * the documents and the JSON schema all come from it, so that a default or a range stands in one place.
 *
 * Values are plain data: they travel to worker threads, into records and over to a cluster.
 */
import { EwaldError } from "../errors.ts";

interface Said {
  /** One sentence without its full stop; `--help`, the page and the documents print it. */
  readonly help: string;
  /** The placeholder for the value in help; made from the unit or the choices where it is not given. */
  readonly placeholder?: string;
  /** A letter that means the same as the flag on the command line: "o" for -o. */
  readonly letter?: string;
  /** It must be given. */
  readonly required?: true;
}

/** Text that may be given several times; the value is the list. */
interface Repeated {
  readonly many?: true;
}

/** There or not there. */
export interface FlagOption extends Said {
  readonly type: "flag";
}

export interface NumberOption extends Said {
  readonly type: "number";
  /** Unit of the value, "" for a plain number. */
  readonly unit: string;
  readonly default?: number;
  /** Smallest value that is taken. */
  readonly least?: number;
  /** Values must lie above this one, which is not taken itself. */
  readonly above?: number;
  /** Largest value that is taken. */
  readonly most?: number;
  readonly whole?: true;
  readonly odd?: true;
}

/** FROM:TO, rising. */
export interface RangeOption extends Said {
  readonly type: "range";
  readonly unit: string;
  readonly default?: readonly [number, number];
  readonly least?: number;
  readonly most?: number;
}

export interface ChoiceOption extends Said {
  readonly type: "choice";
  readonly choices: readonly string[];
  readonly default?: string;
}

/** Words with commas between them, of `choices` where there are some. */
export interface ListOption extends Said {
  readonly type: "list";
  readonly choices?: readonly string[];
}

/** Free text; `check` throws for what cannot be meant. */
export interface TextOption extends Said, Repeated {
  readonly type: "text";
  readonly default?: string;
  /** It may be the path of a file that holds what is meant, too. */
  readonly orFile?: true;
  check?(text: string): void;
}

/** Path of a file; with `many` the option may be repeated. */
export interface FileOption extends Said, Repeated {
  readonly type: "file";
}

/** A small record that people write as text, such as `0,0,1:0.7`. */
export interface CodedOption<T> extends Said, Repeated {
  readonly type: "coded";
  readonly default?: T;
  /** The value of the flag where nothing is written behind it; without this something must be. */
  readonly alone?: string;
  /** Refuses a value that did not come from `parse`: of the library, of the page. */
  check?(value: T): void;
  /** @throws EwaldError for what cannot be meant */
  parse(text: string): T;
}

export type OptionSpec =
  | FlagOption
  | NumberOption
  | RangeOption
  | ChoiceOption
  | ListOption
  | TextOption
  | FileOption
  | CodedOption<unknown>;

export type OptionSchema = Readonly<Record<string, OptionSpec>>;

/** Type of an option's value. */
export type ValueOf<O> = O extends { readonly type: "flag" }
  ? boolean
  : O extends { readonly type: "number" }
    ? number
    : O extends { readonly type: "range" }
      ? readonly [number, number]
      : O extends { readonly type: "choice"; readonly choices: readonly (infer C)[] }
        ? C
        : O extends { readonly type: "list"; readonly choices: readonly (infer C)[] }
          ? readonly C[]
          : O extends { readonly type: "list" }
            ? readonly string[]
            : O extends {
                  readonly type: "coded";
                  readonly many: true;
                  parse(text: string): infer T;
                }
              ? readonly T[]
              : O extends { readonly type: "coded"; parse(text: string): infer T }
                ? T
                : O extends { readonly many: true }
                  ? readonly string[]
                  : string;

/** Options that always hold a value: those with a default, those that must be given, and flags. */
type Settled<S> = {
  [K in keyof S]: S[K] extends
    | { readonly default: unknown }
    | { readonly required: true }
    | { readonly type: "flag" }
    ? K
    : never;
}[keyof S];

/** The values of a schema's options, defaults filled in. */
export type OptionsOf<S extends OptionSchema> = { readonly [K in Settled<S>]: ValueOf<S[K]> } & {
  readonly [K in Exclude<keyof S, Settled<S>>]?: ValueOf<S[K]>;
};

/** Options as a caller gives them: every one may be left out. */
export type GivenOptions<S extends OptionSchema> = { readonly [K in keyof S]?: ValueOf<S[K]> };

/** "twoTheta" → "--two-theta" */
export function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function refuse(flag: string, given: unknown, wanted: string, unit?: string): never {
  const shown = typeof given === "string" ? `"${given}"` : JSON.stringify(given);
  throw new EwaldError("usage/bad-option", `${flag}: ${shown} is not ${wanted}`, {
    value: given,
    ...(unit === undefined || unit === "" ? {} : { unit }),
  });
}

/** "a positive whole number", "a number (°) from 0 to 180" */
export function boundsText({ unit, least, above, most, whole, odd }: NumberOption): string {
  const article = odd === true ? "an" : "a";
  const kind = odd === true ? "odd number" : whole === true ? "whole number" : "number";
  const inUnit = unit === "" ? "" : ` (${unit})`;
  const isPositive = above === 0 || (whole === true && least === 1);
  if (isPositive && most === undefined) return `a positive ${kind}${inUnit}`;
  if (least === 0 && most === undefined) return `0 or a positive ${kind}${inUnit}`;
  const from =
    least !== undefined ? ` from ${least}` : above !== undefined ? ` above ${above}` : "";
  const to = most === undefined ? "" : least === undefined ? ` up to ${most}` : ` to ${most}`;
  return `${article} ${kind}${inUnit}${from}${to}`;
}

function isWithin(value: number, { least, above, most, whole, odd }: NumberOption): boolean {
  return (
    Number.isFinite(value) &&
    (odd !== true || Math.abs(value % 2) === 1) &&
    (whole !== true || Number.isInteger(value)) &&
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (most === undefined || value <= most)
  );
}

function rangeText({ unit, least, most }: RangeOption): string {
  const within =
    least === undefined || most === undefined ? "" : ` within ${least} and ${most}${unit}`;
  return `a range FROM:TO${within} with FROM below TO, such as 5:90`;
}

function isRange(value: unknown, { least, most }: RangeOption): value is [number, number] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [from, to] = value as [number, number];
  return (
    Number.isFinite(from) &&
    Number.isFinite(to) &&
    from < to &&
    (least === undefined || from >= least) &&
    (most === undefined || to <= most)
  );
}

/** "Ti,O" or "Ti O" → ["Ti", "O"] */
export function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

/** A blank is not 0. */
function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

/**
 * The value that a person wrote, for an option that is named by its flag or its label.
 * @throws EwaldError `usage/bad-option`, and what the option's own parser throws
 */
export function parseOption(flag: string, option: OptionSpec, text: string): unknown {
  switch (option.type) {
    case "number":
      return checkedValue(flag, option, numberOf(text), text);
    case "range":
      return checkedValue(flag, option, text.split(":").map(numberOf), text);
    case "list":
      return checkedValue(flag, option, wordsOf(text), text);
    case "coded":
      return option.parse(text);
    case "flag":
      return true;
    default:
      return checkedValue(flag, option, text);
  }
}

/** @param written what a person wrote, for the message */
function checkedValue(
  flag: string,
  option: OptionSpec,
  value: unknown,
  written: unknown = value,
): unknown {
  switch (option.type) {
    case "flag":
      return typeof value === "boolean" ? value : refuse(flag, written, "true or false");
    case "number":
      return typeof value === "number" && isWithin(value, option)
        ? value
        : refuse(flag, written, boundsText(option), option.unit);
    case "range":
      return isRange(value, option) ? value : refuse(flag, written, rangeText(option), option.unit);
    case "choice":
      return option.choices.includes(value as string)
        ? value
        : refuse(flag, written, `one of ${option.choices.join(", ")}`);
    case "list": {
      const words = value as readonly string[];
      const unknown = words.find((word) => option.choices?.includes(word) === false);
      if (unknown !== undefined) refuse(flag, unknown, `one of ${option.choices!.join(", ")}`);
      return words.length === 0 ? refuse(flag, written, "a list") : words;
    }
    case "text":
      if (typeof value !== "string") refuse(flag, written, "text");
      option.check?.(value);
      return value;
    case "coded":
      option.check?.(value);
      return value;
    default:
      return value;
  }
}

/**
 * Options as a job takes them: bounds looked at, defaults filled in.
 * @param label how messages name an option; its own name unless said
 * @throws EwaldError `usage/unknown-option`, `usage/bad-option`, `usage/missing-option`
 */
export function settledOptions<S extends OptionSchema>(
  schema: S,
  given: GivenOptions<S>,
  label: (name: string) => string = (name) => name,
): OptionsOf<S> {
  for (const name of Object.keys(given)) {
    if (name in schema) continue;
    throw new EwaldError("usage/unknown-option", `there is no option "${name}"`, {
      value: name,
      hint: `There are ${Object.keys(schema).join(", ")}.`,
    });
  }
  const settled: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(schema)) {
    const value = (given as Record<string, unknown>)[name] ?? defaultOf(option);
    if (value === undefined) {
      if (option.required === true)
        throw new EwaldError(
          "usage/missing-option",
          `${label(name)} must be given: ${option.help}`,
        );
      continue;
    }
    const isMany = "many" in option && option.many === true;
    settled[name] = isMany
      ? (value as readonly unknown[]).map((one) => checkedValue(label(name), option, one))
      : checkedValue(label(name), option, value);
  }
  return settled as OptionsOf<S>;
}

/** Undefined for an option that may be left out. */
export function defaultOf(option: OptionSpec): unknown {
  if (option.type === "flag") return false;
  return "default" in option ? option.default : undefined;
}

/** "<Å>", "<from:to>", "<file>" */
export function placeholderOf(option: OptionSpec): string {
  if (option.placeholder !== undefined) return option.placeholder;
  switch (option.type) {
    case "flag":
      return "";
    case "number":
      return `<${option.unit === "" ? "n" : option.unit}>`;
    case "range":
      return "<from:to>";
    case "list":
      return "<a,b>";
    case "file":
      return "<file>";
    default:
      return "<value>";
  }
}
