// Examples of `examples/*.mjs` into the documents: the block behind a comment `example: NAME`. Then the pages that are written from
// the sources. `npm run docs` writes; a test fails where a document and an example differ.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** A document with each example as its file is. */
export function withExamples(text) {
  return text.replaceAll(
    /(<!-- example: (\S+) -->\n\n)(?:```js\n[\s\S]*?```\n)?/g,
    (_all, mark, name) => `${mark}\`\`\`js\n${readFileSync(`examples/${name}`, "utf8")}\`\`\`\n`,
  );
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const name of readdirSync("docs").filter((one) => one.endsWith(".md"))) {
    const path = `docs/${name}`;
    const text = readFileSync(path, "utf8");
    const rendered = withExamples(text);
    if (rendered !== text) writeFileSync(path, rendered);
  }
  for (const tool of ["tools/error-codes.mjs", "tools/record-schema.mjs"])
    execFileSync(process.execPath, [tool], { stdio: "inherit" });
}
