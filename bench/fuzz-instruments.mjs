// Checks how instrument files are read, not only that they are: `npm run build && node bench/fuzz-instruments.mjs [files] [seed]`,
// 100,000 and 1 unless said. Every file states what it holds; a reading that differs without a refusal or a warning is a finding.
// Exit code 1 where there is one.
import { EwaldError } from "../dist/errors.js";
import { readScan } from "../dist/scan/read.js";
import { instrumentFile, wrongReading } from "./instrument-mutations.mjs";

const [files = "100000", seed = "1"] = process.argv.slice(2);
const MOST_SHOWN = 20;

function outcomeOf(text) {
  try {
    return readScan(new TextEncoder().encode(text));
  } catch (error) {
    if (!(error instanceof EwaldError)) throw error;
    return { error };
  }
}

let findings = 0;
const counts = new Map();
for (let index = 0; index < Number(files); index++) {
  const file = instrumentFile(Number(seed), index);
  const outcome = outcomeOf(file.text);
  const key = `${file.format}: ${outcome.error === undefined ? "read" : outcome.error.code}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  const wrong = wrongReading(file, outcome);
  if (wrong === undefined) continue;
  findings++;
  if (findings <= MOST_SHOWN) console.log(`file ${index} (seed ${seed}), ${file.format}: ${wrong}`);
}
for (const [key, count] of [...counts].sort()) console.log(`${String(count).padStart(7)}  ${key}`);
console.log(`${files} files, ${findings} read wrongly in silence`);
process.exitCode = findings > 0 ? 1 : 0;
