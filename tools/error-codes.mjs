// Codes of errors and warnings, read from the sources: `src/error-codes.table.ts` (a union type) and `docs/errors.md`. Written by
// `npm run docs`; a test fails where they differ from the sources.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const CODE = /^[a-z][a-z0-9-]*\/[a-z0-9][a-z0-9-]*$/;
const TABLE = "src/error-codes.table.ts";
const PAGE = "docs/errors.md";
/** What is said by a function of several words, so that no one text of the sources says it. */
const SAID = {
  "cif/magnetic-symmetry": "the CIF states a magnetic space group, whose parent group is not given",
  "cif/superspace-symmetry": "the CIF states a superspace group, whose basic group is not given",
  "clean/clash": "two atoms are nearer than atoms can be",
  "clean/duplicate": "the same structure as another row, which is kept",
  "clean/ordering": "the same structure as another row but for the order of its atoms",
  "composition/unlikely": "what was written can be read in another way, which is more likely",
  "csv/number": "… is no number",
  "identify/elements": "elements are there that no known compound of the type holds",
  "scan/axis-converted":
    "the file holds the axis in another unit, or over another quantity: it was converted",
  "table/damaged": "the table cannot be read (…)",
  "xml/bomb": "entities of the XML file unfold to more than is read",
};

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .filter((path) => path !== TABLE)
    .sort();
}

/** What a name stands for where it is declared by a `const` around the place. */
function declared(name, from) {
  for (let scope = from.parent; scope !== undefined; scope = scope.parent) {
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
    for (const statement of scope.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const one of statement.declarationList.declarations)
        if (one.name.getText() === name) return one.initializer;
    }
  }
  return undefined;
}

/** Texts that an expression may be: of a condition both. */
function textsOf(node) {
  if (node === undefined) return [];
  if (ts.isIdentifier(node)) {
    const found = declared(node.text, node);
    return found === undefined || ts.isIdentifier(found) ? [] : textsOf(found);
  }
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression);
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isConditionalExpression(node))
    return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isTemplateExpression(node))
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("")];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left] = textsOf(node.left);
    const [right] = textsOf(node.right);
    return [`${left ?? "…"}${right ?? "…"}`];
  }
  return [];
}

function property(node, name) {
  const found = node.properties.find((one) => one.name?.getText() === name);
  if (found === undefined) return undefined;
  return ts.isShorthandPropertyAssignment(found) ? found.name : found.initializer;
}

/** Whether a call refuses or warns: by its name. */
function calls(node) {
  if (ts.isNewExpression(node)) return node.expression.getText() === "EwaldError" ? "error" : null;
  const name = node.expression.getText().split(".").at(-1).replace(/^#/, "");
  return /warn|note/i.test(name) ? "warning" : "error";
}

/** Every code of the sources: "error" or "warning", and its messages. */
export function codesIn(folder = "src") {
  const found = new Map();
  const add = (code, kind, messages) => {
    const entry = found.get(code) ?? { kinds: new Set(), messages: new Set() };
    entry.kinds.add(kind);
    for (const one of messages) entry.messages.add(one.replaceAll(/\s+/g, " ").trim());
    found.set(code, entry);
  };
  const trees = sourceFiles(folder).map((path) =>
    ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true),
  );
  const each = (visit) => {
    const walk = (node) => {
      visit(node);
      ts.forEachChild(node, walk);
    };
    for (const tree of trees) walk(tree);
  };
  // What the errors themselves say names the areas; elsewhere "text/html" is no code.
  const areas = new Set();
  each((node) => {
    if (!ts.isNewExpression(node) || calls(node) === null) return;
    for (const text of textsOf(node.arguments?.[0]))
      if (CODE.test(text)) areas.add(text.split("/")[0]);
  });
  const isCode = (text) => CODE.test(text) && areas.has(text.split("/")[0]);
  each((node) => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const kind = calls(node);
      if (kind === null || /\.(?:has|get|startsWith|includes)$/.test(node.expression.getText()))
        return;
      for (const [i, argument] of (node.arguments ?? []).entries())
        for (const text of textsOf(argument).filter(isCode))
          add(
            text,
            kind,
            textsOf(node.arguments[i + 1]).filter((one) => !isCode(one)),
          );
    } else if (ts.isObjectLiteralExpression(node)) {
      const code = property(node, "code");
      for (const text of textsOf(code).filter(isCode))
        add(text, "warning", textsOf(property(node, "message")));
    } else if (ts.isVariableDeclaration(node) || ts.isArrayLiteralExpression(node)) {
      const [first, second] = ts.isArrayLiteralExpression(node)
        ? node.elements
        : [node.initializer];
      if (second === undefined ? ts.isArrayLiteralExpression(node) : textsOf(second).every(isCode))
        return;
      for (const text of textsOf(first).filter(isCode)) add(text, "error", textsOf(second));
    }
  });
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Codes that {@link SAID} words and the sources do not have, or word themselves. */
export function staleWords(codes = codesIn()) {
  return Object.keys(SAID).filter((code) => {
    const entry = codes.get(code);
    return entry === undefined || lineOf(code, entry) !== SAID[code];
  });
}

/** The shortest of the messages that says something, "…" for what stands in its place when it happens. */
function lineOf(code, { messages }) {
  const said = [...messages].filter((one) => /[a-z]{3}/i.test(one.replaceAll("…", "")));
  return (
    said.sort((a, b) => a.split("…").length - b.split("…").length || a.length - b.length)[0] ??
    SAID[code] ??
    ""
  );
}

const quoted = (text) => JSON.stringify(text);

/** One line for each code. */
export function linesOf(codes = codesIn()) {
  return Object.fromEntries([...codes].map(([code, entry]) => [code, lineOf(code, entry)]));
}

function tableText(codes) {
  const lines = Object.entries(linesOf(codes)).map(
    ([code, said]) => `  ${quoted(code)}: ${quoted(said)},`,
  );
  return `/** Written by \`npm run docs\` from the sources. */
const lines = {
${lines.join("\n")}
};

/** Every code of an error or a warning, with what it says ("…" for values). */
export const ERROR_CODES: Readonly<typeof lines> = lines;

/** The code of an error or a warning. */
export type ErrorCode = keyof typeof lines;
`;
}

export function pageText(codes = codesIn()) {
  const areas = Map.groupBy?.([...codes], ([code]) => code.split("/")[0]) ?? grouped([...codes]);
  const parts = [...areas].map(([area, entries]) => {
    const rows = entries.map(([code, entry]) => {
      const kind = area === "clean" ? "row left out" : [...entry.kinds].sort().join(", ");
      return `| \`${code}\` | ${kind} | ${lineOf(code, entry).replaceAll("|", "\\|").replaceAll("<", "&lt;")} |`;
    });
    return `## ${area}\n\n| code | kind | says |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `# Codes of errors and warnings

An error refuses; a warning says what was assumed; \`ewald data clean\` gives the code of each row that it leaves out.
Codes are stable, messages are not: a program compares codes. In a message below, …
stands for a value. The error itself says more: the value with its unit, line and column, and the way out.
Written by \`npm run docs\` from the sources; in code: \`ERROR_CODES\` and the type \`ErrorCode\` of \`ewald\`.

${parts.join("\n")}`;
}

function grouped(entries) {
  const areas = new Map();
  for (const entry of entries) {
    const area = entry[0].split("/")[0];
    areas.set(area, [...(areas.get(area) ?? []), entry]);
  }
  return areas;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const codes = codesIn();
  writeFileSync(TABLE, tableText(codes));
  writeFileSync(PAGE, pageText(codes));
}
