// What the benchmarks share: the data pack, Python peers kept alive between rounds, entries for results/bench.
import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { openStructureTable } from "../dist/data/files.node.js";
import { recordResults, runStamp } from "../dist/reproduce/ledger.node.js";
import { rowStructure } from "../dist/data/structure-table.js";
import { Random } from "../dist/math/random.js";

const SHARED = resolve(process.env.EWALD_SHARED ?? "../shared");

export function packPath(name) {
  return join(SHARED, "data", name);
}

/** `count` structures of a table, drawn with a seed: `[{ id, row, structure }]`. */
export async function sampleStructures(name, count, seed) {
  const table = await openStructureTable(packPath(name));
  const random = Random.fromSeed(seed, "bench");
  const wanted = new Set();
  while (wanted.size < count) wanted.add(random.integer(0, table.rowCount - 1));
  const chosen = [];
  let at = 0;
  for await (const row of table.rows()) {
    if (wanted.has(at++)) chosen.push({ id: row.id, row, structure: rowStructure(row) });
  }
  return chosen;
}

/**
 * A Python peer: a script that reads "FROM TO" lines and answers each with the CPU seconds that its work on those structures
 * took. `null` with a word on stderr where it cannot start (the package is not installed).
 */
export async function pythonPeer(script, input) {
  const python = process.env.EWALD_BENCH_PYTHON;
  if (python === undefined) {
    console.error(`${script} left out: EWALD_BENCH_PYTHON names no Python`);
    return null;
  }
  const threads = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const child = spawn(python, [join("bench", "peers", script), input], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, ...threads },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const hello = await lines.next();
  if (hello.done) {
    console.error(`${script} left out: it does not start in EWALD_BENCH_PYTHON`);
    return null;
  }
  return {
    version: hello.value,
    async seconds(from, to) {
      child.stdin.write(`${from} ${to}\n`);
      return Number((await lines.next()).value);
    },
    stop: () => child.stdin.end(),
  };
}

/** CPU seconds of this process that `work` took. */
export function cpuSeconds(work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Records numbers `[{ key, quantity, value, unit, n, role?, note?, spread? }]` in results/PAPER/TABLE.json and prints them. */
export async function report(table, title, command, started, rows, seeds, paper = "bench") {
  const stamp = await runStamp(command);
  const wallSeconds = Math.round((performance.now() - started) / 100) / 10;
  const entries = rows.map((row) => ({
    role: "ours",
    spread: null,
    split: null,
    data: [],
    model: null,
    seeds,
    wallSeconds,
    fast: false,
    embedded: false,
    ...stamp,
    ...row,
  }));
  for (const { quantity, value, unit } of entries) console.log(`${quantity}: ${value} ${unit}`);
  await recordResults("results", { paper, table, title }, entries);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
