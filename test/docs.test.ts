/** Examples of the documents run: every `ewald …` line of a shell block, every JavaScript and TypeScript block. */
import { mkdtempSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withExamples } from "../tools/render-docs.mjs";
import { ewald } from "./support/cli.ts";
import { printedByBlock } from "./support/printed.ts";

const documents = [
  "README.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
].filter((path) => path.endsWith(".md"));

function commandsOf(path: string): string[] {
  const blocks = readFileSync(path, "utf8").matchAll(/^```sh\n([\s\S]*?)^```/gm);
  return [...blocks]
    .flatMap((block) => block[1]!.split("\n"))
    .filter((line) => line.startsWith("ewald "))
    .map((line) => line.replace(/\s+#.*/, ""));
}

/** Blocks of code, but for those that are files of `examples/` (test/examples.test.ts). */
function blocksOf(path: string): readonly string[] {
  const text = readFileSync(path, "utf8").replaceAll(
    /<!-- example: \S+ -->\n\n```js\n[\s\S]*?```\n/g,
    "",
  );
  return [...text.matchAll(/^```(?:js|ts)\n([\s\S]*?)^```/gm)].map((block) => block[1]!);
}

const examples = documents.flatMap((path) => commandsOf(path).map((line) => [path, line] as const));

describe("documented commands", () => {
  const home = process.cwd();
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), "docs-"));
    symlinkSync(resolve("examples"), join(folder, "examples"));
    process.chdir(folder);
  });
  afterAll(() => process.chdir(home));

  test("there are some", () => expect(examples.length).toBeGreaterThan(5));

  test.each(examples)("%s: %s", async (_path, line) => {
    const { code, stderr } = await ewald(...line.split(/\s+/).slice(1));
    expect(
      stderr.replaceAll(
        /^(?:wrote .*|understood: .*|epoch \d+ .*|\d+ file\(s\) of other kinds passed over)\n/gm,
        "",
      ),
    ).toBe("");
    expect(code).toBe(0);
  });

  // In the folder that the commands above left: blocks read what these wrote.
  const blocks = documents.flatMap((path) => blocksOf(path).map((code) => [path, code] as const));

  test("there are blocks of code", () => expect(blocks.length).toBeGreaterThan(5));

  test.each(blocks)("%s runs: %s", async (_path, code) => {
    expect(await printedByBlock(code, "ts")).toBeDefined();
  });
});

test.each(documents)(
  "%s shows the examples as they are; where not, npm run docs writes them",
  (path) => {
    const text = readFileSync(path, "utf8");
    expect(withExamples(text)).toBe(text);
  },
);

/** The addresses of a document's headings, as code hosts make them. */
function anchorsOf(path: string): string[] {
  return [...readFileSync(path, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("links", () => {
  test.each(documents)("%s leads to headings that exist", (path) => {
    const text = readFileSync(path, "utf8");
    for (const [, file, anchor] of text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g))
      expect(anchorsOf(file === "" ? path : resolve(path, "..", file!)), anchor).toContain(anchor);
  });

  test.each(documents)("%s names files that exist", (path) => {
    const text = readFileSync(path, "utf8");
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1]!);
    for (const link of links) {
      expect(() => readdirSync(resolve(path, "..", link, "..")), link).not.toThrow();
      expect(readdirSync(resolve(path, "..", link, "..")), link).toContain(link.split("/").at(-1));
    }
  });
});
