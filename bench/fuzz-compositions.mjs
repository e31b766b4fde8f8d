// Compositions whose reading is checked: `npm run build && node bench/fuzz-compositions.mjs [count] [seed]`, 100,000 and 1 unless
// said. Half are written in one of the ways that people and programs have, in several encodings, and must be read as what they
// mean. The other half are mutated: an EwaldError, or a composition that is one and holds nothing that does not stand in the
// text. Exit code 1 at the first finding; it is repeated by its seed.
import { readComposition } from "../dist/crystal/composition/composition-file.js";
import { EwaldError } from "../dist/errors.js";
import { differs, encoded, impossible, mutated, written } from "./composition-mutations.mjs";

const [count = 100_000, seed = 1] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number);
const MOST_MS = 1000;
const codes = new Map();

function finding(index, problem, text) {
  console.error(`composition ${index} (seed ${seed}): ${problem}\n${text}`);
  process.exit(1);
}

/** What is wrong, or null. */
function check(index) {
  if (index % 2 === 0) {
    const { truth, text } = written(seed, index);
    try {
      return [differs(readComposition(encoded(text, index)), truth), text];
    } catch (error) {
      return [`refused: ${error.code} ${error.message}`, text];
    }
  }
  const text = mutated(seed, index);
  try {
    const read = readComposition(text);
    codes.set("read", (codes.get("read") ?? 0) + 1);
    return [impossible(read, text), text];
  } catch (error) {
    if (!(error instanceof EwaldError)) return [`untyped: ${error.stack}`, text];
    codes.set(error.code, (codes.get(error.code) ?? 0) + 1);
    return [null, text];
  }
}

const start = performance.now();
for (let index = 0; index < count; index++) {
  const begin = performance.now();
  const [problem, text] = check(index);
  if (problem !== null) finding(index, problem, text);
  const ms = performance.now() - begin;
  if (ms > MOST_MS) finding(index, `${Math.round(ms)} ms`, text);
}
for (const [code, n] of [...codes].sort((a, b) => b[1] - a[1])) console.log(`${n}\t${code}`);
console.log(
  `${count} compositions, 0 findings, ${((performance.now() - start) / 1000).toFixed(1)} s`,
);
