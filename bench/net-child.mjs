// Our side of `npm run bench -- net`, a process of its own so that its memory can be compared:
// node net-child.mjs W1 64 2 PROVIDER; a line in, a step, milliseconds out.
import { createInterface } from "node:readline";
import * as net from "./net-library.mjs";
import { hashedBatch, hashedWeights, workloads } from "./net-workloads.mjs";

const [name, batch, threads, provider] = process.argv.slice(2);
const workload = workloads(net).find(({ key }) => key === name);
const runtime = await net.loadRuntime({ provider, threads: Number(threads) });
const optimiser = net.adam();
const options = { batch: Number(batch), optimiser };
const stepper = await net.createStepper(runtime, workload.model, workload.objective, options);
stepper.write("parameters", hashedWeights(stepper.step.trainable));
const data = hashedBatch(workload, Number(batch));
console.log(JSON.stringify({ version: runtime.version }));
let step = 0;
for await (const _ of createInterface({ input: process.stdin })) {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const { loss } = await stepper.run(data, optimiser.scalars(++step));
  const ms = performance.now() - wall;
  const { user, system } = process.cpuUsage(cpu);
  const peakMegabytes = process.resourceUsage().maxRSS / 1024;
  console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, loss, peakMegabytes }));
}
