// bench: training steps of three networks (W1-W3, batch 64) against PyTorch, interleaved, medians; memory; data path
//
// npm run bench -- net [STEPS] [PROVIDER]: PROVIDER cuda or webgpu runs PyTorch on CUDA beside it.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { recordResults, runStamp } from "../dist/reproduce/ledger.node.js";
import * as net from "./net-library.mjs";
import { workerBatches } from "../dist/net/batches.node.js";
import { workloads } from "./net-workloads.mjs";

const STEPS = Number(process.argv[2] ?? 11);
const PROVIDER = process.argv[3] ?? "cpu";
const THREADS = Math.min(2, availableParallelism());
const BATCH = 64;
const started = performance.now();

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** A process that takes one step per line. */
async function stepper(command, args) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args.join(" ")} ended`);
    return JSON.parse(value);
  };
  const { version } = await answer();
  return {
    version,
    async step() {
      // Threads of the other side may still spin.
      await pause(30);
      child.stdin.write("step\n");
      return answer();
    },
    stop: () => child.stdin.end(),
  };
}

async function compare(key) {
  const sides = {
    ours: await stepper(process.execPath, [
      "bench/net-child.mjs",
      key,
      `${BATCH}`,
      `${THREADS}`,
      PROVIDER,
    ]),
  };
  const python = process.env.EWALD_BENCH_PYTHON;
  if (python !== undefined) {
    const device = PROVIDER === "cpu" ? "cpu" : "cuda";
    const args = ["bench/peers/net_torch.py", key, `${BATCH}`, `${THREADS}`, device];
    sides.peer = await stepper(python, args);
  } else console.error("PyTorch left out: EWALD_BENCH_PYTHON names no Python");
  const steps = Object.fromEntries(Object.keys(sides).map((side) => [side, []]));
  for (let round = 0; round < STEPS + 2; round++)
    for (const [side, { step }] of Object.entries(sides)) {
      const result = await step();
      // The first two steps allocate and compile.
      if (round >= 2) steps[side].push(result);
    }
  for (const side of Object.values(sides)) side.stop();
  const of = (side, what) => median(steps[side].map((step) => step[what]));
  const name = `${key} (batch ${BATCH}, ${THREADS} threads, ${PROVIDER})`;
  const rows = [];
  const row = (role, what, quantity, value, unit) =>
    rows.push({
      key: `${key.toLowerCase()}-${what}${PROVIDER === "cpu" ? "" : `-${PROVIDER}`}`,
      role,
      quantity: `${name}: ${quantity}`,
      value: Number(value.toPrecision(3)),
      unit,
      n: STEPS,
    });
  for (const side of Object.keys(sides)) {
    row(side, "step", "training step", of(side, "ms"), "ms");
    row(side, "memory", "peak memory of the process", steps[side].at(-1).peakMegabytes, "MB");
  }
  if (sides.peer !== undefined) {
    const ratio = (what) => median(steps.ours.map((step, i) => step[what] / steps.peer[i][what]));
    row("ours", "ratio", "step time ÷ PyTorch's", ratio("ms"), "");
    row("ours", "cpu-ratio", "CPU time of a step ÷ PyTorch's", ratio("cpuMs"), "");
    row(
      "ours",
      "memory-ratio",
      "peak memory ÷ PyTorch's",
      steps.ours.at(-1).peakMegabytes / steps.peer.at(-1).peakMegabytes,
      "",
    );
  }
  const versions = Object.values(sides).map(({ version }) => version);
  return rows.map((entry) => ({ ...entry, note: versions.join(" beside PyTorch ") }));
}

/** What augmentation in a worker costs: waiting as a share of the run. */
async function dataPath(key) {
  const { model, objective } = workloads(net).find((workload) => workload.key === key);
  const runtime = await net.loadRuntime({ provider: PROVIDER, threads: THREADS });
  const batchesPerEpoch = 12;
  const module = new URL("net-batches.mjs", import.meta.url);
  const batches = workerBatches({ module, data: { key, batch: BATCH }, batchesPerEpoch });
  // The first batch waits for the worker to load its code.
  await batches.get(0, 0);
  const run = {
    runtime,
    model,
    objective,
    batch: BATCH,
    seed: 1,
    epochs: 1,
    optimiser: net.adam(),
  };
  const { dataShare } = await net.fit({ ...run, train: batches });
  await batches.close();
  return {
    key: `${key.toLowerCase()}-data-share${PROVIDER === "cpu" ? "" : `-${PROVIDER}`}`,
    role: "ours",
    quantity: `${key}: share of a run spent waiting for augmented batches`,
    value: Number((100 * dataShare).toPrecision(2)),
    unit: "%",
    n: batchesPerEpoch,
  };
}

const rows = [];
for (const key of ["W1", "W2", "W3"]) rows.push(...(await compare(key)));
for (const key of ["W1", "W2"]) rows.push(await dataPath(key));
const stamp = await runStamp(`npm run bench -- net ${STEPS} ${PROVIDER}`);
const wallSeconds = Math.round((performance.now() - started) / 100) / 10;
const shared = {
  spread: null,
  split: null,
  data: [],
  model: null,
  seeds: [],
  wallSeconds,
  fast: false,
  embedded: false,
};
for (const { role, quantity, value, unit } of rows)
  console.log(`${role}: ${quantity}: ${value} ${unit}`);
const title = "Training steps beside PyTorch";
await recordResults(
  "results",
  { paper: "bench", table: "net", title },
  rows.map((row) => ({ ...shared, ...stamp, ...row })),
);
