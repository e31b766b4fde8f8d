// JSON schema (2020-12) of what every command prints with `--json`, read from the types of the jobs' records: the type that the code
// is checked against is the one source. `npm run docs` writes docs/records.schema.json; a test compares it, and what commands print with it.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const PAGE = "docs/records.schema.json";
/** Where jobs are listed, and the record of what failed. */
const REGISTRIES = ["src/jobs/registry.ts", "src/cli/run.ts"];
const FAILURES = "src/cli/failures.ts";

/** A schema for each type that is met; those with a name of their own stand in `$defs` once. */
class Schemas {
  $defs = {};
  #symbols = new Map();

  constructor(checker) {
    this.checker = checker;
  }

  of(type) {
    const symbol = type.aliasSymbol ?? type.getSymbol();
    const isNamed =
      /^[A-Z]/.test(symbol?.name ?? "") &&
      (type.aliasTypeArguments ?? []).length === 0 &&
      !symbol.declarations[0].getSourceFile().isDeclarationFile;
    if (!isNamed) return this.#shape(type);
    const { name } = symbol;
    const other = this.#symbols.get(name);
    if (other !== undefined && other !== symbol) throw new Error(`two types are called ${name}`);
    if (other === undefined) {
      this.#symbols.set(name, symbol);
      this.$defs[name] = {};
      this.$defs[name] = { ...this.#described(symbol), ...this.#shape(type) };
    }
    return { $ref: `#/$defs/${name}` };
  }

  #described(symbol) {
    const text = ts
      .displayPartsToString(symbol.getDocumentationComment(this.checker))
      .replace(/\s+/g, " ");
    return text === "" ? {} : { description: text };
  }

  #shape(type) {
    const { checker } = this;
    const { flags } = type;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (flags & ts.TypeFlags.Null) return { type: "null" };
    if (flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLiteral))
      return { const: type.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: type.intrinsicName === "true" };
    if (flags & ts.TypeFlags.StringLike) return { type: "string" };
    if (flags & ts.TypeFlags.NumberLike) return { type: "number" };
    if (type.isUnion()) return this.#union(type.types);
    if (checker.isTupleType(type)) {
      const items = checker.getTypeArguments(type).map((item) => this.of(item));
      return { type: "array", prefixItems: items, minItems: items.length, maxItems: items.length };
    }
    if (checker.isArrayType(type))
      return { type: "array", items: this.of(checker.getTypeArguments(type)[0]) };
    return this.#object(type);
  }

  #union(types) {
    const kept = types.filter(({ flags }) => (flags & ts.TypeFlags.Undefined) === 0);
    if (kept.length === 1) return this.of(kept[0]);
    const [booleans, rest] = parted(kept, ({ flags }) => flags & ts.TypeFlags.BooleanLiteral);
    const [texts, others] = parted(rest, ({ flags }) => flags & ts.TypeFlags.StringLiteral);
    const choices = [
      ...(booleans.length === 2 ? [{ type: "boolean" }] : booleans.map((one) => this.of(one))),
      ...(texts.length > 1
        ? [{ enum: texts.map(({ value }) => value) }]
        : texts.map((one) => this.of(one))),
      ...others.map((one) => this.of(one)),
    ];
    return choices.length === 1 ? choices[0] : { anyOf: choices };
  }

  #object(type) {
    const { checker } = this;
    if (type.getCallSignatures().length > 0) throw new Error("a function is no JSON");
    const index = checker.getIndexTypeOfType(type, ts.IndexKind.String);
    const fields = checker.getPropertiesOfType(type).map((field) => ({
      name: field.name,
      isOptional: (field.flags & ts.SymbolFlags.Optional) !== 0,
      schema: { ...this.#described(field), ...this.of(checker.getTypeOfSymbol(field)) },
    }));
    return {
      type: "object",
      properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
      required: fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
      additionalProperties: index === undefined ? false : this.of(index),
    };
  }
}

function parted(values, is) {
  return [values.filter((one) => is(one)), values.filter((one) => !is(one))];
}

/** The calls `job(SPEC, load)` and `whole(SPEC, load)` of a registry: the spec as written, and the type that `--json` prints. */
function entriesOf(source, checker) {
  const entries = [];
  function visit(node) {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node) || !/^(job|whole)$/.test(node.expression.getText())) return;
    const [spec, load] = node.arguments;
    const [signature] = checker.getTypeAtLocation(load).getCallSignatures();
    const job = checker.getAwaitedType(signature.getReturnType());
    entries.push({
      spec: specText(spec, checker),
      printed: checker.getTypeArguments(job)[job.target.typeParameters.length - 1],
    });
  }
  visit(source);
  return entries;
}

/** Plain fields of a spec's object. */
function specText(node, checker) {
  const symbol = checker.getAliasedSymbol(checker.getSymbolAtLocation(node));
  const { properties } = symbol.valueDeclaration.initializer;
  const field = (name) => properties.find((one) => one.name?.getText() === name)?.initializer;
  return {
    name: field("name").text,
    isMany: field("takes") !== undefined,
    prints:
      field("takes") !== undefined
        ? field("writesFiles") === undefined
        : field("json").kind === ts.SyntaxKind.TrueKeyword,
  };
}

/** The schema of every command's `--json`, under its name; of commands that take many inputs a line may tell of a failure. */
export function recordSchema() {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ".");
  const program = ts.createProgram([...REGISTRIES, FAILURES], options);
  const checker = program.getTypeChecker();
  const schemas = new Schemas(checker);
  const exports = checker.getExportsOfModule(
    checker.getSymbolAtLocation(program.getSourceFile(FAILURES)),
  );
  const failure = schemas.of(
    checker.getDeclaredTypeOfSymbol(exports.find(({ name }) => name === "FailureRecord")),
  );
  const commands = REGISTRIES.flatMap((path) => entriesOf(program.getSourceFile(path), checker))
    .filter(({ spec }) => spec.prints)
    .map(({ spec, printed }) => {
      const record = schemas.of(printed);
      return [spec.name, spec.isMany ? { anyOf: [record, failure] } : record];
    });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "What Ewald's commands print with --json; of many inputs each line",
    $defs: { ...Object.fromEntries(commands), ...schemas.$defs },
  };
}

export const schemaText = () => `${JSON.stringify(recordSchema(), undefined, 2)}\n`;

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, schemaText());
}
