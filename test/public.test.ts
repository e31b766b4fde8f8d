/** The public names are few, chosen one by one, and each says what it is. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { printedByBlock } from "./support/printed.ts";
import { publicNames, subPaths } from "./support/public.ts";

const names = publicNames();
/** A namespace (`layers` of `ewald/net`) is one name. */
const values = [
  ...new Set(
    names
      .filter(({ isValue }) => isValue)
      .map(({ subPath, name }) => `${subPath} ${name.split(".")[0]}`),
  ),
];

describe("public names", () => {
  test("are about 150", () => {
    expect(values.length).toBeGreaterThan(100);
    expect(values.length).toBeLessThanOrEqual(165);
  });

  test("of a system are 10 to 25, types included", () => {
    for (const system of ["ewald/structure-type", "ewald/reciprocal"]) {
      const own = names.filter(({ subPath }) => subPath === system);
      expect(own.length, system).toBeGreaterThanOrEqual(10);
      expect(own.length, system).toBeLessThanOrEqual(25);
    }
  });

  test("are listed one by one: no list takes all of a file, but for a namespace", () => {
    for (const [subPath, file] of subPaths())
      expect(readFileSync(file, "utf8"), subPath).not.toMatch(/export \* from/);
  });

  test("each have a doc comment", () => {
    const silent = names.filter(({ doc }) => doc === "");
    expect(silent.map(({ subPath, name, file }) => `${subPath} ${name} (${file})`)).toEqual([]);
  });

  test("have comments that are true when read alone: none needs the name beside it", () => {
    const leaning = names.filter(({ doc }) => /^(?:Of|What) /.test(doc));
    expect(leaning.map(({ subPath, name, doc }) => `${subPath} ${name}: ${doc}`)).toEqual([]);
  });

  test("of the root that do something have an example", () => {
    const verbs = names.filter(({ subPath, isFunction }) => subPath === "ewald" && isFunction);
    expect(verbs.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual(
      [],
    );
  });
});

/** The last comment of an example says what it prints, "…" for what is left out. */
function promised(code: string): RegExp {
  const said = [...code.matchAll(/\/\/ (.*)$/gm)].at(-1)![1]!;
  const escaped = said.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`${escaped.replaceAll("…", ".*")}\n$`);
}

describe("examples in doc comments print what they say", () => {
  const examples = names.flatMap(({ name, file, examples: all }) =>
    all.map((text) => [name, file, text.replace(/^```js\n/, "").replace(/\n?```$/, "\n")] as const),
  );
  const unique = [...new Map(examples.map((one) => [one[2], one])).values()];

  test.each(unique)("%s (%s)", async (_name, _file, code) => {
    expect(await printedByBlock(code)).toMatch(promised(code));
  });
});
