/** The options of all jobs as a document for people and as a JSON schema, from the tables that the jobs themselves read. */
import type { JobSpec, WholeJobSpec } from "./job.ts";
import {
  boundsText,
  defaultOf,
  flagOf,
  type OptionSchema,
  type OptionSpec,
  placeholderOf,
} from "./options.ts";

type AnySpec = JobSpec | WholeJobSpec;

const HEAD = `# Options of every command

Made from the tables of options by \`npm run results\`. The library takes the same options by the names in the second column
(\`src/jobs\`); [options.schema.json](options.schema.json) holds them as a JSON schema.
`;

export function optionsDocument(specs: readonly AnySpec[]): string {
  return `${[HEAD, ...specs.map(section)].join("\n").trimEnd()}\n`;
}

function section(spec: AnySpec): string {
  const rows = [
    ...Object.entries(spec.options).map(([name, option]) => [
      `\`${flagText(name, option)}\``,
      `\`${name}\``,
      option.help,
      valuesText(option),
      defaultText(option),
    ]),
    ...outputsOf(spec).map(([name, { placeholder, help }]) => [
      `\`${flagOf(name)} ${placeholder}\``,
      "",
      help,
      "file",
      "",
    ]),
  ];
  const head = ["flag", "name", "meaning", "values", "default"];
  const table = [head, head.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`,
  );
  const lines = [`## \`ewald ${spec.name}\``, "", `${firstUpper(spec.summary)}.`, ""];
  return [...lines, ...(rows.length === 0 ? ["No options."] : table), ""].join("\n");
}

function outputsOf(spec: AnySpec): [string, JobSpec["outputs"][string]][] {
  return "outputs" in spec ? Object.entries(spec.outputs) : [];
}

function firstUpper(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

function flagText(name: string, option: OptionSpec): string {
  const letter = option.letter === undefined ? "" : `-${option.letter}, `;
  return `${letter}${flagOf(name)} ${placeholderOf(option)}`.trimEnd();
}

/** The values that an option may have, in words. */
function valuesText(option: OptionSpec): string {
  switch (option.type) {
    case "flag":
      return "flag";
    case "number":
      return boundsText(option);
    case "range": {
      const { least, most, unit } = option;
      const within =
        least === undefined || most === undefined ? "" : ` within ${least} and ${most}${unit}`;
      return `FROM:TO${within}`;
    }
    case "choice":
      return option.choices.map((choice) => `\`${choice}\``).join(", ");
    case "list":
      return option.choices === undefined ? "words" : `of \`${option.choices.join("`, `")}\``;
    case "file":
      return option.many === true ? "files" : "file";
    default:
      return option.many === true ? "text, may be repeated" : "text";
  }
}

function defaultText(option: OptionSpec): string {
  if (option.required === true) return "must be given";
  const value = option.type === "flag" ? undefined : defaultOf(option);
  return value === undefined ? "" : `\`${Array.isArray(value) ? value.join(":") : String(value)}\``;
}

/** JSON schema (2020-12): of each job what its options may be, under its name. */
export function optionsSchema(specs: readonly AnySpec[]): Readonly<Record<string, unknown>> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Options of Ewald's jobs",
    $defs: Object.fromEntries(specs.map((spec) => [spec.name, objectSchema(spec.options)])),
  };
}

function objectSchema(options: OptionSchema): Readonly<Record<string, unknown>> {
  const entries = Object.entries(options);
  const required = entries.filter(([, option]) => option.required === true);
  return {
    type: "object",
    properties: Object.fromEntries(
      entries.map(([name, option]) => {
        const isMany = "many" in option && option.many === true;
        const one = valueSchema(option);
        const value = isMany ? { type: "array", items: one } : one;
        const standard = defaultOf(option);
        return [
          name,
          {
            description: option.help,
            ...value,
            ...(standard === undefined ? {} : { default: standard }),
          },
        ];
      }),
    ),
    required: required.map(([name]) => name),
    additionalProperties: false,
  };
}

/** A record that people write as text may be anything here: its own parser knows. */
function valueSchema(option: OptionSpec): Readonly<Record<string, unknown>> {
  switch (option.type) {
    case "flag":
      return { type: "boolean" };
    case "number":
      return {
        type: option.whole === true ? "integer" : "number",
        ...bounds(option),
        ...(option.above === undefined ? {} : { exclusiveMinimum: option.above }),
      };
    case "range":
      return {
        type: "array",
        items: { type: "number", ...bounds(option) },
        minItems: 2,
        maxItems: 2,
      };
    case "choice":
      return { enum: option.choices };
    case "list":
      return {
        type: "array",
        minItems: 1,
        items: option.choices === undefined ? { type: "string" } : { enum: option.choices },
      };
    case "coded":
      return {};
    default:
      return { type: "string" };
  }
}

function bounds({
  least,
  most,
}: {
  readonly least?: number;
  readonly most?: number;
}): Readonly<Record<string, unknown>> {
  return {
    ...(least === undefined ? {} : { minimum: least }),
    ...(most === undefined ? {} : { maximum: most }),
  };
}
