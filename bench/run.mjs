// `npm run bench -- NAME [OPTIONS]`: builds, then runs one benchmark (bench/NAME.mjs). Without a name: the list.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";

/** A benchmark says what it measures in its first comment line. */
const benchmarks = readdirSync("bench")
  .filter((file) => file.endsWith(".mjs"))
  .map((file) => ({
    name: file.slice(0, -4),
    first: readFileSync(`bench/${file}`, "utf8").split("\n")[0],
  }))
  .filter(({ first }) => first.startsWith("// bench: "));

const [name, ...options] = process.argv.slice(2);
const chosen = benchmarks.find((benchmark) => benchmark.name === name);
if (chosen === undefined) {
  console.error(name === undefined ? "Benchmarks:" : `No benchmark "${name}". There are:`);
  for (const { name, first } of benchmarks)
    console.error(`  ${name.padEnd(12)} ${first.slice(10)}`);
  process.exit(name === undefined ? 0 : 2);
}
if (!existsSync("../shared/data") && process.env.EWALD_SHARED === undefined) {
  console.error(
    "The data pack is not beside the checkout (../shared); name its folder in EWALD_SHARED.",
  );
  process.exit(3);
}
execFileSync(process.execPath, ["tools/build.mjs", "--without-reference"], { stdio: "inherit" });
// A benchmark may ask for flags of Node: "// node: --expose-gc" in its first lines.
const flags =
  /^\/\/ node: (.+)$/m.exec(readFileSync(`bench/${name}.mjs`, "utf8"))?.[1]?.split(" ") ?? [];
execFileSync(process.execPath, [...flags, `bench/${name}.mjs`, ...options], { stdio: "inherit" });
