// Mutates instrument files and reads them: `npm run build && node bench/fuzz-scans.mjs [mutations] [seed]`, 100,000 and 1
// unless said. Every outcome must be a scan that is one or an EwaldError, within two seconds. The seeds are the files
// that the test fixtures write and, where it is there, the small files of ../shared. Then as many tables whose contents
// are known (bench/scan-tables.mjs): read as they state, with a warning, or refused; `--tables` does these alone.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { EwaldError } from "../dist/errors.js";
import { checkRange } from "../dist/scan/scan.js";
import { readScan } from "../dist/scan/read.js";
import { scanTable, wrongReading } from "./scan-tables.mjs";

const [mutations = "100000", seedText = "1"] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word));
const SAMPLES = "../shared/data/formats/xrd";
const MOST_MS = 2000;

/** The test fixtures are TypeScript without imports: stripped of types, they run here. */
async function fixture(name) {
  const source = readFileSync(`test/scan/fixtures/${name}.ts`, "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: "es2022", module: "esnext" },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputText).toString("base64")}`);
}
const { seedFiles } = await fixture("written");
const { mutator } = await fixture("mutate");

const seeds = seedFiles();
if (existsSync(SAMPLES)) {
  for (const name of readdirSync(SAMPLES)) {
    const bytes = readFileSync(join(SAMPLES, name));
    // Large files would only make the loop slow: their readers are fuzzed through the smaller ones.
    if (bytes.length <= 60_000) seeds.push({ name, bytes });
  }
}

const mutate = mutator(Number(seedText));
const codes = new Map();
let read = 0;
let slowest = { ms: 0, name: "", index: -1 };
const total = process.argv.includes("--tables") ? 0 : Number(mutations);
for (let index = 0; index < total; index++) {
  const seed = seeds[index % seeds.length];
  const bytes = mutate(seed.bytes);
  const start = performance.now();
  try {
    const { scan } = readScan(bytes, { name: seed.name });
    for (const range of scan.ranges) checkRange(range);
    read++;
  } catch (error) {
    if (!(error instanceof EwaldError)) {
      console.error(`mutation ${index} of ${seed.name} (seed ${seedText}):`, error);
      process.exit(1);
    }
    codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
  }
  const ms = performance.now() - start;
  if (ms > slowest.ms) slowest = { ms, name: seed.name, index };
  if (ms > MOST_MS) {
    console.error(`mutation ${index} of ${seed.name} took ${ms.toFixed(0)} ms`);
    process.exit(1);
  }
}
const memory = process.memoryUsage().rss / 2 ** 20;
console.log(
  `${total} mutations of ${seeds.length} files: ${read} read, ${total - read} refused, nothing else`,
);
for (const [code, count] of [...codes].sort((a, b) => b[1] - a[1]))
  console.log(`  ${String(count).padStart(7)}  ${code}`);
console.log(
  `slowest ${slowest.ms.toFixed(0)} ms (${slowest.name}), resident memory ${memory.toFixed(0)} MiB`,
);

const tables = { read: 0, warned: 0, refused: 0, wrong: 0 };
for (let index = 0; index < Number(mutations); index++) {
  const table = scanTable(Number(seedText), index);
  try {
    const result = readScan(new TextEncoder().encode(table.text));
    const wrong = wrongReading(table, result);
    if (wrong !== undefined) {
      tables.wrong++;
      console.error(`table ${index} (seed ${seedText}): ${wrong}\n${table.text}`);
    } else if (result.warnings.length > 0) tables.warned++;
    else tables.read++;
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    tables.refused++;
  }
}
console.log(
  `${mutations} tables: ${tables.read} read as they state, ${tables.warned} with a warning, ${tables.refused} refused, ${tables.wrong} wrong`,
);
if (tables.wrong > 0) process.exit(1);
