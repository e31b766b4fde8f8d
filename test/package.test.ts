/** The package as users get it: built, run in a process of its own, imported by name, bundled for the browser. */
import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "vite";
import { beforeAll, describe, expect, test } from "vitest";
import { jsonLines } from "./support/cli.ts";

const MAIN = "dist/cli/main.js";

function newest(folder: string): number {
  return Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
  );
}

beforeAll(() => {
  const built = [MAIN, "web/dist/index.html"].map((path) =>
    existsSync(path) ? statSync(path).mtimeMs : 0,
  );
  if (Math.min(...built) > Math.max(newest("src"), newest("web/src"))) return;
  execFileSync(process.execPath, ["tools/build.mjs"], { stdio: "inherit" });
  // Seconds on a quiet machine; beside other tests on two busy cores it took over a minute.
}, 300_000);

function built(
  argv: string[],
  input?: string,
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [MAIN, ...argv], { encoding: "utf8", input, maxBuffer: 1e9 });
}

describe("the built command line", () => {
  test("reads standard input", () => {
    const { status, stdout } = built(
      ["read", "-", "--json"],
      readFileSync("examples/halite.cif", "utf8"),
    );
    expect(status).toBe(0);
    expect(jsonLines(stdout)[0]).toMatchObject({ formula: "NaCl", input: "-" });
  });

  test("workers give what one process gives, in order, and one bad file of many fails alone", () => {
    const folder = mkdtempSync(join(tmpdir(), "ewald-"));
    const names = ["anatase", "calcite", "halite", "olivine", "quartz", "rutile"];
    for (let i = 0; i < 60; i++) {
      cpSync(`examples/${names[i % 6]}.cif`, join(folder, `${String(i).padStart(2, "0")}.cif`));
    }
    writeFileSync(join(folder, "30.cif"), "data_x\nloop_\n_a\n_b\n1 2 3\n");
    const alone = built(["simulate", folder, "--json", "--jobs", "1"]);
    const together = built(["simulate", folder, "--json", "--jobs", "2"]);
    expect(together.stdout).toBe(alone.stdout);
    const records = jsonLines(alone.stdout);
    expect(records).toHaveLength(60);
    const failed = records.filter(({ kind }) => kind === "failure");
    expect(failed).toEqual([expect.objectContaining({ input: join(folder, "30.cif") })]);
    expect(alone.status).toBe(3);
    expect(together.status).toBe(3);
    expect(together.stderr).toContain("1 of 60 inputs failed");
    expect(together.stderr).toMatch(/30\.cif:\d+:\d+: .*\[cif\//);
  });

  test("a pipe closed early ends it quietly", async () => {
    const command = `${process.execPath} ${MAIN} simulate examples examples examples --json | head -c 100`;
    const { stderr } = await promisify(execFile)("bash", ["-c", command]);
    expect(stderr).not.toContain("EPIPE");
    expect(stderr).not.toContain("internal error");
  });

  test("serve hosts the page with the models that ship, until it is told to end", async () => {
    const child = spawn(process.execPath, [MAIN, "serve", "--no-open", "--port", "0"]);
    const ended = once(child, "exit");
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const url = String(line).trim();
    expect(await (await fetch(url)).text()).toContain('<div id="page">');
    const card = await fetch(`${url}models/structure-type/card.json`);
    expect(await card.json()).toMatchObject({ system: "structure-type" });
    child.kill("SIGTERM");
    expect((await ended)[0]).toBe(0);
  });

  test("version and exit codes", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(built(["--version"]).stdout.trim()).toBe(version);
    expect(built(["simulate"]).status).toBe(2);
    expect(built(["read", "absent.cif"]).status).toBe(3);
  });
});

describe("what npm installs", () => {
  test("is at most 13 MB without the files of known phases", () => {
    const options = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const shell = process.platform === "win32";
    const printed = execFileSync("npm", options, { encoding: "utf8", stdio: "pipe", shell });
    const [{ files }] = JSON.parse(printed) as [{ files: { path: string; size: number }[] }];
    const counted = files.filter(({ path }) => !path.startsWith("models/known/"));
    expect(counted.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(13e6);
  });

  test("scripts are without comments, declarations with them", () => {
    const text = (path: string): string => readFileSync(path, "utf8");
    expect(text("dist/errors.js")).not.toContain("/**");
    expect(text("dist/errors.d.ts")).toContain("/**");
  });
});

const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Record<string, string>;
};
const layers = Object.keys(exports).filter((name) => !name.endsWith(".json"));

describe("the package's layers", () => {
  test.each(layers)("%s can be imported in plain Node", (layer) => {
    const name = layer.replace(".", "ewald");
    const script = `import * as layer from "${name}"; console.log(Object.keys(layer).length);`;
    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(Number(printed)).toBeGreaterThan(0);
  });
});

async function bundle(entryText: string): Promise<{ nodeModules: string[]; bytes: number }> {
  const root = mkdtempSync(join(tmpdir(), "bundle-"));
  const entry = join(root, "entry.js");
  writeFileSync(entry, entryText);
  const nodeModules: string[] = [];
  await build({
    root,
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "node-modules-reached",
        enforce: "pre",
        resolveId(id, importer) {
          if (isBuiltin(id)) nodeModules.push(`${id} from ${importer}`);
        },
      },
    ],
    build: { outDir: "out", rollupOptions: { input: entry } },
  });
  const assets = join(root, "out", "assets");
  const scripts = readdirSync(assets).filter((name) => name.endsWith(".js"));
  return {
    nodeModules,
    bytes: scripts.reduce((sum, name) => sum + statSync(join(assets, name)).size, 0),
  };
}

describe("a browser bundle", () => {
  // A `…/node` sub-path is what needs Node, by its name.
  test.each(layers.filter((name) => !name.endsWith("/node")))("holds %s", async (layer) => {
    const file = JSON.stringify(resolve(exports[layer]!));
    const { nodeModules, bytes } = await bundle(
      `import * as layer from ${file}; globalThis.layer = layer;`,
    );
    expect(nodeModules).toEqual([]);
    expect(bytes).toBeGreaterThan(100);
  });

  test("would notice a Node module", async () => {
    const { nodeModules } = await bundle('import "node:fs";');
    expect(nodeModules).toHaveLength(1);
  });
});
