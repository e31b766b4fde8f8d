// `npm run build`: the library and the command line into dist/, the page into web/dist/, the reference of the library beside it
// (after the page, whose build empties the folder). Always from nothing, so that a deleted source leaves no stale file behind.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
// Declarations with their doc comments, checked; then scripts without comments, a third of a megabyte less to install.
for (const options of [
  ["--emitDeclarationOnly"],
  ["--declaration", "false", "--removeComments", "--noCheck"],
]) {
  execFileSync(
    process.execPath,
    ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json", ...options],
    { stdio: "inherit" },
  );
}
// Schemas for programs: on one line they are half as long as those of the documents.
for (const name of ["options.schema.json", "records.schema.json"])
  writeFileSync(`dist/${name}`, JSON.stringify(JSON.parse(readFileSync(`docs/${name}`, "utf8"))));
const bin = "dist/cli/main.js";
if (existsSync(bin)) chmodSync(bin, 0o755);
execFileSync(
  process.execPath,
  ["node_modules/vite/bin/vite.js", "build", "web", "--logLevel", "warn"],
  {
    stdio: "inherit",
  },
);
// Nine seconds that only readers of the reference need: `npm start` and benchmarks leave it out.
if (!process.argv.includes("--without-reference"))
  execFileSync(process.execPath, ["node_modules/typedoc/bin/typedoc", "--logLevel", "Warn"], {
    stdio: "inherit",
  });
