/* oxlint-disable unicorn/require-post-message-target-origin -- a worker thread has no origin */
// Mutated structure files through readStructures: `npm run build && node bench/fuzz-structures.mjs [count] [seed]`
// (100,000 and 1 unless said). Samples are our own and, where it is there, the CIF collection of ../shared.
// `--reading` in front of the count takes files that state what they hold (bench/reading-mutations.mjs) and checks what was
// read of them: finite, and as stated unless a warning says otherwise.
// Reports every throw that is no EwaldError, every call over a second, and a hang by killing the worker. One finding is
// repeated by its number: `node bench/fuzz-structures.mjs --only 4711 [seed]`. Exit code 1 where anything was found.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { SAMPLES, mutation } from "./mutations.mjs";
import { readingFault, readingMutation } from "./reading-mutations.mjs";

/** Larger samples say no more and cost more. */
const LARGEST_SAMPLE = 12_000;
const SLOW_MS = 1000;
const HANG_MS = 30_000;

function samples() {
  const folder = join(process.env.EWALD_SHARED ?? "../shared", "data/formats/cif");
  if (!existsSync(folder)) return SAMPLES;
  const files = readdirSync(folder).map((name) => join(folder, name));
  const small = files.filter((file) => statSync(file).size <= LARGEST_SAMPLE);
  // Our own are as many as the others together, so that every format has its share.
  const others = small.map((file) => readFileSync(file, "utf8"));
  return [...others, ...others.map((_, i) => SAMPLES[i % SAMPLES.length])];
}

async function work() {
  const { EwaldError, readStructures } = await import("../dist/index.js");
  const { from, count, seed, progress, reading } = workerData;
  const shared = new Int32Array(progress);
  const list = samples();
  const codes = new Map();
  for (let index = from; index < from + count; index += 1) {
    Atomics.store(shared, 0, index);
    const { text: input, file } = reading
      ? readingMutation(seed, index)
      : { text: mutation(list, seed, index), file: null };
    const start = performance.now();
    let code = "read";
    try {
      const read = readStructures(input);
      const fault = file === null ? undefined : readingFault(input, file, read);
      if (fault !== undefined) parentPort.postMessage({ finding: fault, index });
      if (read.structures.some(({ warnings }) => warnings.length > 0)) code = "read with a warning";
    } catch (error) {
      code = error instanceof EwaldError ? error.code : "UNTYPED";
      if (code === "UNTYPED") parentPort.postMessage({ finding: "untyped throw", index, error });
    }
    const ms = performance.now() - start;
    if (ms > SLOW_MS) parentPort.postMessage({ finding: `${Math.round(ms)} ms`, index });
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  parentPort.postMessage({ codes: [...codes] });
}

function run(from, count, seed, reading) {
  return new Promise((resolve) => {
    const progress = new SharedArrayBuffer(4);
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { from, count, seed, progress, reading },
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    const shared = new Int32Array(progress);
    let findings = 0;
    let codes = [];
    let last = -1;
    const report = (what, index, error) => {
      findings += 1;
      console.log(`mutation ${index} (seed ${seed}): ${what}`, error?.stack ?? error ?? "");
    };
    const watch = setInterval(() => {
      const now = Atomics.load(shared, 0);
      if (now === last) {
        report("hang", now);
        void worker.terminate();
      }
      last = now;
    }, HANG_MS);
    worker.on("message", (message) => {
      if (message.finding === undefined) codes = message.codes;
      else report(message.finding, message.index, message.error);
    });
    worker.on("error", (error) => report("crash", Atomics.load(shared, 0), error));
    worker.on("exit", () => {
      clearInterval(watch);
      resolve({ findings, codes });
    });
  });
}

if (isMainThread) {
  const reading = process.argv.includes("--reading");
  const args = process.argv.slice(2).filter((word) => word !== "--reading");
  const only = args[0] === "--only";
  const [from, count] = only ? [Number(args[1]), 1] : [0, Number(args[0] ?? 100_000)];
  const seed = Number((only ? args[2] : args[1]) ?? 1);
  const start = performance.now();
  const { findings, codes } = await run(from, count, seed, reading);
  const total = codes.reduce((sum, [, n]) => sum + n, 0);
  for (const [code, n] of codes.sort((a, b) => b[1] - a[1])) console.log(`${n}\t${code}`);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${total} mutations, ${findings} findings, ${seconds.toFixed(1)} s`);
  process.exitCode = findings > 0 || total !== count ? 1 : 0;
} else {
  await work();
}
