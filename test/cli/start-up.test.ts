/** `ewald --help` reads what is said of the jobs, and none of the code that does them. */
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";

/** Files and packages that are loaded with `entry`: static imports, those for types aside. */
function loadedWith(entry: string): { readonly files: string[]; readonly packages: string[] } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string): void => {
    // No job yet: its flags stand with its work.
    if (files.has(file) || file.endsWith("cli/commands/predict.ts")) return;
    files.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, id] of text.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gms)) {
      if (id!.startsWith(".")) visit(resolve(dirname(file), id!));
      else if (!id!.startsWith("node:")) packages.add(id!);
    }
  };
  visit(resolve(entry));
  const src = resolve("src");
  return { files: [...files].map((file) => relative(src, file)), packages: [...packages] };
}

test("no crystal, table or network code and no package but commander", () => {
  const { files, packages } = loadedWith("src/cli/main.ts");
  expect(packages).toEqual(["commander"]);
  const others = files.filter(
    (name) =>
      !/^(?:cli\/|[\w.]+\.ts$)/.test(name) &&
      !/^(?:jobs|reproduce)\/(?:.*\/)?(?:[\w-]*options|spec|registry)\.ts$/.test(name),
  );
  // Constants of help texts, and the writing of files.
  expect(others.toSorted()).toEqual([
    "crystal/composition/unseen-by-eds.ts",
    "data/clean-rules.ts",
    "data/replace-file.node.ts",
    "fit/standards.table.ts",
  ]);
});

test("a job's own code is loaded without the others'", () => {
  const { files } = loadedWith("src/jobs/simulate/job.ts");
  expect(files.filter((name) => /^(?:systems|net|identify|models)\//.test(name))).toEqual([]);
});
