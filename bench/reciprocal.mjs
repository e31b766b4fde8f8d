// bench: metal, bulk, shear, stable of structures by ewald predict's shipped networks: structures per second of one core, features and all
import { loadSymmetry } from "../dist/crystal/symmetry/symmetry-engine.js";
import { packageModels } from "../dist/models/model-store.node.js";
import { loadRuntime } from "../dist/net/runtime.node.js";
import { loadReciprocal } from "../dist/systems/reciprocal/predict.js";
import { report, sampleStructures } from "./support.mjs";

const COUNT = 2000;
const SEED = 20261121;
const ROUNDS = 5;
/** As ewald predict asks. */
const CHUNK = 256;

const started = performance.now();
const structures = (await sampleStructures("mp_labelled.parquet", COUNT, SEED)).map(
  ({ structure }) => structure,
);
await loadSymmetry();
const predictor = await loadReciprocal(await loadRuntime({ threads: 1 }), packageModels());
const results = [];
for (const [key, tasks, words] of [
  ["predict-one", ["bulk"], "One task"],
  ["predict-properties", ["metal", "bulk", "shear", "stable"], "Four properties"],
  ["predict-all", undefined, "Four properties and the crystal system"],
]) {
  const all = async () => {
    for (let at = 0; at < COUNT; at += CHUNK)
      await predictor.predict(structures.slice(at, at + CHUNK), tasks);
  };
  await all();
  const rates = [];
  for (let round = 0; round < ROUNDS; round++) {
    // CPU time of all threads: other load on the machine does not count.
    const before = process.cpuUsage();
    await all();
    const { user, system } = process.cpuUsage(before);
    rates.push((1e6 * COUNT) / (user + system));
  }
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / ROUNDS;
  const spread = Math.sqrt(rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (ROUNDS - 1));
  results.push({
    key,
    quantity: `${words}, structures per second of one core`,
    value: Math.round(mean),
    unit: "1/s",
    n: COUNT,
    spread: { kind: "standard-deviation", value: Math.round(spread), over: ROUNDS },
  });
}
await predictor.release();
const title = "Prediction from structures, features and all";
await report("reciprocal", title, "npm run bench -- reciprocal", started, results, [SEED]);
