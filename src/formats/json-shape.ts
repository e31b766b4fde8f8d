/**
 * Is a value of JSON of the shape that a schema asks for? Where it is not, the error names the first field that is wrong, what
 * it must be and what it is. The words are Ewald's own: zod's mini form brings none, which keeps the page light.
 */
import type * as z from "zod/mini";
import { EwaldError, type ErrorDetails } from "../errors.ts";

export interface ShapeRefusal extends ErrorDetails {
  readonly code: string;
  /** The path of the value in its document: "data[3]"; "" for the whole document. */
  readonly path?: string;
}

/** @throws EwaldError of the given code: "sites[0].occu: must be above 0, is -1" */
export function checkedShape<T>(
  schema: z.ZodMiniType<T>,
  value: unknown,
  { code, path = "", ...details }: ShapeRefusal,
): T {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const issue = innermost(result.error.issues[0]!);
  const field = fieldOf(path, issue.path);
  const problem = problemOf(issue);
  throw new EwaldError(code, field === "" ? problem : `${field}: ${problem}`, {
    ...(field === "" ? {} : { value: field }),
    ...details,
  });
}

/** "data[1]", ["sites", 0, "occu"] → "data[1].sites[0].occu" */
function fieldOf(path: string, inner: readonly PropertyKey[]): string {
  const whole = inner.reduce<string>(
    (field, key) => field + (typeof key === "number" ? `[${key}]` : `.${String(key)}`),
    path,
  );
  return whole.replace(/^\./, "");
}

/** The fault inside a value that may be of several kinds, where it is of one of them but for that. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const inside = issue.errors.find(([first]) => first !== undefined && first.path.length > 0)?.[0];
  if (inside === undefined) return issue;
  return innermost({ ...inside, path: [...issue.path, ...inside.path] });
}

function problemOf(issue: z.core.$ZodIssue): string {
  const must = `must be ${expectationOf(issue)}`;
  const input = inputOf(issue);
  switch (issue.code) {
    case "unrecognized_keys":
      return `has ${issue.keys.map((key) => `"${key}"`).join(", ")}, which Ewald does not know there`;
    case "invalid_key":
      return "is not a name that can stand there";
    case "too_small":
    case "too_big": {
      if (typeof input === "string") return input === "" ? "is empty" : `${must} characters long`;
      const bound = boundOf(issue);
      const items = bound.endsWith(" 1") ? "item" : "items";
      if (Array.isArray(input)) return `must have ${bound} ${items}, has ${input.length}`;
      return `${must}, is ${found(input)}`;
    }
    default:
      return input === undefined ? `is missing, ${must}` : `${must}, is ${found(input)}`;
  }
}

/** Where one field tells kinds of objects apart, zod gives the whole object. */
function inputOf(issue: z.core.$ZodIssue): unknown {
  if (issue.code !== "invalid_union" || issue.discriminator === undefined) return issue.input;
  return (issue.input as Readonly<Record<string, unknown>>)[issue.discriminator];
}

const KINDS: Readonly<Record<string, string>> = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
};

/** The words after "must be". */
function expectationOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return KINDS[issue.expected] ?? issue.expected;
    case "invalid_value":
      return oneOf(issue.values);
    case "too_small":
    case "too_big":
      return boundOf(issue);
    case "invalid_format":
      if (issue.format === "regex") return `of the form ${issue.pattern}`;
      return issue.format === "date" ? "a date as 2024-02-29" : `of the form "${issue.format}"`;
    case "invalid_union":
      if (issue.inclusive === false) return "of one kind only";
      if (issue.options !== undefined) return oneOf(issue.options);
      return issue.errors.map(([first]) => expectationOf(first!)).join(" or ");
    default:
      return "something else";
  }
}

function oneOf(values: readonly unknown[]): string {
  return values.map((one) => JSON.stringify(one)).join(" or ");
}

function boundOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.code === "too_small")
    return `${issue.inclusive === true ? "at least" : "above"} ${issue.minimum}`;
  return `${issue.inclusive === true ? "at most" : "below"} ${issue.maximum}`;
}

const LONGEST = 40;

function found(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return `the text "${value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value}"`;
}
