// bench: reading powder scans, warm: text of 5,000 and 100,000 points, a thousand files, every sample of the pack
// The limits that the project set itself are 10 ms and 100 ms. As a yardstick that scales with the machine, the time that
// splitting the same text into numbers the obvious way takes.
import { existsSync, readdirSync, readFileSync, rmSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordResults, runStamp } from "../dist/reproduce/ledger.node.js";
import { readScan } from "../dist/scan/read.js";

const SAMPLES = "../shared/data/formats/xrd";

function textScan(points) {
  const lines = [];
  for (let i = 0; i < points; i++) {
    lines.push(`${(5 + i * 0.001).toFixed(4)} ${Math.round(1000 + 500 * Math.sin(i / 30))}`);
  }
  return new TextEncoder().encode(`${lines.join("\n")}\n`);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function timed(work, runs) {
  for (let i = 0; i < 5; i++) work();
  const times = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    work();
    times.push(performance.now() - start);
  }
  return median(times);
}

function naive(bytes) {
  const rows = new TextDecoder().decode(bytes).trim().split("\n");
  return rows.map((row) => row.split(/\s+/).map(Number));
}

/** A thousand files from disk, one after another, as a person's folder of an in-situ series. */
function thousandFiles(bytes) {
  const folder = mkdtempSync(join(tmpdir(), "ewald-bench-"));
  for (let i = 0; i < 1000; i++) writeFileSync(join(folder, `${i}.xy`), bytes);
  const start = performance.now();
  for (const name of readdirSync(folder)) readScan(readFileSync(join(folder, name)), { name });
  const seconds = (performance.now() - start) / 1000;
  rmSync(folder, { recursive: true });
  return seconds;
}

const started = performance.now();
const stamp = await runStamp("npm run bench -- scan");
const entries = [];
function record(key, quantity, value, unit, n) {
  entries.push({
    role: "ours",
    key,
    quantity,
    value: Number(value.toPrecision(3)),
    unit,
    n,
    spread: null,
    split: null,
    data: [],
    model: null,
    seeds: [],
    fast: false,
    embedded: false,
    ...stamp,
  });
}

for (const points of [5000, 100_000]) {
  const bytes = textScan(points);
  const ours = timed(() => readScan(bytes), 31);
  const yardstick = timed(() => naive(bytes), 31);
  console.log(
    `${points} points of text: ${ours.toFixed(2)} ms, split and Number() ${yardstick.toFixed(2)} ms, ratio ${(ours / yardstick).toFixed(2)}`,
  );
  record(`text-${points}`, `read ${points} points of text, warm, median`, ours, "ms", 31);
  record(`text-${points}-ratio`, `the same over splitting and Number()`, ours / yardstick, "", 31);
}
const seconds = thousandFiles(textScan(5000));
console.log(`1000 files of 5000 points: ${seconds.toFixed(2)} s`);
record("thousand-files", "read 1,000 files of 5,000 points from disk", seconds, "s", 1000);

if (existsSync(SAMPLES)) {
  for (const name of readdirSync(SAMPLES)) {
    const bytes = readFileSync(join(SAMPLES, name));
    try {
      const time = timed(() => readScan(bytes), 7);
      console.log(`  ${name.padEnd(44)} ${time.toFixed(2).padStart(8)} ms`);
    } catch {
      // No powder scan: refused, not timed.
    }
  }
}
const wallSeconds = Math.round((performance.now() - started) / 100) / 10;
await recordResults(
  "results",
  { paper: "bench", table: "scan", title: "Reading powder scans" },
  entries.map((entry) => Object.assign(entry, { wallSeconds })),
);
