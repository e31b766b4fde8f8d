/** The public names of the package, by sub-path, with what their doc comments say: read by TypeScript from the sources. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import ts from "typescript";

export interface PublicName {
  /** "ewald/crystal" */
  readonly subPath: string;
  /** "structureType"; in a namespace "layers.dense". */
  readonly name: string;
  /** A value, not a type alone. */
  readonly isValue: boolean;
  readonly isFunction: boolean;
  /** Text of the doc comment; empty where there is none. */
  readonly doc: string;
  /** Code of its `@example`s. */
  readonly examples: readonly string[];
  /** File that declares it. */
  readonly file: string;
}

/** Sub-path to its source: "ewald/crystal" → "src/crystal/index.ts". */
export function subPaths(): ReadonlyMap<string, string> {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
    exports: Readonly<Record<string, string>>;
  };
  return new Map(
    Object.entries(exports)
      .filter(([, file]) => file.endsWith(".js"))
      .map(([name, file]) => [
        name.replace(".", "ewald"),
        file.replace("./dist/", "src/").replace(/\.js$/, ".ts"),
      ]),
  );
}

export function publicNames(): readonly PublicName[] {
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile("tsconfig.json", (path) => ts.sys.readFile(path)).config,
    ts.sys,
    ".",
  );
  const paths = subPaths();
  const program = ts.createProgram([...paths.values()], config.options);
  const checker = program.getTypeChecker();
  const real = (symbol: ts.Symbol): ts.Symbol =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

  function described(subPath: string, name: string, symbol: ts.Symbol): PublicName[] {
    const found = real(symbol);
    if (found.flags & ts.SymbolFlags.ValueModule)
      return checker
        .getExportsOfModule(found)
        .flatMap((inner) => described(subPath, `${name}.${inner.name}`, inner));
    const examples = found
      .getJsDocTags(checker)
      .filter((tag) => tag.name === "example")
      .map((tag) => ts.displayPartsToString(tag.text));
    return [
      {
        subPath,
        name,
        isValue: (found.flags & ts.SymbolFlags.Value) !== 0,
        isFunction: (found.flags & ts.SymbolFlags.Function) !== 0,
        doc: ts.displayPartsToString(found.getDocumentationComment(checker)).trim(),
        examples,
        file: relative(process.cwd(), found.declarations![0]!.getSourceFile().fileName),
      },
    ];
  }

  return [...paths].flatMap(([subPath, file]) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker.getExportsOfModule(module).flatMap((one) => described(subPath, one.name, one));
  });
}
