/** Every code that the sources throw or warn with is in the list, none is stale, and the page says what the sources say. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ERROR_CODES } from "../src/error-codes.table.ts";
import { codesIn, linesOf, pageText, staleWords } from "../tools/error-codes.mjs";

const codes = codesIn();

test("the list is that of the sources; where it is not, npm run docs writes it", () => {
  expect(ERROR_CODES).toEqual(linesOf(codes));
  expect(readFileSync("docs/errors.md", "utf8")).toBe(pageText(codes));
});

test("each code has a line of its own words, and no line is kept for a code that is gone", () => {
  for (const [code, line] of Object.entries(ERROR_CODES)) expect(line, code).toMatch(/[a-z]{2}/i);
  expect(staleWords(codes)).toEqual([]);
});

/** Every way in which the sources name a code. */
test.each([
  ['throw new EwaldError("cell/flat", `a = ${a}`);', ["cell/flat", "error", "a = …"]],
  ['throw new EwaldError(a ? "cell/flat" : "cell/thin", "no");', ["cell/thin", "error", "no"]],
  ['const message = "no"; warn("cell/odd", message);', ["cell/odd", "warning", "no"]],
  ['warnings.push({ code: "cell/odd", message: `b${b}` });', ["cell/odd", "warning", "b…"]],
  ['this.#fail("cell/flat", "no", 3);', ["cell/flat", "error", "no"]],
])("%s", (source, [code, kind, message]) => {
  const folder = mkdtempSync(join(tmpdir(), "codes-"));
  writeFileSync(join(folder, "a.ts"), `throw new EwaldError("cell/base", "base");\n${source}`);
  const entry = codesIn(folder).get(code!);
  expect([...entry!.kinds]).toEqual([kind]);
  expect([...entry!.messages]).toContain(message);
});

test("what is only compared, or is no code, is not in the list", () => {
  const folder = mkdtempSync(join(tmpdir(), "codes-"));
  const source =
    'throw new EwaldError("cell/base", "base");\nif (code === "cell/gone") serve("text/html");';
  writeFileSync(join(folder, "a.ts"), source);
  expect([...codesIn(folder).keys()]).toEqual(["cell/base"]);
});
